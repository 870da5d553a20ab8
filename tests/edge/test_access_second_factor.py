"""Holds the second factor and the sessions: each code once, no way round it, and nothing typed is lost in between."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pyotp
import pytest

from engine.accounts import add_user
from engine.entries import Actor, Entry
from engine.house import House
from engine.reading_log import deeds_done
from engine.record import record
from engine.sign_in import FAILURES, IDLE, LONGEST, WINDOW
from tests.conftest import NOW, PASSWORD
from tests.edge.web_visitors import SESSION, Visitor, new_case, practitioner_on
from workflow.vocabulary import Role

MORGAN = Actor("morgan", Role.MANAGER)


def test_a_phone_is_set_up_and_from_then_on_asked_for(house: House) -> None:
    """The picture and the key, a first code, ten recovery codes shown once, and a code after every password."""
    visitor = practitioner_on(house)

    key, codes = set_up(visitor, NOW)
    again = Visitor(house, visitor.site)
    first = again.sign_in("rosa", next="/law")
    before = [again.get(path).headers["location"] for path in ("/queue", "/password", "/account", "/second-factor")]
    wrong = again.fill("/code", "/code", {"code": "000000"})
    again.travel_to(NOW + timedelta(seconds=60))
    right = again.fill("/code?next=/law", "/code", {"code": code(key, NOW + timedelta(seconds=60))})

    assert len(set(codes)) == 10
    assert first.headers["location"] == "/code?next=%2Flaw"
    assert set(before) == {"/code"}
    assert wrong.status_code == 422
    assert right.headers["location"] == "/law"
    assert again.get("/queue").status_code == 200


def test_a_code_counts_once_and_so_does_a_recovery_code(house: House) -> None:
    """Whoever looks over a shoulder, or finds the paper, gets nowhere with what was used."""
    visitor = practitioner_on(house)
    key, codes = set_up(visitor, NOW)
    later = NOW + timedelta(minutes=1)
    visitor.travel_to(later)

    def give(given: str) -> int:
        fresh = Visitor(house, visitor.site)
        fresh.sign_in("rosa")
        return int(fresh.fill("/code", "/code", {"code": given}).status_code)

    answers = [
        give(code(key, later)),
        give(code(key, later)),
        give(code(key, NOW)),
        give(codes[0].upper()),
        give(codes[0]),
    ]

    assert answers == [303, 422, 422, 303, 422]
    assert "recovery_code_used" in [deed.deed for deed in deeds_done(house, MORGAN, 9)]


def test_guessing_codes_is_stopped_like_guessing_passwords(house: House) -> None:
    """After ten wrong codes the right one does not help either, nor does a new sign-in, until the window has passed."""
    visitor = practitioner_on(house)
    key, _ = set_up(visitor, NOW)
    visitor.travel_to(NOW + timedelta(minutes=1))
    guesser = Visitor(house, visitor.site)
    guesser.sign_in("rosa")

    for _ in range(FAILURES):
        guesser.fill("/code", "/code", {"code": "123123"})
    stopped = guesser.fill("/code", "/code", {"code": code(key, NOW + timedelta(minutes=1))})
    anew = Visitor(house, visitor.site).sign_in("rosa")
    later = NOW + WINDOW + timedelta(minutes=2)
    guesser.travel_to(later)
    guesser.sign_in("rosa")
    after = guesser.fill("/code", "/code", {"code": code(key, later)})

    assert (stopped.status_code, anew.status_code, after.status_code) == (422, 401, 303)


def test_a_real_service_lets_nobody_past_without_a_second_factor(house: House) -> None:
    """Every page leads to setting it up; afterwards the work begins."""
    access = replace(house.settings.access, second_factor="required")
    strict = replace(house, settings=replace(house.settings, access=access))
    visitor = practitioner_on(strict)

    before = [visitor.get(path).headers["location"] for path in ("/queue", "/account", "/prove", "/kept")]
    set_up(visitor, NOW)

    assert set(before) == {"/second-factor"}
    assert visitor.get("/queue").status_code == 200


def test_only_an_example_service_may_leave_the_second_factor_out() -> None:
    """A setting cannot loosen it, and a slip of the pen is named."""
    from engine.access_settings import access
    from engine.errors import BadConfiguration

    assert access(None, is_example=True).second_factor == "offered"
    assert access(None, is_example=False).second_factor == "required"
    for table, key in (({"second_factor": "offered"}, "second_factor"), ({"secnd": 1}, "secnd")):
        with pytest.raises(BadConfiguration, match=key):
            access(table, is_example=False)


def test_a_manager_resets_a_lost_phone_and_ends_sessions_but_not_their_own(house: House) -> None:
    """It is written down; the user signs in with the password and sets up a new one."""
    visitor = practitioner_on(house)
    set_up(visitor, NOW)
    morgan = practitioner_on(house, visitor.site, "morgan")

    reset = change(morgan, "rosa", "factor")
    own = change(morgan, "morgan", "factor")

    assert (reset.status_code, own.status_code) == (303, 409)
    assert visitor.get("/queue").status_code == 303
    assert Visitor(house, visitor.site).sign_in("rosa").headers["location"] == "/queue"
    assert [deed.deed for deed in deeds_done(house, MORGAN, 9)][:1] == ["factor_reset"]


def test_what_needs_a_fresh_proof_asks_for_it_and_then_goes_on(house: House) -> None:
    """Five minutes after signing in a manager has to prove again who they are before touching an account."""
    rosa = practitioner_on(house)
    morgan = practitioner_on(house, rosa.site, "morgan")
    morgan.travel_to(NOW + timedelta(minutes=6))
    before = morgan.client.cookies[SESSION]

    asked = change(morgan, "rosa", "sessions")
    wrong = morgan.fill("/prove", "/prove", {"password": "not this one"})
    proved = morgan.fill("/prove", "/prove", {"password": PASSWORD})
    kept = morgan.get("/kept")
    sent = morgan.fill("/kept", "/access/people", {})

    assert asked.headers["location"].startswith("/prove")
    assert rosa.get("/law").status_code == 303
    assert (wrong.status_code, proved.headers["location"]) == (422, "/kept")
    assert "What you typed was kept" in kept.text
    assert sent.headers["location"] == "/access/people?done=sessions"
    assert morgan.client.cookies[SESSION] != before


def test_a_closed_account_is_out_at_once_and_everywhere(house: House) -> None:
    """At the next request, in every browser."""
    browsers = [practitioner_on(house)]
    browsers += [practitioner_on(house, browsers[0].site) for _ in range(3)]
    morgan = practitioner_on(house, browsers[0].site, "morgan")

    change(morgan, "rosa", "disable")

    assert [visitor.get("/queue").status_code for visitor in browsers] == [303] * 4
    assert browsers[0].sign_in("rosa").status_code == 401
    change(morgan, "rosa", "enable")
    assert browsers[0].sign_in("rosa").status_code == 303


def test_one_sees_where_one_is_signed_in_and_signs_out_there(house: House) -> None:
    """One browser, or all others; nobody else's session can be named."""
    here = practitioner_on(house)
    there, third = (practitioner_on(house, here.site) for _ in range(2))
    stranger = practitioner_on(house, here.site, "imran")
    handles = re.findall(r'name="session" value="([0-9a-f]+)"', here.get("/account").text)

    here.send("/account/sessions", {"form_token": here.token(), "session": handles[0]})
    left = [visitor.get("/queue").status_code for visitor in (there, third)]
    stranger.send("/account/sessions", {"form_token": stranger.token(), "session": "others"})
    here.send("/account/sessions", {"form_token": here.token(), "session": "others"})

    assert sorted(left) == [200, 303]
    assert [visitor.get("/queue").status_code for visitor in (here, there, third)] == [200, 303, 303]


