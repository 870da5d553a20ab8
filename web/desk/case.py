"""Shows one case: who it is about, what is safe, what to do next, the journey, the duties, letters and history."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.accounts import practitioners
from engine.correspondence import name_of
from engine.desk import CaseFile, open_file
from engine.glass import open_until
from engine.house import House
from engine.paring import receipts
from engine.targeted import other_cases
from web import words
from web.access import actor, house_of
from web.desk.duty_list import duty_groups
from web.desk.journey import drawing_of, stages_of
from web.desk.next_steps import action_words, next_step
from web.desk.safety import Safety, safety
from web.desk.strands import strands_shown
from web.pages import page
from workflow.catalogue import CATALOGUE
from workflow.contact import Verdict
from workflow.events import Event, FieldKind
from workflow.london import london_day
from workflow.vocabulary import Channel, Track

router = APIRouter(include_in_schema=False)

_TRACKS = {
    Track.CONSENT: "Consent",
    Track.CHARACTERISTICS: "Characteristics",
    Track.SAFETY: "Safety",
    Track.HOLD: "Hold",
    Track.VIEWS: "Views for the decision",
    Track.UPDATES: "News of progress",
    Track.SUPPORT: "Support",
    Track.PROBATION: "Victim Contact Scheme",
    Track.COMPLAINT: "Complaint",
    Track.TRANSFER: "Transfer to another service",
}
_TRACK_WORDS = {
    "none": "None",
    "unknown": "Not known",
    "missing": "Not asked yet",
    "gaps": "Asked, with gaps",
    "complete": "Asked in full",
    "standard": "Standard care",
    "enhanced_care": "Extra care needed",
    "not_objected": "Told, and did not object",
    "refused_provisionally": "Refused, to be confirmed with the officer",
    "refused_confirmed": "Refused",
    "alert": "Safeguarding alert",
}
# What only the machinery needs is not read out.
_SILENT_FIELDS = {"letter", "occurrence", "submission"}
_SAME = timedelta(minutes=1)


@router.get("/cases/{reference}")
def case_page(request: Request, reference: str) -> Response:
    """One case.  That it was opened is logged before it is shown, and if that fails it is not shown."""
    house, now = house_of(request), house_of(request).now()
    file = open_file(house, reference, actor(request), now)
    names = dict(practitioners(house))
    today = london_day(now)
    stages = stages_of(file.case)
    found = safety(file, now, house.settings.days.safety_lasts)
    recorded, already = (_known(request.query_params.get(name, "")) for name in ("recorded", "already"))
    return page(
        request,
        "case.html",
        file=file,
        opened_until=_opened_until(request, file, now),
        case=file.case,
        victim=file.victim,
        children=[_child(child) for child in file.children_linked],
        owner=words.person(file.case.assignee or "unassigned", names),
        mine=file.case.assignee == actor(request).user,
        safety=found,
        call=_call(file, found),
        action=file.action,
        action_words=action_words(house, file.action["action"], file.action["rule"], today) if file.action else "",
        step=next_step(file),
        also=[_also(house, each, today) for each in file.actions[1:]],
        stages=stages,
        journey_drawn=drawing_of(file.case, stages),
        tracks=[(_TRACKS[track], _track(state)) for track, state in _beside(file)],
        strands=strands_shown(file),
        several_children=len(file.strands) > 1,
        duty_groups=duty_groups(house, file, today),
        letters=[_letter(house, letter) for letter in file.letters],
        history=[_entry(house, event, file, names) for event in reversed(file.case.history)],
        loose_notes=_loose_notes(file),
        characteristics=[
            (words.value(name), words.value(status)) for name, (status, _) in file.characteristics.items()
        ],
        pared_back=receipts(file.case),
        asks_same_victim=bool(file.case.of("same_victim_suggested", "same_victim_decided")),
        same_victim=other_cases(house, reference),
        recorded=words.happened(recorded) if recorded else "",
        already=words.happened(already) if already else "",
    )


def _also(house: House, action: Mapping[str, Any], today: date) -> dict[str, Any]:
    """One more thing to do on the case, beside the next."""
    return {
        "words": action_words(house, action["action"], action["rule"], today),
        "tier": words.TIERS[action["tier"]],
        "due": words.due(action["due_on"], today, action["overdue_working_days"]),
        "waiting_on": words.value(action["waiting_on"]) if action["waiting_on"] else "",
    }


_CALL_ENDED = ("reached", "no_answer", "message_left", "wrong_person", "number_wrong")


def _call(file: CaseFile, found: Safety) -> dict[str, Any] | None:
    """The short form for a call, where one may be logged: how it ended, and what speaks against ringing at all."""
    if "attempt_made" not in {kind.name for kind in file.possible}:
        return None
    phone = next(way for way in found.ways if way.channel == Channel.PHONE)
    warning = " ".join(("Do not ring now.", *phone.reasons)) if phone.verdict != Verdict.RELEASE else ""
    return {"outcomes": [(code, words.value(code)) for code in _CALL_ENDED], "warning": warning}


def _opened_until(request: Request, file: CaseFile, now: datetime) -> str:
    """Until when a colleague's case is open to this visitor for the reason they gave; empty for any other case."""
    until = open_until(house_of(request), file.key.case_id, actor(request), now)
    return words.clock_time(until) if until and file.case.assignee != actor(request).user else ""


