"""Proves that a police file in CSV says what the same records say in JSON, and that a broken row costs no other."""

import pytest

from tests.edge.consent_records import RECORDS, consent_record, police_csv, read_all


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\r\n", "\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_csv_file_says_the_same_as_the_json_of_it(delimiter: str, ending: str, encoding: str) -> None:
    content = police_csv(RECORDS, delimiter).replace("\r\n", ending).encode(encoding)

    reading, rows = read_all(content, "records.csv")

    assert (reading.kind, reading.encoding, reading.problems) == ("csv", "utf-8", ())
    assert [row.raw for row in rows] == RECORDS


IDENTITY = "submission_id,force,reason"
"""The columns without which no record can be taken."""


def test_a_file_saved_on_an_old_desktop_is_told_and_its_names_are_kept() -> None:
    text = police_csv([consent_record(victim__given_name="Siân", victim__family_name="O’Shea–Müller")])
    content = text.encode("cp1252")

    reading, rows = read_all(content, "records.csv")

    assert reading.encoding == "cp1252"
    assert rows[0].raw is not None
    assert rows[0].raw["victim"]["given_name"] == "Siân"
    assert rows[0].raw["victim"]["family_name"] == "O’Shea–Müller"


def test_one_row_in_another_encoding_is_bad_and_the_others_are_good() -> None:
    one, two, three = (consent_record(submission_id=f"TST-{n}", victim__given_name="Siân") for n in (1, 2, 3))
    lines = police_csv([one, two, three]).splitlines(keepends=True)
    content = (lines[0] + lines[1]).encode() + lines[2].encode("cp1252") + lines[3].encode()

    reading, rows = read_all(content, "records.csv")

    assert reading.encoding == "utf-8"
    assert [row.raw for row in rows] == [one, None, three]
    assert [problem.rule for problem in rows[1].problems] == ["not-utf-8"]


def test_columns_nobody_knows_and_columns_that_stand_twice_are_named() -> None:
    names = "submission_id,consent.decison,victim.phones.21.number,12 Refuge Lane,force,victim.email,force,Email"

    reading, rows = read_all(f"{names}\r\nTST-1,yes,,,testshire,,,\r\n", "records.csv")

    assert [(problem.path, problem.rule) for problem in reading.problems] == [
        ("force", "repeated-column"),
        ("reason", "missing-column"),
        ("consent.decison", "unknown-column"),
        ("victim.phones.21.number", "unknown-column"),
        ("number 4", "unknown-column"),
        ("number 8", "unknown-column"),
    ]
    assert rows == []


def test_a_cell_that_is_neither_true_nor_false_stays_what_it_is() -> None:
    names = f"{IDENTITY},consent.scope.contact,consent.scope.home_visit,needs.bsl,needs.interpreter,victim.age_estimate"

    _, rows = read_all(f"{names}\r\n,,,true,TRUE,yes, true,about 30\r\n", "records.csv")

    assert rows[0].raw == {
        "consent": {"scope": {"contact": True, "home_visit": "TRUE"}},
        "needs": {"bsl": "yes", "interpreter": " true"},
        "victim": {"age_estimate": "about 30"},
    }


def test_an_empty_cell_is_an_answer_only_where_a_list_may_be_empty() -> None:
    names = f"{IDENTITY}," + (
        "safety.risks,needs.formats,incident.contact_conditions,victim.address.lines,victim.phones,victim.email,station"
    )

    _, rows = read_all(f"{names}\r\n,,,,,,,,,Example Road\r\n", "records.csv")

    assert rows[0].raw == {
        "safety": {"risks": []},
        "needs": {"formats": []},
        "incident": {"contact_conditions": []},
        "station": "Example Road",
    }


def test_a_list_of_blanks_is_not_an_empty_list() -> None:
    names = (
        f"{IDENTITY},safety.risks,safety.must_not_know,incident.contact_conditions,incident.contact_conditions.2.kind"
    )

    _, rows = read_all(f"{names}\r\n,,, | ,partner | |school,none,bail\r\n", "records.csv")

    assert rows[0].raw == {
        "safety": {"risks": ["", ""], "must_not_know": ["partner", "school"]},
        "incident": {"contact_conditions": [{"kind": "bail"}, "none"]},
    }


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        ('"never closed,testshire,new', "broken-row"),
        ('TST-9,"test"shire,new', "broken-row"),
        ("TST-9,testshire", "wrong-number-of-cells"),
        ("TST-9,testshire,new,,", "wrong-number-of-cells"),
        ('TST-9,testshire,"new', "broken-row"),
        ("TST-9,testshire," + "x" * 5000, "too-large"),
    ],
)
def test_a_broken_row_of_cells_costs_no_other(broken: str, rule: str) -> None:
    good = [f"TST-{number},testshire,new" for number in range(1, 6)]
    content = "\r\n".join(["submission_id,force,reason", *good[:2], broken, *good[2:], broken, *good])

    _, rows = read_all(content, "records.csv", max_record=4000)

    assert [row.number for row in rows] == list(range(1, 13))
    assert [row.number for row in rows if row.problems] == [3, 7]
    assert {problem.rule for row in rows for problem in row.problems} <= {rule, "broken-row", "wrong-number-of-cells"}


def test_two_stray_quotation_marks_do_not_swallow_the_records_between_them() -> None:
    good = [f"TST-{number},testshire,new,a note" for number in range(1, 5)]
    content = "\r\n".join(
        ["submission_id,force,reason,notes", 'TST-8,testshire,new,"open', *good, 'TST-9,testshire,new,close"', *good]
    )

    _, rows = read_all(content, "records.csv")

    assert [row.number for row in rows if row.problems] == [1, 6]
    assert sum(row.raw is not None for row in rows) == 8


def test_a_note_of_several_lines_is_one_cell() -> None:
    note = 'She said, on the phone:\nnot before six,\n"please".'
    content = police_csv([consent_record(notes=note), consent_record(submission_id="TST-2")])

    _, rows = read_all(content, "records.csv")

    assert [row.raw["notes"] for row in rows if row.raw and "notes" in row.raw] == [note]
    assert len(rows) == 2


def test_no_bytes_whatsoever_are_lost_or_stop_the_reader() -> None:
    good = police_csv(RECORDS).encode()
    damaged = [
        good[:cut] + bytes([wrong]) + good[cut:] for cut in range(0, len(good), 97) for wrong in (0, 34, 44, 10, 255)
    ]

    counted = [read_all(content, "records.csv") for content in damaged]

    assert all(reading.problems or rows for reading, rows in counted)
    assert all((row.raw is None) == bool(row.problems) for _, rows in counted for row in rows)
