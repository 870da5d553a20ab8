"""Reads the figures that may be given out as tables that know what each of their numbers counts, case by case."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from engine.house import House
from engine.kpi import known_cases
from engine.reports import knowing, one_by_one
from workflow.funnel import STEPS, Place, place
from workflow.kpi import ROWS
from workflow.publication import Table
from workflow.vocabulary import Verdict

Json = Mapping[str, Any]

VERDICTS = tuple(str(verdict) for verdict in Verdict)
COUNTED = ("met", "met_late", "overdue")
PARTS: Mapping[str, tuple[str, ...]] = {
    "all": ("enhanced", "standard"),
    "enhanced": ("enhanced",),
    "standard": ("standard",),
}
_CASES = "cases"


def of_rule(rule: str) -> str:
    """The name of the table of one rule."""
    return f"compliance/{rule}"


def rule_table(rule: str, items: Mapping[str, Sequence[str]]) -> Table:
    """The verdicts on the duties of one rule, all and by enhanced rights; ``items`` under ``enhanced/met`` and so on.

    The standard ones stand nowhere: they are the difference, and looked after like the others.
    """
    cells = {
        f"{name}/{figure}": frozenset(f"{part}/{verdict}" for part in parts for verdict in verdicts)
        for name, parts in PARTS.items()
        for figure, verdicts in (*((each, (each,)) for each in VERDICTS), ("denominator", COUNTED))
    }
    unprinted = frozenset(cell for cell in cells if cell.startswith("standard/"))
    return Table(of_rule(rule), f"duties of {rule}", items, cells, unprinted)


def compliance_tables(house: House, start: date, end: date, as_of: datetime | None) -> list[Table]:
    """A table for each rule that a duty of the period is counted by."""
    rules: dict[str, dict[str, list[str]]] = {}
    for found in one_by_one(house, knowing(house, as_of), start, end):
        part = "enhanced" if found.enhanced else "standard"
        own = rules.setdefault(found.rule.id, {})
        own.setdefault(f"{part}/{found.verdict}", []).append(f"{found.case}.{found.occurrence}")
    return [rule_table(rule, items) for rule, items in sorted(rules.items())]


def funnel_table(places: Iterable[tuple[str, Place]]) -> Table:
    """The funnel: cases with the place each has come to."""
    items: dict[str, list[str]] = {}
    steps: dict[str, set[str]] = {step: set() for step in STEPS}
    kinds: dict[str, set[str]] = {"direct": set(), "indirect": set()}
    fates: dict[str, set[str]] = {}
    for reference, found in places:
        last = found.step == STEPS[-1]
        under_way = found.standing == "under_way"
        fate = "all" if last else "under_way" if under_way else f"stopped/{found.standing}"
        label = f"{found.step}/{fate}/{'d' if found.is_direct else ''}{'i' if found.is_indirect else ''}"
        items.setdefault(label, []).append(reference)
        for step in STEPS[: found.reached + 1]:
            steps[step].add(label)
        if not last:
            fates.setdefault(f"{found.step}/{fate}", set()).add(label)
        for kind, is_of in (("direct", found.is_direct), ("indirect", found.is_indirect)):
            if is_of:
                kinds[kind].add(label)
    cells = {f"{step}/number": frozenset(labels) for step, labels in steps.items()}
    cells |= {name: frozenset(labels) for name, labels in (*sorted(fates.items()), *kinds.items())}
    return Table("funnel", _CASES, items, cells)


def funnel_of_cases(house: House, start: date, end: date, as_of: datetime | None) -> Table:
    """The funnel of the cases opened in a period."""
    with house.reading() as connection:
        found = known_cases(house, connection, knowing(house, as_of), opened=(start, end))
        return funnel_table((case.reference, place(case.found, case.enhanced)) for case in found)


_FLAGS = ("consented", "engaged", "10d", "10e", "10f", "news_asked", "support_asked")


def kpi_tables(document: Json) -> list[Table]:
    """The return of a quarter: victims, each under the first of their cases, and the children apart."""
    victims: dict[int, tuple[str, set[str]]] = {}
    children: dict[str, list[str]] = {"children": []}
    for line in sorted(document["lines"], key=lambda line: str(line["case"])):
        _, flags = victims.setdefault(line["victim"], (line["case"], set()))
        flags.update(_flags(line))
        child = line["child"] or f"{line['case']} (child not linked)"
        if child not in children["children"]:
            children["children"].append(child)
    items: dict[str, list[str]] = {}
    for case, flags in victims.values():
        items.setdefault(" ".join(sorted(_counted(flags))), []).append(case)
    cells = {"10a": frozenset(items)}
    cells |= {name: frozenset(label for label in items if name in label.split()) for name in _FLAGS}
    return [
        Table("kpi", _CASES, items, {row: cells[row] for row, _ in ROWS if row != "10b"}),
        Table("kpi children", "children", children, {"10b": frozenset({"children"})}),
    ]


def _flags(line: Json) -> Iterator[str]:
    yield from (name for name in ("consented", "news_asked", "support_asked") if line[name])
    if line["engaged_on"]:
        yield "engaged"
    if line["views"]:
        yield "10d"
    # The template asks of those who asked.
    if line["news_asked"] and line["news_given"]:
        yield "10e"
    if line["support_asked"] and line["support_given"]:
        yield "10f"


def _counted(flags: set[str]) -> set[str]:
    """Engagement, views, news and support count only with consent."""
    return flags if "consented" in flags else flags & {"news_asked", "support_asked"}


_TIMES = ("reopened", "after_order", "complaints")


def other_tables(house: House, start: date, end: date, as_of: datetime | None) -> list[Table]:
    """Decisions with and without the victim's voice, and what happened how often to the cases opened in a period."""
    decided: dict[str, list[str]] = {"heard": [], "unheard": []}
    times: dict[str, list[str]] = {name: [] for name in _TIMES}
    with house.reading() as connection:
        for case in known_cases(house, connection, knowing(house, as_of), opened=(start, end)):
            others = case.found.others
            heard, decisions = int(others.get("heard", 0)), int(others.get("decisions", 0))
            for number in range(decisions):
                decided["heard" if number < heard else "unheard"].append(f"{case.reference}.{number}")
            for name, items in times.items():
                items += [f"{case.reference}.{number}" for number in range(int(others.get(name, 0)))]
    voice = {"decisions": frozenset(decided), "heard": frozenset({"heard"})}
    return [
        Table("voice", "decisions", decided, voice),
        *(Table(name, name, {name: items}, {name: frozenset({name})}) for name, items in times.items()),
    ]
