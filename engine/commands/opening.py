"""Opens the house for a command, and finds out in whose name it acts."""

from datetime import date, datetime

from engine.accounts import COMMAND_LINE, actor
from engine.entries import Actor
from engine.errors import WrongInput
from engine.house import House, open_house
from engine.settings import read_settings
from engine.walls import as_seen_by
from workflow.london import start_of_day, written_day


def house(user: str | None = None) -> House:
    """The house that the settings describe, opened, and seen as the named user sees it."""
    opened = open_house(read_settings())
    return as_seen_by(opened, user) if user else opened


def acting(opened: House, user: str | None) -> Actor:
    """The named user, or whoever works at this machine."""
    return actor(opened, user) if user else COMMAND_LINE


def day(text: str, what: str) -> date:
    """A day given as YYYY-MM-DD."""
    given = written_day(text)
    if given is None:
        raise WrongInput(f"Give {what} as YYYY-MM-DD.")
    return given


def moment(text: str, what: str) -> datetime:
    """A moment given in ISO 8601; a day alone is its first moment, and a moment without a zone is London time."""
    from workflow.london import LONDON

    if len(text) == 10:
        return start_of_day(day(text, what))
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise WrongInput(f"Give {what} as YYYY-MM-DD or as a moment such as 2026-11-22T09:30.") from None
    return given if given.tzinfo else given.replace(tzinfo=LONDON)
