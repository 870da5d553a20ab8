"""Shows the year ahead: what falls due in each coming week, and what would be missed at today's pace."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.errors import NotFound
from engine.forecasting import year_ahead
from web.access import house_of
from web.pages import page

router = APIRouter(include_in_schema=False)

MONTHS = (3, 6, 12, 24)
_USUAL = 12
_HEIGHT, _BAR, _GAP = 160, 12, 4


@router.get("/forecast")
def ahead_page(request: Request) -> Response:
    """The coming months, twelve if not asked otherwise."""
    house = house_of(request)
    given = request.query_params.get("months", str(_USUAL))
    if given not in map(str, MONTHS):
        raise NotFound("The year ahead can be shown for 3, 6, 12 or 24 months.")
    found = year_ahead(house, house.now(), int(given))
    return page(
        request,
        "ahead.html",
        found=found,
        months=int(given),
        choices=MONTHS,
        chart=_chart(found["weeks"]),
        late=[rule for rule in found["pace"]["rules"] if rule["late_share"]],
    )


def _chart(weeks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The bars of the chart in units of the drawing: what is known below, what is expected on top of it."""
    most = max((week["due"] for week in weeks), default=0) or 1
    bars = []
    for place, week in enumerate(weeks):
        whole = round(week["due"] / most * _HEIGHT, 1)
        known = round(min(week["known"] + week["follow_ups"], week["due"]) / most * _HEIGHT, 1)
        bars.append(
            {
                "x": place * (_BAR + _GAP),
                "known": known,
                "known_y": _HEIGHT - known,
                "expected": round(whole - known, 1),
                "expected_y": _HEIGHT - whole,
                "piles_up": week["piles_up"],
            }
        )
    return {"bars": bars, "width": len(weeks) * (_BAR + _GAP), "height": _HEIGHT, "bar": _BAR, "most": most}
