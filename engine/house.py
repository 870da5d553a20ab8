"""Opens everything once: settings, rules, words, keys and the database, and hands them to whoever acts."""

import os
import tomllib
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Connection, Engine

from engine.calendar_files import Stamp, calendar_at, stamp
from engine.codes import Codes, random_code
from engine.delivery.printing import PrintFolder
from engine.errors import BadConfiguration, NotReady
from engine.intake.profiles import Profile, load_profiles
from engine.moment import present
from engine.officer_rules import OfficerRules, load_officer_rules
from engine.report_settings import read_report_settings
from engine.rulebook import check_horizon, load_rulebook
from engine.search_keys import make_missing
from engine.settings import Settings
from engine.words import Words
from store import accounts, submissions, table_versions
from store.database import is_empty, is_sqlite, open_database, reading, writing
from store.migrate import current, migrate, newest
from store.sealed import Keyring, new_key
from workflow.calendar import Calendar
from workflow.code import Rulebook
from workflow.feedback import BadFeedback, Forms, forms_of
from workflow.letters import BadLetter, LetterKind, parse_letters
from workflow.london import london_day
from workflow.permissions import Permissions, parse_permissions
from workflow.table_changes import kept
from workflow.tables import PRESENT, TableSet


@dataclass(frozen=True)
class House:
    """Everything that acting needs, opened once and passed along."""

    settings: Settings
    database: Engine
    service: str
    is_example: bool
    rulebook: Rulebook
    calendar: Calendar
    letters: dict[str, LetterKind]
    permissions: Permissions
    words: Words
    feedback: Forms
    keyring: Keyring
    print_folder: PrintFolder
    profiles: dict[str, Profile] = field(default_factory=dict)
    officers: OfficerRules = field(default_factory=OfficerRules)
    codes: Codes = random_code
    calendar_read: Stamp = ()
    unseen: frozenset[int] = frozenset()
    """The numbers of the cases that do not exist for whoever looks; see ``engine.walls.as_seen_by``."""
    tables: TableSet = PRESENT

    def now(self) -> datetime:
        """The present moment, in UTC; the rehearsal time on an example service that has one."""
        return present(self.settings.rehearsal, self.is_example)

    def today(self) -> date:
        """The London day of the present moment."""
        return london_day(self.now())

    def reading(self) -> AbstractContextManager[Connection]:
        """A transaction that only reads, past the cases that whoever looks may not see."""
        return reading(self.database, self.unseen)

    def writing(self) -> AbstractContextManager[Connection]:
        """A transaction that writes, committed once."""
        return writing(self.database)

    def with_codes(self, codes: Codes) -> "House":
        """The same house with another maker of codes."""
        return replace(self, codes=codes)

    def counting_now(self) -> "House":
        """The same house with the calendar as its files are now, so that a process that runs on counts like a new one.

        A file that cannot be read changes nothing here; ``check`` and the next start name it.
        """
        files = stamp(self.settings.config)
        if not self.calendar_read or files == self.calendar_read:
            return self
        try:
            return replace(self, calendar=calendar_at(self.settings.config, files), calendar_read=files)
        except BadConfiguration:
            return self


@dataclass(frozen=True)
class Rules:
    """What the files in config/ and templates/ say, read and checked."""

    rulebook: Rulebook
    calendar: Calendar
    letters: dict[str, LetterKind]
    permissions: Permissions
    words: Words
    feedback: Forms
    profiles: dict[str, Profile]
    officers: OfficerRules


_Files = tuple[tuple[str, int, int], ...]
"""Each file of the config folder with when it was last written and how long it is."""


def read_rules(settings: Settings) -> Rules:
    """The rules, letters, permissions, words and profiles of forces.  Raises BadConfiguration: file, key and remedy.

    A process that opens several houses reads and checks once what did not change in between.
    """
    return _rules(settings.config, settings.templates, _files(settings.config))


def _files(folder: Path) -> _Files:
    found = []
    for path in sorted(folder.rglob("*")):
        status = path.stat()
        found.append((str(path.relative_to(folder)), status.st_mtime_ns, status.st_size))
    return tuple(found)


