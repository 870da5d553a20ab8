"""Takes judged records in, many in one transaction: each whole or not at all, and a receipt for every one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection

from engine.alike import Alike
from engine.house import House
from engine.intake.following import MAY_FOLLOW, same_victims, update, withdraw, withdrawn_on
from engine.intake.judge import Judgement, content_digest, judge
from engine.intake.opening import feed, open_records, opening
from engine.intake.receipts import Receipt, kept_receipt
from engine.intake.understanding import person_of
from engine.intake.unread import means_withdrawal, raise_withdrawal
from store import cases, submissions
from store.database import DatabaseBusy, DatabaseUnusable
from store.submissions import Arrival, Kept
from workflow.london import london_day
from workflow.machine import NotAllowed
from workflow.problems import Problem

__all__ = ["Receipt", "feed", "receive", "receive_many", "withdraw_known"]

Model = Literal["opt_in", "opt_out"]
Seen = dict[str, tuple[str, Receipt]]
"""By submission number the digest and the receipt of what a dry run would have taken in before."""

_POSSIBLE_DUPLICATE = Problem(
    "victim", "possible-duplicate", "A record of this victim and incident is here: say if it is one."
)
_REUSED = Problem(
    "submission_id", "submission-id-reused", "This number came before with other content: give the reason update."
)


class _DryRun(Exception):
    """Ends the transaction of a dry run without keeping anything."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """A record with what we make of it and the fingerprint of what it says."""

    judgement: Judgement
    digest: str
    means_withdrawal: bool

    @property
    def number(self) -> str | None:
        return self.judgement.submission_id

    @property
    def crime_reference(self) -> str | None:
        record = self.judgement.record
        return record.incident.crime_reference if record else None

    @property
    def is_withdrawal(self) -> bool:
        record = self.judgement.record
        return record is not None and record.reason == "withdrawal"


def receive(
    house: House, raw: Mapping[str, Any], force: str, model: Model, now: datetime, *, dry_run: bool = False
) -> Receipt:
    """Take one record in, whole or not at all; the same record again gives the first receipt and changes nothing."""
    return receive_many(house, [raw], force, model, now, dry_run=dry_run)[0]


def receive_many(
    house: House,
    raws: Sequence[Mapping[str, Any]],
    force: str,
    model: Model,
    now: datetime,
    *,
    dry_run: bool = False,
    seen: Seen | None = None,
    alike: Alike | None = None,
) -> list[Receipt]:
    """Take records in, in one transaction; gives their receipts in order.

    Where something in it is refused, each record has a transaction of its own, so that one that fails leaves the
    others alone.  From one call to the next, ``seen`` carries what a dry run would have taken in, and ``alike`` what
    need not be derived again.  Raises DatabaseBusy
    or DatabaseUnusable; nothing of these records was written then, or whole ones were.
    """
    found = _received(house, raws, force, model, now, _Way(dry_run, seen, alike))
    return [receipt for receipt in found if receipt is not None]


def withdraw_known(
    house: House,
    raws: Sequence[Mapping[str, Any]],
    force: str,
    model: Model,
    now: datetime,
    *,
    dry_run: bool = False,
    seen: Seen | None = None,
    alike: Alike | None = None,
) -> list[Receipt | None]:
    """Take withdrawals in as ``receive_many`` does; None for one whose victim we do not know, which is to come again.

    Nothing is written of that one: its victim may stand later in the same file.
    """
    return _received(house, raws, force, model, now, _Way(dry_run, seen, alike, only_known=True))


@dataclass(frozen=True, slots=True)
class _Way:
    """How records are taken in, beside what they are."""

    dry_run: bool
    seen: Seen | None
    alike: Alike | None
    only_known: bool = False


def _received(
    house: House, raws: Sequence[Mapping[str, Any]], force: str, model: Model, now: datetime, way: _Way
) -> list[Receipt | None]:
    lasts, today = house.settings.days.consent_lasts, london_day(now)
    judged = [
        _Judged(
            judge(raw, force=force, model=model, now=now, today=today, consent_lasts=lasts),
            content_digest(raw),
            means_withdrawal(raw),
        )
        for raw in raws
    ]
    try:
        return _together(house, judged, force, now, way)
    except (DatabaseBusy, DatabaseUnusable):
        raise
    except Exception:
        # Nothing of the batch was kept: each goes in alone, so that only the one at fault is refused, and it says so.
        if len(judged) == 1:
            raise
        return [_together(house, [each], force, now, way)[0] for each in judged]


def _together(house: House, judged: Sequence[_Judged], force: str, now: datetime, way: _Way) -> list[Receipt | None]:
    receipts: list[Receipt | None] = []
    try:
        with house.writing() as connection:
            receipts = _Batch(house, connection, force, now, way).taken(judged)
            if way.dry_run:
                raise _DryRun
    except _DryRun:
        seen = way.seen if way.seen is not None else {}
        pairs = zip(judged, receipts, strict=True)
        return [receipt and _as_seen(each, receipt, seen) for each, receipt in pairs]
    return receipts


def _as_seen(each: _Judged, receipt: Receipt, seen: Seen) -> Receipt:
    """What the receipt would have been if what a dry run saw before had been taken in."""
    number = each.number
    if number is None or not receipt.is_new:
        return receipt
    if number not in seen:
        seen[number] = (each.digest, receipt)
        return receipt
    digest, first = seen[number]
    if digest == each.digest:
        return replace(first, status="rejected" if first.status == "rejected" else "duplicate", is_new=False)
    record = each.judgement.record
    if record is not None and record.reason not in MAY_FOLLOW and first.case_reference:
        return replace(receipt, status="rejected", case_reference=None, gaps=(), errors=(_REUSED,), conflict=True)
    return receipt


class _Batch:
    """Records that are taken in together, within one transaction.

    Those that are new to us in every respect are opened together in few statements; those that have to do with
    something that is there, or with one another, come after them one by one, in their order.
    """

    def __init__(self, house: House, connection: Connection, force: str, now: datetime, way: _Way) -> None:
        self.house, self.connection, self.force, self.now, self.way = house, connection, force, now, way
        self.arrivals: list[Arrival] = []

    def taken(self, judged: Sequence[_Judged]) -> list[Receipt | None]:
        """The receipts, in the order of the records."""
        house, connection, force = self.house, self.connection, self.force
        submissions.hold_force(connection, house.service, force)
        numbers = [each.number for each in judged if each.number]
        earlier = submissions.of_submissions(connection, house.service, force, numbers) if numbers else {}
        references = [each.crime_reference for each in judged if each.crime_reference]
        taken = cases.known_incidents(connection, house.service, force, references) if references else set()
        receipts: dict[int, Receipt | None] = {}
        plain: list[tuple[int, _Judged]] = []
        others: list[tuple[int, _Judged]] = []
        met: set[str] = set()
        for place, each in enumerate(judged):
            again = _again(earlier.get(each.number or "", ()), each.digest)
            if again is not None:
                receipts[place] = again
            elif (each.number or "") in met or each.is_withdrawal or each.crime_reference in taken:
                others.append((place, each))
            elif each.judgement.record is None:
                receipts[place] = self._refused(each)
            elif each.number in earlier:
                others.append((place, each))
            else:
                plain.append((place, each))
            if each.number:
                met.add(each.number)
            if each.crime_reference:
                taken.add(each.crime_reference)
        receipts |= self._opened(plain)
        self._keep_arrivals()
        for place, each in others:
            receipts[place] = self._alone(each)
        return [receipts[place] for place in range(len(judged))]

    def _opened(self, plain: Sequence[tuple[int, _Judged]]) -> dict[int, Receipt]:
        openings = [opening(each.judgement.record, each.judgement) for _, each in plain if each.judgement.record]
        keys = open_records(self.house, self.connection, openings, self.force, self.now, self.way.alike)
        return {
            place: self._accepted(each, each.judgement.gaps, key.reference, key.case_id)
            for (place, each), key in zip(plain, keys, strict=True)
        }

    def _alone(self, each: _Judged) -> Receipt | None:
        """One record that has to do with something that is there; where the case refuses it, nothing of it is kept."""
        try:
            with self.connection.begin_nested():
                receipt = self._taken_alone(each)
                self._keep_arrivals()
                return receipt
        except NotAllowed as refusal:
            # A case that takes nothing more, such as one that was merged: an answer, and the other records go on.
            self.arrivals.clear()
            self._ask_person(each)
            problem = Problem("submission_id", "case-takes-no-more", f"Speak to the service: {refusal}")
            return self._rejected(each, (problem,))

    def _taken_alone(self, each: _Judged) -> Receipt | None:
        house, connection, force, now = self.house, self.connection, self.force, self.now
        earlier = submissions.of_submission(connection, house.service, force, each.number) if each.number else []
        again = _again(earlier, each.digest)
        if again is not None:
            return again
        judgement, record = each.judgement, each.judgement.record
        if record is None:
            return self._refused(each)
        case_ids = [case_id for _, _, case_id in earlier if case_id is not None]
        if case_ids and record.reason not in MAY_FOLLOW:
            return replace(self._rejected(each, (_REUSED,)), conflict=True)
        known = cases.by_number(connection, house.service, case_ids[-1]) if case_ids else None
        document, gaps = person_of(record), judgement.gaps
        if record.reason == "withdrawal":
            found = same_victims(house, connection, force, record, document)
            if known is not None and known.case_id not in [key.case_id for key in found]:
                found = [known, *found]
            if not found and self.way.only_known:
                return None
            key = withdraw(house, connection, found, record, document, force, now)
        elif known is not None:
            key = update(house, connection, known, record, judgement, document, now)
        else:
            twins = same_victims(house, connection, force, record, document)
            if twins and record.reason in MAY_FOLLOW:
                for twin in twins:
                    update(house, connection, twin, record, judgement, document, now)
                key = twins[0]
            else:
                gaps = (*gaps, _POSSIBLE_DUPLICATE) if twins else gaps
                fresh = opening(record, judgement, withdrawn_on(house, connection, twins))
                key = open_records(house, connection, [fresh], force, now)[0]
        return self._accepted(each, gaps, key.reference if key else None, key.case_id if key else None)

    def _accepted(
        self, each: _Judged, gaps: tuple[Problem, ...], reference: str | None, case_id: int | None
    ) -> Receipt:
        receipt = Receipt(
            f"R-{self.house.codes(16)}",
            each.number,
            "accepted_with_gaps" if gaps else "accepted",
            reference,
            gaps,
            (),
            each.judgement.completeness.characteristics,
            each.judgement.completeness.informed_choice,
        )
        self._arrived(each, case_id, receipt)
        return receipt

    def _rejected(self, each: _Judged, errors: tuple[Problem, ...]) -> Receipt:
        return Receipt(f"R-{self.house.codes(16)}", each.number, "rejected", None, (), errors)

    def _refused(self, each: _Judged) -> Receipt:
        """Keep nothing of the record but that it was refused, and why."""
        receipt = self._rejected(each, each.judgement.errors)
        self._ask_person(each)
        if each.number:
            self._arrived(each, None, receipt)
        return receipt

    def _ask_person(self, each: _Judged) -> None:
        """A withdrawal that cannot be taken in is asked about by a person: nobody may overlook it."""
        if each.means_withdrawal:
            raise_withdrawal(self.house, self.connection, self.force, each.number, each.digest, self.now)

    def _arrived(self, each: _Judged, case_id: int | None, receipt: Receipt) -> None:
        self.arrivals.append(Arrival(str(each.number), each.digest, case_id, receipt.document()))

    def _keep_arrivals(self) -> None:
        submissions.add(self.connection, self.house.service, self.force, self.arrivals, self.now)
        self.arrivals.clear()


def _again(earlier: Sequence[Kept], digest: str) -> Receipt | None:
    """The receipt of the same submission, where it came before."""
    for kept_digest, document, _ in earlier:
        if kept_digest == digest:
            return kept_receipt(document, None if document["status"] == "rejected" else "duplicate")
    return None
