"""Says what a rule of the Victims' Code is, what an edition is, and which rule counts on which day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from workflow.duty_terms import (
    NO_LIMIT,
    NO_REMINDERS,
    TO_EVERYBODY,
    Applies,
    Limit,
    LimitKind,
    Match,
    Reminds,
    Wanted,
)
from workflow.vocabulary import Owner

__all__ = [
    "Applies",
    "BadRule",
    "Edition",
    "Limit",
    "LimitKind",
    "Match",
    "NotInForce",
    "NotModelled",
    "Reminds",
    "Rule",
    "Rulebook",
    "Source",
    "UnknownRule",
    "Wanted",
]


class BadRule(ValueError):
    """A rule cannot be used: ``path`` says where it stands, ``remedy`` what to do about it."""

    def __init__(self, path: str, remedy: str) -> None:
        super().__init__(f"{path}: {remedy}")
        self.path = path
        self.remedy = remedy


class UnknownRule(LookupError):
    """No edition has a rule of that name."""

    def __init__(self, rule_id: str) -> None:
        super().__init__("There is no rule of that name; the rules command lists them all.")
        self.rule_id = rule_id


class NotInForce(LookupError):
    """The rule exists, but no edition that holds it was in force on that day."""

    def __init__(self, rule_id: str, day: date) -> None:
        super().__init__(f"No edition we hold with the rule {rule_id} was in force on {day.isoformat()}.")
        self.rule_id = rule_id
        self.day = day


class Source(StrEnum):
    """Where a rule comes from; the three are reported apart."""

    VICTIMS_CODE = "victims_code"
    LOCAL = "local"
    ACTS = "acts"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """A line of the Code, of a local target or of an Act: what is owed, by whom, from when, until when.

    ``begins``: each matching event begins an occurrence (only the first, unless it ``repeats``); ``told`` starts the
    split clock of a service that learns later.  ``clock`` says whether the day on which it happened (``at``) or the
    day on which we knew (``recorded_at``) counts; from ``cut_off`` o'clock (London) the next day does.
    ``met_by`` is the evidence: from the beginning on, where ``earlier_counts`` from before it too, back to the last
    event that lapses the rule, and never before ``met_from`` has passed.  ``superseded``: a new beginning ends the
    occurrence before it.  Where one of ``needless_with`` was recorded in the same moment as the beginning, nothing is
    owed at all.  ``silence_counts``: a partner's deed that would arrive here, so that silence is evidence.
    ``needs`` are the purposes the victim must have agreed to before anybody acts on it: the clock runs all the same,
    and no action asks for what may not be done.
    ``right`` is empty outside the Code; ``basis`` says on what a local number rests.  ``per`` (``child``, ``item``)
    says that it is counted apart for each child responsible, or for each item of reparation; empty: for the whole case.
    """

    id: str
    source: Source
    right: str
    paragraph: str
    title: str
    duty: str
    owner: Owner
    begins: tuple[Match, ...]
    told: tuple[Match, ...] = ()
    clock: str = "at"
    cut_off: int | None = None
    limit: Limit = NO_LIMIT
    enhanced: Limit | None = None
    extended: Limit | None = None
    extended_by: tuple[Match, ...] = ()
    met_by: tuple[Match, ...] = ()
    met_from: Limit | None = None
    earlier_counts: bool = False
    needless_with: tuple[Match, ...] = ()
    needs: tuple[str, ...] = ()
    lapses_on: tuple[Match, ...] = ()
    pauses: tuple[Match, ...] = ()
    resumes: tuple[Match, ...] = ()
    repeats: bool = True
    superseded: bool = False
    per: str = ""
    silence_counts: bool = False
    applies: Applies = TO_EVERYBODY
    status: str = "unverified"
    citation: str = ""
    basis: str = ""
    covers: tuple[str, ...] = ()
    reminds: Reminds = NO_REMINDERS


@dataclass(frozen=True, slots=True)
class NotModelled:
    """A duty of the table that is no rule here, and why."""

    right: str
    paragraph: str
    title: str
    reason: str


@dataclass(frozen=True, eq=False)
class Edition:
    """The rules of one source in force from ``in_force`` until the day before ``until`` (None: until further notice).

    ``moments`` are things that begin or meet a duty and for which there is no event kind: a name and its words.
    """

    id: str
    source: Source
    title: str
    in_force: date | None
    until: date | None
    note: str
    switched_on: bool
    rules: tuple[Rule, ...]
    moments: Mapping[str, str] = field(default_factory=dict)
    good_reasons: Mapping[str, str] = field(default_factory=dict)
    not_modelled: tuple[NotModelled, ...] = ()

    def covers(self, day: date) -> bool:
        """Whether the edition is in force on a day."""
        return (
            self.switched_on
            and self.in_force is not None
            and self.in_force <= day
            and (self.until is None or day < self.until)
        )

    @cached_property
    def by_id(self) -> Mapping[str, Rule]:
        """The rules by name."""
        return {rule.id: rule for rule in self.rules}


@dataclass(frozen=True, eq=False)
class Rulebook:
    """Every edition we hold: of the Code, of the local targets, of the Acts.  Made by ``duty_rules.rulebook_of``."""

    editions: tuple[Edition, ...]

    def edition_on(self, day: date, source: Source = Source.VICTIMS_CODE) -> Edition | None:
        """The edition of a source in force on a day; None where we hold none."""
        return next((e for e in self.editions if e.source is source and e.covers(day)), None)

    def rules_on(self, day: date) -> tuple[Rule, ...]:
        """Every rule in force on a day: the Code's first, then the local targets and the Acts."""
        return tuple(
            r for source in Source for e in self.editions if e.source is source and e.covers(day) for r in e.rules
        )

    def edition_of(self, rule_id: str, day: date) -> Edition:
        """The edition in force on a day that holds a rule.  Raises UnknownRule, NotInForce."""
        holding = [edition for edition in self.editions if rule_id in edition.by_id]
        if not holding:
            raise UnknownRule(rule_id)
        for edition in holding:
            if edition.covers(day):
                return edition
        raise NotInForce(rule_id, day)

    def first_edition_of(self, rule_id: str) -> Edition | None:
        """The earliest edition that came into force and holds a rule; None where there is none."""
        begun = ((e.in_force, e) for e in self.editions if e.switched_on and rule_id in e.by_id)
        return min(((day, e) for day, e in begun if day is not None), key=lambda pair: pair[0], default=(None, None))[1]

    def rule(self, rule_id: str, day: date) -> Rule:
        """A rule as it stood on a day.  Raises UnknownRule, NotInForce."""
        return self.edition_of(rule_id, day).by_id[rule_id]

    @cached_property
    def soonest_reminder(self) -> int:
        """How many working days before a due date the earliest reminder of any rule is said."""
        return max((rule.reminds.soon or 0 for e in self.editions if e.switched_on for rule in e.rules), default=0)

    @cached_property
    def beginnings(self) -> Mapping[str, tuple[tuple[Edition, Rule], ...]]:
        """By event kind, the rules that such an event may begin; by ``entering:<state>``, those that any kind may."""
        found: dict[str, dict[Rule, tuple[Edition, Rule]]] = {}
        for edition in self.editions:
            for rule in edition.rules if edition.switched_on else ():
                for match in rule.begins:
                    found.setdefault(match.event or f"entering:{match.state}", {})[rule] = (edition, rule)
        return {key: tuple(rules.values()) for key, rules in found.items()}
