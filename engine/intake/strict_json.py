"""Parses JSON strictly: what two readers could understand differently, or a database could not hold, is refused."""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Never

from engine.intake.problems import Problem, dotted

MAX_BYTES = 256 * 1024
MAX_DEPTH = 20
MAX_TEXT = 10_000
_MAX_KEY = 200

# Possessive, and with the closing mark left optional, so that a hostile text costs one pass and never a second look.
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_NO_BRACKETS = re.compile(r"[^\[\]{}]++")
_STRUCTURE = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{},]', re.DOTALL)
_NO_SIGNS = bytes(byte for byte in range(256) if byte not in b'"[]{}')
_SURROGATE = re.compile("[\ud800-\udfff]")

_REPEATED = ("repeated-key", "Give this field once: it stands here more than once.")
_NOT_A_NUMBER = ("not-a-number", "Leave out NaN and Infinity: they are not JSON.")
_TOO_BIG = ("number-too-big", "Send a smaller number: this one does not fit into 64 bits.")
_SURROGATES = ("damaged-text", "Send the text in UTF-8 again: it holds half of a character.")
_NUL = ("damaged-text", "Remove the NUL character from the text.")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text said: ``value`` (None when it was refused) and the problems that made us refuse it."""

    value: object
    problems: tuple[Problem, ...] = ()


class _AmbiguousError(ValueError):
    """Raised by the quick parser at the first thing that is not plain; the careful one then finds all of them."""


@dataclass(frozen=True, slots=True)
class _Wrong:
    """Stands in the tree where something could not be taken."""

    rule: str
    remedy: str


class _Repeating(dict[str, object]):
    """An object in which keys stood more than once; ``repeated`` names them."""

    repeated: tuple[str, ...] = ()


def _stop(_: object) -> Never:
    raise _AmbiguousError


def _plain_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _AmbiguousError
    return made


def _plain_integer(digits: str) -> int:
    # The length is looked at first: turning four thousand digits into a number is itself slow.
    if len(digits) > 20 or not -(2**63) <= (number := int(digits)) < 2**63:
        raise _AmbiguousError
    return number


def _plain_float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise _AmbiguousError
    return number


def _marked_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = _Repeating(pairs)
    keys = [key for key, _ in pairs]
    made.repeated = tuple(key for key in made if keys.count(key) > 1) if len(made) != len(keys) else ()
    return made


def _marked_integer(digits: str) -> object:
    try:
        return _plain_integer(digits)
    except _AmbiguousError:
        return _Wrong(*_TOO_BIG)


def _marked_float(digits: str) -> object:
    try:
        return _plain_float(digits)
    except _AmbiguousError:
        return _Wrong(*_TOO_BIG)


_QUICK = json.JSONDecoder(
    object_pairs_hook=_plain_object, parse_constant=_stop, parse_int=_plain_integer, parse_float=_plain_float
)
_CAREFUL = json.JSONDecoder(
    object_pairs_hook=_marked_object,
    parse_constant=lambda _: _Wrong(*_NOT_A_NUMBER),
    parse_int=_marked_integer,
    parse_float=_marked_float,
)


def parse(
    body: bytes | str, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH, max_text: int = MAX_TEXT
) -> Parsed:
    """One JSON document out of a body, or the problems that stop it from being taken; raises nothing.

    ``max_bytes`` bounds the body, ``max_depth`` the nesting (judged before anything is parsed) and ``max_text`` the
    characters of one text.  Paths are those of the document; what stops the whole of it has the empty path.
    """
    if len(body) > max_bytes:
        return _refused("too-large", f"Send less at once: at most {max_bytes:,} bytes are taken.")
    if isinstance(body, bytes):
        try:
            text = body.decode("utf-8-sig")
        except UnicodeDecodeError:
            return _refused("not-utf-8", "Save the text in UTF-8 and send it again.")
    else:
        text = body
    if _is_deeper(text, max_depth):
        return _refused("too-deep", f"Nest less deeply: at most {max_depth} levels are taken.")
    try:
        try:
            value = _QUICK.decode(text)
        except _AmbiguousError:
            return Parsed(None, tuple(_problems(_CAREFUL.decode(text), (), max_text)))
        # Only a long text, or one with escapes, can hold what the quick parser does not look for.
        if len(text) > max_text or "\\u" in text or _SURROGATE.search(text):
            problems = tuple(_problems(_CAREFUL.decode(text), (), max_text))
            return Parsed(None if problems else value, problems)
    except json.JSONDecodeError as wrong:
        return _refused("not-json", f"Mend the JSON: it breaks off at line {wrong.lineno}, column {wrong.colno}.")
    return Parsed(value)


def elements(text: str) -> Iterator[str]:
    """The texts of the items of a JSON list, one by one, so that a broken item does not stop the others.

    ``text`` starts with ``[``.  An empty list gives nothing.  Where the list never ends, or something follows its
    end, a last item that does not parse accounts for it.
    """
    text = text.strip()
    depth = 0
    start = 1
    for found in _STRUCTURE.finditer(text):
        sign = found.group()
        if sign in "[{":
            depth += 1
        elif sign in "]}":
            depth -= 1
        if depth == 0 or (sign == "," and depth == 1):
            # A list that is closed by the wrong bracket keeps that bracket in its last item, which then fails.
            item = text[start : found.end() if sign == "}" else found.start()]
            if item.strip() or sign == "," or start > 1:
                yield item
            start = found.end()
        if depth == 0 or depth > MAX_DEPTH:
            # Deeper than any item may be: the item and what follows it come as one, and are refused.
            break
    if depth == 0 and text[start:].strip():
        yield text[start - 1 :]
    elif depth > 0:
        if text[start:].strip():
            yield text[start:]
        if depth == 1:
            # The last item may be whole, but what should have come after it is not there.
            yield ""


def _refused(rule: str, remedy: str) -> Parsed:
    return Parsed(None, (Problem("", rule, remedy),))


def _is_deeper(text: str, limit: int) -> bool:
    if text.count("[") + text.count("{") <= limit:
        return False
    if "\\" in text:
        brackets = _NO_BRACKETS.sub("", _STRING.sub("", text))
    else:
        # Marks beside one another hold no bracket between them; without escapes every second piece that is left
        # between quotation marks lies outside the strings.
        signs = text.encode("utf-8", "surrogatepass").translate(None, _NO_SIGNS).replace(b'""', b"")
        brackets = b"".join(signs.split(b'"')[::2]).decode("ascii")
    # Taking out the innermost pairs as often as there may be levels leaves nothing of a text that is flat enough.
    flat = brackets
    for _ in range(limit):
        flat = flat.replace("{}", "").replace("[]", "")
        if not flat:
            return False
    depth = 0
    for bracket in brackets:
        depth += 1 if bracket in "[{" else -1
        if depth > limit:
            return True
    return False


def _problems(value: object, place: tuple[str | int, ...], max_text: int) -> Iterator[Problem]:
    if isinstance(value, _Wrong):
        yield Problem(dotted(place), value.rule, value.remedy)
    elif isinstance(value, str):
        yield from _text_problems(value, dotted(place), max_text)
    elif isinstance(value, _Repeating):
        yield from (Problem(dotted((*place, key)), *_REPEATED) for key in value.repeated)
        for key, inner in value.items():
            yield from _text_problems(key, dotted((*place, key)), _MAX_KEY)
            yield from _problems(inner, (*place, key), max_text)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _problems(inner, (*place, index), max_text)


def _text_problems(text: str, path: str, longest: int) -> Iterator[Problem]:
    if len(text) > longest:
        yield Problem(path, "too-long", f"Shorten the text: at most {longest:,} characters are taken.")
    if "\0" in text:
        yield Problem(path, *_NUL)
    if _SURROGATE.search(text):
        yield Problem(path, *_SURROGATES)
