"""Looks at every page and state: for everybody to use, on a narrow screen, and without a complaint of the browser."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ViewportSize

from tests.browser.conftest import Person, Service
from tests.browser.places import NOT_PAGES, owing, pages, states
from tests.conftest import new_house
from web.access import listed
from web.app import build

pytestmark = pytest.mark.browser

ComeIn = Callable[..., Person]

# Off unless asked for, though WCAG 2.2 demands it; of what passes, we read nothing.
RULES = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
ZOOMED: ViewportSize = {"width": 320, "height": 256}
"""A window of 1280 by 1024 at 400%."""
USUAL: ViewportSize = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def places(service: Service) -> dict[str, list[str]]:
    """Every page there is, by who looks at it."""
    return pages(service)


def _visits(places: dict[str, list[str]], come_in: ComeIn, **how: object) -> Iterator[tuple[str, Person]]:
    for user, paths in places.items():
        person = come_in(user, **how)
        for path in paths:
            person.open(path)
            yield path, person


def _faults(person: Person) -> list[tuple[str, list[str]]]:
    """What axe finds on the page as it stands."""
    found = Axe().run(person.page, options=RULES).response["violations"]
    return [(fault["id"], [node["html"][:120] for node in fault["nodes"][:3]]) for fault in found]


def _width_zoomed(person: Person) -> int:
    """How wide the page is where 320 pixels are there for it."""
    person.page.set_viewport_size(ZOOMED)
    width = int(person.page.evaluate("document.documentElement.scrollWidth"))
    person.page.set_viewport_size(USUAL)
    return width


def test_axe_finds_nothing_on_any_page_and_none_scrolls_sideways_at_four_hundred_percent(
    places: dict[str, list[str]], come_in: ComeIn
) -> None:
    """WCAG 2.2 A and AA and best practice; no script or style was stopped by the policy."""
    found, complaints, wide = [], [], {}

    for path, person in _visits(places, come_in):
        found += [(path, *fault) for fault in _faults(person)]
        complaints += [(path, words) for words in person.complaints if "Failed to load resource" not in words]
        if (width := _width_zoomed(person)) > 320:
            wide[path] = width

    assert found == [], found
    assert complaints == []
    assert wide == {}


def test_axe_finds_nothing_in_any_state_and_none_scrolls_sideways(service: Service, come_in: ComeIn) -> None:
    """Mistakes, a form that is stale, what was found or chosen, all folded out, a session that is nearly over."""
    found, wide = [], {}

    for user, made in states(service).items():
        for name, make in made:
            person = come_in(user)
            make(person)
            found += [(name, *fault) for fault in _faults(person)]
            if (width := _width_zoomed(person)) > 320:
                wide[name] = width
    for user in owing(service):
        person = come_in(user)
        assert person.page.url.endswith(("/code", "/kept"))
        found += [(person.page.url, *fault) for fault in _faults(person)]

    assert found == [], found
    assert wide == {}


def test_the_focus_is_on_what_went_wrong(service: Service, come_in: ComeIn) -> None:
    """On a form with a mistake as on a stale one, what is wrong is where the reading goes on."""
    case, rosa = service.new_case("AXE-1"), come_in("rosa")

    rosa.open(f"/cases/{case}/record/decision_scheduled")
    rosa.page.locator("#on-day").fill("31")
    rosa.press("Record")

    assert "govuk-error-summary" in rosa.page.evaluate("document.activeElement.className")
    assert rosa.page.locator("#on-day").input_value() == "31"


def test_every_page_of_the_live_route_table_is_looked_at(
    places: dict[str, list[str]], service: Service, tmp_path: Path
) -> None:
    """A page that is added tomorrow is on the list of places, or this names it."""
    house = new_house(f"sqlite:///{tmp_path / 'test.db'}", tmp_path)
    routes = {route.removeprefix("GET ") for route in listed(build(house)) if route.startswith("GET ")}
    visited = {path.partition("?")[0] for paths in places.values() for path in paths}
    # These stand among the states: they need a password, an end of a session, a file.
    visited |= {"/code", "/kept", "/police/upload/1"}

    # A route with fewer open places wins, as it does when a page is asked for.
    seen = {
        min((route for route in routes if _fits(route, path)), key=lambda route: route.count("{"), default="")
        for path in visited
    }

    assert routes - seen - NOT_PAGES.keys() == set()
    assert NOT_PAGES.keys() - routes == set(), "These are no longer there."


def _fits(route: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", route), path) is not None


def test_in_print_the_way_round_is_left_out_and_what_is_said_stays(service: Service, come_in: ComeIn) -> None:
    """The case, the week and the figures as they come from a printer: pictures and tables, and no buttons."""
    case, rosa, morgan = service.new_case("PRINT-1"), come_in("rosa"), come_in("morgan")

    for person, path, stays in (
        (rosa, f"/cases/{case}", ("#safety", "#journey", ".vc-journey-drawing", "#history")),
        (rosa, "/queue/week", (".vc-chart svg", ".vc-week")),
        (morgan, "/funnel", (".vc-chart svg", ".vc-figures")),
    ):
        person.open(path)
        person.page.emulate_media(media="print")
        for there in stays:
            assert person.page.locator(there).first.is_visible(), (path, there)
        for gone in (".govuk-service-navigation", ".vc-session", ".govuk-back-link", "main button"):
            assert person.page.locator(gone).locator("visible=true").count() == 0, (path, gone)


def test_in_forced_colours_every_word_and_bar_of_a_picture_is_seen(service: Service, come_in: ComeIn) -> None:
    """Light on dark, as somebody may have set it: nothing is drawn in the colour of the ground."""
    case = service.new_case("FORCED-1")
    rosa, morgan = come_in("rosa"), come_in("morgan")

    for person, path in ((rosa, f"/cases/{case}"), (rosa, "/queue/week"), (morgan, "/funnel"), (morgan, "/forecast")):
        person.page.emulate_media(forced_colors="active", color_scheme="dark")
        person.open(path)
        ground = person.page.evaluate("getComputedStyle(document.body).backgroundColor")
        drawn = person.page.evaluate(
            "[...document.querySelectorAll('main svg text, main svg rect, main svg circle, main svg path')]"
            ".filter(each => each.getBoundingClientRect().width > 0)"
            # What stands on something drawn has the colour of the ground.
            ".filter(each => !each.matches('.vc-drawn-flag-words, .vc-drawn-tick'))"
            ".map(each => getComputedStyle(each)).map(style => [style.fill, style.stroke])"
        )
        assert drawn, path
        assert [fill for fill, stroke in drawn if ground in (fill, "none") and stroke in (ground, "none")] == [], path
        assert ("rgb(11, 12, 12)", "none") not in {tuple(each) for each in drawn}, path


@pytest.mark.slow
def test_without_javascript_nothing_scrolls_sideways_on_a_narrow_screen(
    places: dict[str, list[str]], come_in: ComeIn
) -> None:
    """320 pixels, which is also 400% zoom: no page is wider than the screen."""
    # What the browser evaluates for us runs also where the scripts of the page are off.
    widths = {
        path: person.page.evaluate("document.documentElement.scrollWidth")
        for path, person in _visits(places, come_in, javascript=False, width=320)
    }

    assert {path: width for path, width in widths.items() if width > 320} == {}
