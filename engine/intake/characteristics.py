"""Settles the nine protected characteristics: what counts as asked, what may be kept, and what is still missing."""

from typing import Any

from engine.intake.facts import ADULT, OLD_ENOUGH_TO_BE_ASKED, Facts
from engine.intake.problems import Problem
from engine.intake.record import Answer, Characteristics
from workflow.vocabulary import Characteristic

_ASKED_FROM_16 = frozenset(
    {
        Characteristic.GENDER_REASSIGNMENT,
        Characteristic.SEXUAL_ORIENTATION,
        Characteristic.MARRIAGE_AND_CIVIL_PARTNERSHIP,
    }
)
_COMPLETE = frozenset({"answered", "prefer_not_to_say", "withdrawn"})
_ASKED = _COMPLETE | {"asked_unable"}
_PATHS = {name: f"characteristics.{name}" for name in Characteristic}

_MISSING = ("characteristic-missing", "Say whether this was asked, and what was answered; a blank is no answer.")
_NOT_ASKED = ("characteristic-not-asked", "Ask the victim when you next speak to them; declining is a full answer.")
_NO_VALUE = ("value-missing", "Give the answer, or say that the victim preferred not to.")
_NOT_STATED = ("not-stated", "Say whether the victim preferred not to say, or was not asked and why.")
_SPARE_VALUE = ("value-without-answer", "Leave the value out, or set the status to answered; the value was not kept.")
_TOO_YOUNG = ("asked-under-16", "Do not ask this of a child under 16; the answer was not kept.")
_NO_PERSON = ("organisation-has-none", "Leave this out: an organisation has no characteristics. It was not kept.")
_APPLIES = ("applies-to-everyone", "Ask the victim: this applies to everybody of this age.")
_NO_REASON = ("reason-not-asked", "Give the reason why it was not asked.")
_NO_ASKER = ("missing", "Say who asked about the characteristics.")


def settled_characteristics(
    given: Characteristics, facts: Facts
) -> tuple[Characteristics, list[Problem], float | None]:
    """The characteristics as they are kept, the gaps in them, and how complete they are.

    Completeness runs from 0 to 1: answered, declined or withdrawn, out of those that apply; None for an organisation.
    """
    changes: dict[str, Any] = {}
    gaps: list[Problem] = []
    complete = applicable = 0
    statuses = set()
    for name, answer in given.answers():
        kept, problem = _settled(name, answer, facts)
        if kept is not answer:
            changes[name] = kept
        if problem:
            gaps.append(Problem(_PATHS[name], *problem))
        statuses.add(kept.status)
        if kept.status != "not_applicable" or problem is _APPLIES:
            applicable += 1
            complete += kept.status in _COMPLETE and problem not in (_NO_VALUE, _NOT_STATED)
    if "not_asked" in statuses and given.reason_not_asked is None:
        gaps.append(Problem("characteristics.reason_not_asked", *_NO_REASON))
    if given.asked_by is None and statuses & _ASKED:
        gaps.append(Problem("characteristics.asked_by", *_NO_ASKER))
    settled = given.model_copy(update=changes) if changes else given
    return settled, gaps, complete / applicable if applicable else None


def _settled(name: Characteristic, answer: Answer[Any], facts: Facts) -> tuple[Answer[Any], tuple[str, str] | None]:
    """One answer as it is kept, and what is wrong with it."""
    status = answer.status
    if facts.is_organisation:
        unfit = status not in (None, "not_applicable") or answer.value is not None
        return _not_applicable(answer), _NO_PERSON if unfit else None
    if name in _ASKED_FROM_16 and facts.age is not None and facts.age < OLD_ENOUGH_TO_BE_ASKED:
        return _not_applicable(answer), _TOO_YOUNG if answer.value is not None else None
    if status == "answered":
        if answer.value is None:
            return answer, _NO_VALUE
        if name is Characteristic.RACE:
            return _ethnicity(answer)
        return answer, None
    if answer.value is not None:
        return answer.model_copy(update={"value": None}), _SPARE_VALUE
    if status is None:
        return answer, _MISSING
    if status == "not_asked":
        return answer, _NOT_ASKED
    if status == "not_applicable" and not _may_not_apply(name, facts):
        return answer, _APPLIES
    return answer, None


def _not_applicable(answer: Answer[Any]) -> Answer[Any]:
    if answer.status == "not_applicable" and answer.value is None:
        return answer
    return answer.model_copy(update={"status": "not_applicable", "value": None})


def _ethnicity(answer: Answer[Any]) -> tuple[Answer[Any], tuple[str, str] | None]:
    if answer.value == "O1":
        # The older 16+1 list calls Chinese O1; the list of today calls it A4.
        return answer.model_copy(update={"value": "A4", "original_code": "O1"}), None
    return answer, _NOT_STATED if answer.value == "NS" else None


def _may_not_apply(name: Characteristic, facts: Facts) -> bool:
    if name is Characteristic.PREGNANCY_AND_MATERNITY or (name in _ASKED_FROM_16 and facts.age is None):
        return True
    return name is Characteristic.MARRIAGE_AND_CIVIL_PARTNERSHIP and facts.age is not None and facts.age < ADULT
