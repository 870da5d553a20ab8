"""Invents people who were harmed, each with a diary in plain words and the same life as a history the program reads."""

import random
import tomllib
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.core.histories import NINE, go_on, step
from tests.core.plain_reading import ADDRESS_FOR, SAFE_FOR, WORDINGS, Entry, Person, Sheet, age_on
from workflow.addresses import HOME, keys, likeness
from workflow.case import Case
from workflow.clearance import cleared
from workflow.contact import Reach
from workflow.letters import COLLEAGUES, LetterKind, parse_letters
from workflow.machine import NotAllowed

KINDS = parse_letters(tomllib.loads((Path(__file__).parents[2] / "config" / "letters.toml").read_text("utf-8")))
BEGAN = date(2026, 3, 2)
ALL = (
    "contact",
    "restorative_information",
    "views_before_decision",
    "progress_updates",
    "support_referral",
    "home_visit",
    "use_of_impact",
    "court_and_report",
)
INFORMED = "who_we_are|what_we_offer|voluntary|what_is_shared|no_effect_on_case|leaflet_given"
HOLDS = {
    "shared": "address_shared",
    "unchecked": "address_unchecked",
    "school": "address_of_school",
    "staff": "address_of_staff",
    "secret": "must_not_know",
    "known_to_child": "address_not_secret",
    "may_open": "may_be_opened",
}
_STREETS = ("Brook Rise", "Heol Fawr", "Sample Road", "Mill Lane", "Church Close", "Ffordd y Parc", "Station Street")
_TOWNS = ("Exampleton", "North Sample", "Llansampl")
_RELATIONSHIPS = ("stranger", "known", "neighbour", "peer_same_school", "family", "parent", "partner_ex", "unknown")
_CLOSINGS = (
    "completed_informed",
    "completed_restorative",
    "uncontactable",
    "unsafe_to_contact",
    "transferred",
    "declined_after_contact",
    "not_a_victim",
)
_AT_THE_DOOR: dict[str, Any] = {"channel": "post", "reachable": "post|phone"}
_LATER_CHOICES = (6, 20, 60, 91, 93, 150, 240, 366, 368, 420)


@dataclass(frozen=True)
class House:
    """A house as it stands: number, street, town and postcode; a flat in it, or empty."""

    number: int
    street: str
    town: str
    postcode: str
    flat: str = ""


def a_house(draw: random.Random) -> House:
    """Some house."""
    letters = "".join(draw.choice("ABDEFGHJLNPQRSTUWXYZ") for _ in range(2))
    return House(
        draw.randint(1, 199), draw.choice(_STREETS), draw.choice(_TOWNS), f"ZZ99 {draw.randint(1, 9)}{letters}"
    )


def another_house(draw: random.Random, house: House) -> House:
    """A different house, often one that nearly reads the same."""
    match draw.randrange(4):
        case 0:
            return House(house.number + draw.choice((2, 4, 10, 100)), house.street, house.town, house.postcode)
        case 1:
            street = draw.choice([each for each in _STREETS if each != house.street])
            return House(house.number, street, house.town, _other_postcode(draw, house.postcode))
        case 2:
            return House(house.number + 1, house.street, house.town, _other_postcode(draw, house.postcode))
        case _:
            other = a_house(draw)
            return other if other.postcode != house.postcode else another_house(draw, house)


def _other_postcode(draw: random.Random, postcode: str) -> str:
    while True:
        other = a_house(draw).postcode
        if sum(a != b for a, b in zip(other, postcode, strict=True)) >= 2:
            return other


def written(draw: random.Random, house: House) -> tuple[tuple[str, ...], str]:
    """The house as somebody writes it: its lines and postcode."""
    street = house.street
    for long, short in (("Road", "Rd"), ("Street", "St"), ("Lane", "Ln"), ("Close", "Cl")):
        if draw.random() < 0.3:
            street = street.replace(long, short)
    first = f"{house.number} {street}"
    lines = [first, house.town]
    if house.flat:
        lines.insert(0, f"Flat {house.flat}")
    if draw.random() < 0.2:
        lines[-1] = lines[-1].upper()
    if draw.random() < 0.15:
        lines.append("Midshire")
    code = house.postcode
    return tuple(lines), code.lower().replace(" ", "") if draw.random() < 0.2 else code


