"""Writes the words of a letter: a template and a flat list of texts become a page, and nothing else gets in."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from workflow.facts import FACTS
from workflow.letters import FORMATS, LetterKind

_OWN = ("language", "format")
# These make a missing fact look like an empty one, or put a text in as markup.
_FORBIDDEN_FILTERS = ("default", "d", "safe", "attr", "map", "pprint", "tojson", "xmlattr")
_FORBIDDEN_TESTS = ("defined", "undefined", "none", "filter", "test")


class LetterCannotBeWritten(Exception):
    """A letter cannot be written; ``names`` are the facts (or the template) at fault, and never what they hold."""

    def __init__(self, kind: str, names: Iterable[str], why: str) -> None:
        self.kind, self.names = kind, tuple(names)
        super().__init__(f"{kind} cannot be written: {why}: {', '.join(self.names)}.")


def _not_none(value: object) -> object:
    if value is None:
        raise TemplateError("a value is missing")
    return value


@dataclass(frozen=True, slots=True)
class _Family:
    """A template with all it extends or includes, read once: its files as they were, its version, the names it uses."""

    stamp: tuple[tuple[str, tuple[int, int]], ...]
    version: str
    used: frozenset[str]


class Words:
    """The words of the letters in one folder: ``<kind>/<language>.html``, with the pages they extend beside them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[tuple[str, str], _Family] = {}
        self._environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_not_none,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def render(self, kind: str, language: str, format: str, facts: Mapping[str, str]) -> str:
        """The letter as HTML, every fact as plain text in it.

        ``kind`` is the code of the letter.  Raises LetterCannotBeWritten, naming facts and never their values, where
        the language is not there, a fact is missing, empty, not a text or not one of ``workflow.facts.FACTS``.
        """
        wrong = [
            name for name, value in facts.items() if name not in FACTS or type(value) is not str or not value.strip()
        ]
        if wrong:
            raise LetterCannotBeWritten(kind, sorted(wrong), "these are not facts of a letter, or are empty")
        if format not in FORMATS:
            raise LetterCannotBeWritten(kind, ("format",), "it cannot be made in this format")
        missing = self._used(kind, language) - facts.keys()
        if missing:
            raise LetterCannotBeWritten(kind, sorted(missing), "these facts are missing")
        try:
            page = self._environment.get_template(f"{kind}/{language}.html")
            html = page.render({**facts, "language": language, "format": format})
        except (TemplateError, TypeError, ArithmeticError):
            # Without a cause: the message of the library may repeat what a fact holds.
            raise LetterCannotBeWritten(kind, (f"{kind}/{language}.html",), "its template fails") from None
        return _one_sentence_a_line(html) if format == "easy_read" else html

    def template_version(self, kind: str, language: str) -> str:
        """A digest of the template and all it extends or includes: the same words, the same version."""
        return self._kept(kind, language).version

    def undeclared(self, kind: LetterKind, language: str) -> tuple[str, ...]:
        """The dotted names that the template and its parents use and the kind does not declare among its facts."""
        return tuple(sorted(self._used(kind.code, language) - set(kind.facts)))

    def check(self, kinds: Mapping[str, LetterKind]) -> tuple[str, ...]:
        """Everything wrong with the templates of these kinds, each in one sentence; empty when all can be written."""
        return tuple(
            fault for kind in kinds.values() for language in kind.languages for fault in self._faults(kind, language)
        )

    def _faults(self, kind: LetterKind, language: str) -> Iterator[str]:
        place = f"{kind.code}/{language}.html"
        try:
            family = list(self._family(kind.code, language))
            for name, _, _ in family:
                self._environment.get_template(name)
        except LetterCannotBeWritten as fault:
            yield str(fault)
            return
        except TemplateError as fault:
            yield f"{place}: {str(fault.message).rstrip('.')}."
            return
        used = self._used(kind.code, language)
        yield from (
            f"{place}: {name} is not among the facts of {kind.code}." for name in sorted(used - set(kind.facts))
        )
        yield from (f"{place}: the fact {name} is never used." for name in kind.facts if name not in used)
        for name, _, tree in family:
            for each in tree.find_all(nodes.Filter):
                if each.name in _FORBIDDEN_FILTERS:
                    yield f"{name}: the filter {each.name} may not be used in a letter."
            for test in tree.find_all(nodes.Test):
                if test.name in _FORBIDDEN_TESTS:
                    yield f"{name}: the test 'is {test.name}' may not be used in a letter."
            if list(tree.find_all((nodes.Call, nodes.MarkSafe, nodes.ScopedEvalContextModifier))):
                yield f"{name}: a letter calls nothing and switches no escaping off."

    def _family(self, kind: str, language: str) -> Iterator[tuple[str, str, nodes.Template]]:
        """Name, source and syntax tree of a template and of everything it extends, includes or imports."""
        waiting, seen = [f"{kind}/{language}.html"], set[str]()
        while waiting:
            name = waiting.pop(0)
            if name in seen:
                continue
            seen.add(name)
            try:
                source = FileSystemLoader(self._folder).get_source(self._environment, name)[0]
                tree = self._environment.parse(source, name)
            except TemplateNotFound:
                raise LetterCannotBeWritten(kind, (name,), "there is no such template") from None
            except TemplateError:
                raise LetterCannotBeWritten(kind, (name,), "the template cannot be read") from None
            yield name, source, tree
            for other in meta.find_referenced_templates(tree):
                if other is None:
                    raise LetterCannotBeWritten(kind, (name,), "a template may only name its parents outright")
                waiting.append(other)

    def _used(self, kind: str, language: str) -> set[str]:
        """The names from outside that a template and its family use, dotted where they look inside one."""
        return set(self._kept(kind, language).used)

    def _kept(self, kind: str, language: str) -> "_Family":
        """What was read of a template and its family, read again once a file of it has changed."""
        kept = self._read.get((kind, language))
        if kept is None or kept.stamp != self._stamp(name for name, _ in kept.stamp):
            family = list(self._family(kind, language))
            digest = hashlib.sha256()
            for name, source, _ in family:
                digest.update(f"{name}\0{source}\0".encode())
            stamp = self._stamp(name for name, _, _ in family)
            kept = _Family(stamp, digest.hexdigest()[:16], frozenset(self._names_in(tree for _, _, tree in family)))
            self._read[kind, language] = kept
        return kept

    def _stamp(self, names: Iterable[str]) -> tuple[tuple[str, tuple[int, int]], ...]:
        """When each file was last written, and how long it is; a file that is gone is like no other."""
        found = []
        for name in names:
            try:
                seen = (self._folder / name).stat()
                found.append((name, (seen.st_mtime_ns, seen.st_size)))
            except OSError:
                found.append((name, (-1, -1)))
        return tuple(found)

    @staticmethod
    def _names_in(trees: Iterable[nodes.Template]) -> set[str]:
        used: set[str] = set()
        for tree in trees:
            outside = meta.find_undeclared_variables(tree) - set(_OWN)
            inner = {id(each.node) for each in tree.find_all(nodes.Getattr)}
            inner |= {id(each.node) for each in tree.find_all(nodes.Getitem)}
            for node in tree.find_all((nodes.Name, nodes.Getattr, nodes.Getitem)):
                dotted = _dotted(node)
                if id(node) not in inner and dotted.partition(".")[0] in outside:
                    used.add(dotted)
        return used


