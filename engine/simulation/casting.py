"""Acts out the cast of a story: the incident, the victim, what is safe, and what they need."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from engine.simulation import people
from engine.simulation.stories import Ending, Incident, Route, Story
from workflow.calendar import Calendar
from workflow.vocabulary import Channel, Characteristic, State

Record = dict[str, Any]

_OFFENCES = (
    ("105A", "Common assault", "violence", "street"),
    ("008", "Assault occasioning actual bodily harm", "violence", "school"),
    ("058", "Criminal damage", "damage", "home"),
    ("046", "Shoplifting", "theft", "shop"),
    ("048", "Theft of a bicycle", "theft", "street"),
    ("028", "Burglary in a dwelling", "burglary", "home"),
    ("130", "Aggravated vehicle taking", "vehicle", "street"),
    ("195", "Harassment", "harassment", "online"),
    ("056", "Arson", "arson", "park"),
    ("066", "Public order", "public_order", "public_transport"),
)
_GRAVE = ("034", "Robbery", "robbery", "park")
_DECISIONS = (
    "out_of_court_panel",
    "out_of_court_panel",
    "referral_order_panel",
    "pre_sentence_report",
    "court_hearing",
)
_LANGUAGES = ("en",) * 52 + ("cy", "pl", "ur", "ro")
_FORMATS: tuple[list[str], ...] = ([],) * 40 + (["large_print"], ["large_print"], ["easy_read"])
_GRAVE_EVERY = 50
# Whom nobody reaches, or to reach whom is not safe, is a person and never an organisation.
_PERSONS = frozenset({Ending.UNCONTACTABLE, Ending.DUPLICATE, Ending.UNSAFE})


class Casting:
    """Casts stories one after another, in the order of their days, so that some of them share an incident."""

    def __init__(self, seed: int, calendar: Calendar, forces: Mapping[str, str]) -> None:
        self._seed, self._calendar = seed, calendar
        # The first force sends most records, as the one whose area the service lies in does.
        self._forces = [*[next(iter(forces.items()))] * (3 * len(forces)), *list(forces.items())[1:]]
        self._number = 0
        self._incidents: list[Incident] = []
        self._children: list[Record] = []
        self._last: Story | None = None

    def cast(self, day: date, ending: Ending, kind: str | None = None) -> Story:
        """A story that comes to us on the evening of a day and is to end in that way."""
        self._number += 1
        rng = Random(f"{self._seed}/{self._number}")  # noqa: S311  (a simulation, not a secret)
        force, model = rng.choice(self._forces)
        shared = self._shared(rng, day, ending)
        if shared is not None:
            incident, day, force, model = shared.incident, shared.day, shared.force, shared.model
        else:
            incident = self._incident(rng, day)
        kind = kind or self._kind(rng, ending)
        story = Story(
            number=self._number,
            day=day,
            ending=ending,
            rng=rng,
            incident=incident,
            victim=people.victim(rng, kind, self._number, incident.occurred_on),
            force=force,
            model=model,
            submission_id=f"{force[:3].upper()}-{day.year}-{self._number:06d}",
            officer=people.officer(rng),
            station=people.station(rng),
            worker="rosa" if self._number % 5 < 3 else "imran",
            route=_FIRST_WORD.get(ending, Route.CLEAR),
        )
        if ending is Ending.NEVER_ANSWERED and self._number % 2:
            story.route = Route.NOT_ASKED
        self._last = story
        return story

    def _shared(self, rng: Random, day: date, ending: Ending) -> Story | None:
        """The story before, where this is another victim of the same incident."""
        last = self._last
        if last is None or ending is Ending.IN_HAND or (day - last.day).days > 6 or rng.random() > 0.16:
            return None
        return last

    def _kind(self, rng: Random, ending: Ending) -> str:
        drawn = rng.random()
        if drawn < 0.12 and ending not in _PERSONS:
            return "organisation"
        if drawn < 0.38:
            return "child"
        return "bereaved_relative" if drawn < 0.39 else "individual"

    def _incident(self, rng: Random, day: date) -> Incident:
        number = len(self._incidents) + 1
        is_grave = number % _GRAVE_EVERY == 20
        code, title, category, place = _GRAVE if is_grave else rng.choice(_OFFENCES)
        reported = day - timedelta(days=rng.choice((0, 0, 1, 1, 2, 3, 6)))
        occurred = reported - timedelta(days=rng.choice((0, 0, 0, 1, 2, 5)))
        decided = None
        if is_grave or rng.random() < 0.85:
            decided = self._calendar.next_working(day + timedelta(days=rng.randint(14, 50)))
        outcome = rng.choices(("completed", "not_completed", "no_further_action"), (85, 9, 6))[0]
        lasts = 5 if outcome == "no_further_action" else rng.randint(60, 150)
        incident = Incident(
            crime_reference=f"{day.year % 100}000{number:06d}/{day.year % 100}",
            occurred_on=occurred,
            reported_on=reported,
            place=place,
            offence={"code": code, "title": title, "category": category},
            children=self._responsible(rng, occurred),
            decision_kind=("court_hearing" if is_grave else rng.choice(_DECISIONS)) if decided else None,
            decision_on=decided,
            concluded_on=decided + timedelta(days=lasts) if decided and not is_grave else None,
            concluded=outcome,
            custody_months=18 if is_grave else 0,
        )
        self._incidents.append(incident)
        return incident

    def _responsible(self, rng: Random, occurred: date) -> list[Record]:
        """One to three children, some of whom we know from before."""
        found: list[Record] = []
        for _ in range(rng.choice((1, 1, 1, 1, 2, 3))):
            known = [child for child in self._children[-40:] if child not in found]
            if known and rng.random() < 0.2:
                found.append(rng.choice(known))
            else:
                self._children.append(people.child_responsible(rng, len(self._children) + 1, occurred))
                found.append(self._children[-1])
        return found

    def double(self, told: Sequence[Story]) -> None:
        """Make the duplicates a second record of somebody who was referred a little before."""
        for story in told:
            if story.ending is not Ending.DUPLICATE:
                continue
            twins = [each for each in told if each.is_contactable and each.route is Route.CLEAR]
            twin = min(twins, key=lambda each: (abs((each.day - story.day).days), each.number), default=None)
            if twin is None:
                story.ending = Ending.ELSEWHERE
                continue
            story.twin, story.incident, story.victim = twin, twin.incident, twin.victim
            story.force, story.model = twin.force, twin.model
            story.day = twin.day + timedelta(days=story.rng.randint(1, 3))

    def target_again(self, told: Sequence[Story]) -> None:
        """Make three stories one person's, who is persistently targeted."""
        single = [s for s in told if s.is_contactable and s.kind == "individual" and s.route is Route.CLEAR]
        single = [s for s in single if not any(other.twin is s for other in told)]
        if len(single) < 30:
            return
        first, *others = single[len(single) // 5], single[len(single) // 2], single[len(single) * 4 // 5]
        for story in others:
            if story.incident is not first.incident:
                story.victim, story.enhanced = first.victim, "persistent"

    def furnish(self, story: Story, today: date) -> None:
        """Say what is safe for the victim, what they need, and how soon they answer."""
        rng = story.rng
        _make_safe(story)
        language = rng.choice(_LANGUAGES)
        if story.waits_at is State.CONTACT_DUE:
            # Whose letter waits for a yes, and for nothing else.
            language = "en"
            story.safe[Channel.POST] = story.truly_safe[Channel.POST] = "yes"
        story.needs = {
            "language": language,
            "interpreter": language not in ("en", "cy"),
            "bsl": rng.random() < 0.01,
            "formats": list(rng.choice(_FORMATS)),
        }
        if story.kind != "organisation" and (rng.random() < 0.38 or story.waits_at is State.CHARACTERISTICS_CAPTURE):
            story.unasked = tuple(sorted(rng.sample(_MAY_BE_LEFT_OUT, rng.randint(1, 5))))
        elif story.waits_at is not None:
            story.unasked = ()
        if story.enhanced == "none" and story.kind != "child" and rng.random() < 0.08:
            story.enhanced = rng.choice(("serious", "vulnerable_intimidated"))
        story.answers_after = rng.choices((1, 2, 3), (60, 25, 15))[0]
        if story.ending is Ending.UNCONTACTABLE or story.waits_at is State.ATTEMPTING:
            story.answers_after = 99
        elif story.safe[Channel.POST] == "unknown" and story.truly_safe[Channel.POST] == "yes":
            # Somebody who answers late would get the letter "we tried to reach you" after the talk that cleared it.
            story.answers_after = 1
        if (today - story.day).days < 30:
            story.lateness = 0.0
        story.steps_left = rng.randint(3, 4) if story.ending is Ending.DIRECT else rng.randint(1, 3)
        story.stops_once = story.ending is Ending.INDIRECT and rng.random() < 0.08
        story.postpones_once = rng.random() < 0.08
        story.agrees = rng.random() < 0.45


_FIRST_WORD: Mapping[Ending, Route] = {
    Ending.REFUSED: Route.REFUSED,
    Ending.NEVER_ANSWERED: Route.REFUSED,
    Ending.UNSAFE: Route.NO_SAFE_CHANNEL,
}
_MAY_BE_LEFT_OUT = tuple(name.value for name in Characteristic if name is not Characteristic.AGE)


def _make_safe(story: Story) -> None:
    """What police say is safe, and what the victim will say; risks make all of it narrower."""
    rng = story.rng
    safe: dict[str, str] = {Channel.PHONE: "yes"}
    safe[Channel.VOICEMAIL] = rng.choices(("yes", "unknown", "no"), (5, 3, 2))[0]
    safe[Channel.TEXT] = rng.choices(("yes", "unknown"), (8, 2))[0]
    safe[Channel.EMAIL] = rng.choices(("yes", "unknown"), (7, 3))[0]
    safe[Channel.POST] = rng.choices(("yes", "unknown", "no"), (62, 14, 24))[0]
    safe[Channel.VISIT] = rng.choices(("yes", "unknown", "no"), (3, 5, 2))[0]
    story.child_knows_address = rng.choice(("no", "no", "unknown", "yes"))
    drawn = rng.random()
    if story.kind != "organisation" and drawn < 0.09:
        story.risks = [rng.choice(("domestic_abuse", "domestic_abuse", "threats", "hate", "same_school"))]
        safe |= {Channel.VOICEMAIL: "no", Channel.VISIT: "no", Channel.TEXT: "yes"}
        if story.risks == ["domestic_abuse"]:
            story.must_not_know = ["partner"]
    elif drawn < 0.13 and story.ending is not Ending.UNCONTACTABLE:
        safe |= {Channel.PHONE: "no", Channel.VOICEMAIL: "no", Channel.TEXT: "no", Channel.EMAIL: "yes"}
    elif all(safe[channel] != "yes" for channel in (Channel.TEXT, Channel.EMAIL)):
        safe[Channel.TEXT] = "yes"
    story.truly_safe = {
        channel: said if said != "unknown" else rng.choice(("yes", "no")) for channel, said in safe.items()
    }
    if story.must_not_know or (story.risks and story.child_knows_address != "no"):
        story.truly_safe[Channel.POST] = "no"
    story.safe = dict.fromkeys(Channel, "unknown") if story.route is Route.NO_SAFE_CHANNEL else safe