def _scribbled(draw: random.Random, house: House) -> tuple[tuple[str, ...], str]:
    """The same house, written with a slip, by somebody in another flat of it, or without much care."""
    lines, code = written(draw, house)
    match draw.randrange(4):
        case 0:
            return (f"Flat {draw.randint(1, 9)}", *lines), code
        case 1:
            return lines, code.upper()[:-1] + draw.choice("ABDEFG")
        case 2:
            return (lines[0].lower(), *lines[1:]), code
        case _:
            return (lines[-1], *lines[:-1]), code


@dataclass
class _World:
    """Where people live, as the generator knows it and as it was written down."""

    home: House
    home_written: tuple[tuple[str, ...], str]
    others: list[tuple[int, str, tuple[tuple[str, ...], str], bool]] = field(default_factory=list)
    children: int = 1


@dataclass(frozen=True)
class Invented:
    """One invented person with one letter that waits: the plain form, and the form that the program reads."""

    person: Person
    sheet: Sheet
    case: Case
    letter: LetterKind
    reach: Reach
    today: date


class _Life:
    """A life as it is told: each thing that happens goes into the diary and, by the tables, into the history."""

    def __init__(self) -> None:
        self.case = Case("VC-0001")
        self.diary: list[Entry] = []
        self.day = BEGAN

    def later(self, days: int) -> None:
        """Some days go by."""
        self.day += timedelta(days=days)

    def tell(
        self, event: str, what: str = "", told: dict[str, Any] | None = None, /, user: str = "worker", **said: Any
    ) -> None:
        """Something happens; where the tables refuse it, it did not."""
        try:
            self.case = go_on(self.case, step(event, self.day, user=user, **said))
        except NotAllowed:
            return
        if what:
            self.diary.append(Entry(self.day, what, told or {}))


