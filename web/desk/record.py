"""Shows the forms with which events are recorded, one for each kind, made from the catalogue."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.accounts import practitioners
from engine.desk import CaseFile, open_file
from engine.entries import Entry
from engine.errors import KeyReused, NotFound, StaleCase, WrongInput
from engine.house import House
from engine.record import record
from web import words
from web.access import actor, form, house_of, text
from web.desk.forms import Choices, questions, read, typed_of
from web.desk.groups import grouped
from web.desk.safety import safety
from web.pages import page, see_other
from workflow.catalogue import CATALOGUE
from workflow.events import EventKind
from workflow.london import london_day
from workflow.machine import NotAllowed

router = APIRouter(include_in_schema=False)


@router.get("/cases/{reference}/record")
def record_list(request: Request, reference: str) -> Response:
    """Everything that can be recorded on a case now."""
    house = house_of(request)
    file = open_file(house, reference, actor(request), house.now())
    return page(request, "record_list.html", file=file, groups=grouped(file.possible))


@router.get("/cases/{reference}/record/{kind}")
def record_page(request: Request, reference: str, kind: str) -> Response:
    """The form of one event."""
    house, asked = house_of(request), _kind(kind)
    file = open_file(house, reference, actor(request), house.now())
    entry = request.query_params.get("entry", "")
    first = {"corrects": [entry]} if entry.isdigit() else {}
    if kind == "case_assigned":
        first["to"] = [actor(request).user]
    status = 200 if asked in file.possible else 409
    return _form_page(request, house, file, asked, first, {}, status)


@router.post("/cases/{reference}/record/{kind}")
def recording(request: Request, reference: str, kind: str) -> Response:
    """Record the event, once however often the form is sent, or show the form again with what is wrong."""
    house, asked, sent, me = house_of(request), _kind(kind), form(request), actor(request)
    now = house.now()
    found = read(asked, sent, london_day(now))
    seen = text(sent, "seen")
    key = text(sent, "key")[:64]
    if found.errors or not key or not (seen.isdigit() and len(seen) < 9):
        return _again(request, house, reference, asked, found.errors, 422)
    try:
        written = record(
            house,
            reference,
            [Entry(kind, found.fields, found.at, found.corrects)],
            actor=me,
            now=now,
            seen=int(seen),
            key=key,
        )
    except StaleCase as stale:
        return _again(request, house, reference, asked, {}, 409, changes=stale.changes)
    except KeyReused:
        return _again(request, house, reference, asked, {}, 422, fresh_key=True)
    except (NotAllowed, WrongInput) as refused:
        status = 409 if isinstance(refused, NotAllowed) else 422
        return _again(request, house, reference, asked, {"": _in_words(asked, str(refused))}, status)
    return see_other(f"/cases/{reference}?{'already' if written.repeated else 'recorded'}={kind}")


def _kind(name: str) -> EventKind:
    kind = CATALOGUE.get(name)
    if kind is None or not kind.opens_form:
        raise NotFound("There is no such form.")
    return kind


def _in_words(kind: EventKind, refusal: str) -> str:
    """A refusal as a person reads it: the event by its label."""
    return refusal.replace(f"{kind.name} cannot", f"“{kind.label}” cannot")


def _again(
    request: Request, house: House, reference: str, kind: EventKind, errors: Mapping[str, str], status: int, **more: Any
) -> Response:
    """The form once more, with everything that was typed."""
    file = open_file(house, reference, actor(request), house.now())
    return _form_page(request, house, file, kind, typed_of(form(request)), errors, status, **more)


def _form_page(
    request: Request,
    house: House,
    file: CaseFile,
    kind: EventKind,
    shown: Mapping[str, Sequence[str]],
    errors: Mapping[str, str],
    status: int,
    *,
    changes: Sequence[tuple[int, str, str]] | None = None,
    fresh_key: bool = False,
) -> Response:
    names = dict(practitioners(house))
    asked = questions(kind, shown, errors, _offered(file, names))
    kept_key = (shown.get("key") or [""])[0]
    return page(
        request,
        "record.html",
        status,
        file=file,
        kind=kind,
        asked=asked,
        errors=_summary(asked, errors),
        error_of=errors,
        shown=shown,
        safety=safety(file, house.now(), house.settings.days.safety_lasts),
        changed=[(words.happened(event), words.person(by, names)) for _, event, by in changes or ()],
        is_stale=changes is not None,
        is_possible=kind in file.possible,
        was_used=fresh_key,
        key="" if fresh_key else kept_key,
        entries=_entries(file) if kind.name == "entry_retracted" else (),
    )


def _summary(asked: Sequence[Any], errors: Mapping[str, str]) -> list[dict[str, str]]:
    anchors = {each.name: each.anchor for each in asked} | {"at": "at-day", "corrects": "corrects"}
    return [
        {"text": error, **({"href": f"#{anchors[name]}"} if name in anchors else {})} for name, error in errors.items()
    ]


def _offered(file: CaseFile, names: Mapping[str, str]) -> dict[str, Choices]:
    """Choices for the fields that are codes: users by their names, rules by their titles."""
    people = tuple(names.items())
    rules = {duty.rule.id: duty.rule.title for duty in file.duties if not duty.is_settled}
    return {"to": people, "approver": people, "rule": tuple(rules.items())}


def _entries(file: CaseFile) -> list[tuple[str, str]]:
    """The entries that may be taken back, newest first."""
    return [
        (str(event.seq), f"{event.seq}: {words.happened(event.kind)}, {words.moment(event.at)}")
        for event in reversed(file.case.history)
        if event.seq not in file.case.retracted and event.kind != "entry_retracted"
    ]
