"""Fills the queue with lines of every kind, without the cases' histories, for what is about order and numbers only."""

import random
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert

from engine.house import House
from store import people
from store.tables import ActionRow, VictimCase
from tests.conftest import NOW
from workflow.case import TEAM
from workflow.london import london_day

TODAY = london_day(NOW)
OWNERS = (TEAM, "rosa", "imran")


def lines(house: House, number: int, seed: int = 1) -> None:
    """So many lines of cases that have nothing else, each of another kind; the same seed gives the same lines."""
    chance = random.Random(seed)
    with house.writing() as connection:
        person = people.add(connection, house.service, house.keyring, "victim", "nobody", {})
        cases = [
            {
                "service_id": house.service,
                "case_id": 1000 + each,
                "reference": f"VC-{each:04}-{chance.randrange(10_000):04}",
                "person_id": person.person_id,
                "force": "derbyshire",
                "crime_reference": str(each),
                "version": 0,
            }
            for each in range(number)
        ]
        connection.execute(insert(VictimCase), cases)
        connection.execute(insert(ActionRow), [_line(chance, case) for case in cases])


def _line(chance: random.Random, case: dict[str, Any]) -> dict[str, Any]:
    owner, rests = chance.choice(OWNERS), chance.choice(("", "", "", "hold", "waiting"))
    tier, urgent = chance.randrange(6), chance.randrange(6)
    return {
        "service_id": case["service_id"],
        "case_id": case["case_id"],
        "reference": case["reference"],
        "name": "review_hold" if rests == "hold" else chance.choice(("triage", "try_again")),
        "reason": "Because.",
        "tier": tier,
        "due_on": _day(chance, 25),
        "urgent_tier": urgent,
        "urgent_from": _day(chance, 25),
        "rule": None,
        "waiting_on": "police" if rests == "waiting" else None,
        "owner": owner,
        "person": None if owner == TEAM else owner,
        "rests": rests,
        "enhanced": chance.random() < 0.3,
        "child_victim": chance.random() < 0.3,
        "reply_waiting": chance.random() < 0.2,
        "decision_on": _day(chance, 40) if chance.random() < 0.3 else None,
        "opened_on": TODAY - timedelta(days=chance.randrange(4)),
        "entered_on": TODAY - timedelta(days=chance.choice((0, 1, 1, 2, 1200))),
        "owned_since": TODAY,
    }


def _day(chance: random.Random, most: int) -> date:
    return TODAY + timedelta(days=chance.randint(-most, most))