def invented(seed: int) -> Invented:
    """The person of that number; the same number gives the same person."""
    draw = random.Random(seed)
    odd = draw.choice((0, 0, 0, 1, 1, 2, 3, 5)) / 24

    def sometimes(weight: float = 1.0) -> bool:
        return draw.random() < odd * weight

    code = draw.choices(
        tuple(WORDINGS), [9 if each in ("L01", "L02", "L03", "L04", "L05", "L06") else 2 for each in WORDINGS]
    )[0]
    letter, whom = KINDS[code], WORDINGS[code].whom
    life = _Life()
    kind, born = _who(draw, whom, sometimes())
    young = born is not None and age_on(born, BEGAN) < 18
    told_age = draw.choice(("yes", "no", "unknown")) if sometimes() else ("yes" if young else "no")
    life.tell(
        "case_opened",
        "opened",
        {"under_18": told_age},
        source="police",
        victim_kind=kind,
        under_18=told_age,
        force="derbyshire",
    )
    life.tell("crime_reported")
    life.tell("details_received", reachable="phone|post")
    home = a_house(draw)
    if draw.random() < 0.2:
        home = House(home.number, home.street, home.town, home.postcode, str(draw.randint(1, 9)))
    world = _World(home, written(draw, home), children=draw.choice((1, 1, 1, 2)))
    nobody_gave = sometimes()
    if not sometimes(0.5):
        life.diary.append(Entry(life.day, "address", {"change": "new", "by": "" if nobody_gave else "police"}))
    _answer(draw, life, young, sometimes)
    if sometimes():
        life.tell("history_brought_over", "brought_over", what="remark", certain="none")
        if draw.random() < 0.4:
            life.later(1)
            life.tell("brought_over_read", "brought_over_read")
    relationship = (
        draw.choice(("stranger", "known", "neighbour", "peer_same_school", "family", "parent", "partner_ex", "unknown"))
        if sometimes(3) or draw.random() < 0.15
        else "stranger"
    )
    life.tell("relationship_recorded", "relationship", {"is": relationship}, relationship=relationship, source="police")
    _neighbours(draw, life, world, sometimes)
    _safety(draw, life, sometimes, first=True, relationship=relationship)
    if kind in ("bereaved_relative", "spokesperson") and not sometimes(2):
        outcome = draw.choice(("not_yet", "no_officer")) if sometimes(2) else "may_contact"
        life.tell("family_officer_consulted", "family_officer", {"outcome": outcome}, outcome=outcome)
    _wishes(draw, life, young, whom, sometimes)
    needs = ("en", "standard")
    if not sometimes():
        offered = letter.formats if not sometimes(3) else ("standard", "large_print", "easy_read", "braille")
        needs = (draw.choice(letter.languages) if not sometimes(3) else draw.choice(("cy", "pl")), draw.choice(offered))
        life.tell(
            "needs_recorded", "needs", {"language": needs[0], "format": needs[1]}, language=needs[0], format=needs[1]
        )
    life.tell("characteristics_recorded", complete=NINE, asked_by="practitioner")
    if not sometimes(0.7):
        life.tell("triage_completed", "triaged")
    sheet_number = "L-0000000000000001"
    life.tell("letter_drafted", letter=sheet_number, kind=code, occurrence=1)
    _what_happened(draw, life, world, whom, code, sometimes)
    if draw.random() < 0.25:
        _looked_at(draw, life, code, sheet_number)
    if sometimes():
        _safety(draw, life, sometimes, first=False, relationship=relationship)
    later = draw.choice(_LATER_CHOICES) if draw.random() < 0.3 else draw.randint(2, 60)
    today = max(BEGAN + timedelta(days=later), life.day)
    language = draw.choice(("en", "cy")) if sometimes() else needs[0]
    form = draw.choice(("standard", "large_print")) if sometimes() else needs[1]
    suspect, told = (
        (draw.choice((True, False, None)), draw.choice((True, False, None))) if sometimes(4) else (False, True)
    )
    untrue, suppressed = sometimes(0.5), sometimes(0.5)
    person = Person(kind, born, tuple(life.diary), suspect, told, suppressed, *_alike_in_the_world(world))
    sheet = Sheet(code, sheet_number, language, form, untrue, letter.languages, letter.formats)
    return Invented(person, sheet, life.case, letter, _reach(person, sheet, life.case, letter, world, today), today)


def _who(draw: random.Random, whom: str, wrong: bool) -> tuple[str, date | None]:
    kinds = {
        "adults": ("individual", "individual", "witness_harmed"),
        "child": ("individual",),
        "guardian": ("individual",),
        "company": ("organisation",),
        "family": ("bereaved_relative", "spokesperson"),
        "colleague": ("individual", "organisation", "bereaved_relative"),
    }[whom]
    kind = (
        draw.choice(("individual", "organisation", "bereaved_relative", "spokesperson"))
        if wrong
        else draw.choice(kinds)
    )
    age = draw.randint(8, 17) if whom in ("child", "guardian") else draw.randint(18, 90)
    if draw.random() < 0.06:
        age = 17
    if kind == "organisation" or draw.random() < 0.02:
        return kind, None
    # Birthdays fall on every day of the year, the 29th of February and the day itself among them.
    day = draw.randint(0, 364) if draw.random() < 0.8 else draw.choice((0, 1, 2, 30))
    born = date(BEGAN.year - age, BEGAN.month, BEGAN.day) - timedelta(days=day)
    return kind, date(2008, 2, 29) if draw.random() < 0.01 else born


