"""The commands of the manager's figures: audit, kpi, funnel, pack."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.commands.shown import as_json, as_table, guarded

if TYPE_CHECKING:
    from engine.entries import Actor
    from engine.house import House
    from engine.sheets import Sheet

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
From = Annotated[str, typer.Option("--from", help="First day of the period.")]
To = Annotated[str, typer.Option("--to", help="Last day of the period.")]
AsOf = Annotated[str | None, typer.Option(help="As it was known at the end of this day.")]
Form = Annotated[str, typer.Option("--format", help="table, json, csv or xlsx.")]
Out = Annotated[Path | None, typer.Option(help="Write it to this file.")]
Share = Annotated[bool, typer.Option("--share", help="For a file that leaves the service: small numbers are hidden.")]
As = Annotated[str | None, typer.Option("--as", help="The user in whose name.")]

_FORMS = ("table", "json", "csv", "xlsx")


def _known(as_of: str | None) -> datetime | None:
    from engine.commands.opening import day
    from engine.reports import end_of

    return None if as_of is None else end_of(day(as_of, "--as-of"))


def _actor(opened: "House", user: str | None) -> "Actor":
    """The named user; whoever works at the machine itself can read the whole database, and may have every figure."""
    from engine.commands.opening import acting
    from engine.entries import Actor
    from workflow.vocabulary import Role

    return acting(opened, user) if user else Actor("command-line", Role.MANAGER)


def _form(form: str, out: Path | None, shared: bool) -> str:
    from engine.errors import WrongInput

    if form not in _FORMS:
        raise WrongInput("The format is table, json, csv or xlsx.")
    if form == "xlsx" and out is None:
        raise WrongInput("Name a file for the workbook with --out.")
    if shared and form not in ("csv", "xlsx"):
        raise WrongInput("A table to share is a file: give --format csv or xlsx.")
    return form


def _write(
    opened: "House",
    sheets: "list[Sheet]",
    form: str,
    out: Path | None,
    *,
    name: str,
    period: str,
    shared: bool,
    user: str | None,
) -> None:
    import sys

    from engine.errors import WrongInput
    from engine.exports import export

    content = export(opened, sheets, form, name=name, period=period, shared=shared, actor=_actor(opened, user))
    if out is None:
        sys.stdout.write(content.decode("utf-8-sig"))
        return
    try:
        out.write_bytes(content)
    except OSError:
        raise WrongInput("The file cannot be written there.") from None
    print("The file is written.")


@guarded
def audit(
    start: From,
    end: To,
    as_of: AsOf = None,
    by: Annotated[str, typer.Option(help="rule, right, owner, worker, team, enhanced or month.")] = "rule",
    form: Form = "table",
    out: Out = None,
    share: Share = False,
    user: As = None,
    json: Json = False,
) -> None:
    """Compliance by right and rule, with numerator, denominator and the cases behind each."""
    from engine.commands.opening import day, house
    from engine.reports import compliance
    from engine.sharing import shared_audit
    from engine.tables_out import compliance_sheets

    form = _form("json" if json else form, out, share)
    opened = house(user)
    days = (day(start, "--from"), day(end, "--to"), _known(as_of))
    period = f"{start} to {end}"
    if share:
        sheets = shared_audit(opened, *days, _actor(opened, user))
        _write(opened, sheets, form, out, name="audit", period=period, shared=True, user=user)
        return
    found = compliance(opened, *days, by=by, with_cases=form != "table")
    if form == "json":
        _json(found, out)
        return
    if form == "table":
        _show_audit(found, start, end)
        return
    _write(opened, compliance_sheets(found), form, out, name="audit", period=period, shared=False, user=user)


def _json(document: Any, out: Path | None) -> None:
    import json

    if out is None:
        as_json(document)
        return
    out.write_text(json.dumps(document, ensure_ascii=False, indent=2, default=str), encoding="utf-8")
    print("The file is written.")


def _show_audit(found: dict[str, Any], start: str, end: str) -> None:
    by_rule = found["by"] == "rule"
    names = ("right", "rule", "owner", "status") if by_rule else (found["by"],)
    rows = found["rules"] if by_rule else found["groups"]
    as_table(
        f"Compliance, duties begun {start} to {end}",
        (*names, "met", "late", "overdue", "running", "excused", "lapsed", "no data", "rate", "median", "p90"),
        [
            (
                *((row[name] for name in names) if by_rule else (row["key"] or "nobody",)),
                row["met"],
                row["met_late"],
                row["overdue"],
                row["running"] + row["due_today"] + row["paused"],
                row["not_met_with_reason"],
                row["lapsed"],
                row["no_data"],
                f"{row['numerator']} of {row['denominator']}",
                row["working_days"]["median"],
                row["working_days"]["p90"],
            )
            for row in rows
        ],
    )


@guarded
def kpi(
    quarter: Annotated[str, typer.Option(help="The quarter, such as 2026-Q2: April to June 2026.")],
    as_of: AsOf = None,
    freeze: Annotated[bool, typer.Option("--freeze", help="Keep it as it is submitted now.")] = False,
    form: Form = "table",
    out: Out = None,
    share: Share = False,
    user: As = None,
    json: Json = False,
) -> None:
    """KPI 10 and 10a to 10g with both denominator versions."""
    from engine.commands.opening import house
    from engine.errors import WrongInput
    from engine.kpi import freeze as freeze_quarter
    from engine.kpi import kpi as kpi_of
    from engine.kpi import quarter_asked, submitted
    from engine.sharing import shared_kpi
    from engine.tables_out import kpi_sheets

    form = _form("json" if json else form, out, share)
    opened = house(user)
    asked = quarter_asked(quarter)
    if freeze and as_of is not None:
        raise WrongInput("A quarter is frozen as it is known now: leave --as-of out.")
    found = freeze_quarter(opened, asked, _actor(opened, user)) if freeze else kpi_of(opened, asked, _known(as_of))
    found["submitted"] = submitted(opened, asked, found)
    if form == "json":
        _json(found, out)
    elif form == "table":
        _show_kpi(found)
    else:
        sheets = shared_kpi(opened, asked, _known(as_of), _actor(opened, user)) if share else kpi_sheets(found)
        _write(opened, sheets, form, out, name="kpi", period=asked.name, shared=share, user=user)


def _show_kpi(found: dict[str, Any]) -> None:
    as_table(
        f"KPI 10, {found['quarter']}",
        ("measure", "row of the template", "number"),
        [(row["row"], row["label"], row["number"]) for row in found["rows"]],
    )

    def rate(of: dict[str, Any]) -> str:
        shown = "" if of["rate"] is None else f" ({of['rate']:.0%})"
        return f"{of['numerator']} of {of['denominator']}{shown}"

    as_table(
        "Measures",
        ("measure", "of those who consented", "older version"),
        [
            ("headline", rate(found["headline"]), ""),
            *(
                (name, rate(found["of_consented"][name]), rate(found["of_requested"][name]))
                for name in found["of_consented"]
            ),
        ],
    )
    if not found["is_over"]:
        print("The quarter is not over: these are the figures so far.")
    for words in found["warnings"]:
        print(f"- {words}")
    if found["spoils"]:
        print(f"- {len(found['spoils'])} records would spoil the return; see --json or --format csv.")
    if found["left_out"]:
        print(f"- {len(found['left_out'])} cases closed without the end of an intervention: they are in no return.")
    print(f"- The return is due on {found['due_on']}.")
    if found["submitted"]:
        changed = found["submitted"]["differences"]["rows"]
        print(f"- Submitted on {found['submitted']['frozen_at'][:10]}; {len(changed)} rows have changed since.")


@guarded
def funnel(
    start: From,
    end: To,
    as_of: AsOf = None,
    form: Form = "table",
    out: Out = None,
    share: Share = False,
    user: As = None,
    json: Json = False,
) -> None:
    """How far the referrals of a period have come, and why each that stopped did."""
    from engine.commands.opening import day, house
    from engine.funnels import funnel_of
    from engine.sharing import shared_funnel
    from engine.tables_out import funnel_sheets

    form = _form("json" if json else form, out, share)
    opened = house(user)
    days = (day(start, "--from"), day(end, "--to"), _known(as_of))
    found = funnel_of(opened, *days)
    if form == "json":
        _json(found, out)
    elif form == "table":
        as_table(
            f"Referrals from {start} to {end}",
            ("step", "cases", "under way", "went no further"),
            [
                (
                    row["step"].replace("_", " "),
                    row["number"],
                    row["under_way"],
                    ", ".join(f"{number} {reason.replace('_', ' ')}" for reason, number in row["stopped"].items()),
                )
                for row in found["steps"]
            ],
        )
        print(f"Direct {found['direct']}, indirect {found['indirect']}.")
    else:
        sheets = shared_funnel(opened, *days, _actor(opened, user)) if share else funnel_sheets(found)
        _write(opened, sheets, form, out, name="funnel", period=f"{start} to {end}", shared=share, user=user)


@guarded
def access(
    start: From,
    end: To,
    as_of: AsOf = None,
    form: Form = "table",
    out: Out = None,
    user: As = None,
    json: Json = False,
) -> None:
    """Who was offered restorative justice and took part, by protected characteristic; small numbers are hidden."""
    from engine.access_by import ACCESS, access_by_characteristic
    from engine.commands.opening import day, house
    from engine.sharing import shared_access

    form = _form("json" if json else form, out, False)
    opened = house(user)
    days = (day(start, "--from"), day(end, "--to"), _known(as_of))
    if form in ("csv", "xlsx"):
        sheets = shared_access(opened, *days, _actor(opened, user))
        _write(opened, sheets, form, out, name="access", period=f"{start} to {end}", shared=True, user=user)
        return
    found = access_by_characteristic(opened, *days)
    if form == "json":
        _json(found, out)
        return
    for each in found["characteristics"]:
        as_table(
            each["characteristic"].replace("_", " "),
            ("answer", *(figure.replace("_", " ") for figure in ACCESS), "area, per cent"),
            [(row["answer"], *(row[figure] for figure in ACCESS), row["area"]) for row in each["answers"]],
        )
    if not found["people"]:
        print("No case was opened in this period.")


@guarded
def pack(
    start: From,
    end: To,
    out: Annotated[Path, typer.Option(help="Write the PDF to this file.")],
    as_of: AsOf = None,
    user: As = None,
) -> None:
    """A pack for the board as PDF: figures and charts, with small numbers hidden."""
    from engine.board_pack import board_pack
    from engine.commands.opening import day, house
    from engine.errors import WrongInput

    opened = house(user)
    content = board_pack(opened, day(start, "--from"), day(end, "--to"), _known(as_of), _actor(opened, user))
    try:
        out.write_bytes(content)
    except OSError:
        raise WrongInput("The file cannot be written there.") from None
    print("The pack is written.")
