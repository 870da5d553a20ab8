"""Holds sign-in through a provider against one that really signs: who gets in, and that nobody else does."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from engine.entries import Actor
from engine.house import House
from engine.provider import UNDER_WAY, bind, unbind
from engine.provider_settings import provider as provider_of
from engine.reading_log import deeds_done
from engine.sessions import let_in
from engine.sign_in import PROOF
from tests.conftest import NOW
from tests.edge.commands import Commands
from tests.edge.local_provider import CLIENT, LocalProvider, answer, drip, local_provider, wait
from tests.edge.test_access_second_factor import code, set_up
from tests.edge.web_visitors import SESSION, Visitor, on_one_database
from workflow.machine import NotAllowed
from workflow.vocabulary import Role

MORGAN = Actor("morgan", Role.MANAGER)
TICKET = "__Host-provider"


@pytest.fixture
def provider() -> Iterator[LocalProvider]:
    """A provider at which somebody signed in three minutes ago."""
    with local_provider(NOW, NOW - timedelta(minutes=3)) as listening:
        yield listening


@pytest.fixture
def served(house: House, provider: LocalProvider) -> House:
    """The house with the provider switched on, and rosa bound to the first subject there."""
    opened = replace(house, settings=replace(house.settings, provider=provider.settings()))
    bind(opened, "rosa", "subject-1", NOW)
    return opened


def gone(visitor: Visitor, provider: LocalProvider, start: str = "/sign-in/provider") -> str:
    """Go to the provider; gives the path by which the browser comes back."""
    return provider.visit(visitor.get(start).headers["location"])


def refusals(house: House) -> list[tuple[str, str]]:
    """What the log of access says of those who were refused, the latest first: whom, and why."""
    return [(each.about, each.detail) for each in deeds_done(house, MORGAN, 99) if each.deed == "provider_refused"]


def test_somebody_bound_comes_in_with_either_signature_and_lands_where_they_wanted(
    served: House, provider: LocalProvider
) -> None:
    """Code, PKCE, state and nonce against a provider that checks them; the page that was wanted comes after."""
    visitor = Visitor(served)

    landed = visitor.get(gone(visitor, provider, "/sign-in/provider?next=%2Flaw"))
    provider.algorithm = "ES256"
    again = Visitor(served, visitor.site)
    landed_again = again.get(gone(again, provider))

    asked = provider.asked[0]
    assert (landed.headers["location"], landed_again.headers["location"]) == ("/law", "/queue")
    assert visitor.get("/queue").status_code == again.get("/queue").status_code == 200
    assert {"state", "nonce", "code_challenge", "max_age"} <= asked.keys()
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    assert TICKET not in visitor.client.cookies
    assert [each.deed for each in deeds_done(served, MORGAN, 2)] == ["provider_signed_in"] * 2


def _claim(name: str, value: object) -> Callable[[LocalProvider], None]:
    def spoil(provider: LocalProvider) -> None:
        provider.spoil = lambda claims: claims.update({name: value})

    return spoil


def _without(name: str) -> Callable[[LocalProvider], None]:
    def spoil(provider: LocalProvider) -> None:
        provider.spoil = lambda claims: claims.pop(name)

    return spoil


def _moved(name: str, by: timedelta) -> Callable[[LocalProvider], None]:
    def spoil(provider: LocalProvider) -> None:
        provider.spoil = lambda claims: claims.update({name: int((NOW + by).timestamp())})

    return spoil


def _forged(algorithm: str, key: str = "first", name: str = "") -> Callable[[LocalProvider], None]:
    def spoil(provider: LocalProvider) -> None:
        provider.forge = lambda claims: provider.signed(claims, algorithm, key, name)

    return spoil


def _answered(path: str, how: Any) -> Callable[[LocalProvider], None]:
    def spoil(provider: LocalProvider) -> None:
        provider.answers[path] = how

    return spoil


def _clock(by: timedelta) -> Callable[[LocalProvider], None]:
    def spoil(provider: LocalProvider) -> None:
        provider.now += by

    return spoil


def _person(name: str) -> Callable[[LocalProvider], None]:
    def spoil(provider: LocalProvider) -> None:
        provider.person = name

    return spoil


DESCRIBED = "/.well-known/openid-configuration"
WRONG: dict[str, tuple[str, str, Callable[[LocalProvider], None]]] = {
    "the nonce of another sign-in": ("", "nonce", _claim("nonce", "another")),
    "no nonce": ("", "nonce", _without("nonce")),
    "a token that has run out": ("", "expired", _moved("exp", -timedelta(minutes=2))),
    "no end": ("", "claims", _without("exp")),
    "an end that is no number": ("", "claims", _claim("exp", "tomorrow")),
    "an end beyond all time": ("", "claims", _claim("exp", 10**300)),
    "for somebody else": ("", "audience", _claim("aud", "another-client")),
    "for several, and not said for which": ("", "audience", _claim("aud", [CLIENT, "another-client"])),
    "made for another of several": ("", "audience", _claim("azp", "another-client")),
    "by another issuer": ("", "issuer", _claim("iss", "http://127.0.0.1:1")),
    "not signed": ("", "algorithm", _forged("none")),
    "signed with the secret that is shared": ("", "algorithm", _forged("HS256")),
    "signed with a key nobody published": ("", "key_unknown", _forged("RS256", "stolen")),
    "signed with a key that is not for signing": ("", "key_unknown", _forged("RS256", "first", "other-RS256")),
    "signed by somebody else in its name": ("", "signature", _forged("RS256", "stolen", "first-RS256")),
    "no token": ("", "signature", lambda p: setattr(p, "forge", lambda _: "not.a.token")),
    "a clock that is ahead": ("", "clock", _clock(timedelta(minutes=3))),
    "a clock that is behind": ("", "expired", _clock(-timedelta(minutes=7))),
    "not to be used yet": ("", "clock", _moved("nbf", timedelta(minutes=3))),
    "not said when they were asked": ("", "claims", _without("auth_time")),
    "asked too long ago": ("", "asked_too_long_ago", _moved("auth_time", -timedelta(hours=1))),
    "no subject": ("", "subject", _without("sub")),
    "a subject that is a list": ("", "subject", _claim("sub", ["subject-1"])),
    "a user nobody bound": ("", "user_unknown", _person("subject-9")),
    "a subject in other capitals": ("", "user_unknown", _person("Subject-1")),
    "a provider that breaks down": ("", "provider_answer", _answered("/token", answer(500, b"oh"))),
    "a provider that says nothing of use": ("", "provider_answer", _answered("/token", answer(200, b"{}"))),
    "keys that are no keys": ("", "provider_answer", _answered("/jwks", answer(200, b"[1]"))),
    "keys without end": ("", "provider_down", _answered("/jwks", answer(200, b"{" + b" " * 600_000))),
    "a description of somebody else": ("", "issuer", _answered(DESCRIBED, answer(200, b'{"issuer": "x"}'))),
    "a provider that is slow": ("", "provider_slow", _answered("/token", wait)),
    "a provider that answers in drops": ("", "provider_slow", _answered("/jwks", drip)),
}  # fmt: skip


@on_one_database
def test_whatever_is_wrong_nobody_gets_in_and_the_page_is_the_same(served: House, provider: LocalProvider) -> None:
    """One page to the outside, whatever it was; inside a line that says which it was."""
    site, pages, seen = Visitor(served).site, set(), {}
    honest = replace(provider)

    for name, (_, _, spoil) in WRONG.items():
        visitor = Visitor(served, site)
        spoil(provider)
        back = gone(visitor, provider) if DESCRIBED not in provider.answers else "/sign-in/provider"
        refused = visitor.get(back)
        pages.add((refused.status_code, _bare(refused.text)))
        seen[name] = (*refusals(served)[0], SESSION in visitor.client.cookies)
        provider.__dict__.update({**honest.__dict__, "answers": {}, "codes": {}, "asked": []})

    assert seen == {name: (about, why, False) for name, (about, why, _) in WRONG.items()}
    assert len(pages) == 1
    assert next(iter(pages))[0] == 401
    assert not re.search(r"nonce|expired|subject|rosa|127\.0\.0\.1", next(iter(pages))[1])


@on_one_database
def test_a_state_counts_once_in_the_browser_that_began_it_and_for_ten_minutes(
    served: House, provider: LocalProvider
) -> None:
    """Replayed, made up, carried into another browser, late, or sent with a no: the same refusal."""
    rosa = Visitor(served)
    back = gone(rosa, provider)
    rosa.get(back)
    first_session = rosa.client.cookies[SESSION]

    def refused(visitor: Visitor, path: str) -> tuple[int, str]:
        given = visitor.get(path)
        return given.status_code, _bare(given.text)

    fresh = [Visitor(served, rosa.site) for _ in range(5)]
    answers = [refused(fresh[0], back), refused(fresh[1], "/sign-in/provider/back?state=made-up&code=x")]
    stolen = gone(fresh[2], provider)
    answers.append(refused(Visitor(served, rosa.site), stolen))
    said_no = (
        gone(fresh[3], provider).partition("code=")[0] + "error=access_denied&" + "state=" + provider.asked[-1]["state"]
    )
    answers.append(refused(fresh[3], said_no))
    late = gone(fresh[4], provider)
    fresh[4].travel_to(NOW + UNDER_WAY + timedelta(minutes=1))
    too_late = refused(fresh[4], late)

    assert len(set(answers)) == 1
    assert answers[0][0] == too_late[0] == 401
    # It is another time of day by then, which the page of an example service shows.
    assert "You could not be signed in" in too_late[1]
    assert [why for _, why in refusals(served)] == ["too_late", "provider_said_no", "other_browser", "state", "state"]
    assert rosa.client.cookies[SESSION] == first_session


@on_one_database
def test_a_user_who_was_disabled_does_not_come_in_and_a_session_of_theirs_ends(
    served: House, provider: LocalProvider
) -> None:
    """What counts is the account here, at the moment of coming in and at every click."""
    visitor, other = Visitor(served), Visitor(served)
    visitor.get(gone(visitor, provider))
    back = gone(other, provider)

    let_in(served, "rosa", False, MORGAN, NOW)
    refused = other.get(back)
    click = visitor.get("/queue")

    assert (refused.status_code, refusals(served)[0]) == (401, ("rosa", "user_disabled"))
    assert click.headers["location"].startswith("/sign-in")


@on_one_database
def test_a_provider_that_is_down_or_cannot_be_reached_lets_nobody_in_and_passwords_go_on(
    house: House, provider: LocalProvider
) -> None:
    """Before the sign-in and in the middle of it; whoever is not bound signs in as before."""
    nowhere = provider.settings(issuer="http://127.0.0.1:9")
    opened = replace(house, settings=replace(house.settings, provider=nowhere))
    visitor = Visitor(opened)

    refused = visitor.get("/sign-in/provider")
    by_password = visitor.sign_in("imran")

    assert (refused.status_code, refusals(opened)) == (401, [("", "provider_down")])
    assert by_password.status_code == 303


@on_one_database
def test_whoever_is_bound_comes_in_there_only_and_by_password_again_when_unbound(
    served: House, provider: LocalProvider
) -> None:
    """The answer to a bound user's password is the answer to a wrong one."""
    visitor = Visitor(served)

    bound, wrong = visitor.sign_in("rosa"), visitor.sign_in("rosa", "wrong password")
    unbind(served, "rosa", NOW)
    unbound = visitor.sign_in("rosa")

    assert (bound.status_code, bound.text) == (401, wrong.text) or _bare(bound.text) == _bare(wrong.text)
    assert unbound.status_code == 303


