"""Makes the pack for the board as PDF: figures without small numbers, charts as drawings, and a table beside each."""

from datetime import date, datetime
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from engine.bar_chart import bars
from engine.delivery.pdf import pdf
from engine.entries import Actor
from engine.exports import demand, keep
from engine.funnels import funnel_of
from engine.house import House
from engine.kpi import kpi
from engine.public_tables import compliance_tables, funnel_of_cases, kpi_tables, of_rule, other_tables
from engine.publishing import Shown, give_out
from engine.report_settings import read_report_settings
from engine.reports import compliance
from engine.sharing import kpi_rows, share
from engine.victim_views import victim_views
from workflow.funnel import STEPS
from workflow.quarters import quarter_of
from workflow.vocabulary import Owner, in_words

Json = dict[str, Any]


def board_pack(house: House, start: date, end: date, as_of: datetime | None, actor: Actor) -> bytes:
    """The pack for a period as PDF; taking it leaves a row.

    Raises NotPermitted, and NothingToReport where the period ends before it begins or nothing was recorded by then.
    """
    demand(house, "board_pack", actor)
    html = pack_page(house, start, end, as_of, actor)
    content = pdf(html)
    keep(house, name="board_pack", form="pdf", period=f"{start} to {end}", shared=True, actor=actor)
    return content


def pack_page(house: House, start: date, end: date, as_of: datetime | None, actor: Actor) -> str:
    """The page of the pack before it becomes a PDF, with the numbers as they may be given out; they count as given."""
    below = read_report_settings(house.settings.config).suppress_below
    duties = compliance(house, start, end, as_of)
    funnel = funnel_of(house, start, end, as_of)
    views = victim_views(house, start, end, as_of)
    # The last quarter of the period that has begun.
    counted = kpi(house, quarter_of(min(end, date.fromisoformat(duties["as_of"][:10]))), as_of)
    tables = [
        *compliance_tables(house, start, end, as_of),
        funnel_of_cases(house, start, end, as_of),
        *kpi_tables(counted),
        *other_tables(house, start, end, as_of),
    ]
    numbers = give_out(house, tables, name="board_pack", period=f"{start} to {end}", actor=actor)
    steps = numbers["funnel"]
    pages = Environment(
        loader=FileSystemLoader(house.settings.templates / "reports"), autoescape=True, undefined=StrictUndefined
    )
    rows: list[Json] = [
        {"label": in_words(step).capitalize(), "number": steps[f"{step}/number"], "means": _means(funnel, step)}
        for step in STEPS
    ]
    ours = _our_duties(duties, numbers)
    return pages.get_template("board_pack.html").render(
        service=house.settings.service_name,
        start=start.isoformat(),
        end=end.isoformat(),
        as_of=duties["as_of"][:10],
        below=below,
        funnel=rows,
        funnel_chart=_drawn("Cases at each step", [(row["label"], row["number"]) for row in rows]),
        duties=ours,
        compliance_chart=_rates(ours),
        kpi={
            "quarter": counted["quarter"],
            "start": counted["period"]["from"],
            "end": counted["period"]["to"],
            "is_over": counted["is_over"],
            "engaged": ", ".join(counted["definition"]["engaged"]),
            "rows": [{"label": row["label"], "number": number} for row, number in kpi_rows(counted, numbers)],
        },
        others=_others(views, numbers),
    )


def _means(funnel: Json, step: str) -> str:
    return str(next(row["means"] for row in funnel["steps"] if row["step"] == step))


def _our_duties(document: Json, numbers: Shown) -> list[Json]:
    """Our own duties of the Code, out of the very tables that are shared, so that the two hide the same."""
    found = []
    for row in document["rules"]:
        own = numbers.get(of_rule(row["rule"]))
        if own is None or row["owner"] != Owner.YJS or row["source"] != "victims_code":
            continue
        rate = share(own["all/met"], own["all/denominator"])
        found.append(
            {
                "name": row["title"],
                "duty": row["duty"],
                "paragraph": str(row["paragraph"]).replace("?", " (to be checked)"),
                "met": own["all/met"],
                "out_of": own["all/denominator"],
                "rate": f"{rate:.0%}" if isinstance(rate, float | int) else (rate or "–"),
                "share": rate if isinstance(rate, float | int) else None,
            }
        )
    return found


def _drawn(title: str, rows: list[tuple[str, Any]]) -> Markup:
    return bars(title, [(label, number if isinstance(number, int) else None, str(number)) for label, number in rows])


def _rates(ours: list[Json]) -> Markup:
    shown = [(row["name"], row["share"], row["rate"]) for row in ours if row["rate"] != "–"]
    return bars("Share met in time, by rule", shown) if shown else Markup("")


def _others(views: Json, numbers: Shown) -> list[tuple[str, int | str]]:
    return [
        ("Decisions about a child", numbers["voice"]["decisions"]),
        ("of them with the victim’s views asked before", numbers["voice"]["heard"]),
        # This one is shown whatever it is: it must be none.
        (
            "Contacts made after a withdrawal (must be none)",
            "none" if not views["after_withdrawal"]["number"] else "some",
        ),
        ("Cases opened again", numbers["reopened"]["reopened"]),
        ("Support given after the child’s intervention ended", numbers["after_order"]["after_order"]),
        ("Complaints", numbers["complaints"]["complaints"]),
    ]
