"""Removes what of a victim is no longer held: ways of reaching them, values, notes and texts; each gives how many."""

from collections.abc import Collection

from sqlalchemy import Connection, delete, func, or_, select, update
from sqlmodel import col

from store.people import KnownPerson
from store.tables import CharacteristicAnswer, ContactPoint, Letter, LetterPage, LikenessKey, Note

_GONE = "withdrawn"


def remove_contact_points(connection: Connection, person_id: int) -> int:
    """Every way of reaching somebody, also those that held once."""
    return connection.execute(delete(ContactPoint).where(col(ContactPoint.person_id) == person_id)).rowcount


def empty_characteristics(connection: Connection, person: KnownPerson) -> int:
    """The values of characteristics; that each was asked stays, an answer as one that was taken back."""
    mine = col(CharacteristicAnswer.person_id) == person.person_id
    held = select(col(CharacteristicAnswer.name), col(CharacteristicAnswer.status), col(CharacteristicAnswer.sealed))
    gone = 0
    for name, status, sealed in connection.execute(held.where(mine)).all():
        place = f"characteristic.{name}"
        if person.key.open(place, sealed) is None and status != "answered":
            continue
        connection.execute(
            update(CharacteristicAnswer)
            .where(mine, col(CharacteristicAnswer.name) == name)
            .values(sealed=person.key.seal(place, None), status=_GONE if status == "answered" else status)
        )
        gone += 1
    return gone


def remove_notes(connection: Connection, case_id: int, note_ids: Collection[str]) -> int:
    """These notes of a case."""
    gone = delete(Note).where(col(Note.case_id) == case_id, col(Note.note_id).in_(sorted(note_ids)))
    return connection.execute(gone).rowcount


def remove_letter_texts(connection: Connection, case_id: int, *, sent: bool) -> int:
    """The facts, texts and pages of the letters of a case: of those that never left, or (``sent``) of all."""
    mine = [col(Letter.case_id) == case_id]
    if not sent:
        mine.append(col(Letter.state).not_in(("released", "returned", "in_doubt")))
    with_page = select(col(LetterPage.letter_id))
    holds = or_(col(Letter.sealed).is_not(None), col(Letter.letter_id).in_(with_page))
    gone = connection.execute(select(func.count()).select_from(Letter).where(*mine, holds)).scalar_one()
    these = select(col(Letter.letter_id)).where(*mine)
    connection.execute(delete(LetterPage).where(col(LetterPage.letter_id).in_(these)))
    connection.execute(update(Letter).where(*mine).values(sealed=None))
    return int(gone)


def remove_likeness_keys(connection: Connection, service: str, case_id: int, wanted: Collection[str]) -> int:
    """The digests by which a case could be found alike, but those ``wanted`` that rest on what is still held."""
    gone = delete(LikenessKey).where(
        col(LikenessKey.service_id) == service,
        col(LikenessKey.case_id) == case_id,
        col(LikenessKey.digest).not_in(sorted(wanted)),
    )
    return connection.execute(gone).rowcount
