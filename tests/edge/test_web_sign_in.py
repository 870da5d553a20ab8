"""Holds the way in: who gets in, for how long, and that guessing neither works nor tells anything."""

from datetime import timedelta

from engine.accounts import add_user
from engine.house import House
from engine.sign_in import FAILURES, IDLE, LONGEST, WINDOW
from tests.conftest import NOW, PASSWORD
from tests.edge.web_visitors import SESSION, Visitor, practitioner_on


def test_each_role_lands_where_its_work_begins(house: House) -> None:
    """A practitioner at the queue, a manager at compliance, police at their page."""
    site = Visitor(house).site

    landings = {user: Visitor(house, site).sign_in(user).headers["location"] for user in ("rosa", "morgan", "sergeant")}

    assert landings == {"rosa": "/queue", "morgan": "/compliance", "sergeant": "/police"}


def test_a_page_that_was_asked_for_comes_after_the_sign_in_but_only_if_it_is_ours(house: House) -> None:
    """The way back leads to our own pages; an address elsewhere is ignored."""
    visitor = Visitor(house)

    asked = visitor.get("/queue?whose=everyone").headers["location"]
    ours = visitor.sign_in("rosa", next="/queue?whose=everyone").headers["location"]
    visitor.client.cookies.clear()
    others = [
        visitor.sign_in("rosa", next=wanted).headers["location"]
        for wanted in ("https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)", "/sign-out")
    ]

    assert asked == "/sign-in?next=%2Fqueue%3Fwhose%3Deveryone"
    assert ours == "/queue?whose=everyone"
    assert set(others) == {"/queue"}


def test_a_failed_sign_in_says_the_same_whoever_it_was(house: House) -> None:
    """An unknown name, a wrong password and a name in the wrong case cannot be told apart."""
    visitor = Visitor(house)

    answers = [visitor.sign_in(user, password) for user, password in (("nobody", PASSWORD), ("rosa", "wrong password"))]

    assert [answer.status_code for answer in answers] == [401, 401]
    assert "The user name or password is not right" in answers[0].text
    assert _without(answers[0].text, "nobody") == _without(answers[1].text, "rosa")
    assert SESSION not in visitor.client.cookies


def test_the_cookie_is_for_this_host_over_a_safe_line_and_out_of_reach_of_scripts(house: House) -> None:
    """The prefix, the flags, and a token of 256 bits of which the database keeps only the digest."""
    answer = Visitor(house).sign_in("rosa")

    cookie = answer.headers["set-cookie"]

    assert cookie.startswith(f"{SESSION}=")
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert len(cookie.split("=", 1)[1].split(";")[0]) >= 43


def test_a_session_that_somebody_planted_before_is_worth_nothing_after(house: House) -> None:
    """Signing in always makes a new token, and ends the one the browser came with."""
    visitor = practitioner_on(house)
    before = visitor.client.cookies[SESSION]

    visitor.sign_in("rosa")
    after = visitor.client.cookies[SESSION]
    thief = Visitor(house, visitor.site)
    thief.come_with(before)
    planted = Visitor(house, visitor.site)
    planted.come_with("planted-by-somebody")
    planted.sign_in("rosa")

    assert before != after
    assert thief.get("/queue").status_code == 303
    assert planted.client.cookies[SESSION] != "planted-by-somebody"


def test_signing_out_ends_the_session_and_clears_what_the_browser_kept(house: House) -> None:
    """The token opens nothing afterwards, even if somebody kept it."""
    visitor = practitioner_on(house)
    kept = visitor.client.cookies[SESSION]

    answer = visitor.send("/sign-out", {"form_token": visitor.token()})
    visitor.come_with(kept)

    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert visitor.get("/queue").headers["location"].startswith("/sign-in")


def test_a_session_ends_after_a_quarter_of_an_hour_without_use(house: House) -> None:
    """Use keeps it alive; without use it is over, and stays over."""
    visitor = practitioner_on(house)

    used = []
    for minutes in (10, 20, 30):
        visitor.travel_to(NOW + timedelta(minutes=minutes))
        used.append(visitor.get("/queue").status_code)
    visitor.travel_to(NOW + timedelta(minutes=30) + IDLE + timedelta(seconds=1))
    idle = visitor.get("/queue").status_code
    visitor.travel_to(NOW + timedelta(minutes=31))
    later = visitor.get("/queue").status_code

    assert used == [200, 200, 200]
    assert (idle, later) == (303, 303)