def test_the_page_says_when_the_session_ends_and_staying_moves_it(house: House) -> None:
    """In words without a script, in seconds for it; never past ten hours."""
    visitor = practitioner_on(house)
    token = visitor.token()

    plain = visitor.get("/queue").text
    visitor.travel_to(NOW + timedelta(minutes=14))
    stayed = visitor.send("/stay", {"form_token": token, "from": "script"})
    visitor.travel_to(NOW + timedelta(minutes=28))
    alive = visitor.get("/stay")

    assert "you are signed out at 9:45am" in plain
    assert 'data-left="900"' in plain
    assert f'data-closes="{int(LONGEST.total_seconds())}"' in plain
    assert stayed.json() == {"left": 900}
    assert alive.status_code == 200


def test_what_was_typed_when_the_session_ended_is_there_again_after_signing_in(house: House) -> None:
    """The form comes back filled in, is recorded once, and what changed meanwhile is still noticed."""
    case, visitor = new_case(house), practitioner_on(house)
    path = f"/cases/{case}/record/note_written"
    form = {**visitor.hidden(path, path), "note": "A long note that nobody types twice."}
    over = NOW + IDLE + timedelta(minutes=5)
    visitor.travel_to(over)

    sent = visitor.send(path, form)
    page = visitor.get(sent.headers["location"])
    back = visitor.sign_in("rosa")
    shown = visitor.get(visitor.get(back.headers["location"]).headers["location"])
    again = {**hidden_of(shown.text, path), "note": "A long note that nobody types twice."}
    recorded = visitor.send(path, again)

    assert sent.headers["location"] == "/sign-in?over=kept"
    assert "What you typed is kept" in page.text
    assert back.headers["location"] == "/kept"
    assert "A long note that nobody types twice." in shown.text
    assert (again["seen"], again["key"]) == (form["seen"], form["key"])
    assert recorded.headers["location"] == f"/cases/{case}?recorded=note_written"
    assert visitor.sign_in("rosa").headers["location"] == "/queue"


