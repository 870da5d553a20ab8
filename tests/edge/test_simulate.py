"""Proves that the simulated year is the same for the same seed, and that it keeps the rules and its own books."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.accounts import add_user, practitioners
from engine.checking import check_house
from engine.errors import WrongInput
from engine.house import House, found, open_house
from engine.settings import Settings
from engine.simulate import fresh_service, simulate_service, simulate_year
from engine.simulation.ledger import Ledger
from store import cases, projections
from store.cases import link
from tests.conftest import settings_for
from workflow.case import Case
from workflow.events import Event
from workflow.london import LONDON
from workflow.vocabulary import DIRECT_KINDS

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
CASES, SEED = 12, 1
PEOPLE = ("rosa", "imran", "morgan")
IN_CONTACT = (
    "attempt_made",
    "conversation_recorded",
    "restorative_information_given",
    "views_asked",
    "letter_sent",
    "feedback_asked",
)
ANSWERS = ("consent_recorded", "consent_renewed", "victim_returned", "consent_withdrawn", "refusal_confirmed")


@dataclass(frozen=True)
class Played:
    """A year that was played: the house, what was put in, and what stands in the history."""

    house: House
    ledger: Ledger
    histories: tuple[Case, ...]
    watched: "Watched"

    @property
    def events(self) -> list[Event]:
        """Every event of every case."""
        return [event for case in self.histories for event in case.history]


@dataclass
class Watched:
    """What was seen in the evening of each day: how many cases were open, and which of them nobody was to work on."""

    house: House
    opened: list[int] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)

    def __call__(self, day: int, _: int) -> None:
        with self.house.reading() as connection:
            rows = {
                each["reference"] for each in projections.summaries(connection, self.house.service) if each["is_open"]
            }
            lines = {line.case: line for line in projections.queue_lines(connection, self.house.service, None)}
        asked = {case for case, line in lines.items() if line.action.name and line.owner}
        self.opened.append(len(rows))
        self.forgotten += [f"{case} on day {day}" for case in sorted(rows - asked)]


def silent(_: int, __: int) -> None:
    """Tells nobody."""


def rehearsed(database: str, folder: Path) -> Settings:
    """The settings of an example service for which it is always the same Monday morning."""
    return replace(settings_for(database, folder), rehearsal=NOW)


def played(database: str, folder: Path, number: int, seed: int) -> Played:
    """A year with that many referrals."""
    house = fresh_service(rehearsed(database, folder))
    watched = Watched(house)
    ledger = simulate_year(house, number, seed, watched)
    with house.reading() as connection:
        histories = tuple(case for _, case in cases.histories(connection, house.service))
    return Played(house, ledger, histories, watched)


def digests(year: Played) -> list[str]:
    """The last link of the chain of each case: the same only where every event of it is the same."""
    ends = []
    for case in year.histories:
        chain = ""
        for event in case.history:
            chain = link(chain, case.reference, event)
        ends.append(chain)
    return ends


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """A small year, played once for all tests that only look at it."""
    folder = tmp_path_factory.mktemp("year")
    small = played(f"sqlite:///{folder / 'year.db'}", folder, CASES, SEED)
    yield small
    small.house.database.dispose()


def test_the_same_seed_gives_the_same_year_on_either_database_and_every_check_is_satisfied(
    database: str, tmp_path: Path, year: Played
) -> None:
    again = played(database, tmp_path, CASES, SEED)

    checked = check_house(again.house, again.house.now(), rebuild=False, tell=silent)
    again.house.database.dispose()

    assert digests(again) == digests(year)
    assert again.ledger == year.ledger
    assert checked["ok"], checked["checks"]


def test_another_seed_gives_another_year(tmp_path: Path, year: Played) -> None:
    other = played(f"sqlite:///{tmp_path / 'other.db'}", tmp_path, CASES // 3, SEED + 1)
    other.house.database.dispose()

    assert not set(digests(other)) & set(digests(year))


def test_the_history_holds_what_the_ledger_says_was_put_in(year: Played) -> None:
    by_people = Counter(event.kind for event in year.events if event.by in PEOPLE)
    by_people.pop("letter_approved")
    kinds = Counter(event.kind for event in year.events)
    held = [case.of("restorative_event_held") for case in year.histories]
    direct = [any(event.text("kind") in DIRECT_KINDS for event in events) for events in held]

    ledger = year.ledger

    assert ledger.entries == by_people
    assert ledger.referred == kinds["case_opened"] == CASES
    assert ledger.letters_approved == kinds["letter_approved"]
    assert ledger.letters_sent == kinds["letter_sent"] > 0
    assert ledger.direct == sum(direct)
    assert ledger.contactable + ledger.in_hand + sum(ledger.lost.values()) == ledger.referred
    assert ledger.lost.get("refusal_confirmed", 0) == kinds["refusal_confirmed"]


def test_everybody_who_can_be_contacted_is_and_nearly_all_are_engaged_or_told_what_there_is(year: Played) -> None:
    contacted = sum(bool(case.of("attempt_made", "victim_replied")) for case in year.histories)
    told = ("conversation_recorded", "restorative_information_given")
    engaged = sum(
        bool(case.of(*told)) or any(event.text("by") == "yjs" for event in case.of("support_referred"))
        for case in year.histories
    )

    assert contacted == year.ledger.contacted == year.ledger.contactable == 10
    assert engaged == year.ledger.engaged_or_signposted >= 0.97 * contacted
    assert year.ledger.direct == 1


def test_no_open_case_is_without_its_one_action_owner_and_day_on_any_day_of_the_year(year: Played) -> None:
    days = (year.ledger.last_day - year.ledger.first_day).days + 1

    assert len(year.watched.opened) == days
    assert max(year.watched.opened) > 2
    assert year.watched.forgotten == []


def test_feedback_is_asked_for_by_somebody_else_answered_by_some_and_what_is_not_good_is_acted_on(year: Played) -> None:
    asked = [event for event in year.events if event.kind == "feedback_asked"]
    given = [event for event in year.events if event.kind == "feedback_given"]
    raised = Counter(event.kind for event in year.events)

    assert {event.text("round") for event in given} >= {"before", "two_weeks"}
    assert 0 < len([event for event in given if event.text("round") != "before"]) < len(asked)
    assert raised["feedback_acted_on"] > 0
    for case in year.histories:
        led = {event.by for event in case.of("restorative_event_held")}
        assert not led & {event.text("asked_by") for event in case.of("feedback_asked")}


def test_nobody_is_contacted_outside_their_consent_during_a_hold_or_by_a_channel_that_is_not_safe(
    year: Played,
) -> None:
    checked = 0
    for case in year.histories:
        for place, event in enumerate(case.history):
            if event.kind not in IN_CONTACT:
                continue
            before = Case(case.reference, case.history[:place])
            answer = [each for each in before.history if each.kind in ANSWERS][-1]
            assert answer.kind in ("consent_renewed", "victim_returned") or answer.text("decision") in (
                "yes",
                "not_objected",
            )
            assert before.states["hold"] == "none"
            said = [each.text(event.text("channel")) for each in before.of("safety_recorded")]
            assert not event.text("channel") or [each for each in said if each][-1] == "yes"
            checked += 1
    assert checked > 50


def test_people_work_in_office_hours_on_working_days_and_the_clock_goes_round_every_day(year: Played) -> None:
    calendar = year.house.calendar
    for event in year.events:
        moment = event.recorded_at.astimezone(LONDON)
        if event.by in PEOPLE:
            assert calendar.is_working(moment.date())
            assert 9 <= moment.hour < 17
        else:
            assert moment <= NOW
    rounds = {event.recorded_day.weekday() for event in year.events if event.kind == "reminder_raised"}

    assert len(rounds) >= 5


def test_an_example_that_was_there_before_makes_way_for_a_new_one_with_its_letters(tmp_path: Path) -> None:
    settings = rehearsed(f"sqlite:///{tmp_path / 'demo.db'}", tmp_path)
    before = fresh_service(settings)
    add_user(before, "left-over", "practitioner", NOW)
    before.database.dispose()
    letter = settings.out / "letters" / "L-LEFTOVER.pdf"
    letter.parent.mkdir(parents=True, exist_ok=True)
    letter.write_bytes(b"left over")

    after, told = simulate_service(settings, 1, 2, silent)

    names = [name for name, _ in practitioners(after)]
    after.database.dispose()
    assert names == sorted(PEOPLE)
    assert not letter.exists()
    assert "seed 2" in told
    assert "1 of 1 contacted" in told


def test_a_service_that_is_no_example_is_refused_and_left_as_it_is(database: str, tmp_path: Path) -> None:
    settings = rehearsed(database, tmp_path)
    settings.key_file.write_bytes(bytes(32))
    found(replace(settings, is_example=False, rehearsal=None), NOW)

    with pytest.raises(WrongInput):
        simulate_service(settings, 1, 1, silent)
    with pytest.raises(WrongInput):
        simulate_service(replace(settings, is_example=False), 1, 1, silent)

    kept = open_house(replace(settings, is_example=False, rehearsal=None))
    kept.database.dispose()
    assert not kept.is_example
