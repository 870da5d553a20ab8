"""Declares what may go wrong with a deed, each with one sentence that is safe to show."""


class BadConfiguration(Exception):
    """A configuration file cannot be used: which file, which key in it, and what to do about it."""

    def __init__(self, file: str, key: str, remedy: str) -> None:
        super().__init__(f"{file}: {key}: {remedy}")
        self.file, self.key, self.remedy = file, key, remedy


class NotFound(Exception):
    """There is no such thing, or this caller may not know of it; the answer is the same."""


class NotReady(Exception):
    """The service is not set up; the message says which command sets it up."""


class WrongInput(Exception):
    """What was given cannot be used; the message says what to give instead, and never repeats what was given."""


class StaleCase(Exception):
    """The case moved on since the caller saw it; ``changes`` are the events recorded meanwhile."""

    def __init__(self, changes: tuple[tuple[int, str, str], ...]) -> None:
        said = ", ".join(f"{kind} by {by}" for _, kind, by in changes)
        super().__init__(
            f"The case has changed since you opened it: {said}."
            if changes
            else "The case is not as you saw it: open it again."
        )
        self.changes = changes


class KeyReused(Exception):
    """An idempotency key came again with another body."""
