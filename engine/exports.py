"""Hands figures out as a file, to whoever may have them, and leaves a row that says so."""

from collections.abc import Sequence

from engine.entries import Actor
from engine.house import House
from engine.sheets import Sheet, csv_file, xlsx_file
from store import returns
from workflow.permissions import NotPermitted

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
"""The media type of each form."""


def demand(house: House, name: str, actor: Actor) -> None:
    """Raise NotPermitted unless the permission file lets the role have this export."""
    action = house.permissions.exports.get(name)
    if action is None:
        raise NotPermitted("This export is not in the list of what may be taken out.")
    house.permissions.demand(actor.role, action)


def export(
    house: House, sheets: Sequence[Sheet], form: str, *, name: str, period: str, shared: bool, actor: Actor
) -> bytes:
    """The tables as a file of a form (``csv``, ``xlsx``), once the row that says who took them is kept.

    Raises NotPermitted.
    """
    demand(house, name, actor)
    content = csv_file(sheets) if form == "csv" else xlsx_file(sheets)
    keep(house, name=name, form=form, period=period, shared=shared, actor=actor)
    return content


def keep(house: House, *, name: str, form: str, period: str, shared: bool, actor: Actor) -> None:
    """Keep who took which figures out."""
    with house.writing() as connection:
        returns.log_export(
            connection,
            house.service,
            name=name,
            form=form,
            period=period,
            shared=shared,
            by=actor.user,
            at=house.now(),
        )
