"""Gives the tests of the pages a browser without a screen: it keeps cookies, sends form tokens, and travels in time."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from engine.house import House
from engine.intake.receive import receive
from tests.conftest import NOW, PASSWORD
from tests.edge.consent_records import consent_record
from web.app import build

SESSION = "__Host-session"

on_one_database = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For what is decided before the database is asked: the many variants of it run on the embedded one only."""

Form = Mapping[str, str | Sequence[str]]

_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def at(house: House, moment: datetime) -> House:
    """The same house at another moment."""
    return replace(house, settings=replace(house.settings, rehearsal=moment))


class Visitor:
    """Somebody with a browser; several visitors of one ``site`` share it but not their cookies."""

    def __init__(self, house: House, site: Any = None) -> None:
        self.site = site or build(at(house, NOW))
        self.client = TestClient(self.site, base_url="https://testserver", follow_redirects=False)

    def travel_to(self, moment: datetime) -> None:
        """Let it be another moment for everybody on the site."""
        self.site.state.house = at(self.site.state.house, moment)

    def get(self, path: str, **more: Any) -> Any:
        """Open a page."""
        return self.client.get(path, **more)

    def send(self, path: str, form: Form | None = None, **more: Any) -> Any:
        """Send a form as it stands, without a token."""
        return self.client.post(path, data=dict(form or {}), **more)

    def sign_in(self, user: str, password: str = PASSWORD, **form: str) -> Any:
        """Sign in, and give the answer."""
        return self.send("/sign-in", {"user": user, "password": password, **form})

    def come_with(self, session: str) -> None:
        """Have the session cookie of somebody else, or one that was made up."""
        self.client.cookies.clear()
        self.client.cookies.set(SESSION, session, domain="testserver.local", path="/")

    def token(self) -> str:
        """The form token of the session."""
        found = _TOKEN.search(self.get("/password").text)
        assert found is not None
        return found[1]

    def fill(self, page: str, path: str, form: Form, **more: Any) -> Any:
        """Open the page with the form, and send what it holds with what is typed."""
        return self.send(path, {**self.hidden(page, path), **form}, **more)

    def hidden(self, page: str, path: str) -> dict[str, str]:
        """The hidden fields of the form of a page that is sent to a path."""
        return self.fields(self.get(page).text, path)

    @staticmethod
    def fields(html: str, path: str) -> dict[str, str]:
        """The hidden fields of the form that is sent to a path."""
        part = html.split(f'action="{path}"', 1)[1].split("</form>", 1)[0]
        return {name: unescape(value) for name, value in _HIDDEN.findall(part)}


def practitioner_on(house: House, site: Any = None, user: str = "rosa") -> Visitor:
    """A visitor who is signed in."""
    visitor = Visitor(house, site)
    assert visitor.sign_in(user).status_code == 303
    return visitor


def new_case(house: House, **changes: Any) -> str:
    """The reference of a case that came with a consent record of an adult who agreed to everything."""
    raw = consent_record(**{"force": "derbyshire", **changes})
    reference = receive(house, raw, "derbyshire", "opt_in", NOW).case_reference
    assert reference is not None
    return reference
