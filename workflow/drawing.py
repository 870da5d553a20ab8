"""Shows the tables of moves as text: a diagram for each machine, and its rows as a person would read them aloud."""

from collections.abc import Iterable

from workflow.catalogue import CATALOGUE
from workflow.machine import Table
from workflow.vocabulary import STAGE_OF, State, Track, in_words

_FROM_NEARLY_EVERYWHERE = 7
"""A move from so many states is told in the rows and left out of the picture, where it would hide the rest."""


def diagram(table: Table) -> str:
    """A table as a Mermaid state diagram: the moves that change the state, several events on one arrow."""
    arrows: dict[tuple[str, str], dict[str, None]] = {}
    for move in table.moves:
        if len(move.sources) >= _FROM_NEARLY_EVERYWHERE:
            continue
        for source in move.sources:
            if move.target is not None and move.target != source:
                arrows.setdefault((str(source), str(move.target)), {})[CATALOGUE[move.event].label] = None
    lines = ["stateDiagram-v2", f"    [*] --> {table.initial!s}"]
    lines += [f"    {state!s}: {in_words(str(state))}" for state in table.states]
    for (source, target), labels in arrows.items():
        shown = list(labels)[:3] + (["..."] if len(labels) > 3 else [])
        lines.append(f"    {source} --> {target}: {' / '.join(shown)}")
    return "\n".join(lines)


def rows(table: Table) -> Iterable[str]:
    """The moves of a table that change the state, each in one line of a Markdown table."""
    yield "| when this happens | in | goes to | only if |"
    yield "|---|---|---|---|"
    for move in table.moves:
        if move.target is None:
            continue
        sources = ", ".join(in_words(str(source)) for source in move.sources)
        unless = " ".join(f'(otherwise: "{question.otherwise}")' for question in move.only_if)
        label = f"{CATALOGUE[move.event].label} (`{move.event}`)"
        yield f"| {label} | {sources} | {in_words(str(move.target))} | {unless} |"


def journey_document(tables: Iterable[Table]) -> str:
    """The whole of docs/journey.md."""
    parts = [
        "# The journey and its tracks",
        "",
        "Drawn from the tables of moves by `make docs`; a test fails when this page and the tables differ.",
        "",
        "An event that stands in no row of a machine leaves that machine where it is. An event that a machine knows",
        "and has no row for in the present state is refused, and so is one whose questions are all answered no. Moves",
        "that are possible from nearly everywhere (a withdrawal, a close) stand in the rows and not in the pictures.",
        "",
        "## Stages",
        "",
        "| stage | states |",
        "|---|---|",
    ]
    stages: dict[str, list[str]] = {}
    for state, stage in STAGE_OF.items():
        if state is not State.NEW:
            stages.setdefault(stage, []).append(in_words(state))
    parts += [f"| {stage} | {', '.join(states)} |" for stage, states in stages.items()]
    for table in tables:
        name = "The journey" if table.track == Track.JOURNEY else f"Track: {in_words(table.track)}"
        parts += ["", f"## {name}", "", "```mermaid", diagram(table), "```", "", *rows(table)]
    return "\n".join(parts) + "\n"


def main() -> None:
    """Print docs/journey.md."""
    from workflow.tables import TABLES

    print(journey_document(TABLES), end="")


if __name__ == "__main__":
    main()
