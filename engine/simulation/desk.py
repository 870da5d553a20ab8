"""Acts out the office: letters are signed, the queue is worked down, and everything goes through the one door."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from engine.assigning import cover
from engine.desk import queue_lines
from engine.entries import Actor, Entry
from engine.house import House
from engine.post import approve, list_letters
from engine.record import record
from engine.simulation.agenda import Agenda, moment
from engine.simulation.ledger import Ledger
from engine.simulation.pace import planned
from engine.simulation.stories import Story
from engine.targeted import decide_same_victim
from store import cases, post, projections
from workflow.actions import PROMISES, STEPS, QueueLine
from workflow.case import Case
from workflow.channels import is_unconfirmed
from workflow.contact import channel_decision
from workflow.reasons import RELEASE
from workflow.vocabulary import Channel, Role, State

MANAGER = Actor("morgan", Role.MANAGER)
_COLLEAGUE = {"rosa": "imran", "imran": "rosa"}
_LETTERS = ("approve_letter", "clear_held_letter")
_AT_MOST_A_DAY = 6

Work = Callable[["Desk", Story, Case], None]
"""What a practitioner does about one action of one case: hands in entries, or lets the work rest until a day."""


class YearBroken(Exception):
    """The rules did not hold during the simulated year; the message says where."""


class Desk:
    """The two practitioners and the manager of the example service, on one day after another.

    ``works`` says what is done for which action of the queue, ``same`` which actions are another by another name, and
    ``asks_police`` how police come to send a record again.
    """

    def __init__(
        self,
        house: House,
        agenda: Agenda,
        ledger: Ledger,
        works: Mapping[str, Work],
        same: Mapping[str, str],
        asks_police: Callable[[Story, datetime], None],
    ) -> None:
        self.house, self.agenda, self.ledger, self.asks_police = house, agenda, ledger, asks_police
        self.day = ledger.first_day
        self.stories: dict[str, Story] = {}
        self._works, self._same = works, same
        self._now = moment(self.day, 9)
        self._states: dict[str, State] = {}
        self._plans: dict[tuple[int, str], tuple[date, date]] = {}
        # The letters of the last days still wait for their yes, but for those that follow a call at once.
        self._signed_until = house.calendar.add_working_days(ledger.last_day, -9)
        first = ledger.first_day
        self._leave = {
            "imran": (first + timedelta(days=100), first + timedelta(days=113)),
            "rosa": (first + timedelta(days=250), first + timedelta(days=263)),
        }
        for worker, days in self._leave.items():
            cover(house, worker, _COLLEAGUE[worker], *days, MANAGER, self._now)

    def after(self, days: int) -> date:
        """The n-th working day after today."""
        return self.house.calendar.add_working_days(self.day, days)

    def rest(self, story: Story, work: str, days: int) -> None:
        """Let a piece of work rest for that many working days."""
        story.rest[work] = self.after(days)

    def case(self, story: Story) -> Case:
        """A case as it stands."""
        with self.house.reading() as connection:
            key = cases.by_number(connection, self.house.service, story.case_id)
            return cases.history(connection, self.house.service, key)

    def _line(self, story: Story) -> QueueLine | None:
        """The line of a case in the queue as it stands."""
        with self.house.reading() as connection:
            lines = projections.queue_lines(connection, self.house.service, None, story.case_id)
        return lines[0] if lines else None

    def usable(self, case: Case, *channels: Channel) -> list[Channel]:
        """Those of the channels by which the victim may be contacted today."""
        return [each for each in channels if self._may_use(case, each)]

    def _may_use(self, case: Case, channel: Channel) -> bool:
        lasts = self.house.settings.days.safety_lasts
        return channel_decision(case, channel, self.day, lasts).verdict is RELEASE

    def way(self, case: Case) -> str:
        """By which channel news is told today; in person, where no other is safe and the victim comes by."""
        return next(iter(self.usable(case, Channel.PHONE, Channel.EMAIL, Channel.TEXT)), "in_person")

    def do(self, story: Story, *entries: Entry, by: Actor | None = None) -> None:
        """Hand entries in through the one door, in one go."""
        for entry in entries:
            story.note(entry)
        self.ledger.note(entries)
        actor = by or self._actor(story)
        written = record(self.house, story.reference, entries, actor=actor, now=self._tick())
        self._states[story.reference] = written.state

    @property
    def now(self) -> datetime:
        """The moment of the day up to which work was done."""
        return self._now

    def say_same_victim(self, story: Story, other: str, outcome: str) -> None:
        """Say of the case of a story and another whether they are of one victim, in both."""
        decide_same_victim(self.house, story.reference, other, outcome, self._actor(story), self._tick())
        self.ledger.note([Entry("same_victim_decided")] * 2)

    def give(self, story: Story) -> None:
        """Make a case that of its worker: they take it themselves, and while they are away the manager gives it."""
        by = MANAGER if self.is_away(story.worker) else None
        self.do(story, Entry("case_assigned", {"to": story.worker}), by=by)

    def sign(self, story: Story) -> None:
        """Approve the letters of a case that wait for it."""
        with self.house.reading() as connection:
            waiting = post.of_case(connection, self.house.service, story.case_id)
        for letter in waiting:
            if letter.state == "drafted":
                self._approve(story, letter.letter_id)

    def go_on(self, story: Story, case: Case, instead_of: str) -> None:
        """Do what the journey asks for, where other work that has to wait stands before it in the queue."""
        self.rest(story, instead_of, 1)
        step = STEPS[case.state].name if case.state in STEPS else ""
        planned_for, _ = self._plans.get((story.number, step), (self.day, self.day))
        if step in self._works and self._is_time(story, step, planned_for):
            self._plans.pop((story.number, step), None)
            self._works[step](self, story, case)

    def work(self, day: date) -> None:
        """One working day: what is learnt, the letters, the queue from the top."""
        self.day, self._now = day, moment(day, 9, 5)
        for happening in self.agenda.learnt(day):
            happening()
        lines = queue_lines(self.house, None, self._now)
        self._look_round({line["case"] for line in lines})
        self._sign_letters()
        for line in lines:
            story = self.stories[line["case"]]
            # While a colleague is away their promises wait; what is urgent and who is new does not.
            if self._now < moment(day, 16, 55) and (line["tier"] < PROMISES or not self.is_away(story.worker)):
                self._take(story, line["action"], date.fromisoformat(line["due_on"]))

    def _look_round(self, in_queue: set[str]) -> None:
        """Note the state of every case, and make sure on the way that every open one is in the queue."""
        with self.house.reading() as connection:
            rows = list(projections.summaries(connection, self.house.service))
        idle = sorted(row["reference"] for row in rows if row["is_open"] and row["reference"] not in in_queue)
        if idle:
            raise YearBroken(f"On {self.day} open cases have no next action: {', '.join(idle)}.")
        self._states = {row["reference"]: State(row["state"]) for row in rows}

    def _take(self, story: Story, action: str, due: date) -> None:
        """Do what a line asks, and what follows from it today, when its time has come."""
        for _ in range(_AT_MOST_A_DAY):
            state = self._states[story.reference]
            name = self._name(action, state)
            if state is story.waits_at or name not in self._works or not self._is_time(story, name, due):
                return
            self._plans.pop((story.number, name), None)
            self._works[name](self, story, self.case(story))
            line = self._line(story)
            if line is None:
                return
            action, due = line.action.name, line.action.due_on

    def _name(self, action: str, state: State) -> str:
        """The work an action means: letters are signed apart, and what nobody knows is the step of the state."""
        name = self._same.get(action, action)
        if name in _LETTERS or name not in self._works:
            return STEPS[state].name if state in STEPS else ""
        return name

    def _is_time(self, story: Story, work: str, due: date, of: str = "") -> bool:
        """Whether the day has come that was planned for a piece of work when it came up."""
        plan = self._plans.get((story.number, of or work))
        if plan is None or plan[0] != due:
            plan = (due, planned(story, work, due, self.day, self.house.calendar))
            self._plans[story.number, of or work] = plan
        return plan[1] <= self.day

    def _sign_letters(self) -> None:
        for letter in list_letters(self.house, "drafted") if self.day <= self._signed_until else ():
            story = self.stories[letter.reference]
            drafted = letter.drafted_at.date()
            if self._states[letter.reference] is story.waits_at:
                continue
            if self._is_time(story, "approve_letter", drafted, of=letter.letter_id):
                self._approve(story, letter.letter_id)

    def _approve(self, story: Story, letter_id: str) -> None:
        lasts = self.house.settings.days.safety_lasts
        # A letter whose safety grew old since it was drafted would be held: the next talk makes it fresh.
        if is_unconfirmed(self.case(story), Channel.POST, self.day, lasts):
            return
        written = approve(self.house, letter_id, self._actor(story), self._tick())
        if any(event.kind == "letter_checked" for event in written.events):
            approve(self.house, letter_id, MANAGER, self._tick())
        self.ledger.letters_approved += 1

    def _actor(self, story: Story) -> Actor:
        worker = _COLLEAGUE[story.worker] if self.is_away(story.worker) else story.worker
        return Actor(worker, Role.PRACTITIONER)

    def is_away(self, worker: str) -> bool:
        """Whether a practitioner is on leave today."""
        first, last = self._leave[worker]
        return first <= self.day <= last

    def _tick(self) -> datetime:
        """The next moment of the day; a larger service has more hands, so more is done in an hour."""
        self._now += timedelta(seconds=max(1, min(180, 36_000 // max(1, len(self.stories)))))
        return self._now
