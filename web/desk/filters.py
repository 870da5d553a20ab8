"""Reads from the address which part of the queue is asked for, and writes it back; staff appear as short digests."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import parse_qsl, urlencode

from engine.accounts import practitioners
from engine.house import House
from web import words
from workflow.case import TEAM
from workflow.code import Rule
from workflow.views import Only, View
from workflow.vocabulary import Owner

_OLD_NAMES = {"mine": View.MINE, "unassigned": View.UNASSIGNED, "everyone": View.TEAM}
"""What a view was called in the address before there were so many."""
ME, NOBODY, ALL = "me", "nobody", "all"
BY_OWNER = (View.TEAM, View.HOLD, View.WAITING, View.DONE)
"""The views in which the cases of one person can be asked for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of the queue is asked for: every value is one that is on offer, or empty."""

    view: View = View.MINE
    tier: str = ""
    action: str = ""
    within: str = ""
    whose: str = ""
    overdue: bool = False
    enhanced: bool = False
    child: bool = False

    def address(self, **changes: object) -> str:
        """The part of the queue as an address, with these changes; ``page`` may be among them."""
        page = changes.pop("page", 1)
        asked = replace(self, **changes)  # type: ignore[arg-type]
        said = {
            "view": asked.view.value,
            "tier": asked.tier,
            "action": asked.action,
            "within": asked.within,
            "whose": asked.whose,
            "overdue": "1" if asked.overdue else "",
            "enhanced": "1" if asked.enhanced else "",
            "child": "1" if asked.child else "",
            "page": str(page) if page != 1 else "",
        }
        return "/queue?" + urlencode({name: value for name, value in said.items() if value})


@dataclass(frozen=True)
class Offered:
    """What can be asked for: tiers, actions, numbers of working days, and people by their digests."""

    tiers: Sequence[tuple[str, str]]
    steps: Sequence[tuple[str, str]]
    duties: Sequence[tuple[str, str]]
    within: Sequence[tuple[str, str]]
    people: Mapping[str, tuple[str, str]]

    def asked(self, query: Mapping[str, str], default: View) -> Asked:
        """What an address asks for; what is not on offer is passed over."""
        view = query.get("view", "")
        known = View(view) if view in tuple(View) else _OLD_NAMES.get(query.get("whose", ""), default)
        whose = query.get("whose", "")
        return Asked(
            view=known,
            tier=_one_of(query.get("tier", ""), self.tiers),
            action=_one_of(query.get("action", ""), (*self.steps, *self.duties)),
            within=_one_of(query.get("within", ""), self.within),
            whose=whose if known in BY_OWNER and (whose in self.people or whose in (ME, NOBODY, ALL)) else "",
            overdue=query.get("overdue") == "1",
            enhanced=query.get("enhanced") == "1",
            child=query.get("child") == "1",
        )

    def owner(self, whose: str, me: str) -> str:
        """The user whom a word of the address means; empty for everybody."""
        if whose in (ME, NOBODY):
            return me if whose == ME else TEAM
        return self.people[whose][0] if whose in self.people else ""


def offered(house: House, today: date) -> Offered:
    """What the queue can be asked for today."""
    rules: list[Rule] = [rule for rule in house.rulebook.rules_on(today) if rule.owner is Owner.YJS]
    duties = {rule.id.replace("-", "_"): rule.title for rule in rules}
    return Offered(
        tiers=tuple((str(number), tag.text) for number, tag in enumerate(words.TIERS)),
        steps=tuple(sorted(words.ACTIONS.items(), key=lambda each: each[1])),
        duties=tuple(
            sorted(((name, title) for name, title in duties.items() if name not in words.ACTIONS), key=_title)
        ),
        within=tuple((str(days), _within(days)) for days in house.settings.due_within),
        people={person_code(user): (user, name) for user, name in practitioners(house)},
    )


def only(house: House, asked: Asked, owner: str, today: date) -> Only:
    """The filters of what is asked for, as the store reads them."""
    within = int(asked.within) if asked.within else None
    return Only(
        tier=int(asked.tier) if asked.tier else None,
        action=asked.action,
        overdue=asked.overdue,
        enhanced=asked.enhanced,
        child_victim=asked.child,
        due_by=house.calendar.add_working_days(today, within) if within is not None else None,
        owner=owner if asked.view is not View.DONE else "",
    )


def query_of(address: str) -> dict[str, str]:
    """The query of an address that was kept, by name."""
    return dict(parse_qsl(address.partition("?")[2]))


def person_code(user: str) -> str:
    """A member of staff in an address: nobody who reads it learns who works here."""
    return hashlib.sha256(f"staff/{user}".encode()).hexdigest()[:10]


def _title(each: tuple[str, str]) -> str:
    return each[1]


def _within(days: int) -> str:
    return "Today" if days == 0 else words.count(days, "working day")


def _one_of(value: str, choices: Sequence[tuple[str, str]]) -> str:
    return value if any(value == code for code, _ in choices) else ""
