"""Holds every live route against the policy: route by method by role by whose case it is, in both directions."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from engine.accounts import add_force_key, add_user, revoke_force_key
from engine.entries import Actor, Entry
from engine.house import House
from engine.post import list_letters
from engine.record import record
from engine.sign_in import PROOF
from engine.walls import set_up
from store import accounts, cases, people, submissions
from tests.conftest import NOW, PASSWORD, _password_hash
from tests.edge.web_visitors import Visitor, new_case, on_one_database, practitioner_on
from web.access import PUBLIC, listed
from workflow.vocabulary import Role

# Who visits: every role that people sign in with.
VISITORS = {
    "practitioner": "rosa",
    "manager": "morgan",
    "police": "sergeant",
    "safeguarding": "saskia",
    "data_lead": "dana",
    "auditor": "alex",
    "case_manager": "casey",
}
# Whose case it is, as the practitioner sees it.
OWN, TEAM, OTHER, WALLED, ELSEWHERE, MISSING = "own", "team", "other", "walled", "other service", "missing"
NAME = "Xanthippe"
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# Taking a case is refused with the name of the colleague who has it; everything else would show what is in it.
_ANSWERED_ON_OTHERS = {"POST /cases/{reference}/take"}
_FORM = {"kind": "L24", "channel": "post", "outcome": "handed_over", "how": "in_person", "reason": "x", "words": "x"}
_ENDS_THE_VISIT = {"POST /sign-out", "POST /password", "POST /cases/{reference}/conflict"}
_PATHS = {
    "{kind}": "note_written",
    "{number}": "999999",
    "{channel}": "phone",
    "{submission_id}": "S-1",
    "{path:path}": "icon.svg",
    "{edition}": "2021-04-01",
    "{rule}": "rj-information",
}


@dataclass
class Places:
    """A case of each sort, and a letter of each that has one."""

    references: dict[str, str]
    letters: dict[str, str]


@pytest.fixture
def places(house: House) -> Places:
    """One case of each sort: rosa's, nobody's, imran's, one behind a wall for everybody, one of another service."""
    add_people(house)
    found = {
        sort: new_case(
            house, submission_id=f"M-{number}", incident__crime_reference=f"26{number:09}/26", victim__given_name=NAME
        )
        for number, sort in enumerate((OWN, TEAM, OTHER, WALLED, ELSEWHERE))
    }
    for sort, user in ((OWN, "rosa"), (OTHER, "imran")):
        give(house, found[sort], user)
    for sort, case in found.items():
        by = Actor("imran" if sort == OTHER else "rosa", Role.PRACTITIONER)
        sealed = Entry("address_sealed", {"channel": "phone", "reason": "refuge"})
        record(house, case, [Entry("triage_completed"), sealed], actor=by, now=NOW)
    # The second manager sets the walls, so that the first one can be behind one.
    keeper = Actor("maren", Role.MANAGER)
    for user in VISITORS.values():
        if user != "sergeant":
            set_up(house, found[WALLED], user, "conflict", keeper, NOW)
    with house.writing() as connection:
        accounts.add_service(connection, "elsewhere", "Another service", True, NOW)
        key = cases.find(connection, house.service, found[ELSEWHERE])
        assert key is not None
        of_person = people.find(connection, house.keyring, key.person_id)
        person = people.add(connection, "elsewhere", house.keyring, "victim", "m", of_person.document)
        cases.add_all(connection, "elsewhere", "derbyshire", [("VC-ELSE-WHER", person.person_id, "26/26")])
    found[ELSEWHERE], found[MISSING] = "VC-ELSE-WHER", "VC-0000-0000"
    by_case = {letter.reference: letter.letter_id for letter in list_letters(house)}
    return Places(found, {sort: by_case.get(reference, "L-NOTTHERE") for sort, reference in found.items()})


def add_people(house: House) -> None:
    """The users of the roles that the ordinary house has not, and a second manager."""
    with house.writing() as connection:
        for name, role in (("maren", "manager"), *((user, role) for role, user in VISITORS.items())):
            if accounts.user(connection, house.service, name) is None:
                accounts.add_user(
                    connection,
                    house.service,
                    name=name,
                    role=role,
                    shown_as=f"{name.title()} Example",
                    password_hash=_password_hash(),
                    must_change=False,
                    created_at=NOW,
                )


def give(house: House, case: str, user: str) -> None:
    """Let somebody have a case."""
    record(house, case, [Entry("case_assigned", {"to": user})], actor=Actor(user, Role.PRACTITIONER), now=NOW)


def expected(house: House, role: str, route: str, sort: str) -> str:
    """What the policy says of a cell: ``refused``, ``missing``, ``held`` (a reason is needed first) or ``answered``.

    What is missing may also be a form with mistakes, if it is so before anybody looks whether there is such a case.
    """
    action = house.permissions.routes[route]
    if not house.permissions.may(role, action):
        return "refused"
    if not _names_a_case(route):
        return "answered"
    if sort in (WALLED, ELSEWHERE, MISSING):
        return "missing"
    if sort == OTHER and role == "practitioner" and route not in _ANSWERED_ON_OTHERS and not route.endswith("/open"):
        return "held"
    return "answered"


