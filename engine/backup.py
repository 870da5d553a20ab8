"""Backs the whole service up into one file, and restores it without letting a letter out twice."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from engine.accounts import COMMAND_LINE
from engine.errors import NotReady, WrongInput
from engine.house import House, read_key
from engine.settings import Settings
from store import dispatch, post
from store.copying import CopyUnusable, Manifest, Tell, read_copy, read_manifest, write_copy
from store.database import is_empty, open_database, reading, writing
from store.migrate import migrate, newest
from store.sealed import Keyring

_GONE = ("released", "returned", "cancelled")
_KEY_CHECK = "the key that a backup belongs to"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and the letters whose page was printed after the backup was made."""

    manifest: Manifest
    printed_since: tuple[str, ...]


def back_up(house: House, file: Path, now: datetime, tell: Tell) -> Manifest:
    """Write the service as it stands at one moment into a new file; others may go on writing meanwhile.

    The key is not in it: keep a copy of the key file apart, under other hands.  What is sealed stays sealed.  Raises
    WrongInput where the file is there already or cannot be written; a backup that is broken off leaves no file.
    """
    about = {
        "made_at": now.isoformat(),
        "service": house.service,
        "version": newest(),
        "key_check": house.keyring.match(_KEY_CHECK, house.service),
    }
    partial = file.with_name(f"{file.name}.partial")
    if file.exists():
        raise WrongInput("There is a file of that name already: name another one.")
    try:
        partial.unlink(missing_ok=True)
        with house.reading() as connection:
            manifest = write_copy(connection, partial, about, tell)
        # What was written is read again before it bears the name of a backup.
        if read_manifest(partial) != manifest:
            raise CopyUnusable("The backup could not be read again after it was written.")
        partial.rename(file)
    except OSError:
        raise WrongInput("The file cannot be written there.") from None
    finally:
        partial.unlink(missing_ok=True)
    return manifest


def restore(settings: Settings, file: Path, now: datetime, tell: Tell) -> Restored:
    """Bring a backup back into the empty database that the settings name, in one transaction.

    All letters are stopped afterwards until two people have compared the print folder with the letters that wait: what
    went out after the backup was made would go out again (assurance.md T40, F73).  Raises WrongInput or NotReady.
    """
    try:
        manifest = read_manifest(file)
    except CopyUnusable as fault:
        raise WrongInput(str(fault)) from None
    if manifest.version != newest():
        raise NotReady(
            f"The backup was made at version {manifest.version} of the tables, and this release is at {newest()}: "
            "restore it with the release that made it, then upgrade."
        )
    if Keyring(read_key(settings.key_file)).match(_KEY_CHECK, manifest.service) != manifest.key_check:
        raise WrongInput("The key file is not the one this backup was made with: nothing in it could be opened.")
    database = open_database(settings.database)
    try:
        if not is_empty(database):
            raise WrongInput("The database is not empty: move it away, or name another one.")
        migrate(database)
        try:
            with writing(database) as connection:
                read_copy(file, manifest, connection, tell)
                dispatch.hold(connection, manifest.service)
                since = dispatch.stopped_at(connection, manifest.service) or now
                dispatch.order(connection, manifest.service, "stop", "restored_backup", COMMAND_LINE.user, now, since)
        except CopyUnusable as fault:
            raise WrongInput(f"{fault} Nothing was restored.") from None
        with reading(database) as connection:
            return Restored(manifest, _printed_since(connection, manifest.service, settings.out / "letters"))
    finally:
        database.dispose()


def _printed_since(connection: Connection, service: str, folder: Path) -> tuple[str, ...]:
    """The pages in the print folder that the restored history does not know as sent, by the letter's random number."""
    pages = sorted(page.stem for page in folder.glob("*.pdf")) if folder.is_dir() else []
    known = {page: post.find(connection, service, page) for page in pages}
    return tuple(page for page, letter in known.items() if letter is None or letter.state not in _GONE)
