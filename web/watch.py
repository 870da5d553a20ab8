"""Shows the watchmen of the machine room that the service is alive, ready, and how it stands in numbers."""

from collections.abc import Iterator

from fastapi import APIRouter
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engine.health import Figures, figures, unready
from web.access import house_of

router = APIRouter(tags=["watch"])


class Health(BaseModel):
    """How the service is: ``ok``, or what is wrong by part."""

    status: str
    wrong: dict[str, str] = {}


@router.get("/healthz", response_model=Health, summary="Alive")
async def alive() -> Response:
    """The process answers."""
    return JSONResponse({"status": "ok", "wrong": {}})


@router.get("/readyz", response_model=Health, responses={503: {"model": Health}}, summary="Ready")
def ready(request: Request) -> Response:
    """The database answers, the table of bank holidays reaches far enough, and the clock goes round."""
    house = house_of(request)
    wrong = unready(house, house.now(), clock_runs=request.app.state.clock_runs)
    return JSONResponse({"status": "not ready" if wrong else "ok", "wrong": wrong}, 503 if wrong else 200)


class _Gauges(Collector):
    def __init__(self, found: Figures) -> None:
        self._found = found

    def collect(self) -> Iterator[Metric]:
        stages = GaugeMetricFamily("victim_contact_open_cases", "Open cases by stage", labels=["stage"])
        for stage, cases in sorted(self._found.open_by_stage.items()):
            stages.add_metric([stage], cases)
        yield stages
        single: tuple[tuple[str, str, float | None], ...] = (
            ("letters_waiting", "Approved letters that wait to leave", self._found.letters_waiting),
            ("stuck_work", "Cases with work that is stuck", self._found.stuck),
            ("clock_age_seconds", "Seconds since a clock last went round; -1 if never", self._found.clock_age),
            ("calendar_months_left", "Months the table of bank holidays still knows", self._found.calendar_months_left),
        )
        for name, meaning, number in single:
            yield GaugeMetricFamily(f"victim_contact_{name}", meaning, value=-1 if number is None else number)


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "Prometheus text"}},
    summary="Figures",
)
def metrics(request: Request) -> Response:
    """The service in numbers, in the text form of Prometheus; no personal data."""
    house = house_of(request)
    registry = CollectorRegistry()
    registry.register(_Gauges(figures(house, house.now())))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)
