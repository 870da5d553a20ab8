"""Holds the walls: for whoever is behind one, a case answers as if it did not exist, on every surface."""

import re
import statistics
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from engine.assigning import claim_next
from engine.desk import open_file, queue_lines
from engine.entries import Actor, Entry
from engine.errors import NotFound
from engine.house import House
from engine.post import list_letters
from engine.record import record
from engine.reports import compliance
from engine.searching import Asked, search
from engine.walls import as_seen_by, declare, lift, set_up, standing
from engine.worklist import numbers
from store.tables import VictimCase
from store.unseen import without
from tests.conftest import NOW
from tests.edge.commands import Commands
from tests.edge.test_access_matrix import add_people, bare, give
from tests.edge.web_visitors import Visitor, new_case, on_one_database, practitioner_on
from workflow.machine import NotAllowed
from workflow.permissions import NotPermitted
from workflow.views import View
from workflow.vocabulary import Role

ROSA, IMRAN = Actor("rosa", Role.PRACTITIONER), Actor("imran", Role.PRACTITIONER)
MORGAN, MAREN = Actor("morgan", Role.MANAGER), Actor("maren", Role.MANAGER)
MISSING = "VC-0000-0000"


def test_a_case_behind_a_wall_answers_on_every_page_and_form_as_one_that_is_not_there(house: House) -> None:
    """Status, headers and every byte but the nonce and the address that was asked for."""
    case, visitor = _ready(house), practitioner_on(house)
    letter = next(each.letter_id for each in list_letters(house) if each.reference == case)
    set_up(house, case, "rosa", "conflict", MORGAN, NOW)
    token = visitor.token()

    answers = {
        path: (_both(visitor, path, case, letter, ""), _both(visitor, path, case, letter, token)) for path in _SURFACES
    }

    for path, (reading, sending) in answers.items():
        assert reading[0] == reading[1], path
        assert sending[0] == sending[1], path
    assert answers["/cases/{}"][0][0][0] == 404


_SURFACES = (
    "/cases/{}",
    "/cases/{}/record",
    "/cases/{}/record/note_written",
    "/cases/{}/open",
    "/cases/{}/conflict",
    "/cases/{}/take",
    "/letters/[]",
    "/letters/[]/page",
    "/letters/[]/approve",
)


def _both(visitor: Visitor, path: str, case: str, letter: str, token: str) -> list[tuple[Any, ...]]:
    form = {"form_token": token, "key": "k", "seen": "3", "note": "x", "read": "yes", "reason": "x", "words": "x"}
    return [
        bare(visitor.send(address, form) if token else visitor.get(address))
        for address in (
            path.replace("{}", case).replace("[]", letter),
            path.replace("{}", MISSING).replace("[]", "L-NOTTHERE"),
        )
    ]


def test_lists_counts_and_figures_leave_it_out_before_they_count(house: House) -> None:
    """The queue and its numbers, the letters, the search, the figures of compliance and what can be claimed."""
    case, other = _ready(house), _ready(house, submission_id="W-2", incident__crime_reference="26000000002/26")
    set_up(house, case, "rosa", "conflict", MORGAN, NOW)
    seen = as_seen_by(house, "rosa")
    days = (NOW.date().replace(day=1), NOW.date())

    everything = search(house, Asked(name="Example"), "supervision", MORGAN, NOW)
    found = search(seen, Asked(name="Example"), "", ROSA, NOW)
    direct = search(seen, Asked(reference=case), "", ROSA, NOW)
    rows = compliance(seen, *days, NOW)["rules"]

    assert {hit.reference for hit in everything.hits} == {case, other}
    assert [hit.reference for hit in found.hits] == [other]
    assert direct.hits == []
    assert [line["case"] for line in queue_lines(seen, None, NOW)] == [other]
    assert (numbers(house, "rosa", NOW)[View.TEAM], numbers(seen, "rosa", NOW)[View.TEAM]) == (2, 1)
    assert {letter.reference for letter in list_letters(seen)} == {other}
    assert case not in str(rows)
    assert claim_next(seen, ROSA, NOW) == other
    assert claim_next(seen, ROSA, NOW) is None


