"""The commands of the feeds beside that of police: import-children, import-tracker."""

from pathlib import Path
from typing import Annotated, Any

import typer

from engine.commands.shown import FINDINGS, Finished, as_json, guarded, progress

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
Dry = Annotated[bool, typer.Option("--dry-run", help="Say what would happen and keep nothing.")]


@guarded
def import_children(
    file: Annotated[Path, typer.Argument(help="The export of the case management system: CSV or XLSX.")],
    profile: Annotated[
        str | None, typer.Option(help="How that system writes: a file of config/children. Else the only one there is.")
    ] = None,
    dry_run: Dry = False,
    json: Json = False,
) -> None:
    """Take in children, decisions and interventions from the case management system, and print the receipt."""
    from engine.children.taking import import_children as take
    from engine.commands.opening import house

    opened = house()
    with progress("Rows") as tell:
        receipt = take(opened, file, opened.now(), profile=profile, dry_run=dry_run, tell=tell)
    also = receipt["also_victims"]
    words = f"A child responsible is also the victim in: {', '.join(also)}. A manager decides who works on what."
    _shown(receipt, json, [words] if also else [])


@guarded
def import_tracker(
    file: Annotated[Path, typer.Argument(help="The service's own spreadsheet of victims: CSV or XLSX.")],
    profile: Annotated[
        str | None,
        typer.Option(help="How the spreadsheet is kept: a file of config/tracker. Else the only one."),
    ] = None,
    dry_run: Dry = False,
    json: Json = False,
) -> None:
    """Bring a service's own spreadsheet over: cases whose history a person reads before anybody is contacted."""
    from engine.commands.opening import house
    from engine.tracker.taking import import_tracker as take

    opened = house()
    with progress("Rows") as tell:
        receipt = take(opened, file, opened.now(), profile=profile, dry_run=dry_run, tell=tell)
    _shown(receipt, json, [])


def _shown(receipt: dict[str, Any], json: bool, further: list[str]) -> None:
    """The receipt on the terminal; the status says whether anybody has to do something about the file."""
    if json:
        as_json(receipt)
    else:
        counts = ("received", "accepted", "accepted_with_gaps", "duplicate", "rejected", "no_case_yet", "changed")
        print(", ".join(f"{name.replace('_', ' ')} {receipt[name]}" for name in counts if name in receipt))
        for problem in receipt["problems"]:
            print(f"  the file: {problem['path'] + ': ' if problem['path'] else ''}{problem['remedy']}")
        for row in receipt["rows"]:
            for problem in (*row["errors"], *row["gaps"]):
                place = f"{problem['path']}: " if problem["path"] else ""
                word = "refused" if problem in row["errors"] else "gap"
                print(f"  row {row['row']}: {word}: {place}{problem['remedy']}")
        for words in further:
            print(words)
    if receipt["rejected"] or receipt["problems"]:
        raise Finished(FINDINGS)
