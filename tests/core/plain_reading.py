"""A second reading of the rules of contact, slow and plain: from a diary in plain words to what stands in the way.

Written from the rules as people have them (who may be written to, by which way, with what), and not from the code that
decides: nothing of ``workflow`` is imported here.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

ADULTS, CHILD, GUARDIAN, COMPANY, FAMILY, COLLEAGUE = "adults", "child", "guardian", "company", "family", "colleague"


@dataclass(frozen=True)
class Wording:
    """What a letter is, as the catalogue of the practice has it: for whom, what must be agreed to, when it may go."""

    whom: str
    agreed: tuple[str, ...] = ()
    after_the_end: bool = False
    released_to: tuple[str, ...] = ()
    news: bool = False


_RESTORATIVE = ("restorative_information",)
_NEWS = ("progress_updates",)
_VIEWS = ("views_before_decision",)
WORDINGS: Mapping[str, Wording] = {
    "L01": Wording(ADULTS, _RESTORATIVE),
    "L02": Wording(GUARDIAN, _RESTORATIVE),
    "L03": Wording(CHILD, _RESTORATIVE),
    "L04": Wording(COMPANY, _RESTORATIVE),
    "L05": Wording(FAMILY, _RESTORATIVE),
    **{code: Wording(ADULTS) for code in ("L06", "L07", "L08", "L09", "L10", "L23", "L28", "L30", "L31")},
    **{code: Wording(ADULTS, _VIEWS) for code in ("L11", "L14")},
    **{code: Wording(ADULTS, _NEWS) for code in ("L12", "L13", "L15", "L16")},
    **{code: Wording(ADULTS, _RESTORATIVE) for code in ("L17", "L18", "L19", "L20", "L21", "L22")},
    "L24": Wording(ADULTS, after_the_end=True, news=True),
    **{code: Wording(ADULTS, after_the_end=True) for code in ("L25", "L26", "L29", "L32", "L33", "L34")},
    "L27": Wording(ADULTS, ("support_referral",)),
    "C01": Wording(COLLEAGUE, released_to=("panel",)),
    "C02": Wording(COLLEAGUE, released_to=("pre_sentence_report", "court")),
    "C03": Wording(COLLEAGUE),
    "C04": Wording(COLLEAGUE, released_to=("case_manager",)),
}

SAFE_FOR, ADDRESS_FOR = 90, 365
_LOOKED_AT = ("shared", "unchecked", "school", "staff", "secret", "known_to_child", "may_open")
_KIND_OF = {
    "individual": {ADULTS, GUARDIAN, CHILD},
    "child": {ADULTS, GUARDIAN, CHILD},
    "witness_harmed": {ADULTS, GUARDIAN, CHILD},
    "organisation": {COMPANY},
    "bereaved_relative": {FAMILY},
    "spokesperson": {FAMILY},
}


@dataclass(frozen=True)
class Entry:
    """One line of the diary: the day, what happened, and the particulars."""

    day: date
    what: str
    of: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Person:
    """Somebody who was harmed: what is known of them, and the diary of what happened.

    ``like_home`` says of whom the present address is, or may be, an address too (child, household, placement, school,
    staff), as the world has it; ``homes_known``: the home of every child responsible is known.
    """

    kind: str
    born: date | None
    diary: tuple[Entry, ...]
    guardian_suspect: bool | None = None
    guardian_told: bool | None = None
    suppressed: bool = False
    like_home: frozenset[str] = frozenset()
    homes_known: bool = True


@dataclass(frozen=True)
class Sheet:
    """A letter that waits: which, in what language and format, and whether what it says is still so.

    ``languages`` and ``formats``: those in which the service has it at all.
    """

    code: str
    number: str
    language: str
    format: str
    untrue: bool = False
    languages: tuple[str, ...] = ("en",)
    formats: tuple[str, ...] = ("standard",)


@dataclass
class _Read:
    """What the diary comes to."""

    agreed: set[str] = field(default_factory=set)
    asked: bool = False
    said_no: bool = False
    queried: bool = False
    withdrew: set[str] = field(default_factory=set)
    by: str = ""
    safe: dict[str, tuple[str, date, str]] = field(default_factory=dict)
    risk: bool = False
    secret: bool = False
    child_knows: str = "unknown"
    doubted: bool = False
    wrong_door: bool = False
    moved_since: bool = False
    address_on: date | None = None
    address_by: str = ""
    relationship: str = "unknown"
    language: str = ""
    format: str = ""
    triaged: bool = False
    held: bool = False
    ended: str = ""
    died: bool = False
    merged: bool = False
    police_age: str = "unknown"
    wishes: Mapping[str, Any] | None = None
    settled: str = ""
    family_officer: str = ""
    unread: bool = False
    wants_news: bool = False
    released: set[str] = field(default_factory=set)
    looked: dict[str, set[str]] = field(default_factory=dict)


# Which part of the consent each word to the child's side rests on: taken back, what was lent before is gone.
_TAKES_BACK = {"C01": ("views_before_decision",), "C02": ("court_and_report",), "C04": ("use_of_impact",)}


def _agree(read: _Read, of: Mapping[str, Any]) -> None:
    read.asked, read.said_no = True, of["answer"] == "no"
    read.agreed = (
        set(of.get("scope", ())) - set(of.get("refused", ())) if of["answer"] in ("yes", "not_objected") else set()
    )
    if of["answer"] == "not_objected":
        # Who was only told about us was told about that: everything else nobody asked them.
        read.agreed &= {"contact", "restorative_information"}
    read.by = of.get("by", "")
    read.wants_news = "progress_updates" in read.agreed
    # A withdrawal is over when the person says yes again themselves.
    read.withdrew -= read.agreed | ({"all"} if read.agreed else set())
    read.queried = bool(set(of.get("queries", ())) - {"uninformed"}) or of["answer"] in (
        "undecided",
        "not_asked",
        "lacks_capacity",
        "no",
    )


def _read(person: Person, sheet: Sheet) -> _Read:
    read = _Read()
    for entry in person.diary:
        of = entry.of
        match entry.what:
            case "opened":
                read.police_age = of["under_18"]
            case "answer":
                _agree(read, of)
            case "came_back":
                _agree(read, {"answer": "yes", "by": "self", **of})
                # Whoever comes to us was spoken to: that is more than triage would have found out.
                read.ended, read.triaged = "", True
            case "withdrew":
                read.withdrew.add(of["part"])
                if of["part"] in ("all", "contact", *_TAKES_BACK.get(sheet.code, ())):
                    read.released.clear()
                if of["part"] in ("all", "contact", "progress_updates"):
                    read.wants_news = False
            case "safety":
                for channel in ("post", "phone"):
                    if channel in of:
                        read.safe[channel] = (of[channel], entry.day, of["by"])
                if "post" in of:
                    read.wrong_door = read.moved_since = False
                read.risk = bool(of.get("risk", read.risk))
                read.secret = bool(of.get("secret", read.secret))
                read.child_knows = of.get("child_knows", read.child_knows)
                read.looked.clear()
            case "address":
                # Who says the address again ends the doubt about it; whether post is safe there is another question.
                read.doubted = read.wrong_door = False
                if of["change"] == "confirmed":
                    read.address_on = read.address_on and entry.day
                    continue
                read.moved_since = "post" in read.safe
                read.address_on, read.address_by = entry.day, of["by"]
                read.looked.clear()
            case "child_address":
                read.looked.clear()
            case "relationship":
                read.relationship = of["is"]
                read.looked.clear()
            case "needs":
                read.language, read.format = of["language"], of.get("format", "standard")
            case "triaged":
                read.triaged = True
            case "returned":
                read.doubted = True
            case "wrong_door":
                read.wrong_door = True
            case "held":
                read.held = True
                # Danger that was put under a plan is still a danger to be careful of.
                read.risk = read.risk or of["reason"] == "safeguarding"
            case "freed":
                read.held = False
            case "died":
                read.died = True
            case "merged":
                read.merged = True
            case "closed":
                read.ended = of["reason"]
            case "wishes":
                read.wishes, read.settled = of, ""
            case "settled":
                read.settled = of["outcome"]
            case "family_officer":
                read.family_officer = of["outcome"]
            case "brought_over":
                read.unread = True
            case "brought_over_read":
                read.unread = False
            case "talked":
                read.wants_news = bool(of["wants_updates"])
            case "released":
                read.released.add(of["audience"])
            case "looked" if of["letter"] == sheet.number:
                for each in of["holds"]:
                    read.looked.setdefault(each, set()).add(of["by"])
    return read


def age_on(born: date, day: date) -> int:
    """Full years; who is born on 29 February has the birthday on 1 March in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def in_the_way(person: Person, sheet: Sheet, today: date) -> set[str]:
    """Everything that stands in the way of sending this letter today, in our own words; empty: it may go."""
    read, wording = _read(person, sheet), WORDINGS[sheet.code]
    if wording.whom == COLLEAGUE:
        return set(_of_the_colleague(person, read, wording, sheet))
    found = set(_of_the_person(person, read, wording))
    found |= set(_of_the_answer(read, wording))
    found |= set(_of_the_reader(person, read, wording, today))
    found |= set(_of_the_way(person, read, today))
    found |= set(_of_the_words(read, wording, sheet))
    return found - {each for each in _LOOKED_AT if len(read.looked.get(each, set())) >= 2}


