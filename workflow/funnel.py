"""Decides how far referrals have come, from referred to completed, and why each that stopped did."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from workflow.milestones import NOT_VICTIMS, Milestones

Json = dict[str, Any]

STEPS = (
    "referred",
    "identifiable",
    "consent_asked",
    "consented",
    "safe_to_contact",
    "contacted",
    "engaged",
    "offered",
    "restorative",
    "completed",
)
"""The steps in order.  Who is at one has passed all before it; what came out of order is shown apart."""

_FIRST_CONTACT = STEPS.index("contacted")

DEFINITIONS: dict[str, str] = {
    "referred": "Cases opened in the period.",
    "identifiable": "A victim of ours, with at least one way of reaching them on record.",
    "consent_asked": "Somebody asked the victim whether we may get in touch, and the answer is on record.",
    "consented": "The victim agreed to be contacted, or (opt-out forces) was told and did not object.",
    "safe_to_contact": "At least one channel was said to be safe.",
    "contacted": "We called, wrote or visited, or the victim got in touch with us; a wrong number is no contact.",
    "engaged": "A first conversation was recorded.",
    "offered": "Restorative justice was offered, or the victim answered about it.",
    "restorative": "A restorative event was held, direct or indirect.",
    "completed": "The work after the event was followed up to its end.",
    "direct": "Of those at restorative: victim and child met, or took part in one meeting.",
    "indirect": "Of those at restorative: something was exchanged or done without a meeting; some had both.",
    "told": "Engaged, or told about restorative justice or support by us.",
}
"""What each step counts, in words for the page, the file and the pack."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far one case, or ``number`` cases that are alike in this, has come.

    ``reached`` is the place in ``STEPS`` of the furthest step come to with all before it.  ``standing`` is the reason
    for being no further.  ``out_of_order`` says that
    contact was made, or came further, without a step before it.
    """

    reached: int
    standing: str
    is_direct: bool = False
    is_indirect: bool = False
    is_told: bool = False
    out_of_order: bool = False
    enhanced: bool = False
    number: int = 1

    @property
    def step(self) -> str:
        """The name of the furthest step."""
        return STEPS[self.reached]


def place(found: Milestones, enhanced: bool = False) -> Place:
    """How far a case has come."""
    return place_of(
        (
            True,
            found.identifiable_on is not None,
            found.asked_on is not None,
            found.consented_on is not None,
            found.safe_on is not None,
            found.contacted_on is not None,
            found.talked_on is not None,
            found.offered_on is not None,
            found.held_on is not None,
            found.completed_on is not None,
        ),
        found.standing,
        is_direct=found.direct_on is not None,
        is_indirect=found.indirect_on is not None,
        is_told=found.told_on is not None,
        enhanced=enhanced,
    )


def place_of(
    passed: tuple[bool, ...],
    standing: str,
    *,
    is_direct: bool,
    is_indirect: bool,
    is_told: bool,
    enhanced: bool,
    number: int = 1,
) -> Place:
    """How far cases have come that passed these of ``STEPS`` (the first always)."""
    if standing in NOT_VICTIMS:
        passed = (True, *(False for _ in STEPS[1:]))
    reached = next((number for number, is_passed in enumerate(passed) if not is_passed), len(STEPS)) - 1
    is_held = reached >= STEPS.index("restorative")
    return Place(
        reached,
        standing,
        is_direct=is_held and is_direct,
        is_indirect=is_held and is_indirect,
        is_told=reached >= _FIRST_CONTACT and (is_told or passed[STEPS.index("engaged")]),
        out_of_order=any(passed[max(reached + 1, _FIRST_CONTACT) :]),
        enhanced=enhanced,
        number=number,
    )


def funnel(places: Iterable[Place]) -> Json:
    """The number at each step, and of those who went no further how many for which reason.

    ``under_way`` of a step are those still on their way to the next; the others of ``stopped`` are losses by reason.
    The number at a step is always the number at the next, plus those under way, plus those who stopped.
    """
    listed = list(places)
    steps = list(_steps(listed))
    at = {row["step"]: row["number"] for row in steps}
    before = steps[:_FIRST_CONTACT]
    lost: dict[str, int] = {}
    for row in before:
        for reason, number in row["stopped"].items():
            lost[reason] = lost.get(reason, 0) + number
    return {
        "steps": steps,
        "direct": sum(each.number for each in listed if each.is_direct),
        "indirect": sum(each.number for each in listed if each.is_indirect),
        "both": sum(each.number for each in listed if each.is_direct and each.is_indirect),
        "engaged_or_told": sum(each.number for each in listed if each.is_told),
        "contactable": at["contacted"],
        "before_contact": {
            "in_hand": sum(row["under_way"] for row in before),
            "lost": dict(sorted(lost.items())),
        },
        "out_of_order": sum(each.number for each in listed if each.out_of_order),
    }


def _steps(places: list[Place]) -> Iterator[Json]:
    for number, step in enumerate(STEPS):
        here = [each for each in places if each.reached == number]
        stopped: dict[str, int] = {}
        for each in here:
            if each.standing != "under_way" and number < len(STEPS) - 1:
                stopped[each.standing] = stopped.get(each.standing, 0) + each.number
        yield {
            "step": step,
            "number": sum(each.number for each in places if each.reached >= number),
            "enhanced": sum(each.number for each in places if each.reached >= number and each.enhanced),
            "under_way": sum(each.number for each in here if each.standing == "under_way" and number < len(STEPS) - 1),
            "stopped": dict(sorted(stopped.items())),
            "means": DEFINITIONS[step],
        }
