"""Answers what the history says about a channel: whether it is safe, still safe, and leads to the right person."""

from datetime import date

from workflow.case import Case
from workflow.events import Event
from workflow.vocabulary import Channel, Known, Track

HOUSEHOLD = (Channel.POST, Channel.VISIT)
"""The channels that arrive at a door, where somebody else may open it."""

_SAME_LINE = {
    **dict.fromkeys((Channel.PHONE, Channel.VOICEMAIL, Channel.TEXT), (Channel.PHONE, Channel.VOICEMAIL, Channel.TEXT)),
    **dict.fromkeys(HOUSEHOLD, HOUSEHOLD),
    Channel.EMAIL: (Channel.EMAIL,),
}
# The ways of reaching somebody that also serve a channel: a voicemail needs a phone, a visit an address.
_SERVED_BY = {Channel.VOICEMAIL: Channel.PHONE, Channel.TEXT: Channel.PHONE, Channel.VISIT: Channel.POST}
_WRONG = ("wrong_person", "number_wrong", "address_wrong")


def _later(one: Event | None, other: Event) -> bool:
    return one is not None and (one.at, one.seq) > (other.at, other.seq)


def said_safe(case: Case, channel: Channel) -> Event | None:
    """The entry that last said whether the channel is safe; None where nobody said."""
    return next((event for event in reversed(case.of("safety_recorded")) if channel in event.fields), None)


def is_safe(case: Case, channel: Channel) -> Known:
    """Whether a channel is safe, as last said; a voicemail is only as safe as the phone.

    An answer about an address or a number that was changed since is none about the new one.
    """
    if is_outdated(case, channel) and case.safe(channel) is Known.YES:
        return Known.UNKNOWN
    answers = {case.safe(channel), case.safe(Channel.PHONE) if channel is Channel.VOICEMAIL else case.safe(channel)}
    return next(known for known in (Known.NO, Known.UNKNOWN, Known.YES) if known in answers)


def is_outdated(case: Case, channel: Channel) -> bool:
    """Whether the details of the channel changed after it was said to be safe: the answer was about the old ones.

    A change that names no channel may have been of any.
    """
    said = said_safe(case, channel)
    changes = [e for e in case.of("contact_details_changed") if e.text("change") != "confirmed"]
    mine = [e for e in changes if not e.text("channel") or e.text("channel") in _SAME_LINE[channel]]
    return said is not None and bool(mine) and said.at < mine[-1].at


def said_otherwise_since(case: Case, channel: Channel) -> bool:
    """Whether the last yes or no to the channel was a no, about the address or number that we still hold.

    That somebody did not know in between takes nothing back.
    """
    for event in reversed(case.of("safety_recorded")):
        if event.fields.get(channel) in (Known.YES, Known.NO):
            changes = [e for e in case.of("contact_details_changed") if e.text("change") == "new" and e.seq > event.seq]
            is_new = any(e.text("channel") in _SAME_LINE[channel] for e in changes)
            return event.fields[channel] == Known.NO and not is_new
    return False


def is_on_police_word(case: Case, channel: Channel) -> bool:
    """Whether a door is called safe by police alone, who asked before anybody looked at who lives behind it."""
    said = said_safe(case, channel)
    return (
        channel in HOUSEHOLD
        and said is not None
        and (said.text(channel), said.text("said_by")) == (Known.YES, "police")
    )


def is_unconfirmed(case: Case, channel: Channel, today: date, safety_lasts: int) -> bool:
    """Whether it is more than ``safety_lasts`` days ago that the channel was said to be safe."""
    said = said_safe(case, channel)
    return said is not None and said.text(channel) == Known.YES and (today - said.day).days > safety_lasts


def leads_elsewhere(case: Case, channel: Channel) -> bool:
    """Whether it last led to a wrong person, number or address, and nobody has given or confirmed it since."""
    same = _SAME_LINE[channel]
    wrong = [e for e in case.of("attempt_made") if e.text("channel") in same and e.text("outcome") in _WRONG]
    if not wrong:
        return False
    given = case.last_given(*same)
    return not _later(given, wrong[-1]) and not _later(said_safe(case, channel), wrong[-1])


def has_point(case: Case, channel: Channel) -> bool:
    """Whether we hold an address or a number for the channel, as far as the history tells."""
    return channel in case.reachable or _SERVED_BY.get(channel) in case.reachable


def _last_said(case: Case, field: str) -> str:
    said = next((event for event in reversed(case.of("safety_recorded")) if field in event.fields), None)
    return said.text(field) if said else ""


def must_not_know(case: Case, channel: Channel) -> bool:
    """Whether somebody must not know, and the channel is one that others open, answer or overhear."""
    return channel in (*HOUSEHOLD, Channel.VOICEMAIL) and _last_said(case, "must_not_know") == "true"


def is_not_secret(case: Case, channel: Channel) -> bool:
    """Whether a risk is on record and nobody knows that the child does not know the address.

    A child who knows the address is common and alone no reason to hold; together with a recorded risk it is.
    """
    at_risk = case.states[Track.SAFETY] == "enhanced_care"
    return channel in HOUSEHOLD and at_risk and _last_said(case, "child_knows_address") != Known.NO