def test_a_kept_form_is_stale_like_any_other(house: House) -> None:
    """Somebody recorded something while its user was away."""
    case, visitor = new_case(house), practitioner_on(house)
    path = f"/cases/{case}/record/note_written"
    form = {**visitor.hidden(path, path), "note": "Mine."}
    visitor.travel_to(NOW + IDLE + timedelta(minutes=5))
    visitor.send(path, form)
    record(house, case, [Entry("note_written", {"note": "Theirs."})], actor=Actor("imran", Role.PRACTITIONER), now=NOW)

    visitor.sign_in("rosa")
    shown = visitor.get(f"{path}?kept=1")
    sent = visitor.send(path, {**hidden_of(shown.text, path), "note": "Mine."})

    assert sent.status_code == 409
    assert "Mine." in sent.text


def test_a_form_is_kept_for_its_user_alone_only_for_a_while_and_without_secrets(house: House) -> None:
    """Not without the token of its session, not after signing out, not for a colleague, not the next day."""
    case, visitor = new_case(house), practitioner_on(house)
    path = f"/cases/{case}/record/note_written"
    form = {**visitor.hidden(path, path), "note": "Mine."}
    signed_out = practitioner_on(house, visitor.site)
    theirs = {**signed_out.hidden(path, path), "note": "Gone."}
    cookie = signed_out.client.cookies[SESSION]
    signed_out.send("/sign-out", {"form_token": theirs["form_token"]})
    signed_out.come_with(cookie)
    over = NOW + IDLE + timedelta(minutes=5)
    visitor.travel_to(over)

    answers = [
        visitor.send(path, {**form, "form_token": "made-up"}).headers["location"],
        Visitor(house, visitor.site).send(path, form).headers["location"],
        signed_out.send(path, theirs).headers["location"],
        visitor.send(path, form).headers["location"],
    ]
    colleague = Visitor(house, visitor.site).sign_in("imran").headers["location"]
    with house.reading() as connection:
        kept = connection.exec_driver_sql("SELECT sealed FROM form_draft").scalars().all()
    visitor.travel_to(over + timedelta(minutes=61))
    late = visitor.sign_in("rosa").headers["location"]

    assert answers == ["/sign-in?over=1"] * 3 + ["/sign-in?over=kept"]
    assert (colleague, late) == ("/queue", "/queue")
    assert len(kept) == 1
    assert b"Mine." not in bytes(kept[0])


def test_a_new_user_owes_in_turn_the_password_and_the_second_factor(house: House) -> None:
    """Neither can be left out by going elsewhere."""
    access = replace(house.settings.access, second_factor="required")
    strict = replace(house, settings=replace(house.settings, access=access))
    first = add_user(strict, "newcomer", "practitioner", NOW)
    visitor = Visitor(strict)
    visitor.sign_in("newcomer", first)

    owed = [visitor.get("/queue").headers["location"]]
    visitor.fill("/password", "/password", {"old": first, "new": "seven yellow kettles"})
    owed.append(visitor.get("/queue").headers["location"])
    set_up(visitor, NOW)
    owed.append(str(visitor.get("/queue").status_code))

    assert owed == ["/password", "/second-factor", "200"]


def set_up(visitor: Visitor, at: datetime) -> tuple[str, list[str]]:
    """Set a second factor up; gives its key and the recovery codes."""
    page = visitor.get("/second-factor").text
    key = re.search(r'<code class="vc-key">([A-Z2-7 ]+)</code>', page)
    assert key is not None
    secret = key[1].replace(" ", "")
    done = visitor.fill("/second-factor", "/second-factor", {"code": code(secret, at)})
    assert done.status_code == 200
    return secret, re.findall(r'<code class="vc-key">([a-z0-9-]+)</code>', done.text)


def code(secret: str, at: datetime) -> str:
    """The code that a phone shows at a moment."""
    return pyotp.TOTP(secret).at(at)


def change(visitor: Visitor, user: str, deed: str) -> Any:
    """Do something to an account, on the page of accounts."""
    return visitor.send("/access/people", {"form_token": visitor.token(), "user": user, "deed": deed})


def hidden_of(html: str, path: str) -> dict[str, str]:
    """The hidden fields of the form that goes to a path."""
    part = html.split(f'action="{path}"', 1)[1].split("</form>", 1)[0]
    return {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', part)
    }
