"""Puts into a receipt the link with which an officer can fill in what is missing; it is never kept with the receipt."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request

from engine import completing
from engine.completing import PATH
from web.access import actor, house_of

__all__ = ["PATH", "with_links"]


def with_links(request: Request, receipts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The receipts, each with ``complete_url`` where something is missing in a record that led to a case."""
    house = house_of(request)
    # The address that the service was told is its own; without one, that under which it was just asked.
    address = house.settings.digest.address or str(request.base_url)
    return completing.with_links(house, str(actor(request).force), receipts, address, house.now())
