"""The commands for tables of moves that change: tables show, diff, migrate, revert."""

from typing import Annotated

import typer

from engine.commands.shown import FINDINGS, Finished, as_json, as_table, guarded, progress

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
As = Annotated[str | None, typer.Option("--as", help="The manager in whose name; without it, the clock.")]

tables = typer.Typer(no_args_is_help=True, help="The tables of moves: their versions, and the cases that run on them.")


@tables.command("show")
@guarded
def tables_show(
    version: Annotated[str | None, typer.Argument(help="The moves of this version.")] = None, json: Json = False
) -> None:
    """The versions that are kept, with the cases on each, and every run; or the moves of one version."""
    from engine.commands.opening import house
    from engine.table_moves import kept_tables, kept_versions

    opened = house()
    if version is not None:
        found = kept_tables(opened, version)
        if json:
            as_json(found)
            return
        as_table(
            f"The tables of version {version}",
            ("track", "when this happens", "in", "goes to", "only if (otherwise)"),
            [
                (
                    table["track"],
                    move["event"],
                    ", ".join(move["in"]),
                    move["to"] or "(stays)",
                    " ".join(move["only_if"]),
                )
                for table in found["tables"]
                for move in table["moves"]
            ],
        )
        return
    document = kept_versions(opened)
    if json:
        as_json(document)
        return
    as_table(
        "Versions of the tables",
        ("version", "first used", "open cases", "closed cases", "note"),
        [
            (
                each["version"],
                each["first_used_at"][:10],
                each["open_cases"],
                each["closed_cases"],
                "present" if each["is_present"] else "" if each["is_readable"] else "what it said was not kept",
            )
            for each in document["versions"]
        ],
    )
    as_table(
        "Runs",
        ("run", "deed", "version", "by", "began", "ended", "moved"),
        [
            (
                each["run"],
                each["deed"] + (f" of {each['undoes']}" if each["undoes"] else ""),
                each["version"],
                each["by"],
                each["began_at"][:16],
                each["ended_at"][:16] if each["ended_at"] else "broken off",
                each["moved"],
            )
            for each in document["runs"]
        ],
    )


@tables.command("diff")
@guarded
def tables_diff(
    version: Annotated[str, typer.Argument(help="The older version; see tables show.")],
    to: Annotated[str | None, typer.Option(help="The newer version; without it, the present one.")] = None,
    json: Json = False,
) -> None:
    """Which states, moves and questions were added, removed or changed since a version, in plain words."""
    from engine.commands.opening import house
    from engine.table_moves import differences

    opened = house()
    document = differences(opened, version, to or opened.tables.version)
    if json:
        as_json(document)
        return
    as_table(
        f"From {document['from']['version']} to {document['to']['version']}",
        ("track", "what", "how", "in words"),
        [(each["track"], each["what"], each["how"], each["words"]) for each in document["differences"]],
    )
    for side in (document["from"], document["to"]):
        print(f"{side['open_cases']} open cases stand on {side['version']}")


@tables.command("migrate")
@guarded
def tables_migrate(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen and write nothing.")] = False,
    leave: Annotated[bool, typer.Option("--leave", help="Leave the cases that cannot be placed.")] = False,
    user: As = None,
    json: Json = False,
) -> None:
    """Move every case that stands in a state which this release no longer has; with --dry-run, the verdict on each."""
    from engine.commands.opening import acting, house
    from engine.entries import CLOCK
    from engine.table_moves import migrate, placings

    opened = house()
    with progress("Cases") as tell:
        if dry_run:
            document = placings(opened, tell)
        else:
            actor = acting(opened, user) if user else CLOCK
            document = migrate(opened, actor, opened.now(), tell, leave=leave)
    if json:
        as_json(document)
    elif dry_run:
        verdicts = {"moves": "is moved", "cannot": "cannot be placed"}
        as_table(
            f"To the tables of version {document['version']}",
            ("case", "from", "verdict", "in words"),
            [(each["case"], each["from"], verdicts[each["verdict"]], each["words"]) for each in document["cases"]],
        )
        print(
            f"stay as they are {document['stays']}, are moved {document['moves']}, "
            f"cannot be placed {document['cannot']}. Nothing was written."
        )
    else:
        print(f"run {document['run']}: moved {document['moved']}, left {document['left']}, failed {document['failed']}")
        _print_failed(document["failed_cases"])
    if document["cannot"] if dry_run else document["failed"] or document["left"]:
        raise Finished(FINDINGS)


@tables.command("revert")
@guarded
def tables_revert(
    run: Annotated[int, typer.Argument(help="The number of the run; see tables show.")],
    user: As = None,
    json: Json = False,
) -> None:
    """Put every case that a run moved, and that has not moved since, back where it stood."""
    from engine.commands.opening import acting, house
    from engine.entries import CLOCK
    from engine.table_moves import revert

    opened = house()
    with progress("Cases") as tell:
        document = revert(opened, run, acting(opened, user) if user else CLOCK, opened.now(), tell)
    if json:
        as_json(document)
    else:
        went_on = document["went_on"]
        print(f"run {document['run']}: put back {document['moved']}, went on since {len(went_on)}")
        for reference in went_on:
            print(f"{reference} moved since, and stays")
        _print_failed(document["failed_cases"])
    if document["failed"] or document["went_on"]:
        raise Finished(FINDINGS)


def _print_failed(references: list[str]) -> None:
    for reference in references:
        print(f"{reference} could not be moved; see: victim-contact check, and run this again")
