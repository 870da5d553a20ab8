"""Says what must be asked back before anybody gets in touch with the victim of a consent record."""

from collections.abc import Iterable

from engine.intake.facts import Facts
from engine.intake.gaps import informed_share
from engine.intake.problems import Problem
from engine.intake.record import ConsentRecord
from workflow.vocabulary import Decision

# Held anyway, because unknown is not safe, or of no weight for safety: losing one of these asks for nothing more.
_HARMLESS_IF_LOST = ("safety.safe_to.", "safety.preferred_channel", "safety.child_knows_address")


def queries(record: ConsentRecord, facts: Facts, left_out: Iterable[Problem]) -> tuple[str, ...]:
    """The codes of what must be asked back before contact, in the order of ``consent_recorded``; none for a withdrawal.

    ``left_out`` are the problems of what could not be read.  Something unreadable about safety counts as no safe
    channel, a yes of which nobody said that it covers contact as not asked, and the consent of a guardian who is or
    may be a suspect, or of anybody else in the place of an adult, as given by proxy.
    """
    if record.reason == "withdrawal":
        return ()
    decision, given_by = record.consent.decision, record.consent.given_by
    guardian = record.victim.guardian
    for_another = given_by in ("parent_guardian", "both") and (
        not facts.is_child or (guardian is not None and guardian.is_suspect is True)
    )
    unsafe = facts.agrees and not facts.safe
    unread = any(
        problem.path.startswith("safety") and not problem.path.startswith(_HARMLESS_IF_LOST) for problem in left_out
    )
    found = {
        "refusal_to_confirm": decision is Decision.NO,
        "uninformed": decision is Decision.NO and informed_share(record) != 1,
        "child_self_only": facts.is_child and given_by == "self" and decision in (Decision.YES, Decision.NO),
        "proxy": given_by == "proxy" or for_another,
        "age_conflict": facts.age_conflict,
        "no_safe_channel": unsafe or (facts.agrees and unread),
        "undecided": decision is Decision.UNDECIDED,
        "not_asked": decision is Decision.NOT_ASKED
        or (decision is Decision.YES and record.consent.scope.contact is None),
        "lacks_capacity": decision is Decision.LACKS_CAPACITY,
    }
    return tuple(code for code, is_due in found.items() if is_due)
