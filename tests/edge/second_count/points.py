"""Says of one case, from its rows, how far it came, why no further, and what else the reports count of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.edge.second_count.raw import Row, Told

STEPS = [
    "referred",
    "identifiable",
    "consent_asked",
    "consented",
    "safe_to_contact",
    "contacted",
    "engaged",
    "offered",
    "restorative",
    "completed",
]
_CHANNELS = ("phone", "voicemail", "text", "email", "post", "visit")
_NO_VICTIM = ("duplicate", "not_a_victim", "out_of_scope")
_DIRECT = ("direct_conference", "direct_meeting", "family_group_conference", "panel_attendance", "video_meeting")
_ANSWERS = ("consent_recorded", "consent_renewed", "victim_returned")
_CLOSED = ("closed", "merged", "erased")
_CLOSED_BY = {
    "refusal_confirmed": "no_consent_confirmed",
    "consent_withdrawn": "opted_out",
    "all_declined": "declined_after_contact",
    "support_ended": "support_ended_by_victim",
    "transfer_accepted": "transferred",
    "duplicate_found": "duplicate",
}


def is_yes(row: Row) -> bool:
    """Whether an answer lets us make contact: a yes that covers it, or no objection where the victim was told."""
    if row.kind == "victim_returned":
        return row.holds("scope", "contact")
    if row.holds("decision", "not_objected"):
        return row.holds("model", "opt_out") and row.has("told_on")
    return row.holds("decision", "yes") and row.holds("scope", "contact")


def contacts(case: Told) -> list[Row]:
    """What reached the victim or might have: attempts by a way that was not wrong, and their replies."""
    wrong = ("wrong_person", "number_wrong", "address_wrong")
    return [row for row in case.of("attempt_made", "victim_replied") if not row.holds("outcome", *wrong)]


def first(rows: list[Row]) -> date | None:
    """The first day of some rows."""
    return min((row.day for row in rows), default=None)


def offers(case: Told) -> list[Row]:
    """Restorative justice was offered, or the victim answered about it or took part."""
    made = [row for row in case.of("restorative_offered") if row.fields.get("invited") is True]
    return [*made, *case.of("restorative_answered", "restorative_event_held")]


@dataclass(frozen=True)
class Point:
    """How far a case came: the number of its step, and the reason for being no further."""

    step: int
    why: str
    direct: bool
    indirect: bool
    told: bool
    early: bool


def point(case: Told) -> Point:
    """Where a case stands in the funnel."""
    given = [row for row in case.of("details_received", "contact_details_changed") if row.has("reachable")]
    answers = case.of(*_ANSWERS)
    held = case.of("restorative_event_held")
    ends = [row for row in case.of("case_closed") if row.holds("reason", "completed_restorative")]
    passed = [
        True,
        bool(given),
        any(not row.holds("decision", "not_asked") for row in answers),
        any(is_yes(row) for row in answers),
        any(row.holds(channel, "yes") for row in case.of("safety_recorded") for channel in _CHANNELS),
        bool(contacts(case)),
        bool(case.of("conversation_recorded")),
        bool(offers(case)),
        bool(held),
        bool(held) and bool(case.of("follow_up_completed") or ends),
    ]
    why = standing(case)
    if why in _NO_VICTIM:
        passed = [True] + [False] * 9
    step = [*passed, False].index(False) - 1
    ours = [r for r in case.of("support_referred") if r.holds("by", "yjs") and not r.holds("outcome", "declined")]
    told = bool(case.of("restorative_information_given") or ours) or passed[6]
    there = step >= STEPS.index("restorative")
    return Point(
        step,
        why,
        there and any(row.holds("kind", *_DIRECT) for row in held),
        there and any(not row.holds("kind", *_DIRECT) for row in held),
        step >= STEPS.index("contacted") and told,
        any(passed[max(step + 1, STEPS.index("contacted")) :]),
    )


def standing(case: Told) -> str:
    """Why a case is no further, in one code."""
    answers = case.of("restorative_answered")
    said = str(answers[-1].fields["answer"]) if answers else ""
    said_no = f"said_{said}" if said in ("no", "not_now") else ""
    if case.journey in _CLOSED:
        closing = [row for row in case.rows if row.state("journey") in _CLOSED and row.before not in _CLOSED][-1]
        reason = closing.fields.get("reason") if closing.kind == "case_closed" else _CLOSED_BY.get(closing.kind)
        if said_no and reason in ("completed_informed", "support_ended_by_victim"):
            return said_no
        return str(reason or case.journey)
    if case.journey == "uncontactable":
        return "uncontactable"
    if said_no and not case.of("restorative_event_held"):
        return said_no
    return "information_only" if case.journey == "informed_only" else "under_way"


def is_victim(case: Told) -> bool:
    """Whether the referral turned out to be of a victim of ours, who was not erased since."""
    return standing(case) not in (*_NO_VICTIM, "erased")


def views(case: Told) -> list[Row]:
    """Where the victim was asked for their views, or gave them."""
    return [
        row
        for row in case.of("views_asked", "views_recorded", "conversation_recorded")
        if row.kind == "views_asked"
        or row.holds("outcome", "given", "declined")
        or row.holds("views", "given", "declined")
    ]


def voice(case: Told) -> dict[str, int]:
    """Decisions about the child, those before which the victim was heard, and those excused."""
    decisions = case.of("decision_made")
    heard = [each for each in decisions if any(row.order < each.order for row in views(case))]
    missed = [row for row in case.of("views_recorded") if row.holds("outcome", "not_reached")]
    excused = [e for e in decisions if e not in heard and any(row.order < e.order for row in missed)]
    return {"decisions": len(decisions), "heard": len(heard), "excused": len(excused)}


_OURS = [
    "attempt_made",
    "conversation_recorded",
    "restorative_information_given",
    "views_asked",
    "progress_update_given",
]


def after_withdrawal(case: Told) -> int:
    """Contacts of ours made when everything was withdrawn: a withdrawal beats what police recorded that day."""
    number = 0
    for contact in case.of(*_OURS):
        answers = [
            row
            for row in case.of(*_ANSWERS, "consent_withdrawn")
            if row.order < contact.order
            and (is_yes(row) if row.kind in _ANSWERS else row.holds("part", "all", "contact"))
        ]
        answers.sort(key=lambda row: (row.day, row.kind != "consent_recorded", row.seq))
        number += bool(answers) and answers[-1].kind == "consent_withdrawn"
    return number


def _after(row: Row, other: Row) -> bool:
    return row.day > other.day or (row.day == other.day and (row.seq > other.seq or row.at > other.at))


def other_figures(case: Told) -> dict[str, Any]:
    """What the page of other figures counts of a case."""
    ends = [row.day for row in case.of("intervention_concluded")]
    last = max(ends, default=None)
    uninformed = case.of("officer_found_uninformed")
    later = [row for row in case.of(*_ANSWERS) if is_yes(row) and uninformed and _after(row, uninformed[0])]
    return {
        **voice(case),
        "uninformed": bool(uninformed),
        "turned": bool(later),
        "after_withdrawal": after_withdrawal(case),
        "errors": len(case.of("contact_error_recorded")),
        "reopened": sum(row.before in _CLOSED and row.state("journey") not in _CLOSED for row in case.rows),
        "after_order": sum(row.day > last for row in case.of("support_reviewed", "support_referred")) if last else 0,
        "complaints": len(case.of("complaint_received")),
        "complaints_answered": len(case.of("complaint_answered")),
    }
