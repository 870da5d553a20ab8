"""Decides what stands in the way of a contact although the victim agreed: a family, a wish, a danger, a door."""

from collections.abc import Iterator

from workflow import channels
from workflow.brought_over import is_unread
from workflow.case import Case, once
from workflow.consent import agreed, came_of_age, is_refused
from workflow.events import Event
from workflow.vocabulary import ENDED, Channel, Known, Purpose, State, Track

BEREAVED = ("bereaved_relative", "spokesperson")
"""The victims who are approached through the officer that the family knows."""

CLOSE_TO_CHILD = ("peer_same_school", "family", "parent", "partner_ex", "neighbour")
"""What a victim may be to the child responsible that puts the child, or their household, at the victim's door."""

_BEFORE_TRIAGE = (
    State.NEW,
    State.IDENTIFIED,
    State.AWAITING_CONSENT_RECORD,
    State.CONSENT_QUERY,
    State.INTAKE_CHECK,
)
_SPOKEN_TO = (Channel.PHONE, Channel.TEXT, Channel.EMAIL, Channel.POST, Channel.VISIT)


def wishes_differ(case: Case) -> bool:
    """Whether a child victim and their guardian want different things, and no manager has settled it since."""
    said = case.last("wishes_recorded")
    if said is None or {said.text("child_wish"), said.text("guardian_wish")} != {"yes", "no"}:
        return False
    if _decides_alone(case, said):
        return False
    settled = case.last("wishes_settled")
    return settled is None or settled.seq < said.seq or settled.text("outcome") != "contact"


def _decides_alone(case: Case, said: Event) -> bool:
    """Whether the victim is 18 and was not against it: what the guardian wants stands in nobody's way any more."""
    return came_of_age(case) and said.text("child_wish") != "no"


def is_unwilling(case: Case) -> bool:
    """Whether a child victim, or their guardian, said no and the other no yes, and no manager has settled it since."""
    said = case.last("wishes_recorded")
    wishes = set() if said is None else {said.text("child_wish"), said.text("guardian_wish")}
    if said is None or "no" not in wishes or "yes" in wishes or _decides_alone(case, said):
        return False
    settled = case.last("wishes_settled")
    return settled is None or settled.seq < said.seq or settled.text("outcome") != "contact"


def social_worker_unaware(case: Case) -> bool:
    """Whether the victim is a looked-after child whose social worker has not been told."""
    said = case.last("wishes_recorded")
    if said is None or came_of_age(case):
        return False
    return said.fields.get("looked_after") is True and said.text("social_worker_told") != "true"


def family_officer_due(case: Case) -> bool:
    """Whether a bereaved family's officer is still to be asked, or has said not yet."""
    if case.victim_kind not in BEREAVED:
        return False
    asked = case.last("family_officer_consulted")
    return asked is None or asked.text("outcome") == "not_yet"


def near_child_unlooked(case: Case, channel: Channel) -> bool:
    """Whether the victim is close to the child, and nobody has said since that the door is safe."""
    said = case.last("relationship_recorded")
    if channel not in channels.HOUSEHOLD or said is None or said.text("relationship") not in CLOSE_TO_CHILD:
        return False
    looked = channels.said_safe(case, channel)
    return looked is None or (looked.at, looked.seq) < (said.at, said.seq)


def bars(case: Case) -> Iterator[str]:
    """The codes of ``reasons.REASONS`` that hold every contact with this victim, whatever the channel."""
    if is_unread(case):
        yield "brought_over_unread"
    if wishes_differ(case):
        yield "wishes_differ"
    if is_unwilling(case):
        yield "unwilling"
    if social_worker_unaware(case):
        yield "social_worker_unaware"
    if family_officer_due(case):
        yield "family_officer_due"


def is_usable(case: Case, channel: Channel) -> bool:
    """Whether a channel is safe and leads to the victim, as far as the history tells; how long ago is not asked."""
    return (
        channels.is_safe(case, channel) is Known.YES
        and (channel is not Channel.VISIT or Purpose.HOME_VISIT in agreed(case))
        and not channels.leads_elsewhere(case, channel)
        and not near_child_unlooked(case, channel)
        and not (channel is Channel.POST and case.address_doubted)
        and (channels.has_point(case, channel) or case.last_given() is None)
    )


@once
def usable(case: Case) -> tuple[Channel, ...]:
    """The channels by which somebody may be spoken or written to; a voicemail is only another end of the phone."""
    return tuple(channel for channel in _SPOKEN_TO if is_usable(case, channel))


def may_be_contacted(case: Case, purposes: tuple[str, ...] = (Purpose.CONTACT,)) -> bool:
    """Whether anybody may get in touch with the victim for these purposes now, by some channel.

    After a close the answer says nothing of the letters that may still follow it: those are the contact decision's.
    """
    consent = case.states[Track.CONSENT]
    return (
        set(purposes) <= agreed(case)
        and consent in ("given", "not_objected", "renewed")
        and case.states[Track.HOLD] == "none"
        and case.state not in _BEFORE_TRIAGE
        and case.state not in (State.MERGED, State.ERASED)
        and not any(bars(case))
        and bool(usable(case))
    )


def tried(case: Case) -> tuple[str, ...]:
    """The channel of each attempt to reach the victim since the case was last opened, letters among them."""
    closed = max((event.seq for event in case.history if event.reached.get(Track.JOURNEY) in ENDED), default=0)
    found = [event.text("channel") for event in case.of("attempt_made") if event.seq > closed]
    to_others = {
        event.text("letter") for event in case.of("letter_sent") if event.text("to") in ("police", "colleague")
    }
    sent = {
        event.text("letter"): event.text("channel")
        for event in case.of("letter_sent")
        if event.seq > closed and event.text("letter") not in to_others
    }
    # One that came back was an attempt as well, also where nobody recorded that it went.
    for event in case.of("letter_returned"):
        if event.seq > closed and event.text("letter") not in to_others:
            sent.setdefault(event.text("letter"), "email" if event.text("reason") == "bounced" else "post")
    return (*found, *sent.values())


def may_hear_news(case: Case) -> bool:
    """Whether the victim may be told how it goes on: asked for, or never refused, by somebody who may be contacted.

    What they asked us for in a conversation counts, whatever police had written before.
    """
    wants = case.states[Track.UPDATES] in ("requested", "updated")
    return Purpose.CONTACT in agreed(case) and (wants or not is_refused(case, Purpose.PROGRESS_UPDATES))


def is_chased_twice(case: Case) -> bool:
    """Whether police were asked twice more since we began to wait for their record."""
    return len(since_entered(case, "consent_record_requested")) >= 2


def since_entered(case: Case, *kinds: str) -> tuple[Event, ...]:
    """The standing events of these kinds recorded after the journey came into its present state."""
    entered = 0
    for event in reversed(case.history):
        if event.reached.get(Track.JOURNEY) != case.state:
            break
        entered = event.seq
    return tuple(event for event in case.of(*kinds) if event.seq > entered)
