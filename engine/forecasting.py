"""Gives the year ahead: what falls due in each coming week, and what will be missed at today's pace."""

from datetime import datetime
from typing import Any

from engine.house import House
from store import workload
from workflow.forecast import ASSUMPTIONS, METHOD, Forecast, forecast
from workflow.london import london_day

Json = dict[str, Any]


def year_ahead(house: House, now: datetime, months: int) -> Json:
    """The forecast as ``forecast --json`` gives it; the same history on the same day gives the same figures.

    The keys: ``today``, ``months``, ``overdue_now``, ``pace`` (of the past year: ``referrals_a_week``,
    ``enhanced_share``, ``met_a_working_day``, ``rules``), ``weeks``, ``method``, ``assumptions``.  No case is named.
    """
    today = london_day(now)
    since = house.calendar.add_calendar_months(today, -12)
    with house.reading() as connection:
        work = list(workload.work_since(connection, house.service, since))
        openings = workload.openings_since(connection, house.service, since)
    found = forecast(work, openings, house.rulebook, house.calendar, today, months)
    return {
        "today": today.isoformat(),
        "months": months,
        "overdue_now": found.overdue_now,
        "pace": {
            "since": since.isoformat(),
            "referrals_a_week": round(found.referrals_a_week, 2),
            "enhanced_share": round(found.enhanced_share, 2),
            "met_a_working_day": round(found.met_a_working_day, 2),
            "rules": _rules(found),
        },
        "weeks": [
            {
                "week": week.monday.isoformat(),
                "working_days": week.working_days,
                "due": round(week.due, 1),
                "known": week.known,
                "follow_ups": week.follow_ups,
                "expected": round(week.expected, 1),
                "usual": round(week.usual, 1),
                "missed": round(week.missed, 1),
                "piles_up": week.piles_up,
                "provisional": week.provisional,
            }
            for week in found.weeks
        ],
        "method": list(METHOD),
        "assumptions": list(ASSUMPTIONS),
    }


def _rules(found: Forecast) -> list[Json]:
    return [
        {
            "rule": rule,
            "met": sum(wait is not None for wait in pace.waits),
            "median_working_days": pace.median,
            "fallen_due": pace.fallen_due,
            "late_share": round(pace.late_share, 2),
        }
        for rule, pace in found.pace.items()
    ]
