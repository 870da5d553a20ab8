"""Acts out one victim: how consent came, what safety and needs there are, how it is to end, and how far it has got."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from random import Random
from typing import Any

from engine.entries import Entry
from workflow.vocabulary import DIRECT_KINDS, RestorativeKind, State

Record = dict[str, Any]


class Ending(StrEnum):
    """What a story comes to if the year is long enough for it."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    INFORMATION = "information"
    DECLINED = "declined"
    SUPPORT = "support"
    UNCONTACTABLE = "uncontactable"
    WITHDREW_LATER = "withdrew_later"
    DIRECT_TO_COME = "direct_to_come"
    REFUSED = "refusal_confirmed"
    NEVER_ANSWERED = "police_never_answered"
    UNSAFE = "no_safe_channel"
    DUPLICATE = "duplicate"
    WITHDREW_BEFORE = "withdrew_before_contact"
    ELSEWHERE = "transferred_or_not_a_victim"
    IN_HAND = "in_hand"


CONTACTABLE = (
    Ending.DIRECT,
    Ending.INDIRECT,
    Ending.INFORMATION,
    Ending.DECLINED,
    Ending.SUPPORT,
    Ending.UNCONTACTABLE,
    Ending.WITHDREW_LATER,
    Ending.DIRECT_TO_COME,
)


class Route(StrEnum):
    """What police send first."""

    CLEAR = "clear"
    REFUSED = "refused"
    NOT_ASKED = "not_asked"
    CHILD_ALONE = "child_alone"
    NO_SAFE_CHANNEL = "no_safe_channel"


@dataclass
class Incident:
    """What happened, who is held responsible, and what becomes of the child; days of the world, not of the history."""

    crime_reference: str
    occurred_on: date
    reported_on: date
    place: str
    offence: Record
    children: list[Record]
    decision_kind: str | None
    decision_on: date | None
    concluded_on: date | None
    concluded: str
    custody_months: int = 0


@dataclass
class Story:
    """One victim of one incident as the police see them, with what only the simulation knows."""

    number: int
    day: date
    ending: Ending
    rng: Random
    incident: Incident
    victim: Record
    force: str
    model: str
    submission_id: str
    officer: Record
    station: str
    worker: str
    route: Route = Route.CLEAR
    enhanced: str = "none"
    safe: dict[str, str] = field(default_factory=dict)
    truly_safe: dict[str, str] = field(default_factory=dict)
    risks: list[str] = field(default_factory=list)
    must_not_know: list[str] = field(default_factory=list)
    child_knows_address: str = "no"
    needs: Record = field(default_factory=dict)
    unasked: tuple[str, ...] = ()
    answers_after: int = 1
    lateness: float = 0.02
    waits_at: State | None = None
    twin: "Story | None" = None
    record: Record = field(default_factory=dict)
    later: list[tuple[date, str]] = field(default_factory=list)
    reference: str = ""
    case_id: int = 0
    officer_answers_on: date | None = None
    steps_left: int = 0
    stops_once: bool = False
    postpones_once: bool = False
    event_on: date | None = None
    agrees: bool = False
    rest: dict[str, date] = field(default_factory=dict)
    marks: set[str] = field(default_factory=set)

    @property
    def kind(self) -> str:
        """Who was harmed: ``individual``, ``child`` or ``organisation``."""
        return str(self.victim["kind"])

    @property
    def is_enhanced(self) -> bool:
        """Whether the victim has enhanced rights."""
        return self.kind == "child" or self.enhanced != "none"

    @property
    def is_contactable(self) -> bool:
        """Whether consent and a safe channel are there, so that the victim is to be contacted."""
        return self.ending in CONTACTABLE

    def note(self, entry: Entry) -> None:
        """Remember what was handed in, so that the ledger can be held against the history."""
        fields = entry.fields
        match entry.kind:
            case "attempt_made":
                self.marks.add("contacted")
                if fields.get("outcome") == "reached":
                    self.marks.add("reached")
            case "victim_replied" | "victim_returned":
                self.marks |= {"contacted", "reached"}
            case "conversation_recorded":
                self.marks.add("engaged")
            case "restorative_information_given":
                self.marks.add("signposted")
            case "support_referred" if fields["outcome"] != "declined":
                self.marks.add("signposted")
            case "restorative_event_held":
                self.marks.add("direct" if fields["kind"] in DIRECT_KINDS else "indirect")
            case "information_only_chosen":
                self.marks.add("informed_only")
            case "restorative_answered" if fields["answer"] == "no":
                self.marks.add("informed_only")
            case "all_declined" | "attempts_exhausted":
                self.marks.add(entry.kind)
            case _:
                pass


DIRECT_FORMS = (RestorativeKind.DIRECT_MEETING, RestorativeKind.DIRECT_CONFERENCE, RestorativeKind.PANEL_ATTENDANCE)
INDIRECT_FORMS = (
    RestorativeKind.LETTER_OF_EXPLANATION,
    RestorativeKind.LETTER_OF_APOLOGY,
    RestorativeKind.INDIRECT_QUESTIONS,
    RestorativeKind.SHUTTLE,
    RestorativeKind.VICTIM_IMPACT_INPUT,
    RestorativeKind.INDIRECT_REPARATION,
    RestorativeKind.DIRECT_REPARATION,
)
