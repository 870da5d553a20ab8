"""Shows KPI 10 of a quarter: the rows of the template, both denominators, what was submitted, and what spoils it."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.accounts import staff_names
from engine.kpi import freeze, kpi, kpi_cases, latest_quarter, quarter_asked, submitted
from engine.sharing import shared_kpi
from engine.tables_out import kpi_sheets
from web.access import actor, form, house_of, text
from web.manager.files import asked_form, file_answer
from web.pages import page, see_other
from workflow.kpi import MEASURES, ROWS

router = APIRouter(include_in_schema=False)


@router.get("/kpi")
def kpi_page(request: Request) -> Response:
    """The quarter that was asked for; without one the last that is over."""
    house = house_of(request)
    name = request.query_params.get("quarter", "")
    quarter = quarter_asked(name) if name else latest_quarter(house)
    found = kpi(house, quarter)
    return page(
        request,
        "kpi.html",
        found=found,
        submitted=submitted(house, quarter, found),
        measures=MEASURES,
        names=dict(staff_names(house)),
        before=quarter.before.name,
        after=quarter.next.name if quarter.next.start <= house.today() else "",
        cases=sorted({line["case"] for line in found["lines"]}),
    )


@router.get("/kpi/cases")
def kpi_cases_page(request: Request) -> Response:
    """The cases behind one row or measure of a quarter."""
    house, name = house_of(request), request.query_params.get("row", "")
    quarter = quarter_asked(request.query_params.get("quarter", ""))
    cases = kpi_cases(house, quarter, name)
    return page(
        request,
        "compliance_cases.html",
        what=dict(ROWS).get(name) or MEASURES[name],
        place=f"KPI 10, {quarter.name}",
        cases=cases,
        period=quarter,
        back=f"/kpi?quarter={quarter.name}",
        back_to="KPI 10",
        counted="Interventions that ended",
        unverified=False,
        verdict=None,
    )


@router.get("/kpi/file")
def kpi_file(request: Request) -> Response:
    """The quarter as a file: to share, or (``for=us``) as it is returned."""
    house = house_of(request)
    quarter = quarter_asked(request.query_params.get("quarter", ""))
    file_form, shared = asked_form(request)
    sheets = shared_kpi(house, quarter, None, actor(request)) if shared else kpi_sheets(kpi(house, quarter))
    return file_answer(request, sheets, file_form, name="kpi", period=quarter.name, shared=shared)


@router.post("/kpi/freeze")
def freeze_quarter(request: Request) -> Response:
    """Freeze a quarter as it is submitted now."""
    quarter = quarter_asked(text(form(request), "quarter"))
    freeze(house_of(request), quarter, actor(request))
    return see_other(f"/kpi?quarter={quarter.name}")
