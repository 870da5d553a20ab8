"""Measures the past year of a service: how quickly each rule was met, how many referrals came and what they brought."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median, quantiles

from workflow.calendar import Calendar

WEEK = timedelta(days=7)

# What fell due and was owed on its day; what lapsed in time was not, and what was excused is counted neither way.
_COUNTED = ("met", "met_late", "overdue", "open")
_TENTHS = 10


@dataclass(frozen=True, slots=True)
class Work:
    """One duty of the service as it is kept, with what is needed of its case; days are London days."""

    rule: str
    journey: str
    enhanced: bool
    opened_on: date
    began_on: date
    due_on: date
    met_on: date | None
    standing: str


@dataclass(frozen=True, slots=True)
class Pace:
    """How a rule went in the past year: waits in working days, and the share of those fallen due that was late.

    ``waits`` are sorted; None at the end stands for one that was never met.
    """

    waits: tuple[int | None, ...]
    fallen_due: int
    late: int

    @property
    def median(self) -> float | None:
        """The working days from the beginning until it was met, as the median; None where none was met."""
        met = [wait for wait in self.waits if wait is not None]
        return float(median(met)) if met else None

    @property
    def late_share(self) -> float:
        """The share that was late."""
        return self.late / self.fallen_due if self.fallen_due else 0.0

    def chance_of_missing(self, waited: int, allowed: int) -> float:
        """The chance that a duty which has waited so many working days is met after more than are allowed."""
        as_long = [wait for wait in self.waits if wait is None or wait >= waited]
        if not as_long:
            return self.late_share
        return sum(wait is None or wait > allowed for wait in as_long) / len(as_long)


def monday(day: date) -> date:
    """The Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def mondays(today: date, last: date) -> Iterator[date]:
    """The Mondays of the weeks from one day to another."""
    week = monday(today)
    while week <= last:
        yield week
        week += WEEK


def working_days(calendar: Calendar, first: date, after: date) -> int:
    """The working days from one day to the day before another."""
    return calendar.working_days_between(first - timedelta(days=1), after - timedelta(days=1))


class Past:
    """The year before today: how quickly each rule was met, how many referrals came, and what each brought.

    ``referrals_a_week``; ``met_a_day``, what was met for each working day, and ``busy_a_day``, the same in the busiest
    tenth of the weeks; ``pace`` by rule.
    """

    def __init__(
        self, work: Sequence[Work], openings: Sequence[tuple[date, bool]], calendar: Calendar, today: date
    ) -> None:
        self._work, self._openings, self._calendar, self._today = work, openings, calendar, today
        self._since = calendar.add_calendar_months(today, -12)
        first = min((day for day, _ in openings), default=today)
        self._first = max(self._since, first)
        self._weeks = max(1.0, (today - self._first) / WEEK)
        self.referrals_a_week = len(openings) / self._weeks
        self.pace: Mapping[str, Pace] = {rule: self._pace(group) for rule, group in sorted(_by_rule(work).items())}
        self.met_a_day, self.busy_a_day = self._done()

    def _pace(self, group: Iterable[Work]) -> Pace:
        waits: list[int | None] = []
        fallen = late = 0
        for each in group:
            if each.met_on is not None and each.met_on >= self._since:
                waits.append(max(0, self._calendar.working_days_between(each.began_on, each.met_on)))
            elif each.standing == "overdue":
                waits.append(None)
            if self._since <= each.due_on < self._today and each.standing in _COUNTED:
                fallen += 1
                late += each.standing != "met"
        return Pace(tuple(sorted(waits, key=lambda wait: (wait is None, wait or 0))), fallen, late)

    def _done(self) -> tuple[float, float]:
        """How many duties were met for each working day of the year, and in the busiest tenth of its weeks."""
        met = Counter(monday(each.met_on) for each in self._work if each.met_on and self._first <= each.met_on)
        days = max(1, working_days(self._calendar, self._first, self._today))
        rates = []
        for week in mondays(self._first, self._today - WEEK):
            working = working_days(self._calendar, max(week, self._first), week + WEEK)
            if working:
                rates.append(met[week] / working)
        usual = sum(met.values()) / days
        return usual, quantiles(rates, n=_TENTHS, method="inclusive")[-1] if len(rates) > 1 else usual

    def chance_of_missing(self, each: Work) -> float:
        """The chance that an open duty will be late."""
        pace = self.pace[each.rule]
        between = self._calendar.working_days_between
        return pace.chance_of_missing(between(each.began_on, self._today), between(each.began_on, each.due_on))

    def late_share(self, rule: str) -> float:
        """The share of a rule's duties that were late."""
        return self.pace[rule].late_share if rule in self.pace else 0.0

    def from_referrals(self, weeks: Sequence[date]) -> Iterator[tuple[str, date, float]]:
        """What referrals still to come will bring: rule, week and number."""
        this_week = monday(self._today)
        whole = working_days(self._calendar, this_week, this_week + WEEK) or 1
        rest = working_days(self._calendar, self._today, this_week + WEEK) / whole
        for enhanced in (False, True):
            opened = [monday(day) for day, is_enhanced in self._openings if is_enhanced is enhanced]
            a_week = len(opened) / self._weeks
            for (rule, lag), number in sorted(self._brought(enhanced).items()):
                # Only cases whose week of that age has passed say how many duties fell due in it.
                old_enough = sum(week + lag * WEEK < this_week for week in opened)
                for place, week in enumerate(weeks):
                    if place >= lag and old_enough:
                        yield rule, week, a_week * (rest if place == lag else 1.0) * number / old_enough

    def _brought(self, enhanced: bool) -> Counter[tuple[str, int]]:
        """How many duties of each rule fell due so many weeks after the opening of a case of the past year."""
        found: Counter[tuple[str, int]] = Counter()
        for each in self._work:
            if each.enhanced is enhanced and each.standing in _COUNTED and each.opened_on >= self._since:
                week = monday(each.due_on)
                if week < monday(self._today):
                    found[each.rule, max(0, (week - monday(each.opened_on)) // WEEK)] += 1
        return found


def _by_rule(work: Iterable[Work]) -> Mapping[str, list[Work]]:
    found: defaultdict[str, list[Work]] = defaultdict(list)
    for each in work:
        found[each.rule].append(each)
    return found