@on_one_database
def test_no_session_outlives_the_way_in_so_that_nobody_can_lay_one_under(
    served: House, provider: LocalProvider
) -> None:
    """A session that was planted in the browser is ended, and the new one has another token and form token."""
    planted, rosa = Visitor(served), Visitor(served)
    planted.sign_in("imran")
    before = planted.client.cookies[SESSION]
    back = gone(rosa, provider)
    rosa.client.cookies.set(SESSION, before, domain="testserver.local", path="/")

    rosa.get(back)

    after = [value for name, value in rosa.client.cookies.items() if name == SESSION]
    assert before not in after
    assert planted.get("/queue").status_code == 303
    assert rosa.get("/account").text.count("Rosa Example") > 0


@on_one_database
def test_two_factors_at_the_provider_count_and_one_does_not(served: House, provider: LocalProvider) -> None:
    """Where two are required: with the listed method they are in, without it they set up or give a code of ours."""
    required = replace(served.settings, access=replace(served.settings.access, second_factor="required"))
    strict = replace(served, settings=required)
    once, twice, ours = Visitor(strict), Visitor(strict), Visitor(strict)

    once.get(gone(once, provider))
    owed = once.get("/queue").headers["location"]
    key, _ = set_up(once, NOW)
    provider.amr = ("pwd", "otp")
    twice.get(gone(twice, provider))
    provider.amr = ("pwd",)
    later = NOW + timedelta(minutes=1)
    ours.travel_to(later)
    provider.now = later
    asked = ours.get(gone(ours, provider)).headers["location"]
    given = ours.fill("/code", "/code", {"code": code(key, later)})

    assert owed == "/second-factor"
    assert twice.get("/queue").status_code == 200
    assert asked == "/code"
    assert given.status_code == 303
    assert ours.get("/queue").status_code == 200


