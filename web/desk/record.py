"""Shows the forms with which events are recorded, one for each kind, made from the catalogue."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.accounts import practitioners
from engine.desk import CaseFile, open_file
from engine.entries import Entry
from engine.errors import KeyReused, NotFound, StaleCase, WrongInput
from engine.house import House
from engine.kept_forms import kept
from engine.outcomes import form_for, worded
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

# With one child, or one open item, there is nothing to choose and nothing to ask.
_SAYS_ITSELF = ("child", "item")


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
    if request.query_params.get("child", "") in file.case.children:
        first["child"] = [request.query_params["child"]]
    if "form" in {each.name for each in asked.fields}:
        first["form"] = [form_for(file.case)]
    if kind == "case_assigned":
        first["to"] = [actor(request).user]
    status = 200 if asked in file.possible else 409
    return _form_page(request, house, file, asked, _kept(request, house) or first, {}, status)


def _kept(request: Request, house: House) -> dict[str, list[str]]:
    """What was typed into this form when the session ended, by name; empty where nothing was."""
    found = kept(house, actor(request), house.now()) if "kept" in request.query_params else None
    typed: dict[str, list[str]] = {}
    if found is not None and found[0] == request.url.path:
        for name, value in found[1]:
            typed.setdefault(name, []).append(value)
    return typed


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
    asked = [
        each
        for each in questions(worded(house, file.case, kind), shown, errors, _offered(file, kind, names))
        if each.name not in _SAYS_ITSELF or each.required or len(each.choices) > 1 or each.error or each.value()
    ]
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
        changed=[
            (words.happened(event), words.person(by, names), _said(file, seq)) for seq, event, by in changes or ()
        ],
        is_stale=changes is not None,
        is_possible=kind in file.possible,
        was_used=fresh_key,
        was_kept="kept" in request.query_params and bool(kept_key),
        # Out of a form that was kept, so that what changed meanwhile is still noticed.
        seen=(shown.get("seen") or [""])[0] if "kept" in request.query_params else "",
        key="" if fresh_key else kept_key,
        entries=_entries(file) if kind.name == "entry_retracted" else (),
    )


def _said(file: CaseFile, seq: int) -> list[tuple[str, str]]:
    """What an entry says, to be held against what was typed meanwhile: each field and its value."""
    event = file.case.history[seq - 1]
    return [
        (words.field_label(event.kind, name), file.notes.get(str(value)) or words.field_value(event.kind, name, value))
        for name, value in event.fields.items()
    ]


def _summary(asked: Sequence[Any], errors: Mapping[str, str]) -> list[dict[str, str]]:
    anchors = {each.name: each.anchor for each in asked} | {"at": "at-day", "corrects": "corrects"}
    return [
        {"text": error, **({"href": f"#{anchors[name]}"} if name in anchors else {})} for name, error in errors.items()
    ]


def _offered(file: CaseFile, kind: EventKind, names: Mapping[str, str]) -> dict[str, Choices]:
    """Choices for the fields that are codes: users by their names, rules by their titles, children by theirs."""
    people = tuple(names.items())
    rules = {duty.rule.id: duty.rule.title for duty in file.duties if not duty.is_settled}
    children = [(child, file.child_names.get(child) or child) for child in file.case.children]
    return {
        "to": people,
        "approver": people,
        "signed_by": people,
        "asked_by": people,
        "about_worker": people,
        "rule": tuple(rules.items()),
        # A child who is linked is not there yet, and so is typed.
        "child": () if kind.name == "child_linked" else tuple(children),
        "item": tuple(_open_items(file)),
    }


def _open_items(file: CaseFile) -> Iterator[tuple[str, str]]:
    """The items of reparation that are open, by number."""
    for strand in file.strands:
        for item in strand["items"]:
            if item["state"] == "open":
                yield str(item["item"]), f"{item['item']}: {words.value(item['kind'])}, by {words.day(item['due_on'])}"


def _entries(file: CaseFile) -> list[tuple[str, str]]:
    """The entries that may be taken back, newest first."""
    return [
        (str(event.seq), f"{event.seq}: {words.happened(event.kind)}, {words.moment(event.at)}")
        for event in reversed(file.case.history)
        if event.seq not in file.case.retracted and event.kind != "entry_retracted"
    ]
