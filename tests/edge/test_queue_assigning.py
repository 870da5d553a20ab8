"""Proves who gets which case: claimed once, handed over with a reason, covered for a while, and refused by name."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from engine.assigning import assign, cases_of, claim_next, cover, covers_standing, end_cover, move, take
from engine.entries import Actor, Entry
from engine.errors import WrongInput
from engine.house import House
from engine.post import approve
from engine.record import record
from engine.worklist import queue_page, who_has_what
from store import accounts
from tests.conftest import NOW
from tests.edge.faults.soundness import faults
from tests.edge.faults.town import ROSA, case, kinds, letters_of, ready, take_in, together
from workflow.case import TEAM
from workflow.london import london_day
from workflow.machine import NotAllowed
from workflow.permissions import NotPermitted
from workflow.views import View
from workflow.vocabulary import Role

pytest_plugins = ["tests.edge.faults.fixtures"]

IMRAN, MORGAN = Actor("imran", Role.PRACTITIONER), Actor("morgan", Role.MANAGER)
TODAY = london_day(NOW)
WORK = [Entry("attempt_made", {"channel": "phone", "outcome": "no_answer"})]


def _given(town: House, number: int, to: Actor) -> str:
    reference = ready(town, number, NOW)
    take(town, reference, to, NOW)
    return reference


def _mine(town: House, user: str, days: int = 0) -> list[str]:
    return [line["case"] for line in queue_page(town, View.MINE, NOW + timedelta(days=days), user=user).lines]


def test_the_next_case_is_the_first_of_those_that_nobody_has(town: House) -> None:
    for number in range(4):
        take_in(town, number, NOW - timedelta(days=number))
    waiting = [line["case"] for line in queue_page(town, View.UNASSIGNED, NOW).lines]

    claimed = [claim_next(town, ROSA, NOW) for _ in range(5)]

    assert claimed == [*waiting, None]
    assert set(_mine(town, "rosa")) == set(waiting)


def test_people_who_claim_at_once_never_get_the_same_case(town: House) -> None:
    references = {take_in(town, number, NOW) for number in range(12)}

    def claims(user: str) -> Callable[[], list[str | None]]:
        actor = Actor(user, Role.PRACTITIONER if user != "morgan" else Role.MANAGER)
        return lambda: [claim_next(town, actor, NOW) for _ in range(5)]

    got = together([claims("rosa"), claims("imran"), claims("morgan")])

    claimed = [reference for each in got for reference in each if reference]
    assert sorted(claimed) == sorted(references)
    for reference in references:
        assert kinds(town, reference).count("case_assigned") == 1
    assert faults(town, NOW) == []


def test_the_button_pressed_twice_claims_once(town: House) -> None:
    for number in range(3):
        take_in(town, number, NOW)

    twice = together([lambda: claim_next(town, ROSA, NOW, "one"), lambda: claim_next(town, ROSA, NOW, "one")])

    assert twice[0] == twice[1] == claim_next(town, ROSA, NOW, "one")
    assert len(_mine(town, "rosa")) == 1


def test_work_on_a_case_that_a_colleague_has_by_now_is_refused_and_says_who_has_it(town: House) -> None:
    reference = _given(town, 1, ROSA)
    assign(town, reference, "imran", "workload", ROSA, NOW)
    (letter,) = letters_of(town, reference)
    before = kinds(town, reference)

    with pytest.raises(NotAllowed, match=r"^Imran Example has this case now\. Nothing was recorded\.$"):
        record(town, reference, WORK, actor=ROSA, now=NOW)
    with pytest.raises(NotAllowed, match="Imran Example has this case now"):
        approve(town, letter.letter_id, ROSA, NOW)

    assert kinds(town, reference) == before
    record(town, reference, WORK, actor=IMRAN, now=NOW)
    record(town, reference, WORK, actor=MORGAN, now=NOW)


def test_what_protects_the_victim_is_taken_from_anybody(town: House) -> None:
    reference = _given(town, 1, IMRAN)

    record(
        town, reference, [Entry("hold_placed", {"reason": "safeguarding", "until": "2026-12-01"})], actor=ROSA, now=NOW
    )
    record(town, reference, [Entry("consent_withdrawn", {"part": "all"})], actor=ROSA, now=NOW)

    assert case(town, reference).states["consent"] == "withdrawn"
    assert case(town, reference).assignee == "imran"


def test_what_was_done_before_the_case_moved_on_is_answered_as_done(town: House) -> None:
    reference = _given(town, 1, ROSA)
    record(town, reference, WORK, actor=ROSA, now=NOW, key="once")
    assign(town, reference, "imran", "workload", ROSA, NOW)

    again = record(town, reference, WORK, actor=ROSA, now=NOW, key="once")

    assert again.repeated
    assert kinds(town, reference).count("attempt_made") == 1


@pytest.mark.parametrize(
    ("holder", "actor", "to", "reason", "fault"),
    [
        ("", ROSA, "imran", "", NotPermitted),
        ("imran", ROSA, "rosa", "workload", NotAllowed),
        ("rosa", ROSA, "imran", "", WrongInput),
        ("rosa", ROSA, "nobody-here", "workload", WrongInput),
        ("rosa", ROSA, "rosa", "workload", NotAllowed),
        ("", MORGAN, TEAM, "", NotAllowed),
    ],
    ids=["gives-away-the-team's", "takes-a-colleague's", "no-reason", "unknown", "same", "team-to-team"],
)
def test_a_case_changes_hands_only_by_who_may_and_with_a_reason(
    town: House, holder: str, actor: Actor, to: str, reason: str, fault: type[Exception]
) -> None:
    reference = ready(town, 1, NOW)
    if holder:
        assign(town, reference, holder, "", MORGAN, NOW)

    with pytest.raises(fault):
        assign(town, reference, to, reason, actor, NOW)

    assert case(town, reference).assignee == holder


@pytest.mark.parametrize(
    ("holder", "actor", "to"),
    [
        ("", MORGAN, "imran"),
        ("imran", MORGAN, "rosa"),
        ("rosa", ROSA, "imran"),
        ("rosa", ROSA, TEAM),
        ("rosa", MORGAN, TEAM),
    ],
)
def test_a_manager_gives_anybodys_case_and_a_practitioner_their_own(
    town: House, holder: str, actor: Actor, to: str
) -> None:
    reference = ready(town, 1, NOW)
    if holder:
        assign(town, reference, holder, "", MORGAN, NOW)

    assign(town, reference, to, "workload" if holder else "", actor, NOW)

    (line,) = queue_page(town, None, NOW).lines
    assert (line["owner"], line["days_owner"]) == (to, 0)
    assert faults(town, NOW) == []


def test_somebody_who_may_no_longer_sign_in_gets_no_case(town: House) -> None:
    reference = ready(town, 1, NOW)
    with town.writing() as connection:
        accounts.change_user(connection, town.service, "imran", disabled_at=NOW)

    with pytest.raises(WrongInput, match="who may sign in"):
        assign(town, reference, "imran", "", MORGAN, NOW)


def test_all_cases_of_somebody_move_at_once_but_those_that_changed_hands_since(town: House) -> None:
    references = [_given(town, number, ROSA) for number in range(5)]
    seen = dict.fromkeys(cases_of(town, "rosa"), "rosa")
    assign(town, references[0], TEAM, "workload", ROSA, NOW)

    moved = move(town, seen, "imran", "leaving", MORGAN, NOW, "key")
    again = move(town, seen, "imran", "leaving", MORGAN, NOW, "key")

    assert {each.reference for each in moved if not each.why_not} == set(references[1:])
    assert [(each.reference, each.why_not) for each in moved if each.why_not] == [
        (references[0], "Nobody has this case now.")
    ]
    assert again == moved
    assert kinds(town, references[1]).count("case_assigned") == 2
    assert set(_mine(town, "imran")) == set(references[1:])
    assert faults(town, NOW) == []


def test_a_practitioner_who_moves_many_moves_only_their_own(town: House) -> None:
    own, other = _given(town, 1, ROSA), _given(town, 2, IMRAN)

    moved = move(town, {own: "rosa", other: "imran"}, "morgan", "workload", ROSA, NOW, "key")

    assert [(each.reference, each.why_not) for each in moved] == [
        (own, ""),
        (other, "Imran Example has this case now. Nothing was recorded."),
    ]


def test_a_deputy_sees_and_does_the_work_of_who_is_away_on_these_days_and_no_row_changes(town: House) -> None:
    reference = _given(town, 1, IMRAN)
    with town.reading() as connection:
        rows = connection.execute(text("SELECT * FROM action")).all()

    cover(town, "imran", "rosa", TODAY + timedelta(days=1), TODAY + timedelta(days=2), MORGAN, NOW)

    assert [_mine(town, "rosa", days) for days in range(4)] == [[], [reference], [reference], []]
    (line,) = queue_page(town, View.MINE, NOW + timedelta(days=1), user="rosa").lines
    assert (line["covering_for"], line["owner"]) == ("imran", "imran")
    assert _mine(town, "imran", 1) == [reference]
    with town.reading() as connection:
        assert connection.execute(text("SELECT * FROM action")).all() == rows
    for days, allowed in ((0, False), (1, True), (3, False)):
        entries = [Entry("needs_recorded", {"language": "en"})]
        if allowed:
            record(town, reference, entries, actor=ROSA, now=NOW + timedelta(days=days))
        else:
            with pytest.raises(NotAllowed, match="Imran Example has this case now"):
                record(town, reference, entries, actor=ROSA, now=NOW + timedelta(days=days))
    assert case(town, reference).assignee == "imran"


def test_a_cover_that_is_ended_early_is_over_at_once(town: House) -> None:
    _given(town, 1, IMRAN)
    kept = cover(town, "imran", "rosa", TODAY, TODAY + timedelta(days=9), IMRAN, NOW)
    assert len(_mine(town, "rosa")) == 1

    end_cover(town, kept.cover_id, MORGAN, NOW)

    assert _mine(town, "rosa") == []
    assert covers_standing(town, NOW) == []


@pytest.mark.parametrize(
    ("away", "deputy", "first", "last", "actor", "fault"),
    [
        ("imran", "rosa", 1, 0, MORGAN, WrongInput),
        ("imran", "rosa", -3, -1, MORGAN, WrongInput),
        ("imran", "imran", 0, 1, MORGAN, WrongInput),
        ("imran", "nobody-here", 0, 1, MORGAN, WrongInput),
        (TEAM, "rosa", 0, 1, MORGAN, WrongInput),
        ("imran", "rosa", 0, 1, ROSA, NotPermitted),
        ("imran", "rosa", 5, 6, MORGAN, NotAllowed),
        ("rosa", "imran", 5, 6, MORGAN, NotAllowed),
        ("morgan", "rosa", 5, 6, MORGAN, None),
        ("morgan", "imran", 5, 6, MORGAN, NotAllowed),
    ],
)
def test_a_cover_that_makes_no_sense_is_refused(
    town: House, away: str, deputy: str, first: int, last: int, actor: Actor, fault: type[Exception] | None
) -> None:
    cover(
        town,
        "imran",
        "morgan" if away != "morgan" else "rosa",
        TODAY + timedelta(days=4),
        TODAY + timedelta(days=8),
        MORGAN,
        NOW,
    )
    days = TODAY + timedelta(days=first), TODAY + timedelta(days=last)

    if fault is None:
        assert cover(town, away, deputy, *days, actor, NOW).deputy == deputy
    else:
        with pytest.raises(fault):
            cover(town, away, deputy, *days, actor, NOW)

    assert len(covers_standing(town, NOW)) == (2 if fault is None else 1)


def test_two_covers_for_one_person_at_once_become_one(town: House) -> None:
    def covers(deputy: str) -> Callable[[], bool]:
        def deed() -> bool:
            try:
                cover(town, "imran", deputy, TODAY, TODAY, MORGAN, NOW)
            except NotAllowed:
                return False
            return True

        return deed

    done = together([covers("rosa"), covers("morgan")])

    assert sorted(done) == [False, True]
    assert len(covers_standing(town, NOW)) == 1


def test_the_cases_of_who_left_and_of_nobody_are_listed(town: House) -> None:
    left, nobodys = _given(town, 1, IMRAN), ready(town, 2, NOW)
    _given(town, 3, ROSA)
    with town.writing() as connection:
        accounts.change_user(connection, town.service, "imran", disabled_at=NOW)

    adrift = {line["case"] for line in queue_page(town, View.ADRIFT, NOW).lines}
    rows = {row["owner"]: (row["cases"], row["is_gone"]) for row in who_has_what(town, NOW)}

    assert adrift == {left, nobodys}
    assert rows == {TEAM: (1, False), "imran": (1, True), "rosa": (1, False), "morgan": (0, False)}


def test_what_was_done_today_is_listed_for_whoever_did_it(town: House) -> None:
    reference, other = _given(town, 1, ROSA), _given(town, 2, IMRAN)
    record(town, reference, WORK, actor=ROSA, now=NOW)

    mine, all_ = queue_page(town, View.DONE, NOW, user="rosa"), queue_page(town, View.DONE, NOW)
    tomorrow = queue_page(town, View.DONE, NOW + timedelta(days=1))

    assert {line["case"] for line in mine.lines} >= {reference}
    assert next(line for line in mine.lines if line["case"] == reference)["done"][0]["event"] == "attempt_made"
    assert {line["case"] for line in all_.lines} == {reference, other}
    assert tomorrow.lines == []