def _of_the_person(person: Person, read: _Read, wording: Wording) -> Iterable[str]:
    yield from _those(
        suppressed=person.suppressed,
        died=read.died,
        merged=read.merged,
        ended=bool(read.ended) and not (wording.after_the_end and read.ended in _ENDED_WELL),
        held=read.held,
        unread=read.unread,
    )


# Who said no to restorative justice did not say no to us: a complaint is answered, and the end is told.
_ENDED_WELL = (
    "completed_restorative",
    "completed_informed",
    "support_ended_by_victim",
    "declined_after_contact",
    "uncontactable",
)


def _those(**holds: bool) -> Iterable[str]:
    return (name for name, stands in holds.items() if stands)


def _of_the_colleague(person: Person, read: _Read, wording: Wording, sheet: Sheet) -> Iterable[str]:
    """A word about safety carries nothing of the victim's and always goes; their own words go as they agreed."""
    yield from _those(untrue=sheet.untrue, merged=read.merged)
    if wording.released_to:
        yield from _those(
            nothing_released=not read.released & set(wording.released_to),
            withdrew=bool(read.withdrew & {"all", "contact"}),
            died=read.died,
            held=read.held,
            suppressed=person.suppressed,
        )


def _of_the_answer(read: _Read, wording: Wording) -> Iterable[str]:
    needed = {"contact", *wording.agreed}
    withdrew = read.withdrew & {"all", "contact"}
    yield from _those(
        withdrew=bool(withdrew),
        said_no=read.said_no and not withdrew,
        never_said_yes=not withdrew and not read.said_no and "contact" not in read.agreed,
        not_for_this=not withdrew and "contact" in read.agreed and not needed <= read.agreed - read.withdrew,
        being_asked_back=read.queried and "contact" in read.agreed and not withdrew,
        not_triaged=not read.triaged,
    )