def _answer(draw: random.Random, life: _Life, young: bool, sometimes: Any) -> None:
    if sometimes(0.5):
        return
    answer = draw.choice(("no", "undecided", "not_objected", "not_objected")) if sometimes(2) else "yes"
    scope = tuple(each for each in ALL if not sometimes()) if answer in ("yes", "not_objected") else ()
    refused = tuple(each for each in ALL if scope and each not in scope and draw.random() < 0.5)
    if answer == "not_objected":
        scope = ALL
    by = draw.choice(("self", "both", "parent_guardian", "proxy")) if sometimes(3) else ("both" if young else "self")
    said: dict[str, Any] = {
        "decision": answer,
        "model": "opt_out" if answer == "not_objected" else "opt_in",
        "given_by": by,
    }
    if scope:
        said["scope"] = "|".join(each for each in scope if each not in refused)
    if refused:
        said["scope_refused"] = "|".join(refused)
    if not sometimes():
        said["informed"] = INFORMED
    if answer == "no":
        said["refusal_reason"] = "none_given"
    if answer == "not_objected":
        said["told_on"] = life.day.isoformat()
    queries = ("proxy",) if by == "proxy" else ("uninformed",) if sometimes(0.5) else ()
    if queries:
        said["queries"] = "|".join(queries)
    life.tell(
        "consent_recorded",
        "answer",
        {"answer": answer, "scope": scope, "refused": refused, "by": by, "queries": queries},
        user="police",
        **said,
    )
    if answer in ("no", "undecided") and draw.random() < 0.5:
        life.later(1)
        life.tell("officer_contacted", outcome="asked")
        life.tell(
            "consent_renewed",
            "answer",
            {"answer": "yes", "scope": ALL, "by": "self"},
            user="police",
            decision="yes",
            model="opt_in",
            given_by="self",
            scope="|".join(ALL),
            informed=INFORMED,
        )


def _neighbours(draw: random.Random, life: _Life, world: _World, sometimes: Any) -> None:
    """Where the children responsible, their households, schools and the staff live."""
    for child in range(world.children):
        if sometimes(3):
            continue
        of = draw.choice(("child", "child", "household", "placement"))
        _note(draw, life, world, child, of, same=sometimes(2))
        if sometimes():
            _note(draw, life, world, child, of, same=sometimes(4))
    if draw.random() < 0.3:
        _note(draw, life, world, 0, "school", same=sometimes(3))
    if draw.random() < 0.3:
        house = world.home if sometimes(3) else another_house(draw, world.home)
        world.others.append((-1, "staff", written(draw, house), house is world.home))


def _note(draw: random.Random, life: _Life, world: _World, child: int, of: str, *, same: bool) -> None:
    text = _scribbled(draw, world.home) if same else written(draw, another_house(draw, world.home))
    world.others.append((child, of, text, same))
    life.tell("child_address_recorded", "child_address", of=of, source="youth_justice_file")


def _alike_in_the_world(world: _World) -> tuple[frozenset[str], bool]:
    alike = frozenset(of for _, of, _, same in world.others if same)
    homes = {child for child, of, _, _ in world.others if of in ("child", "household", "placement")}
    return alike, homes == set(range(world.children))


def _safety(draw: random.Random, life: _Life, sometimes: Any, *, first: bool, relationship: str) -> None:
    if first and sometimes(0.7):
        return
    if not first:
        life.later(draw.choice((1, 30, SAFE_FOR)))
    near = relationship in ("family", "parent", "partner_ex", "peer_same_school")
    by = draw.choice(("police", "victim", "practitioner")) if not near or sometimes(2) else "victim"
    post = draw.choice(("no", "unknown")) if sometimes() else "yes"
    said: dict[str, Any] = {"post": post, "phone": draw.choice(("yes", "no", "unknown")), "by": by}
    fields: dict[str, Any] = {"post": post, "phone": said["phone"], "said_by": by}
    if sometimes():
        said["risk"], fields["risks"] = True, draw.choice(("threats", "domestic_abuse", "stalking", "hate"))
    if sometimes():
        said["secret"], fields["must_not_know"] = True, True
    if said.get("risk") or said.get("secret") or draw.random() < 0.3:
        fields["child_knows_address"] = said["child_knows"] = draw.choice(("no", "no", "yes", "unknown"))
    life.tell("safety_recorded", "safety", said, **fields)


