"""Does the twelve core tasks in a browser: by mouse, with the keyboard alone, and with JavaScript off."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Person, Service
from tests.browser.hands import Keyboard, Mouse
from tests.browser.tasks import OFFICERS, TASKS, At, Task, log_in

pytestmark = pytest.mark.browser

ComeIn = Callable[..., Person]

_NUMBERS = count(1)


@pytest.fixture(scope="module")
def desks(service: Service, browser: Browser) -> Iterator[Callable[[str, str], Person]]:
    """Somebody who is signed in, with scripts or without; who comes twice is still signed in."""
    there: dict[tuple[str, bool], Person] = {}

    def desk(user: str, way: str) -> Person:
        scripts = way != "without-javascript"
        if (user, scripts) not in there:
            context = browser.new_context(java_script_enabled=scripts, viewport={"width": 1280, "height": 900})
            context.set_default_timeout(10_000)
            there[user, scripts] = Person(service, context.new_page()).sign_in(user)
        return there[user, scripts]

    yield desk
    for person in there.values():
        person.page.context.close()


def _do(task: Task, person: Person, way: str, user: str) -> None:
    person.complaints.clear()
    hands = Keyboard(person.page) if way == "keyboard" else Mouse(person.page)

    task(At(person, hands, user, f"TASK-{next(_NUMBERS)}"))

    # A form with a mistake is answered 422, which the browser notes.
    assert [words for words in person.complaints if "422" not in words] == []
    if isinstance(hands, Keyboard):
        assert hands.hidden == [], "The focus went where nobody sees it."


def _every(*users: str, ways: tuple[str, ...]) -> list[Any]:
    return [
        pytest.param(task, way, user, id=f"{task.__name__}-{way}-{user}")
        for user in users
        for way in ways
        for task in (OFFICERS if user == "sergeant" else TASKS)
    ]


@pytest.mark.parametrize(("task", "way", "user"), _every("rosa", ways=("keyboard", "without-javascript")))
def test_a_practitioner_does_the_twelve_core_tasks(
    task: Task, way: str, user: str, service: Service, come_in: ComeIn, desks: Callable[[str, str], Person]
) -> None:
    """Every one of them, and each asks the database afterwards what is there."""
    person = come_in("", javascript=way != "without-javascript") if task is log_in else desks(user, way)

    _do(task, person, way, user)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("task", "way", "user"),
    [
        *_every("rosa", ways=("mouse",)),
        *_every("morgan", "sergeant", ways=("mouse", "keyboard", "without-javascript")),
    ],
)
def test_whoever_may_does_the_core_tasks_in_every_way(
    task: Task, way: str, user: str, service: Service, come_in: ComeIn, desks: Callable[[str, str], Person]
) -> None:
    """The manager does them all, the officer those that are an officer's."""
    person = come_in("", javascript=way != "without-javascript") if task is log_in else desks(user, way)

    _do(task, person, way, user)


def test_a_screen_that_was_left_shows_nothing_after_signing_out(service: Service, come_in: ComeIn) -> None:
    """Back in the browser leads to the sign-in, not to the case."""
    case = service.new_case("LEFT-1")
    rosa = come_in("rosa")
    rosa.open(f"/cases/{case}")

    rosa.press("Sign out")
    rosa.page.wait_for_url("**/sign-in**", wait_until="load")
    rosa.page.go_back()
    rosa.page.reload()

    assert rosa.sees("Sign in")
    assert not rosa.sees("Alex Example")
