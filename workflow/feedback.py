"""Reads the forms of feedback, and decides which answers are good, which raise a concern, and how they are counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workflow.catalogue.feedback import ANSWERS, CHOICES, FORMS, ROUNDS, SCALE, SCALES
from workflow.events import Event, Value


class BadFeedback(Exception):
    """The forms cannot be used: the place in the file, and what to do about it."""

    def __init__(self, path: str, remedy: str) -> None:
        super().__init__(f"{path}: {remedy}")
        self.path, self.remedy = path, remedy


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: its wording by form, when it is asked, and which answers are good, bad or a sign of danger.

    ``positive``, ``negative`` and ``unsafe`` hold answers, for a scale its numbers as they are written.  ``continues``
    names the published figure that the count goes on from, empty where there is none.
    """

    code: str
    wording: Mapping[str, str]
    rounds: tuple[str, ...]
    positive: frozenset[str]
    negative: frozenset[str]
    unsafe: frozenset[str]
    continues: str = ""

    def words(self, form: str) -> str:
        """How the question is put in a form; for the other forms the adult's words."""
        return self.wording.get(form) or next(iter(self.wording.values()))


@dataclass(frozen=True, slots=True)
class Forms:
    """All questions in the order in which they are asked."""

    questions: tuple[Asked, ...]

    def of(self, form: str, round_: str) -> tuple[Asked, ...]:
        """The questions of one form at one time."""
        return tuple(each for each in self.questions if form in each.wording and round_ in each.rounds)

    def concern(self, event: Event) -> tuple[str, tuple[str, ...]]:
        """What an answer sheet raises: ``unsafe``, ``negative`` or nothing, and the questions that raise it."""
        unsafe = tuple(q.code for q in self.questions if event.text(q.code) in q.unsafe)
        negative = tuple(q.code for q in self.questions if event.text(q.code) in q.negative)
        if unsafe:
            return "unsafe", unsafe
        return ("negative", negative) if negative else ("", ())


def counts_as_answer(value: Value | None) -> bool:
    """Whether something was answered: what does not apply to somebody is no answer."""
    return value is not None and value != "not_applicable"


_KEYS = frozenset({"code", "rounds", *FORMS, "positive", "negative", "unsafe", "continues"})


def forms_of(document: Mapping[str, object]) -> Forms:
    """The forms of a file.  Raises BadFeedback, also where a question of the catalogue is not there or twice."""
    for key in document:
        if key != "question":
            raise BadFeedback(key, "Leave it out: the file holds [[question]] tables only.")
    tables = document.get("question")
    if not isinstance(tables, list) or not tables:
        raise BadFeedback("question", "Write each question as a [[question]] table.")
    questions: list[Asked] = []
    for number, table in enumerate(tables):
        asked = _question(table, f"question.{number}")
        if any(each.code == asked.code for each in questions):
            raise BadFeedback(f"question.{number}.code", "That question is there already.")
        questions.append(asked)
    missing = [code for code in (*SCALES, *CHOICES) if code not in {each.code for each in questions}]
    if missing:
        raise BadFeedback("question", f"These questions are missing: {', '.join(missing)}.")
    return Forms(tuple(questions))


def _question(table: object, path: str) -> Asked:
    if not isinstance(table, Mapping):
        raise BadFeedback(path, "Write each question as a [[question]] table.")
    for key in table:
        if key not in _KEYS:
            raise BadFeedback(f"{path}.{key}", f"Leave it out: a question has {', '.join(sorted(_KEYS))}.")
    code = table.get("code")
    if not isinstance(code, str) or code not in (*SCALES, *CHOICES):
        raise BadFeedback(f"{path}.code", f"Give one of: {', '.join((*SCALES, *CHOICES))}.")
    wording = {form: str(table[form]).strip() for form in FORMS if form in table}
    if not wording or not all(isinstance(table[form], str) and words for form, words in wording.items()):
        raise BadFeedback(path, f"Give its words for at least one of: {', '.join(FORMS)}.")
    rounds = table.get("rounds")
    if not isinstance(rounds, list) or not rounds or any(each not in ROUNDS for each in rounds):
        raise BadFeedback(f"{path}.rounds", f"Give when it is asked, of: {', '.join(ROUNDS)}.")
    positive, negative, unsafe = (
        _answers(table.get(name), code, f"{path}.{name}") for name in ("positive", "negative", "unsafe")
    )
    if positive & (negative | unsafe):
        raise BadFeedback(f"{path}.positive", "An answer is good or bad, not both.")
    continues = table.get("continues", "")
    if not isinstance(continues, str):
        raise BadFeedback(f"{path}.continues", "Give the published figure in words.")
    return Asked(code, wording, tuple(rounds), positive, negative | unsafe, unsafe, continues)


def _answers(value: object, code: str, path: str) -> frozenset[str]:
    """The answers that are meant: a list of words, or for a scale ``{ at_least = 7 }`` or ``{ at_most = 3 }``."""
    if value is None:
        return frozenset()
    if code in SCALES:
        match value:
            case {"at_least": int(least), **rest} if not rest and 0 <= least <= SCALE:
                return frozenset(map(str, range(least, SCALE + 1)))
            case {"at_most": int(most), **rest} if not rest and 0 <= most <= SCALE:
                return frozenset(map(str, range(most + 1)))
        raise BadFeedback(path, f"Give {{ at_least = n }} or {{ at_most = n }} with n from 0 to {SCALE}.")
    if not isinstance(value, list) or any(each not in ANSWERS for each in value):
        raise BadFeedback(path, f"Give a list of: {', '.join(ANSWERS)}.")
    return frozenset(map(str, value))


def good(question: Asked, values: Iterable[Value]) -> int:
    """How many of these answers to a question are good ones."""
    return sum(str(value).lower() in question.positive for value in values)