def seen(answer: Any) -> str:
    """What an answer says of it."""
    if answer.status_code == 404:
        return "missing"
    if answer.status_code == 403:
        return "held" if "so it is not shown" in answer.text else "refused"
    return "answered"


@on_one_database
def test_every_cell_of_route_method_role_and_whose_case_is_as_the_policy_says(house: House, places: Places) -> None:
    """Generated from the live routes, so that a new one is in it at once; methods that no route has are 405 or 404."""
    site = Visitor(house).site
    routes, cells = listed(site), 0
    wrong: list[tuple[object, ...]] = []
    ours = {route for route in routes if "/api/" not in route and "/static/" not in route}

    for role, user in VISITORS.items():
        visitor = Visitor(house, site)
        visitor.sign_in(user)
        token = visitor.token()
        for route in sorted(ours - _ENDS_THE_VISIT):
            for sort in places.references if _names_a_case(route) else (MISSING,):
                answer = _asked(visitor, route, places, sort, token)
                cells += 1
                wanted = expected(house, role, route, sort)
                if wanted == "missing":
                    nothing = _asked(visitor, route, places, MISSING, token)
                    is_right = bare(answer) == bare(nothing) and nothing.status_code in (404, 422)
                elif wanted == "held":
                    # A form with mistakes may be refused before anybody looks whose case it is; it shows nobody's name.
                    is_right = seen(answer) == "held" or (route[:4] == "POST" and answer.status_code in (409, 422))
                else:
                    is_right = wanted == seen(answer) or (wanted == "answered" and _is_own_404(route, answer))
                is_shown = wanted != "answered" and NAME in answer.text
                if not is_right or is_shown or answer.status_code == 500:
                    wrong.append((role, route, sort, wanted, seen(answer), answer.status_code))
        for path in sorted({route.partition(" ")[2] for route in ours}):
            for method in _METHODS:
                if f"{method} {path}" not in ours:
                    cells += 1
                    status = visitor.client.request(method, _filled(path, places, MISSING)).status_code
                    if status not in (403, 404, 405, 415):
                        wrong.append((role, method, path, status))

    assert not wrong, "\n".join(map(str, wrong))
    # Each role at each route, by whose case it is where the route names one, and at each method that a path has not.
    by_case = sum(_names_a_case(route) for route in ours - _ENDS_THE_VISIT)
    plain = len(ours - _ENDS_THE_VISIT) - by_case
    paths = {route.partition(" ")[2] for route in ours}
    assert len(places.references) == 6
    assert cells == len(VISITORS) * (by_case * 6 + plain + len(paths) * len(_METHODS) - len(ours))
    assert cells > 4500


def _names_a_case(route: str) -> bool:
    return "{reference}" in route or "{letter_id}" in route


def bare(answer: Any) -> tuple[int, str, list[tuple[str, str]]]:
    """An answer without what is new in each: the nonce of its script, the key of its form, the address in it."""
    text = re.sub(r'nonce="[^"]+"|name="key" value="[^"]+"|VC-[A-Z0-9]{4}-[A-Z0-9]{4}|L-[A-Z0-9]+', "", answer.text)
    headers = [
        (name, re.sub(r"'nonce-[^']+'|VC-[A-Z0-9]{4}-[A-Z0-9]{4}|L-[A-Z0-9]+", "", value))
        for name, value in answer.headers.items()
        if name != "content-length"
    ]
    return answer.status_code, text, headers


def _is_own_404(route: str, answer: Any) -> bool:
    """A thing of the route that this test has none of: an opening, a wall, a cover, a figure."""
    return bool(answer.status_code == 404) and ("{number}" in route or not _names_a_case(route))


def _filled(path: str, places: Places, sort: str) -> str:
    named = {"{reference}": places.references[sort], "{letter_id}": places.letters[sort]}
    for name, value in {**_PATHS, **named}.items():
        path = path.replace(name, value)
    return re.sub(r"\{\w+\}", "none", path)


def _asked(visitor: Visitor, route: str, places: Places, sort: str, token: str) -> Any:
    method, _, path = route.partition(" ")
    path = _filled(path, places, sort)
    return visitor.get(path) if method == "GET" else visitor.send(path, {**_FORM, "form_token": token})


@on_one_database
def test_what_asks_for_a_proof_asks_everybody_who_may_do_it(house: House, places: Places) -> None:
    """Generated from the routes whose action stands under [proof]: with a proof gone stale each leads to the proof."""
    site, answers = Visitor(house).site, {}
    wanted = {route for route in listed(site) if house.permissions.routes[route] in house.permissions.proof}

    for role, user in VISITORS.items():
        visitor = Visitor(house, site)
        visitor.travel_to(NOW)
        visitor.sign_in(user)
        token = visitor.token()
        visitor.travel_to(NOW + PROOF + timedelta(seconds=1))
        for route in sorted(wanted):
            answer = _asked(visitor, route, places, OWN, token)
            may = house.permissions.may(role, house.permissions.routes[route])
            led = answer.headers.get("location", "").partition("?")[0]
            answers[role, route] = (may, answer.status_code, led)

    assert {found for (_, _), found in answers.items()} == {(True, 303, "/prove"), (False, 403, "")}
    assert len(wanted) >= 8


