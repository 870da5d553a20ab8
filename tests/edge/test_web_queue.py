"""Proves the pages of the queue: views with their counts, filters that stay, cases that change hands, and cover."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from engine.assigning import assign
from engine.entries import Actor, Entry
from engine.house import House
from engine.intake.receive import receive
from engine.record import record
from store import accounts
from tests.conftest import NOW
from tests.edge.consent_records import child_record
from tests.edge.web_visitors import Visitor, new_case, on_one_database, practitioner_on
from web.desk.filters import person_code
from workflow.case import TEAM
from workflow.vocabulary import Role

MORGAN = Actor("morgan", Role.MANAGER)
ROSA = Actor("rosa", Role.PRACTITIONER)


def _case(house: House, number: int, owner: str = "", **changes: Any) -> str:
    reference = new_case(house, submission_id=f"Q-{number}", incident__crime_reference=f"26{number}/26", **changes)
    if owner:
        assign(house, reference, owner, "", MORGAN, NOW)
    return reference


def _tabs(page: str) -> dict[str, int]:
    found = re.findall(r'moj-sub-navigation__link"[^>]*>([^<]+) <span class="vc-tab-count">\((\d+)\)', page)
    return {unescape(label): int(number) for label, number in found}


def _shown(page: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r'govuk-!-font-weight-bold" href="/cases/([^"]+)"', page)))


def test_every_view_has_its_count_and_shows_what_it_counts(house: House) -> None:
    mine, theirs, nobodys = _case(house, 1, "rosa"), _case(house, 2, "imran"), _case(house, 3)
    held = _case(house, 4, "rosa")
    record(house, held, [Entry("hold_placed", {"reason": "police", "until": "2026-12-01"})], actor=ROSA, now=NOW)
    visitor = practitioner_on(house)

    page = visitor.get("/queue").text

    assert _tabs(page) == {
        "Mine": 1, "Team": 3, "Nobody has them": 1, "On hold": 1, "Waiting on others": 0, "Done today": 1
    }  # fmt: skip
    assert _shown(page) == [mine]
    assert set(_shown(visitor.get("/queue?view=team").text)) == {mine, theirs, nobodys}
    assert _shown(visitor.get("/queue?view=unassigned").text) == [nobodys]
    on_hold = visitor.get("/queue?view=hold").text
    assert _shown(on_hold) == [held]
    assert "Tue 1 Dec 2026" in on_hold
    done = visitor.get("/queue?view=done").text
    assert _shown(done) == [held]
    assert "Hold placed" in done


def test_a_hold_whose_day_has_come_is_back_among_mine_with_a_mark(house: House) -> None:
    other, held = _case(house, 1, "rosa"), _case(house, 2, "rosa")
    record(house, held, [Entry("hold_placed", {"reason": "illness", "until": "2026-12-01"})], actor=ROSA, now=NOW)
    visitor = practitioner_on(house)
    visitor.travel_to(NOW + timedelta(days=8))
    visitor.sign_in("rosa")

    page = visitor.get("/queue").text

    assert _shown(page) == [held, other]
    assert page.count("Hold ended") == 1
    assert _tabs(page)["On hold"] == 0


def test_filters_narrow_a_view_and_stay_while_one_works(house: House) -> None:
    _case(house, 1, "rosa")
    child = receive(house, child_record(force="derbyshire"), "derbyshire", "opt_in", NOW).case_reference
    assert child is not None
    assign(house, child, "rosa", "", MORGAN, NOW)
    visitor = practitioner_on(house)

    narrowed = visitor.get("/queue?view=mine&child=1").text
    visitor.get(f"/cases/{child}")
    back = visitor.get("/queue").text
    everything = visitor.get("/queue?view=mine").text

    assert _shown(narrowed) == _shown(back) == [child]
    assert "<strong>1</strong> of 2 cases" in back
    assert 'class="vc-chip" href="/queue?view=mine"' in back
    assert len(_shown(everything)) == 2
    assert _shown(visitor.get("/queue").text) == _shown(everything)


def test_a_filter_is_kept_for_one_session_only(house: House) -> None:
    _case(house, 1, "rosa")
    first = practitioner_on(house)
    first.get("/queue?view=hold")
    second = practitioner_on(house, first.site)

    assert "On hold" in re.findall(r'aria-current="page"[^>]*>([^<]+) <', first.get("/queue").text)[-1]
    assert len(_shown(second.get("/queue").text)) == 1


@on_one_database
@pytest.mark.parametrize(
    "query",
    ["view=nowhere", "tier=9", "tier=x", "action=steal", "within=-1", "within=7000", "whose=nobody-here", "page=0",
     "page=99999", "page=x", "overdue=maybe", "view=team&whose=me&tier=2&within=0&overdue=1&enhanced=1&child=1"],
)  # fmt: skip
def test_an_address_that_asks_for_what_is_not_there_shows_what_is(house: House, query: str) -> None:
    _case(house, 1, "rosa")

    answer = practitioner_on(house).get(f"/queue?{query}")

    assert answer.status_code == 200


@on_one_database
def test_no_address_of_the_queue_names_a_member_of_staff(house: House) -> None:
    _case(house, 1, "imran")
    manager = practitioner_on(house, user="morgan")

    page = manager.get(f"/queue?view=team&whose={person_code('imran')}").text
    hrefs = re.findall(r'(?:href|value|action)="([^"]*)"', page)

    assert len(_shown(page)) == 1
    assert [each for each in hrefs if "imran" in each or "rosa" in each] == []


def test_the_next_case_opens_with_a_press_and_a_second_press_opens_the_same(house: House) -> None:
    references = {_case(house, number) for number in range(3)}
    visitor = practitioner_on(house)
    sent = visitor.hidden("/queue", "/queue/claim")

    first, second = visitor.send("/queue/claim", sent), visitor.send("/queue/claim", sent)
    others = [visitor.fill("/queue", "/queue/claim", {}).headers["location"] for _ in range(3)]

    assert first.headers["location"] == second.headers["location"]
    opened = {first.headers["location"], *others[:2]}
    assert opened == {f"/cases/{reference}?recorded=case_assigned" for reference in references}
    assert others[2] == "/queue?taken=none"
    assert "No case waits for somebody now." in visitor.get("/queue?taken=none").text


def test_chosen_cases_are_looked_at_before_they_move_and_what_did_not_is_explained(house: House) -> None:
    cases = [_case(house, number, "rosa") for number in range(3)]
    manager = practitioner_on(house, user="morgan")
    chosen = [f"{case} {person_code('rosa')}" for case in cases]
    token = manager.token()

    looked = manager.send("/queue/move", {"form_token": token, "case": chosen})
    assign(house, cases[0], "imran", "workload", MORGAN, NOW)
    form = {"form_token": token, "key": "k", "case": chosen, "to": person_code("imran"), "reason": "leaving"}
    moved, again = manager.send("/queue/moved", form), manager.send("/queue/moved", form)

    assert "Hand over 3 cases" in looked.text
    assert "They are with: Rosa Example. Nothing has moved yet." in looked.text
    assert "2 cases handed over to Imran Example." in unescape(moved.text)
    assert "1 case not" in moved.text
    assert "Imran Example has this case now." in moved.text
    assert again.text.count("Imran Example has this case now.") == 1
    assert {line["owner"] for line in _lines(house)} == {"imran"}


def _lines(house: House) -> list[dict[str, Any]]:
    from engine.worklist import queue_page

    return queue_page(house, None, NOW).lines


def test_all_cases_of_somebody_who_left_are_found_and_move_at_once(house: House) -> None:
    cases = {_case(house, number, "imran") for number in range(3)}
    with house.writing() as connection:
        accounts.change_user(connection, house.service, "imran", disabled_at=NOW)
    manager = practitioner_on(house, user="morgan")
    form = {"form_token": manager.token(), "owner": person_code("imran")}

    adrift, people = manager.get("/queue?view=adrift").text, manager.get("/queue/people").text
    looked = manager.send("/queue/move", form).text
    moved = manager.send("/queue/moved", {**form, "key": "k", "to": person_code(TEAM), "reason": "leaving"}).text

    assert set(_shown(adrift)) == cases
    assert "Imran Example" in adrift
    assert "Can no longer sign in" in people
    assert "Hand over 3 cases" in looked
    assert "3 cases handed over to Nobody yet." in moved
    assert {line["owner"] for line in _lines(house)} == {TEAM}


def test_a_practitioner_hands_over_their_own_and_nobody_elses(house: House) -> None:
    own, other = _case(house, 1, "rosa"), _case(house, 2, "imran")
    rosa = practitioner_on(house)
    chosen = [f"{own} {person_code('rosa')}", f"{other} {person_code('imran')}"]
    form = {"form_token": rosa.token(), "key": "k", "case": chosen, "to": person_code("morgan"), "reason": "workload"}

    page, moved = rosa.get("/queue/people").text, rosa.send("/queue/moved", form).text

    assert "Hand over all" not in page
    assert "1 case handed over to Morgan Example." in moved
    assert "Imran Example has this case now." in moved
    assert {line["case"]: line["owner"] for line in _lines(house)} == {own: "morgan", other: "imran"}


@on_one_database
@pytest.mark.parametrize(
    ("missing", "said"),
    [({"to": ""}, "Select who is to have the cases"), ({"reason": "spite"}, "Select why they change hands")],
)
def test_who_and_why_are_asked_for_before_anything_moves(house: House, missing: dict[str, str], said: str) -> None:
    case = _case(house, 1, "rosa")
    manager = practitioner_on(house, user="morgan")
    form = {"key": "k", "case": f"{case} {person_code('rosa')}", "to": person_code("imran"), "reason": "workload"}

    answer = manager.send("/queue/moved", {"form_token": manager.token(), **form, **missing})
    nothing = manager.send("/queue/move", {"form_token": manager.token()})

    assert answer.status_code == 422
    assert said in answer.text
    assert nothing.status_code == 422
    assert "Choose at least one case first." in nothing.text
    assert [line["owner"] for line in _lines(house)] == ["rosa"]


def test_cover_is_kept_shown_and_ended(house: House) -> None:
    case = _case(house, 1, "imran")
    imran = practitioner_on(house, user="imran")
    days = {
        "from-day": "23",
        "from-month": "11",
        "from-year": "2026",
        "to-day": "27",
        "to-month": "11",
        "to-year": "2026",
    }

    kept = imran.fill("/queue/cover", "/queue/cover", {"deputy": person_code("rosa"), **days})
    rosa = practitioner_on(house, imran.site)
    mine, people = rosa.get("/queue").text, rosa.get("/queue/people").text
    hers = rosa.get("/queue/cover").text
    ended = imran.fill("/queue/cover", _ending(imran), {})

    assert kept.headers["location"] == "/queue/cover?kept=1"
    assert _shown(mine) == [case]
    assert "Covering for Imran Example" in mine
    assert "Away now; Rosa Example stands in" in people
    assert "23 November 2026 to 27 November 2026" in hers
    assert "End now" not in hers
    assert ended.headers["location"] == "/queue/cover?ended=1"
    assert _shown(rosa.get("/queue").text) == []


def _ending(visitor: Visitor) -> str:
    found = re.search(r'action="(/queue/cover/\d+/end)"', visitor.get("/queue/cover").text)
    assert found is not None
    return found[1]


@on_one_database
def test_a_cover_that_makes_no_sense_is_explained_and_what_was_typed_stays(house: House) -> None:
    manager = practitioner_on(house, user="morgan")
    days = {
        "from-day": "31",
        "from-month": "2",
        "from-year": "2026",
        "to-day": "27",
        "to-month": "11",
        "to-year": "2026",
    }

    wrong_day = manager.fill("/queue/cover", "/queue/cover", {"away": person_code("imran"), **days})
    backwards = manager.fill(
        "/queue/cover",
        "/queue/cover",
        {"away": person_code("imran"), "deputy": person_code("rosa"), **days, "from-day": "28", "from-month": "11"},
    )

    assert wrong_day.status_code == backwards.status_code == 422
    assert "The first day away must be a real date" in wrong_day.text
    assert "Select who stands in" in wrong_day.text
    assert 'value="31"' in wrong_day.text
    assert "The last day comes before the first." in backwards.text


@on_one_database
def test_a_practitioner_says_only_who_stands_in_for_themselves(house: House) -> None:
    rosa = practitioner_on(house)
    days = {
        "from-day": "23",
        "from-month": "11",
        "from-year": "2026",
        "to-day": "27",
        "to-month": "11",
        "to-year": "2026",
    }

    rosa.fill("/queue/cover", "/queue/cover", {"away": person_code("imran"), "deputy": person_code("morgan"), **days})

    page = rosa.get("/queue/cover").text
    assert "Who is away" not in page
    assert re.search(r'role="cell">Rosa Example', page)


def test_work_on_a_case_that_moved_on_is_refused_on_the_form_and_names_who_has_it(house: House) -> None:
    case = _case(house, 1, "rosa")
    visitor = practitioner_on(house)
    path = f"/cases/{case}/record/triage_completed"
    sent = visitor.hidden(path, path)
    assign(house, case, "imran", "workload", MORGAN, NOW)

    answers = [visitor.send(path, sent), visitor.send(path, {**sent, "key": "another"})]

    for answer in answers:
        assert answer.status_code in (403, 409)
        assert "Imran Example" in answer.text
    assert [line["action"] for line in _lines(house)] == ["triage"]
