"""Feedback: who may ask, how often, which answers raise a concern; and outcomes that never stand without a count."""

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.core.histories import SCOPE, Steps, contact_due, engaged, go_on, history, step
from tests.core.test_duties import day, only, owed
from workflow.actions import next_action
from workflow.case import Case
from workflow.catalogue import CATALOGUE
from workflow.catalogue.feedback import CHOICES, FORMS, ROUNDS, SCALES
from workflow.duties import duties
from workflow.events import Event
from workflow.feedback import BadFeedback, forms_of
from workflow.machine import NotAllowed
from workflow.outcomes import outcomes, published
from workflow.vocabulary import Verdict

FILE = Path(__file__).parents[2] / "config" / "feedback.toml"
DOCUMENT: Mapping[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
QUESTIONS = forms_of(DOCUMENT)
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def asked(when: str, round_: str = "two_weeks", time: str = "first", by: str = "imran", form: str = "adult") -> Steps:
    """Feedback was asked for by telephone."""
    return step("feedback_asked", when, round=round_, form=form, time=time, channel="phone", asked_by=by)


def given(when: str, round_: str = "two_weeks", form: str = "adult", **answers: Any) -> Steps:
    """Feedback was given."""
    return step("feedback_given", when, round=round_, form=form, **answers)


def concerned(when: str, concern: str = "negative") -> Steps:
    """What the door records after a sheet that raises a concern."""
    return step("feedback_raised_concern", when, entry=1, concern=concern, about="listened_to")


# Who asks, and how often


def test_feedback_is_asked_once_and_once_more_as_a_reminder() -> None:
    case = history(engaged("2026-03-02"), asked("2026-04-01"))

    with pytest.raises(NotAllowed, match="once more as a reminder"):
        go_on(case, asked("2026-04-02"))
    reminded = go_on(case, asked("2026-04-15", time="reminder"))

    with pytest.raises(NotAllowed, match="once more as a reminder"):
        go_on(reminded, asked("2026-04-20", time="reminder"))
    assert go_on(reminded, asked("2026-05-20", "six_to_eight_weeks")).version == reminded.version + 1
    with pytest.raises(NotAllowed, match="once more as a reminder"):
        go_on(case, asked("2026-05-20", "six_to_eight_weeks", time="reminder"))


@pytest.mark.parametrize(
    "answer",
    [
        given("2026-04-02", listened_to="yes"),
        step("feedback_declined", "2026-04-02", round="two_weeks", form="adult"),
    ],
)
def test_nobody_is_reminded_of_what_they_have_answered(answer: Steps) -> None:
    case = history(engaged("2026-03-02"), asked("2026-04-01"), answer)

    with pytest.raises(NotAllowed, match="They have answered"):
        go_on(case, asked("2026-04-15", time="reminder"))

    assert only(case, "feedback-reminder", "2026-05-01").verdict is Verdict.MET


def test_whoever_led_the_work_does_not_ask_for_feedback_and_another_does() -> None:
    case = history(
        engaged("2026-03-02"),
        step("restorative_information_given", "2026-03-02", how="phone"),
        step("conversation_recorded", "2026-03-02", views="given", wants_updates=True, wants_support=False,
             explained=True),
        step("restorative_offered", "2026-03-02", invited=True),
        step("restorative_answered", "2026-03-02", answer="yes", kind="shuttle"),
        step("preparation_step_taken", "2026-03-03", user="rosa", side="victim", step="met"),
    )  # fmt: skip

    with pytest.raises(NotAllowed, match="somebody else asks"):
        go_on(case, asked("2026-04-01", by="rosa"))

    assert go_on(case, asked("2026-04-01", by="imran")).version == case.version + 1


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (step("consent_withdrawn", "2026-03-05", part="anonymous_feedback"), "do not want to be asked"),
        (step("safety_recorded", "2026-03-05", phone="no", post="yes", said_by="victim"), "not known to be safe"),
        (step("hold_placed", "2026-03-05", reason="illness", until="2026-06-01"), "on hold"),
    ],
)
def test_feedback_is_not_asked_for_where_the_victim_may_not_or_will_not_be_asked(before: Steps, words: str) -> None:
    case = history(engaged("2026-03-02"), before)

    with pytest.raises(NotAllowed, match=words):
        go_on(case, asked("2026-04-01"))


def test_a_sheet_says_something_and_keeps_to_its_scale() -> None:
    case = history(engaged("2026-03-02"))

    with pytest.raises(NotAllowed, match="at least one answer"):
        go_on(case, given("2026-04-01", may_quote=True))
    with pytest.raises(NotAllowed, match="from 0 to 10"):
        go_on(case, given("2026-04-01", feels_safe=11))

    assert go_on(case, given("2026-04-01", feels_safe=0)).last("feedback_given") is not None