@on_one_database
def test_a_step_up_asks_at_the_provider_anew_and_takes_nothing_older(served: House, provider: LocalProvider) -> None:
    """``max_age=0`` and ``prompt=login``; an old answer, or somebody else's, proves nothing, nor does our password."""
    bind(served, "morgan", "subject-2", NOW)
    morgan = Visitor(served)
    provider.person = "subject-2"
    morgan.get(gone(morgan, provider))
    later = NOW + PROOF + timedelta(minutes=1)
    morgan.travel_to(later)
    provider.now = later

    def sessions_of_rosa_ended() -> str:
        form = {"user": "rosa", "deed": "sessions", "form_token": morgan.token()}
        return str(morgan.send("/access/people", form).headers["location"])

    asked = sessions_of_rosa_ended()
    page = morgan.get("/prove").text
    before = morgan.client.cookies[SESSION]
    provider.spoil = lambda claims: claims.update({"auth_time": int(NOW.timestamp())})
    old = morgan.get(gone(morgan, provider, "/prove/provider")).status_code
    provider.spoil, provider.person = None, "subject-1"
    of_another = morgan.get(gone(morgan, provider, "/prove/provider")).status_code
    by_password = morgan.send("/prove", {"password": "correct horse battery", "form_token": morgan.token()})
    still = sessions_of_rosa_ended()
    provider.person = "subject-2"
    proved = morgan.get(gone(morgan, provider, "/prove/provider?next=%2Faccess%2Fpeople"))

    assert {asked[:6], still[:6]} == {"/prove"}
    assert "Sign in again with Example Council" in page
    assert 'name="password"' not in page
    assert {name: provider.asked[-1][name] for name in ("max_age", "prompt")} == {"max_age": "0", "prompt": "login"}
    assert (old, of_another, by_password.status_code) == (401, 401, 422)
    assert [why for _, why in refusals(served)] == ["other_user", "asked_too_long_ago"]
    # What she sent waits for her.
    assert proved.headers["location"] == "/kept"
    assert morgan.client.cookies[SESSION] != before
    assert sessions_of_rosa_ended() == "/access/people?done=sessions"


