"""Acts out police: they send records, sometimes twice or with a fault, and answer what they are asked."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from engine.house import House
from engine.intake.importing import model_of
from engine.intake.receive import Receipt, receive
from engine.simulation.agenda import Agenda
from engine.simulation.desk import YearBroken
from engine.simulation.ledger import Ledger
from engine.simulation.records import first_record, renewed, spoilt, withdrawal
from engine.simulation.stories import Ending, Story
from store import cases

_FAULTY_EVERY, _TWICE_EVERY = 53, 41


class Police:
    """The forces; ``opened`` is told when a record has opened a case."""

    def __init__(self, house: House, agenda: Agenda, ledger: Ledger, opened: Callable[[Story], None]) -> None:
        self._house, self._agenda, self._ledger, self._opened = house, agenda, ledger, opened

    def refer(self, story: Story, now: datetime) -> None:
        """Send the first record of a story; one in many lacks what no record may lack, and comes right next morning."""
        story.record = first_record(story, now)
        if story.number % _FAULTY_EVERY == 0:
            self._send(story, spoilt(story.record), now)
            self._agenda.morning(story.day + timedelta(days=1), lambda later: self._first(story, later))
        else:
            self._first(story, now)

    def _first(self, story: Story, now: datetime) -> None:
        receipt = self._send(story, story.record, now)
        with self._house.reading() as connection:
            found = cases.find(connection, self._house.service, receipt.case_reference or "")
        if found is None:
            raise YearBroken(f"An invented record was refused: {[problem.rule for problem in receipt.errors]}.")
        story.reference, story.case_id = found.reference, found.case_id
        self._opened(story)
        if story.number % _TWICE_EVERY == 0:
            self._agenda.morning(story.day + timedelta(days=2), lambda later: self._repeat(story, later))
        if story.ending is Ending.WITHDREW_BEFORE:
            self._agenda.morning(story.day + timedelta(days=1), lambda later: self._withdraw(story, later))

    def ask_again(self, story: Story, now: datetime) -> None:
        """Send what the victim said when they were asked properly, or what turned out to be safe."""
        self._send(story, renewed(story, now), now)

    def _repeat(self, story: Story, now: datetime) -> None:
        """A system that lost our answer sends the same record once more."""
        self._send(story, story.record, now)

    def _withdraw(self, story: Story, now: datetime) -> None:
        self._send(story, withdrawal(story, now), now)

    def _send(self, story: Story, record: dict[str, Any], now: datetime) -> Receipt:
        receipt = receive(self._house, record, story.force, model_of(self._house, story.force), now)
        self._ledger.answered(receipt.status)
        return receipt
