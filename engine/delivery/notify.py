"""Hands letters and texts to GOV.UK Notify by its official client, and asks it what became of them."""

import io
import logging
from typing import TYPE_CHECKING, Any

import requests
from notifications_python_client.errors import APIError, HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from engine.delivery.port import Answer, Outcome, Parcel, Ready
from engine.delivery.receipts import STATUSES

if TYPE_CHECKING:
    from engine.way_settings import NotifySettings

# The client logs what Notify answers, and an answer may repeat a number or an address.
logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL + 1)

LONGEST_TEXT = 900
"""A text of more characters is no text any more; Notify itself refuses above 918."""

_WORDS = {
    Outcome.LATER: "GOV.UK Notify takes no more for now: it is tried again.",
    Outcome.AWAY: "GOV.UK Notify cannot be reached: it is tried again.",
    Outcome.REFUSED: "GOV.UK Notify refused it for good: look at the address or number and the words.",
    Outcome.UNKNOWN: "GOV.UK Notify did not say whether it has it: it is asked before anything is sent again.",
}
_NO_ENTRY = "GOV.UK Notify does not accept our key: give it a valid one. The letter goes by itself then."


class NotifyWay:
    """Letters and texts by GOV.UK Notify."""

    name = "notify"
    is_repeatable = False

    def __init__(self, settings: "NotifySettings") -> None:
        self._settings = settings

    def make_ready(self, parcel: Parcel) -> Ready | Answer:
        """Ask whether it has this very letter already, which also tells whether it can be reached."""
        if parcel.channel == "text" and len(parcel.text) > LONGEST_TEXT:
            return Answer(Outcome.REFUSED, f"A text may have up to {LONGEST_TEXT} characters: tell them another way.")
        client = self._client()
        found = _asked(client, parcel.reference)
        if found is not None and found.outcome is not Outcome.TAKEN:
            return found
        return _Posting(client, self._settings, parcel, found)

    def ask(self, reference: str) -> Answer | None:
        """What became of something, by our reference: taken, with its status; not known there (None); or no answer."""
        return _asked(self._client(), reference)

    def _client(self) -> Any:
        # One for each use: the client is not made for several threads.
        settings = self._settings
        return NotificationsAPIClient(settings.key, settings.base_url, settings.patience)  # type: ignore[no-untyped-call]


class _Posting:
    """A letter or text that Notify does not have yet, and would take now."""

    def __init__(self, client: Any, settings: "NotifySettings", parcel: Parcel, found: Answer | None) -> None:
        self._client, self._settings, self._parcel, self.found = client, settings, parcel, found

    def hand_over(self) -> Answer:
        parcel, settings = self._parcel, self._settings
        try:
            if parcel.channel == "text":
                words = {"message": parcel.text}
                took = self._client.send_sms_notification(
                    parcel.to, settings.text_template, personalisation=words, reference=parcel.reference
                )
            else:
                took = self._client.send_precompiled_letter_notification(
                    parcel.reference, io.BytesIO(parcel.page), postage=settings.postage
                )
        except APIError as fault:
            return _refused(fault)
        except (requests.RequestException, OSError, ValueError):
            return Answer(Outcome.UNKNOWN, _WORDS[Outcome.UNKNOWN])
        return _taken(took)

    def drop(self) -> None:
        self._client.request_session.close()


def _asked(client: Any, reference: str) -> Answer | None:
    try:
        answer = client.get_all_notifications(reference=reference)
    except APIError as fault:
        refused = _refused(fault)
        # Whatever became of the question, nothing was handed over with it.
        is_open = refused.outcome in (Outcome.UNKNOWN, Outcome.REFUSED)
        return Answer(Outcome.AWAY, _WORDS[Outcome.AWAY]) if is_open else refused
    except (requests.RequestException, OSError, ValueError):
        return Answer(Outcome.AWAY, _WORDS[Outcome.AWAY])
    listed = answer.get("notifications") if isinstance(answer, dict) else None
    if not isinstance(listed, list):
        return Answer(Outcome.AWAY, _WORDS[Outcome.AWAY])
    # What is listed under another reference is not ours, whatever was asked for.
    ours = [each for each in listed if isinstance(each, dict) and each.get("reference") == reference]
    return _taken(ours[0]) if ours else None


def _taken(told: Any) -> Answer:
    """What Notify says of something it has; anything that is no such answer leaves it open whether it does."""
    number = told.get("id") if isinstance(told, dict) else None
    if not isinstance(number, str) or not number or len(number) > 64:
        return Answer(Outcome.UNKNOWN, _WORDS[Outcome.UNKNOWN])
    status = told.get("status")
    return Answer(Outcome.TAKEN, "", number, status if isinstance(status, str) and status in STATUSES else "")


def _refused(fault: APIError) -> Answer:
    """What a fault means: never what it says, which may repeat a number or an address."""
    if getattr(fault, "response", None) is None:
        cause = fault.__cause__
        is_away = isinstance(fault, HTTPError) and _never_left(cause)
        outcome = Outcome.AWAY if is_away else Outcome.UNKNOWN
        return Answer(outcome, _WORDS[outcome])
    code = fault.status_code
    if code in (401, 403):
        return Answer(Outcome.AWAY, _NO_ENTRY)
    if code in (408, 425, 429):
        return Answer(Outcome.LATER, _WORDS[Outcome.LATER])
    # With 5xx, or an answer that is none, it may have been taken before something broke behind it.
    outcome = Outcome.REFUSED if 400 <= code < 500 else Outcome.UNKNOWN
    return Answer(outcome, _WORDS[outcome])


def _never_left(cause: BaseException | None) -> bool:
    """Whether the line itself could not be opened, so that no request was on it."""
    if isinstance(cause, requests.ConnectTimeout):
        return True
    inner = getattr(cause, "args", ())
    reason = getattr(inner[0], "reason", None) if inner else None
    return isinstance(cause, requests.ConnectionError) and type(reason).__name__ in (
        "NewConnectionError",
        "NameResolutionError",
        "ConnectTimeoutError",
    )
