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
from engine.report_settings import read_report_settings
from engine.reports import compliance
from engine.tables_out import HIDDEN, compliance_sheets, hidden_rows, shared_funnel
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
    html = pack_page(house, start, end, as_of)
    content = pdf(html)
    keep(house, name="board_pack", form="pdf", period=f"{start} to {end}", shared=True, actor=actor)
    return content


def pack_page(house: House, start: date, end: date, as_of: datetime | None) -> str:
    """The page of the pack before it becomes a PDF."""
    below = read_report_settings(house.settings.config).suppress_below
    duties = compliance(house, start, end, as_of)
    funnel = funnel_of(house, start, end, as_of)
    views = victim_views(house, start, end, as_of)
    # The last quarter of the period that has begun.
    counted = kpi(house, quarter_of(min(end, date.fromisoformat(duties["as_of"][:10]))), as_of)
    steps = shared_funnel(funnel, below)
    pages = Environment(
        loader=FileSystemLoader(house.settings.templates / "reports"), autoescape=True, undefined=StrictUndefined
    )
    rows: list[Json] = [
        {"label": in_words(step).capitalize(), "number": steps[f"{step}/number"], "means": _means(funnel, step)}
        for step in STEPS
    ]
    ours = _our_duties(duties, below)
    away = hidden_rows({row["row"]: row["number"] for row in counted["rows"]}, below)
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
            "rows": [
                {"label": row["label"], "number": HIDDEN if row["row"] in away else row["number"]}
                for row in counted["rows"]
            ],
        },
        others=_others(views, below),
    )


def _means(funnel: Json, step: str) -> str:
    return str(next(row["means"] for row in funnel["steps"] if row["step"] == step))


def _our_duties(document: Json, below: int) -> list[Json]:
    """Our own duties of the Code from the very table that is shared, so that the two hide the same."""
    sheet = next(s for s in compliance_sheets(document, shared=True, below=below) if s.name == "Compliance")
    owners = {row["rule"]: row for row in document["rules"]}
    found = []
    for line in sheet.rows:
        row = dict(zip(sheet.columns, line, strict=True))
        known = owners[str(row["rule"])]
        if known["owner"] != Owner.YJS or known["source"] != "victims_code":
            continue
        rate = row["rate"]
        found.append(
            {
                "name": in_words(str(row["rule"]).replace("-", "_")).capitalize(),
                "duty": row["duty"],
                "paragraph": str(row["paragraph"]).replace("?", " (to be checked)"),
                "met": row["all: met"],
                "out_of": row["all: denominator"],
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


def _others(views: Json, below: int) -> list[tuple[str, int | str]]:
    def shown(number: int) -> int | str:
        return HIDDEN if 0 < number < below else number

    voice = views["voice"]
    decisions, heard = voice["decisions"]["number"], voice["heard"]["number"]
    # Who sees decisions and those with the victim's voice can subtract.
    hides = 0 < decisions - heard < below
    return [
        ("Decisions about a child", shown(decisions)),
        ("of them with the victim’s views asked before", HIDDEN if hides else shown(heard)),
        # This one is shown whatever it is: it must be none.
        (
            "Contacts made after a withdrawal (must be none)",
            "none" if not views["after_withdrawal"]["number"] else "some",
        ),
        ("Cases opened again", shown(views["reopened"]["number"])),
        ("Support given after the child’s intervention ended", shown(views["after_order"]["number"])),
        ("Complaints", shown(views["complaints"]["number"])),
    ]
