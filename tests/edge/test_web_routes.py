"""Holds every route against the permission file: in both directions, and for every role."""

import re
from typing import Any

import pytest

from engine.house import House
from tests.edge.web_visitors import Visitor, new_case, on_one_database
from web.access import PUBLIC, listed

USERS = {"practitioner": "rosa", "manager": "morgan", "police": "sergeant"}
_PATHS = {"{letter_id}": "L-NOTTHERE", "{kind}": "note_written", "{submission_id}": "S-1", "{path:path}": "icon.svg"}


def test_every_route_is_in_the_permission_file_and_every_line_of_the_file_is_a_route(house: House) -> None:
    """A route that nobody listed could be reached by nobody; a line without a route is a promise about nothing."""
    site = Visitor(house).site

    routes = listed(site)

    assert routes == set(house.permissions.routes)


def test_a_route_that_is_not_listed_is_refused_to_everybody(house: House) -> None:
    """What is not listed, nobody may."""
    visitor = Visitor(house)

    def forgotten() -> str:
        return "secret"

    visitor.site.get("/forgotten")(forgotten)
    visitor.sign_in("morgan")
    answer = visitor.get("/forgotten")

    assert answer.status_code == 403
    assert "secret" not in answer.text


def test_every_role_reaches_exactly_what_the_permission_file_allows(house: House) -> None:
    """Route by role, generated from the live routes: a page is shown, refused, or asks for a sign-in."""
    case, site = new_case(house), Visitor(house).site
    wrong: list[tuple[str, str, int]] = []

    for role, user in USERS.items():
        visitor = Visitor(house, site)
        visitor.sign_in(user)
        token = visitor.token()
        for route, action in sorted(house.permissions.routes.items()):
            if route == "POST /sign-out" or "/api/" in route:
                continue
            status = _call(visitor, route, case, token)
            is_refused = status == 403
            if is_refused == house.permissions.may(role, action):
                wrong.append((role, route, status))
    for route, action in sorted(house.permissions.routes.items()):
        answer = _answer(Visitor(house, site), route, case, "")
        asks = (
            answer.status_code == 401 if "/api/" in route else answer.headers.get("location", "").startswith("/sign-in")
        )
        if asks == (action == PUBLIC) and route != "GET /":
            wrong.append(("anonymous", route, answer.status_code))

    assert wrong == []


@on_one_database
@pytest.mark.parametrize("role", USERS)
def test_a_role_sees_no_link_to_what_it_may_not_open(house: House, role: str) -> None:
    """The navigation offers what works, and nothing else."""
    visitor = Visitor(house)
    visitor.sign_in(USERS[role])

    links = re.findall(r'href="(/[a-z]+)"', visitor.get("/password").text)

    assert [link for link in links if _call(visitor, f"GET {link}", "", "") == 403] == []


def _call(visitor: Visitor, route: str, case: str, token: str) -> int:
    return int(_answer(visitor, route, case, token).status_code)


def _answer(visitor: Visitor, route: str, case: str, token: str) -> Any:
    method, _, path = route.partition(" ")
    for name, value in {**_PATHS, "{reference}": case}.items():
        path = path.replace(name, value)
    if method == "GET":
        return visitor.get(path)
    return visitor.send(path, {"form_token": token})
