"""Feedback and complaints through the one door, the outcomes page, and what leaves the house of them."""

import csv
import io
import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.desk import queue_lines
from engine.entries import Actor, Entry
from engine.errors import BadConfiguration, NotFound, WrongInput
from engine.house import House, read_rules
from engine.outcomes import as_csv, outcomes_of, record_said, withdraw_said
from engine.record import record
from engine.settings import Settings
from store import people
from tests.conftest import NOW, settings_for
from tests.edge.commands import Commands
from tests.edge.consent_records import consent_record
from tests.edge.faults.soundness import faults
from tests.edge.faults.town import case, case_key
from tests.edge.web_visitors import Visitor, new_case, on_one_database, practitioner_on
from workflow.machine import NotAllowed
from workflow.permissions import NotPermitted
from workflow.vocabulary import Role

ROSA, IMRAN = Actor("rosa", Role.PRACTITIONER), Actor("imran", Role.PRACTITIONER)
MORGAN = Actor("morgan", Role.MANAGER)
SHEET = {"round": "two_weeks", "form": "adult"}
START, END = date(2026, 11, 1), date(2026, 12, 31)
WORDS = "She saw him by the bus stop near her flat."


def _asked(house: House, reference: str, by: str = "imran") -> None:
    fields = {**SHEET, "time": "first", "channel": "phone", "asked_by": by}
    record(house, reference, [Entry("triage_completed"), Entry("feedback_asked", fields)], actor=ROSA, now=NOW)


def _given(house: House, reference: str, **answers: str | int | bool) -> None:
    record(house, reference, [Entry("feedback_given", {**SHEET, **answers})], actor=IMRAN, now=NOW)


def test_an_answer_of_danger_is_on_the_list_in_the_moment_it_is_recorded(house: House) -> None:
    reference = new_case(house)
    _asked(house, reference)

    _given(house, reference, feels_safe=1, listened_to="no", note=WORDS)

    told = case(house, reference)
    raised = told.last("feedback_raised_concern")
    assert raised is not None
    assert (raised.by, raised.text("concern"), raised.items("about")) == ("system", "unsafe", ("feels_safe",))
    (line,) = [each for each in queue_lines(house, None, NOW, None) if each["case"] == reference]
    assert (line["action"], line["tier"], line["due_on"]) == ("feedback_unsafe", 0, "2026-11-24")
    record(house, reference, [Entry("feedback_acted_on", {"concern": "unsafe", "done": "safety_looked_at"})],
           actor=ROSA, now=NOW)  # fmt: skip
    (line,) = [each for each in queue_lines(house, None, NOW, None) if each["case"] == reference]
    assert line["action"] != "feedback_unsafe"
    assert faults(house, NOW, {reference}) == []


def test_their_own_words_are_sealed_and_the_history_has_codes_alone(house: House) -> None:
    reference = new_case(house)
    _asked(house, reference)

    _given(house, reference, felt_safer="yes", themes="safety", may_quote=True, note=WORDS)

    key = case_key(house, reference)
    with house.reading() as connection:
        victim = people.find(connection, house.keyring, key.person_id)
        notes = people.notes(connection, victim, key.case_id)
    event = case(house, reference).history[-1]
    assert notes[event.text("note")] == WORDS
    assert WORDS not in json.dumps([dict(each.fields) for each in case(house, reference).history])
    assert case(house, reference).of("feedback_raised_concern") == ()


def test_only_somebody_who_works_here_asks_for_feedback_or_deals_with_a_complaint(house: House) -> None:
    reference = new_case(house)
    record(house, reference, [Entry("triage_completed"), Entry("complaint_received", {"about_worker": "rosa"})],
           actor=MORGAN, now=NOW)  # fmt: skip
    asked = {**SHEET, "time": "first", "channel": "phone"}

    for name in ("nobody", "sergeant"):
        with pytest.raises(WrongInput, match="somebody who works here"):
            record(house, reference, [Entry("feedback_asked", {**asked, "asked_by": name})], actor=ROSA, now=NOW)
        with pytest.raises(WrongInput, match="somebody who works here"):
            record(house, reference, [Entry("complaint_assigned", {"to": name})], actor=MORGAN, now=NOW)
    with pytest.raises(NotAllowed, match="about that worker"):
        record(house, reference, [Entry("complaint_assigned", {"to": "rosa"})], actor=MORGAN, now=NOW)
    with pytest.raises(NotPermitted):
        record(house, reference, [Entry("complaint_assigned", {"to": "morgan"})], actor=ROSA, now=NOW)
    with pytest.raises(NotAllowed, match="about you"):
        record(house, reference, [Entry("complaint_acknowledged")], actor=ROSA, now=NOW)

    record(house, reference, [Entry("complaint_assigned", {"to": "morgan"})], actor=MORGAN, now=NOW)
    assert case(house, reference).states["complaint"] == "open"


