"""Tries the pages as somebody who means harm: every form there is, odd requests and names, a restart in mid-form."""

import re
from datetime import timedelta
from urllib.parse import unquote

from sqlalchemy import event, func, select, text
from sqlmodel import SQLModel

from engine.house import House, open_house
from engine.sign_in import IDLE
from tests.conftest import NOW
from tests.edge.test_access_matrix import OWN, Places, _filled, places
from tests.edge.web_visitors import SESSION, Visitor, new_case, on_one_database, practitioner_on
from web.access import listed

__all__ = ["places"]

CANARIES = ("Xanthippe", "Canaryfield", "canary.field@example.org", "07700 900777", "12 Canary Row", "ZZ99 7CA")
_BESIDE = {"web_session", "sign_in_attempt", "read_log", "alembic_version"}
_FORM = {"kind": "L24", "channel": "post", "outcome": "handed_over", "reason": "x", "words": "x", "note": "A word"}


def _kept(house: House) -> dict[str, int]:
    """How many rows there are of everything but sessions, failed sign-ins and reads."""
    with house.reading() as connection:
        return {
            name: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
            for name, table in SQLModel.metadata.tables.items()
            if name not in _BESIDE
        }


@on_one_database
def test_no_form_of_any_route_does_anything_for_another_site(house: House, places: Places) -> None:
    """Generated from the live routes: without a token, with another's, from elsewhere, in another form of content."""
    site = Visitor(house).site
    routes = sorted(r for r in listed(site) if r.startswith("POST ") and "/api/" not in r)
    rosa, morgan = practitioner_on(house, site), practitioner_on(house, site, "morgan")
    tokens = {visitor: visitor.token() for visitor in (rosa, morgan)}
    before, wrong, tried = _kept(house), [], 0

    for visitor, other in ((rosa, morgan), (morgan, rosa)):
        right = tokens[visitor]
        attacks: dict[str, tuple[str, dict[str, str], bytes | None]] = {
            "no token": ("", {}, None),
            "another's token": (tokens[other], {}, None),
            "another site": (right, {"Sec-Fetch-Site": "cross-site"}, None),
            "a site beside ours": (right, {"Sec-Fetch-Site": "same-site"}, None),
            "another origin": (right, {"Origin": "https://elsewhere.example"}, None),
            "plain text": (right, {"Content-Type": "text/plain"}, f"form_token={right}".encode()),
            "JSON": (right, {"Content-Type": "application/json"}, b'{"form_token": "x"}'),
        }
        for route in routes:
            path = _filled(route.partition(" ")[2], places, OWN)
            for name, (token, headers, body) in attacks.items():
                sent = {"content": body} if body is not None else {"data": {**_FORM, "form_token": token}}
                answer = visitor.client.post(path, headers=headers, **sent)
                tried += 1
                is_public = house.permissions.routes[route] == "public"
                # A public form has no token; it is refused to other sites all the same.
                if answer.status_code not in (401, 403, 404, 415, *((422,) if is_public and "token" in name else ())):
                    wrong.append((route, name, answer.status_code))

    assert not wrong, wrong
    assert _kept(house) == before
    assert tried >= 2 * 7 * 50


@on_one_database
def test_every_page_of_a_victim_keeps_their_data_out_of_addresses_titles_and_headers(house: House) -> None:
    """Names, numbers and addresses stand in no link, form, picture, title, cookie or header of any page there is."""
    case = new_case(
        house,
        victim__given_name=CANARIES[0],
        victim__family_name=CANARIES[1],
        victim__email=CANARIES[2],
        victim__phones=[{"number": CANARIES[3], "kind": "mobile"}],
        victim__address={"lines": [CANARIES[4]], "postcode": CANARIES[5]},
    )
    site = Visitor(house).site
    routes = sorted(r.partition(" ")[2] for r in listed(site) if r.startswith("GET ") and "/api/" not in r)
    here = Places({OWN: case}, {OWN: "L-NOTTHERE"})
    found, looked = [], 0

    for user in ("rosa", "morgan"):
        visitor = practitioner_on(house, site, user)
        searched = visitor.fill("/search", "/search", {"family_name": CANARIES[1], "purpose": "own_work"})
        answers = [visitor.get(_filled(path, here, OWN)) for path in routes if not path.startswith("/static")]
        for answer in [searched, *answers]:
            looked += 1
            pointed = [*re.findall(r'(?:href|action|src)="([^"]*)"', answer.text), str(answer.url)]
            titles = re.findall(r"<title[^>]*>(.*?)</title>", answer.text, re.DOTALL)
            said = unquote(" ".join([*pointed, *titles, *answer.headers.values()])).replace("+", " ")
            found += [(str(answer.url), each) for each in CANARIES if each.casefold() in said.casefold()]
            assert answer.headers["cache-control"] == "no-store", answer.url
            assert "unsafe-inline'" not in answer.headers["content-security-policy"].split("style-src")[0]

    assert found == []
    assert looked >= 100