@on_one_database
def test_signing_out_ends_our_session_and_says_that_the_other_may_go_on(served: House, provider: LocalProvider) -> None:
    """Only our session is ours to end; the page says how to end the other."""
    visitor = Visitor(served)
    visitor.get(gone(visitor, provider))

    answer = visitor.send("/sign-out", {"form_token": visitor.token()})
    told = visitor.get(answer.headers["location"]).text

    assert visitor.get("/queue").headers["location"].startswith("/sign-in")
    assert "You may still be signed in at Example Council" in told


@on_one_database
def test_another_site_cannot_begin_a_sign_in_and_strangers_cannot_fill_the_log(
    served: House, provider: LocalProvider
) -> None:
    """What a browser says comes from elsewhere goes nowhere; after a hundred lines strangers are counted only."""
    visitor = Visitor(served)

    elsewhere = visitor.get("/sign-in/provider", headers={"Sec-Fetch-Site": "cross-site"})
    for number in range(130):
        visitor.get(f"/sign-in/provider/back?state=made-up-{number}&code=x")

    assert elsewhere.headers["location"] == "/sign-in"
    assert provider.asked == []
    assert len(deeds_done(served, MORGAN, 999)) <= 102


def test_a_subject_is_one_users_and_no_address(served: House) -> None:
    """On both databases: bound again to the same is nothing new; to a second user it is refused."""
    bind(served, "rosa", "subject-1", NOW)

    with pytest.raises(NotAllowed):
        bind(served, "imran", "subject-1", NOW)
    with pytest.raises(Exception, match="not an address"):
        bind(served, "imran", "rosa@example.org", NOW)
    bind(served, "imran", "Subject-1", NOW)

    assert [(each.deed, each.about) for each in deeds_done(served, MORGAN, 3)] == [
        ("user_bound", "imran"),
        ("user_bound", "rosa"),
        ("user_bound", "rosa"),
    ]


