"""Acts out a year of an example service: a fresh database, invented people, and everything through the real doors."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from engine.codes import rehearsed_codes
from engine.errors import WrongInput
from engine.example import add_example_users
from engine.house import House, found, open_house, read_rules
from engine.moment import present
from engine.settings import Settings
from engine.simulation.ledger import Ledger
from engine.simulation.year import Year
from store import accounts
from store.database import is_empty, is_sqlite, open_database, reading

Tell = Callable[[int, int], None]

_A_YEAR = timedelta(days=366)


def simulate_service(settings: Settings, cases: int, seed: int, tell: Tell) -> tuple[House, str]:
    """A fresh example service after a simulated year that ends today, and what happened in a few lines.

    The example service that was there before is thrown away with its letters.  Raises WrongInput where the settings,
    or what is in the database, are not an example service.
    """
    house = fresh_service(settings)
    return house, simulate_year(house, cases, seed, tell).words()


def fresh_service(settings: Settings) -> House:
    """An example service with its users and nothing else, founded a year ago.

    Raises WrongInput as ``simulate_service`` does, and NotReady or BadConfiguration as opening a house does.
    """
    if not settings.is_example:
        raise WrongInput('Only an example service may be simulated: service.toml must say kind = "example".')
    read_rules(settings)
    _clear(settings)
    begun = present(settings.rehearsal, settings.is_example) - _A_YEAR
    found(settings, begun)
    house = open_house(settings)
    add_example_users(house, begun)
    return house


def simulate_year(house: House, cases: int, seed: int, tell: Tell) -> Ledger:
    """Play a year that ends today in an example service that is new, and give the ledger of what was put in.

    The same seed and the same last day give the same history.  Raises WrongInput outside an example service.
    """
    if not house.is_example:
        raise WrongInput("Only an example service may be simulated.")
    return Year(house.with_codes(rehearsed_codes(seed)), cases, seed, house.today()).play(tell)


def _clear(settings: Settings) -> None:
    """Throw away the database and the letters of the example that was there; anything else is left and refused."""
    database = open_database(settings.database)
    try:
        empty = is_empty(database)
        if not is_sqlite(database):
            if not empty:
                raise WrongInput("The PostgreSQL database is not empty: give the example service a new one.")
            return
        if not empty:
            with reading(database) as connection:
                service = accounts.service(connection)
            if service is not None and not service.is_example:
                raise WrongInput("The database holds a service that is not an example: it was left as it is.")
    except DBAPIError:
        raise WrongInput("The database is not one of this service: move it away first.") from None
    finally:
        database.dispose()
    name = make_url(settings.database).database
    for ending in ("", "-wal", "-shm"):
        Path(f"{name}{ending}").unlink(missing_ok=True)
    # Only the folder that an example writes to: the one around it may be anybody's.
    shutil.rmtree(settings.out / "letters", ignore_errors=True)
