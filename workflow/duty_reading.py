"""Reads one case for its duties: which events begin, meet, lapse, pause or excuse an occurrence of a rule."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from workflow.calendar import Calendar
from workflow.case import Case
from workflow.clocks import Pause, due_day
from workflow.code import Edition, Match, Rule, Rulebook
from workflow.events import Event
from workflow.london import LONDON
from workflow.vocabulary import ENDED, State, Track


class Reading:
    """One case read once: its London days, the journey before each event, who entered which state.

    ``shared`` are the numbers of the events that are about the whole case, where a rule is counted apart.
    """

    def __init__(self, case: Case, calendar: Calendar, shared: Collection[int] = ()) -> None:
        self.case, self.calendar, self.shared = case, calendar, shared
        self._days: dict[int, date] = {}
        self._before: dict[int, str] = {}
        self._entering: dict[str, list[Event]] = {}
        state: str = State.NEW
        for event in case.history:
            self._before[event.seq] = state
            now = event.reached.get(Track.JOURNEY, state)
            if now != state and event.seq not in case.retracted:
                self._entering.setdefault(now, []).append(event)
            state = now

    def day(self, event: Event) -> date:
        """The London day on which an event happened, worked out once."""
        if event.seq not in self._days:
            self._days[event.seq] = event.day
        return self._days[event.seq]

    def trigger(self, rule: Rule, event: Event) -> date:
        """The day from which the clock of a rule counts."""
        happened = rule.clock == "at"
        day = self.day(event) if happened else event.recorded_day
        if rule.cut_off is not None:
            moment = event.at if happened else event.recorded_at
            day += timedelta(days=moment.astimezone(LONDON).hour >= rule.cut_off)
        return day

    def follows(self, event: Event, begin: Event) -> bool:
        """Whether an event came after a beginning: by day, because often only the day is known; then as recorded."""
        day, began = self.day(event), self.day(begin)
        return day > began or (day == began and (event.seq > begin.seq or event.at > begin.at))

    def ends(self, event: Event, begin: Event) -> bool:
        """Whether an event ends what began: it came after, or it closed the case after, however old its own day is.

        Police may tell us today of a withdrawal that was weeks before the record of the victim reached us.
        """
        closed = event.reached.get(Track.JOURNEY) in ENDED
        return self.follows(event, begin) or (closed and event.seq > begin.seq)

    def begun(self, rulebook: Rulebook) -> list[tuple[Edition, Rule, list[Event]]]:
        """Each rule that the history began, with the events that began it, in the order in which they happened."""
        found: dict[Rule, tuple[Edition, Rule, list[Event]]] = {}
        rules = rulebook.beginnings
        for event in self.case.standing:
            before = self._before[event.seq]
            candidates = rules.get(event.kind, ())
            entered = event.reached.get(Track.JOURNEY, before)
            if entered != before:
                # A rule may be listed under the kind and under the state: the event begins it once.
                candidates = tuple(dict.fromkeys((*candidates, *rules.get(f"entering:{entered}", ()))))
            for edition, rule in candidates:
                if any(match.fits(event, before) for match in rule.begins):
                    found.setdefault(rule, (edition, rule, []))[2].append(event)
        return [each for each in found.values() if each[1].applies.to(self.case)]

    def matching(self, matches: Sequence[Match]) -> list[Event]:
        """The standing events that match, in the order in which they happened."""
        if not matches:
            return []
        found: dict[int, Event] = {}
        for match in matches:
            for event in self.case.of(match.event) if match.event else self._entering.get(match.state, ()):
                if match.fits(event, self._before[event.seq]):
                    found[event.seq] = event
        return sorted(found.values(), key=lambda event: (event.at, event.seq)) if len(found) > 1 else [*found.values()]

    def met(self, rule: Rule, begin: Event, evidence: Sequence[Event], lapses: Sequence[Event]) -> Event | None:
        """The first event that meets the occurrence."""
        for event in evidence:
            if self.follows(event, begin):
                if self._is_time(rule, begin, event):
                    return event
            elif rule.earlier_counts and not any(
                self.follows(end, event) and not self.follows(end, begin) for end in lapses
            ):
                return event
        return None

    def _is_time(self, rule: Rule, begin: Event, event: Event) -> bool:
        """Whether an event came late enough to be evidence, by the bank holidays known on its day."""
        if rule.met_from is None:
            return True
        day = self.day(event)
        opens = due_day(self.calendar.as_known_on(day), rule.met_from, self.trigger(rule, begin))
        return opens is None or day >= opens

    def reason(self, rule: Rule, begin: Event) -> Event | None:
        """The good reason that stands for the occurrence: the last one that names the rule and no other occurrence."""
        for event in reversed(self.case.of("good_reason_recorded")):
            named = event.fields.get("occurrence", begin.seq)
            if event.text("rule") == rule.id and named == begin.seq and event.seq > begin.seq:
                return event
        return None

    def pauses(self, rule: Rule) -> tuple[Pause, ...]:
        """When the clock of a rule stood still: by the events the rule names, and by a pause that names the rule."""
        if not rule.pauses and not self.case.of("clock_paused"):
            return ()
        stops = {event.seq for event in self.matching(rule.pauses)}
        stops |= {event.seq for event in self.case.of("clock_paused") if event.text("rule") == rule.id}
        if not stops:
            return ()
        starts = {event.seq for event in self.matching(rule.resumes)}
        starts |= {event.seq for event in self.case.of("clock_resumed") if event.text("rule") == rule.id}
        spans: list[Pause] = []
        since: date | None = None
        for event in self.case.standing:
            if event.seq in stops and since is None:
                since = self.day(event)
            elif event.seq in starts and since is not None:
                spans.append((since, self.day(event)))
                since = None
        return tuple(spans) if since is None else (*spans, (since, None))
