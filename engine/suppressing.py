"""Keeps the suppression entry of a victim in step with what they said: from a no until they ask for contact."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection

from engine.correspondence import incident_match, suppressions_of
from engine.house import House
from store import cases, people, submissions
from store.cases import CaseKey
from workflow.case import Case
from workflow.events import Event
from workflow.tracks.consent import CONFIRMED, REVOKED, STANDING, WITHDRAWN
from workflow.vocabulary import Track

if TYPE_CHECKING:
    from engine.record import Deed

_THEMSELVES = frozenset({"consent_renewed", "victim_returned"})
_ANSWERS = _THEMSELVES | {"consent_recorded", "consent_withdrawn", "refusal_confirmed"}


def keep_suppression(deed: "Deed") -> None:
    """Leave a suppression entry where the victim withdrew or their no was confirmed, and end it where they renewed.

    An entry is ended and not deleted, with the day and who recorded it, so that it can be said when nobody was to be
    contacted.  One that names the crime and nobody stays: it is about every victim of that crime.
    """
    before, now = deed.before.states[Track.CONSENT], deed.case.states[Track.CONSENT]
    said = next((event for event in reversed(deed.added) if event.kind in _ANSWERS), None)
    if said is None:
        return
    house, connection, key = deed.house, deed.connection, deed.key
    if now in (WITHDRAWN, CONFIRMED):
        document = people.find(connection, house.keyring, key.person_id).document
        match = suppressions_of(house, key.force, key.crime_reference, document)[0]
        submissions.suppress(connection, house.service, match, said.day, deed.now)
    elif now in STANDING and (before in REVOKED or said.kind in _THEMSELVES):
        _end(house, connection, key, deed.case, said)


def end_with_later_yes(house: House, connection: Connection, key: CaseKey) -> None:
    """End the entry where a case was opened with a yes that is younger than the withdrawal in the case beside it."""
    case = cases.history(connection, house.service, key)
    said = case.last("consent_recorded")
    if said is not None and case.states[Track.CONSENT] in STANDING:
        _end(house, connection, key, case, said)


def _end(house: House, connection: Connection, key: CaseKey, case: Case, said: Event) -> None:
    document = people.find(connection, house.keyring, key.person_id).document
    matches = suppressions_of(house, key.force, key.crime_reference, document)
    if _was_stopped(case):
        # One by name alone may be another person's of that name, unless it is what stopped this very case.
        matches = (*matches, incident_match(house, key.force, "", document))
    submissions.end_suppressions(connection, house.service, matches, said.day, said.by)


def _was_stopped(case: Case) -> bool:
    """Whether an entry that was there before stopped the case when it was opened."""
    stopped = case.first("consent_withdrawn")
    return stopped is not None and case.opened is not None and stopped.recorded_at == case.opened.recorded_at
