"""Keeps the orders that stop all letters and let them go again; an order is only ever added."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update
from sqlmodel import col

from store.tables import DispatchOrder, Service


@dataclass(frozen=True, slots=True)
class KeptOrder:
    """An order about all letters: ``stop``, ``ask_to_lift`` or ``lift``, why, by whom and when."""

    deed: str
    reason: str
    by: str
    at: datetime


_ORDERS = (col(DispatchOrder.deed), col(DispatchOrder.reason), col(DispatchOrder.by), col(DispatchOrder.at))


def stopped_at(connection: Connection, service: str, *, to_send: bool = False) -> datetime | None:
    """Since when all letters are stopped; None while they may go.

    ``to_send`` holds the answer for the rest of the transaction: whoever stops waits for what is on its way, and
    nothing begins after them.
    """
    query = select(col(Service.dispatch_stopped_at)).where(col(Service.service_id) == service)
    if to_send:
        # SQLite has one writer at a time and ignores this.
        query = query.with_for_update(read=True)
    return connection.execute(query).scalar_one_or_none()


def order(
    connection: Connection, service: str, deed: str, reason: str, by: str, at: datetime, stopped: datetime | None
) -> None:
    """Add an order, and set since when letters are stopped after it."""
    changed = update(Service).where(col(Service.service_id) == service).values(dispatch_stopped_at=stopped)
    connection.execute(changed)
    values = {"service_id": service, "deed": deed, "reason": reason, "by": by, "at": at}
    connection.execute(insert(DispatchOrder), values)


def hold(connection: Connection, service: str) -> None:
    """Hold the switch for this transaction, so that two people do not turn it at once."""
    query = select(col(Service.service_id)).where(col(Service.service_id) == service)
    connection.execute(query.with_for_update(key_share=True))


def orders(connection: Connection, service: str, limit: int = 100) -> list[KeptOrder]:
    """The orders, newest first."""
    query = select(*_ORDERS).where(col(DispatchOrder.service_id) == service)
    rows = connection.execute(query.order_by(col(DispatchOrder.order_id).desc()).limit(limit))
    return [KeptOrder(deed, reason, by, at) for deed, reason, by, at in rows]
