"""Reads the clock: the only place where the present moment comes from."""

from datetime import UTC, datetime

from engine.errors import BadConfiguration


def present(rehearsal: datetime | None, is_example: bool) -> datetime:
    """The present moment in UTC, or the rehearsal time of an example service.

    Raises BadConfiguration where a service that is not an example is told to pretend.
    """
    if rehearsal is None:
        return datetime.now(UTC)
    if not is_example:
        raise BadConfiguration(
            "environment", "VICTIM_CONTACT_NOW", "Only an example service may rehearse another time: unset it."
        )
    return rehearsal.astimezone(UTC)