def _dotted(node: nodes.Node) -> str:
    match node:
        case nodes.Name():
            return node.name
        case nodes.Getattr():
            return f"{_dotted(node.node)}.{node.attr}"
        case nodes.Getitem():
            return f"{_dotted(node.node)}.{node.arg.value if isinstance(node.arg, nodes.Const) else '*'}"
    return ""


_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
_SENTENCE_END = re.compile(r"(?:(?<=[.?!])|(?<=[.?!]</strong>))\s+(?=(?:<strong>)?[A-Z“])")


def _one_sentence_a_line(html: str) -> str:
    """Easy read: the same words, each sentence a paragraph of its own."""

    def apart(found: re.Match[str]) -> str:
        text, parts, begins = found[1], [], 0
        for end in _SENTENCE_END.finditer(text):
            before = text[: end.start()]
            # Inside a mark-up that is still open no paragraph ends.
            if before.count("<") == 2 * before.count("</") + before.count("<br"):
                parts.append(text[begins : end.start()])
                begins = end.end()
        return "".join(f"<p>{part}</p>\n" for part in [*parts, text[begins:]])

    return _PARAGRAPH.sub(apart, html)


_DROPPED = re.compile(r"<head\b.*?</head>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_BREAKS = re.compile(r"</(?:p|h1|h2|li|div)>|<br ?/?>", re.IGNORECASE)


def plain_text(html: str) -> str:
    """The words of a letter without its form, one paragraph a block; what was text in the letter is text here."""
    body = _DROPPED.sub("", html).replace("<li>", "- ")
    blocks = [unescape(re.sub(r"<[^>]*>", "", part)) for part in _BREAKS.split(body)]
    tidy = ["\n".join(" ".join(line.split()) for line in block.strip().split("\n")) for block in blocks]
    return "\n\n".join(block for block in tidy if block) + "\n"
