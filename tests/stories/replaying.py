"""Replays a victim's history through the command line in a scratch service, and reads each case back step by step."""

import json
import os
import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

from typer.main import get_command

from engine.__main__ import app
from tests.edge.consent_records import ABSENT, child_record, consent_record, organisation_record, withdrawal_record

HISTORIES = Path(__file__).parent / "histories"
FORCE = "derbyshire"
_RECORDS = {
    "adult": consent_record,
    "child": child_record,
    "organisation": organisation_record,
    "withdrawal": withdrawal_record,
}


@dataclass(frozen=True)
class Story:
    """One victim's history as it stands in the files: what a manager signs, and its steps."""

    name: str
    said: str
    steps: list[dict[str, Any]]
    force: str = FORCE


def stories() -> list[Story]:
    """Every story of the folder, in the order of the files."""
    found = []
    for path in sorted(HISTORIES.glob("*.toml")):
        for each in tomllib.loads(path.read_text(encoding="utf-8"))["story"]:
            found.append(Story(each["name"], each["said"], each["step"], each.get("force", FORCE)))
    return found


@dataclass(frozen=True)
class Answer:
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str


@cache
def _commands() -> Any:
    """All commands, put together once."""
    return get_command(app)


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def command(environment: dict[str, str], *words: str) -> Answer:
    """One command, in this process; a fault that is not a refusal goes through to the test with its traceback."""
    out, err, status = StringIO(), StringIO(), 0
    with _environment(environment), redirect_stdout(out), redirect_stderr(err):
        try:
            _commands().main(list(words), prog_name="victim-contact")
        except SystemExit as end:
            status = int(end.code or 0)
    return Answer(status, out.getvalue(), err.getvalue())


def environment(folder: Path, moment: str) -> dict[str, str]:
    """The settings of a scratch service in a folder, at a moment of London time."""
    return {
        "VICTIM_CONTACT_DATABASE": f"sqlite:///{folder / 'scratch.db'}",
        "VICTIM_CONTACT_OUT": str(folder / "out"),
        "VICTIM_CONTACT_KEY_FILE": str(folder / "key"),
        "VICTIM_CONTACT_NOW": f"{moment.replace(' ', 'T')}:00+00:00",
    }


def found_service(folder: Path) -> None:
    """A scratch service with two practitioners and a manager."""
    settings = environment(folder, "2026-11-02 08:00")
    for words in (("migrate",), *(("user", "add", name, "--role", role) for name, role in _USERS)):
        done = command(settings, *words)
        assert done.status == 0, done.err


_USERS = (("rosa", "practitioner"), ("imran", "practitioner"), ("morgan", "manager"))


