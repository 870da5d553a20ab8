"""Proves the commands of the queue: the same rules as on the pages, one sentence for a refusal, and the statuses."""

from pathlib import Path
from typing import Any

import pytest

from engine.house import open_house
from tests.edge.commands import Commands
from tests.edge.web_visitors import new_case

KEYS = {
    "case", "action", "reason", "tier", "due_on", "overdue_working_days", "owner", "enhanced", "child_victim",
    "waiting_on", "days_case", "days_owner", "rule",
}  # fmt: skip


@pytest.fixture
def commands(tmp_path: Path) -> Commands:
    """The commands on a service with three members of staff."""
    run = Commands(tmp_path)
    assert run("migrate").exit_code == 0
    for name, role in (("rosa", "practitioner"), ("imran", "practitioner"), ("morgan", "manager")):
        assert run("user", "add", name, "--role", role, "--shown-as", f"{name.title()} Example").exit_code == 0
    return run


def _cases(run: Commands, number: int) -> list[str]:
    from dataclasses import replace

    from engine.settings import read_settings

    settings = replace(read_settings(run.environment), is_example=True)
    house = open_house(settings)
    references = [
        new_case(house, submission_id=f"C-{each}", incident__crime_reference=f"26{each}/26") for each in range(number)
    ]
    house.database.dispose()
    return references


def _shown(run: Commands, *words: str) -> list[str]:
    return [line["case"] for line in run.json("queue", *words)]


def _refused(run: Commands, status: int, sentence: str, *words: str) -> None:
    done = run(*words)
    assert (done.exit_code, done.stdout) == (status, "")
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_queue_keeps_its_keys_in_every_view(commands: Commands) -> None:
    (reference,) = _cases(commands, 1)
    commands("assign", reference, "rosa", "--as", "morgan")

    whole: list[Any] = commands.json("queue")
    done: list[Any] = commands.json("queue", "--view", "done")

    assert [line["case"] for line in whole] == [reference]
    assert all(line.keys() >= KEYS for line in (*whole, *done))
    assert done[0]["done"][0] == {"event": "case_assigned", "by": "morgan", "at": "2026-11-23T09:30:00+00:00"}
    assert whole[0]["owner"] == "rosa"


