"""Proves with a code from somebody's phone who they are: setting it up, each code once, and codes for a lost phone."""

import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp

from engine.entries import Actor
from engine.errors import NotFound, WrongInput
from engine.house import House
from engine.sign_in import FAILURES, WINDOW, SignedIn, is_password, prove, subject
from store import accounts, deeds, second_factors
from workflow.machine import NotAllowed

RECOVERY_CODES = 10
_STEP = 30
# One step to either side, for a phone whose clock differs a little (RFC 6238 section 5.2).
_AROUND = (0, -1, 1)
# Letters and digits that nobody mistakes for one another when they copy them from paper.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_WRONG = "code: Enter the six digits your phone shows now, or a recovery code you have not used"


@dataclass(frozen=True, slots=True)
class Setting:
    """What a phone needs for a new second factor: the address in the picture, and the key for typing."""

    address: str
    key: str


def begin(house: House, signed_in: SignedIn) -> Setting:
    """A new second factor to be confirmed; until then the one before it counts.  Asked again, it is the same."""
    user = signed_in.actor.user
    with house.writing() as connection:
        kept = second_factors.find(connection, house.service, user)
        if kept is not None and kept.pending is not None:
            secret = _secret(house, user, kept.pending)
        else:
            secret = pyotp.random_base32()
            second_factors.begin(connection, house.service, user, house.keyring.seal(_place(user), secret))
    address = pyotp.TOTP(secret).provisioning_uri(name=user, issuer_name=house.settings.service_name)
    return Setting(address, " ".join(secret[place : place + 4] for place in range(0, len(secret), 4)))


def confirm(house: House, signed_in: SignedIn, code: str, now: datetime) -> list[str]:
    """Confirm a begun second factor by its first code; gives the recovery codes, which are shown this once.

    Raises WrongInput, naming the field in front of the remedy.
    """
    user = signed_in.actor.user
    with house.reading() as connection:
        kept = second_factors.find(connection, house.service, user)
    step = _step(_secret(house, user, kept.pending), code, now) if kept and kept.pending else None
    if kept is None or kept.pending is None or step is None:
        raise WrongInput("code: Enter the six digits your phone shows now")
    codes = [
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(2)) for _ in range(RECOVERY_CODES)
    ]
    with house.writing() as connection:
        if not second_factors.confirm(connection, house.service, user, kept.pending, step, now):
            raise WrongInput("code: Load the page again: another second factor was begun")
        digests = [_digest(house, user, each) for each in codes]
        second_factors.replace_codes(connection, house.service, user, digests)
        deeds.add(connection, house.service, now, user, "factor_set_up", about=user)
    return codes


def give_code(house: House, signed_in: SignedIn, code: str, now: datetime) -> str:
    """Prove who one is by a code of one's phone or a recovery code, each of which counts once.

    Gives the new token of the session.  A wrong code counts like a failed sign-in.  Raises WrongInput.
    """
    user = signed_in.actor.user
    account = subject(house, "account", user.casefold())
    with house.writing() as connection:
        is_stopped = accounts.failures(connection, house.service, account, now - WINDOW) >= FAILURES
        kept = second_factors.find(connection, house.service, user)
        is_right = not is_stopped and kept is not None and kept.sealed is not None
        if is_right and kept is not None and kept.sealed is not None:
            step = _step(_secret(house, user, kept.sealed), code, now)
            if step is not None:
                is_right = second_factors.spend_step(connection, house.service, user, step)
            else:
                is_right = second_factors.spend_code(connection, house.service, user, _digest(house, user, code), now)
                if is_right:
                    deeds.add(connection, house.service, now, user, "recovery_code_used", about=user)
        if not is_right and not is_stopped:
            accounts.note_failure(connection, house.service, [account], now)
    if not is_right:
        raise WrongInput(_WRONG)
    return prove(house, signed_in, now)


def give_password(house: House, signed_in: SignedIn, password: str, now: datetime) -> str:
    """Prove who one is by the password, where there is no second factor.  Raises WrongInput."""
    if signed_in.has_factor or signed_in.by_provider or not is_password(house, signed_in.actor.user, password, now):
        raise WrongInput("password: Enter the password with which you signed in")
    return prove(house, signed_in, now)


def codes_left(house: House, user: str) -> int:
    """How many recovery codes somebody has left."""
    with house.reading() as connection:
        return second_factors.codes_left(connection, house.service, user)


def reset(house: House, user: str, actor: Actor, now: datetime) -> None:
    """Take a user's second factor away, as when the phone is lost; all their sessions end.

    Raises NotFound, NotPermitted, and NotAllowed for one's own.
    """
    house.permissions.demand(actor.role, "users.change")
    if user == actor.user:
        raise NotAllowed("Somebody else has to reset your second factor.")
    with house.writing() as connection:
        if not second_factors.drop(connection, house.service, user):
            raise NotFound("This user has no second factor.")
        accounts.end_sessions_of(connection, house.service, user)
        deeds.add(connection, house.service, now, actor.user, "factor_reset", about=user)


def _step(secret: str, code: str, now: datetime) -> int | None:
    """The step of time whose code this is, or None."""
    given = "".join(code.split())
    if len(given) != 6 or not given.isascii() or not given.isdigit():
        return None
    here, codes = int(now.timestamp()) // _STEP, pyotp.TOTP(secret)
    steps = [here + each for each in _AROUND if pyotp.utils.strings_equal(codes.generate_otp(here + each), given)]
    return max(steps, default=None)


def _secret(house: House, user: str, sealed: bytes) -> str:
    return str(house.keyring.open(_place(user), sealed))


def _place(user: str) -> str:
    return f"second_factor.{user}"


def _digest(house: House, user: str, code: str) -> str:
    bare = "".join(letter for letter in code.casefold() if letter.isalnum())
    return house.keyring.match("recovery code", user, bare)