def test_a_session_ends_after_ten_hours_however_much_it_is_used(house: House) -> None:
    """A day's work at the longest."""
    visitor = practitioner_on(house)

    moment, statuses = NOW, []
    while moment <= NOW + LONGEST:
        visitor.travel_to(moment)
        statuses.append(visitor.get("/queue").status_code)
        moment += timedelta(minutes=14)

    visitor.travel_to(NOW + LONGEST + timedelta(minutes=1))
    assert set(statuses) == {200}
    assert visitor.get("/queue").status_code == 303


def test_a_user_who_is_disabled_or_changes_role_is_treated_so_at_the_next_request(house: House) -> None:
    """Nothing about a user is remembered between two requests."""
    visitor, other = practitioner_on(house), practitioner_on(house, user="imran")

    _change(house, "rosa", disabled_at=NOW)
    _change(house, "imran", role="police", force="derbyshire")

    assert visitor.get("/queue").status_code == 303
    assert other.get("/queue").status_code == 403
    assert visitor.sign_in("rosa").status_code == 401


def test_ten_wrong_tries_lock_an_account_for_a_quarter_of_an_hour_whoever_tries(house: House) -> None:
    """The right password does not open a locked account, and the words do not say that it is locked."""
    site = Visitor(house).site
    for number in range(FAILURES):
        _from(Visitor(house, site), f"10.0.0.{number}").sign_in("rosa", "wrong password")

    locked = _from(Visitor(house, site), "10.0.1.1").sign_in("rosa")
    unknown = _from(Visitor(house, site), "10.0.1.2").sign_in("nobody")
    somebody_else = _from(Visitor(house, site), "10.0.1.3").sign_in("imran")
    visitor = _from(Visitor(house, site), "10.0.1.4")
    visitor.travel_to(NOW + WINDOW + timedelta(seconds=1))
    later = visitor.sign_in("rosa")

    assert locked.status_code == 401
    assert _without(locked.text, "rosa") == _without(unknown.text, "nobody")
    assert somebody_else.status_code == 303
    assert later.status_code == 303


def test_ten_wrong_tries_stop_an_address_whichever_names_it_tries(house: House) -> None:
    """Trying one password on many names is guessing too, also of names that are not there."""
    visitor = Visitor(house)
    for number in range(FAILURES):
        visitor.sign_in(f"guess{number}", "wrong password")

    same_address = visitor.sign_in("rosa")
    elsewhere = _from(Visitor(house, visitor.site), "10.0.0.1").sign_in("rosa")

    assert same_address.status_code == 401
    assert elsewhere.status_code == 303


def test_a_first_password_must_be_changed_before_anything_else(house: House) -> None:
    """Every page leads to the change; the new password works afterwards, the first one no more."""
    first = add_user(house, "newcomer", "practitioner", NOW)
    visitor = Visitor(house)
    visitor.sign_in("newcomer", first)

    before = [visitor.get(path).headers["location"] for path in ("/queue", "/cases/VC-0000-0000")]
    weak = visitor.fill("/password", "/password", {"old": first, "new": "short"})
    wrong = visitor.fill("/password", "/password", {"old": "not the first", "new": "seven yellow kettles"})
    changed = visitor.fill("/password", "/password", {"old": first, "new": "seven yellow kettles"})

    assert set(before) == {"/password"}
    assert (weak.status_code, wrong.status_code, changed.status_code) == (422, 422, 303)
    assert "at least 12 characters" in weak.text
    assert visitor.get("/queue").status_code == 200
    assert Visitor(house, visitor.site).sign_in("newcomer", first).status_code == 401
    assert Visitor(house, visitor.site).sign_in("newcomer", "seven yellow kettles").status_code == 303


def test_changing_the_password_ends_every_other_session(house: House) -> None:
    """Whoever changes a password because somebody knows it must not leave them signed in."""
    mine, theirs = practitioner_on(house), Visitor(house)
    theirs.sign_in("rosa")

    mine.fill("/password", "/password", {"old": PASSWORD, "new": "seven yellow kettles"})

    assert mine.get("/queue").status_code == 200
    assert theirs.get("/queue").status_code == 303


def _from(visitor: Visitor, address: str) -> Visitor:
    visitor.client._transport.client = (address, 50000)  # type: ignore[attr-defined]
    return visitor


def _without(html: str, name: str) -> str:
    """A page without the name that was typed and without what differs on every page."""
    return html.split("</h1>")[1].replace(name, "")


def _change(house: House, name: str, **values: object) -> None:
    from store import accounts

    with house.writing() as connection:
        accounts.change_user(connection, house.service, name, **values)
