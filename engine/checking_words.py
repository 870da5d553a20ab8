"""Shows which letters there are in another language, and takes in who checked the words of one."""

from dataclasses import dataclass
from datetime import date, datetime

from engine.entries import Actor
from engine.errors import NotFound, WrongInput
from engine.house import House
from store import checked_words
from store.checked_words import KeptCheck
from workflow.letters import COLLEAGUES
from workflow.london import london_day
from workflow.reasons import TONGUES

__all__ = ["KeptCheck", "TranslatedWords", "check_words", "translated_words"]


@dataclass(frozen=True, slots=True)
class TranslatedWords:
    """The words of one letter in one language: missing, unchecked, changed since, or checked by whom and when."""

    kind: str
    title: str
    language: str
    state: str
    version: str = ""
    checked_by: str = ""
    checked_on: date | None = None


def translated_words(house: House) -> tuple[TranslatedWords, ...]:
    """Every letter that a victim reads, in every language besides English, in the order of the catalogue."""
    with house.reading() as connection:
        kept = checked_words.checks(connection, house.service)
    return tuple(
        _state(house, code, language, kept)
        for code, kind in house.letters.items()
        if kind.audience not in COLLEAGUES
        for language in TONGUES
    )


def _state(house: House, code: str, language: str, kept: list[KeptCheck]) -> TranslatedWords:
    kind = house.letters[code]
    if language not in kind.languages:
        return TranslatedWords(code, kind.title, language, "missing")
    version = house.words.template_version(code, language)
    mine = [check for check in kept if (check.kind, check.language) == (code, language)]
    now = next((check for check in mine if check.version == version), None)
    if now is not None:
        return TranslatedWords(code, kind.title, language, "checked", version, now.checked_by, now.checked_on)
    return TranslatedWords(code, kind.title, language, "changed" if mine else "unchecked", version)


def check_words(
    house: House, code: str, language: str, checked_by: str, checked_on: date, actor: Actor, now: datetime
) -> TranslatedWords:
    """Take in that a named person who speaks the language checked the words of a letter as they stand now.

    When a word of the template, or of what it stands on, changes, the check counts no more.  Raises NotPermitted,
    NotFound, and WrongInput without a name or for a day to come.
    """
    house.permissions.demand(actor.role, "dispatch.order")
    kind = house.letters.get(code)
    if kind is None or language not in kind.languages or language not in TONGUES:
        raise NotFound("There are no such words.")
    name = " ".join(checked_by.split())
    if not 3 <= len(name) <= 80:
        raise WrongInput("Say who checked the words: a name of up to 80 letters.")
    if checked_on > london_day(now):
        raise WrongInput("Give the day on which they were checked: it cannot be in the future.")
    version = house.words.template_version(code, language)
    with house.writing() as connection:
        check = KeptCheck(code, language, version, name, checked_on)
        checked_words.keep(connection, house.service, check, actor.user, now)
    return TranslatedWords(code, kind.title, language, "checked", version, name, checked_on)