_ODD = {
    "a thousand fields": b"&".join(f"field{number}=x".encode() for number in range(1000)),
    "one field a thousand times": b"&".join([b"note=x"] * 1000),
    "percent signs that mean nothing": b"note=%zz%u1234%&form_token=%",
    "bytes that are no text": b"note=\xff\xfe\x80&\xf0=1",
    "no form at all": b"",
    "signs only": b"&&&===&;;=",
    "half a character": b"note=%ED%A0%80",
    "a body of nothing but zeros": b"\0" * 5000,
    "a name of four thousand letters": b"a" * 4000 + b"=1",
}


@on_one_database
def test_an_odd_form_is_refused_and_never_a_fault(house: House) -> None:
    """With the right token beside it and without: 4xx, a page of ours, and nothing is recorded."""
    case, rosa = new_case(house), practitioner_on(house)
    path = f"/cases/{case}/record/note_written"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    token, before, wrong = rosa.token(), _kept(house), []

    for name, body in _ODD.items():
        for place, content in ((path, body), (path, body + f"&form_token={token}".encode()), ("/sign-in", body)):
            answer = rosa.client.post(place, content=content, headers=form)
            if not 400 <= answer.status_code < 500 or "<h1" not in answer.text:
                wrong.append((name, place, answer.status_code))

    assert not wrong
    assert _kept(house) == before


@on_one_database
def test_odd_addresses_cookies_and_headers_are_answered_and_never_a_fault(house: House) -> None:
    """Paths that climb, cookies that are none, hosts that are not ours: refused, sent to the sign-in, or a page."""
    rosa, stranger = practitioner_on(house), Visitor(house)
    paths = [
        "/static/../config/service.toml",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/static/..%5c..%5cpyproject.toml",
        "//elsewhere.example/",
        "/cases/%00",
        "/cases/" + "A" * 3000,
        "/cases/VC-0000-0000%0d%0aSet-Cookie:x=y",
        "/letters/L-%F0%9F%92%A9",
        "/queue?limit=%FF&view=%00",
        "/access/reads?from-day=99&page=-1&who=%27--",
        "/law/deadline?rule=%3Cscript%3E",
    ]
    cookies = ["x" * 5000, "%00", '"; DROP TABLE web_session', "\xe9\xe8", " ", "a=b; c"]

    answers = [visitor.get(path) for path in paths for visitor in (rosa, stranger)]
    for cookie in cookies:
        answers.append(stranger.client.get("/queue", headers={b"Cookie": f"{SESSION}={cookie}".encode("latin-1")}))
    odd_host = rosa.get("/queue", headers={"Host": "elsewhere.example"})

    assert {answer.status_code for answer in answers} <= {200, 303, 400, 403, 404, 405, 422}
    assert not any("elsewhere.example" in answer.headers.get("location", "") for answer in [*answers, odd_host])
    assert not any("[project]" in answer.text or "root:" in answer.text for answer in answers)
    assert not any(cookie == "x" for answer in answers for cookie in answer.cookies)


_NAMES = (
    "../../etc/passwd", "..\\..\\x.csv", "/etc/x.csv", "C:\\x.csv", "x.csv\0.html", "con.csv", "nul.xlsx",
    ".htaccess.csv", "x" * 3000 + ".csv", "\u202egpj.csv", "<script>.csv", '"; filename="y.csv', "x.csv/.",
    "%2e%2e%2fx.csv", "~root.csv", "-rf.csv", "$(id).csv", "`id`.csv", "x.csv;.php", "x.php", "x.svg", "x.html",
    "*.csv", "?.csv", "| ls.csv",
)  # fmt: skip


