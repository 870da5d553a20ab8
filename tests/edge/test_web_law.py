"""Holds what the pages of the law say: rules, editions, one deadline worked out, the calendar, the year ahead."""

import re

import pytest

from engine.house import House
from engine.lawbook import explained
from tests.conftest import NOW
from tests.edge.web_visitors import new_case, on_one_database, practitioner_on
from workflow.london import london_day

pytestmark = on_one_database


def test_a_practitioner_asks_if_it_was_reported_on_this_day(house: House) -> None:
    """The page says what the command says: each day over Christmas counted or skipped by name, and both clocks."""
    visitor = practitioner_on(house)
    asked = "from-day=22&from-month=12&from-year=2026&told-day=29&told-month=12&told-year=2026"

    html = visitor.get(f"/law/rules/rj-information?{asked}").text
    said = explained(
        house.rulebook,
        house.calendar,
        {"rule": "rj-information", "from": "2026-12-22", "told": "2026-12-29"},
        london_day(NOW),
    )

    assert said["service_due_on"] == "2027-01-06"
    assert "Due on Wednesday 6 January 2027" in html
    assert re.search(r"<dt>Due \(5 working days\)</dt><dd>Thursday 31 December 2026</dd>", html)
    assert "Not counted: Christmas Day (bank holiday)" in html
    days = html.split("Each day, from the beginning")[1].split("</ol>")[0]
    assert days.count("<li") == len(said["working"])
    assert days.count("Not counted") == sum(not each["counted"] for each in said["working"])


def test_enhanced_rights_from_the_beginning_or_from_a_later_day_shorten_the_answer(house: House) -> None:
    """One working day from the start; known on the 24th, one working day from there: Tuesday the 29th."""
    visitor = practitioner_on(house)

    start = visitor.get("/law/rules/rj-information?from=2026-12-22&enhanced=yes").text
    later = visitor.get("/law/rules/rj-information?from=2026-12-22&enhanced_from=2026-12-24").text

    assert "Due on Wednesday 23 December 2026" in start
    assert "Due on Tuesday 29 December 2026" in later
    assert "<dd>Thursday 31 December 2026</dd>" in later


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from-day=31&from-month=2&from-year=2026", "The first day must be a real date, like 27 3 2026"),
        ("from=1066-10-14", "The first day must be between 1900 and 9999"),
        ("from=2026-12-22&told=2026-12-21", "The service cannot be told before the day"),
        ("from=2014-03-02", "in force"),
        ("from=9999-12-31", "outside the years 1 to 9999"),
        ("told=2026-12-21", "Enter the day on which it began"),
        ("from=%3Cscript%3E", "The first day must be a real date"),
    ],
)
def test_a_day_that_cannot_be_worked_out_gives_the_form_back_with_one_sentence(
    house: House, query: str, sentence: str
) -> None:
    """Never a traceback, never a wrong date, and no value is echoed as markup."""
    visitor = practitioner_on(house)

    answer = visitor.get(f"/law/rules/rj-information?{query}")

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "There is a problem" in answer.text
    assert "<script>" not in answer.text
    assert 'id="answer"' not in answer.text


def test_a_duty_without_a_number_of_days_is_never_late_and_what_is_unverified_says_so(house: House) -> None:
    """Every rule there is has its page, and none pretends."""
    visitor = practitioner_on(house)
    rules = house.rulebook.rules_on(london_day(NOW))

    pages = {rule.id: visitor.get(f"/law/rules/{rule.id}").text for rule in rules}

    for rule in rules:
        assert (">Unverified</strong>" in pages[rule.id]) == (rule.status != "verified"), rule.id
        if rule.limit.words.startswith("no "):
            assert "Owed without a number of days, so no day is late" in pages[rule.id], rule.id


def test_the_rules_of_a_day_and_the_editions_say_what_is_known(house: House) -> None:
    """The new Code is listed, switched off, with what is known of it; a day before the Code has a sentence."""
    visitor = practitioner_on(house)

    rules, early, editions = (visitor.get(path).text for path in ("/law", "/law?on=2019-05-01", "/law/editions"))

    assert rules.count('href="/law/rules/') == len(house.rulebook.rules_on(london_day(NOW)))
    assert "No edition of" in early
    new = editions.split("The new Victims")[1].split("</section>")[0]
    assert "Switched off" in new
    assert "Consultation closed" in new


def test_what_is_no_rule_here_stands_with_its_reason(house: House) -> None:
    """All of them, on the page of the edition."""
    visitor = practitioner_on(house)
    code = next(edition for edition in house.rulebook.editions if edition.id == "2021-04-01")

    html = visitor.get("/law/editions/2021-04-01").text

    assert html.count("<tr ") == len(code.not_modelled) + 1
    assert visitor.get("/law/editions/1066").status_code == 404


def test_the_calendar_shows_a_year_with_its_substitute_days(house: House) -> None:
    """28 December 2026 is a substitute day; a year outside the table is not found."""
    visitor = practitioner_on(house)

    html = visitor.get("/law/calendar?year=2026").text

    assert "Monday 28 December 2026" in html
    assert "Substitute day" in html
    for year in ("1999", "20266", "x", "%32%30"):
        assert visitor.get(f"/law/calendar?year={year}").status_code == 404


def test_a_duty_of_a_case_leads_to_its_deadline_worked_out_with_the_same_date(house: House) -> None:
    """The address holds days and no case."""
    case, visitor = new_case(house), practitioner_on(house)

    duty = visitor.get(f"/cases/{case}").text.split('id="duty-rj-information')[1].split("</tr>")[0]
    link = re.search(r'href="(/law/rules/rj-information[^"]*)"', duty)
    assert link is not None
    due = re.search(r"<dt>Due, counted from the day we were told</dt><dd>([^<]+)</dd>", duty)
    assert due is not None
    html = visitor.get(link[1].replace("&amp;", "&")).text

    assert due[1] in html
    assert case not in link[1]


def test_the_manager_sees_the_year_ahead_as_bars_and_every_figure_in_a_table(house: House) -> None:
    """As many bars as rows; a practitioner does not see it; odd lengths are not found."""
    new_case(house)
    rosa = practitioner_on(house)
    morgan = practitioner_on(house, rosa.site, "morgan")

    html = morgan.get("/forecast?months=3").text

    weeks = len(re.findall(r'<th scope="row"', html))
    assert weeks in (13, 14)
    assert html.count("vc-chart__known") == weeks
    assert rosa.get("/forecast").status_code == 403
    assert morgan.get("/forecast?months=5").status_code == 404
