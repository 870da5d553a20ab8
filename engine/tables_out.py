"""Lays the figures out as tables of a file: the working file for inside, and the one to share without small numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.sheets import Sheet, Value
from workflow.funnel import DEFINITIONS, STEPS
from workflow.kpi import MEASURES, NOT_CHECKED
from workflow.small_numbers import Cell, hidden
from workflow.vocabulary import Verdict, in_words

Json = Mapping[str, Any]

HIDDEN = "hidden"
"""What stands in a file that is shared in place of a small number, or of one that would give it away."""

_VERDICTS = tuple(str(verdict) for verdict in Verdict)
_COUNTED = ("met", "met_late", "overdue")
_PARTS = (("all", ("enhanced", "standard")), ("enhanced", ("enhanced",)), ("standard", ("standard",)))
VERDICT_MEANINGS: Mapping[str, str] = {
    "running": "Open, and its day has not come.",
    "due_today": "Open, and due on the day of the report.",
    "overdue": "Its day has passed, and it was not met.",
    "met": "Met on or before its day.",
    "met_late": "Met after its day.",
    "not_met_with_reason": "Not met or met late, with a good reason on record.",
    "lapsed": "Ended before its day: nothing was owed any more.",
    "paused": "Its clock stands still.",
    "no_data": "A partner's duty of which we hold no record: never called late.",
}


def about(title: str, document: Json, shared: bool, below: int) -> Sheet:
    """What the file is, in words: period, moment, and for whom."""
    rows: list[tuple[Value, ...]] = [("What", title)]
    if "period" in document:
        rows.append(("Period", f"{document['period']['from']} to {document['period']['to']}, both included"))
    rows.append(("As known on", str(document["as_of"])[:10]))
    if shared:
        rows.append(
            (
                "For whom",
                f"To be shared. Numbers from 1 to {below - 1} are hidden, and others that would give them away.",
            )
        )
    else:
        rows.append(("For whom", "Inside the service only: small numbers and case references stand in it."))
    return Sheet("About", ("Item", "Words"), tuple(rows))


def definitions(entries: Mapping[str, str]) -> Sheet:
    """What each figure counts."""
    return Sheet("Definitions", ("Figure", "What it counts"), tuple(entries.items()))


def compliance_sheets(document: Json, *, shared: bool, below: int) -> list[Sheet]:
    """Compliance as tables; the one to share has neither cases nor centiles, and is divided by rule alone."""
    by = document["by"]
    rows = document["rules"] if by == "rule" else document["groups"]
    entries = {
        **{in_words(name): words for name, words in VERDICT_MEANINGS.items()},
        "rate": "Met, out of what was met, met late or is overdue.",
        "working days": "From the day the owner was told (or it began) until it was met; the day after is day one.",
        "held by police": "Working days until the service was told, and those of the police's own duties until met.",
    }
    title = about("Compliance with the Victims' Code, local targets and Acts", document, shared, below)
    if shared:
        return [title, _shared_compliance(rows, below), definitions(entries)]
    sheets = [title, _compliance(rows, by), _reasons(rows, by)]
    if by == "rule":
        sheets.append(_cases(rows))
    return [*sheets, definitions(entries)]


def _named(row: Json, by: str) -> tuple[Value, ...]:
    if by != "rule":
        return (row["key"] or "nobody",)
    return (row["rule"], row["duty"], row["right"], row["paragraph"], row["owner"], row["status"])


def _heads(by: str) -> tuple[str, ...]:
    return ("rule", "duty", "right", "paragraph", "owner", "status") if by == "rule" else (by,)


def _compliance(rows: Sequence[Json], by: str) -> Sheet:
    columns = (
        *_heads(by),
        *_VERDICTS,
        "numerator",
        "denominator",
        "rate",
        "working days: median",
        "working days: 90th centile",
        *(
            f"held by {holder}: {what}"
            for holder in ("police", "service", "partners")
            for what in ("n", "median", "p90")
        ),
        *(("enhanced: numerator", "enhanced: denominator") if by == "rule" else ()),
    )
    found = []
    for row in rows:
        held = [
            row["held"][holder][what] for holder in ("police", "service", "partners") for what in ("n", "median", "p90")
        ]
        found.append(
            (
                *_named(row, by),
                *(row[verdict] for verdict in _VERDICTS),
                row["numerator"],
                row["denominator"],
                row["rate"],
                row["working_days"]["median"],
                row["working_days"]["p90"],
                *held,
                *((row["enhanced"]["numerator"], row["enhanced"]["denominator"]) if by == "rule" else ()),
            )
        )
    return Sheet("Compliance", columns, tuple(found))


def _reasons(rows: Sequence[Json], by: str) -> Sheet:
    found = [(*_named(row, by)[:1], in_words(name), number) for row in rows for name, number in row["reasons"].items()]
    return Sheet("Exceptions", (*_heads(by)[:1], "good reason", "duties"), tuple(found))


def _cases(rows: Sequence[Json]) -> Sheet:
    found = [
        (row["rule"], verdict, reference)
        for row in rows
        for verdict, references in row["cases"].items()
        for reference in references
    ]
    return Sheet("Cases", ("rule", "verdict", "case"), tuple(found))


def _shared_compliance(rows: Sequence[Json], below: int) -> Sheet:
    """By rule, all and enhanced, with what is small hidden; the standard ones are the difference and hidden with it."""
    found = []
    for row in rows:
        counts = {f"{part}/{verdict}": row[part][verdict] for part in ("enhanced", "standard") for verdict in _VERDICTS}
        cells = []
        # What is not printed can be worked out, so that the standard ones are looked after like the others.
        for name, parts in _PARTS:
            for verdict in _VERDICTS:
                cells.append(Cell(f"{name}/{verdict}", frozenset(f"{part}/{verdict}" for part in parts)))
            counted = frozenset(f"{part}/{verdict}" for part in parts for verdict in _COUNTED)
            cells.append(Cell(f"{name}/denominator", counted))
        away = hidden(cells, counts, below)

        def shown(name: str, number: int, away: frozenset[str] = away) -> Value:
            return HIDDEN if name in away else number

        printed = (("all", row), ("enhanced", row["enhanced"]))
        found.append(
            (
                *_named(row, "rule"),
                *(
                    shown(f"{name}/{figure}", part[figure])
                    for name, part in printed
                    for figure in (*_VERDICTS, "denominator")
                ),
                row["rate"] if not {"all/met", "all/denominator"} & away else HIDDEN,
            )
        )
    columns = (
        *_heads("rule"),
        *(f"{name}: {figure}" for name in ("all", "enhanced") for figure in (*_VERDICTS, "denominator")),
        "rate",
    )
    return Sheet("Compliance", columns, tuple(found))


def kpi_sheets(document: Json, *, shared: bool, below: int) -> list[Sheet]:
    """The return in the rows of the template, the measures, and (inside) the case-level record and what spoils it.

    The rows of the template are exact in the working file, because that is what is submitted.
    """
    title = about(f"KPI 10, quarter {document['quarter']}", document, shared, below)
    rows = [(row["label"], row["row"], row["number"]) for row in document["rows"]]
    measures: list[tuple[Value, ...]] = [("headline", *_rated(document["headline"]), *_rated(document["headline"]))]
    measures += [(name, document["measures"][name], None, None, None, None, None) for name in ("10a", "10b")]
    measures += [
        (name, *_rated(document["of_consented"][name]), *_rated(document["of_requested"][name]))
        for name in document["of_consented"]
    ]
    heads = (
        "measure",
        *(f"{what}, {of}" for of in ("of consented", "older version") for what in ("numerator", "denominator", "rate")),
    )
    if shared:
        return [title, _shared_kpi(document, below), definitions(MEASURES)]
    lines = document["lines"]
    record = tuple(lines[0]) if lines else ("case", "victim", "child")
    spoils = [
        (each["case"], each["child"], code, words)
        for each in document["spoils"]
        for code, words in zip(each["codes"], each["remedies"], strict=True)
    ]
    warned = [("warning", words) for words in document["warnings"]] + [("not checked", each) for each in NOT_CHECKED]
    return [
        title,
        Sheet("Template", ("Row of the template", "Measure", "Number"), tuple(rows)),
        Sheet("Measures", heads, tuple(measures)),
        Sheet("Case level", record, tuple(tuple(_plain(line[name]) for name in record) for line in lines)),
        Sheet("To put right", ("case", "child", "what", "remedy"), tuple(spoils)),
        Sheet("Warnings", ("kind", "words"), tuple(warned)),
        definitions({**MEASURES, **{f"setting: {k}": str(v) for k, v in document["definition"].items()}}),
    ]


def _rated(rate: Json) -> tuple[Value, ...]:
    return rate["numerator"], rate["denominator"], rate["rate"]


def _plain(value: object) -> Value:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return value if isinstance(value, str | int | float) or value is None else str(value)


def _shared_kpi(document: Json, below: int) -> Sheet:
    away = hidden_rows({row["row"]: row["number"] for row in document["rows"]}, below)
    rows = [(row["label"], row["row"], HIDDEN if row["row"] in away else row["number"]) for row in document["rows"]]
    return Sheet("Measures", ("Row", "Measure", "Number"), tuple(rows))


_NESTED = (
    ("consented", "10a"),
    ("engaged", "consented"),
    ("10d", "consented"),
    ("10e", "consented"),
    ("10f", "consented"),
    ("10e", "news_asked"),
    ("10f", "support_asked"),
    ("engaged", "10a"),
    ("10d", "10a"),
    ("10e", "10a"),
    ("10f", "10a"),
    ("news_asked", "10a"),
    ("support_asked", "10a"),
)
"""Rows of the return of which the first counts some of the second: who sees both can subtract."""


def hidden_rows(numbers: Mapping[str, int], below: int) -> frozenset[str]:
    """The rows of a return to hide where it is shared: small ones, and those that leave a small rest of another."""
    away = {name for name, number in numbers.items() if 0 < number < below}
    for inner, outer in _NESTED:
        if 0 < numbers[outer] - numbers[inner] < below and outer not in away:
            away.add(inner)
    return frozenset(away)


def funnel_sheets(document: Json, *, shared: bool, below: int) -> list[Sheet]:
    """The funnel with the reasons of every loss."""
    title = about("From referral to completed work", document, shared, below)
    shown = shared_funnel(document, below) if shared else _whole_funnel(document)
    steps = [(in_words(step), *(shown[f"{step}/{what}"] for what in ("number", "under_way"))) for step in STEPS]
    losses = [
        (in_words(row["step"]), in_words(reason), shown[f"{row['step']}/stopped/{reason}"])
        for row in document["steps"]
        for reason in row["stopped"]
    ]
    kinds = [("direct", shown["direct"]), ("indirect", shown["indirect"])]
    return [
        title,
        Sheet("Funnel", ("step", "cases", "on their way to the next"), tuple(steps)),
        Sheet("Why no further", ("after step", "reason", "cases"), tuple(losses)),
        Sheet("Restorative events", ("kind", "cases"), tuple(kinds)),
        definitions({in_words(name): words for name, words in DEFINITIONS.items()}),
    ]


def _whole_funnel(document: Json) -> dict[str, Value]:
    found: dict[str, Value] = {"direct": document["direct"], "indirect": document["indirect"]}
    for row in document["steps"]:
        found[f"{row['step']}/number"] = row["number"]
        found[f"{row['step']}/under_way"] = row["under_way"]
        for reason, number in row["stopped"].items():
            found[f"{row['step']}/stopped/{reason}"] = number
    return found


def shared_funnel(document: Json, below: int) -> dict[str, Value]:
    """The numbers of the funnel by name, with what is small, or would give it away, hidden."""
    numbers = _whole_funnel(document)
    counts: dict[str, int] = {}
    held: dict[str, list[str]] = {step: [] for step in STEPS}
    left: dict[str, list[str]] = {}
    for place, row in enumerate(document["steps"]):
        own = {f"{row['step']}/under_way": row["under_way"]}
        own |= {f"{row['step']}/stopped/{reason}": number for reason, number in row["stopped"].items()}
        if row["step"] == STEPS[-1]:
            own = {f"{row['step']}/all": row["number"]}
        counts |= own
        left[row["step"]] = list(own)
        for step in STEPS[: place + 1]:
            held[step] += own
    cells = [Cell(f"{step}/number", frozenset(parts)) for step, parts in held.items()]
    cells += [Cell(name, frozenset({name})) for name in counts if not name.endswith("/all")]
    # The difference of two steps is not printed, and can be taken.
    cells += [Cell(f"{step}/left", frozenset(parts)) for step, parts in left.items() if len(parts) > 1]
    away = hidden(cells, counts, below)
    only = (document["direct"] - document["both"], document["indirect"] - document["both"], document["both"])
    # Those with both can be taken from the sum of the two and the number at the step.
    if any(0 < number < below for number in (document["direct"], document["indirect"], *only)):
        away |= {"direct", "indirect"}
    if "restorative/number" in away:
        away |= {"direct", "indirect"}
    return {name: HIDDEN if name in away else number for name, number in numbers.items()}
