"""Houses that send letters by post, e-mail and text, to the small servers of the tests."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.house import House
from engine.letters_by_hand import ask_for_letter
from engine.mail_settings import MailServer
from engine.parcels import reference_of
from engine.post import approve
from engine.way_settings import NotifySettings, Ways
from engine.words import Words
from tests.edge.faults.town import ROSA, case, kept_letter, ready
from workflow.letters import EACH, LetterKind
from workflow.vocabulary import Channel

KEY = "tests-11111111-2222-4333-8444-555555555555-66666666-7777-4888-9999-aaaaaaaaaaaa"
TOKEN = "a-token-that-is-long-enough"
TEMPLATE = "bbbbbbbb-cccc-4ddd-8eee-ffffffffffff"
KINDS = {"post": "L01", "email": "L91", "text": "L92"}
"""The kind of letter that goes by each channel."""

_WORDS = Path(__file__).parent / "words"
_FACTS = ("salutation", "letter_date", "reference", "worker_name", "sender_name", "addressee")


def with_ways(
    town: House, mail_port: int = 0, certificate: str = "", notify: str = "", post: str = "print", **ways: Any
) -> House:
    """The same house with these ways out; one that is not given is not set up."""
    plain = town.letters["L01"]
    letters = {**town.letters, "L91": _also(plain, "L91", Channel.EMAIL), "L92": _also(plain, "L92", Channel.TEXT)}
    server = MailServer(
        "127.0.0.1", mail_port, "starttls", "service@example.org", "", "", 1, "hello@example.org", certificate
    )
    set_up = Ways(
        post=post,
        email="smtp" if mail_port else "by_hand",
        text="notify" if notify else "by_hand",
        notify=NotifySettings(notify, KEY, TOKEN, TEMPLATE, "second", 1, 5) if notify else None,
        **ways,
    )
    settings = replace(town.settings, mail=server if mail_port else None, ways=set_up)
    return replace(town, letters=letters, words=Words(_WORDS), settings=settings)


def _also(kind: LetterKind, code: str, channel: Channel) -> LetterKind:
    return replace(kind, code=code, channel=channel, facts=_FACTS, drafted_when=(), occurrence=EACH, sort="")


def approved_by(house: House, channel: str, number: int, now: datetime) -> str:
    """A letter of a new case that goes by this channel and was approved; gives the letter."""
    reference = ready(house, number, now)
    letter_id = (
        ask_for_letter(house, reference, "L91" if channel == "email" else "L92", ROSA, now)
        if (channel != "post")
        else _first(house, reference)
    )
    approve(house, letter_id, ROSA, now)
    return letter_id


def _first(house: House, reference: str) -> str:
    return case(house, reference).of("letter_drafted")[0].text("letter")


def number_of(house: House, letter_id: str) -> str:
    """The reference under which a letter leaves."""
    return reference_of(house, kept_letter(house, letter_id))