def _wishes(draw: random.Random, life: _Life, young: bool, whom: str, sometimes: Any) -> None:
    if not young or not (sometimes(4) or (whom == "child" and draw.random() < 0.5)):
        return
    child = draw.choice(("yes", "no", "not_asked")) if sometimes(5) else "yes"
    guardian = draw.choice(("yes", "no", "not_asked", "no_guardian")) if sometimes(5) else "yes"
    cared_for = sometimes(4)
    told = bool(draw.getrandbits(1))
    of = {"child": child, "guardian": guardian, "looked_after": cared_for, "social_worker_told": told}
    fields: dict[str, Any] = {"child_wish": child, "guardian_wish": guardian}
    if cared_for:
        fields |= {"looked_after": True, "social_worker_told": told}
    life.tell("wishes_recorded", "wishes", of, **fields)
    if draw.random() < 0.3:
        outcome = draw.choice(("contact", "no_contact_yet"))
        life.tell("wishes_settled", "settled", {"outcome": outcome}, user="manager", outcome=outcome)


def _what_happened(draw: random.Random, life: _Life, world: _World, whom: str, code: str, sometimes: Any) -> None:
    """What happened since the letter was drafted, in some order."""

    def moved() -> None:
        world.home = another_house(draw, world.home)
        world.home_written = written(draw, world.home)
        # Where the victim moved, nothing that was compared is at the new address any more.
        world.others = [(child, of, text, False) for child, of, text, _ in world.others if not _near(world, text)]
        by = draw.choice(("victim", "police"))
        life.tell(
            "contact_details_changed",
            "address",
            {"change": "new", "by": by},
            channel="post",
            change="new",
            source=by,
            reachable="post|phone",
        )

    def confirmed() -> None:
        if not any(entry.what == "address" for entry in life.diary):
            return
        life.tell(
            "contact_details_changed",
            "address",
            {"change": "confirmed"},
            channel="post",
            change="confirmed",
            source="victim",
            reachable="post|phone",
        )

    def returned() -> None:
        life.tell(
            "letter_returned", "returned", letter="L-0000000000000009", kind="L06", occurrence=1, reason="refused"
        )

    def wrong_door() -> None:
        life.tell("attempt_made", "wrong_door", channel="post", outcome="address_wrong")

    def held() -> None:
        reason = draw.choice(("safeguarding", "police", "prosecution", "illness", "victim_pause"))
        life.tell(
            "hold_placed", "held", {"reason": reason}, reason=reason, until=(life.day + timedelta(days=20)).isoformat()
        )
        if draw.random() < 0.4:
            life.later(1)
            if reason == "safeguarding":
                life.tell("alert_managed", "freed", user="manager", plan_on=life.day.isoformat())
            else:
                life.tell("hold_ended", "freed")

    def withdrew() -> None:
        part = draw.choice(("all", "contact", *ALL))
        life.tell("consent_withdrawn", "withdrew", {"part": part}, part=part)
        if part in ("all", "contact") and life.case.states.get("journey") == "closed":
            life.diary.append(Entry(life.day, "closed", {"reason": "opted_out"}))
        if draw.random() < 0.2:
            life.later(2)
            life.tell("victim_returned", "came_back", {"scope": ALL}, scope="|".join(ALL), informed=INFORMED)

    def died() -> None:
        life.tell("victim_died", "died")

    def merged() -> None:
        life.tell("duplicate_found", "merged", survivor="VC-0002")

    def closed() -> None:
        reason = draw.choice(
            (
                "completed_informed",
                "completed_restorative",
                "uncontactable",
                "unsafe_to_contact",
                "transferred",
                "declined_after_contact",
                "not_a_victim",
            )
        )
        life.tell("case_closed", "closed", {"reason": reason}, user="manager", reason=reason)

    def talked() -> None:
        wants = bool(draw.getrandbits(1))
        life.tell("attempt_made", channel="phone", outcome="reached")
        life.tell(
            "conversation_recorded",
            "talked",
            {"wants_updates": wants},
            views="given",
            wants_updates=wants,
            wants_support=False,
            explained=True,
        )

    def released() -> None:
        audience = draw.choice(("panel", "pre_sentence_report", "case_manager", "court"))
        life.tell("views_recorded", outcome="given")
        life.tell("views_released", "released", {"audience": audience}, audience=audience)

    if WORDINGS[code].news or draw.random() < 0.2:
        talked()
    if whom == "colleague" and draw.random() < 0.9:
        audience = draw.choice(WORDINGS[code].released_to) if WORDINGS[code].released_to else "panel"
        life.tell("views_recorded", outcome="given")
        life.tell("views_released", "released", {"audience": audience}, audience=audience)
    if WORDINGS[code].after_the_end and draw.random() < 0.5:
        reason = draw.choice(("completed_informed", "completed_restorative", "support_ended_by_victim"))
        life.tell("case_closed", "closed", {"reason": reason}, user="manager", reason=reason)
    for happens in draw.sample(
        (moved, confirmed, returned, wrong_door, held, withdrew, died, merged, closed, released), 10
    ):
        if sometimes(0.6):
            life.later(draw.randint(1, 5))
            happens()