@on_one_database
def test_where_no_provider_is_switched_on_there_is_no_such_way(house: House) -> None:
    """The page does not offer it, and the addresses are not there."""
    visitor = Visitor(house)

    answers = [visitor.get(path).status_code for path in ("/sign-in/provider", "/sign-in/provider/back?state=x&code=y")]

    assert answers == [404, 404]
    assert "Sign in with" not in visitor.get("/sign-in").text


def test_the_provider_of_these_tests_gives_nothing_without_the_right_verifier(provider: LocalProvider) -> None:
    """So that the tests above show that ours sends it."""
    query = {"client_id": CLIENT, "response_type": "code", "redirect_uri": "https://testserver/sign-in/provider/back"}
    more = {"scope": "openid", "state": "s", "nonce": "n", "code_challenge": "c", "code_challenge_method": "S256"}
    back = httpx.get(f"{provider.issuer}/authorize", params={**query, **more}, trust_env=False).headers["location"]
    found = re.search(r"code=([^&]+)", back)
    assert found is not None
    sent = {"grant_type": "authorization_code", "code": found[1], "redirect_uri": query["redirect_uri"]}

    given = httpx.post(
        f"{provider.issuer}/token",
        data={**sent, "code_verifier": "guess"},
        auth=(CLIENT, "a+secret+of+the+tests"),
        trust_env=False,
    )

    assert (given.status_code, given.json()) == (400, {"error": "invalid_grant"})


BAD_SETTINGS: dict[str, dict[str, Any]] = {
    "an address without TLS on a real service": {"issuer": "http://login.example.org"},
    "an address with a question in it": {"our_address": "https://vc.example.org/?x=1"},
    "the secret in the file": {"client_secret": "x"},
    "an e-mail address as the name": {"subject_claim": "email"},
    "no name": {"shown_as": ""},
    "a patience without end": {"patience_seconds": 600},
    "a word where true or false is meant": {"enabled": "yes"},
    "texts that are no list": {"second_factor_amr": "otp"},
}


@pytest.mark.parametrize("wrong", BAD_SETTINGS, ids=lambda name: name)
def test_settings_of_a_provider_that_cannot_be_used_stop_the_start(wrong: str) -> None:
    """With the key and the remedy; the secret comes out of the environment or a file, never out of service.toml."""
    right = {
        "enabled": True,
        "issuer": "https://login.example.org",
        "client_id": "x",
        "our_address": "https://vc.example.org",
        "shown_as": "Example Council",
    }

    taken = provider_of(right, {"PROVIDER_SECRET": "s"}, is_example=False)

    assert taken is not None
    assert "'s'" not in repr(taken)
    with pytest.raises(Exception, match=r"service\.toml: provider"):
        provider_of({**right, **BAD_SETTINGS[wrong]}, {"PROVIDER_SECRET": "s"}, is_example=False)
    with pytest.raises(Exception, match="PROVIDER_SECRET"):
        provider_of(right, {}, is_example=False)
    assert provider_of({**right, "enabled": False}, {}, is_example=False) is None


def test_the_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    """As a line of its own; a file that is not there stops the start."""
    file = tmp_path / "secret"
    file.write_text("from a file\n", encoding="utf-8")
    table = {
        "enabled": True,
        "issuer": "https://login.example.org",
        "client_id": "x",
        "our_address": "https://vc.example.org/",
        "shown_as": "Example Council",
    }

    taken = provider_of(table, {"PROVIDER_SECRET_FILE": str(file)}, is_example=False)

    assert taken is not None
    assert taken.secret == "from a file"
    assert taken.callback == "https://vc.example.org/sign-in/provider/back"
    with pytest.raises(Exception, match="PROVIDER_SECRET_FILE"):
        provider_of(table, {"PROVIDER_SECRET_FILE": str(tmp_path / "none")}, is_example=False)


@on_one_database
def test_the_command_says_plainly_that_there_is_no_provider(house: House, tmp_path: Path) -> None:
    """Binding needs to know to which provider; one sentence and exit status 3 or 2."""
    run = Commands(tmp_path)

    done = [run("user", "bind", "rosa", "subject-1"), run("user", "unbind", "rosa")]

    assert all(each.exit_code in (2, 3) and each.stderr.count("\n") == 1 for each in done)


def _bare(text: str) -> str:
    return re.sub(r'nonce="[^"]+"', "", text)
