"""Gives the tests a service that runs on this machine, and a browser that looks at it."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from engine.accounts import add_user
from engine.entries import Actor, Entry
from engine.house import House
from engine.intake.receive import receive
from engine.record import record
from tests.conftest import NOW, PASSWORD, new_house
from tests.edge.consent_records import child_record, consent_record
from tests.edge.web_visitors import at
from web.app import build
from workflow.vocabulary import Role

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ROSA = Actor("rosa", Role.PRACTITIONER)


@dataclass
class Service:
    """A running service: where it is, and the house behind it."""

    address: str
    house: House

    def new_case(self, number: str, **changes: Any) -> str:
        """A case that nobody has yet, of an adult who agreed to everything."""
        return self._take(consent_record(**_named(number), **changes))

    def new_child_case(self, number: str, **changes: Any) -> str:
        """A case of a victim of thirteen."""
        return self._take(child_record(**_named(number), **changes))

    def record(self, case: str, *entries: Entry) -> None:
        """Let a practitioner record something."""
        record(self.house, case, entries, actor=ROSA, now=NOW)

    def _take(self, raw: dict[str, Any]) -> str:
        reference = receive(self.house, raw, "derbyshire", "opt_in", NOW).case_reference
        assert reference is not None
        return reference


def _named(number: str) -> dict[str, Any]:
    return {"force": "derbyshire", "submission_id": number, "incident__crime_reference": f"26{number}/26"}


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service on a free port of this machine."""
    folder: Path = tmp_path_factory.mktemp("service")
    house = at(new_house(f"sqlite:///{folder / 'test.db'}", folder), NOW)
    add_user(house, "rosa", "practitioner", NOW, shown_as="Rosa Example", password=PASSWORD)
    add_user(house, "imran", "practitioner", NOW, shown_as="Imran Example", password=PASSWORD)
    add_user(house, "morgan", "manager", NOW, shown_as="Morgan Example", password=PASSWORD)
    add_user(house, "sergeant", "police", NOW, shown_as="Sergeant Example", force="derbyshire", password=PASSWORD)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(build(house, secure_cookies=False), host="127.0.0.1", port=port, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield Service(f"http://127.0.0.1:{port}", house)
    server.should_exit = True
    thread.join(10)
    house.database.dispose()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a screen."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield launched
        launched.close()


class Person:
    """Somebody at a browser, who is signed in; what the browser complains about is kept in ``complaints``."""

    def __init__(self, service: Service, page: Page) -> None:
        self.service, self.page = service, page
        self.complaints: list[str] = []
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda fault: self.complaints.append(str(fault)))

    def open(self, path: str) -> None:
        """Open a page."""
        self.page.goto(self.service.address + path)

    def press(self, name: str) -> None:
        """Press a button or follow a link by its name."""
        button = self.page.get_by_role("button", name=name)
        (button if button.count() else self.page.get_by_role("link", name=name)).first.click()

    def sees(self, words: str) -> bool:
        """Whether the page says something."""
        return words in self.page.inner_text("body")

    def sign_in(self, user: str) -> "Person":
        """Sign in by the form."""
        self.open("/sign-in")
        self.page.get_by_label("User name").fill(user)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.press("Sign in")
        return self


@pytest.fixture
def come_in(service: Service, browser: Browser) -> Iterator[Any]:
    """Let somebody come in: ``come_in("rosa", javascript=False, width=320)``; an empty name does not sign in."""
    contexts = []

    def come(user: str, *, javascript: bool = True, width: int = 1280) -> Person:
        context = browser.new_context(java_script_enabled=javascript, viewport={"width": width, "height": 900})
        context.set_default_timeout(10_000)
        contexts.append(context)
        person = Person(service, context.new_page())
        return person.sign_in(user) if user else person

    yield come
    for context in contexts:
        context.close()
