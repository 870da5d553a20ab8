"""Foretells the coming weeks: what falls due, how much the team usually does in that time, and what will be missed."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from workflow.calendar import Calendar
from workflow.clocks import due_day
from workflow.code import LimitKind, Match, Rule, Rulebook
from workflow.pace import WEEK, Pace, Past, Work, monday, mondays, working_days
from workflow.vocabulary import Owner, Track

METHOD = (
    "known: the open duties of the service with a due day, by that day; a week begins on Monday, this one today",
    "follow-ups: what begins when those are met in their ordinary way, at the median pace and at the latest when due",
    "expected: referrals at the pace of the past year, bringing what its cases brought week by week",
    "missed: by how long the same rules took in the past year, among those that had waited as long",
    "usual: what was met for each working day of the past year",
    "piles up: more falls due than was met, for each working day, in nine weeks out of ten",
)
"""How the figures are reckoned, a line each; in full at ``forecast``."""

ASSUMPTIONS = (
    "Referrals come, and work is done, as in the past year; nobody joins, leaves or is away.",
    "Every open duty stays owed until it is met; what is paused, or late already, is left out.",
    "What the present cases may bring later, beyond what follows from their open duties, is not counted.",
    "Bank holidays are those of the table; weeks past its end are provisional.",
)
"""What the figures take for granted, a sentence each."""


@dataclass(frozen=True, slots=True)
class Week:
    """A coming week: its Monday, its working days, and what falls due and is missed in it."""

    monday: date
    working_days: int
    known: int
    follow_ups: int
    expected: float
    usual: float
    missed: float
    piles_up: bool
    provisional: bool

    @property
    def due(self) -> float:
        """Everything that falls due."""
        return self.known + self.follow_ups + self.expected


@dataclass(frozen=True, slots=True)
class Forecast:
    """The coming weeks, and the pace of the past year from which they were reckoned."""

    weeks: tuple[Week, ...]
    overdue_now: int
    referrals_a_week: float
    enhanced_share: float
    met_a_working_day: float
    pace: Mapping[str, Pace]


def forecast(
    work: Sequence[Work],
    openings: Sequence[tuple[date, bool]],
    rulebook: Rulebook,
    calendar: Calendar,
    today: date,
    months: int,
) -> Forecast:
    """The weeks from this one to the one so many months ahead.

    ``work`` holds the duties that are open, or began or were met in the year before today; ``openings`` the day on
    which each case of that year was opened, and whether its victim has enhanced rights.

    ``known`` are the open duties.  ``follow_ups`` begin for certain when an open duty is met by the first event its
    rule names, reckoned from the day on which the rule is usually met (the median of the past year) and at the latest
    from its due day; one generation, and no rule after itself.  ``expected`` come from new referrals: those with
    enhanced rights and the others arrive each at their own pace of the past year, and bring what the cases of that year
    brought so many weeks after they were opened, as far as those weeks have passed.  ``missed`` is how many of all
    these will be late at the pace of the past year: of an open duty the share of past ones met too late, among those
    that took at least as long as it has waited; of the others the share of the rule that was late.  ``usual`` is what
    was met for each working day of the past year, times the working days of the week.
    Raises calendar.DayOutOfRange.
    """
    past = Past(work, openings, calendar, today)
    known: Counter[date] = Counter()
    follow_ups: Counter[date] = Counter()
    missed: defaultdict[date, float] = defaultdict(float)
    for each in work:
        if each.standing != "open" or each.due_on < today:
            continue
        known[monday(each.due_on)] += 1
        missed[monday(each.due_on)] += past.chance_of_missing(each)
        for rule, due in _heirs(each, past.pace.get(each.rule), rulebook, calendar, today):
            follow_ups[monday(due)] += 1
            missed[monday(due)] += past.late_share(rule)
    expected: defaultdict[date, float] = defaultdict(float)
    ahead = list(mondays(today, calendar.add_calendar_months(today, months)))
    for name, week, number in past.from_referrals(ahead):
        expected[week] += number
        missed[week] += number * past.late_share(name)
    weeks = []
    for week in ahead:
        days = working_days(calendar, max(week, today), week + WEEK)
        every = known[week] + follow_ups[week] + expected[week]
        weeks.append(
            Week(
                monday=week,
                working_days=days,
                known=known[week],
                follow_ups=follow_ups[week],
                expected=expected[week],
                usual=past.met_a_day * days,
                missed=missed[week],
                piles_up=every > past.busy_a_day * days,
                provisional=calendar.is_provisional(week + WEEK - timedelta(days=1)),
            )
        )
    overdue = sum(each.standing == "open" and each.due_on < today for each in work)
    enhanced = sum(is_enhanced for _, is_enhanced in openings) / len(openings) if openings else 0.0
    return Forecast(tuple(weeks), overdue, past.referrals_a_week, enhanced, past.met_a_day, past.pace)


def _heirs(
    each: Work, pace: Pace | None, rulebook: Rulebook, calendar: Calendar, today: date
) -> Iterator[tuple[str, date]]:
    """The duties of the service that begin when an open duty is met in its ordinary way: rule and due day."""
    usually = pace.median if pace else None
    met_on = each.due_on
    if usually is not None:
        met_on = min(met_on, max(today, calendar.add_working_days(each.began_on, round(usually))))
    rules = rulebook.rules_on(met_on)
    rule = next((rule for rule in rules if rule.id == each.rule), None)
    event = rule.met_by[0].event if rule else ""
    for heir in rules:
        if event and heir.id != each.rule and heir.owner is Owner.YJS and _begins(heir, event, each.journey):
            due = due_day(calendar, heir.limit, met_on)
            if due is not None:
                yield heir.id, due


def _begins(rule: Rule, event: str, journey: str) -> bool:
    """Whether an event begins a rule for certain, whatever it says, in the present state of the journey."""
    if rule.limit.kind in (LimitKind.BEFORE, LimitKind.NONE):
        return False
    return any(match.event == event and not match.where and _fits(match, journey) for match in rule.begins)


def _fits(match: Match, journey: str) -> bool:
    if match.state:
        return False
    return all(track == Track.JOURNEY and journey in states for track, states in match.during)
