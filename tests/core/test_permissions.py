"""Permissions: unlisted is no, and a faulty file says which key."""

import pytest

from workflow.permissions import NotPermitted, parse_permissions

FILE: dict[str, object] = {
    "actions": {"case.read": ["practitioner"]},
    "events": {"note_written": ["practitioner", "manager"]},
    "routes": {"GET /queue": "case.read", "GET /healthz": "public"},
    "exports": {},
}


def test_what_is_listed_is_allowed_and_everything_else_is_not() -> None:
    permissions = parse_permissions(FILE)

    assert permissions.may("practitioner", "case.read")
    assert not permissions.may("manager", "case.read")
    assert not permissions.may("practitioner", "case.erase")
    assert permissions.may("police", "public")
    assert permissions.may_record("manager", "note_written")
    assert not permissions.may_record("manager", "case_closed")


def test_a_refusal_names_neither_a_person_nor_a_case() -> None:
    permissions = parse_permissions(FILE)

    with pytest.raises(NotPermitted) as refusal:
        permissions.demand("police", "case.read")

    assert str(refusal.value) == "A police account may not do that."


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"actions": {"case.read": ["wizard"]}}, "case.read"),
        ({"actions": {"case.read": "practitioner"}}, "case.read"),
        ({"routes": {"GET /queue": "queue.read"}}, "GET /queue"),
        ({"exports": None}, "exports"),
        ({"answers": {"note_written.reason.other": ["wizard"]}}, "note_written"),
        ({"answers": {"case_closed.reason.other": ["manager"]}}, "case_closed"),
        ({"answers": {"note_written": ["manager"]}}, "note_written"),
    ],
)
def test_a_faulty_file_says_which_key(change: dict[str, object], names: str) -> None:
    with pytest.raises(ValueError, match=names):
        parse_permissions({**FILE, **change})


def test_an_answer_may_be_given_by_fewer_than_may_record_the_event() -> None:
    permissions = parse_permissions({**FILE, "answers": {"note_written.about.safety": ["manager"]}})

    permissions.demand_answers("practitioner", "note_written", {"about": "weather"})
    permissions.demand_answers("manager", "note_written", {"about": "safety"})
    with pytest.raises(NotPermitted) as refusal:
        permissions.demand_answers("practitioner", "note_written", {"about": "safety"})

    assert str(refusal.value) == "A practitioner account may not record note_written with safety."