# What an answer brings about


@pytest.mark.parametrize(
    ("answers", "concern", "about"),
    [
        ({"feels_safe": 3}, "unsafe", ("feels_safe",)),
        ({"feels_safe": 4}, "negative", ("feels_safe",)),
        ({"feels_safe": 5, "listened_to": "partly"}, "", ()),
        ({"feels_safe": 10, "listened_to": "no"}, "negative", ("listened_to",)),
        ({"free_choice": "partly"}, "negative", ("free_choice",)),
        ({"feels_safe": 0, "listened_to": "no"}, "unsafe", ("feels_safe",)),
        ({"is_affected": 10}, "", ()),
        ({"told_of_completion": "not_applicable"}, "", ()),
    ],
)
def test_an_answer_raises_the_heavier_concern_or_none(
    answers: dict[str, Any], concern: str, about: tuple[str, ...]
) -> None:
    case = history(engaged("2026-03-02"), given("2026-04-01", **answers))

    found = QUESTIONS.concern(case.history[-1])

    assert found == (concern, about)


def test_not_feeling_safe_comes_before_everything_and_is_due_on_the_next_working_day() -> None:
    case = history(engaged("2026-03-02"), concerned("2026-04-01 10:00", "unsafe"))

    duty = only(case, "feedback-unsafe", "2026-04-01")
    action = _next(case)

    assert (duty.due_on, action.name, action.tier) == (day("2026-04-02"), "feedback_unsafe", 0)
    done = go_on(case, step("feedback_acted_on", "2026-04-01 11:00", concern="unsafe", done="safety_looked_at"))
    assert only(done, "feedback-unsafe", "2026-04-02").verdict is Verdict.MET
    assert _next(done).name != "feedback_unsafe"


def test_not_feeling_safe_is_not_answered_by_what_was_done_about_something_else() -> None:
    case = history(engaged("2026-03-02"), concerned("2026-04-01", "unsafe"), concerned("2026-04-01", "negative"))

    done = go_on(case, step("feedback_acted_on", "2026-04-01", concern="negative", done="apologised"))

    assert only(done, "feedback-unsafe", "2026-04-02").verdict is Verdict.DUE_TODAY
    assert only(done, "feedback-negative", "2026-04-02").verdict is Verdict.MET


def test_a_negative_answer_is_a_deadline_from_its_first_day_also_when_the_case_is_closed() -> None:
    case = history(engaged("2026-03-02"), step("case_closed", "2026-03-20", reason="completed_informed"),
                   concerned("2026-04-01"))  # fmt: skip

    action = _next(case)

    assert (action.name, action.tier, action.due_on) == ("feedback_negative", 2, day("2026-04-10"))


def test_nothing_is_acted_on_that_nobody_said() -> None:
    case = history(engaged("2026-03-02"))

    with pytest.raises(NotAllowed, match="No feedback raised"):
        go_on(case, step("feedback_acted_on", "2026-04-01", concern="unsafe", done="nothing_wanted"))


def _next(case: Case) -> Any:
    from tests.core.test_duties import CALENDAR, RULEBOOK

    action = next_action(case, duties(case, RULEBOOK, CALENDAR, case.history[-1].day))
    assert action is not None
    return action


# Complaints


def test_a_complaint_goes_from_stage_to_stage_and_ends() -> None:
    case = history(contact_due("2026-03-02"), step("complaint_received", "2026-03-03"))
    seen = [case.states["complaint"]]

    steps: tuple[tuple[str, dict[str, Any]], ...] = (
        ("complaint_acknowledged", {}),
        ("complaint_answered", {"outcome": "not_upheld"}),
        ("complaint_escalated", {"to": "stage_two"}),
        ("complaint_acknowledged", {}),
        ("complaint_answered", {"outcome": "partly_upheld"}),
        ("complaint_escalated", {"to": "ombudsman"}),
        ("complaint_closed", {"how": "ombudsman_decided"}),
    )
    for kind, fields in steps:
        case = go_on(case, step(kind, "2026-03-04", **fields))
        seen.append(case.states["complaint"])

    assert seen == ["open", "acknowledged", "answered", "stage_two", "stage_two_acknowledged", "stage_two_answered",
                    "ombudsman", "closed"]  # fmt: skip
    assert case.state == "contact_due"
    assert go_on(case, step("complaint_received", "2026-04-01")).states["complaint"] == "open"


