"""Shows restorative justice with each child responsible: where it stands, what is signed, what was agreed."""

from collections.abc import Mapping
from typing import Any

from engine.desk import CaseFile
from web import words
from web.labels import Tag

_STATES: Mapping[str, Tag] = {
    "not_offered": Tag("Not offered yet"),
    "offered": Tag("Offered", "blue"),
    "explained": Tag("Offered and explained", "blue"),
    "not_now": Tag("Not now", "yellow"),
    "declined": Tag("Declined by the victim"),
    "child_declined": Tag("The child declined"),
    "unsuitable": Tag("Not suitable"),
    "stopped": Tag("Stopped"),
    "accepted": Tag("The victim said yes", "teal"),
    "preparing": Tag("Being prepared", "teal"),
    "ready": Tag("Both sides ready", "purple"),
    "planned": Tag("A day is set", "purple"),
    "reparation": Tag("Reparation goes on", "orange"),
    "follow_up": Tag("Followed up", "orange"),
    "ended": Tag("Ended", "green"),
}

_ITEMS: Mapping[str, Tag] = {
    "open": Tag("Open", "orange"),
    "completed": Tag("Done", "green"),
    "failed": Tag("Not done", "red"),
}

_DAYS = (
    ("offered_on", "Offered"),
    ("answered_on", "Victim's answer"),
    ("ask_again_on", "Ask again on"),
    ("victim_consented_on", "Victim's consent"),
    ("child_consented_on", "Child's consent"),
    ("risk_assessed_on", "Risk assessment signed"),
    ("complex_approved_on", "Complex work signed off"),
    ("planned_on", "Event planned for"),
    ("postponed_on", "Last put off"),
    ("held_on", "Event held"),
    ("debriefed_on", "Debrief"),
    ("two_week_follow_up_on", "Asked at two weeks"),
    ("six_week_follow_up_on", "Asked at six to eight weeks"),
    ("ended_on", "Ended"),
)


def strands_shown(file: CaseFile) -> list[dict[str, Any]]:
    """Every strand as the page shows it, with the name of the child where we know it."""
    several = len(file.strands) > 1
    return [_shown(file, strand, several) for strand in file.strands]


def _shown(file: CaseFile, strand: Mapping[str, Any], several: bool) -> dict[str, Any]:
    child = strand["child"] or ""
    facts = [(label, words.day(strand[name])) for name, label in _DAYS if strand[name]]
    if strand["form"]:
        facts.insert(0, ("Form", words.value(strand["form"])))
    if strand["consents_fresh_until"] and strand["lacking"] == [] and not strand["held_on"]:
        facts.append(("Consents count until", words.day(strand["consents_fresh_until"])))
    return {
        "child": child,
        "name": file.child_names.get(child) or child or "The child responsible",
        "state": _STATES[strand["state"]],
        "facts": facts,
        "complex": strand["is_complex"],
        "lacking": strand["lacking"],
        "conditions": [_condition(each) for each in strand["contact_conditions"]],
        "items": [
            {
                "number": item["item"],
                "what": words.value(item["kind"]),
                "whom": "The victim" if item["direct"] else "The community",
                "due": words.day(item["due_on"]),
                "state": _ITEMS[item["state"]],
                "how": words.value(item["evidence"] or item["reason"]) if item["evidence"] or item["reason"] else "",
            }
            for item in strand["items"]
        ],
        "several": several,
    }


def _condition(condition: Mapping[str, str | None]) -> str:
    ends = f"until {words.day(condition['to'])}" if condition["to"] else "with no end on record"
    return f"{words.value(str(condition['kind']))}, {ends}"
