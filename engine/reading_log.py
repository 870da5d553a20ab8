"""Reads who opened which case, and what was done about access, for whoever looks after that."""

from datetime import datetime

from engine.entries import Actor
from engine.house import House
from store import deeds
from store.deeds import KeptDeed, KeptRead


def reads(
    house: House,
    actor: Actor,
    *,
    user: str = "",
    reference: str = "",
    start: datetime | None = None,
    end: datetime | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[KeptRead]:
    """Who opened what, the latest first, past the cases the reader may not see.  Raises NotPermitted."""
    house.permissions.demand(actor.role, "reads.read")
    with house.reading() as connection:
        return deeds.reads(
            connection,
            house.service,
            user=user,
            reference=reference,
            start=start,
            end=end,
            limit=limit,
            offset=offset,
        )


def deeds_done(house: House, actor: Actor, limit: int, offset: int = 0) -> list[KeptDeed]:
    """What was done about access, the latest first.  Raises NotPermitted."""
    house.permissions.demand(actor.role, "access.read")
    with house.reading() as connection:
        return deeds.listed(connection, house.service, limit, offset)
