"""The command that shows the year ahead: forecast."""

import sys
from typing import Annotated, Any

import typer

from engine.commands.shown import as_json, as_table, guarded

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]

_WIDTH = 40


@guarded
def forecast(
    months: Annotated[int, typer.Option(min=1, max=24, help="How many months ahead.")] = 12, json: Json = False
) -> None:
    """The weeks in which deadlines pile up, or will be missed at today's pace."""
    from engine.commands.opening import house
    from engine.forecasting import year_ahead

    opened = house()
    found = year_ahead(opened, opened.now(), months)
    if json:
        as_json(found)
        return
    pace = found["pace"]
    print(
        f"The past year: {pace['referrals_a_week']} referrals a week ({pace['enhanced_share']:.0%} enhanced), "
        f"{pace['met_a_working_day']} duties met a working day. Late now: {found['overdue_now']}."
    )
    blocks = _blocks()
    most = max((week["due"] for week in found["weeks"]), default=0.0) or 1.0
    as_table(
        "The weeks ahead",
        ("week of", "days", "due", "usual", "missed", f"{blocks[0]} known {blocks[1]} expected", "note"),
        [
            (
                week["week"],
                week["working_days"],
                f"{week['due']:.1f}",
                f"{week['usual']:.1f}",
                f"{week['missed']:.1f}",
                _bar(week, most, blocks),
                _note(week),
            )
            for week in found["weeks"]
        ],
    )
    late = sorted((r for r in pace["rules"] if r["late_share"]), key=lambda r: (-r["late_share"], r["rule"]))
    as_table(
        "Rules that were late in the past year",
        ("rule", "fallen due", "late", "median working days until met"),
        [(r["rule"], r["fallen_due"], f"{r['late_share']:.0%}", r["median_working_days"]) for r in late[:10]],
    )
    for line in (*found["method"], *found["assumptions"]):
        print(f"- {line}")


def _blocks() -> tuple[str, str]:
    """A full and a light block, or plain signs where the terminal has no blocks."""
    try:
        "█░".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return "#", "."
    return "█", "░"


def _bar(week: dict[str, Any], most: float, blocks: tuple[str, str]) -> str:
    full, whole = (round(number / most * _WIDTH) for number in (week["known"] + week["follow_ups"], week["due"]))
    return f"{blocks[0] * full}{blocks[1] * (whole - full)}"


def _note(week: dict[str, Any]) -> str:
    notes = ["piles up"] if week["piles_up"] else []
    return ", ".join([*notes, "provisional"] if week["provisional"] else notes)
