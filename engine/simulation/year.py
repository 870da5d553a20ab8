"""Acts out a year, one day after another: the clock's round, what police send, and the office on working days."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from engine.house import House
from engine.simulation.agenda import Agenda, moment
from engine.simulation.desk import Desk, YearBroken
from engine.simulation.ledger import Ledger
from engine.simulation.plan import stories
from engine.simulation.police import Police
from engine.simulation.stories import Story
from engine.simulation.works import SAME, WORKS
from engine.simulation.world import happen_more, unfold
from engine.sweep import sweep
from workflow.london import start_of_day

Tell = Callable[[int, int], None]


class Year:
    """A year of one house that ends with the first moment of today."""

    def __init__(self, house: House, cases: int, seed: int, today: date) -> None:
        self._house = house
        self._stories = stories(cases, seed, today, house.calendar, house.settings.forces)
        happen_more(self._stories, today)
        first = min(story.day for story in self._stories)
        self.ledger = Ledger(seed, first, today)
        self._agenda = Agenda(house.calendar)
        self._police = Police(house, self._agenda, self.ledger, self._opened)
        self._desk = Desk(house, self._agenda, self.ledger, WORKS, SAME, self._police.ask_again)
        for story in self._stories:
            self._agenda.evening(story.day, self._referral(story))

    def _referral(self, story: Story) -> Callable[..., None]:
        return lambda now: self._police.refer(story, now)

    def _opened(self, story: Story) -> None:
        self._desk.stories[story.reference] = story
        unfold(self._desk, story)

    def play(self, tell: Tell) -> Ledger:
        """Play every day, the last one only as far as the clock's first round, so that its work is still to be done."""
        days = (self.ledger.last_day - self.ledger.first_day).days + 1
        for number in range(days):
            day = self.ledger.first_day + timedelta(days=number)
            self._round(day, hour=0)
            if day < self.ledger.last_day:
                self._day(day)
            tell(number + 1, days)
        self.ledger.close(self._stories)
        return self.ledger

    def _day(self, day: date) -> None:
        for sending in self._agenda.mornings(day):
            sending(moment(day, 6, 10 + day.toordinal() % 45))
        if self._house.calendar.is_working(day):
            signed = self.ledger.letters_approved
            self._desk.work(day)
            # A clock goes round all day; what it would find is looked for once, and only where there is something.
            if self.ledger.letters_approved > signed:
                self._round(day, hour=17)
        for place, sending in enumerate(self._agenda.evenings(day)):
            sending(_in_the_evening(day, place))

    def _round(self, day: date, hour: int) -> None:
        now = moment(day, hour, 5) if hour else start_of_day(day)
        swept = sweep(self._house, now)
        self.ledger.letters_sent += len(swept.post.sent)
        if swept.stuck or swept.post.put_back:
            raise YearBroken(f"On {day} the clock could not finish {swept.stuck} cases, or a letter.")


def _in_the_evening(day: date, place: int) -> datetime:
    """A moment of the late shift: another on each day, and for each record of a day."""
    minutes = (day.toordinal() * 37 + place * 23) % 230
    return moment(day, 18 + minutes // 60, minutes % 60)
