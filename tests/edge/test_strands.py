"""Restorative strands through the one door, on both databases: linked by police, never by name, refused in words."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.checking import check_house
from engine.child_links import references
from engine.desk import CaseFile, case_document, open_file
from engine.entries import Actor, Entry
from engine.house import House
from engine.intake.importing import import_records
from engine.record import record
from store import cases
from tests.edge.consent_records import consent_record
from tests.edge.web_visitors import on_one_database
from workflow.events import Fields
from workflow.machine import NotAllowed
from workflow.permissions import NotPermitted

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SAM = {"reference": "CH-1", "given_name": "Sam", "family_name": "Sample", "date_of_birth": "2012-05-05"}
KIT = {"reference": "CH-2", "given_name": "Kit", "family_name": "Specimen", "date_of_birth": "2011-04-04"}


def taken_in(house: House, folder: Path, **changes: Any) -> str:
    """The reference of the case of a record that police sent."""
    file = folder / f"{changes.get('submission_id', 'first')}.jsonl"
    file.write_text(json.dumps(consent_record(**{"force": "derbyshire", **changes})), encoding="utf-8")
    receipt = import_records(house, file, "derbyshire", MONDAY)
    return str(receipt["rows"][0]["case_reference"])


def said(house: House, reference: str, actor: Actor, now: datetime, *entries: Entry) -> None:
    """Entries recorded together."""
    record(house, reference, entries, actor=actor, now=now)


def opened(house: House, reference: str, actor: Actor, now: datetime = MONDAY) -> CaseFile:
    """The case as it is opened."""
    return open_file(house, reference, actor, now)


def in_preparation(house: House, reference: str, actor: Actor, child: str) -> None:
    """From triage to a yes with one child."""
    mine: Fields = {"child": child} if child else {}
    conversation: Fields = {"views": "given", "wants_updates": True, "wants_support": False, "explained": True}
    said(
        house,
        reference,
        actor,
        MONDAY,
        Entry("triage_completed"),
        Entry("attempt_made", {"channel": "phone", "outcome": "reached"}),
        Entry("conversation_recorded", conversation),
        Entry("restorative_offered", {"invited": True, **mine}),
        Entry("restorative_answered", {"answer": "yes", "kind": "direct_meeting", **mine}),
        Entry("restorative_consent_given", {"side": "both", **mine}),
        Entry("risk_assessed", {"suitable": True, "signed_by": "rosa", "signed_on": "2026-11-23", **mine}),
    )


def test_police_link_every_child_by_reference_and_no_event_names_anybody(
    house: House, manager: Actor, tmp_path: Path
) -> None:
    reference = taken_in(house, tmp_path, incident__children=[SAM, KIT])

    file = opened(house, reference, manager)

    document = case_document(house, file)
    written = json.dumps(document)
    assert file.case.children == ("CH-1", "CH-2")
    assert [(each["child"], each["state"]) for each in document["strands"]] == [
        ("CH-1", "not_offered"),
        ("CH-2", "not_offered"),
    ]
    assert file.child_names == {"CH-1": "Sam Sample", "CH-2": "Kit Specimen"}
    assert not [name for name in ("Sam", "Sample", "Kit", "Specimen", "Alex", "Example", "ZZ99") if name in written]
    assert "restorative:CH-1" not in document["tracks"]


@pytest.mark.parametrize("reference", [None, "sam-1", "Kim", "SAMPLE 7"], ids=["none", "given", "letters", "family"])
def test_a_reference_that_is_missing_or_tells_a_name_is_kept_out_of_the_history(
    house: House, manager: Actor, tmp_path: Path, reference: str | None
) -> None:
    child = {**SAM, "reference": reference} if reference else {k: v for k, v in SAM.items() if k != "reference"}

    file = opened(house, taken_in(house, tmp_path, incident__children=[child]), manager)

    (known,) = file.case.children
    assert known.startswith("C0-")
    assert file.child_names == {known: "Sam Sample"}


def test_a_later_record_with_another_child_begins_another_strand_and_an_unlinked_one_stays_unlinked(
    house: House, practitioner: Actor, manager: Actor, tmp_path: Path
) -> None:
    reference = taken_in(house, tmp_path)
    said(house, reference, practitioner, MONDAY, Entry("child_unlinked", {"child": "CH-1", "reason": "wrong_child"}))

    again = taken_in(house, tmp_path, submission_id="TST-2", reason="update", incident__children=[SAM, KIT])

    file = opened(house, reference, manager)
    assert again == reference
    assert file.case.children == ("CH-2",)
    assert [child["given_name"] for child in file.children_linked] == ["Kit"]


def test_a_condition_police_send_bars_readiness_until_a_manager_ends_it(
    house: House, practitioner: Actor, manager: Actor, tmp_path: Path
) -> None:
    bail = [{"kind": "bail", "from": "2026-11-02", "to": "2027-02-01"}]
    reference = taken_in(house, tmp_path, incident__contact_conditions=bail)
    in_preparation(house, reference, practitioner, "")

    with pytest.raises(NotAllowed) as barred:
        said(house, reference, practitioner, MONDAY, Entry("readiness_confirmed"))
    with pytest.raises(NotPermitted):
        said(house, reference, practitioner, MONDAY, Entry("contact_condition_ended", {"kind": "bail"}))
    said(house, reference, manager, MONDAY, Entry("contact_condition_ended", {"kind": "bail"}))
    said(house, reference, practitioner, MONDAY, Entry("readiness_confirmed"))

    assert str(barred.value) == "A condition bars contact with this child (bail) until 1 February 2027."
    assert opened(house, reference, manager).strands[0]["state"] == "ready"


def test_the_door_asks_how_old_a_consent_may_be_of_the_rules_and_names_each_that_is_too_old(
    house: House, practitioner: Actor, manager: Actor, tmp_path: Path
) -> None:
    reference = taken_in(house, tmp_path, incident__children=[SAM, KIT])
    in_preparation(house, reference, practitioner, "CH-2")
    later = MONDAY + timedelta(days=29)
    before = opened(house, reference, manager).case.version

    with pytest.raises(NotAllowed) as refused:
        said(house, reference, practitioner, later, Entry("readiness_confirmed", {"child": "CH-2"}))
    renewed: Fields = {"child": "CH-2", "side": "child"}
    said(house, reference, practitioner, later, Entry("restorative_consent_given", renewed))
    with pytest.raises(NotAllowed) as half:
        said(house, reference, practitioner, later, Entry("readiness_confirmed", {"child": "CH-2"}))

    file = opened(house, reference, manager, later)
    assert str(refused.value).count("older than 28 days") == 2
    assert str(half.value) == "The victim's consent is older than 28 days: take it again."
    assert file.case.version == before + 1
    assert file.strands[1]["lacking"] == [str(half.value)]
    assert check_house(house, later, rebuild=False, tell=lambda done, total: None)["ok"]


def test_several_children_are_asked_for_at_the_door_and_nothing_is_written(
    house: House, practitioner: Actor, manager: Actor, tmp_path: Path
) -> None:
    reference = taken_in(house, tmp_path, incident__children=[SAM, KIT])
    in_preparation(house, reference, practitioner, "CH-1")
    before = opened(house, reference, manager).case.version

    with pytest.raises(NotAllowed) as refused:
        said(house, reference, practitioner, MONDAY, Entry("restorative_offered", {"invited": True}))

    assert str(refused.value) == "Several children are responsible: say which child, CH-1 or CH-2."
    assert opened(house, reference, manager).case.version == before


def test_a_rebuilt_house_says_the_same_of_two_strands_and_their_items(
    house: House, practitioner: Actor, manager: Actor, tmp_path: Path
) -> None:
    reference = taken_in(house, tmp_path, incident__children=[SAM, KIT])
    in_preparation(house, reference, practitioner, "CH-1")
    mine: Fields = {"child": "CH-1"}
    item: Fields = {"kind": "work_for_the_community", "benefits": "community", "due_on": "2026-12-20"}
    said(
        house,
        reference,
        practitioner,
        MONDAY,
        Entry("readiness_confirmed", mine),
        Entry("restorative_event_planned", {"on": "2026-11-23", **mine}),
        Entry("restorative_event_held", {"kind": "shuttle", "agreement": True, **mine}),
        Entry("reparation_agreed", {**item, **mine}),
        Entry("restorative_offered", {"invited": True, "child": "CH-2"}),
    )

    checked = check_house(house, MONDAY, rebuild=True, tell=lambda done, total: None)

    file = opened(house, reference, manager)
    assert checked["ok"]
    assert [each["state"] for each in file.strands] == ["reparation", "explained"]
    assert file.strands[0]["items"] == [
        {
            "item": 1,
            "kind": "work_for_the_community",
            "direct": False,
            "due_on": "2026-12-20",
            "state": "open",
            "settled_on": None,
            "evidence": None,
            "reason": None,
        }
    ]
    # 20 December 2026 is a Sunday: we look on the Monday.
    assert [str(duty.due_on) for duty in file.duties if duty.rule.id == "reparation-item"] == ["2026-12-21"]


def _links(house: House, reference: str) -> set[str]:
    """The children kept with a case, by their reference in the history."""
    with house.reading() as connection:
        key = cases.find(connection, house.service, reference)
        assert key is not None
        return set(references(house, connection, key))


def test_a_child_who_was_unlinked_is_out_of_the_case_and_police_do_not_bring_them_back(
    house: House, practitioner: Actor, tmp_path: Path
) -> None:
    reference = taken_in(house, tmp_path, incident__children=[SAM, KIT])
    said(house, reference, practitioner, MONDAY, Entry("child_unlinked", {"child": "CH-2", "reason": "wrong_child"}))
    unlinked = _links(house, reference)

    taken_in(house, tmp_path, incident__children=[SAM, KIT], submission_id="AGAIN", reason="update")

    assert unlinked == {"CH-1"}
    assert _links(house, reference) == {"CH-1"}
    assert opened(house, reference, practitioner).child_names == {"CH-1": "Sam Sample"}


def test_an_unlinking_that_is_taken_back_brings_the_child_back(
    house: House, practitioner: Actor, tmp_path: Path
) -> None:
    reference = taken_in(house, tmp_path, incident__children=[SAM, {**KIT, "reference": None}])
    code = next(each for each in _links(house, reference) if each != "CH-1")
    said(house, reference, practitioner, MONDAY, Entry("child_unlinked", {"child": code, "reason": "wrong_child"}))
    mistake = opened(house, reference, practitioner).case.last("child_unlinked")
    assert mistake is not None

    said(house, reference, practitioner, MONDAY, Entry("entry_retracted", corrects=mistake.seq))

    assert _links(house, reference) == {"CH-1", code}


@on_one_database
def test_a_case_from_before_there_were_strands_is_named_with_its_remedy_and_linking_places_the_work(
    house: House, practitioner: Actor, tmp_path: Path
) -> None:
    reference = taken_in(house, tmp_path, incident__children=[])
    in_preparation(house, reference, practitioner, "")
    other = taken_in(
        house,
        tmp_path,
        submission_id="OTHER",
        incident__children=[SAM, KIT],
        incident__crime_reference="26000000777/26",
    )
    with house.writing() as connection:
        # As an earlier release left it: two children kept with the case, and no word of either in its history.
        key, two = (cases.find(connection, house.service, each) for each in (reference, other))
        assert key is not None
        assert two is not None
        for number in references(house, connection, two).values():
            cases.add_child(connection, house.service, key.case_id, number)

    before = _children_checked(house)
    (worked,) = (each["state"] for each in opened(house, reference, practitioner).strands)
    said(house, reference, practitioner, MONDAY, Entry("child_linked", {"child": "CH-2"}))
    said(house, reference, practitioner, MONDAY, Entry("child_linked", {"child": "CH-1"}))

    assert before["outcome"] == "warning"
    assert f"record {reference} child_linked --field child=CH-1, child=CH-2" in before["details"]
    assert _children_checked(house)["outcome"] == "ok"
    placed = {each["child"]: each["state"] for each in opened(house, reference, practitioner).strands}
    assert placed == {"CH-2": worked, "CH-1": "not_offered"}
    assert worked != "not_offered"


def _children_checked(house: House) -> dict[str, Any]:
    checks = check_house(house, MONDAY, rebuild=False, tell=lambda done, total: None)["checks"]
    return next(each for each in checks if each["what"] == "children")
