"""Puts into a receipt the link with which an officer can fill in what is missing; it is never kept with the receipt."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request

from engine.completing import links
from web.access import actor, house_of

PATH = "/complete/"


def with_links(request: Request, receipts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The receipts, each with ``complete_url`` where something is missing in a record that led to a case."""
    house = house_of(request)
    wanted = [each["submission_id"] for each in receipts if _has_gaps(each)]
    tokens = links(house, str(actor(request).force), wanted, house.now())
    # The address that the service was told is its own; without one, that under which it was just asked.
    address = (house.settings.digest.address or str(request.base_url)).rstrip("/")
    return [
        {**each, "complete_url": f"{address}{PATH}{tokens[each['submission_id']]}"}
        if _has_gaps(each) and each["submission_id"] in tokens
        else dict(each)
        for each in receipts
    ]


def _has_gaps(receipt: Mapping[str, Any]) -> bool:
    return receipt.get("status") in ("accepted_with_gaps", "duplicate") and bool(
        receipt.get("gaps") and receipt.get("case_reference")
    )
