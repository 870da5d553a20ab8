"""Shows restorative justice with each child on the case page, and asks in the forms with which child it was."""

from engine.entries import Actor, Entry
from engine.house import House
from engine.record import record
from tests.conftest import NOW
from tests.edge.test_strands import KIT, SAM
from tests.edge.web_visitors import new_case, on_one_database, practitioner_on
from workflow.events import Fields
from workflow.vocabulary import Role

ROSA = Actor("rosa", Role.PRACTITIONER)
TALK: Fields = {"views": "given", "wants_updates": True, "wants_support": False, "explained": True}


def in_talk(house: House, *entries: Entry, **changes: object) -> str:
    """A case in which restorative justice is to be decided."""
    reference = new_case(house, **changes)
    first = (
        Entry("triage_completed"),
        Entry("attempt_made", {"channel": "phone", "outcome": "reached"}),
        Entry("conversation_recorded", TALK),
    )
    record(house, reference, (*first, *entries), actor=ROSA, now=NOW)
    return reference


@on_one_database
def test_with_several_children_the_form_offers_them_by_name_and_the_event_keeps_the_reference(house: House) -> None:
    """Nobody types a reference, and no name comes into the history."""
    case = in_talk(house, incident__children=[SAM, KIT])
    visitor, path = practitioner_on(house), f"/cases/{case}/record/restorative_offered"

    form = visitor.get(path).text
    without = visitor.fill(path, path, {"invited": "yes"})
    done = visitor.fill(path, path, {"invited": "yes", "child": "CH-2"})

    assert "Sam Sample" in form
    assert 'value="CH-2"' in form
    assert without.status_code == 409
    assert "say which child, CH-1 or CH-2" in without.text
    assert done.status_code == 303
    page = visitor.get(f"/cases/{case}").text
    section = page.split('id="strands"', 1)[1].split("</section>", 1)[0]
    assert "Kit Specimen" in section
    assert "Offered and explained" in section
    assert "Not offered yet" in section
    assert "Nothing about the victim" in section


@on_one_database
def test_with_one_child_and_one_open_item_the_forms_stay_as_simple_as_they_were(house: House) -> None:
    """What can be known is not asked."""
    reparation: Fields = {"kind": "work_for_the_victim", "benefits": "victim", "due_on": "2026-12-18"}
    assessed: Fields = {"suitable": True, "signed_by": "rosa", "signed_on": NOW.date().isoformat()}
    case = in_talk(
        house,
        Entry("restorative_offered", {"invited": True}),
        Entry("restorative_answered", {"answer": "yes", "kind": "shuttle"}),
        Entry("restorative_consent_given", {"side": "both"}),
        Entry("risk_assessed", assessed),
        Entry("readiness_confirmed"),
        Entry("restorative_event_held", {"kind": "shuttle", "agreement": True}),
        Entry("reparation_agreed", reparation),
    )
    visitor, path = practitioner_on(house), f"/cases/{case}/record/reparation_item_completed"

    offer = visitor.get(f"/cases/{case}/record/restorative_offered").text
    item = visitor.get(path).text
    shown = visitor.get(f"/cases/{case}").text
    done = visitor.fill(path, path, {"evidence": "document"})

    assert 'name="child"' not in offer
    assert 'name="item"' not in item
    assert "Work for the victim" in shown
    assert "18 December 2026" in shown
    assert done.status_code == 303
    assert "Followed up" in visitor.get(f"/cases/{case}").text


@on_one_database
def test_what_is_still_needed_and_what_bars_contact_stand_on_the_page(house: House) -> None:
    """A facilitator sees before the form is filled what would be refused."""
    case = in_talk(
        house,
        Entry("restorative_offered", {"invited": True}),
        Entry("restorative_answered", {"answer": "yes", "kind": "direct_meeting"}),
        incident__contact_conditions=[{"kind": "dvpo", "to": "2027-01-31"}],
    )

    shown = practitioner_on(house).get(f"/cases/{case}").text

    assert "Contact with this child is barred:" in shown
    assert "Domestic violence protection order, until 31 January 2027" in shown
    assert "The risk assessment is not signed." in shown