@on_one_database
def test_an_officer_of_another_force_sees_of_a_record_what_they_see_of_none(house: House, places: Places) -> None:
    """A receipt on the pages and at the interface: own force, another force, not there, and without a key."""
    with house.writing() as connection:
        submissions.add_force(connection, house.service, "nottinghamshire", "opt_in")
    add_user(house, "constable", "police", NOW, force="nottinghamshire", password=PASSWORD)
    ours, theirs = practitioner_on(house, user="sergeant"), Visitor(house)
    theirs.sign_in("constable")
    keys = {force: add_force_key(house, force, NOW)[1] for force in ("derbyshire", "nottinghamshire")}
    callers: dict[str, dict[str, str]] = {force: {"Authorization": f"Bearer {key}"} for force, key in keys.items()}
    callers |= {"made up": {"Authorization": "Bearer vc-made-up"}, "nobody": {}, "a session": {}}
    seen: dict[tuple[str, str, str], Any] = {}

    for name in ("M-0", "M-1", "M-NOT-THERE"):
        path = f"/police/receipts/{name}"
        seen["pages", "own force", name] = ours.get(path).status_code
        seen["pages", "other force", name] = bare(theirs.get(path))
        for caller, headers in callers.items():
            client = ours.client if caller == "a session" else TestClient(ours.site, base_url="https://testserver")
            answer = client.get(f"/api/v1/consent-records/{name}", headers=headers)
            seen["interface", caller, name] = (answer.status_code, answer.text if answer.status_code != 200 else "")

    assert [seen["pages", "own force", name] for name in ("M-0", "M-NOT-THERE")] == [200, 404]
    assert seen["pages", "other force", "M-0"] == seen["pages", "other force", "M-NOT-THERE"]
    assert seen["interface", "derbyshire", "M-0"] == (200, "")
    assert seen["interface", "nottinghamshire", "M-0"] == seen["interface", "nottinghamshire", "M-NOT-THERE"]
    assert seen["interface", "nottinghamshire", "M-0"][0] == 404
    keyless = [seen["interface", who, name][0] for who in ("made up", "nobody", "a session") for name in ("M-0", "M-1")]
    assert set(keyless) == {401}


@on_one_database
def test_every_route_of_the_interface_asks_for_a_key_and_takes_no_session(house: House) -> None:
    """Generated from the live routes: each method, by each role and nobody, without a key or with a wrong one."""
    add_people(house)
    site, wrong, cells = Visitor(house).site, [], 0
    key_id, key = add_force_key(house, "derbyshire", NOW)
    revoke_force_key(house, key_id, NOW)
    callers: dict[str, Visitor] = {"nobody": Visitor(house, site)}
    for role, user in VISITORS.items():
        callers[role] = Visitor(house, site)
        callers[role].sign_in(user)
    routes = {route for route in listed(site) if "/api/" in route}
    given = {
        "none": {},
        "made up": {"Authorization": "Bearer vc-made-up"},
        "revoked": {"Authorization": f"Bearer {key}"},
    }

    for path in sorted({route.partition(" ")[2] for route in routes}):
        for method in _METHODS:
            for caller, visitor in callers.items():
                for name, headers in given.items():
                    answer = visitor.client.request(method, re.sub(r"\{\w+\}", "M-0", path), headers=headers)
                    cells += 1
                    if answer.status_code not in ((401,) if f"{method} {path}" in routes else (401, 403, 404, 405)):
                        wrong.append((method, path, caller, name, answer.status_code))

    assert not wrong
    assert cells == len({route.partition(" ")[2] for route in routes}) * len(_METHODS) * len(callers) * 3


def test_nobody_who_is_not_signed_in_gets_anywhere_but_to_the_sign_in(house: House, places: Places) -> None:
    """Whether there is a case or not, the answer is the same."""
    visitor, answers = Visitor(house), {}

    for route in sorted(listed(visitor.site)):
        if house.permissions.routes[route] != PUBLIC and "/api/" not in route:
            for sort in places.references if _names_a_case(route) else (MISSING,):
                answer = _asked(visitor, route, places, sort, "")
                answers[route, sort] = (answer.status_code, answer.headers["location"].partition("?")[0])

    assert set(answers.values()) == {(303, "/sign-in")}


def test_a_denial_beats_every_listing(house: House) -> None:
    """What [never] names, no other line of the file gives."""
    permissions = house.permissions

    allowed = {(role, action) for action in permissions.actions for role in VISITORS if permissions.may(role, action)}

    assert not any(action in permissions.never.get(role, ()) for role, action in allowed)
    assert not any(role == "case_manager" and action.startswith(("case.", "letter.")) for role, action in allowed)
    assert {action for role, action in allowed if role == "auditor"} & set(permissions.proof) <= {"account.factor"}
