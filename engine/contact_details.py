"""Takes in a new address or number of a victim, confirms one that is there, and marks one as bad."""

from datetime import datetime
from typing import Any

from engine.entries import Actor, Entry, Written
from engine.errors import WrongInput
from engine.house import House
from engine.record import Deed, record
from store import people
from workflow.catalogue.knowing import POINT_SOURCES
from workflow.events import Fields
from workflow.london import london_day
from workflow.machine import NotAllowed
from workflow.vocabulary import Channel, Known

KEPT = ("phone", "email", "post")
"""The ways of reaching a victim that we keep; a voicemail, a text and a visit go by one of them."""

_BY_THE_SAME = {
    "phone": (Channel.PHONE, Channel.VOICEMAIL, Channel.TEXT),
    "email": (Channel.EMAIL,),
    "post": (Channel.POST, Channel.VISIT),
}


def give_point(
    house: House,
    reference: str,
    channel: str,
    value: Any,
    source: str,
    actor: Actor,
    now: datetime,
    *,
    words: str = "",
    seen: int | None = None,
    key: str | None = None,
) -> Written:
    """A new address or number of the victim, as ``engine.points.point`` gives it, in place of the old one.

    The old one is kept as past.  Nobody has said yet whether the new one is safe, so its channels are unknown from
    now on, and a letter that waits is held.  The same once more is a confirmation: it holds from today, and what was
    said of its safety stands.  Raises WrongInput, and what ``record`` raises.
    """
    _check(channel, source)
    change = "new"

    def within(deed: Deed) -> None:
        nonlocal change
        today = london_day(now)
        victim = people.find(deed.connection, house.keyring, deed.key.person_id)
        known = people.known_points(deed.connection, victim, channel, today)
        change = "confirmed" if any(_is_same(each.value, value) for each in known) else "new"
        people.end_contact_points(deed.connection, victim.person_id, channel, today)
        # Of several numbers one is confirmed: the others stand as they were given.
        others = [each for each in reversed(known) if change == "confirmed" and not _is_same(each.value, value)]
        for each in others:
            people.add_contact_point(
                deed.connection, house.service, victim, channel, each.value, each.given_by, each.from_day
            )
        people.add_contact_point(deed.connection, house.service, victim, channel, value, source, today)
        reachable = deed.case.reachable | {str(each) for each in _BY_THE_SAME[channel]}
        _tell(deed, channel, change, source, words, reachable)

    return record(house, reference, [], actor=actor, now=now, seen=seen, key=key, within=within)


def mark_bad(
    house: House,
    reference: str,
    channel: str,
    source: str,
    actor: Actor,
    now: datetime,
    *,
    words: str = "",
    seen: int | None = None,
    key: str | None = None,
) -> Written:
    """An address or number that leads nowhere or to somebody else: it is past from today, and nothing goes there.

    Raises WrongInput, NotAllowed where there is none, and what ``record`` raises.
    """
    _check(channel, source)

    def within(deed: Deed) -> None:
        today = london_day(now)
        victim = people.find(deed.connection, house.keyring, deed.key.person_id)
        if not people.known_points(deed.connection, victim, channel, today):
            raise NotAllowed("We hold none that could be marked.")
        people.end_contact_points(deed.connection, victim.person_id, channel, today)
        reachable = deed.case.reachable - {str(each) for each in _BY_THE_SAME[channel]}
        _tell(deed, channel, "bad", source, words, reachable)

    return record(house, reference, [], actor=actor, now=now, seen=seen, key=key, within=within)


def take_in_dead(deed: Deed, channel: Channel, sent_at: datetime) -> None:
    """Within a deed, what was sent to an e-mail address or a number at a moment found that there is none such.

    An address that was given since is another and stands.  A number that takes no texts may still be rung.
    """
    given = deed.case.last_given(channel)
    if given is not None and given.recorded_at > sent_at:
        return
    if channel is Channel.TEXT:
        if deed.case.safe(Channel.TEXT) is Known.YES:
            deed.add(Entry("safety_recorded", {Channel.TEXT.value: str(Known.UNKNOWN)}))
        return
    people.end_contact_points(deed.connection, deed.key.person_id, channel, london_day(deed.now))
    _tell(deed, channel, "bad", "", "", deed.case.reachable - {str(each) for each in _BY_THE_SAME[channel]})


def _check(channel: str, source: str) -> None:
    if channel not in KEPT:
        raise WrongInput(f"Say which it is: {', '.join(KEPT)}.")
    if source not in POINT_SOURCES:
        raise WrongInput(f"Say who said so: {', '.join(POINT_SOURCES)}.")


def _is_same(one: Any, other: Any) -> bool:
    """Whether two ways of reaching somebody are the same but for capitals and spaces."""
    return _bare(one) == _bare(other)


def _bare(value: Any) -> str:
    if isinstance(value, dict):
        parts = [*value.get("lines", ()), value.get("postcode", ""), value.get("number", "")]
        return "".join("".join(map(str, parts)).casefold().split())
    return "".join(str(value).casefold().split())


def _tell(deed: Deed, channel: str, change: str, source: str, words: str, reachable: frozenset[str]) -> None:
    fields: Fields = {"channel": channel, "change": change}
    if source:
        fields["source"] = source
    if reachable:
        fields["reachable"] = "|".join(sorted(reachable))
    if words:
        fields["note"] = words
    deed.add(Entry("contact_details_changed", fields))
    if change != "confirmed":
        # What was said was said of the old one.
        unknown: Fields = {each.value: str(Known.UNKNOWN) for each in _BY_THE_SAME[channel]}
        deed.add(Entry("safety_recorded", unknown))
