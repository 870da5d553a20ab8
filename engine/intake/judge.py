"""Judges one consent record: refused, taken with gaps or taken, and what must be asked back before contact."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from engine.intake.characteristics import settled_characteristics
from engine.intake.facts import Facts, facts
from engine.intake.gaps import gaps, informed_share
from engine.intake.problems import Problem
from engine.intake.queries import queries
from engine.intake.record import ConsentRecord
from engine.intake.refusals import refusals
from engine.intake.settled import settled_answers, settled_days
from engine.intake.structure import Structured, structured

_written = json.JSONEncoder(sort_keys=True, check_circular=False, separators=(",", ":")).encode
_SUBMISSION_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/\-]{0,63}")


@dataclass(frozen=True, slots=True)
class Completeness:
    """How complete a record is, each from 0 to 1, or None where there was nothing to fill in."""

    characteristics: float | None = None
    informed_choice: float | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What we make of a record.

    ``record`` is None exactly when there are ``errors``.  ``gaps`` are what is missing, was left out or looks wrong.
    ``queries`` are codes of what must be asked back before contact, none where the record is refused; ``is_child`` is
    presumed where the age is unknown.  ``facts`` are those it was judged by.
    """

    submission_id: str | None
    record: ConsentRecord | None
    errors: tuple[Problem, ...]
    gaps: tuple[Problem, ...]
    completeness: Completeness = Completeness()
    queries: tuple[str, ...] = ()
    is_child: bool = False
    facts: Facts | None = None

    @property
    def status(self) -> Literal["accepted", "accepted_with_gaps", "rejected"]:
        """The word for it in the receipt; whether it is a duplicate only the receiver can know."""
        if self.errors:
            return "rejected"
        return "accepted_with_gaps" if self.gaps else "accepted"


def judge(
    raw: Mapping[str, Any],
    *,
    force: str,
    model: Literal["opt_in", "opt_out"],
    now: datetime,
    today: date,
    consent_lasts: int,
) -> Judgement:
    """What we make of a raw record, a tree of JSON values; raises nothing, whatever is in it.

    ``force`` is the one that sent it and ``model`` its consent model; ``now`` is aware and ``today`` the London day;
    ``consent_lasts`` is the number of days after which an answer is to be asked again.
    """
    read = structured(raw)
    if read.record is None:
        return Judgement(_submission_id(raw), None, read.errors, read.left_out)
    record, doubtful = settled_days(read.record, now, today)
    known = facts(record, today)
    refused = refusals(record, known, force, model, now, today)
    if record.reason == "withdrawal":
        errors, found = _sorted_out(read, refused, doubtful)
        return Judgement(record.submission_id, None if errors else record, errors, found, is_child=known.is_child)
    record, contradictory = settled_answers(record, known)
    answers, unanswered, share = settled_characteristics(record.characteristics, known)
    if answers is not record.characteristics:
        record = record.model_copy(update={"characteristics": answers})
    errors, found = _sorted_out(
        read, refused, [*doubtful, *contradictory, *gaps(record, known, today, consent_lasts), *unanswered]
    )
    return Judgement(
        record.submission_id,
        None if errors else record,
        errors,
        found,
        Completeness(share, informed_share(record)),
        () if errors else queries(record, known, read.left_out),
        known.is_child,
        known,
    )


def content_digest(raw: Mapping[str, Any]) -> str:
    """The fingerprint of what a raw record says, as 64 hexadecimal digits.

    It is the SHA-256 of the record as JSON with its keys in order and without ``submitted_at``, because a system that
    sends a record again sets that anew.  The same submission with the same fingerprint is a repeat; with another
    one it is an update or a mistake.  The form a record came in (JSON, CSV) makes no difference.
    """
    said = {key: value for key, value in raw.items() if key != "submitted_at"}
    return hashlib.sha256(_written(said).encode()).hexdigest()


def _submission_id(raw: object) -> str | None:
    found = raw.get("submission_id") if isinstance(raw, Mapping) else None
    return found if isinstance(found, str) and _SUBMISSION_ID.fullmatch(found) else None


def _sorted_out(
    read: Structured, refused: Iterable[Problem], missing: Iterable[Problem]
) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """All errors and all gaps, one for each place.

    What is wrong with a value says more than that it is missing, so it takes the place of that, also for the fields
    inside a part that could not be read at all.
    """
    errors = {problem.path: problem for problem in read.errors}
    found = {problem.path: problem for problem in read.left_out}
    for problem in refused:
        if _covering(problem.path, errors) is None:
            cause = _covering(problem.path, found)
            problem = problem if cause is None else found.pop(cause)
            errors[problem.path] = problem
    for problem in missing:
        if _covering(problem.path, errors) is None and _covering(problem.path, found) is None:
            found[problem.path] = problem
    return tuple(errors.values()), tuple(found.values())


def _covering(path: str, problems: Mapping[str, Problem]) -> str | None:
    """The place among those of the problems at which, or inside which, a path lies."""
    while problems:
        if path in problems:
            return path
        if "." not in path:
            return None
        path = path.rpartition(".")[0]
    return None
