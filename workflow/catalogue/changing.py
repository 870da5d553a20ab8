"""Lists the event with which a case goes over to other tables of moves."""

from workflow.events import EventKind, Field, FieldKind
from workflow.vocabulary import Track

CHANGING: tuple[EventKind, ...] = (
    EventKind(
        "tables_migrated",
        "The case went over to other tables",
        "A state in which it stood has another name, or is gone. Nothing happened to the victim.",
        (
            Field("run", "Run", FieldKind.NUMBER, required=True),
            Field("undoes", "Run that is taken back", FieldKind.NUMBER),
            Field("from", "From the tables of version", FieldKind.CODE, required=True),
            Field("to", "To the tables of version", FieldKind.CODE, required=True),
            *(
                Field(f"{when}_{track}", f"{label}: {track}", FieldKind.CODE)
                for track in Track
                for when, label in (("was", "Was"), ("now", "Is"))
            ),
        ),
        opens_form=False,
    ),
)