def test_a_colleague_records_the_feedback_on_a_case_that_is_not_theirs(house: House) -> None:
    reference = new_case(house)
    record(house, reference, [Entry("triage_completed"), Entry("case_assigned", {"to": "rosa"})], actor=ROSA, now=NOW)

    asked = {**SHEET, "time": "first", "channel": "phone", "asked_by": "imran"}
    record(house, reference, [Entry("feedback_asked", asked)], actor=IMRAN, now=NOW)
    _given(house, reference, felt_safer="yes")

    assert case(house, reference).assignee == "rosa"
    with pytest.raises(NotAllowed, match="has this case now"):
        record(house, reference, [Entry("support_reviewed")], actor=IMRAN, now=NOW)


def test_outcomes_are_counted_from_the_cases_and_what_is_shared_hides_the_small_ones(house: House) -> None:
    for number in range(3):
        reference = new_case(house, submission_id=f"DRB-{number}", incident__crime_reference=f"26{number:09}/26")
        _asked(house, reference)
        _given(house, reference, felt_safer="yes" if number else "no")
    record_said(house, MORGAN, "safety", "Some did not feel safe at the bus stop.", "=We meet people there.",
                date(2026, 11, 20), NOW)  # fmt: skip

    found = outcomes_of(house, START, END, NOW, share=False)
    shared = outcomes_of(house, START, END, NOW, share=True)

    line = next(
        r for r in found["questions"] if (r["question"], r["round"], r["form"]) == ("felt_safer", "two_weeks", "")
    )
    assert line["rate"] == {"numerator": 2, "denominator": 3, "percent": 67}
    assert found["concerns"][1] == {"concern": "negative", "raised": 1, "acted_on": 0}
    assert found["said_and_done"][0]["did"] == "=We meet people there."
    assert {row["asked"] for row in shared["rounds"]} == {None, 0}
    rows = list(csv.reader(io.StringIO(as_csv(shared))))
    assert ["Do you feel safer than before we were in touch?", "two_weeks", "not shown"] in [row[:3] for row in rows]
    assert any(row[:2] == ["Some did not feel safe at the bus stop.", "'=We meet people there."] for row in rows)
    assert outcomes_of(house, END, END, NOW, share=False)["rounds"][1]["asked"] == 0
    with pytest.raises(WrongInput, match="before it begins"):
        outcomes_of(house, END, START, NOW, share=False)


def test_what_was_done_is_taken_down_by_a_manager_and_can_be_taken_back(house: House) -> None:
    with pytest.raises(NotPermitted):
        record_said(house, ROSA, "pace", "Too fast.", "We wait.", date(2026, 11, 20), NOW)
    for theme, said, did, day in (
        ("nothing", "a", "b", date(2026, 11, 20)),
        ("pace", " ", "b", date(2026, 11, 20)),
        ("pace", "a", "b" * 401, date(2026, 11, 20)),
        ("pace", "a", "b", date(2026, 11, 24)),
    ):
        with pytest.raises(WrongInput):
            record_said(house, MORGAN, theme, said, did, day, NOW)
    record_said(house, MORGAN, "pace", "Too fast.", "We wait.", date(2026, 11, 20), NOW)
    (kept,) = outcomes_of(house, START, END, NOW, share=True)["said_and_done"]

    withdraw_said(house, MORGAN, kept["number"], NOW)

    assert outcomes_of(house, START, END, NOW, share=True)["said_and_done"] == []
    with pytest.raises(NotFound):
        withdraw_said(house, MORGAN, kept["number"], NOW)


def test_a_manager_sees_the_outcomes_and_takes_down_what_was_done(house: House) -> None:
    reference = new_case(house)
    _asked(house, reference)
    _given(house, reference, felt_safer="yes", feels_safe=2)
    visitor = Visitor(house)
    visitor.sign_in("morgan")

    shown = visitor.get("/outcomes").text
    form = {"theme": "safety", "said": "I was afraid.", "did": "We <meet> people.", "done_on-day": "20",
            "done_on-month": "11", "done_on-year": "2026"}  # fmt: skip
    wrong = visitor.fill("/outcomes", "/outcomes/said", {**form, "done_on-day": "31"})
    done = visitor.fill("/outcomes", "/outcomes/said", form)
    again = visitor.get("/outcomes").text
    download = visitor.get("/outcomes.csv")

    assert "1 of 1 (100%)" in shown
    assert "<strong>1</strong> said that they do not feel safe; 0 of 1 acted on" in shown
    assert "Increased sense of safety, 94%" in shown
    assert (wrong.status_code, done.status_code) == (422, 303)
    assert "I was afraid." in wrong.text
    assert "We &lt;meet&gt; people." in again
    assert download.headers["content-disposition"] == 'attachment; filename="outcomes.csv"'
    assert "not shown" in download.text
    number = re.search(r"/outcomes/said/(\d+)/withdraw", again)
    assert number is not None
    path = f"/outcomes/said/{number[1]}/withdraw"
    assert visitor.fill("/outcomes", path, {}).status_code == 303
    assert "I was afraid." not in visitor.get("/outcomes").text
    assert visitor.fill("/outcomes", "/outcomes/said", form).status_code == 303


