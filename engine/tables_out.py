"""Lays the figures out as tables of a working file for inside the service; what is shared stands in ``sharing``."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.sheets import Sheet, Value
from workflow.funnel import DEFINITIONS, STEPS
from workflow.kpi import MEASURES, NOT_CHECKED
from workflow.vocabulary import Verdict, in_words

Json = Mapping[str, Any]

_VERDICTS = tuple(str(verdict) for verdict in Verdict)
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


def about(title: str, document: Json, below: int | None = None) -> Sheet:
    """What the file is, in words: period, moment, and for whom; with ``below`` it is to be shared."""
    rows: list[tuple[Value, ...]] = [("What", title)]
    if "period" in document:
        rows.append(("Period", f"{document['period']['from']} to {document['period']['to']}, both included"))
    rows.append(("As known on", str(document["as_of"])[:10]))
    words = "Inside the service only: small numbers and case references stand in it."
    if below is not None:
        words = (
            f"To be shared. Numbers from 1 to {below - 1} are hidden, and others that would give them away, also by "
            "subtracting from or adding to what was shared before."
        )
    return Sheet("About", ("Item", "Words"), (*rows, ("For whom", words)))


def definitions(entries: Mapping[str, str]) -> Sheet:
    """What each figure counts."""
    return Sheet("Definitions", ("Figure", "What it counts"), tuple(entries.items()))


COMPLIANCE_WORDS: Mapping[str, str] = {
    **{in_words(name): words for name, words in VERDICT_MEANINGS.items()},
    "rate": "Met, out of what was met, met late or is overdue.",
    "working days": "From the day the owner was told (or it began) until it was met; the day after is day one.",
    "held by police": "Working days until the service was told, and those of the police's own duties until met.",
}
"""What each figure of compliance counts."""
COMPLIANCE_TITLE = "Compliance with the Victims' Code, local targets and Acts"


def compliance_sheets(document: Json) -> list[Sheet]:
    """Compliance as tables, with the cases where it is divided by rule."""
    by = document["by"]
    rows = document["rules"] if by == "rule" else document["groups"]
    sheets = [about(COMPLIANCE_TITLE, document), _compliance(rows, by), _reasons(rows, by)]
    if by == "rule":
        sheets.append(_cases(rows))
    return [*sheets, definitions(COMPLIANCE_WORDS)]


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


def kpi_sheets(document: Json) -> list[Sheet]:
    """The return in the rows of the template, the measures, the case-level record and what spoils it.

    The rows of the template are exact, because that is what is submitted.
    """
    title = about(f"KPI 10, quarter {document['quarter']}", document)
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
        Sheet(
            "In no quarter",
            ("case closed without the end of an intervention",),
            tuple((c,) for c in document["left_out"]),
        ),
        Sheet("Warnings", ("kind", "words"), tuple(warned)),
        definitions({**MEASURES, **{f"setting: {k}": str(v) for k, v in document["definition"].items()}}),
    ]


def _rated(rate: Json) -> tuple[Value, ...]:
    return rate["numerator"], rate["denominator"], rate["rate"]


def _plain(value: object) -> Value:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return value if isinstance(value, str | int | float) or value is None else str(value)


def funnel_sheets(document: Json) -> list[Sheet]:
    """The funnel with the reasons of every loss."""
    title = about("From referral to completed work", document)
    shown = _whole_funnel(document)
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
