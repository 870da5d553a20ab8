"""Makes the tables that leave the service: laid out like those for inside, with numbers as they may be given out."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from engine.access_by import ACCESS, access_rows, access_tables, answered
from engine.entries import Actor
from engine.exports import demand
from engine.funnels import funnel_of
from engine.house import House
from engine.kpi import kpi
from engine.public_tables import (
    VERDICTS,
    compliance_tables,
    funnel_of_cases,
    kpi_tables,
    of_rule,
)
from engine.publishing import HIDDEN, Number, Shown, give_out
from engine.report_settings import read_report_settings
from engine.reports import compliance, knowing
from engine.sheets import Sheet, Value
from engine.tables_out import COMPLIANCE_TITLE, COMPLIANCE_WORDS, about, definitions
from workflow.funnel import DEFINITIONS, STEPS
from workflow.kpi import MEASURES
from workflow.quarters import Quarter
from workflow.vocabulary import in_words

Json = Mapping[str, Any]


def _below(house: House) -> int:
    return read_report_settings(house.settings.config).suppress_below


def shared_audit(house: House, start: date, end: date, as_of: datetime | None, actor: Actor) -> list[Sheet]:
    """Compliance by rule, without cases, centiles and workers.  Raises NotPermitted, and as ``compliance`` does."""
    demand(house, "audit", actor)
    document = compliance(house, start, end, as_of)
    tables = compliance_tables(house, start, end, as_of)
    numbers = give_out(house, tables, name="audit", period=f"{start} to {end}", actor=actor)
    title = about(COMPLIANCE_TITLE, document, _below(house))
    return [title, rules_sheet(document["rules"], numbers), definitions(COMPLIANCE_WORDS)]


def rules_sheet(rules: Sequence[Json], numbers: Shown) -> Sheet:
    """The verdicts by rule, all and enhanced."""
    heads = ("rule", "duty", "right", "paragraph", "owner", "status")
    figures = (*VERDICTS, "denominator")
    rows = [
        (
            *(row[name] for name in heads),
            *(own[f"{part}/{figure}"] for part in ("all", "enhanced") for figure in figures),
            share(own["all/met"], own["all/denominator"]),
        )
        for row in rules
        if (own := numbers.get(of_rule(row["rule"])))
    ]
    columns = (*heads, *(f"{part}: {figure}" for part in ("all", "enhanced") for figure in figures), "rate")
    return Sheet("Compliance", columns, tuple(rows))


def share(numerator: Number, denominator: Number) -> Value:
    """A share, where both of what it is made of are shown."""
    if isinstance(numerator, str) or isinstance(denominator, str):
        return HIDDEN
    return round(numerator / denominator, 4) if denominator else None


def shared_kpi(house: House, quarter: Quarter, as_of: datetime | None, actor: Actor) -> list[Sheet]:
    """The rows of the return.  Raises NotPermitted, and as ``kpi`` does."""
    demand(house, "kpi", actor)
    document = kpi(house, quarter, as_of)
    numbers = give_out(house, kpi_tables(document), name="kpi", period=quarter.name, actor=actor)
    title = about(f"KPI 10, quarter {quarter.name}", document, _below(house))
    rows = tuple((row["label"], row["row"], number) for row, number in kpi_rows(document, numbers))
    return [title, Sheet("Measures", ("Row", "Measure", "Number"), rows), definitions(MEASURES)]


def kpi_rows(document: Json, numbers: Shown) -> list[tuple[Json, Number]]:
    """The rows of the return with their numbers as they may be given out."""
    every = {**numbers["kpi"], **numbers["kpi children"]}
    return [(row, every[row["row"]]) for row in document["rows"]]


def shared_funnel(house: House, start: date, end: date, as_of: datetime | None, actor: Actor) -> list[Sheet]:
    """The funnel with the reasons of every loss.  Raises NotPermitted, and as ``funnel_of`` does."""
    demand(house, "funnel", actor)
    document = funnel_of(house, start, end, as_of)
    table = funnel_of_cases(house, start, end, as_of)
    shown = give_out(house, [table], name="funnel", period=f"{start} to {end}", actor=actor)["funnel"]
    steps = [
        (in_words(step), shown[f"{step}/number"], shown.get(f"{step}/under_way", 0 if step != STEPS[-1] else None))
        for step in STEPS
    ]
    losses = [
        (in_words(cell.split("/")[0]), in_words(cell.split("/")[2]), number)
        for cell, number in shown.items()
        if "/stopped/" in cell
    ]
    return [
        about("From referral to completed work", document, _below(house)),
        Sheet("Funnel", ("step", "cases", "on their way to the next"), tuple(steps)),
        Sheet("Why no further", ("after step", "reason", "cases"), tuple(losses)),
        Sheet("Restorative events", ("kind", "cases"), tuple((kind, shown[kind]) for kind in ("direct", "indirect"))),
        definitions({in_words(name): words for name, words in DEFINITIONS.items()}),
    ]


def shared_access(house: House, start: date, end: date, as_of: datetime | None, actor: Actor) -> list[Sheet]:
    """Access to restorative justice by characteristic.  Raises NotPermitted, and as ``answered`` does."""
    demand(house, "access", actor)
    tables = access_tables(answered(house, start, end, as_of))
    numbers = give_out(house, tables, name="access", period=f"{start} to {end}", actor=actor)
    period = {"from": start.isoformat(), "to": end.isoformat()}
    known = {"period": period, "as_of": knowing(house, as_of).as_of.isoformat()}
    title = about("Access to restorative justice by characteristic", known, _below(house))
    found = access_rows(house, tables, numbers)
    rows = tuple(
        (in_words(each["characteristic"]), row["answer"], *(row[figure] for figure in ACCESS), row["area"])
        for each in found["characteristics"]
        for row in each["answers"]
    )
    columns = ("characteristic", "answer", *(in_words(figure) for figure in ACCESS), "area, per cent")
    words = {**ACCESS_WORDS, "area figures from": found["area_source"] or "not given in reports.toml"}
    return [title, Sheet("Access", columns, rows), definitions(words)]


ACCESS_WORDS = {
    "cases": "Cases opened in the period of victims who are people.",
    "consented": "The victim agreed to be contacted.",
    "offered": "Restorative justice was offered, or the victim answered about it.",
    "took part": "A restorative event was held, direct or indirect.",
    "direct": "Victim and child met.",
    "area": "Per cent of the people of the area, where reports.toml gives it.",
    "answer": "As held today. What was not asked, not answered or not recorded stands beside the answers.",
}