@on_one_database
def test_the_name_of_an_upload_leads_nowhere_and_is_kept_nowhere(house: House) -> None:
    """Twenty-five names that climb, run or lie: no file of that name, no fault, and the name comes back in no page."""
    officer = practitioner_on(house, user="sergeant")
    token = officer.token()
    before = sorted(file.relative_to(house.settings.out) for file in house.settings.out.rglob("*"))

    files = [{"file": (name, b"a,b\n1,2\n", "text/csv")} for name in _NAMES]
    answers = [officer.client.post("/police/upload", data={"form_token": token}, files=file) for file in files]

    assert {answer.status_code for answer in answers} <= {200, 400, 422}
    assert not any(name in answer.text for name, answer in zip(_NAMES, answers, strict=True) if len(name) > 6)
    assert sorted(file.relative_to(house.settings.out) for file in house.settings.out.rglob("*")) == before


def test_a_restart_in_mid_form_loses_nothing_typed(house: House) -> None:
    """The form of before the restart is taken after it; where the session ended meanwhile it waits for its user."""
    case, rosa = new_case(house), practitioner_on(house)
    path = f"/cases/{case}/record/note_written"
    first, second = ({**rosa.hidden(path, path), "note": words} for words in ("Before the restart.", "Long after it."))
    session = rosa.client.cookies[SESSION]

    house.database.dispose()
    restarted = open_house(house.settings)
    again = Visitor(restarted)
    again.come_with(session)
    taken = again.send(path, first)
    again.travel_to(NOW + IDLE + timedelta(minutes=5))
    late = again.send(path, {**second, "key": "another"})
    back = again.sign_in("rosa")
    waiting = again.get(again.get("/kept").headers["location"]).text
    restarted.database.dispose()

    assert taken.headers["location"] == f"/cases/{case}?recorded=note_written"
    assert late.headers["location"] == "/sign-in?over=kept"
    assert back.headers["location"] == "/kept"
    assert "Long after it." in waiting


@on_one_database
def test_while_the_database_is_kept_the_page_says_so_and_sends_again_what_was_typed(house: House) -> None:
    """At the sign-in, at a page that logs and at a form: 503, and the form goes once more with one press, once only."""
    case, rosa = new_case(house), practitioner_on(house)
    path = f"/cases/{case}/record/note_written"
    typed = {**rosa.hidden(path, path), "note": 'Still "here" <b>now</b>.'}
    house.database.dispose()
    event.listen(house.database, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout=50"), insert=False)

    with house.writing() as other:
        other.execute(text("UPDATE service SET name = name"))
        stranger = Visitor(house, rosa.site).sign_in("imran", "wrong password")
        busy = [rosa.get(f"/cases/{case}"), stranger, rosa.send(path, typed)]
    offered = rosa.fields(busy[2].text, path)
    sent = rosa.send(path, offered)
    twice = rosa.send(path, offered)

    assert [answer.status_code for answer in busy] == [503, 503, 503]
    assert all("The service is busy" in answer.text for answer in busy)
    assert offered == typed
    assert "wrong password" not in busy[1].text
    assert sent.headers["location"] == f"/cases/{case}?recorded=note_written"
    assert twice.headers["location"] == f"/cases/{case}?already=note_written"


@on_one_database
def test_a_change_of_address_sent_twice_is_one_and_a_corrected_one_is_another(house: House) -> None:
    """A double click is answered "already done"; going back and typing another number is a form of its own."""
    case, rosa = new_case(house), practitioner_on(house)
    path = f"/cases/{case}/details"
    typed = {**rosa.hidden(path, path), "channel": "phone", "deed": "new", "value": "07700 900123", "source": "victim"}

    first, again = rosa.send(path, typed), rosa.send(path, typed)
    other = rosa.send(path, {**typed, "value": "07700 900124"})

    assert first.headers["location"] == f"/cases/{case}?recorded=contact_details_changed"
    assert again.headers["location"] == f"/cases/{case}?already=contact_details_changed"
    assert other.status_code == 409
    assert "The case has changed since you opened it" in other.text
    assert "07700 900124" in other.text