def _known(kind: str) -> str:
    return kind if kind in CATALOGUE else ""


def _child(child: Mapping[str, Any]) -> dict[str, str]:
    return {"name": name_of(child) or "Name not known", "born": words.day(child.get("date_of_birth"))}


def _beside(file: CaseFile) -> list[tuple[Track, str]]:
    return [(track, file.case.states[track]) for track in _TRACKS]


def _track(state: str) -> str:
    return _TRACK_WORDS.get(state) or words.value(state)


def _letter(house: House, letter: Any) -> dict[str, Any]:
    kind = house.letters.get(letter.kind)
    return {
        "id": letter.letter_id,
        "title": kind.title if kind else letter.kind,
        "state": words.LETTER_STATES[letter.state],
        "can_approve": letter.state == "drafted",
        "channel": words.value(letter.channel),
        "drafted": words.day(letter.drafted_at.date()),
        "released": words.moment(letter.released_at) if letter.released_at else "",
        "reasons": [reason["words"] for reason in (letter.decision or {}).get("reasons", [])],
    }


def _entry(house: House, event: Event, file: CaseFile, names: Mapping[str, str]) -> dict[str, Any]:
    kind = CATALOGUE.get(event.kind)
    notes = {each.name for each in kind.fields if each.kind is FieldKind.NOTE} if kind else set()
    said = [
        (words.field_label(event.kind, name), _said(house, event, name, value, names))
        for name, value in event.fields.items()
        if name not in notes and name not in _SILENT_FIELDS
    ]
    return {
        "seq": event.seq,
        "label": words.happened(event.kind),
        "said": said,
        "notes": [file.notes[str(event.fields[name])] for name in notes if str(event.fields.get(name)) in file.notes],
        "by": words.person(event.by, names),
        "at": words.moment(event.at),
        "iso": event.at.isoformat(),
        "recorded": words.moment(event.recorded_at) if event.recorded_at - event.at > _SAME else "",
        "retracted": event.seq in file.case.retracted,
        "corrects": event.corrects,
        "may_be_taken_back": event.seq not in file.case.retracted and event.kind != "entry_retracted",
    }


def _said(house: House, event: Event, name: str, value: object, names: Mapping[str, str]) -> str:
    if name == "kind" and value in house.letters:
        return house.letters[str(value)].title
    if name == "rule":
        return action_words(house, "", str(value), event.day)
    if name in ("to", "approver"):
        return words.person(str(value), names)
    return words.field_value(event.kind, name, value)


def _loose_notes(file: CaseFile) -> list[str]:
    """Notes that belong to no entry, such as those that came with the consent record."""
    used = {str(value) for event in file.case.history for value in event.fields.values()}
    return [text for reference, text in file.notes.items() if reference not in used]