def _of_the_reader(person: Person, read: _Read, wording: Wording, today: date) -> Iterable[str]:
    yield from _those(worded_for_somebody_else=wording.whom not in _KIND_OF[person.kind])
    if person.kind in ("bereaved_relative", "spokesperson"):
        yield from _those(ask_the_family_officer=read.family_officer not in ("may_contact", "no_officer"))
    if person.kind == "organisation" or wording.whom == COMPANY:
        return
    young = None if person.born is None else age_on(person.born, today) < 18
    yield from _those(
        age_not_known=young is None or (young and read.police_age == "no"),
        too_young=young is True and wording.whom in (ADULTS, FAMILY),
        grown_up=young is False and wording.whom in (CHILD, GUARDIAN),
    )
    themselves = read.by in ("self", "both")
    yield from _those(ask_them_in_their_own_right=young is False and read.police_age != "no" and not themselves)
    wishes = read.wishes or {}
    # Who said no at seventeen has not said yes at eighteen.
    if wishes:
        said = {wishes["child"], wishes["guardian"]}
        yield from _those(
            wishes_differ={"yes", "no"} <= said and read.settled != "contact",
            somebody_said_no="no" in said and "yes" not in said and read.settled != "contact",
            tell_the_social_worker=bool(wishes.get("looked_after")) and not wishes.get("social_worker_told"),
        )
    suspect, told = person.guardian_suspect, person.guardian_told
    if wording.whom == GUARDIAN:
        yield from _those(
            guardian_suspect=suspect is True,
            guardian_unaware=told is False,
            guardian_not_known=suspect is None or told is None,
        )
    elif wording.whom == CHILD:
        yield from _those(
            may_open=not (suspect is False and told is True),
            child_not_asked=not themselves and wishes.get("child") != "yes",
        )