def _near(world: _World, text: tuple[tuple[str, ...], str]) -> bool:
    return likeness(keys(*world.home_written), keys(*text)) is not None


def _looked_at(draw: random.Random, life: _Life, code: str, number: str) -> None:
    life.later(1)
    for user in draw.choice((("anna", "bilal"), ("anna", "bilal"), ("anna",), ("anna", "anna"))):
        holds = tuple(HOLDS) if draw.random() < 0.8 else tuple(draw.sample(tuple(HOLDS), 2))
        life.tell(
            "letter_clearance_given",
            "looked",
            {"letter": number, "by": user, "holds": holds},
            user=user,
            letter=number,
            kind=code,
            occurrence=1,
            holds="|".join(sorted(HOLDS[each] for each in holds)),
            words="note-1",
        )


def _reach(person: Person, sheet: Sheet, case: Case, letter: LetterKind, world: _World, today: date) -> Reach:
    """What the program would gather of this person beside the history."""
    given = [entry for entry in person.diary if entry.what == "address"]
    by = [entry.of["by"] for entry in given if entry.of["change"] != "confirmed"]
    mine = keys(*world.home_written)
    alike = {of for _, of, text, _ in world.others if by and likeness(mine, keys(*text)) is not None}
    homes = {child for child, of, _, _ in world.others if of in HOME}
    known = bool(by) and homes == set(range(world.children))
    said = case.last("relationship_recorded")
    relationship = said.text("relationship") if said else "unknown"
    young = None if person.born is None else age_on(person.born, today) < 18
    return Reach(
        channel=letter.channel,
        has_point=bool(by) or letter.audience in COLLEAGUES,
        source_known=bool(by and by[-1]),
        suppressed=person.suppressed,
        under_18_today=False if person.kind == "organisation" else young,
        guardian_is_suspect=person.guardian_suspect,
        guardian_told=person.guardian_told,
        close_to_child=None if relationship == "unknown" else relationship in ("family", "parent", "partner_ex"),
        address_shared_with_child=True if alike & set(HOME) else False if known else None,
        language=sheet.language,
        format=sheet.format,
        cleared=cleared(case, sheet.number),
        safety_lasts=SAFE_FOR,
        address_age=(today - given[-1].day).days if given else 0,
        address_lasts=ADDRESS_FOR,
        address_of=frozenset(alike & {"school", "staff"}),
        overtaken=sheet.untrue,
        way_open=True,
        in_childs_world=relationship in ("family", "parent", "partner_ex", "peer_same_school"),
    )
