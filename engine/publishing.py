"""Gives tables out: hides what, with everything that was given out before, would show a small number, and keeps it."""

from collections.abc import Mapping, Sequence

from engine.entries import Actor
from engine.house import House
from engine.report_settings import read_report_settings
from store import publications
from workflow.publication import Given, Table, to_hide

HIDDEN = "hidden"
"""What stands in a file that is shared in place of a small number, or of one that would give it away."""

Number = int | str
Shown = Mapping[str, Mapping[str, Number]]
"""By table and name of a number: the number, or ``HIDDEN``."""


def give_out(house: House, tables: Sequence[Table], *, name: str, period: str, actor: Actor) -> Shown:
    """The numbers of tables as they may be given out together, kept with what each of them counted.

    What is given out once more is shown as it was then, and is not kept twice.
    """
    below = read_report_settings(house.settings.config).suppress_below
    with house.writing() as connection:
        publications.alone(connection, house.service)
        before = publications.given(connection, house.service)
        known = {_key(each.table): each for each in before}
        fresh = [table for table in tables if _key(table) not in known]
        away = {table.name: known[_key(table)].hidden for table in tables if _key(table) in known}
        if fresh:
            away |= to_hide(fresh, before, below)
            publications.give(
                connection,
                house.service,
                [Given(table, away[table.name]) for table in fresh],
                name=name,
                period=period,
                by=actor.user,
                at=house.now(),
            )
    return shown(tables, away)


def shown(tables: Sequence[Table], away: Mapping[str, frozenset[str]]) -> Shown:
    """The numbers of tables with those that are to be hidden hidden."""
    return {
        table.name: {
            cell: HIDDEN if cell in away[table.name] else len(table.under(cell))
            for cell in table.cells
            if cell not in table.unprinted | table.known
        }
        for table in tables
    }


def _key(table: Table) -> tuple[str, frozenset[tuple[str, frozenset[str]]]]:
    """What makes two tables the same: the name, and what each number counts."""
    return table.name, frozenset((cell, table.under(cell)) for cell in table.cells)
