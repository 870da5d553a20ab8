"""The command that shows a force what its records look like from here: mirror."""

from typing import Annotated

import typer

from engine.commands.shown import as_json, as_table, guarded

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


@guarded
def mirror(
    force: Annotated[str, typer.Option(help="The force, as in service.toml.")],
    start: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD; without it a year ago.")] = "",
    end: Annotated[str, typer.Option("--to", help="Last day, YYYY-MM-DD; without it today.")] = "",
    json: Json = False,
) -> None:
    """How complete the records of a force are, how often victims say no, and how long the details take."""
    from engine.commands.opening import day, house
    from engine.errors import WrongInput
    from engine.force_mirror import mirror_of

    opened = house()
    last = day(end, "the last day") if end else opened.today()
    first = day(start, "the first day") if start else last.replace(year=last.year - 1, day=min(last.day, 28))
    if last < first:
        raise WrongInput("The last day must be the same as or after the first day.")
    found = mirror_of(opened, force, first, last)
    if json:
        as_json(found)
        return
    print(f"{force}: {_number(found['records'])} records from {first} to {last}")
    for table in found["tables"]:
        rows = [(row["name"], _number(row["numerator"]), _number(row["denominator"])) for row in table["rows"]]
        as_table(f"{table['title']} ({table['of']})", (table["name"], "number", "out of"), rows)


def _number(given: int | None) -> str:
    return "hidden" if given is None else str(given)