@dataclass
class Replay:
    """A story under way: the scratch service, and the cases that came into being, in their order."""

    story: Story
    folder: Path
    moment: str = ""
    cases: list[str] = field(default_factory=list)
    sent: int = 0
    versions: list[int] = field(default_factory=list)

    def play(self, founded: Path) -> None:
        """Play every step in a copy of a founded service; raises AssertionError at the first that is not as written."""
        shutil.copytree(founded, self.folder, dirs_exist_ok=True)
        for number, step in enumerate(self.story.steps, start=1):
            self.moment = step["at"]
            try:
                self._step(step)
            except AssertionError as wrong:
                raise AssertionError(f"step {number} ({self.moment}): {wrong}") from None

    def _step(self, step: dict[str, Any]) -> None:
        for record in step.get("police", []):
            self._police(dict(record))
        for line in step.get("do", []):
            done = self._do(line)
            assert done.status == 0, f"{line}: {done.err or done.out}"
        for line, why in step.get("refused", []):
            self._refused(line, why)
        queue = {each["case"]: each for each in self._json("queue")}
        documents = {case: self._json("case", case) for case in self.cases}
        recorded = len(step.get("do", [])) + len(step.get("police", []))
        assert recorded or self._versions(documents) == self.versions, "a refused entry changed a case"
        self.versions = self._versions(documents)
        for line in _lines(step["then"]):
            number, said = _numbered(line)
            self._check(documents[self.cases[number - 1]], said, queue)
        _nobody_forgotten(documents, queue)

    @staticmethod
    def _versions(documents: dict[str, Any]) -> list[int]:
        return [document["version"] for document in documents.values()]

    def _police(self, record: dict[str, Any]) -> None:
        of = record.pop("of")
        status = record.pop("status", "accepted")
        told = record.pop("told", "")
        self.sent += 1
        day = self.moment[:10]
        wholly = {
            "submission_id": f"STY-{self.sent:04d}",
            "force": self.story.force,
            "submitted_at": f"{self.moment.replace(' ', 'T')}:00Z",
        }
        if of != "withdrawal":
            wholly |= {"incident__reported_on": day, "incident__occurred_on": day, "consent__given_on": day}
        given = {name: ABSENT if value == "(left out)" else value for name, value in record.items()}
        file = self.folder / "records.jsonl"
        file.write_text(json.dumps(_RECORDS[of](**{**wholly, **given})), encoding="utf-8")
        done = self._run("import", str(file), "--force", self.story.force, "--json")
        receipt = json.loads(done.out)
        row = receipt["rows"][0]
        assert row["status"] == status, f"the receipt says {row['status']}: {row['errors'] or row['gaps']}"
        assert done.status == (1 if status == "rejected" else 0)
        if told:
            remedies = [problem["remedy"] for problem in (*row["errors"], *row["gaps"])]
            assert any(told in remedy for remedy in remedies), f"the receipt says {remedies}"
        reference = row["case_reference"]
        if reference and reference not in self.cases:
            self.cases.append(reference)

    def _do(self, line: str) -> Answer:
        number, said = _numbered(line)
        words = shlex.split(said)
        if words[0] == "clock":
            return self._run("tick", "--json")
        case = self.cases[number - 1] if self.cases else ""
        if words[0] == "approve":
            return self._approve(case, words[1:])
        if words[0] == "victim-contact":
            return self._run(*(self._reference(word) for word in words[1:]))
        return self._run("record", case, words[0], *self._options(words[1:]))

    def _options(self, words: list[str]) -> Iterator[str]:
        rest = iter(words)
        for word in rest:
            if word in ("as", "at", "corrects"):
                yield from (f"--{word}", next(rest))
            else:
                yield from ("--field", self._reference(word))

    def _reference(self, word: str) -> str:
        return re.sub(r"\{case(\d)\}", lambda found: self.cases[int(found[1]) - 1], word)

    def _approve(self, case: str, words: list[str]) -> Answer:
        answer = Answer(1, "", "there is no letter to approve")
        for letter in self._json("case", case)["letters"]:
            if letter["state"] == "drafted":
                answer = self._run("letter", "approve", letter["letter"], *self._options(words))
        return answer

    def _refused(self, line: str, why: str) -> None:
        done = self._do(line)
        assert done.status in (2, 3), f"{line} was not refused"
        assert not done.out, f"{line} printed beside its refusal"
        assert len(done.err.strip().splitlines()) == 1, f"{line} was refused in more than a line: {done.err}"
        assert "Traceback" not in done.err
        assert why in done.err, f"{line} was refused with: {done.err}"

    def _check(self, document: dict[str, Any], said: str, queue: dict[str, Any]) -> None:
        case = document["case"]
        what, _, rest = said.partition(": ")
        match what:
            case "letters":
                letters = sorted(f"{each['kind']} {each['state']}" for each in document["letters"])
                _same("the letters", ", ".join(letters) or "none", rest)
            case "tracks":
                wanted = dict(pair.split("=") for pair in rest.split(", "))
                _same("the tracks", {name: document["tracks"][name] for name in wanted}, wanted)
            case "duties":
                wanted = dict(pair.split("=") for pair in rest.split(", "))
                verdicts = {each["rule"]: each["verdict"] for each in document["duties"]}
                _same("the duties", {name: verdicts.get(name, "not begun") for name in wanted}, wanted)
            case "strands":
                _same("the strands", ", ".join(each["state"] for each in document["strands"]), rest)
            case "line":
                line = queue[case]
                wanted = dict(pair.split("=") for pair in rest.split(", "))
                _same("the line of the queue", {name: _text(line[name]) for name in wanted}, wanted)
            case "reason":
                assert rest in queue[case]["reason"], f"the reason is: {queue[case]['reason']}"
            case "rests":
                lines = self._json("queue", "--view", rest)
                assert case in [each["case"] for each in lines], f"it does not rest in {rest}"
            case "also":
                names = [f"{each['action']} by {each['due_on']}" for each in document["actions"]]
                assert rest in names, f"the actions are {', '.join(names)}"
            case "not":
                names = [each["action"] for each in document["actions"]]
                assert rest not in names, f"the actions are {', '.join(names)}"
            case _:
                line = queue.get(case)
                now = f"{line['action']} by {line['due_on']}, {_owner(line['owner'])}" if line else "nothing"
                _same("it", f"{document['state']}: {now}", said)
                shown = document["next_action"]
                assert (shown or {}).get("action") == (line or {}).get("action"), "case and queue differ"

    def _json(self, *words: str) -> Any:
        done = self._run(*words, "--json")
        assert done.status == 0, done.err
        return json.loads(done.out)

    def _run(self, *words: str) -> Answer:
        return command(environment(self.folder, self.moment), *words)


def _nobody_forgotten(documents: dict[str, Any], queue: dict[str, Any]) -> None:
    """Every open case has one next action, one owner and one day."""
    for case, document in documents.items():
        if document["is_open"]:
            line = queue.get(case)
            assert line is not None, f"{case} is open and nobody is asked to do anything"
            assert line["owner"], "the line has no owner"
            assert line["due_on"], "the line has no day"


def _lines(then: str | list[str]) -> list[str]:
    return [then] if isinstance(then, str) else then


def _numbered(line: str) -> tuple[int, str]:
    """The number of the case a line is about (the first, where it names none), and the line without it."""
    found = re.match(r"(\d) (.*)", line)
    return (int(found[1]), found[2]) if found else (1, line)


def _same(what: str, found: object, wanted: object) -> None:
    assert found == wanted, f"{what} is {found}, and should be {wanted}"


def _owner(name: str) -> str:
    return "team" if name == "unassigned" else name


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
