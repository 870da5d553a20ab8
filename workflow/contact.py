"""Decides whether the victim may be contacted now, by this channel, with this letter: release, hold or refuse."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date

from workflow import channels
from workflow.after_closing import BEFORE_TRIAGE, may_follow_closing, was_past_triage
from workflow.bars import bars, near_child_unlooked
from workflow.case import Case
from workflow.consent import agreed, ledger
from workflow.facts import language_and_format
from workflow.letters import COLLEAGUES, CONDITIONS, VICTIMS, Audience, LetterKind, released
from workflow.reasons import CLEARABLE, REASONS, RELEASE, TONGUES, Reason, Verdict
from workflow.vocabulary import Channel, Known, Purpose, State, Track, in_words

__all__ = [
    "CLEARABLE",
    "REASONS",
    "ContactDecision",
    "Reach",
    "Reason",
    "Verdict",
    "channel_decision",
    "contact_decision",
]


@dataclass(frozen=True, slots=True)
class ContactDecision:
    """The verdict and every reason: those that decided it first, within them in the order of ``REASONS``."""

    verdict: Verdict
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """What is known outside the history about reaching one person by one channel; no personal data.

    A yes or no that nobody established is None.  ``has_point``: we hold an address or a number.  ``source_known``: it
    is recorded who gave it.  ``under_18_today`` and ``suppressed`` are of the victim.  ``close_to_child``: family,
    partner or same household.  ``address_shared_with_child``: what the comparison of addresses found.  ``language``
    and ``format`` are those in which the letter is, or is to be, written.  ``cleared`` holds the codes of ``CLEARABLE``
    that two people have looked at and cleared for this letter.  ``safety_lasts``: for how many days a channel that was
    said to be safe stays so, and ``address_lasts`` for how many one that was given is taken to hold, both choices of
    the service; ``address_age`` is how many days ago it was given.  ``address_of`` holds ``school`` and ``staff`` where
    the address is, or may be, theirs.  ``overtaken``: what the letter says is no longer so.  ``way_open``: the way out
    that the channel needs is set up.  ``in_childs_world``: it happened in a family, a household or a school.
    ``words_checked``: somebody who speaks the language has checked the words of this letter in it.
    """

    channel: Channel
    has_point: bool = False
    source_known: bool = False
    suppressed: bool = False
    under_18_today: bool | None = None
    guardian_is_suspect: bool | None = None
    guardian_told: bool | None = None
    close_to_child: bool | None = None
    address_shared_with_child: bool | None = None
    language: str = "en"
    format: str = "standard"
    cleared: frozenset[str] = frozenset()
    safety_lasts: int = 0
    address_age: int = 0
    address_lasts: int = 0
    address_of: frozenset[str] = frozenset()
    overtaken: bool = False
    way_open: bool = True
    in_childs_world: bool = False
    words_checked: bool = True


_NAMES = {Channel.PHONE: "The phone", Channel.TEXT: "A text", Channel.VISIT: "A visit"}


def contact_decision(case: Case, letter: LetterKind, reach: Reach, today: date) -> ContactDecision:
    """Whether this letter may go to this person by this channel on this London day.

    The same question is asked when the letter is drafted, when a person approves it, and in the transaction that
    releases it.  The most restrictive reason wins; what is not known is never taken for a yes.
    """
    if letter.audience in COLLEAGUES:
        return _decided({*_about_colleague(case, letter, reach)}, reach.channel, frozenset(), {})
    codes = {
        *_about_case(case, letter),
        *_about_channel(case, reach.channel, today, reach.safety_lasts),
        *_about_letter(case, letter, reach),
    }
    if reach.in_childs_world and channels.is_on_police_word(case, reach.channel):
        codes.add("near_child")
    codes |= set(_about_reach(letter, reach)) | set(_about_words(case, letter, reach))
    missing = [in_words(purpose) for purpose in letter.purposes if purpose not in agreed(case)]
    words: dict[str, str | int] = {
        "missing": ", ".join(missing),
        "audience": in_words(letter.audience),
        "days": reach.safety_lasts,
        "address_days": reach.address_lasts,
        "tongue": TONGUES.get(reach.language, "translated"),
    }
    return _decided(codes, reach.channel, reach.cleared & CLEARABLE, words)


def _about_colleague(case: Case, letter: LetterKind, reach: Reach) -> Iterator[str]:
    """Whether a letter may go to police or to a colleague at the child's side: nobody there is the victim.

    Only what the victim agreed to release goes to those who work with the child, and nothing once they withdrew; a
    flag about safety carries nothing of the victim's and asks for no agreement.
    """
    if case.state in (State.ERASED, State.MERGED):
        yield f"case_{case.state}"
    if not letter.on:
        yield "switched_off"
    if reach.overtaken:
        yield "overtaken"
    if not reach.has_point:
        yield "no_contact_point"
    if not reach.way_open:
        yield "way_closed"
    if letter.releases:
        # Words that the victim lent us stay with us while a hold stands, and when there is nobody left to ask.
        if case.states[Track.HOLD] != "none":
            yield "victim_died" if case.states[Track.HOLD] == "deceased" else "on_hold"
        if reach.suppressed:
            yield "suppressed"
        if case.states[Track.CONSENT] == "withdrawn":
            yield "consent_withdrawn"
        if not released(case, letter):
            yield "not_released"


def channel_decision(case: Case, channel: Channel, today: date, safety_lasts: int) -> ContactDecision:
    """Whether a practitioner may use a channel on this London day: a call, a voicemail, a text, an email, a visit.

    ``safety_lasts`` is for how many days a channel that was said to be safe stays so, a choice of the service.

    Times of day are not in the history, so the times to avoid are shown beside the answer and not judged by it.
    """
    codes = {*_about_case(case, None), *_about_channel(case, channel, today, safety_lasts)}
    if channel is Channel.PHONE and "safety_unconfirmed" in codes and case.states[Track.SAFETY] != "enhanced_care":
        # Were the call forbidden by which it is asked, nobody could ever confirm it; where a risk is known, others ask.
        codes = {*codes - {"safety_unconfirmed"}, "confirm_first"}
    if not channels.has_point(case, channel):
        codes.add("no_contact_point")
    return _decided(codes, channel, frozenset(), {"days": safety_lasts, "address_days": 0})


def _decided(
    codes: Set[str], channel: Channel, cleared: frozenset[str], words: Mapping[str, str | int]
) -> ContactDecision:
    filled = {"channel": _NAMES.get(channel, channel.capitalize()), **words}
    reasons = [
        Reason(code, f"Cleared by two people: {text.format(**filled)}", RELEASE)
        if code in cleared
        else Reason(code, text.format(**filled), verdict)
        for code, (verdict, text) in REASONS.items()
        if code in codes
    ]
    order = tuple(Verdict)
    reasons.sort(key=lambda reason: order.index(reason.verdict))
    return ContactDecision(reasons[0].verdict if reasons else RELEASE, tuple(reasons))


def _about_case(case: Case, letter: LetterKind | None) -> Iterator[str]:
    """What the state of the case and the consent say; state and ledger must both say yes, whatever was retracted."""
    states, purposes = case.states, agreed(case)
    if states[Track.HOLD] != "none":
        yield "victim_died" if states[Track.HOLD] == "deceased" else "on_hold"
    if case.state in (State.ERASED, State.MERGED):
        yield f"case_{case.state}"
    if case.state is State.CLOSED and not may_follow_closing(case, letter):
        yield "case_closed"
    if states[Track.CONSENT] == "withdrawn":
        yield "consent_withdrawn"
    elif states[Track.CONSENT] in ("refused_provisionally", "refused_confirmed"):
        yield "consent_refused"
    elif states[Track.CONSENT] in ("unknown", "pending") or Purpose.CONTACT not in purposes:
        yield "consent_not_given"
    if letter is not None and not purposes.issuperset(letter.purposes):
        yield "purpose_not_agreed"
    if case.state is State.CONSENT_QUERY:
        yield "consent_queried"
    yield from bars(case)
    if case.state in BEFORE_TRIAGE or (case.state is State.CLOSED and not was_past_triage(case)):
        yield "triage_due"


def _about_channel(case: Case, channel: Channel, today: date, safety_lasts: int) -> Iterator[str]:
    """What the history says about the channel."""
    safe = channels.is_safe(case, channel)
    is_outdated = channels.is_outdated(case, channel) and case.safe(channel) is Known.YES
    if safe is Known.NO:
        yield "channel_unsafe"
    elif safe is Known.UNKNOWN and not is_outdated:
        yield "safety_unknown"
    if channel is Channel.VISIT and Purpose.HOME_VISIT not in agreed(case):
        yield "visit_not_agreed"
    if is_outdated:
        yield "safety_outdated"
    if channels.is_unconfirmed(case, channel, today, safety_lasts):
        yield "safety_unconfirmed"
    if near_child_unlooked(case, channel):
        yield "near_child"
    if channel in channels.HOUSEHOLD and case.address_doubted:
        yield "address_doubted"
    if channels.leads_elsewhere(case, channel):
        yield "leads_elsewhere"
    if channels.must_not_know(case, channel):
        yield "must_not_know"
    if channels.is_not_secret(case, channel):
        yield "address_not_secret"


def _about_reach(letter: LetterKind, reach: Reach) -> Iterator[str]:
    """What is known about the contact point and about the household it belongs to."""
    if reach.suppressed:
        yield "suppressed"
    if reach.channel is not letter.channel:
        yield "other_channel"
    if not reach.has_point:
        yield "no_contact_point"
    elif not reach.source_known:
        yield "source_unknown"
    elif reach.address_age > reach.address_lasts:
        yield "address_old"
    if not reach.way_open:
        yield "way_closed"
    if reach.overtaken:
        yield "overtaken"
    if reach.has_point and reach.channel in channels.HOUSEHOLD:
        yield from (f"address_of_{whose}" for whose in sorted(reach.address_of))
        if reach.address_shared_with_child:
            yield "address_shared"
        # An address nobody compared holds only where the child may live near: for a stranger it says nothing.
        if reach.address_shared_with_child is None and reach.close_to_child is not False:
            yield "address_unchecked"
    if letter.audience is Audience.CHILD and (
        reach.guardian_is_suspect is not False or reach.guardian_told is not True
    ):
        yield "may_be_opened"
    if letter.audience is Audience.GUARDIAN:
        if reach.guardian_is_suspect:
            yield "guardian_suspect"
        if reach.guardian_told is False:
            yield "guardian_unaware"
        if reach.guardian_is_suspect is None or reach.guardian_told is None:
            yield "guardian_unknown"


def _about_letter(case: Case, letter: LetterKind, reach: Reach) -> Iterator[str]:
    """Whether the letter is switched on, wanted, and worded for a person of this age."""
    if not letter.on:
        yield "switched_off"
    if letter.only_if and not CONDITIONS[letter.only_if](case):
        yield "not_wanted"
    if case.victim_kind not in VICTIMS[letter.audience]:
        yield "other_audience"
    under_18, wrote_no = reach.under_18_today, case.opened is not None and case.opened.text("under_18") == Known.NO
    for_child = letter.audience in (Audience.CHILD, Audience.GUARDIAN)
    if letter.audience is Audience.ORGANISATION:
        return
    if under_18 is None or (under_18 and wrote_no):
        yield "age_unknown"
    if under_18 and not for_child:
        yield "under_18"
    if under_18 is False and for_child and case.victim_kind != "organisation":
        yield "no_longer_under_18"
    if under_18 is False and case.is_child and not _agreed_themselves(case):
        yield "own_consent_due"
    if letter.audience is Audience.CHILD and not (_agreed_themselves(case) or _child_said_yes(case)):
        yield "child_not_asked"


def _agreed_themselves(case: Case) -> bool:
    """Whether the victim took part in the answer that stands; a renewal is in their own right unless it says not."""
    answers = [event for event in ledger(case) if event.kind != "consent_withdrawn"]
    given_by = answers[-1].text("given_by") if answers else ""
    return given_by in ("self", "both") or (given_by == "" and bool(answers) and answers[-1].kind != "consent_recorded")


def _child_said_yes(case: Case) -> bool:
    """Whether a child victim said that they want contact, as last recorded."""
    said = case.last("wishes_recorded")
    return said is not None and said.text("child_wish") == "yes"


def _about_words(case: Case, letter: LetterKind, reach: Reach) -> Iterator[str]:
    """Whether the victim can read what is, or is to be, written."""
    language, form, recorded = language_and_format(case)
    if reach.language != language or language not in letter.languages:
        yield "language_not_met"
    elif not reach.words_checked:
        yield "words_unchecked"
    if reach.format != form or form not in letter.formats:
        yield "format_not_met"
    if not recorded:
        yield "needs_not_recorded"
