"""Proves by trying everything that no small number can be worked out of tables that share their parts."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.small_numbers import Cell, hidden

BELOW = 5
_MOST = 12


def _solutions(cells: list[Cell], counts: dict[str, int], away: frozenset[str]) -> list[dict[str, int]]:
    """Every way to fill the parts, none below nought, that gives just the numbers that are shown."""
    shown = [(cell.parts, sum(counts[part] for part in cell.parts)) for cell in cells if cell.name not in away]
    parts = sorted(counts)
    filled = (dict(zip(parts, values, strict=True)) for values in product(range(_MOST + 1), repeat=len(parts)))
    return [each for each in filled if all(sum(each[part] for part in of) == total for of, total in shown)]


def _table(rows: int, columns: int) -> list[Cell]:
    """A table with its inner cells, the total of each row and column, and the total of all."""
    inner = [[f"{row}{column}" for column in range(columns)] for row in range(rows)]
    cells = [Cell(name, frozenset({name})) for line in inner for name in line]
    cells += [Cell(f"row {row}", frozenset(line)) for row, line in enumerate(inner)]
    cells += [Cell(f"column {column}", frozenset(line[column] for line in inner)) for column in range(columns)]
    return [*cells, Cell("all", frozenset(name for line in inner for name in line))]


def _small(cells: list[Cell], counts: dict[str, int]) -> list[Cell]:
    return [cell for cell in cells if 0 < sum(counts[part] for part in cell.parts) < BELOW]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=4, max_size=4))
def test_no_small_cell_of_a_table_with_totals_can_be_worked_out(numbers: list[int]) -> None:
    cells = _table(2, 2)
    counts = dict(zip(("00", "01", "10", "11"), numbers, strict=True))

    away = hidden(cells, counts, BELOW)
    solutions = _solutions(cells, counts, away)

    for cell in _small(cells, counts):
        assert cell.name in away
        assert len({sum(filled[part] for part in cell.parts) for filled in solutions}) > 1


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_overlapping_tables_give_no_small_number_by_adding_and_subtracting(data: st.DataObject) -> None:
    parts = [f"p{number}" for number in range(data.draw(st.integers(2, 5)))]
    counts = {part: data.draw(st.integers(0, 12)) for part in parts}
    subsets = st.frozensets(st.sampled_from(parts), min_size=1)
    cells = [Cell(f"c{place}", each) for place, each in enumerate(data.draw(st.lists(subsets, min_size=1, max_size=8)))]

    away = hidden(cells, counts, BELOW)

    shown = [cell for cell in cells if cell.name not in away]
    assert all(cell.name in away for cell in _small(cells, counts))
    # Subtract every two, and every one from the sum of two others, that lie in one another.
    for first, second in product(shown, repeat=2):
        rest = first.parts - second.parts
        if second.parts < first.parts and Cell("", rest).parts in {cell.parts for cell in cells}:
            number = sum(counts[part] for part in rest)
            assert not 0 < number < BELOW


def test_what_is_not_small_is_shown_and_nothing_hides_nought() -> None:
    cells = _table(2, 2)

    assert hidden(cells, {"00": 7, "01": 0, "10": 9, "11": 20}, BELOW) == frozenset()


def test_a_small_number_takes_a_second_one_with_it_in_its_row_and_in_its_column() -> None:
    cells = _table(2, 2)

    away = hidden(cells, {"00": 2, "01": 7, "10": 8, "11": 9}, BELOW)

    assert "00" in away
    assert len(away) >= 3


def test_an_empty_neighbour_hides_nothing_because_anybody_can_tell_that_it_is_empty() -> None:
    cells = [
        Cell("a", frozenset("a")),
        Cell("b", frozenset("b")),
        Cell("c", frozenset("c")),
        Cell("all", frozenset("abc")),
    ]

    away = hidden(cells, {"a": 3, "b": 0, "c": 9}, BELOW)

    assert "a" in away
    assert away & {"c", "all"}
