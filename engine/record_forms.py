"""Takes one consent record in page by page: a sealed draft, the one judgement, and at the end the one intake."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.entries import Actor
from engine.errors import NotFound
from engine.house import House
from engine.intake.columns import Sheet
from engine.intake.importing import model_of
from engine.intake.judge import Judgement, judge
from engine.intake.receipts import Receipt
from engine.intake.receive import receive
from store import officer_work
from store.sealed import CannotOpen
from workflow.london import london_day

_NONE_HERE = "There is no such record to go on with. It may have been sent, or its time is over."


@dataclass(frozen=True, slots=True)
class Draft:
    """A record that is being filled in: its cells by dotted path, and until when it is kept."""

    draft_id: str
    cells: Mapping[str, str]
    started_at: datetime
    expires_at: datetime

    @property
    def crime_reference(self) -> str:
        """By which the officer knows it again; empty while it has none."""
        return self.cells.get("incident.crime_reference", "")


def begin(house: House, actor: Actor, now: datetime) -> str:
    """Begin a record; gives the number of the draft."""
    number = house.codes(24)
    sealed = house.keyring.seal(_place(actor, number), {})
    with house.writing() as connection:
        officer_work.forget(connection, house.service, now)
        officer_work.add_draft(
            connection, house.service, number, _force(actor), actor.user, sealed, now, now + house.officers.draft_lasts
        )
    return number


def cells_of(house: House, actor: Actor, draft_id: str, now: datetime) -> dict[str, str]:
    """What was answered so far.  Raises NotFound, for somebody else's draft as well."""
    with house.reading() as connection:
        sealed = officer_work.draft(connection, house.service, draft_id, _force(actor), actor.user, now)
    if sealed is None:
        raise NotFound(_NONE_HERE)
    try:
        found: dict[str, str] = house.keyring.open(_place(actor, draft_id), sealed)
    except CannotOpen:
        raise NotFound(_NONE_HERE) from None
    return found


def drafts(house: House, actor: Actor, now: datetime) -> list[Draft]:
    """The records that somebody has begun, the newest first."""
    with house.reading() as connection:
        rows = officer_work.drafts_of(connection, house.service, _force(actor), actor.user, now)
    return [
        Draft(number, house.keyring.open(_place(actor, number), sealed), since, until)
        for number, sealed, since, until in rows
    ]


def keep(house: House, actor: Actor, draft_id: str, cells: Mapping[str, str], now: datetime) -> None:
    """Keep what a draft says now; its time begins again."""
    sealed = house.keyring.seal(_place(actor, draft_id), dict(cells))
    with house.writing() as connection:
        until = now + house.officers.draft_lasts
        officer_work.change_draft(connection, house.service, draft_id, _force(actor), actor.user, sealed, until)


def put_aside(house: House, actor: Actor, draft_id: str) -> None:
    """Forget a draft."""
    with house.writing() as connection:
        officer_work.drop_draft(connection, house.service, draft_id, _force(actor), actor.user)


def judged(house: House, actor: Actor, draft_id: str, cells: Mapping[str, str], now: datetime) -> Judgement:
    """What the intake would make of a draft as it stands."""
    force = _force(actor)
    return judge(
        raw_record(house, actor, draft_id, cells, now),
        force=force,
        model=model_of(house, force),
        now=now,
        today=london_day(now),
        consent_lasts=house.settings.days.consent_lasts,
    )


def send(house: House, actor: Actor, draft_id: str, now: datetime) -> Receipt:
    """Take a draft in as any other record, and forget it where it was taken.  Raises NotFound."""
    cells = cells_of(house, actor, draft_id, now)
    force = _force(actor)
    receipt = receive(house, raw_record(house, actor, draft_id, cells, now), force, model_of(house, force), now)
    if receipt.status != "rejected":
        put_aside(house, actor, draft_id)
    return receipt


def submission_of(draft_id: str) -> str:
    """The submission number of a draft: sent twice, it is one submission."""
    return f"FORM-{draft_id}"


def raw_record(house: House, actor: Actor, draft_id: str, cells: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """The draft as a raw record, with what the officer need not be asked."""
    force = _force(actor)
    return {
        **raw_of(cells),
        "submission_id": submission_of(draft_id),
        "force": force,
        "reason": "new",
        "submitted_at": now.isoformat(),
        "consent": {**raw_of(cells).get("consent", {}), "model": model_of(house, force)},
    }


def raw_of(cells: Mapping[str, str]) -> dict[str, Any]:
    """Cells by dotted path as the raw record of a line in a police file with these columns; others are left out."""
    sheet = Sheet(tuple(cells))
    known = [name for place, name in enumerate(cells) if place not in sheet.unknown]
    return Sheet(known).nested([cells[name] for name in known])


def _force(actor: Actor) -> str:
    return str(actor.force)


def _place(actor: Actor, draft_id: str) -> str:
    return f"record_draft.{actor.user}.{draft_id}"
