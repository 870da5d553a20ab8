"""Says under which reference a child stands in the history, and which entries link the children of a record."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.correspondence import name_of
from engine.entries import Entry
from engine.house import House
from engine.intake.record import ConsentRecord
from workflow.case import Case
from workflow.events import CODE_CHARACTERS, Fields

_LONGEST = 64


def reference_of(match: str, child: Mapping[str, Any]) -> str:
    """The reference of a child in events: that of police, or a code of ours where theirs is missing or tells a name.

    ``match`` is the digest by which the child is found again; the same child has the same code in every case.
    """
    given = str(child.get("reference") or "").strip().replace(" ", "-")
    fits = 0 < len(given) <= _LONGEST and CODE_CHARACTERS.issuperset(given) and any(c.isdigit() for c in given)
    names = (str(child.get(name) or "").casefold() for name in ("given_name", "family_name"))
    if fits and not any(len(name) > 1 and name in given.casefold() for name in names):
        return given
    return f"C0-{match[:8]}"


def links(children: Sequence[tuple[str, Mapping[str, Any]]], case: Case, now: datetime) -> Iterator[Entry]:
    """The entries that link the children of a record, each given as match and document, who are not linked yet.

    One who was unlinked by a person stays so, whatever police send again.
    """
    known = {event.text("child") for event in case.of("child_linked", "child_unlinked")}
    for reference in dict.fromkeys(reference_of(match, child) for match, child in children):
        if reference not in known:
            yield Entry("child_linked", {"child": reference}, now)


def is_same_child(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two documents are about one child: by reference where both have one, else by name and date of birth."""
    if one.get("reference") and other.get("reference"):
        return bool(one["reference"] == other["reference"])
    named = [(name_of(each).casefold(), each.get("date_of_birth")) for each in (one, other)]
    return bool(named[0][0]) and named[0] == named[1]


def conditions(record: ConsentRecord, case: Case, now: datetime) -> Iterator[Entry]:
    """The entries for the conditions that bar contact and are not on record yet.

    A record without any does not end one that is: only a person who saw it in writing does that.
    """
    known = {
        (event.text("kind"), event.day_of("from"), event.day_of("to"))
        for event in case.of("contact_condition_recorded")
    }
    for condition in record.incident.contact_conditions or ():
        kind, begins, ends = str(condition.kind or "other"), condition.from_, condition.to
        if begins and ends and ends < begins:
            # Days that contradict each other end nothing.
            ends = None
        if (kind, begins, ends) in known:
            continue
        known.add((kind, begins, ends))
        fields: Fields = {"kind": kind}
        if begins:
            fields["from"] = begins.isoformat()
        if ends:
            fields["to"] = ends.isoformat()
        yield Entry("contact_condition_recorded", fields, now)


def child_match(house: House, child: Mapping[str, Any]) -> str:
    """The digest by which a child is found again: the reference, or name and date of birth where there is none."""
    reference = str(child.get("reference") or "")
    if reference:
        return house.keyring.match("child", reference)
    return house.keyring.match("child", name_of(child), str(child.get("date_of_birth") or ""))
