"""The command that shows what came of the work as victims say it: outcomes."""

from typing import Annotated, Any

import typer

from engine.commands.shown import as_json, as_table, guarded

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


@guarded
def outcomes(
    start: Annotated[str, typer.Option("--from", help="First day of the period.")],
    end: Annotated[str, typer.Option("--to", help="Last day of the period.")],
    share: Annotated[
        bool, typer.Option("--share", help="For what leaves the service: small numbers are hidden.")
    ] = False,
    csv: Annotated[bool, typer.Option("--csv", help="One table to share, as CSV on standard output.")] = False,
    json: Json = False,
) -> None:
    """What victims say of our work, each share with what it is a share of, and what was done about it."""
    from engine.commands.opening import day, house
    from engine.outcomes import as_csv, outcomes_of

    opened = house()
    found = outcomes_of(opened, day(start, "--from"), day(end, "--to"), opened.now(), share=share or csv)
    if csv:
        print(as_csv(found), end="")
    elif json:
        as_json(found)
    else:
        _print(found)


def _print(found: dict[str, Any]) -> None:
    as_table(
        "Asked and answered",
        ("when", "asked", "answered", "declined", "no answer"),
        [
            (
                row["round"].replace("_", " "),
                *(_n(row[each]) for each in ("asked", "answered", "declined", "no_answer")),
            )
            for row in found["rounds"]
        ],
    )
    as_table(
        "What they say",
        ("question", "when", "good answers", "asked", "continues"),
        [
            (
                row["words"],
                row["round"].replace("_", " "),
                f"{_n(row['positive'])} of {_n(row['answered'])}"
                + (f" ({row['rate']['percent']}%)" if row["rate"]["percent"] is not None else ""),
                _n(row["asked"]),
                row["continues"],
            )
            for row in found["questions"]
            if not row["form"] and row["asked"] != 0
        ],
    )
    safety = found["safety"]
    print(
        f"feel safer than before {_n(safety['safer'])}, the same {_n(safety['same'])}, "
        f"less safe {_n(safety['less_safe'])}, of {_n(safety['both'])} who said it both times"
    )
    for row in found["concerns"]:
        print(f"answers that were {row['concern']}: {_n(row['raised'])}, acted on {_n(row['acted_on'])}")
    complaints = found["complaints"]
    print(
        "complaints (not feedback): " + ", ".join(f"{name.replace('_', ' ')} {_n(n)}" for name, n in complaints.items())
    )
    for row in found["said_and_done"]:
        print(f"you said: {row['said']} We did: {row['did']} ({row['done_on']})")


def _n(number: int | None) -> str:
    return "(not shown)" if number is None else str(number)
