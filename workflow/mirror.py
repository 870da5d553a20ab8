"""Decides what a force sees of its own records: how complete they are, how often victims say no, and how long it takes.

Every figure has its numerator and its denominator.  A number from one to under the limit is hidden, and as few others
as keep it from being worked out.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from workflow.small_numbers import Cell, hidden
from workflow.vocabulary import Characteristic

COMPLETE = frozenset({"answered", "prefer_not_to_say", "withdrawn"})
Test = Callable[["Told"], bool]
ASKED_ALL, INFORMED_TICKS = "all", 6
UNKNOWN = "not given"


@dataclass(frozen=True, slots=True)
class Told:
    """What one record told us: who sent it from where, the status of each characteristic, the answer, and the days.

    ``refused`` says whether the first answer was a no, and ``became_yes`` whether it turned after the officer was asked
    back; ``days_to_details`` are working days from the report to police to the details reaching the service.
    """

    received_on: date
    station: str
    team: str
    officer: str
    statuses: tuple[tuple[str, str], ...]
    asked: bool
    refused: bool
    reason: str
    informed: int
    became_yes: bool
    days_to_details: int | None


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; both are None where the number is hidden."""

    name: str
    numerator: int | None
    denominator: int | None

    @property
    def rate(self) -> float | None:
        """The share, from 0 to 1; None where it is hidden or there is nothing to measure."""
        if self.numerator is None or not self.denominator:
            return None
        return self.numerator / self.denominator


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the mirror."""

    name: str
    title: str
    of: str
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Mirror:
    """What a force sees: how many records, the tables, and the median of working days to the details."""

    records: int | None
    tables: tuple[Table, ...]
    median_days: float | None

    def table(self, name: str) -> Table:
        """The table of that name."""
        return next(each for each in self.tables if each.name == name)


def mirror(told: Sequence[Told], below: int) -> Mirror:
    """The mirror of these records, with numbers under ``below`` hidden."""
    tables = [
        _by_characteristic(told, below),
        *(_by(told, name, title, below) for name, title in _GROUPS.items()),
        _answers(told, below),
        _reasons(told, below),
    ]
    known = [each.days_to_details for each in told if each.days_to_details is not None]
    return Mirror(
        len(told) if not 0 < len(told) < below else None,
        tuple(tables),
        median(known) if len(known) >= below else None,
    )


_GROUPS = {"station": "By station", "team": "By team", "officer": "By officer"}


def is_complete(told: Told) -> bool:
    """Whether every characteristic that applies was asked: answered, declined or withdrawn."""
    applicable = [status for _, status in told.statuses if status != "not_applicable"]
    return bool(applicable) and all(status in COMPLETE for status in applicable)


def _by_characteristic(told: Sequence[Told], below: int) -> Table:
    def applies(name: str) -> Test:
        return lambda each: dict(each.statuses).get(name) != "not_applicable"

    def done(name: str) -> Test:
        return lambda each: dict(each.statuses).get(name) in COMPLETE

    wanted = [(str(name), done(str(name)), applies(str(name))) for name in Characteristic]
    shares = _together(told, wanted, below)
    return Table("characteristics", "By characteristic", "records to which it applies", shares)


def _by(told: Sequence[Told], name: str, title: str, below: int) -> Table:
    groups: Counter[str] = Counter()
    complete: Counter[str] = Counter()
    for each in told:
        if any(status != "not_applicable" for _, status in each.statuses):
            group = getattr(each, name) or UNKNOWN
            groups[group] += 1
            complete[group] += is_complete(each)
    return Table(name, title, "records with every characteristic asked", _partition(groups, complete, below))


def _answers(told: Sequence[Told], below: int) -> Table:
    def refused(each: Told) -> bool:
        return each.asked and each.refused

    wanted: list[tuple[str, Test, Test]] = [
        ("said no at first", refused, lambda each: each.asked),
        ("a no with an informed choice shown", lambda each: refused(each) and each.informed == INFORMED_TICKS, refused),
        ("a no that became a yes", lambda each: refused(each) and each.became_yes, refused),
    ]
    return Table("answers", "Answers", "records", _together(told, wanted, below))


def _reasons(told: Sequence[Told], below: int) -> Table:
    reasons = Counter(each.reason or UNKNOWN for each in told if each.asked and each.refused)
    total = sum(reasons.values())
    cells = [*(Cell(name, frozenset({name})) for name in reasons), Cell(ASKED_ALL, frozenset(reasons))]
    kept_back = hidden(cells, reasons, below)
    whole = None if ASKED_ALL in kept_back else total
    ordered = sorted(reasons, key=lambda name: (-reasons[name], name))
    shares = tuple(
        Share(name, None if name in kept_back else reasons[name], whole if name not in kept_back else None)
        for name in ordered
    )
    return Table("reasons", "Why they said no", "records with a no", shares)


def _partition(groups: Counter[str], complete: Counter[str], below: int) -> tuple[Share, ...]:
    """The groups of a whole, hidden so that neither those in a group nor those left over in it can be worked out."""
    counts = {part: number for group in groups for part, number in _parts(group, groups, complete).items()}
    cells = [
        cell
        for group in groups
        for cell in (
            Cell(group, frozenset({f"{group}/done", f"{group}/left"})),
            Cell(f"{group}/done", frozenset({f"{group}/done"})),
            Cell(f"{group}/left", frozenset({f"{group}/left"})),
        )
    ]
    cells.append(Cell("/all", frozenset(counts)))
    cells.append(Cell("/all done", frozenset(part for part in counts if part.endswith("/done"))))
    kept_back = hidden(cells, counts, below)
    ordered = sorted(groups, key=lambda group: (-groups[group], group))
    return tuple(
        Share(
            group,
            None if kept_back & {group, f"{group}/done", f"{group}/left"} else complete[group],
            None if group in kept_back else groups[group],
        )
        for group in ordered
    )


def _parts(group: str, groups: Counter[str], complete: Counter[str]) -> dict[str, int]:
    return {f"{group}/done": complete[group], f"{group}/left": groups[group] - complete[group]}


def _together(told: Sequence[Told], wanted: Sequence[tuple[str, Test, Test]], below: int) -> tuple[Share, ...]:
    """Shares that overlap, hidden so that neither those in one, those left over, nor those outside it are found."""
    everybody = frozenset(str(place) for place in range(len(told)))
    cells, numbers = [Cell("all", everybody)], []
    for name, is_in, is_of in wanted:
        of = frozenset(str(place) for place, each in enumerate(told) if is_of(each))
        within = frozenset(str(place) for place, each in enumerate(told) if is_of(each) and is_in(each))
        numbers.append((name, len(within), len(of)))
        groups = {"of": of, "rest": everybody - of, "in": within, "left": of - within}
        cells += [Cell(f"{name}/{part}", group) for part, group in groups.items()]
    kept_back = hidden(cells, dict.fromkeys(everybody, 1), below)
    return tuple(
        Share(
            name,
            None if kept_back & {f"{name}/in", f"{name}/left", f"{name}/of"} else done,
            None if f"{name}/of" in kept_back else total,
        )
        for name, done, total in numbers
    )


def of_week(told: Iterable[Told], first: date, last: date) -> list[Told]:
    """The records that came from one day to another, both included."""
    return [each for each in told if first <= each.received_on <= last]
