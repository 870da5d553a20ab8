"""Versions of the tables compared in words, cases placed under other tables, and histories read after a change."""

import json
from dataclasses import replace

import pytest

from tests.core.histories import contact_due, engaged, go_on, history, step
from tests.core.test_duties import CALENDAR, RULEBOOK, day
from tests.other_tables import JOURNEY, OURS, POLICE, VIEWS, second_set
from workflow.case import Case
from workflow.duties import duties
from workflow.events import Event
from workflow.machine import NotAllowed
from workflow.placed import as_placed, changes_of, fields_of
from workflow.table_changes import difference, has_moved_since, kept, placing
from workflow.table_mapping import BadMapping, mapping_of
from workflow.tables import PRESENT

SECOND = second_set()
ALL = (VIEWS, JOURNEY, OURS, POLICE)


def _moved(case: Case, run: int, back: int | None = None, **changes: dict[str, str]) -> Case:
    """The case after a move as the store keeps it: nothing before is touched."""
    last = case.history[-1]
    fields: dict[str, str | int] = {"run": run, "from": "a", "to": "b", **fields_of(changes)}
    if back is not None:
        fields["undoes"] = back
    now = {track: names.get(str(case.states[track]), str(case.states[track])) for track, names in changes.items()}
    states = {**case.states, **now}
    event = Event(last.seq + 1, "tables_migrated", last.at, last.recorded_at, "clock", fields, reached=states)
    return Case(case.reference, (*case.history, event))


def test_the_tables_survive_as_data_and_equal_tables_do_not_differ() -> None:
    document = json.loads(json.dumps(kept(PRESENT.tables)))

    assert difference(document, kept(PRESENT.tables)) == ()
    assert {table["track"] for table in document["tables"]} == {str(table.track) for table in PRESENT.tables}
    assert SECOND.version != PRESENT.version


def test_every_difference_is_said_in_words_and_nothing_else() -> None:
    found = difference(kept(PRESENT.tables), kept(SECOND.tables))

    words = {(each.track, each.words) for each in found}
    assert ("views", "The state invited is new.") in words
    assert ("views", "The state asked is gone.") in words
    assert ("journey", "The state uncontactable is gone.") in words
    assert ("journey", "attempts_exhausted in attempting: it is not possible any more.") in words
    assert any(
        track == "support" and said.startswith("support_referred in not discussed") and "referred by us" in said
        for track, said in words
    )
    assert {each.track for each in found} == {"views", "journey", "support"}


def test_a_question_that_is_asked_or_no_longer_asked_is_a_difference_of_a_guard() -> None:
    lenient = [
        replace(table, moves=tuple(replace(each, only_if=()) if each.event == "triage_completed" else each
                                   for each in table.moves))
        for table in PRESENT.tables
    ]  # fmt: skip

    looser = difference(kept(PRESENT.tables), kept(lenient))
    stricter = difference(kept(lenient), kept(PRESENT.tables))

    assert {(each.what, each.how) for each in looser} == {("guard", "removed")}
    assert {(each.what, each.how) for each in stricter} == {("guard", "added")}
    assert all("triage_completed in intake check" in each.words for each in looser)


def test_a_case_stays_is_moved_or_cannot_be_placed_and_is_told_why() -> None:
    plain = history(contact_due("2026-11-02"))
    asked = go_on(plain, step("views_asked", "2026-11-03"))

    stays, moves = placing(plain, SECOND.known, ALL), placing(asked, SECOND.known, ALL)
    nameless = placing(asked, SECOND.known, ())
    astray = placing(asked, SECOND.known, (replace(VIEWS, now="nowhere"),))

    assert (stays.outcome, stays.states) == ("stays", plain.states)
    assert (moves.outcome, moves.states["views"]) == ("moves", "invited")
    assert moves.words == ("Views goes from asked to invited: It is called so from now on.",)
    assert (nameless.outcome, astray.outcome) == ("cannot", "cannot")
    assert nameless.words == (
        "Views is asked, a state that the tables no longer have, and the mapping does not name it.",
    )
    assert "nowhere" in astray.words[0]


@pytest.mark.parametrize(("by", "now"), [("yjs", "referred_by_us"), ("police", "referred_by_police")])
def test_a_state_is_split_by_what_the_case_itself_says(by: str, now: str) -> None:
    case = history(engaged("2026-11-02"), step("support_referred", "2026-11-03", by=by, outcome="referred"))

    found = placing(case, SECOND.known, ALL)

    assert found.states["support"] == now
    assert placing(case, SECOND.known, (replace(OURS, where=(("by", "nobody"),)),)).outcome == "cannot"


