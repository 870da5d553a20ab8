"""docs/journey.md says what the tables say."""

from pathlib import Path

from workflow.drawing import journey_document
from workflow.tables import TABLES

JOURNEY = Path(__file__).resolve().parents[2] / "docs" / "journey.md"


def test_the_page_about_the_journey_is_the_one_drawn_from_the_tables() -> None:
    drawn = journey_document(TABLES)

    kept = JOURNEY.read_text(encoding="utf-8")

    assert kept == drawn, "Run `make docs` and look at what changed."
