"""Says when a case first came to each point that reports count, and what became of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from workflow.case import Case
from workflow.consent import ledger, says_yes
from workflow.events import Event
from workflow.vocabulary import DIRECT_KINDS, ENDED, Channel, CloseReason, Decision, Known, State, Track

Json = dict[str, Any]

_ANSWERS = ("consent_recorded", "consent_renewed", "victim_returned")
_NOT_REACHED = ("wrong_person", "number_wrong", "address_wrong")
_OUR_CONTACT = (
    "attempt_made",
    "conversation_recorded",
    "restorative_information_given",
    "views_asked",
    "progress_update_given",
)
_ENDED_BY: Mapping[str, CloseReason] = {
    "refusal_confirmed": CloseReason.NO_CONSENT_CONFIRMED,
    "consent_withdrawn": CloseReason.OPTED_OUT,
    "all_declined": CloseReason.DECLINED_AFTER_CONTACT,
    "support_ended": CloseReason.SUPPORT_ENDED_BY_VICTIM,
    "transfer_accepted": CloseReason.TRANSFERRED,
    "duplicate_found": CloseReason.DUPLICATE,
}
NOT_VICTIMS = (CloseReason.DUPLICATE, CloseReason.NOT_A_VICTIM, CloseReason.OUT_OF_SCOPE)
"""Reasons that say the referral was none: it counts as referred, and as nothing after that."""


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of one child's intervention, as this case knows it; ``child`` is empty where none was named or linked."""

    child: str
    on: date
    outcome: str


@dataclass(frozen=True, slots=True)
class Milestones:
    """The first London day of each point of a case, None where it was not come to, and what else reports count.

    ``standing`` says in one code why the case is no further: a reason for closing, the victim's answer, or that it is
    still under way.  ``others`` holds counts and days that only some reports read, as JSON can hold them.
    """

    opened_on: date
    identifiable_on: date | None = None
    asked_on: date | None = None
    consented_on: date | None = None
    safe_on: date | None = None
    contacted_on: date | None = None
    reached_on: date | None = None
    told_on: date | None = None
    talked_on: date | None = None
    offered_on: date | None = None
    agreed_on: date | None = None
    direct_on: date | None = None
    indirect_on: date | None = None
    completed_on: date | None = None
    first_ended_on: date | None = None
    last_ended_on: date | None = None
    closed_on: date | None = None
    standing: str = "under_way"
    consent_model: str = ""
    victim_kind: str = ""
    others: Json = field(default_factory=dict)

    @property
    def held_on(self) -> date | None:
        """The day of the first restorative event of either kind."""
        return min((day for day in (self.direct_on, self.indirect_on) if day), default=None)

    @property
    def endings(self) -> tuple[Ending, ...]:
        """The ends of the interventions of the children responsible, in order."""
        return tuple(Ending(child, date.fromisoformat(on), out) for child, on, out in self.others.get("endings", []))

    @property
    def is_consented(self) -> bool:
        """Whether the victim ever agreed to be contacted."""
        return self.consented_on is not None


DAYS = tuple(each.name for each in fields(Milestones) if each.name.endswith("_on") and each.name != "opened_on")
"""The points that are days, by the names under which they are kept."""
CODES = ("standing", "consent_model", "victim_kind")
"""What is kept beside the days as codes."""


def milestones(case: Case) -> Milestones:
    """The milestones of a case that has a history."""
    yes = next((event for event in case.of(*_ANSWERS) if says_yes(event)), None)
    held = case.of("restorative_event_held")
    endings = list(_endings(case))
    ended_on = [each.on for each in endings]
    closed = _closing(case)
    return Milestones(
        opened_on=case.history[0].recorded_day,
        identifiable_on=_first(
            event for event in case.of("details_received", "contact_details_changed") if event.items("reachable")
        ),
        asked_on=_first(event for event in case.of(*_ANSWERS) if event.text("decision") != Decision.NOT_ASKED),
        consented_on=yes.day if yes else None,
        safe_on=_first(event for event in case.of("safety_recorded") if Known.YES in _channels(event)),
        contacted_on=_first(e for e in case.of("attempt_made", "victim_replied") if _is_contact(e)),
        reached_on=_first(e for e in case.of("attempt_made", "victim_replied") if e.text("outcome") in ("reached", "")),
        told_on=_first(
            (
                *case.of("restorative_information_given"),
                *(e for e in case.of("support_referred") if e.text("by") == "yjs" and e.text("outcome") != "declined"),
            )
        ),
        talked_on=_first(case.of("conversation_recorded")),
        offered_on=_first(
            (
                *(e for e in case.of("restorative_offered") if e.fields.get("invited") is True),
                *case.of("restorative_answered"),
                *held,
            )
        ),
        agreed_on=_first(e for e in case.of("restorative_answered") if e.text("answer") == "yes"),
        direct_on=_first(e for e in held if e.text("kind") in DIRECT_KINDS),
        indirect_on=_first(e for e in held if e.text("kind") not in DIRECT_KINDS),
        completed_on=_first(
            (
                *case.of("follow_up_completed"),
                *(e for e in case.of("case_closed") if e.text("reason") == CloseReason.COMPLETED_RESTORATIVE),
            )
        )
        if held
        else None,
        first_ended_on=min(ended_on, default=None),
        last_ended_on=max(ended_on, default=None),
        closed_on=closed.day if closed else None,
        standing=_standing(case, closed),
        consent_model=next((e.text("model") for e in case.of("consent_recorded") if e.text("model")), ""),
        victim_kind=case.victim_kind,
        others=_others(case, endings),
    )


def _first(events: Any) -> date | None:
    return min((event.day for event in events), default=None)


def _channels(event: Event) -> set[str]:
    return {event.text(channel) for channel in Channel}