def test_each_stage_has_its_own_clock_and_none_runs_on_after_a_complaint_is_withdrawn() -> None:
    case = history(contact_due("2026-03-02"), step("complaint_received", "2026-03-03"),
                   step("complaint_answered", "2026-03-10", outcome="not_upheld"),
                   step("complaint_escalated", "2026-03-16", to="stage_two"))  # fmt: skip

    withdrawn = go_on(case, step("complaint_closed", "2026-03-17", how="withdrawn"))

    assert only(case, "complaint-stage-two-first-word", "2026-03-17").due_on == day("2026-03-19")
    assert only(case, "complaint-stage-two-answer", "2026-03-17").due_on == day("2026-04-15")
    assert only(case, "complaint-answer", "2026-03-17").verdict is Verdict.MET
    assert only(withdrawn, "complaint-stage-two-answer", "2026-04-20").verdict is Verdict.LAPSED
    early = history(contact_due("2026-03-02"), step("complaint_received", "2026-03-03"),
                    step("complaint_closed", "2026-03-04", how="settled"))  # fmt: skip
    assert {owed(early, rule, "2026-05-01")[0].verdict for rule in (
        "complaint-first-word", "complaint-answer", "complaint-acknowledgement", "complaint-response"
    )} == {Verdict.LAPSED}  # fmt: skip


def test_nobody_deals_with_a_complaint_about_themselves() -> None:
    case = history(contact_due("2026-03-02"), step("complaint_received", "2026-03-03", about_worker="rosa"))

    with pytest.raises(NotAllowed, match="about that worker"):
        go_on(case, step("complaint_assigned", "2026-03-04", to="rosa"))
    with pytest.raises(NotAllowed, match="about you"):
        go_on(case, step("complaint_acknowledged", "2026-03-04", user="rosa"))
    with pytest.raises(NotAllowed, match="offer the victim a different one"):
        go_on(case, step("complaint_answered", "2026-03-04", user="morgan", outcome="upheld"))

    case = go_on(case, step("complaint_assigned", "2026-03-04", to="morgan"),
                 step("different_worker_offered", "2026-03-04", answer="accepted"))  # fmt: skip
    with pytest.raises(NotAllowed, match="about you"):
        go_on(case, step("complaint_answered", "2026-03-05", user="rosa", outcome="upheld"))
    assert (
        go_on(case, step("complaint_answered", "2026-03-05", user="morgan", outcome="upheld")).states["complaint"]
        == "answered"
    )


def test_a_complaint_without_an_answer_is_closed_only_by_whoever_made_it() -> None:
    case = history(contact_due("2026-03-02"), step("complaint_received", "2026-03-03"))

    with pytest.raises(NotAllowed, match="no answer yet"):
        go_on(case, step("complaint_closed", "2026-03-04", how="answered"))

    assert go_on(case, step("complaint_closed", "2026-03-04", how="withdrawn")).states["complaint"] == "closed"


# Outcomes


def _answers(*values: str | None) -> list[Case]:
    """Cases asked after two weeks, each with its answer to one question, or none."""
    made = []
    for value in values:
        case = history(engaged("2026-03-02"), asked("2026-04-01"))
        made.append(go_on(case, given("2026-04-02", felt_safer=value)) if value else case)
    return made


def _line(found: Mapping[str, Any], code: str = "felt_safer", form: str = "") -> Mapping[str, Any]:
    return next(r for r in found["questions"] if (r["question"], r["round"], r["form"]) == (code, "two_weeks", form))


def test_a_share_says_how_many_were_asked_and_how_many_answered() -> None:
    cases = _answers("yes", "yes", "partly", "no", "not_applicable", None)

    found = outcomes(cases, QUESTIONS, *YEAR)

    line = _line(found)
    assert (line["asked"], line["answered"], line["positive"], line["negative"]) == (6, 4, 2, 1)
    assert line["rate"] == {"numerator": 2, "denominator": 4, "percent": 50}
    assert found["rounds"][1] == {"round": "two_weeks", "asked": 6, "answered": 5, "declined": 0, "no_answer": 1}
    assert _line(found, form="organisation")["asked"] == 0
    assert _line(found, form="organisation")["rate"] == {"numerator": 0, "denominator": 0, "percent": None}


def test_whoever_was_not_asked_in_the_period_does_not_count_in_it() -> None:
    early = history(engaged("2025-03-03"), asked("2025-12-31"), given("2026-01-02", felt_safer="yes"))

    found = outcomes([early], QUESTIONS, *YEAR)

    assert found["rounds"][1]["asked"] == 0
    assert outcomes([early], QUESTIONS, date(2025, 1, 1), date(2025, 12, 31))["rounds"][1]["answered"] == 1


