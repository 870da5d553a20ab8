"""Holds the police interface against its own description, with everything Schemathesis can think of."""

import csv
import io
import itertools
import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis import engine
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events

from engine.accounts import add_force_key
from engine.intake.judge import judge
from engine.intake.receive import receive
from engine.intake.strict_json import parse
from tests.conftest import NOW, new_house
from tests.edge.consent_records import consent_record, police_csv
from tests.edge.web_visitors import at
from tests.edge.xlsx_files import sheet_of
from web.app import build
from workflow.london import london_day

EXAMPLES = 3
_RECORD, _FILE = "POST /api/v1/consent-records", "POST /api/v1/consent-records/batch"
_ANSWER = "POST /api/v1/queries/{query_id}/answer"
_OURS = ("submission_id", "force", "reason", "incident")


def _good(number: int, **changes: Any) -> dict[str, Any]:
    reference = f"26000{number:06d}/26"
    own: dict[str, Any] = {
        "submission_id": f"D-{number}",
        "force": "derbyshire",
        "incident__crime_reference": reference,
    }
    # Each is of somebody else: a thousand cases of one person are another test.
    own |= {
        "victim__family_name": "".join(("ba", "du", "fo", "ki")[number // 4**place % 4] for place in range(6)),
        "victim__date_of_birth": (date(1960, 1, 1) + timedelta(days=number)).isoformat(),
        "victim__address": {"lines": [f"{number} Nowhere Street", "Exampleton"], "postcode": "ZZ99 1AA"},
    }
    return consent_record(**{**own, **changes})


class _Meant:
    """Makes of what was drawn as right something that is right: a schema cannot say everything a record must be.

    It cannot say that no day lies in the future, that a yes covers contact, that the force is one's own, or that a
    key stands for one content.  So the parts that were drawn are laid over a good record, each where the record is
    still taken.  What was drawn as wrong is sent as it was drawn.
    """

    def __init__(self) -> None:
        self._numbers = itertools.count(100)

    def change(self, case: Any, kwargs: dict[str, Any]) -> None:
        """Change a call before it is made."""
        if case.meta is None or not case.meta.generation.mode.is_positive:
            return
        if "Idempotency-Key" in case.headers:
            case.headers["Idempotency-Key"] = f"{case.headers['Idempotency-Key'][:64]}-{next(self._numbers)}"
        if case.operation.label == _RECORD:
            case.body = self._record(case.body)
        elif case.operation.label == _FILE and "spreadsheet" in case.media_type:
            # A body that is no text cannot be put into the place of another: it goes with the call.
            kwargs["data"] = self._sheet()
        elif case.operation.label == _FILE:
            case.body = self._file(case.body, case.media_type)
        elif case.operation.label == _ANSWER:
            asked = str(case.path_parameters["query_id"]).rpartition(".")[2]
            case.body = {"answer": "not_informed"} if asked in ("refusal", "consent") else _filled(asked)

    def _record(self, drawn: Any) -> dict[str, Any]:
        record = _good(next(self._numbers))
        for name, part in drawn.items() if isinstance(drawn, Mapping) else ():
            tried = {**record, name: part}
            judged = judge(tried, force="derbyshire", model="opt_in", now=NOW, today=london_day(NOW), consent_lasts=180)
            if name not in _OURS and not judged.errors and not parse(json.dumps(tried)).problems:
                record = tried
        return record

    def _file(self, drawn: Any, kind: str) -> Any:
        if kind == "application/json":
            return [self._record(each) for each in drawn[:2]]
        records = [_good(next(self._numbers)) for _ in range(1)]
        lines = "\n".join(map(json.dumps, records))
        if kind == "multipart/form-data":
            return {"file": lines}
        if kind == "text/csv":
            return police_csv(records)
        return lines

    def _sheet(self) -> bytes:
        return sheet_of(list(csv.reader(io.StringIO(police_csv([_good(next(self._numbers))])))))


def _filled(asked: str) -> dict[str, Any]:
    if asked == "gaps":
        return {"answer": "filled", "record": {"needs": {"language": "en"}}}
    return {"answer": "filled", "record": {"victim": {"phones": [{"number": "07700 900003", "kind": "mobile"}]}}}


def test_schemathesis_finds_nothing_with_all_its_checks(tmp_path: Path) -> None:
    """No fault of the server, no status or shape that is not described, nothing taken that is described as wrong."""
    house = at(new_house(f"sqlite:///{tmp_path / 'test.db'}", tmp_path), NOW)
    for number, decision in enumerate(("yes", "no", "undecided")):
        receive(house, _good(number, consent__decision=decision, needs={}), "derbyshire", "opt_in", NOW)
    _, key = add_force_key(house, "derbyshire", NOW)
    config = SchemathesisConfig.from_dict(
        {
            "headers": {"Authorization": f"Bearer {key}"},
            "generation": {"max-examples": EXAMPLES, "database": "none"},
            "seed": 20261123,
        }
    )
    schema = schemathesis.openapi.from_asgi("/openapi.json", build(house, clock_runs=False), config=config)
    meant = _Meant()

    def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
        meant.change(case, kwargs)

    schemathesis.hook(before_call)
    found: dict[tuple[str, str], str] = {}
    asked: set[str | None] = set()
    try:
        for event in engine.from_schema(schema).execute():
            if isinstance(event, events.NonFatalError | events.FatalError):
                found["the run", type(event).__name__] = str(vars(event))[:500]
            elif isinstance(event, events.ScenarioFinished):
                asked.add(event.recorder.label)
                for checks in event.recorder.checks.values():
                    for check in (each for each in checks if each.failure_info is not None):
                        found[str(event.recorder.label), check.name] = str(check.failure_info)[:500]
    finally:
        schemathesis.hooks.unregister(before_call)

    house.database.dispose()
    assert found == {}
    calls = ("POST /api/v1/consent-records", "POST /api/v1/consent-records/batch", "GET /api/v1/queries")
    assert asked.issuperset(calls)
