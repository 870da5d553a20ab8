"""What one person may not do alone: calling safe what was said not to be, and a yes to letters that could hurt most."""

from typing import Any

import pytest

from tests.core.histories import Steps, contact_due, go_on, history, step
from workflow.case import Case
from workflow.permissions import parse_permissions
from workflow.two_people import LETTER_CONDITIONS, is_agreed, letter_conditions, loosened, tightened, waiting
from workflow.vocabulary import Channel, Role

DAY = "2026-11-02"
CASE = history(contact_due(DAY))
CHILD = history(contact_due(DAY, under_18="yes"))


def _said(when: str = "2026-11-03", user: str = "rosa", **fields: Any) -> Steps:
    return step("safety_recorded", when, user=user, **fields)


def _proposed(user: str, when: str = "2026-11-04", **fields: Any) -> Steps:
    return step("safety_loosening_proposed", when, user=user, words="N-1", **fields)


def _answer(before: Case, user: str, **fields: Any) -> bool:
    """Whether somebody may record this answer."""
    return is_agreed(before, go_on(before, _said("2026-11-05", user, **fields)).history[-1])


@pytest.mark.parametrize("channel", list(Channel))
def test_a_no_to_any_channel_is_taken_back_by_two_people_only(channel: Channel) -> None:
    """Nobody alone, not the same person twice, and not by way of a "not known" in between."""
    unsafe = go_on(CASE, _said(**{channel.value: "no"}))
    unknown_since = go_on(unsafe, _said(**{channel.value: "unknown"}))
    proposed = go_on(unknown_since, _proposed("rosa", **{channel.value: "yes"}))

    may = [_answer(each, user, **{channel.value: "yes"}) for each, user in (
        (unsafe, "rosa"), (unknown_since, "rosa"), (unknown_since, "imran"), (proposed, "rosa"), (proposed, "imran"),
    )]  # fmt: skip

    assert may == [False, False, False, False, True]
    assert waiting(proposed) == {channel.value: {"rosa"}}


def test_tightening_and_first_answers_are_anybodys() -> None:
    """What nobody said no to takes one person, and a no always does."""
    assert _answer(CASE, "rosa", text="yes")
    assert _answer(go_on(CASE, _said(email="yes")), "rosa", email="no", phone="unknown")


def test_a_proposal_counts_once_and_only_for_what_it_named() -> None:
    """After the answer it is used up; a new no asks two people anew."""
    unsafe = go_on(CASE, _said(post="no", email="no", must_not_know=True, child_knows_address="yes"))
    proposed = go_on(unsafe, _proposed("rosa", post="yes"))
    answered = go_on(proposed, _said("2026-11-05", "imran", post="yes"), _said("2026-11-06", "imran", post="no"))

    assert _answer(proposed, "imran", post="yes")
    assert not _answer(proposed, "imran", post="yes", email="yes")
    assert not _answer(proposed, "imran", must_not_know=False)
    assert not _answer(proposed, "imran", child_knows_address="no")
    assert not _answer(answered, "imran", post="yes")
    assert waiting(answered) == {}


def test_a_new_address_is_a_new_question() -> None:
    """The no was about the old one; a confirmation of the old one changes nothing."""
    unsafe = go_on(CASE, _said(post="no"))
    moved = go_on(unsafe, step("contact_details_changed", "2026-11-04", channel="post", change="new", reachable="post"))
    same = go_on(unsafe, step("contact_details_changed", "2026-11-04", channel="post", change="confirmed"))
    from_police = go_on(unsafe, step("contact_details_changed", "2026-11-04", reachable="post"))

    assert [_answer(each, "rosa", post="yes") for each in (moved, same, from_police)] == [True, False, False]


def test_what_police_send_is_taken_without_what_it_would_loosen() -> None:
    """Their no counts, their yes to what the victim refused does not."""
    unsafe = go_on(CASE, _said(post="no", phone="yes"))

    taken = tightened(unsafe, {"post": "yes", "phone": "no", "said_by": "police"})

    assert loosened(unsafe, {"post": "yes", "phone": "no"}) == ("post",)
    assert taken == {"phone": "no", "said_by": "police"}


def test_a_letter_takes_two_where_the_permission_file_says_so() -> None:
    """For a victim under 18, after a hold was cleared, and by a manager; each can be left out."""
    looked: dict[str, Any] = {"letter": "L-1", "kind": "L01", "holds": "address_shared", "words": "N-1"}
    by_two = [step("letter_clearance_given", "2026-11-04", user=user, **looked) for user in ("rosa", "imran")]

    adult = letter_conditions(CASE, "L-1", "post", Role.PRACTITIONER, LETTER_CONDITIONS)
    child = letter_conditions(CHILD, "L-1", "post", Role.PRACTITIONER, LETTER_CONDITIONS)
    cleared = letter_conditions(go_on(CASE, *by_two), "L-1", "post", Role.MANAGER, LETTER_CONDITIONS)
    none = letter_conditions(go_on(CHILD, *by_two), "L-1", "post", Role.MANAGER, ())

    assert (adult, child, cleared, none) == ((), ("under_18",), ("hold_cleared", "by_manager"), ())


@pytest.mark.parametrize("table", ['letter_sent = ["under_18"]', 'letter_approved = ["x"]'])
def test_a_condition_nobody_knows_stops_the_start(table: str) -> None:
    """By its name."""
    import tomllib

    document = tomllib.loads(f"actions = {{}}\nevents = {{}}\nroutes = {{}}\nexports = {{}}\n[two_people]\n{table}")

    with pytest.raises(ValueError, match="two_people"):
        parse_permissions(document)
