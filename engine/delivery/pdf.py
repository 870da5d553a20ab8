"""Makes the PDF of a letter: tagged, the same bytes every time, from nothing but its own text, or not at all."""

import importlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html import escape, unescape
from pathlib import Path
from threading import Lock
from typing import Any

from engine.delivery.printing import PrintingFailed

WINDOW = (46.0, 81.0)
"""Between how many millimetres from the top of the page an address shows in the window of a DL envelope.

The window common in the United Kingdom is 35 x 90 mm, 20 mm from the left and 18 mm from the bottom of an envelope of
110 x 220 mm; a sheet of A4 folded in three is 99 mm high and rests on the bottom.
"""

_PIXELS = 96 / 25.4
# The families the letterhead names, by their files; a letter must be in both the regular and the bold face.
_FAMILIES = (("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"), ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"))
_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
_NOT_DRAWN = frozenset("\n\r\t\u00ad\u200b\u200c\u200d\ufeff")
_MARKUP = re.compile(r"<style\b.*?</style>|<!--.*?-->|<[^>]*>", re.DOTALL | re.IGNORECASE)
_one_at_a_time = Lock()
_BLANK = (
    '<!doctype html><html lang="en"><head><title>{}</title><style>@page {{ size: 210mm 297mm }}</style></head>'
    "<body></body></html>"
)


class LetterCannotBePrinted(PrintingFailed):
    """A letter cannot become a PDF that is fit to post; the message is one sentence without personal data."""


def pdf(html: str) -> bytes:
    """A letter as PDF/UA-1: tagged, with language and title, and the same bytes for the same text.

    Raises LetterCannotBePrinted where the page asks for anything outside itself, where the fonts lack a character of
    its text, and where the address (the element with the id ``address``) begins above the window of the envelope.
    """
    if missing_glyphs(unescape(_MARKUP.sub(" ", html))):
        raise LetterCannotBePrinted("The fonts lack a character of a name or an address.")
    weasyprint, fonts, fetcher = _weasyprint()
    # Pango's font map is shared by all letters, and is not made for several threads at once.
    with _one_at_a_time:
        try:
            document = weasyprint.HTML(string=html, url_fetcher=fetcher).render(font_config=fonts)
            address = document.pages[0].anchors.get("address")
            if address is not None and address[1] < WINDOW[0] * _PIXELS:
                raise LetterCannotBePrinted("The address has more lines than the window of the envelope shows.")
            return bytes(document.write_pdf(pdf_variant="pdf/ua-1"))
        except weasyprint.urls.FatalURLFetchingError:
            raise LetterCannotBePrinted("The letter asks for a file or a page outside itself.") from None


@dataclass(frozen=True, slots=True)
class Bound:
    """Letters bound for the printer: the file, and for each letter the page it begins on and how many it has.

    ``differing`` are the places of the letters that are not in it, because they would not come out as approved.
    """

    file: bytes
    begins: tuple[int, ...]
    pages: tuple[int, ...]
    differing: tuple[int, ...]


def bound(letters: Iterable[tuple[str, bytes]], title: str) -> Bound:
    """One PDF of letters, each given as its text and as it was approved; each begins on the front of a sheet.

    Printed on both sides, no sheet holds two letters: one with an odd number of pages has a blank back.
    """
    weasyprint, fonts, fetcher = _weasyprint()
    pages: list[Any] = []
    begins: list[int] = []
    counts: list[int] = []
    differing: list[int] = []
    with _one_at_a_time:
        blank = weasyprint.HTML(string=_BLANK.format(escape(title)), url_fetcher=fetcher).render(font_config=fonts)
        for place, (html, approved) in enumerate(letters):
            document = weasyprint.HTML(string=html, url_fetcher=fetcher).render(font_config=fonts)
            if bytes(document.write_pdf(pdf_variant="pdf/ua-1")) != approved:
                differing.append(place)
                continue
            begins.append(len(pages) + 1)
            counts.append(len(document.pages))
            pages += document.pages
            pages += blank.pages if len(document.pages) % 2 else []
        file = bytes(blank.copy(pages).write_pdf(pdf_variant="pdf/ua-1")) if pages else b""
    return Bound(file, tuple(begins), tuple(counts), tuple(differing))


def missing_glyphs(text: str) -> frozenset[str]:
    """The characters of a text that the fonts of the letters cannot draw and would print as boxes."""
    return frozenset(text) - _NOT_DRAWN - _drawable()


@cache
def _drawable() -> frozenset[str]:
    ttlib = importlib.import_module("fontTools.ttLib")
    drawable: set[str] = set()
    for faces in _FAMILIES:
        files = [next((file for folder in _FOLDERS for file in folder.rglob(face)), None) for face in faces]
        characters = [_characters(ttlib, file) for file in files if file]
        drawable |= set.intersection(*characters) if characters else set()
    if not drawable:
        raise LetterCannotBePrinted("The fonts Liberation Sans and DejaVu Sans are not installed.")
    return frozenset(drawable)


def _characters(ttlib: Any, file: Path) -> set[str]:
    with ttlib.TTFont(file, lazy=True) as font:
        return set(map(chr, font.getBestCmap()))


@cache
def _weasyprint() -> tuple[Any, Any, Any]:
    """The library, its fonts and a fetcher of nothing; imported on the first letter, because it takes seconds."""
    weasyprint = importlib.import_module("weasyprint")
    fetcher: Any = weasyprint.urls.URLFetcher

    def fetch(self: Any, url: str, headers: dict[str, str] | None = None) -> Any:
        # A page that asks for a file is an attack or a mistake; dropping the file in silence would post the rest.
        if not url.lower().startswith("data:"):
            raise weasyprint.urls.FatalURLFetchingError("refused")
        return fetcher.fetch(self, url, headers)

    nothing = type("DataOnly", (fetcher,), {"fetch": fetch})
    fonts = importlib.import_module("weasyprint.text.fonts").FontConfiguration()
    return weasyprint, fonts, nothing(allowed_protocols=("data",))
