"""Attacks overlapping tables that were given out one after the other: no number under five may be told from them."""

from contextlib import suppress
from random import Random

import pytest

from tests.core.attacker import Attacker, Undecided
from workflow.publication import Given, Table, to_hide

BELOW = 5
STEPS = ("referred", "consented", "offered", "took part")
Case = dict[str, str]


def _service(chance: Random) -> dict[str, Case]:
    """Invented cases: the month, the team, the force, and how far each has come."""
    return {
        f"VC-{number:03}": {
            "month": str(min(11, int(chance.triangular(0, 12, 5)))),
            "team": chance.choice(("north", "north", "south")),
            "force": chance.choice(("one", "one", "one", "two")),
            "step": str(chance.choices(range(4), weights=(1, 3, 4, 2))[0]),
        }
        for number in range(chance.randint(12, 50))
    }


def _goes_on(service: dict[str, Case], chance: Random) -> None:
    """Some time passes: a few cases come a step further."""
    for case in chance.sample(sorted(service), len(service) // 6):
        service[case]["step"] = str(min(3, int(service[case]["step"]) + 1))


def _table(service: dict[str, Case], months: range, by: str, name: str) -> Table:
    """Cases of some months by team, force or nothing, at each step, with totals."""
    items: dict[str, list[str]] = {}
    for case, facts in service.items():
        if int(facts["month"]) in months:
            items.setdefault(f"{facts[by] if by else 'all'}/{facts['step']}", []).append(case)
    rows = sorted({label.split("/")[0] for label in items})
    cells = {}
    for place, step in enumerate(STEPS):
        for row in (*rows, ""):
            own = [la for la in items if (not row or la.split("/")[0] == row) and int(la.split("/")[1]) >= place]
            cells[f"{row or 'all of them'}/{step}"] = frozenset(own)
    return Table(name, "cases", items, cells)


def _published(seed: int, tables: int) -> list[Given]:
    """Tables of overlapping periods and divisions, given out one after the other while the work goes on."""
    chance = Random(seed)
    service = _service(chance)
    given: list[Given] = []
    for number in range(tables):
        first = chance.randint(0, 11)
        months = chance.choice((range(12), range(first, 12), range(first, first + 1), range(first // 3 * 3, first + 1)))
        table = _table(service, months, chance.choice(("", "team", "force")), f"table {number}")
        given.append(Given(table, to_hide([table], given, BELOW)[table.name]))
        if chance.random() < 0.4:
            _goes_on(service, chance)
    return given


def _told(published: list[Given]) -> list[str]:
    """The secrets that can be told; what could not be decided in reasonable time is not told."""
    attacker = Attacker(published, BELOW)
    found = []
    for secret in attacker.secrets():
        with suppress(Undecided):
            if attacker.can_tell(secret):
                found.append(secret.name)
    return found


@pytest.mark.parametrize("seed", range(12))
def test_nobody_tells_a_small_number_from_overlapping_tables(seed: int) -> None:
    published = _published(seed, tables=3)

    assert _told(published) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(500))
def test_nobody_tells_a_small_number_from_many_overlapping_tables(seed: int) -> None:
    published = _published(1000 + seed, tables=2 + seed % 5)

    assert _told(published) == []


def test_tables_that_are_each_hidden_by_themselves_do_give_small_numbers_away_together() -> None:
    told = 0
    for seed in (20, 22, 27, 39):
        alone = [Given(each.table, to_hide([each.table], [], BELOW)[each.table.name]) for each in _published(seed, 3)]
        told += len(_told(alone))

    assert told > 0


def test_a_month_more_hides_what_would_tell_the_month() -> None:
    service = {f"VC-{n}": {"month": "0" if n < 20 else "1", "team": "north", "step": "1"} for n in range(23)}
    first = _table(service, range(1), "", "first")
    both = _table(service, range(2), "", "both")

    given = [Given(first, to_hide([first], [], BELOW)["first"])]
    away = to_hide([both], given, BELOW)["both"]

    assert given[0].hidden == frozenset()
    assert {"all of them/referred", "all of them/consented"} <= away


def test_what_was_given_out_once_is_given_out_again_as_it_was() -> None:
    published = _published(3, tables=4)

    again = [to_hide([each.table], published, BELOW)[each.table.name] for each in published]

    for each, away in zip(published, again, strict=True):
        numbers = {cell: len(each.table.under(cell)) for cell in each.table.cells}
        assert not [cell for cell in each.hidden - away if 0 < numbers[cell] < BELOW]
        assert not [cell for cell in away - each.hidden if numbers[cell] >= BELOW]


def test_tables_without_small_numbers_are_shown_whole() -> None:
    service = {
        f"VC-{n}": {"month": str(n % 3), "team": "north" if n % 2 else "south", "step": str(n % 4)} for n in range(480)
    }
    given: list[Given] = []
    for months in (range(1), range(3), range(1, 2)):
        table = _table(service, months, "team", f"{months}")
        given.append(Given(table, to_hide([table], given, BELOW)[table.name]))

    assert [each.hidden for each in given] == [frozenset()] * 3
