"""Says before anything else which channels are safe, what must not happen, and whether the case is on hold."""

from dataclasses import dataclass
from datetime import datetime

from engine.desk import CaseFile
from workflow.channels import is_safe
from workflow.contact import Verdict, channel_decision
from workflow.london import london_day
from workflow.sealing import is_sealed, kept_as
from workflow.two_people import waiting
from workflow.vocabulary import Channel, Known, Track, in_words

CHANNELS = {
    Channel.PHONE: "Phone",
    Channel.VOICEMAIL: "Voicemail",
    Channel.TEXT: "Text message",
    Channel.EMAIL: "Email",
    Channel.POST: "Post",
    Channel.VISIT: "Visit",
}
_KEPT_UNDER = {Channel.VOICEMAIL: Channel.PHONE, Channel.TEXT: Channel.PHONE, Channel.VISIT: Channel.POST}


@dataclass(frozen=True, slots=True)
class Way:
    """A way of reaching the victim: whether it is safe, whether it may be used today, and why not.

    ``held`` says whether there is an address or a number for it; ``points`` are those, and empty unless it is safe.
    ``sealed`` is the way of reaching the victim that is sealed, empty where it is not.
    """

    channel: str
    name: str
    known: str
    verdict: str
    reasons: tuple[str, ...]
    held: bool
    points: tuple[str, ...]
    sealed: str = ""


@dataclass(frozen=True, slots=True)
class Safety:
    """What must be known before the victim is contacted, in the order in which it is read out."""

    hold: str
    warnings: tuple[str, ...]
    safe: tuple[str, ...]
    unsafe: tuple[str, ...]
    unknown: tuple[str, ...]
    ways: tuple[Way, ...]

    @property
    def is_alarming(self) -> bool:
        """Whether something here forbids what would otherwise be ordinary."""
        # That a visit is not safe is said of almost everybody; alarm at that would wear off.
        return bool(self.hold or self.warnings or set(self.unsafe) - {CHANNELS[Channel.VISIT]})


def safety(file: CaseFile, now: datetime, safety_lasts: int) -> Safety:
    """The safety of a case as the history and the sealed record have it."""
    case = file.case
    known = {channel: is_safe(case, channel) for channel in CHANNELS}
    return Safety(
        hold=_hold(file),
        warnings=tuple(_warnings(file)),
        safe=tuple(CHANNELS[channel] for channel in CHANNELS if known[channel] is Known.YES),
        unsafe=tuple(CHANNELS[channel] for channel in CHANNELS if known[channel] is Known.NO),
        unknown=tuple(CHANNELS[channel] for channel in CHANNELS if known[channel] is Known.UNKNOWN),
        ways=tuple(_way(file, channel, known[channel], now, safety_lasts) for channel in CHANNELS),
    )


def _hold(file: CaseFile) -> str:
    state = file.case.states[Track.HOLD]
    if state == "deceased":
        return "The victim has died. All letters are stopped."
    placed = file.case.last("hold_placed")
    if state == "alert":
        return "A safeguarding alert stands. Nobody contacts the victim until a manager has signed a safety plan."
    if state not in ("held", "time_passed"):
        return ""
    why = f": {in_words(placed.text('reason'))}" if placed else ""
    day = " The day to look at it again has come." if state == "time_passed" else ""
    return f"This case is on hold{why}.{day} Nobody contacts the victim until the hold ends."


def _warnings(file: CaseFile) -> list[str]:
    case, victim = file.case, file.victim
    found = []
    if case.states[Track.CONSENT] == "withdrawn":
        found.append("The victim withdrew their consent. Do not contact them.")
    somebody = victim.get("must_not_know") or ()
    if somebody:
        found.append(f"Must not know: {', '.join(map(str, somebody))}.")
    elif any(event.fields.get("must_not_know") is True for event in case.of("safety_recorded")[-1:]):
        found.append("Somebody must not know. Ask the victim who.")
    if victim.get("risks"):
        found.append(f"Risks: {', '.join(in_words(str(each)) for each in victim['risks'])}.")
    elif case.states[Track.SAFETY] == "enhanced_care":
        found.append("A risk is on record. Take extra care.")
    if victim.get("do_not_contact_times"):
        found.append(f"Do not contact at these times: {', '.join(map(str, victim['do_not_contact_times']))}.")
    if (victim.get("guardian") or {}).get("is_suspect"):
        found.append("The parent or guardian is a suspect.")
    for name, by in waiting(case).items():
        what = CHANNELS[Channel(name)] if name in tuple(Channel) else in_words(name)
        found.append(
            f"{what}: {len(by)} {'person has' if len(by) == 1 else 'people have'} proposed to call this safe. It is "
            "not, until somebody else records the answer."
        )
    if case.address_doubted:
        found.append("A letter came back: the address is doubted.")
    return found


def _way(file: CaseFile, channel: Channel, known: Known, now: datetime, safety_lasts: int) -> Way:
    decision = channel_decision(file.case, channel, london_day(now), safety_lasts)
    kept = [value for kind, value in file.contact_points if kind == _KEPT_UNDER.get(channel, channel)]
    is_shown = known is Known.YES and channel is not Channel.VOICEMAIL
    return Way(
        channel=channel,
        name=CHANNELS[channel],
        known=known,
        verdict=decision.verdict,
        reasons=tuple(reason.words for reason in decision.reasons if reason.verdict is not Verdict.RELEASE),
        held=bool(kept),
        points=tuple(point_words(value) for value in kept if value is not None) if is_shown else (),
        sealed=kept_as(channel) if is_sealed(file.case, channel) else "",
    )


def point_words(value: object) -> str:
    """An address or a number in one line."""
    if isinstance(value, dict) and "lines" in value:
        return ", ".join([*map(str, value["lines"]), str(value["postcode"])])
    if isinstance(value, dict):
        kind = value.get("kind")
        return f"{value.get('number', '')} ({in_words(str(kind))})" if kind else str(value.get("number", ""))
    return str(value)
