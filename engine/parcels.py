"""Makes of an approved letter what leaves by its way: to whom, in which words, under which reference."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.delivery.pdf import pdf
from engine.delivery.port import Parcel
from engine.house import House
from engine.words import plain_text
from store.post import KeptLetter
from workflow.letters import COLLEAGUES, Audience
from workflow.vocabulary import Channel

_DIGITS = 40


def parcel_of(house: House, letter: KeptLetter, kept: Mapping[str, Any], page: bytes | None, now: datetime) -> Parcel:
    """An approved letter as it leaves; ``kept`` is what was approved of it, ``page`` its page where it has one."""
    to_victim = house.letters[letter.kind].audience not in COLLEAGUES
    mail, facts = house.settings.mail, kept["facts"]
    by_post = letter.channel == Channel.POST
    # The subject stands where anybody who picks a phone up reads it.
    subject = facts.get("sender_name") if to_victim else f"{house.settings.service_name}: {letter.reference}"
    return Parcel(
        letter_id=letter.letter_id,
        reference=reference_of(house, letter),
        channel=letter.channel,
        to=str(kept.get("to", "")),
        subject=str(subject or house.settings.letter_facts.get("sender_name", "")),
        sender=mail.letter_sender if mail and to_victim else "",
        text="" if by_post else plain_text(kept["html"]),
        # A letter that was approved by an earlier release has no page yet.
        page=(page or pdf(kept["html"])) if by_post else b"",
        at=now,
    )


def reference_of(house: House, letter: KeptLetter) -> str:
    """The reference of a letter with whoever delivers it: one for each case, kind and occurrence, and nobody's name."""
    parts = (house.service, letter.reference, letter.kind, str(letter.occurrence))
    return house.keyring.match("consignment", *parts)[:_DIGITS]


def side_of(house: House, letter: KeptLetter) -> str:
    """To whose side a letter goes: the victim's, police, or a colleague's."""
    audience = house.letters[letter.kind].audience
    if audience is Audience.POLICE:
        return "police"
    return "colleague" if audience in COLLEAGUES else "victim"
