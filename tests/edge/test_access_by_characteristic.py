"""Holds access to restorative justice by characteristic: the same numbers everywhere, small ones nowhere."""

import csv
import io
from pathlib import Path

import pytest

from engine.access_by import access_by_characteristic, answered
from engine.house import House
from engine.report_settings import Group, Grouping
from engine.sharing import shared_access
from store import people
from tests.conftest import NOW
from tests.edge.commands import Commands
from tests.edge.reported_service import MORGAN, raw_cases, work
from tests.edge.test_reports import END, START
from tests.edge.web_visitors import at, practitioner_on
from workflow.vocabulary import Characteristic


@pytest.fixture
def service(house: House) -> House:
    """A service with some months of work."""
    work(house, number=9)
    return at(house, NOW)


def test_every_case_of_a_person_stands_under_one_answer_for_each_characteristic_also_where_there_is_none(
    service: House,
) -> None:
    offered = {raw.reference for raw in raw_cases(service) if raw.days("restorative_answered")}

    listed = answered(service, START, END)

    assert len(listed) == 9
    for each in listed:
        assert {name for name, _ in each.answers} == set(Characteristic)
        assert ("offered" in each.flags) == (each.case in offered)


def test_the_answers_are_those_that_are_held_of_the_person(service: House) -> None:
    person = next(raw.person for raw in raw_cases(service))
    with service.reading() as connection:
        held = people.characteristics(connection, people.find(connection, service.keyring, person))

    answers = dict(answered(service, START, END)[0].answers)

    assert held["sex"] == ("answered", answers["sex"])
    assert {name for name, (status, _) in held.items() if status == "answered"} <= {
        name for name, answer in answers.items() if answer != "nobody has recorded it"
    }


def test_small_numbers_are_hidden_on_the_page_in_the_command_and_in_the_file_and_all_three_agree(
    service: House, tmp_path: Path
) -> None:
    document = access_by_characteristic(service, START, END)
    sheets = shared_access(service, START, END, None, MORGAN)
    page = practitioner_on(service, user="morgan").get(f"/access-by-characteristic?from={START}&to={END}")

    rows = {
        (each["characteristic"].replace("_", " "), row["answer"]): row
        for each in document["characteristics"]
        for row in each["answers"]
    }
    numbers = [row[name] for row in rows.values() for name in ("cases", "consented", "offered", "took_part", "direct")]
    assert "hidden" in numbers
    assert not [number for number in numbers if isinstance(number, int) and 0 < number < 5]
    assert {tuple(row[:2]): row[2:7] for row in sheets[1].rows} == {
        key: tuple(row[name] for name in ("cases", "consented", "offered", "took_part", "direct"))
        for key, row in rows.items()
    }
    assert page.status_code == 200
    assert "Religion or belief" in page.text
    if service.settings.database.startswith("sqlite"):
        run = Commands(tmp_path)
        told = run.json("access", "--from", str(START), "--to", str(END))
        assert told["characteristics"] == document["characteristics"]
        printed = run("access", "--from", str(START), "--to", str(END), "--format", "csv").stdout
        assert [row for row in csv.reader(io.StringIO(printed)) if row[:1] == ["sex"]]


def test_an_answer_in_no_group_is_counted_and_never_shown_as_it_was_given() -> None:
    groups = (
        Group("religion_or_belief", "Sikh", frozenset({"sikh"}), None, 3.5),
        Group("age", "under 18", frozenset(), (0, 17), None),
    )
    grouping = Grouping(groups, "the census")

    assert grouping.group("religion_or_belief", " SIKH ") == "Sikh"
    assert grouping.group("religion_or_belief", "of the village of Example") == "another answer"
    assert grouping.group("age", "17") == "under 18"
    assert grouping.group("age", "18") == "another answer"
    assert grouping.area("religion_or_belief", "Sikh") == 3.5


def test_only_who_may_see_figures_opens_the_page_and_takes_the_file(service: House) -> None:
    manager = practitioner_on(service, user="morgan")
    practitioner = practitioner_on(service, manager.site)
    path = f"/access-by-characteristic/file?from={START}&to={END}&format=csv&for=us"

    taken, refused = manager.get(path), practitioner.get(path)

    assert "To be shared" in taken.text
    assert refused.status_code == 403
    assert practitioner.get("/access-by-characteristic").status_code == 403