def test_the_engine_refuses_by_itself_whoever_calls_it(house: House) -> None:
    """The command line and the door are callers like the pages; the words are those of a case that is not there."""
    case = _ready(house)
    set_up(house, case, "rosa", "conflict", MORGAN, NOW)
    note = [Entry("note_written", {"note": "x"})]

    refusals = []
    for reference in (case, MISSING):
        for act in (
            lambda ref: open_file(house, ref, ROSA, NOW),
            lambda ref: record(house, ref, note, actor=ROSA, now=NOW),
            lambda ref: declare(house, ref, ROSA, NOW),
        ):
            with pytest.raises(NotFound) as refusal:
                act(reference)
            refusals.append(str(refusal.value))

    assert set(refusals) == {"There is no such case."}
    assert _reads(house, MORGAN) == []


@on_one_database
def test_the_command_line_in_somebodys_name_sees_what_they_see(house: House, tmp_path: Path) -> None:
    """``case``, ``record`` and ``letter approve`` with ``--as``, and the queue of a user."""
    case = _ready(house)
    letter = next(each.letter_id for each in list_letters(house))
    set_up(house, case, "rosa", "conflict", MORGAN, NOW)
    run = Commands(tmp_path)

    answers = {
        ref: [
            run("case", ref, "--as", "rosa"),
            run("record", ref, "note_written", "--as", "rosa"),
            run("letter", "approve", letter if ref == case else "L-NOTTHERE", "--as", "rosa"),
        ]
        for ref in (case, MISSING)
    }
    queue = run("queue", "--practitioner", "rosa", "--json")

    assert [_said(each) for each in answers[case]] == [_said(each) for each in answers[MISSING]]
    assert case not in _said(queue)[1]


