"""Acts out the pace of an office: how soon each kind of work is taken up, and that some of it comes late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from random import Random

from engine.simulation.stories import Story
from workflow.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Pace:
    """From how many to how many working days after it came up; ``by_due``: before the day by which it is due."""

    least: int
    most: int
    by_due: bool = False


_PACES: Mapping[str, Pace] = {
    "triage": Pace(0, 0),
    "ask_safe_channel": Pace(0, 1),
    "follow_up_officer": Pace(0, 1),
    "request_consent_record": Pace(0, 1),
    "ask_characteristics": Pace(0, 1),
    "make_first_contact": Pace(0, 2),
    "try_again": Pace(1, 2),
    "record_conversation": Pace(0, 1),
    "offer_restorative": Pace(0, 4),
    "close_uncontactable": Pace(0, 0, by_due=True),
    "approve_letter": Pace(0, 2),
    "completion_notice": Pace(0, 3),
    "contact_scheme_first_step": Pace(0, 1),
    "complaint_first_word": Pace(0, 2),
    "complaint_answer": Pace(0, 6, by_due=True),
    "subject_access": Pace(2, 9, by_due=True),
    "views_before_decision": Pace(0, 3, by_due=True),
    "panel_invitation": Pace(0, 3, by_due=True),
    "progress_update": Pace(0, 3, by_due=True),
    "prepare": Pace(0, 3, by_due=True),
    "hold_event": Pace(0, 0),
    "reopened_first_call": Pace(0, 1),
    "victim_harmed_before": Pace(0, 1),
    "feedback_unsafe": Pace(0, 0),
    "feedback_negative": Pace(0, 3),
    "own_consent": Pace(0, 10, by_due=True),
    "ask_own_consent": Pace(0, 1),
}
_KEPT_JUST_IN_TIME = Pace(0, 1, by_due=True)

# What cannot wait for a victim with enhanced rights, because the Code gives one working day.
_AT_ONCE = frozenset({"triage", "ask_characteristics", "make_first_contact", "approve_letter"})
# What came into the practice later keeps its own chance, so that a year of before stays what it was.
_APART = frozenset(
    {
        "victim_harmed_before",
        "feedback_reminder",
        "feedback_unsafe",
        "feedback_negative",
        "own_consent",
        "ask_own_consent",
    }
)


def planned(story: Story, work: str, due: date, today: date, calendar: Calendar) -> date:
    """The day on which a piece of work that came up today will be taken up."""
    pace = _PACES.get(work, _KEPT_JUST_IN_TIME)
    rng = Random(f"{story.number}/{work}/{due}") if work in _APART else story.rng  # noqa: S311  (a simulation)
    days = rng.randint(pace.least, pace.most)
    if work in _AT_ONCE and story.is_enhanced:
        days = 0
    day = calendar.add_working_days(due, -days) if pace.by_due else calendar.add_working_days(today, days)
    if rng.random() < story.lateness:
        day = calendar.add_working_days(max(day, due), rng.randint(2, 5))
    return max(day, story.rest.get(work, day))
