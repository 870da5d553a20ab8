"""Holds the police interface against its own description, with everything Schemathesis can think of."""

from pathlib import Path

import schemathesis
from schemathesis import engine
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events

from engine.accounts import add_force_key
from engine.intake.receive import receive
from tests.conftest import NOW, new_house
from tests.edge.consent_records import consent_record
from tests.edge.web_visitors import at
from web.app import build

EXAMPLES = 10


def test_schemathesis_finds_nothing_with_all_its_checks(tmp_path: Path) -> None:
    """No fault of the server, no status or shape that is not described, nothing taken that is described as wrong.

    A record may fit the description and be refused for what it says (a day in the future, another force): 422.
    """
    house = at(new_house(f"sqlite:///{tmp_path / 'test.db'}", tmp_path), NOW)
    for number, decision in enumerate(("yes", "no", "undecided")):
        reference = f"26000{number:06d}/26"
        record = consent_record(
            submission_id=f"D-{number}",
            force="derbyshire",
            incident__crime_reference=reference,
            consent__decision=decision,
            needs={},
        )
        receive(house, record, "derbyshire", "opt_in", NOW)
    _, key = add_force_key(house, "derbyshire", NOW)
    accepted = ["2xx", "401", "403", "404", "409", "415", "422"]
    config = SchemathesisConfig.from_dict(
        {
            "headers": {"Authorization": f"Bearer {key}"},
            "generation": {"max-examples": EXAMPLES, "database": "none"},
            "seed": 20261123,
            "checks": {"positive_data_acceptance": {"expected-statuses": accepted}},
        }
    )
    schema = schemathesis.openapi.from_asgi("/openapi.json", build(house, clock_runs=False), config=config)

    found: dict[tuple[str, str], str] = {}
    asked: set[str | None] = set()
    for event in engine.from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            found["the run", type(event).__name__] = str(vars(event))[:500]
        elif isinstance(event, events.ScenarioFinished):
            asked.add(event.recorder.label)
            for checks in event.recorder.checks.values():
                for check in (each for each in checks if each.failure_info is not None):
                    found[str(event.recorder.label), check.name] = str(check.failure_info)[:500]

    assert found == {}
    calls = ("POST /api/v1/consent-records", "POST /api/v1/consent-records/batch", "GET /api/v1/queries")
    assert asked.issuperset(calls)
    house.database.dispose()
