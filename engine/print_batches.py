"""Binds the letters that left on paper into one file for the printer, each once, with a list of what is in it."""

import contextlib
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from engine.correspondence import decide, gather
from engine.delivery.pdf import Bound, bound
from engine.delivery.printing import PrintFolder, PrintingFailed
from engine.entries import Actor
from engine.house import House
from engine.letter_pages import kept_page, letter_of
from engine.letters_by_hand import take_in_returned
from engine.record import Deed, record
from store import cases, dispatch, people, post, print_batches
from store.post import KeptLetter
from store.print_batches import KeptBatch
from workflow.contact import Verdict
from workflow.london import london_day
from workflow.machine import NotAllowed

__all__ = ["Batch", "KeptBatch", "batches", "print_batch", "waiting"]


@dataclass(frozen=True, slots=True)
class Batch:
    """What one round came to: the file (empty: nothing waited), its letters and sheets, and what is not in it.

    ``stopped`` are letters that may not go any more, taken out before they were printed; ``differing`` those that
    would not come out as they were approved, which stay in the folder to be printed singly; ``lying`` those that have
    lain there for longer than a letter may wait: a person sees whether they were printed.
    """

    name: str = ""
    letters: tuple[str, ...] = ()
    sheets: int = 0
    digest: str = ""
    stopped: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    lying: tuple[str, ...] = ()


def waiting(house: House) -> list[str]:
    """The letters that lie in the print folder and are in no batch."""
    with house.reading() as connection:
        left = print_batches.waiting(connection, house.service)
    return [letter_id for letter_id in left if house.print_folder.lies_there(letter_id)]


def batches(house: House) -> list[KeptBatch]:
    """The last batches, newest first."""
    with house.reading() as connection:
        return print_batches.batches(connection, house.service)


def print_batch(
    house: House, actor: Actor, now: datetime, seen: Callable[[int, int], None] = lambda done, of: None
) -> Batch:
    """Bind every letter that waits for the printer into one file and keep that it is in it.

    The contact decision is taken once more for each: a letter that may not go any more comes out of the folder and
    counts as one that failed.  Run again it finds what left since, and nothing twice.  ``seen`` is told how far it is.
    Raises NotPermitted, and PrintingFailed where the folder cannot be used; then nothing is kept as printed.
    """
    house.permissions.demand(actor.role, "letter.approve")
    _clear_up(house)
    stopped: list[str] = []
    found: list[tuple[KeptLetter, str, bytes]] = []
    ready, lying = _in_time(house, waiting(house), now)
    for place, letter_id in enumerate(ready):
        seen(place, len(ready))
        if _is_stopped(house, letter_id, actor, now):
            stopped.append(letter_id)
            continue
        with house.reading() as connection:
            letter = letter_of(house, connection, letter_id)
            approved = kept_page(house, connection, letter)
            victim = people.find(connection, house.keyring, letter.person_id)
            if approved is not None and letter.sealed is not None:
                found.append((letter, victim.key.open(f"letter.{letter_id}", letter.sealed)["html"], approved))
    seen(len(ready), len(ready))
    if not found:
        return Batch(stopped=tuple(stopped), lying=lying)
    day = london_day(now)
    made = bound(((html, approved) for _, html, approved in found), f"Letters of {day.isoformat()}")
    left_out = tuple(found[place][0].letter_id for place in made.differing)
    kept = [(letter, page) for letter, _, page in found if letter.letter_id not in left_out]
    if not kept:
        return Batch(stopped=tuple(stopped), differing=left_out, lying=lying)
    return replace(_keep(house, actor, now, day, made, kept), stopped=tuple(stopped), differing=left_out, lying=lying)


def _in_time(house: House, letters: list[str], now: datetime) -> tuple[list[str], tuple[str, ...]]:
    """The letters that left lately, and those that may have been printed singly long ago."""
    lying = []
    for letter_id in letters:
        with house.reading() as connection:
            left = letter_of(house, connection, letter_id).released_at
        days = house.calendar.working_days_between(london_day(left), london_day(now)) if left else 0
        if days > house.settings.days.letter_late_after_working:
            lying.append(letter_id)
    return [each for each in letters if each not in lying], tuple(lying)


def _keep(
    house: House,
    actor: Actor,
    now: datetime,
    day: date,
    made: Bound,
    kept: list[tuple[KeptLetter, bytes]],
) -> Batch:
    letters = tuple(letter.letter_id for letter, _ in kept)
    sheets = sum((pages + 1) // 2 for pages in made.pages)
    digest = hashlib.sha256(made.file).hexdigest()
    rows = [
        {
            "letter": letter.letter_id,
            "case": letter.reference,
            "kind": letter.kind,
            "first_page": begins,
            "pages": pages,
            "sheets": (pages + 1) // 2,
            "sha256": hashlib.sha256(page).hexdigest(),
        }
        for (letter, page), begins, pages in zip(kept, made.begins, made.pages, strict=True)
    ]
    with house.writing() as connection:
        dispatch.hold(connection, house.service)
        if not set(letters) <= set(print_batches.waiting(connection, house.service)):
            raise NotAllowed("Somebody else has just put some of these letters into a batch: look again.")
        in_day = print_batches.in_day(connection, house.service, day) + 1
        name = f"{day.isoformat()}-{in_day}"
        about = {"batch": name, "letters": len(rows), "sheets": sheets, "pages": sum(made.pages), "sha256": digest}
        values = {"day": day, "in_day": in_day, "made_at": now, "by": actor.user, "sheets": sheets, "digest": digest}
        print_batches.keep(connection, house.service, letters, **values)
        # The file before the commit: who dies in between leaves a file that the next round writes over.
        manifest = json.dumps({**about, "contents": rows}, indent=2).encode()
        folder(house).put_batch(name, made.file, manifest)
    _clear_up(house)
    return Batch(name, letters, sheets, digest)


def folder(house: House) -> PrintFolder:
    """Where the batches lie."""
    place = PrintFolder(house.settings.out / "batches")
    place.prepare()
    return place


def _is_stopped(house: House, letter_id: str, actor: Actor, now: datetime) -> bool:
    """Whether a letter may not go any more; then it is taken out before anybody prints it."""
    with house.reading() as connection:
        letter = letter_of(house, connection, letter_id)
        key = cases.by_number(connection, house.service, letter.case_id)
        case = cases.history(connection, house.service, key)
        kind = house.letters[letter.kind]
        known = gather(house, connection, key, case, kind, now, letter)
        if decide(case, kind, known, now).verdict is Verdict.RELEASE:
            return False

    def within(deed: Deed) -> None:
        current = letter_of(house, deed.connection, letter_id)
        if current.state == "released":
            take_in_returned(deed, current, "failed")

    record(house, letter.reference, [], actor=actor, now=now, within=within)
    house.print_folder.withdraw(letter_id)
    return True


def _clear_up(house: House) -> None:
    """Take out of the folder of single pages what is in a batch, or came back before it was printed."""
    lying = house.print_folder.codes()
    with house.reading() as connection:
        done = set(print_batches.batched(connection, house.service, lying))
        done |= {letter.letter_id for letter in post.in_state(connection, house.service, "returned")} & lying
    for letter_id in sorted(done):
        with contextlib.suppress(PrintingFailed):
            house.print_folder.withdraw(letter_id)