@on_one_database
@pytest.mark.parametrize(
    "words",
    [
        ("audit", "--from", "2026-11-01", "--to", "2026-11-30"),
        ("funnel", "--from", "2026-11-01", "--to", "2026-11-30"),
        ("kpi", "--quarter", "2026-Q4"),
        ("alike",),
    ],
)
def test_figures_and_likenesses_in_somebodys_name_leave_out_what_they_may_not_see(
    house: House, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """Both as the machine gives them and as a manager behind the wall asks for them: no reference, and no count."""
    add_people(house)
    case = _ready(house)
    new_case(house, submission_id="TWIN-1", incident__crime_reference="26000000077/26")
    run = Commands(tmp_path)
    before = run(*words, "--json", "--as", "maren").stdout
    set_up(house, case, "maren", "conflict", MORGAN, NOW)

    seen, whole = run(*words, "--json", "--as", "maren"), run(*words, "--json")

    assert (seen.exit_code, whole.exit_code) == (0, 0)
    assert case not in seen.stdout
    assert whole.stdout == before
    assert (case in whole.stdout) == (words[0] in ("audit", "alike"))
    assert seen.stdout != before or words[0] == "kpi"


def _said(done: Any) -> tuple[int, str, str]:
    return done.exit_code, done.stdout, done.stderr


def test_the_worker_of_a_child_is_kept_out_of_every_case_of_the_child_also_of_later_ones(house: House) -> None:
    """The wall stands at the child, so that a victim whom police name next month is behind it at once."""
    first = _ready(house)
    set_up(house, first, "rosa", "childs_worker", MORGAN, NOW)

    later = new_case(house, submission_id="W-3", incident__crime_reference="26000000003/26")
    another = new_case(
        house,
        submission_id="W-4",
        incident__crime_reference="26000000004/26",
        incident__children=[{"reference": "CH-2", "given_name": "Kit", "family_name": "Other"}],
    )
    seen = as_seen_by(house, "rosa")

    assert [line["case"] for line in queue_lines(seen, None, NOW)] == [another]
    assert standing(house, MORGAN)[0].wall.cases == tuple(sorted((first, later)))


def test_the_childs_worker_keeps_none_of_the_childs_cases_and_is_given_none(house: House) -> None:
    """What they had goes back to the team, and nobody can hand them one by mistake."""
    first = _ready(house)
    other = new_case(house, submission_id="W-6", incident__crime_reference="26000000006/26")
    give(house, other, "rosa")

    set_up(house, first, "rosa", "childs_worker", MORGAN, NOW)
    with pytest.raises(NotAllowed, match="may not have this case"):
        record(house, first, [Entry("case_assigned", {"to": "rosa"})], actor=MORGAN, now=NOW)

    assert open_file(house, other, MORGAN, NOW).case.assignee == ""


def test_whoever_declares_a_conflict_loses_the_case_to_the_team_at_once(house: House) -> None:
    """The case is not left with somebody who may not see it, and its history says so without saying why they know."""
    case = _ready(house)
    give(house, case, "rosa")

    declare(house, case, ROSA, NOW)
    file = open_file(house, case, IMRAN, NOW)

    assert file.case.assignee == ""
    assert queue_lines(as_seen_by(house, "rosa"), None, NOW) == []
    assert [each.wall.user for each in standing(house, MORGAN)] == ["rosa"]


def test_a_wall_falls_only_by_a_third_person_and_with_a_reason(house: House) -> None:
    """Neither whoever it keeps out nor whoever set it lifts it; whoever it keeps out does not even see it."""
    add_people(house)
    case = _ready(house)
    set_up(house, case, "morgan", "conflict", MAREN, NOW)
    wall = standing(house, MAREN)[0].wall.wall_id
    dana = Actor("dana", Role.DATA_LEAD)

    for who, refusal in ((MORGAN, NotFound), (MAREN, NotAllowed), (ROSA, NotPermitted)):
        with pytest.raises(refusal):
            lift(house, wall, "wrong_person", who, NOW)
    assert standing(house, MORGAN) == []
    lift(house, wall, "wrong_person", dana, NOW)

    assert open_file(house, case, MORGAN, NOW).case.reference == case


def test_a_withdrawal_still_reaches_the_cases_that_whoever_took_it_may_not_see(house: House) -> None:
    """A wall hides from people; what protects the victim goes past it."""
    case = _ready(house)
    twin = new_case(house, submission_id="W-5", incident__crime_reference="26000000005/26")
    set_up(house, twin, "rosa", "conflict", MORGAN, NOW)

    record(house, case, [Entry("consent_withdrawn", {"part": "all"})], actor=ROSA, now=NOW)

    with house.writing() as connection:
        both = connection.execute(select(col(VictimCase.reference))).scalars().all()
    assert {case, twin} == set(both)
    assert open_file(house, twin, MORGAN, NOW).case.reference == twin


@on_one_database
def test_the_answer_takes_as_long_as_for_a_case_that_is_not_there(house: House) -> None:
    """The median over many tries differs by less than five milliseconds (F43)."""
    case, visitor = _ready(house), practitioner_on(house)
    set_up(house, case, "rosa", "conflict", MORGAN, NOW)
    times: dict[str, list[float]] = {case: [], MISSING: []}

    for _ in range(60):
        for reference, taken in times.items():
            began = time.perf_counter()
            visitor.get(f"/cases/{reference}")
            taken.append(time.perf_counter() - began)

    assert abs(statistics.median(times[case]) - statistics.median(times[MISSING])) < 0.005


@on_one_database
def test_a_statement_is_narrowed_in_its_subqueries_too_and_stays_as_it_was_itself(house: House) -> None:
    """Whoever writes the next query need not think of walls."""
    inner = select(col(VictimCase.case_id)).where(col(VictimCase.force) == "x").subquery()
    query = select(inner.c.case_id)

    narrowed = str(without(query, (7,)))

    assert "NOT IN" in re.sub(r"\s+", " ", narrowed)
    assert "NOT IN" not in str(query)


def _ready(house: House, **changes: Any) -> str:
    case = new_case(house, **changes)
    record(house, case, [Entry("triage_completed")], actor=ROSA, now=NOW)
    return case


def _reads(house: House, actor: Actor) -> list[str]:
    from engine.reading_log import reads

    return [each.reference for each in reads(house, actor)]
