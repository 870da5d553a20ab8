"""Holds the question about an officer's rest days: typed as people type days, kept as a file writes them."""

import pytest
from starlette.datastructures import FormData

from web.police.questions import question, read, typed_of

REST_DAYS = "officer.rest_days"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("27 11 2026\n28/11/2026", "2026-11-27|2026-11-28"),
        ("  1.2.2026  \n\n2026-02-03", "2026-02-01|2026-02-03"),
        ("next week", "next week"),
        ("", None),
    ],
)
def test_days_are_read_line_by_line_and_what_is_none_is_left_to_the_judge(typed: str, kept: str | None) -> None:
    sent = FormData([("officer-rest_days", typed)])

    found = read([REST_DAYS], sent)

    assert found.get(REST_DAYS) == kept


def test_what_was_kept_is_shown_again_as_it_is_typed() -> None:
    cells = {REST_DAYS: "2026-11-27|2026-12-01"}

    typed = typed_of([REST_DAYS], cells)
    asked = question(REST_DAYS, typed)

    assert asked.kind == "lines"
    assert asked.value() == "27 11 2026\n1 12 2026"
    assert read([REST_DAYS], FormData([("officer-rest_days", asked.value())])) == cells