@on_one_database
def test_a_period_that_is_none_is_refused_in_words(house: House) -> None:
    visitor = Visitor(house)
    visitor.sign_in("morgan")

    assert visitor.get("/outcomes?from=2026-12-01&to=2026-11-01").status_code == 422
    assert visitor.get("/outcomes?from=2026-02-31").status_code == 422
    assert visitor.get("/outcomes.csv?from=2026-02-31").status_code == 422
    assert visitor.fill("/outcomes", "/outcomes/said", {"theme": "", "said": "", "did": ""}).status_code == 422


@on_one_database
@pytest.mark.parametrize(
    ("changes", "words", "absent"),
    [
        ({}, "Are you less fearful than before we were in touch?", "Are you less scared"),
        ({"victim__kind": "child"}, "Are you less scared than before we talked?", "Are you less fearful"),
    ],
)
def test_the_sheet_asks_in_the_words_of_whom_it_is_for(
    house: House, changes: dict[str, str], words: str, absent: str
) -> None:
    if changes:
        from engine.intake.receive import receive
        from tests.edge.consent_records import child_record

        reference = receive(house, child_record(force="derbyshire"), "derbyshire", "opt_in", NOW).case_reference
    else:
        reference = new_case(house)
    visitor = practitioner_on(house)

    page = visitor.get(f"/cases/{reference}/record/feedback_given").text

    assert words in page
    assert absent not in page


def test_a_file_of_questions_that_cannot_be_used_stops_the_start(tmp_path: Path) -> None:
    from dataclasses import replace
    from shutil import copytree

    settings: Settings = settings_for("sqlite://", tmp_path)
    copytree(settings.home / "config", tmp_path / "config")
    copytree(settings.home / "templates", tmp_path / "templates")
    (tmp_path / "config" / "feedback.toml").write_text('[[question]]\ncode = "happy"\n', encoding="utf-8")

    with pytest.raises(BadConfiguration, match=r"feedback.toml: question.0.code"):
        read_rules(replace(settings, home=tmp_path))


def test_the_command_says_each_share_with_its_count(tmp_path: Path) -> None:
    run = Commands(tmp_path)
    file = run.folder / "records.jsonl"
    file.write_text(json.dumps(consent_record(submission_id="DRB-1", force="derbyshire")), encoding="utf-8")
    reference = run.json("import", str(file), "--force", "derbyshire")["rows"][0]["case_reference"]
    run("record", reference, "triage_completed")
    sheet = ("--field", "round=two_weeks", "--field", "form=adult", "--field", "felt_safer=yes")
    assert run("record", reference, "feedback_given", *sheet).exit_code == 0

    period = ("--from", "2026-11-01", "--to", "2026-12-01")
    plain, table = run("outcomes", *period), run("outcomes", *period, "--csv")
    found = run.json("outcomes", *period)

    assert "1 of 1 (100%)" in plain.stdout
    assert "not shown" in table.stdout
    assert next(r for r in found["questions"] if r["question"] == "felt_safer")["rate"]["denominator"] == 1
    assert run.json("outcomes", *period, "--share")["rounds"][1]["asked"] is None
    assert run("outcomes", "--from", "2026-12-01", "--to", "2026-11-01").exit_code == 2


def test_nobody_is_reminded_twice_and_the_second_time_has_its_own_day(house: House) -> None:
    reference = new_case(house)
    _asked(house, reference)
    later = NOW + timedelta(days=15)
    again = {**SHEET, "time": "reminder", "channel": "phone", "asked_by": "imran"}

    record(house, reference, [Entry("feedback_asked", again)], actor=ROSA, now=later)

    with pytest.raises(NotAllowed, match="once more as a reminder"):
        record(house, reference, [Entry("feedback_asked", again)], actor=ROSA, now=later)
    assert outcomes_of(house, START, END, later, share=False)["rounds"][1]["asked"] == 1