def test_what_stands_in_a_state_that_is_gone_takes_a_withdrawal_and_nothing_else() -> None:
    case = go_on(history(contact_due("2026-11-02")), step("views_asked", "2026-11-03"))
    last = case.history[-1]
    note = Event(last.seq + 1, "note_written", last.at, last.at, "rosa", {})
    no = Event(last.seq + 1, "consent_withdrawn", last.at, last.at, "rosa", {"part": "all"})

    with pytest.raises(NotAllowed, match="a state that this release no longer has"):
        SECOND.reached(case, note)
    states = SECOND.reached(case, no)

    assert SECOND.possible(case) == {"consent_withdrawn"}
    assert (states["journey"], states["consent"]) == ("closed", "withdrawn")


def test_a_withdrawal_closes_a_case_whose_state_of_the_journey_is_gone() -> None:
    case = history(contact_due("2026-11-02"))
    last = case.history[-1]
    lost = Case(
        case.reference, (*case.history[:-1], replace(last, reached={**last.reached, "journey": "uncontactable"}))
    )
    no = Event(last.seq + 1, "consent_withdrawn", last.at, last.at, "rosa", {"part": "all"})

    states = SECOND.reached(lost, no)

    assert (states["journey"], states["consent"]) == ("closed", "withdrawn")


def test_a_renaming_begins_no_duty_and_ends_none() -> None:
    case = history(contact_due("2026-11-02"))
    # As a release would find it that had another name for the state in which contact is due.
    old = Case(case.reference, tuple(replace(e, reached={**e.reached, "journey": _old(e)}) for e in case.history))

    moved = _moved(old, 1, journey={"call_them": "contact_due"})
    read = Case(case.reference, as_placed(moved.history))

    def owed(each: Case) -> list[tuple[object, ...]]:
        found = duties(each, RULEBOOK, CALENDAR, day("2026-11-20"))
        return [(duty.rule.id, duty.occurrence, duty.due_on, duty.verdict) for duty in found]

    assert owed(read) == owed(case)
    assert read.state == case.state


def _old(event: Event) -> str:
    state = str(event.reached["journey"])
    return "call_them" if state == "contact_due" else state


def test_a_move_that_was_taken_back_changes_nothing_that_was_before_it() -> None:
    case = go_on(history(contact_due("2026-11-02")), step("views_asked", "2026-11-03"))
    merged = _moved(case, 1, views={"asked": "not_reached"})

    back = _moved(merged, 2, back=1, views={"not_reached": "asked"})
    again = _moved(back, 3, views={"asked": "invited"})

    assert [e.reached["views"] for e in as_placed(back.history)][: len(case.history)] == [
        e.reached["views"] for e in case.history
    ]
    assert as_placed(again.history)[len(case.history) - 1].reached["views"] == "invited"
    assert changes_of(again.history[-1]) == {"views": {"asked": "invited"}}


def test_a_note_is_no_move_and_a_change_of_state_is() -> None:
    case = go_on(history(contact_due("2026-11-02")), step("views_asked", "2026-11-03"))
    moved = _moved(case, 1, views={"asked": "asked"})

    noted = go_on(moved, step("note_written", "2026-11-04"))
    heard = go_on(moved, step("views_recorded", "2026-11-04", outcome="given"))

    assert not has_moved_since(noted, moved.history[-1])
    assert has_moved_since(heard, moved.history[-1])


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"track": "nowhere"}, "move.0.track"),
        ({"from": ""}, "move.0.from"),
        ({"to": None}, "move.0.to"),
        ({"reason": 7}, "move.0.reason"),
        ({"because": "x"}, "move.0.because"),
        ({"when": "always"}, "move.0.when"),
        ({"when": {"event": "nothing"}}, "move.0.when.event"),
        ({"when": {"event": "support_referred", "where": {"colour": "red"}}}, "move.0.when.where.colour"),
    ],
)
def test_a_faulty_line_of_the_mapping_is_named_with_its_place(change: dict[str, object], path: str) -> None:
    line = {"track": "views", "from": "asked", "to": "invited", "reason": "So.", **change}

    with pytest.raises(BadMapping) as fault:
        mapping_of({"move": [line]})

    assert fault.value.path == path
