"""Pares the record of a victim who said no back to what may be kept, and gives the receipt of each paring."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.entries import Entry
from engine.intake.likeness import likeness_digests
from engine.search_keys import digests_of
from store import cases, paring, people, post, searching
from store.people import KnownPerson
from workflow.case import Case
from workflow.events import Event, Fields
from workflow.london import london_day
from workflow.paring import ground, notes_to_remove, was_in_touch
from workflow.paring_words import KEPT, REMOVED

if TYPE_CHECKING:
    from engine.record import Deed

Json = dict[str, Any]

_STAYS = (
    "title",
    "given_name",
    "family_name",
    "known_as",
    "date_of_birth",
    "organisation",
    "officer",
    "station",
    "offences",
)
# The named contact of an organisation is a person of whom there is no more to hold.
_OF_ORGANISATION = ("name",)


def pare_back(deed: "Deed") -> Event:
    """Remove, within the transaction, what there is no more reason to hold, and record the receipt.

    The history is not touched.  What the person's other cases still need stays until those are over as well.
    """
    house, connection, key = deed.house, deed.connection, deed.key
    victim = people.find(connection, house.keyring, key.person_id)
    is_shared = _has_other_case(deed)
    in_touch = was_in_touch(deed.case)
    removed: dict[str, int] = {}
    if not is_shared:
        removed["contact_points"] = paring.remove_contact_points(connection, key.person_id)
        removed["details"] = _rewrite(deed, victim)
        removed["characteristics"] = paring.empty_characteristics(connection, victim)
    notes = people.notes(connection, victim, key.case_id)
    removed["notes"] = paring.remove_notes(connection, key.case_id, notes_to_remove(deed.case, notes))
    removed["letters"] = paring.remove_letter_texts(connection, key.case_id, sent=not in_touch)
    removed["search_keys"] = _remove_search_keys(deed)
    gone = {name: number for name, number in removed.items() if number}
    fields: Fields = {"ground": ground(deed.case), "kept": "|".join(_kept(deed, is_shared))}
    if gone:
        fields["removed"] = "|".join(gone)
    return deed.follow(Entry("record_pared_back", {**fields, **{f"{name}_removed": n for name, n in gone.items()}}))


def pared_document(document: Mapping[str, Any]) -> dict[str, Any]:
    """What is still known of a victim whose record was pared back."""
    kept = {name: document[name] for name in _STAYS if document.get(name)}
    if "organisation" in kept:
        kept["organisation"] = {name: kept["organisation"].get(name) for name in _OF_ORGANISATION}
    return kept


def _has_other_case(deed: "Deed") -> bool:
    """Whether another case of the same person still needs what is held of them."""
    house, connection, key = deed.house, deed.connection, deed.key
    return any(
        cases.history(connection, house.service, other).last("record_pared_back") is None
        for other in cases.of_person(connection, house.service, key.person_id)
        if other.case_id != key.case_id
    )


def _rewrite(deed: "Deed", victim: KnownPerson) -> int:
    """Replace what is known of the victim; gives how many facts went."""
    kept = pared_document(victim.document)
    if kept == victim.document:
        return 0
    people.rewrite(deed.connection, victim, kept)
    partly = [name for name in kept if kept[name] != victim.document[name]]
    return len(victim.document.keys() - kept.keys()) + len(partly)


def _remove_search_keys(deed: "Deed") -> int:
    """Take away the digests that rest on what is no longer held; gives how many there were."""
    house, connection, key = deed.house, deed.connection, deed.key
    victim = people.find(connection, house.keyring, key.person_id)
    points = people.contact_points(connection, victim, london_day(deed.now))
    before = searching.of_case(connection, house.service, key.case_id)
    wanted = digests_of(house.keyring, victim.document, points, key.crime_reference)
    searching.renew(connection, house.service, key.case_id, wanted)
    alike = likeness_digests(house, victim.document, points)
    gone = paring.remove_likeness_keys(connection, house.service, key.case_id, alike)
    return len(before - wanted) + gone


def _kept(deed: "Deed", is_shared: bool) -> list[str]:
    """What stays, by the codes of ``paring_words.KEPT``, in their order."""
    connection, key = deed.connection, deed.key
    victim = people.find(connection, deed.house.keyring, key.person_id)
    letters = post.of_case(connection, deed.house.service, key.case_id)
    stays = {
        "name_and_birthday": bool(victim.document),
        "officer_and_offence": bool(victim.document.get("officer") or victim.document.get("offences")),
        "history": True,
        "suppression": True,
        "characteristics_asked": bool(people.characteristics(connection, victim)),
        "work_notes": bool(people.notes(connection, victim, key.case_id)),
        "letters_sent": any(letter.sealed is not None for letter in letters),
        "other_case": is_shared,
    }
    return [name for name in KEPT if stays[name]]


def receipts(case: Case) -> list[Json]:
    """The receipt of every paring of a case, oldest first: what went, what stays and why, when and by whom."""
    return [_receipt(event) for event in case.of("record_pared_back")]


def _receipt(event: Event) -> Json:
    return {
        "entry": event.seq,
        "pared_back_on": event.day.isoformat(),
        "by": event.by,
        "because": event.text("ground"),
        "removed": [
            {"what": name, "number": event.fields.get(f"{name}_removed", 0), "words": REMOVED[name]}
            for name in event.items("removed")
        ],
        "kept": [{"what": name, "why": KEPT[name]} for name in event.items("kept")],
    }
