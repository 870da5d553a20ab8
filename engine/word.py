"""Makes of a letter a Word file that a person finishes by hand: the same words, every fact as plain text in it."""

import importlib
import io
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.errors import BadConfiguration
from engine.house import House
from engine.letters_by_hand import text_to_finish

_BLOCKS = {"h1": "heading", "h2": "heading", "h3": "heading", "p": "paragraph", "li": "item"}
_SKIPPED = ("head", "style", "title")
_NAME = "templates/word/letter.docx"


def word_to_finish(house: House, letter_id: str, now: datetime) -> bytes:
    """The English standard text of a letter as a Word file, to be finished by a person.

    Having it made sends nothing: that it went is recorded by a person afterwards.  Raises WrongInput where a fact is
    missing, NotAllowed where the letter may not be written at all, BadConfiguration where the template fails.
    """
    return word_file(house.settings.templates / "word" / "letter.docx", blocks(text_to_finish(house, letter_id, now)))


def word_file(template: Path, written: list[dict[str, str]]) -> bytes:
    """A Word file out of its template, which knows ``blocks``: each with its ``kind`` and its ``text``."""
    # The library takes a moment to import, and few letters are finished by hand.
    library = importlib.import_module("docxtpl")
    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    made = io.BytesIO()
    try:
        document = library.DocxTemplate(template)
        document.render({"blocks": written}, environment)
        document.save(made)
    except TemplateError:
        # Without a cause: the message of the library may repeat what stands in the letter.
        raise BadConfiguration(_NAME, "words", "It names what no letter has: use blocks, kind and text only.") from None
    except (OSError, KeyError, ValueError, BadZipFile):
        raise BadConfiguration(_NAME, "file", "It is not there, or no Word file: put one there.") from None
    return made.getvalue()


def blocks(html: str) -> list[dict[str, str]]:
    """The words of a letter as headings, paragraphs and items in their order, each as text."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return [block for block in reader.found if block["text"]]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[dict[str, str]] = []
        self._kind, self._words, self._skipped = "", "", 0

    def handle_starttag(self, tag: str, _attrs: Any) -> None:
        if tag in _SKIPPED:
            self._skipped += 1
        elif tag in _BLOCKS:
            self._end()
            self._kind = _BLOCKS[tag]
        elif tag == "br":
            self._words += "\n"

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._skipped -= 1
        elif tag in _BLOCKS:
            self._end()

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self._words += data

    def close(self) -> None:
        super().close()
        self._end()

    def _end(self) -> None:
        lines = (" ".join(line.split()) for line in self._words.strip().split("\n"))
        self.found.append({"kind": self._kind or "paragraph", "text": "\n".join(lines).strip()})
        self._kind, self._words = "", ""