def test_the_views_show_what_they_say(commands: Commands) -> None:
    first, second, third = _cases(commands, 3)
    commands("assign", first, "rosa", "--as", "morgan")
    hold = ("--field", "reason=victim_pause", "--field", "until=2026-12-01")
    commands("record", second, "hold_placed", *hold)

    assert _shown(commands, "--view", "mine", "--practitioner", "rosa") == [first]
    assert set(_shown(commands, "--view", "team")) == {first, third}
    assert _shown(commands, "--view", "unassigned") == [third]
    assert _shown(commands, "--view", "hold") == [second]
    assert _shown(commands, "--view", "waiting") == []
    assert len(_shown(commands, "--view", "team", "--limit", "1")) == 1
    assert _shown(commands, "--practitioner", "rosa") == [first]
    assert set(_shown(commands, "--team")) == {second, third}
    later = Commands(commands.folder, now="2026-12-01T09:30:00+00:00")
    assert _shown(later, "--view", "hold") == []
    assert next(line for line in later.json("queue", "--view", "team") if line["case"] == second)["hold_ended"]


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (("queue", "--view", "theirs"), 2, "A view is one of"),
        (("queue", "--view", "mine"), 2, "Say whose queue"),
        (("queue", "--view", "team", "--team"), 2, "not both"),
        (("queue", "--practitioner", "nobody"), 3, "There is no such user."),
        (("claim",), 2, "Say who claims"),
        (("claim", "--as", "nobody"), 3, "There is no such user."),
        (("assign", "VC-NONE-SUCH", "rosa"), 3, "There is no such case."),
        (("reassign", "rosa", "nobody", "--reason", "workload"), 2, "who may sign in"),
        (("cover", "rosa", "imran", "--from", "2026-12-02", "--to", "2026-12-01"), 2, "The last day comes before"),
        (("cover", "rosa", "imran", "--from", "Monday", "--to", "2026-12-01"), 2, "Give --from as YYYY-MM-DD."),
        (
            ("cover", "rosa", "imran", "--from", "2026-12-01", "--to", "2026-12-02", "--as", "imran"),
            3,
            "may not do that",
        ),
        (("user", "email", "nobody", "a@example.org"), 3, "There is no such user."),
        (("user", "email", "rosa", "rosa"), 2, "e-mail address"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_a_status(
    commands: Commands, words: tuple[str, ...], status: int, sentence: str
) -> None:
    _refused(commands, status, sentence, *words)


def test_claiming_takes_the_first_and_says_so_until_none_is_left(commands: Commands) -> None:
    references = _cases(commands, 2)
    waiting = _shown(commands, "--view", "unassigned")

    claimed = [commands.json("claim", "--as", "rosa") for _ in range(3)]

    assert claimed == [{"case": each, "owner": "rosa"} for each in waiting] + [{"case": None, "owner": None}]
    assert set(waiting) == set(references)
    assert commands("claim", "--as", "rosa").stdout == "No case waits for somebody.\n"


def test_work_on_what_a_colleague_has_now_is_refused_by_name(commands: Commands) -> None:
    (reference,) = _cases(commands, 1)
    commands("assign", reference, "imran", "--as", "morgan")

    _refused(commands, 3, "Imran Example has this case now.", "record", reference, "triage_completed", "--as", "rosa")
    _refused(commands, 3, "Imran Example has this case now.", "assign", reference, "rosa", "--as", "rosa")
    _refused(commands, 2, "Say why the case changes hands.", "assign", reference, "rosa", "--as", "morgan")
    assert commands("assign", reference, "rosa", "--reason", "workload", "--as", "morgan").exit_code == 0
    assert commands("record", reference, "triage_completed", "--as", "rosa").exit_code == 0


def test_the_same_record_with_the_same_key_is_answered_as_done(commands: Commands) -> None:
    (reference,) = _cases(commands, 1)
    words = ("record", reference, "triage_completed", "--as", "rosa", "--key", "mine")

    first, second = commands(*words), commands(*words)

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert not first.stdout.startswith("Already done.")
    assert second.stdout.startswith("Already done.")
    assert commands.json(*words)["already_done"] is True
    _refused(commands, 2, "at most 128", *words[:-1], "k" * 129)


def test_all_of_somebodys_cases_move_and_what_did_not_is_a_finding(commands: Commands) -> None:
    references = _cases(commands, 3)
    for reference in references:
        commands("assign", reference, "rosa", "--as", "morgan")

    looked = commands.json("reassign", "rosa", "imran", "--reason", "leaving", "--dry-run")
    refused = commands("reassign", "rosa", "imran", "--reason", "leaving", "--as", "imran", "--json")
    moved = commands.json("reassign", "rosa", "imran", "--reason", "leaving", "--as", "morgan")

    assert (set(looked["cases"]), looked["moved"]) == (set(references), [])
    assert refused.exit_code == 1
    assert "Rosa Example has this case now." in refused.stdout
    assert (set(moved["moved"]), moved["not_moved"]) == (set(references), [])
    assert set(_shown(commands, "--view", "mine", "--practitioner", "imran")) == set(references)


def test_a_deputy_has_the_cases_among_theirs_until_the_cover_ends(commands: Commands) -> None:
    (reference,) = _cases(commands, 1)
    commands("assign", reference, "imran", "--as", "morgan")

    kept = commands.json("cover", "imran", "rosa", "--from", "2026-11-23", "--to", "2026-11-27", "--as", "imran")
    (line,) = commands.json("queue", "--view", "mine", "--practitioner", "rosa")
    listed = commands.json("covers")
    ended = commands.json("covers", "--end", str(kept["cover"]), "--as", "morgan")

    assert (line["case"], line["covering_for"], line["owner"]) == (reference, "imran", "imran")
    assert listed == [kept]
    assert ended == []
    assert _shown(commands, "--view", "mine", "--practitioner", "rosa") == []
