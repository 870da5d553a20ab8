"""Proves that the mirror counts what it says, and that no small number in it can be read or worked out."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from workflow.mirror import Told, is_complete, mirror, of_week
from workflow.vocabulary import Characteristic

FULL = tuple((str(name), "answered") for name in Characteristic)
NONE_ASKED = tuple((str(name), "not_asked") for name in Characteristic)


def told(station: str = "North", statuses: tuple[tuple[str, str], ...] = FULL, **changes: object) -> Told:
    """A record without a gap of a victim who said yes, with the changes named."""
    said: dict[str, object] = {
        "received_on": date(2026, 11, 10), "station": station, "team": "Response", "officer": "1234",
        "statuses": statuses, "asked": True, "refused": False, "reason": "", "informed": 6, "became_yes": False,
        "days_to_details": 3,
    }  # fmt: skip
    return Told(**{**said, **changes})  # type: ignore[arg-type]


def test_prefer_not_to_say_is_complete_and_not_asked_is_not() -> None:
    declined = (("sex", "prefer_not_to_say"), *(each for each in FULL if each[0] != "sex"))

    assert is_complete(told(statuses=declined))
    assert not is_complete(told(statuses=NONE_ASKED))


def test_every_figure_has_its_numerator_and_its_denominator() -> None:
    records = [told() for _ in range(20)] + [
        told(statuses=NONE_ASKED, refused=True, reason="too_upset") for _ in range(10)
    ]

    found = mirror(records, 5)
    race = next(row for row in found.table("characteristics").shares if row.name == "race")
    station = found.table("station").shares[0]
    refused = found.table("answers").shares[0]

    assert (race.numerator, race.denominator) == (20, 30)
    assert (station.name, station.numerator, station.denominator) == ("North", 20, 30)
    assert (refused.numerator, refused.denominator, refused.rate) == (10, 30, 1 / 3)
    assert [(row.name, row.numerator) for row in found.table("reasons").shares] == [("too_upset", 10)]
    assert found.median_days == 3


def test_a_small_number_is_hidden_and_the_one_that_would_give_it_away_too() -> None:
    records = [told("North") for _ in range(30)] + [told("South") for _ in range(10)] + [told("East") for _ in range(2)]

    rows = {row.name: row.denominator for row in mirror(records, 5).table("station").shares}

    assert rows["East"] is None
    assert rows["South"] is None
    assert rows["North"] == 30


@given(
    st.lists(
        st.tuples(st.sampled_from(["North", "South", "East"]), st.booleans(), st.booleans(), st.booleans()), max_size=60
    )
)
def test_no_number_from_one_to_four_is_ever_shown(people: list[tuple[str, bool, bool, bool]]) -> None:
    """Neither a numerator, nor a denominator, nor what is left between the two."""
    records = [
        told(station, FULL if complete else NONE_ASKED, refused=refused, became_yes=refused and turned, reason="other")
        for station, complete, refused, turned in people
    ]

    found = mirror(records, 5)

    for table in found.tables:
        for row in table.shares:
            shown = [row.numerator, row.denominator]
            if row.numerator is not None and row.denominator is not None:
                shown.append(row.denominator - row.numerator)
            assert not [number for number in shown if number is not None and 0 < number < 5], (table.name, row)


def test_the_weekly_note_counts_its_own_seven_days() -> None:
    records = [told(received_on=date(2026, 11, day)) for day in (1, 9, 15, 16)]

    assert len(of_week(records, date(2026, 11, 9), date(2026, 11, 15))) == 2