def test_safety_is_compared_only_where_somebody_said_it_before_and_after() -> None:
    both = history(
        engaged("2026-03-02"), given("2026-03-02", "before", feels_safe=4), given("2026-04-01", feels_safe=8)
    )
    once = history(engaged("2026-03-02"), given("2026-04-01", feels_safe=8))

    found = outcomes([both, once], QUESTIONS, *YEAR)

    assert found["safety"] == {"both": 1, "safer": 1, "same": 0, "less_safe": 0}


def test_a_complaint_is_counted_and_is_no_feedback() -> None:
    case = history(contact_due("2026-03-02"), step("complaint_received", "2026-03-03"),
                   step("complaint_answered", "2026-03-05", outcome="upheld"))  # fmt: skip

    found = outcomes([case], QUESTIONS, *YEAR)

    assert found["complaints"] == {"received": 1, "upheld": 1, "partly_upheld": 0, "not_upheld": 0, "stage_two": 0,
                                   "ombudsman": 0}  # fmt: skip
    assert [row["asked"] for row in found["rounds"]] == [0, 0, 0]


@pytest.mark.parametrize(
    "values",
    [
        ["yes"] * 3,
        ["yes"] * 20 + ["no"] * 3,
        ["yes"] * 20 + [None] * 2,
        ["yes"] * 4 + ["no"] * 20,
        ["partly"] * 1 + ["yes"] * 9 + ["no"] * 9,
    ],
)
def test_no_small_number_can_be_read_or_worked_out_of_what_is_shared(values: list[str | None]) -> None:
    found = published(outcomes(_answers(*values), QUESTIONS, *YEAR), 5)

    line, times = _line(found), found["rounds"][1]
    for row, names in (
        (line, ("asked", "answered", "positive", "negative")),
        (times, ("asked", "answered", "no_answer")),
    ):
        shown = [row[name] for name in names if row[name]]
        assert all(number >= 5 for number in shown)
        assert all(abs(one - other) not in range(1, 5) for one in shown for other in shown)
    if line["positive"] is None or line["answered"] is None:
        assert line["rate"]["percent"] is None


def test_what_is_large_enough_is_shared_as_it_is() -> None:
    line = _line(published(outcomes(_answers(*["yes"] * 15, *["no"] * 5), QUESTIONS, *YEAR), 5))

    assert (line["asked"], line["answered"], line["positive"], line["negative"], line["rate"]["percent"]) == (
        20, 20, 15, 5, 75
    )  # fmt: skip


# The file


def test_every_question_of_the_catalogue_is_worded_for_adults_and_children_and_the_other_way_round() -> None:
    kind = CATALOGUE["feedback_given"]

    codes = [each.code for each in QUESTIONS.questions]

    assert sorted(codes) == sorted((*SCALES, *CHOICES))
    assert all(kind.field(code) for code in codes)
    assert all({"adult", "child"} <= set(each.wording) for each in QUESTIONS.questions)
    for form in FORMS:
        assert all(QUESTIONS.of(form, each) for each in ROUNDS)
    assert {each.continues for each in QUESTIONS.questions if each.continues} == {
        "Increased sense of safety, 94%", "Less fearful, 88%", "Satisfaction with criminal justice, 90%"
    }  # fmt: skip


def _changed(**change: object) -> dict[str, object]:
    first = {**DOCUMENT["question"][0], **change}
    return {"question": [{k: v for k, v in first.items() if v is not None}, *DOCUMENT["question"][1:]]}


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({}, "question"),
        ({"question": DOCUMENT["question"][1:]}, "question"),
        ({"question": [*DOCUMENT["question"], DOCUMENT["question"][0]]}, "code"),
        ({**DOCUMENT, "scale": 5}, "scale"),
        (_changed(code="happy"), "question.0.code"),
        (_changed(rounds=["sometime"]), "question.0.rounds"),
        (_changed(positive={"at_least": 11}), "question.0.positive"),
        (_changed(positive={"at_least": 1}), "question.0.positive"),
        (_changed(negative=["no"]), "question.0.negative"),
        (_changed(adult=None, child=None, organisation=None), "question.0"),
        (_changed(colour="red"), "question.0.colour"),
    ],
)
def test_a_faulty_file_says_where(document: dict[str, object], path: str) -> None:
    with pytest.raises(BadFeedback) as fault:
        forms_of(document)

    assert path in fault.value.path


def test_feedback_is_refused_by_somebody_who_agreed_to_contact_and_not_to_feedback() -> None:
    case = history(engaged("2026-03-02"))
    renewed = step("consent_renewed", "2026-03-03", decision="yes", model="opt_in", scope=SCOPE,
                   scope_refused="anonymous_feedback")  # fmt: skip

    with pytest.raises(NotAllowed, match="do not want to be asked"):
        go_on(case, renewed, asked("2026-04-01"))

    assert isinstance(go_on(case, asked("2026-04-01")).history[-1], Event)
