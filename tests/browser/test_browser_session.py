"""Watches a page on which nothing is done: it warns before the session ends, and one key extends it."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import Person, Service

pytestmark = pytest.mark.browser

ComeIn = Callable[..., Person]
MINUTE = 60_000


def test_a_page_warns_before_the_session_ends_and_one_key_extends_it(service: Service, come_in: ComeIn) -> None:
    """Not before it is time; announced; by keyboard alone; when it is over it says what happens to what was typed."""
    rosa = come_in("rosa")
    rosa.page.clock.install()
    rosa.open("/search")

    rosa.page.clock.run_for(11 * MINUTE)
    early = rosa.sees("You will be signed out in")
    rosa.page.clock.run_for(2 * MINUTE)
    warned = rosa.page.locator("[role=status]", has_text="You will be signed out in 2 minutes.").count()
    stay = rosa.page.get_by_role("button", name="Stay signed in")
    stay.focus()
    rosa.page.keyboard.press("Enter")
    rosa.page.get_by_text("You stay signed in.").wait_for()
    rosa.page.clock.run_for(16 * MINUTE)

    assert (early, warned) == (False, 1)
    assert rosa.sees("What you typed on this page is kept if you send it")
    assert stay.is_hidden()


def test_without_a_script_the_page_says_when_and_the_link_opens_beside_what_was_typed(
    service: Service, come_in: ComeIn
) -> None:
    """What is half typed is not left for it."""
    rosa = come_in("rosa", javascript=False)
    rosa.open("/search")
    rosa.page.get_by_label("Name", exact=True).fill("Half typed")

    with rosa.page.context.expect_page() as opened:
        rosa.press("Stay signed in (opens in a new tab)")

    assert "You are signed in until 23 November 2026, 9:45am" in opened.value.inner_text("h1")
    assert rosa.page.get_by_label("Name", exact=True).input_value() == "Half typed"
