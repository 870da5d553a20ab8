"""Answers what the victim agreed to, purpose by purpose, from the history alone."""

from datetime import date

from workflow.case import Case, once
from workflow.events import Event
from workflow.vocabulary import Decision, Purpose

STANDING = ("given", "not_objected", "renewed")
"""The states of the consent track in which a yes stands."""

_GIVING = ("consent_recorded", "consent_renewed", "victim_returned")


def _order(event: Event) -> tuple[date, int, int]:
    """The order in which answers overtake each other: by London day, and on one day a withdrawal beats police's record.

    A renewal given in the victim's own right after a withdrawal on the same day counts, because it was asked for.
    """
    rank = 0 if event.kind == "consent_recorded" else 1
    return (event.day, rank, event.seq)


@once
def ledger(case: Case) -> tuple[Event, ...]:
    """Every answer about consent, oldest first; a withdrawal is never overtaken by an older consent."""
    return tuple(sorted(case.of(*_GIVING, "consent_withdrawn"), key=_order))


def says_yes(event: Event) -> bool:
    """Whether an answer is a yes to being contacted: a yes, or (opt-out forces) no objection, that covers contact."""
    if event.kind == "victim_returned":
        return Purpose.CONTACT in event.items("scope")
    if Purpose.CONTACT in event.items("scope_refused"):
        return False
    if event.text("decision") == Decision.NOT_OBJECTED:
        return event.text("model") == "opt_out" and bool(event.text("told_on"))
    return event.text("decision") == Decision.YES and Purpose.CONTACT in event.items("scope")


def _scope(event: Event) -> frozenset[str]:
    if not says_yes(event):
        return frozenset()
    refused = frozenset(event.items("scope_refused"))
    if event.text("decision") == Decision.NOT_OBJECTED:
        return frozenset({Purpose.CONTACT, Purpose.RESTORATIVE_INFORMATION}) - refused
    return frozenset(event.items("scope")) - refused


def is_own(event: Event) -> bool:
    """Whether the victim took part in an answer; a renewal is in their own right unless it says not."""
    given_by = event.text("given_by")
    return given_by in ("self", "both") or (given_by == "" and event.kind != "consent_recorded")


def came_of_age(case: Case) -> bool:
    """Whether a child victim has turned 18: from then on only what they said themselves counts."""
    return case.last("came_of_age") is not None


def is_guardians(case: Case, event: Event) -> bool:
    """Whether an answer is a guardian's for somebody who is 18: it counts neither for a yes nor for a no."""
    return came_of_age(case) and event.text("given_by") == "parent_guardian"


@once
def agreed(case: Case) -> frozenset[str]:
    """The purposes the victim agrees to today; nothing that was not said is in it."""
    return _purposes(case, grown=came_of_age(case))


def agreed_alone(case: Case) -> frozenset[str]:
    """The purposes to which the victim agreed in their own right, whatever a guardian said."""
    return _purposes(case, grown=True)


def _purposes(case: Case, *, grown: bool) -> frozenset[str]:
    purposes: frozenset[str] = frozenset()
    for event in ledger(case):
        if grown and event.text("given_by") == "parent_guardian":
            continue
        if event.kind != "consent_withdrawn":
            purposes = frozenset() if grown and not is_own(event) else _scope(event)
        elif event.text("part") in ("all", Purpose.CONTACT):
            purposes = frozenset()
        else:
            purposes = purposes - {event.text("part")}
    return purposes


def is_refused(case: Case, purpose: Purpose) -> bool:
    """Whether the victim said no to this purpose, in the answer that stands or by withdrawing it since.

    A purpose that nobody asked about is neither agreed to nor refused.
    """
    answers = [event for event in ledger(case) if event.kind != "consent_withdrawn" or event.text("part") == purpose]
    last = answers[-1] if answers else None
    return last is not None and (last.kind == "consent_withdrawn" or purpose in last.items("scope_refused"))


def is_overtaken(case: Case, event: Event) -> bool:
    """Whether an answer comes too late to count: a withdrawal or a refusal of a later day is already on record.

    What a guardian says for somebody who is 18 comes too late as well.
    """
    if event.kind == "consent_recorded" and is_guardians(case, event):
        return True
    return any(_order(event) < _order(later) for later in ledger(case) if later.seq != event.seq)


def given_on(case: Case) -> date | None:
    """The day of the answer that stands; None where nobody answered."""
    answers = ledger(case)
    return answers[-1].day if answers else None