def _is_contact(event: Event) -> bool:
    return event.text("outcome") not in _NOT_REACHED


def _closing(case: Case) -> Event | None:
    """The event that ended the case, as it stands now; None while it is open."""
    if case.state not in ENDED:
        return None
    closing = None
    was_open = True
    for event in case.history:
        is_ended = event.reached.get(Track.JOURNEY) in ENDED
        if is_ended and was_open:
            closing = event
        was_open = not is_ended
    return closing


def _standing(case: Case, closed: Event | None) -> str:
    answer = case.last("restorative_answered")
    said = answer.text("answer") if answer else ""
    if closed is not None:
        reason = closed.text("reason") if closed.kind == "case_closed" else _ENDED_BY.get(closed.kind, "")
        if reason in (CloseReason.COMPLETED_INFORMED, CloseReason.SUPPORT_ENDED_BY_VICTIM) and said in (
            "no",
            "not_now",
        ):
            return f"said_{said}"
        return reason or str(case.state)
    if case.state is State.UNCONTACTABLE:
        return str(CloseReason.UNCONTACTABLE)
    if said in ("no", "not_now") and not case.of("restorative_event_held"):
        return f"said_{said}"
    if case.state is State.INFORMED_ONLY:
        return "information_only"
    return "under_way"


def _endings(case: Case) -> Iterator[Ending]:
    """The last word on each child's intervention; one that names no child is true of every child of the case."""
    found: dict[str, Ending] = {}
    for event in case.of("intervention_concluded"):
        for child in (event.text("child"),) if event.text("child") else (case.linked_after[event.seq] or ("",)):
            found[child] = Ending(child, event.day, event.text("outcome"))
    yield from sorted(found.values(), key=lambda each: (each.on, each.child))


def _others(case: Case, endings: list[Ending]) -> Json:
    decisions = case.of("decision_made")
    heard = [d for d in decisions if any(_is_before(each, d) for each in _views(case))]
    excused = [
        d
        for d in decisions
        if d not in heard
        and any(e.text("outcome") == "not_reached" and _is_before(e, d) for e in case.of("views_recorded"))
    ]
    talks = case.of("conversation_recorded")
    asked_news = [e for e in talks if e.fields.get("wants_updates") is True]
    asked_support = [e for e in talks if e.fields.get("wants_support") is True]
    given_support = [e for e in case.of("support_referred") if e.text("outcome") != "declined"]
    ended = endings[-1].on if endings else None
    found: Json = {
        "endings": [[each.child, each.on.isoformat(), each.outcome] for each in endings],
        "decisions": len(decisions),
        "heard": len(heard),
        "excused": len(excused),
        "said_yes": any(says_yes(e) and e.text("decision") != Decision.NOT_OBJECTED for e in case.of(*_ANSWERS)),
        "views": bool(heard) if decisions else bool(_views(case)),
        "news_asked": _iso(_first(asked_news)),
        "news_given": _iso(_first(case.of("progress_update_given", "conclusion_notice_given"))),
        "support_asked": _iso(_first(asked_support)),
        "support_given": _iso(_first(given_support)),
        "after_withdrawal": _after_withdrawal(case),
        "reopened": sum(
            before.reached.get(Track.JOURNEY) in ENDED and after.reached.get(Track.JOURNEY) not in ENDED
            for before, after in zip(case.history, case.history[1:], strict=False)
        ),
        "after_order": sum(e.day > ended for e in case.of("support_reviewed", "support_referred")) if ended else 0,
        "complaints": len(case.of("complaint_received")),
        "complaints_answered": len(case.of("complaint_answered")),
        "refused_uninformed": len(case.of("officer_found_uninformed")),
        "turned": int(_turned(case)),
        "characteristics": _characteristics(case),
        "errors": len(case.of("contact_error_recorded")),
    }
    # Most cases have little of this; what is not there is nothing, and takes no room.
    return {name: value for name, value in found.items() if value}


def _views(case: Case) -> Iterator[Event]:
    for event in case.of("views_asked", "views_recorded", "conversation_recorded"):
        if (
            event.kind == "views_asked"
            or event.text("outcome") in ("given", "declined")
            or event.text("views") in ("given", "declined")
        ):
            yield event


def _is_before(event: Event, decision: Event) -> bool:
    return (event.at, event.seq) < (decision.at, decision.seq)


def _after_withdrawal(case: Case) -> int:
    """Contacts that we made while everything was withdrawn; it must be none.

    Answers overtake each other as they do everywhere: by day, and on one day a withdrawal beats what police recorded.
    """
    said = [e for e in ledger(case) if says_yes(e) or _withdraws_all(e)]
    if not any(_withdraws_all(event) for event in said):
        return 0
    number = 0
    for contact in case.of(*_OUR_CONTACT):
        before = [event for event in said if (event.at, event.seq) < (contact.at, contact.seq)]
        number += bool(before) and _withdraws_all(before[-1])
    return number


def _withdraws_all(event: Event) -> bool:
    return event.kind == "consent_withdrawn" and event.text("part") in ("all", "contact")


def _turned(case: Case) -> bool:
    """Whether a yes came after police were found to have recorded a no that was no informed choice."""
    found = case.first("officer_found_uninformed")
    return found is not None and any(says_yes(event) and _follows(event, found) for event in case.of(*_ANSWERS))


def _follows(event: Event, other: Event) -> bool:
    # By day, because often only the day is known; then as recorded.
    return event.day > other.day or (event.day == other.day and (event.seq > other.seq or event.at > other.at))


def _characteristics(case: Case) -> list[str]:
    """The names of the characteristics that were asked, whatever the answer."""
    return sorted({name for event in case.of("characteristics_recorded") for name in event.items("complete")})


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
