"""The commands that show the table of bank holidays and take in a new one: calendar show, calendar import."""

from pathlib import Path
from typing import Annotated, Any

import typer

from engine.commands.shown import FINDINGS, Finished, as_json, as_table, guarded, progress

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]

calendar = typer.Typer(no_args_is_help=True, help="The table of bank holidays: show it, or take in a new one.")


@calendar.command("show")
@guarded
def calendar_show(
    year: Annotated[int | None, typer.Option(min=1900, max=9999, help="Only this year.")] = None, json: Json = False
) -> None:
    """The bank holidays that count, how far they are known, and the days on which the service is closed."""
    from engine.commands.rules import law
    from engine.lawbook import calendar_document

    _, table, today = law()
    document = calendar_document(table, today, year)
    if json:
        as_json(document)
        return
    as_table(
        "Bank holidays of England and Wales",
        ("day", "weekday", "title", "note"),
        [(each["day"], each["weekday"], each["title"], each["note"]) for each in document["days"]],
    )
    print(f"known from {document['first_day']} to {document['horizon']}; {document['months_left']} months are left")
    for each in document["closures"]:
        print(f"closed on {each['day']}: {each['reason']}")
    for each in document["untold"]:
        print(f"no case was told of {each}; run: victim-contact calendar import")


@calendar.command("import")
@guarded
def calendar_import(
    file: Annotated[Path, typer.Argument(help="The file as GOV.UK publishes it (bank-holidays.json).")],
    yes: Annotated[bool, typer.Option("--yes", help="Take it in; without this nothing is written.")] = False,
    shorter: Annotated[bool, typer.Option("--shorter", help="Take a table that ends before the present one.")] = False,
    json: Json = False,
) -> None:
    """What a new table of bank holidays changes and which open due days move; with --yes, take it in."""
    from engine.calendar_import import adopt, propose
    from engine.commands.opening import house

    opened = house()
    now = opened.now()
    with progress("Open cases") as tell:
        proposal = propose(opened, file, now, tell, shorter=shorter)
    document: dict[str, Any] = {**proposal.document(), "adopted": yes, "moved": 0, "not_told": []}
    if yes:
        with progress("Telling the cases") as tell:
            document |= adopt(opened, proposal, now, tell)
    if json:
        as_json(document)
    else:
        _print_import(document)
    if document["not_told"] or document["unreadable"]:
        raise Finished(FINDINGS)


def _print_import(document: dict[str, Any]) -> None:
    days = [(name, each) for name in ("added", "removed", "renamed") for each in document[name]]
    as_table("Bank holidays", ("change", "day", "title"), [(name, each["day"], each["title"]) for name, each in days])
    print(f"the table ends on {document['ends']['now']} (before: {document['ends']['was']})")
    as_table(
        "Open due days that move",
        ("case", "rule", "owner", "was", "is"),
        [(each["case"], each["rule"], each["owner"], each["was"], each["now"]) for each in document["moves"]],
    )
    print(f"due days: {len(document['moves'])}, cases: {document['cases']}; what is settled keeps its verdict")
    for reference in (*document["unreadable"], *document["not_told"]):
        print(f"{reference} could not be derived; see: victim-contact check")
    if document["adopted"]:
        print(f"Taken in; due days told: {document['moved']}. A running service shows it on its pages when restarted.")
    else:
        print("Nothing was written. To take it in, add --yes.")