def _of_the_way(person: Person, read: _Read, today: date) -> Iterable[str]:
    said, on, by = read.safe.get("post", ("unknown", today, ""))
    close = read.relationship in ("family", "parent", "partner_ex", "unknown")
    yield from _those(
        no_address=read.address_on is None,
        nobody_gave_it=read.address_on is not None and not read.address_by,
        old_address=read.address_on is not None and today - read.address_on > timedelta(ADDRESS_FOR),
        unsafe=said == "no",
        not_known_safe=said == "unknown",
        moved_since=said == "yes" and read.moved_since,
        long_ago=said == "yes" and today - on > timedelta(SAFE_FOR),
        police_word_only=said == "yes" and by == "police" and read.relationship in _NEAR,
        came_back=read.doubted,
        wrong_door=read.wrong_door,
        secret=read.secret,
        known_to_child=(read.risk or read.secret) and read.child_knows != "no",
    )
    if read.address_on is None:
        return
    home = person.like_home & {"child", "household", "placement"}
    yield from _those(
        shared=bool(home),
        unchecked=not home and not person.homes_known and close,
        school="school" in person.like_home,
        staff="staff" in person.like_home,
    )


_NEAR = ("family", "parent", "partner_ex", "peer_same_school")


def _of_the_words(read: _Read, wording: Wording, sheet: Sheet) -> Iterable[str]:
    yield from _those(
        other_language=sheet.language != (read.language or "en") or sheet.language not in sheet.languages,
        other_format=sheet.format != (read.format or "standard") or sheet.format not in sheet.formats,
        untrue=sheet.untrue,
        no_news_wanted=wording.news and not read.wants_news,
    )


def known_words() -> Collection[str]:
    """Every way in which something can stand in the way."""
    return WORDS.keys()


WORDS: Mapping[str, str] = {
    "suppressed": "suppressed",
    "died": "has died",
    "merged": "was merged",
    "ended": "the case is closed",
    "held": "on hold",
    "unread": "brought over",
    "nothing_released": "not agreed to release",
    "withdrew": "withdrew their consent",
    "said_no": "said no",
    "never_said_yes": "Nobody has recorded a yes",
    "not_for_this": "has not agreed to",
    "being_asked_back": "still being checked",
    "not_triaged": "triage",
    "worded_for_somebody_else": "worded for somebody else",
    "ask_the_family_officer": "family liaison officer",
    "age_not_known": "not known whether the victim is under 18",
    "too_young": "the victim is under 18",
    "grown_up": "18 or over",
    "ask_them_in_their_own_right": "own right",
    "wishes_differ": "want different things",
    "somebody_said_no": "does not want contact",
    "tell_the_social_worker": "social worker",
    "guardian_suspect": "is a suspect",
    "guardian_unaware": "has not been told",
    "guardian_not_known": "It is not known whether the parent or guardian",
    "may_open": "may open it",
    "child_not_asked": "wants this letter",
    "no_address": "no address",
    "nobody_gave_it": "who gave us",
    "old_address": "days ago: ask whether it still holds",
    "unsafe": "is not safe",
    "not_known_safe": "known to be safe",
    "moved_since": "before the contact details changed",
    "long_ago": "last said to be safe more than",
    "police_word_only": "asked again whether",
    "came_back": "came back",
    "wrong_door": "led to the wrong person or place",
    "secret": "must not know",
    "known_to_child": "does not know the address",
    "shared": "child's as well",
    "unchecked": "has not been compared",
    "school": "school",
    "staff": "works here",
    "other_language": "in the language the victim reads",
    "other_format": "in the format the victim needs",
    "untrue": "no longer so",
    "no_news_wanted": "neither took part nor wants",
}
"""For each thing that can stand in the way, the words a practitioner must find in the reason."""
