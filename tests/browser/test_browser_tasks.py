"""Does the core tasks in a browser, with and without JavaScript."""

import re
from collections.abc import Callable

import pytest

from tests.browser.conftest import Person, Service

pytestmark = pytest.mark.browser

ComeIn = Callable[..., Person]


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without-javascript"])
def test_a_practitioner_takes_a_case_triages_it_and_approves_its_letter(
    service: Service, come_in: ComeIn, javascript: bool
) -> None:
    """From the queue to the first letter, with nothing but the pages."""
    case = service.new_case(f"TASK-{javascript}")
    rosa = come_in("rosa", javascript=javascript)

    rosa.press("Nobody has them")
    rosa.press(f"Take this case {case}")
    assert rosa.sees("The case is yours now.")

    rosa.open("/queue?view=mine")
    rosa.press(case)
    rosa.press("Triage done")
    rosa.page.get_by_label("Note (optional)").fill("Checked links and duplicates: none.")
    rosa.press("Record")
    assert rosa.sees("Recorded: Triage completed")
    assert rosa.sees("Checked links and duplicates: none.")

    rosa.page.locator('a[href^="/letters/"]').first.click()
    assert "Dear Alex Example" in rosa.page.frame_locator("iframe").locator("body").inner_text()
    rosa.press("Approve this letter")
    assert rosa.sees("Confirm that you have read the letter")
    rosa.page.get_by_label("I have read the letter, and name, address and words are right").check()
    rosa.press("Approve this letter")
    assert rosa.sees("The letter is approved.")
    assert rosa.sees("Approved by Rosa Example")
    if javascript:
        assert [words for words in rosa.complaints if "422" not in words] == []


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without-javascript"])
def test_an_attempt_is_logged_in_five_presses_and_what_is_wrong_is_said(
    service: Service, come_in: ComeIn, javascript: bool
) -> None:
    """A mistake keeps what was typed; put right, it is recorded."""
    from engine.entries import Entry

    case = service.new_case(f"CALL-{javascript}")
    service.record(case, Entry("case_assigned", {"to": "rosa"}), Entry("triage_completed"))
    rosa = come_in("rosa", javascript=javascript)

    rosa.open(f"/cases/{case}/record/attempt_made")
    rosa.page.get_by_label("Phone").check()
    rosa.page.get_by_label("Note (optional)").fill("Rang out.")
    rosa.press("Record")
    assert rosa.sees("Select outcome")
    assert rosa.page.get_by_label("Phone").is_checked()
    assert rosa.page.get_by_label("Note (optional)").input_value() == "Rang out."
    rosa.page.get_by_label("No answer").check()
    rosa.press("Record")

    assert rosa.sees("Recorded: Attempt made")
    assert rosa.sees("Trying to reach the victim.")


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without-javascript"])
def test_a_manager_reads_compliance_and_follows_a_figure_to_its_cases(
    service: Service, come_in: ComeIn, javascript: bool
) -> None:
    """Period, table, figure, references, case."""
    case = service.new_case(f"RULE-{javascript}")
    morgan = come_in("morgan", javascript=javascript)

    assert morgan.page.url.endswith("/compliance")
    for name, day in (("from", ("1", "11", "2026")), ("to", ("30", "11", "2026"))):
        for part, typed in zip(("day", "month", "year"), day, strict=True):
            morgan.page.locator(f"#{name}-{part}").fill(typed)
    morgan.press("Show")
    assert re.search(r"Duties that began from 1 November 2026 to 30 November 2026", morgan.page.inner_text("main"))
    morgan.page.locator('a[href*="rule=rj-information"][href*="verdict=running"]').first.click()
    assert morgan.sees("Cases behind a figure")
    morgan.press(case)

    assert morgan.page.url.endswith(f"/cases/{case}#duties")


def test_a_screen_that_was_left_shows_nothing_after_signing_out(service: Service, come_in: ComeIn) -> None:
    """Back in the browser leads to the sign-in, not to the case."""
    case = service.new_case("LEFT-1")
    rosa = come_in("rosa")
    rosa.open(f"/cases/{case}")

    rosa.press("Sign out")
    rosa.page.go_back()
    rosa.page.reload()

    assert rosa.sees("Sign in")
    assert not rosa.sees("Alex Example")


def test_the_whole_sign_in_works_with_the_keyboard_alone(service: Service, come_in: ComeIn) -> None:
    """Tab, type, Enter: the skip link first, then the fields in order."""
    person = come_in("")
    person.open("/sign-in")
    keyboard = person.page.keyboard

    keyboard.press("Tab")
    skip = person.page.evaluate("document.activeElement.textContent.trim()")
    person.page.locator("#user").focus()
    keyboard.type("rosa")
    keyboard.press("Tab")
    keyboard.type("correct horse battery")
    keyboard.press("Enter")
    person.page.wait_for_url("**/queue")

    assert skip == "Skip to main content"
    assert person.sees("What to do now")
