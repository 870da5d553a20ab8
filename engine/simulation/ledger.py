"""Acts out the bookkeeping: what was put into the year, so that any later count can be held against it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from engine.entries import Entry
from engine.simulation.stories import Ending, Story


@dataclass
class Ledger:
    """What was put in: referrals, what became of them, every entry people handed in, and how records were answered.

    ``lost`` are those who could not be contacted, by reason, ``in_hand`` the newest, whose first contact is not due
    yet; with ``contactable`` they add up to ``referred``.  ``entries`` counts by event kind what practitioners and
    managers handed in, not what followed from it.
    """

    seed: int
    first_day: date
    last_day: date
    referred: int = 0
    contactable: int = 0
    contacted: int = 0
    engaged: int = 0
    engaged_or_signposted: int = 0
    direct: int = 0
    indirect: int = 0
    information_only: int = 0
    declined: int = 0
    uncontactable: int = 0
    in_hand: int = 0
    lost: dict[str, int] = field(default_factory=dict)
    receipts: dict[str, int] = field(default_factory=dict)
    entries: dict[str, int] = field(default_factory=dict)
    letters_approved: int = 0
    letters_sent: int = 0

    def note(self, entries: Iterable[Entry]) -> None:
        """Count what is handed in."""
        for entry in entries:
            self.entries[entry.kind] = self.entries.get(entry.kind, 0) + 1

    def answered(self, status: str) -> None:
        """Count the answer to a record."""
        self.receipts[status] = self.receipts.get(status, 0) + 1

    def close(self, stories: Iterable[Story]) -> None:
        """Add up what became of the stories."""
        told = [story for story in stories if story.reference]
        contactable = [story for story in told if story.is_contactable]
        self.referred, self.contactable = len(told), len(contactable)
        self.in_hand = sum(story.ending is Ending.IN_HAND for story in told)
        lost = Counter(
            str(story.ending) for story in told if not story.is_contactable and story.ending is not Ending.IN_HAND
        )
        self.lost = dict(sorted(lost.items()))

        def marked(*marks: str) -> int:
            return sum(not story.marks.isdisjoint(marks) for story in contactable)

        self.contacted = marked("contacted")
        self.engaged = marked("engaged")
        self.engaged_or_signposted = marked("engaged", "signposted")
        self.direct, self.indirect = marked("direct"), marked("indirect")
        self.information_only = marked("informed_only")
        self.declined, self.uncontactable = marked("all_declined"), marked("attempts_exhausted")

    def document(self) -> dict[str, Any]:
        """The ledger as JSON can hold it."""
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(self).items()}

    def words(self) -> str:
        """The year in a few lines for a terminal, with numerator and denominator."""
        lost = ", ".join(f"{number} {reason.replace('_', ' ')}" for reason, number in self.lost.items())
        return "\n".join(
            (
                f"A simulated year from {self.first_day.isoformat()} to {self.last_day.isoformat()}, seed {self.seed}:",
                f"  {self.referred} victims referred: {self.contactable} contactable, {self.in_hand} new and in hand, "
                f"{sum(self.lost.values())} lost before contact ({lost or 'none'})",
                f"  {self.contacted} of {self.contactable} contacted, "
                f"{self.engaged_or_signposted} engaged or told about what there is",
                f"  {self.direct} direct meetings, {self.indirect} with indirect restorative work, "
                f"{self.letters_sent} letters sent",
                f"  feedback asked for {self.entries.get('feedback_asked', 0)} times, "
                f"{self.entries.get('feedback_given', 0)} sheets answered",
            )
        )
