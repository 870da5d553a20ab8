"""Two addresses: when they are the same door, when they may be, and when they are two."""

import random

import pytest

from workflow.addresses import Grade, Keys, keys, likeness

HOME = (("12 Brook Rise", "Exampleton"), "ZZ99 1LA")
STREETS = ("Brook Rise", "Nowhere Street", "Heol Fawr", "Sample Road", "Mill Lane", "Church Close", "Ffordd y Parc")
TOWNS = ("Exampleton", "North Sample", "Llansampl")


def of(lines: tuple[str, ...], postcode: str) -> Keys:
    """The keys of an address."""
    return keys(lines, postcode)


@pytest.mark.parametrize(
    ("lines", "postcode"),
    [
        (("12 BROOK RISE", "EXAMPLETON"), "zz991la"),
        (("Exampleton", "12 Brook Rise"), "ZZ99 1LA"),
        (("12, Brook Rise,", "Exampleton."), "ZZ99  1LA"),
        (("No. 12 Brook Rise", "Exampleton", "UK"), "ZZ99 1LA"),
    ],
)
def test_the_same_door_written_in_another_way_is_the_same(lines: tuple[str, ...], postcode: str) -> None:
    assert likeness(of(*HOME), of(lines, postcode)) is Grade.SAME


@pytest.mark.parametrize(
    ("lines", "postcode"),
    [
        (("Flat 2", "12 Brook Rise", "Exampleton"), "ZZ99 1LA"),
        (("12b Brook Rise", "Exampleton"), "ZZ99 1LA"),
        (("12 B Brook Rise",), "ZZ99 1LA"),
        (("12-14 Brook Rise",), "ZZ99 1LA"),
        (("12 Brok Rise", "Exampelton"), "ZZ99 1LA"),
        (("12 Brook Rise", "Exampleton"), "ZZ99 1AL"),
        (("12 Brook Rise", "Exampleton"), "ZZ99 1L"),
        (("12 Brook Rise", "Exampleton"), "ZZ9 1LA"),
        (("12 Brook Rise", "Exampleton"), "ZZ99 ILA"),
        (("12", "Brook Rise", "Exampleton"), "ZZ99 1LB"),
        (("12 Brook Rise", "Exampleton"), "ZZ11 9QQ"),
        (("Brook House", "Exampleton"), "ZZ99 1LA"),
    ],
)
def test_a_flat_a_slip_of_the_pen_or_a_name_for_a_number_may_be_the_same_door(
    lines: tuple[str, ...], postcode: str
) -> None:
    assert likeness(of(*HOME), of(lines, postcode)) is Grade.NEAR


@pytest.mark.parametrize(
    ("lines", "postcode"),
    [
        (("14 Brook Rise", "Exampleton"), "ZZ99 1LA"),
        (("Flat 12", "3 Brook Rise", "Exampleton"), "ZZ99 1LA"),
        (("12 Mill Lane", "North Sample"), "ZZ97 8QP"),
        (("12 Brook Rise", "Llansampl"), "ZZ97 8QP"),
        (("Rose Cottage", "Llansampl"), "ZZ97 8QP"),
    ],
)
def test_a_neighbour_and_a_street_of_the_same_name_elsewhere_are_other_doors(
    lines: tuple[str, ...], postcode: str
) -> None:
    assert likeness(of(*HOME), of(lines, postcode)) is None


def test_a_house_without_a_number_is_known_by_its_name_through_a_slip_in_the_postcode() -> None:
    assert likeness(of(("Rose Cottage", "Exampleton"), "ZZ99 1LA"), of(("Rose Cottage",), "ZZ99 1AL")) is Grade.NEAR


def _slip(text: str, dice: random.Random) -> str:
    place = dice.randrange(len(text) - 1)
    kind = dice.randrange(4)
    if kind == 0:
        return text[:place] + text[place + 1 :]
    if kind == 1:
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    letter = dice.choice("ABDEFGHJLNPQRSTUWXYZ")
    return text[:place] + letter + text[place + (kind == 2) :]


def _varied(number: int, street: str, town: str, postcode: str, dice: random.Random) -> tuple[tuple[str, ...], str]:
    """The same household written by another hand."""
    match dice.randrange(6):
        case 0:
            return (f"Flat {dice.randrange(1, 9)}", f"{number} {street}", town), postcode
        case 1:
            return (f"{number} {_slip(street, dice)}", town), postcode
        case 2:
            return (f"{number} {street}", town), _slip(postcode.replace(" ", ""), dice)
        case 3:
            return (town, f"{number}{dice.choice('abc')} {street}"), postcode.lower()
        case 4:
            return (f"{number} {street}".upper(),), postcode.replace(" ", "")
    return (f"{number}, {street}", "", _slip(town, dice)), postcode


def test_of_ten_thousand_households_almost_none_is_missed_and_few_are_confused() -> None:
    dice = random.Random(7)
    missed = confused = 0
    rounds = 5_000
    for _ in range(rounds):
        number, street, town = dice.randrange(1, 200), dice.choice(STREETS), dice.choice(TOWNS)
        postcode = f"ZZ{dice.randrange(10, 99)} {dice.randrange(1, 9)}{''.join(dice.choices('ABDEFGHJLN', k=2))}"
        here = of((f"{number} {street}", town), postcode)
        missed += likeness(here, of(*_varied(number, street, town, postcode, dice))) is None
        elsewhere = (f"{dice.randrange(1, 200)} {dice.choice(STREETS)}", dice.choice(TOWNS))
        other = f"ZZ{dice.randrange(10, 99)} {dice.randrange(1, 9)}{''.join(dice.choices('ABDEFGHJLN', k=2))}"
        confused += likeness(here, of(elsewhere, other)) is not None and other != postcode

    assert missed / rounds <= 0.005
    assert confused / rounds <= 0.005
