"""Shows a force what its records look like from here, and a manager the same of every force."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.errors import NotFound
from engine.force_mirror import forces_of, mirror_of
from web.access import actor, house_of
from web.manager.asked import asked
from web.pages import page

router = APIRouter(include_in_schema=False)


@router.get("/police/mirror")
def own(request: Request) -> Response:
    """The mirror of the force of whoever looks."""
    return _page(request, str(actor(request).force), [], "/police/mirror")


@router.get("/mirror")
def every(request: Request) -> Response:
    """The mirror of one force, for a manager."""
    forces = forces_of(house_of(request))
    force = request.query_params.get("force", forces[0] if forces else "")
    if force not in forces:
        raise NotFound("That force is not known here.")
    return _page(request, force, forces, "/mirror")


def _page(request: Request, force: str, forces: list[str], address: str) -> Response:
    house = house_of(request)
    period = asked(request.query_params, house.today())
    found = None if period.errors else mirror_of(house, force, period.start, period.end)
    return page(
        request,
        "police/mirror.html",
        422 if period.errors else 200,
        force=force,
        forces=forces,
        address=address,
        period=period,
        found=found,
        errors=period.faults(),
    )
