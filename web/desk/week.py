"""Shows a worker the days before them and how they keep the Code: a picture of the load with its table beside it."""

from fastapi import APIRouter
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from engine.bar_chart import bars
from engine.week import Load, Week, own_compliance, week_of
from web import words
from web.access import actor, house_of
from web.manager.asked import asked
from web.pages import page
from workflow.london import london_day

router = APIRouter(include_in_schema=False)

_ARRANGED = {"event": "Restorative event", "decision": "Decision about a child: is the victim heard?"}


@router.get("/queue/week")
def week_page(request: Request) -> Response:
    """What is arranged, what falls due on each working day, and one's own figures of the last months."""
    house, me, now = house_of(request), actor(request).user, house_of(request).now()
    today = london_day(now)
    week = week_of(house, me, now)
    period = asked(QueryParams(), today)
    kept = own_compliance(house, me, period.start, period.end)
    return page(
        request,
        "week.html",
        week=week,
        arranged_today=[(_ARRANGED[each.what], each.case) for each in week.arranged if each.day == today],
        arranged_later=[(each.day, _ARRANGED[each.what], each.case) for each in week.arranged if each.day > today],
        chart=_chart(week),
        period=period,
        kept=kept,
        behind=[(words.VERDICTS[verdict], cases) for verdict, cases in kept["cases"].items()] if kept else [],
    )


def _chart(week: Week) -> str:
    rows: list[tuple[str, float | None, str]] = [("Late already", float(week.late), str(week.late))]
    for each in week.load:
        rows.append((words.short_day(each.day), float(each.due + each.comes_back), _said(each)))
    return bars("What falls due on each working day; the table below has the same numbers", rows)


def _said(load: Load) -> str:
    whole = load.due + load.comes_back
    return f"{whole} ({load.comes_back} come back)" if load.comes_back else str(whole)