@lru_cache(maxsize=4)
def _rules(config: Path, templates: Path, as_of: _Files) -> Rules:  # noqa: ARG001  (says which reading is kept)
    rulebook, calendar = load_rulebook(config)
    try:
        letters = parse_letters(_toml(config, "letters.toml"))
    except BadLetter as fault:
        raise BadConfiguration("letters.toml", fault.key, fault.remedy) from None
    try:
        permissions = parse_permissions(_toml(config, "permissions.toml"))
    except ValueError as fault:
        raise BadConfiguration("permissions.toml", "roles", f"{fault}.") from None
    read_report_settings(config)
    words = Words(templates / "letters")
    try:
        feedback = forms_of(_toml(config, "feedback.toml"))
    except BadFeedback as fault:
        raise BadConfiguration("feedback.toml", fault.path, fault.remedy) from None
    profiles = load_profiles(config / "police")
    officers = load_officer_rules(config)
    return Rules(rulebook, calendar, letters, permissions, words, feedback, profiles, officers)


def _toml(folder: Path, name: str) -> dict[str, object]:
    try:
        return tomllib.loads((folder / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadConfiguration(name, "file", "It is not there: put it into the config folder.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise BadConfiguration(name, "file", f"It is not readable TOML: {fault}.") from None


def found(settings: Settings, now: datetime) -> None:
    """Bring the database to the newest tables, and found the service in it where it is new."""
    database = open_database(settings.database)
    try:
        migrate(database)
        if settings.is_example and not settings.key_file.exists():
            _make_key(settings.key_file)
        keyring = Keyring(read_key(settings.key_file))
        PrintFolder(settings.out / "letters").prepare()
        with writing(database) as connection:
            if accounts.service(connection) is None:
                accounts.add_service(connection, settings.service_id, settings.service_name, settings.is_example, now)
            for force, model in settings.forces.items():
                submissions.add_force(connection, settings.service_id, force, model)
            make_missing(connection, settings.service_id, keyring, london_day(now))
    finally:
        database.dispose()


def open_house(settings: Settings) -> House:
    """Open the house.

    An example service on a SQLite file that is not there yet is founded at once.  Raises NotReady where the database
    is empty or at another version, and BadConfiguration where a file cannot be used.
    """
    calendar_read = stamp(settings.config)
    rules = read_rules(settings)
    database = open_database(settings.database)
    if is_empty(database):
        if not (settings.is_example and is_sqlite(database)):
            raise NotReady("The database is empty. Run: victim-contact migrate")
        database.dispose()
        found(settings, present(settings.rehearsal, settings.is_example))
        database = open_database(settings.database)
    if current(database) != newest():
        raise NotReady("The database is at another version of the tables. Run: victim-contact migrate")
    with reading(database) as connection:
        service = accounts.service(connection)
    if service is None:
        raise NotReady("There is no service in this database. Run: victim-contact migrate")
    now = present(settings.rehearsal, service.is_example)
    check_horizon(rules.calendar, london_day(now))
    keep_tables(database, service.service_id, PRESENT, now)
    return House(
        settings=settings,
        database=database,
        service=service.service_id,
        is_example=service.is_example,
        rulebook=rules.rulebook,
        calendar=rules.calendar,
        letters=rules.letters,
        permissions=rules.permissions,
        words=rules.words,
        profiles=rules.profiles,
        officers=rules.officers,
        feedback=rules.feedback,
        keyring=Keyring(read_key(settings.key_file)),
        print_folder=PrintFolder(settings.out / "letters"),
        calendar_read=calendar_read,
    )


def keep_tables(database: Engine, service: str, tables: TableSet, now: datetime) -> None:
    """Keep what a version of the tables says before any case runs on it, so that it can be read for ever."""
    with reading(database) as connection:
        is_kept = table_versions.is_kept(connection, service, tables.version)
    if not is_kept:
        with writing(database) as connection:
            table_versions.keep(connection, service, tables.version, kept(tables.tables), now)


def _make_key(file: Path) -> None:
    """A new key, readable by its owner only; an example service makes its own, a real one brings it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as opened:
        opened.write(new_key())


def read_key(file: Path) -> bytes:
    """The service's key, 32 bytes.  Raises BadConfiguration."""
    try:
        key = file.read_bytes()
    except OSError:
        raise BadConfiguration(
            "environment",
            "VICTIM_CONTACT_KEY_FILE",
            "The key file cannot be read: restore it, nothing opens without it.",
        ) from None
    if len(key) != 32:
        raise BadConfiguration("environment", "VICTIM_CONTACT_KEY_FILE", "The key file must hold exactly 32 bytes.")
    return key
