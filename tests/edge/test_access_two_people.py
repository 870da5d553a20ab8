"""What takes two people takes two, through the door, on the pages and against what police send."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.desk import open_file
from engine.entries import Actor, Entry
from engine.house import House
from engine.intake.receive import receive
from engine.post import approve, list_letters
from engine.record import record
from tests.conftest import NOW
from tests.edge.consent_records import child_record
from tests.edge.web_visitors import new_case, on_one_database, practitioner_on
from workflow.channels import is_safe
from workflow.machine import NotAllowed
from workflow.vocabulary import Channel, Known, Role

ROSA, MORGAN = Actor("rosa", Role.PRACTITIONER), Actor("morgan", Role.MANAGER)


def _other(number: int) -> str:
    """What makes a record one of another incident."""
    return f"26{number:09}/26"


def _child_case(house: House) -> str:
    """A case of a victim of thirteen."""
    reference = receive(house, child_record(force="derbyshire"), "derbyshire", "opt_in", NOW).case_reference
    assert reference is not None
    return reference


def _safe(house: House, reference: str, channel: Channel) -> Known:
    return is_safe(open_file(house, reference, MORGAN, NOW).case, channel)


def _letter(house: House, reference: str) -> str:
    """The first letter of a case, which waits for a yes."""
    record(house, reference, [Entry("triage_completed")], actor=ROSA, now=NOW)
    return next(each.letter_id for each in list_letters(house, "drafted") if each.reference == reference)


@on_one_database
def test_one_person_cannot_call_safe_what_was_said_not_to_be(house: House) -> None:
    """Refused in words on the page; proposed by one and recorded by another it counts, and the case says who waits."""
    reference = new_case(house)
    record(house, reference, [Entry("safety_recorded", {"text": "no"})], actor=ROSA, now=NOW)
    rosa = practitioner_on(house)
    morgan = practitioner_on(house, rosa.site, "morgan")
    form = f"/cases/{reference}/record/safety_recorded"

    alone = rosa.fill(form, form, {"text": "yes"})
    propose = f"/cases/{reference}/record/safety_loosening_proposed"
    proposed = rosa.fill(propose, propose, {"text": "yes", "words": "She has a new phone."})
    told = rosa.get(f"/cases/{reference}").text
    still_alone = rosa.fill(form, form, {"text": "yes"})
    before = _safe(house, reference, Channel.TEXT)
    by_another = morgan.fill(form, form, {"text": "yes"})

    assert (alone.status_code, still_alone.status_code) == (409, 409)
    assert "it takes two people" in alone.text
    assert (proposed.status_code, by_another.status_code) == (303, 303)
    assert "Text message: 1 person has proposed to call this safe" in told
    assert (before, _safe(house, reference, Channel.TEXT)) == (Known.NO, Known.YES)


def test_police_do_not_make_safe_what_the_victim_said_is_not(house: House) -> None:
    """A later record with a yes is taken, and the no stands; a no of theirs counts at once."""
    reference = new_case(house)
    record(house, reference, [Entry("safety_recorded", {"post": "no", "phone": "yes"})], actor=ROSA, now=NOW)

    again = new_case(
        house,
        submission_id="S-2",
        reason="update",
        submitted_at=(NOW - timedelta(minutes=1)).isoformat(),
        safety__safe_to={"post": "yes", "phone": "no"},
    )

    assert again == reference
    assert (_safe(house, reference, Channel.POST), _safe(house, reference, Channel.PHONE)) == (Known.NO, Known.NO)


@on_one_database
def test_a_letter_to_a_victim_under_18_takes_two_different_people(house: House) -> None:
    """One yes leaves it where it was, the same person's second is none, and the page says why beforehand."""
    reference = _child_case(house)
    letter = _letter(house, reference)
    rosa = practitioner_on(house)

    before = rosa.get(f"/letters/{letter}").text
    batch = rosa.send("/letters/approve", {"letter": letter, "read": "yes", "form_token": rosa.token()}).text
    approve(house, letter, ROSA, NOW)
    waits = [each.letter_id for each in list_letters(house, "drafted")]
    after = rosa.get(f"/letters/{letter}?approved=1").text
    approve(house, letter, MORGAN, NOW)

    assert "takes two different people’s yes, because the victim was under 18" in before
    assert "Waits for a second yes" in batch
    assert letter in waits
    assert "A second, different person must say yes as well" in after
    assert [each.approved_by for each in list_letters(house, "approved")] == ["morgan"]


@on_one_database
def test_a_manager_says_the_second_yes_and_never_the_only_one(house: House) -> None:
    """The letter to an adult: a practitioner's yes is enough, a manager's is not."""
    first = _letter(house, new_case(house))
    second = _letter(house, new_case(house, submission_id="S-2", incident__crime_reference=_other(777)))

    approve(house, first, MORGAN, NOW)
    states = {each.letter_id: each.state for each in list_letters(house)}
    approve(house, first, ROSA, NOW)
    approve(house, second, ROSA, NOW)

    assert states[first] == "drafted"
    assert {each.letter_id for each in list_letters(house, "approved")} == {first, second}


@on_one_database
def test_a_service_may_say_otherwise_in_its_permission_file(house: House) -> None:
    """Without the lines one person is enough, as before."""
    alone = replace(house, permissions=replace(house.permissions, two_people={}))
    reference = _child_case(alone)
    record(alone, reference, [Entry("safety_recorded", {"text": "no"})], actor=ROSA, now=NOW)

    letter = _letter(alone, reference)
    approve(alone, letter, MORGAN, NOW)
    record(alone, reference, [Entry("safety_recorded", {"text": "yes"})], actor=ROSA, now=NOW)

    assert [each.letter_id for each in list_letters(alone, "approved")] == [letter]
    other = new_case(house, submission_id="S-9", incident__crime_reference=_other(778))
    no_and_yes = [Entry("safety_recorded", {"text": said}) for said in ("no", "yes")]
    with pytest.raises(NotAllowed):
        record(house, other, no_and_yes, actor=ROSA, now=NOW)
