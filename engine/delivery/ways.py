"""Opens the way by which a channel leaves, as the service has set it up."""

from typing import TYPE_CHECKING

from engine.delivery.mail import SmtpWay
from engine.delivery.port import Answer, Outcome, Parcel, Ready, Way
from engine.delivery.printing import PrintFolder
from engine.settings import Settings

if TYPE_CHECKING:
    from engine.delivery.notify import NotifyWay


class PrintWay:
    """The print folder: a page put in twice lies there once."""

    name = "print"
    is_repeatable = True

    def __init__(self, folder: PrintFolder) -> None:
        self._folder = folder

    def make_ready(self, parcel: Parcel) -> Ready | Answer:
        """Nothing is to be reached before the page is put in."""
        return _Page(self._folder, parcel)


class _Page:
    found: Answer | None = None

    def __init__(self, folder: PrintFolder, parcel: Parcel) -> None:
        self._folder, self._parcel = folder, parcel

    def hand_over(self) -> Answer:
        self._folder.put(self._parcel.letter_id, self._parcel.page)
        return Answer(Outcome.TAKEN)

    def drop(self) -> None:
        return


def way_of(settings: Settings, folder: PrintFolder, channel: str) -> Way | None:
    """The way of a channel; None where what goes by it is seen off by a person."""
    name = settings.ways.of(channel)
    if name == "print":
        return PrintWay(folder)
    if name == "smtp" and settings.mail is not None:
        return SmtpWay(settings.mail)
    return notify_of(settings) if name == "notify" else None


def notify_of(settings: Settings) -> "NotifyWay | None":
    """GOV.UK Notify as the service has set it up; None where it has not."""
    if settings.ways.notify is None:
        return None
    # The client takes a moment to import, and most services print.
    from engine.delivery.notify import NotifyWay

    return NotifyWay(settings.ways.notify)
