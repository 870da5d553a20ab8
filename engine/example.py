"""Peoples the example service: invented users with passwords that everybody may know."""

from datetime import datetime

from engine.accounts import add_user
from engine.house import House
from workflow.vocabulary import Role

_PASSWORD = "example-only-2026"  # noqa: S105  (an example service is no secret, and a real one refuses these users)

_USERS = (
    ("rosa", Role.PRACTITIONER, "Rosa Example", "01632 960101", None),
    ("imran", Role.PRACTITIONER, "Imran Example", "01632 960102", None),
    ("morgan", Role.MANAGER, "Morgan Example", "01632 960103", None),
    ("sergeant", Role.POLICE, "Sergeant Example", "01632 960104", "derbyshire"),
)


def log_ins() -> list[tuple[str, str, str]]:
    """The example log-ins: name, role, password."""
    return [(name, str(role), _PASSWORD) for name, role, *_ in _USERS]


def add_example_users(house: House, now: datetime) -> None:
    """Add the example users.  Raises PermissionError outside an example service."""
    if not house.is_example:
        raise PermissionError("Only an example service has example users.")
    for name, role, shown_as, number, force in _USERS:
        add_user(house, name, role, now, shown_as=shown_as, direct_number=number, force=force, password=_PASSWORD)
