"""Decides when the record of a victim who refused or withdrew is pared back, to what, and why the rest is kept."""

from collections.abc import Mapping, Sequence
from datetime import date

from workflow.case import Case
from workflow.duties import Duty
from workflow.events import Event
from workflow.vocabulary import State, Track

RULE = "pare-back"
"""The local target that says how long a refusal can still be put right before the record is pared back."""

REVOKED = ("refused_provisionally", "refused_confirmed", "withdrawn")
# What the victim said, as against what the service did; only while the service worked with them is there a difference.
_VICTIMS_WORDS = frozenset(
    {"conversation_recorded", "feedback_given", "views_asked", "views_recorded", "wishes_recorded"}
)
_IN_TOUCH = ("conversation_recorded", "victim_replied", "letter_handed_over", "letter_doubted")
_TO_OTHERS = ("police", "colleague")
_WAITED_FOR = frozenset({"subject-access", "contact-error-apology"})
_GIVES_DETAILS = ("details_received", "contact_details_changed")


def pared_on(case: Case, duties: Sequence[Duty]) -> date | None:
    """The day on which the clock pares the record back; None while it is not to be, or somebody still waits for us.

    Until then a refusal that was recorded by mistake is put right with nothing lost.  While a complaint is open, a
    demand to see the record, or an apology that is owed, nothing is removed.
    """
    if not _is_over(case) or case.states[Track.COMPLAINT] not in ("none", "closed"):
        return None
    owed = [duty for duty in duties if not duty.is_settled]
    if any(duty.rule.id in _WAITED_FOR for duty in owed):
        return None
    days = [duty.due_on for duty in owed if duty.rule.id == RULE and duty.paused_since is None]
    return max((day for day in days if day is not None), default=None)


def is_due_to_pare(case: Case, duties: Sequence[Duty], today: date) -> bool:
    """Whether the clock pares the record back today."""
    day = pared_on(case, duties)
    return day is not None and day <= today


def _is_over(case: Case) -> bool:
    return case.state is State.CLOSED and case.states[Track.CONSENT] in REVOKED


def last_paring(case: Case) -> Event | None:
    """The paring that stands: the last one, unless details came again after it."""
    pared = case.last("record_pared_back")
    given = case.last(*_GIVES_DETAILS)
    return None if pared is None or (given is not None and given.seq > pared.seq) else pared


def is_pared_again(before: Case, case: Case) -> bool:
    """Whether details that just came for a record that was pared back are to be removed at once: it is still a no."""
    return before.last("record_pared_back") is not None and _is_over(case)


def ground(case: Case) -> str:
    """Why the record is pared back: the refusal was confirmed, or consent was withdrawn."""
    return "consent_withdrawn" if case.states[Track.CONSENT] == "withdrawn" else "refusal_confirmed"


def was_in_touch(case: Case) -> bool:
    """Whether the service ever worked with the victim, so that it has something to answer for."""
    reached = any(event.text("outcome") == "reached" for event in case.of("attempt_made"))
    written = any(event.text("to") not in _TO_OTHERS for event in case.of("letter_sent"))
    return reached or written or case.last(*_IN_TOUCH) is not None


def notes_to_remove(case: Case, notes: Mapping[str, str]) -> frozenset[str]:
    """Which notes (by reference) of a case go: all where nobody was in touch, else those of the victim's words."""
    if not was_in_touch(case):
        return frozenset(notes)
    said = {
        str(value)
        for event in case.history
        if event.kind in _VICTIMS_WORDS
        for value in event.fields.values()
        if isinstance(value, str)
    }
    return frozenset(notes) & said
