"""Keeps the children responsible in a case in step with its history: linked, unlinked by mistake, linked again."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection

from engine.house import House
from engine.intake.children import child_match, reference_of
from store import cases, people
from store.cases import CaseKey
from workflow.case import Case
from workflow.strands import LINKS

if TYPE_CHECKING:
    from engine.record import Deed

_OURS = "C0-"


def follow_links(deed: "Deed") -> None:
    """Take a child who was unlinked out of the case, and bring in one who was linked and whom we know by reference.

    Without it the address of a child who has nothing to do with the case would still hold its letters, and the worker
    of that child would still be kept out of it.  What was unlinked by mistake comes back when the entry is taken back.
    """
    if not any(event.kind in LINKS or event.kind == "entry_retracted" for event in deed.added):
        return
    before, now = set(deed.before.children), set(deed.case.children)
    said = {event.text("child") for event in deed.added if event.kind in LINKS}
    connection, key = deed.connection, deed.key
    here = references(deed.house, connection, key)
    for child in said | (before ^ now):
        if child in here and child not in now:
            cases.remove_child(connection, key.case_id, here[child])
        elif child in now and child not in here and (known := _known(deed, child)) is not None:
            cases.add_child(connection, deed.house.service, key.case_id, known)


def references(house: House, connection: Connection, key: CaseKey) -> dict[str, int]:
    """The children kept with a case: under which reference each stands in the history, and their number."""
    children = people.children(connection, house.keyring, key.case_id)
    return {reference_of(child_match(house, each.document), each.document): each.person_id for each in children}


def _known(deed: "Deed", child: str) -> int | None:
    """The number of the child of that reference, where we know them from this or another case."""
    house, connection = deed.house, deed.connection
    if child.startswith(_OURS):
        return people.beginning_with(connection, house.service, "child", child.removeprefix(_OURS))
    match = house.keyring.match("child", child)
    return people.first_matching(connection, house.service, "child", [match]).get(match)


def presumed(house: House, connection: Connection, key: CaseKey, case: Case) -> str:
    """What is to be done where several children are kept with a case and its history knows one presumed strand.

    Empty where nothing is.  Such a case was opened before there were strands: nobody but a person can say with whom the
    work was done, and the first child who is linked takes it over.
    """
    if not case.is_open or case.children:
        return ""
    named = sorted(references(house, connection, key))
    links = ", ".join(f"child={reference}" for reference in named)
    return (
        f"{key.reference}: {len(named)} children and one presumed strand, link each of them (first the one the work is "
        f"with): victim-contact record {key.reference} child_linked --field {links}"
    )
