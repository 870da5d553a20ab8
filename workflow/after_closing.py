"""Decides which contacts may still follow the close of a case, and whether it was ever far enough for any."""

from workflow.case import Case
from workflow.letters import LetterKind
from workflow.vocabulary import OPEN, CloseReason, State, Track

BEFORE_TRIAGE = (State.NEW, State.IDENTIFIED, State.AWAITING_CONSENT_RECORD, State.INTAKE_CHECK)
"""The states in which nobody has yet looked at who the victim is and which ways are safe."""

_PAST_TRIAGE = frozenset(OPEN) - {*BEFORE_TRIAGE, State.CONSENT_QUERY}
_KINDLY_CLOSED = (
    CloseReason.UNCONTACTABLE,
    CloseReason.DECLINED_AFTER_CONTACT,
    CloseReason.COMPLETED_RESTORATIVE,
    CloseReason.COMPLETED_INFORMED,
    CloseReason.SUPPORT_ENDED_BY_VICTIM,
)


def was_past_triage(case: Case) -> bool:
    """Whether the case ever came to where the victim may be contacted: a close must not open that door."""
    return any(event.reached.get(Track.JOURNEY) in _PAST_TRIAGE for event in case.standing)


def may_follow_closing(case: Case, letter: LetterKind | None) -> bool:
    """Whether a letter (None: a call) may go to the victim of a closed case: it was closed kindly, and is owed."""
    last = case.last("case_closed", "support_ended", "all_declined", "transfer_accepted")
    kindly = last is not None and (
        last.kind in ("support_ended", "all_declined") or last.text("reason") in _KINDLY_CLOSED
    )
    return kindly and (_is_owed_the_end(case) if letter is None else letter.after_closing)


def _is_owed_the_end(case: Case) -> bool:
    """Whether a victim who wanted news is still to be told that the child's intervention ended."""
    ended, told = case.last("intervention_concluded"), case.last("conclusion_notice_given")
    untold = ended is not None and (told is None or (told.at, told.seq) < (ended.at, ended.seq))
    return untold and case.states[Track.UPDATES] in ("requested", "updated")
