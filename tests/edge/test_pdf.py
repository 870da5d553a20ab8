"""The PDF of a letter: discreet, in the window, readable by everybody, and made from nothing but its own text."""

import hashlib
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from engine.delivery.pdf import WINDOW, LetterCannotBePrinted, missing_glyphs, pdf
from engine.delivery.printing import PrintingFailed
from engine.words import Words
from tests.edge.test_words import FACTS, FOLDER, HOME, KINDS, MADE, PAYLOADS, TO_COLLEAGUES, TO_VICTIMS, facts_of

SAFE_WINDOW = (57.0, 81.0)
"""Between how many millimetres from the top an address shows however the sheet lies in its envelope."""

SHOWS = (44.0, 92.0, 112.0)
"""What may ever show in the window, in millimetres: between the first two from the top, within the third from left."""

FIRST_FOLD = 99.0
TELLING = re.compile(
    r"crim|offen[cds]|polic|victim|court|justice|youth|probation|restorat|witness|magistrat|prison|custod|sentenc"
    r"|suspect|incident|harm|arrest|child|official|sensitive",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Word:
    """A word on a page, with its edges in millimetres from the top left."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def run(tool: str, made: bytes, *options: str) -> str:
    """What one of the poppler tools says about a PDF."""
    done = subprocess.run([tool, *options], input=made, capture_output=True, check=True)
    return done.stdout.decode("utf-8")


def text_of(made: bytes, *options: str) -> str:
    """The text of a PDF."""
    return run("pdftotext", made, *options, "-", "-")


def catalogue(made: bytes) -> Any:
    """The catalogue of a PDF, which says what it is."""
    return PdfReader(BytesIO(made)).trailer["/Root"]


def words_of(made: bytes, page: int = 1) -> list[Word]:
    """The words on a page, with their places."""
    found = re.findall(
        r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>',
        text_of(made, "-bbox", "-f", str(page), "-l", str(page)),
    )
    return [Word(text, *(float(points) * 25.4 / 72 for points in place)) for *place, text in found]


@cache
def made(code: str = "L01", form: str = "standard", **facts: str) -> bytes:
    """A letter as a PDF, with some facts of its own."""
    return pdf(Words(FOLDER).render(code, "en", form, {**facts_of(KINDS[code]), **facts}))


def page(body: str) -> str:
    """A page of its own."""
    return f'<!doctype html><html lang="en"><head><title>Letter</title></head><body>{body}</body></html>'


@pytest.mark.parametrize(("code", "form"), [*MADE, *((code, "standard") for code in TO_COLLEAGUES)])
def test_a_letter_is_tagged_in_its_language_with_a_title_that_names_nobody(code: str, form: str) -> None:
    told = run("pdfinfo", made(code, form), "-")

    assert re.search(r"^Tagged: +yes$", told, re.MULTILINE)
    assert re.search(r"^Title: +Letter VC-7K3M9$", told, re.MULTILINE)
    assert re.search(r"^Page size: .*\(A4\)$", told, re.MULTILINE)
    assert catalogue(made(code, form))["/Lang"] == "en"
    assert "pdfuaid:part" in catalogue(made(code, form))["/Metadata"].get_object().get_data().decode()


def test_the_headings_and_lists_of_a_letter_are_told_to_a_screen_reader() -> None:
    structure = run("pdfinfo", made(), "-struct", "-")

    assert structure.count("H2") >= 5
    assert "L (block)" in structure or "\n    L" in structure


@pytest.mark.parametrize(("code", "form"), MADE)
def test_nothing_above_the_first_fold_gives_away_what_the_letter_is_about(code: str, form: str) -> None:
    upper = [word.text for word in words_of(made(code, form)) if word.top < FIRST_FOLD]

    assert {"Example", "Brook", "November"} <= set(upper)
    assert [word for word in upper if TELLING.search(word)] == []


@pytest.mark.parametrize(("code", "form"), MADE)
def test_only_the_return_address_and_the_address_can_ever_show_in_the_window(code: str, form: str) -> None:
    top, bottom, left = SHOWS
    shown = [w.text for w in words_of(made(code, form)) if w.bottom > top and w.top < bottom and w.left < left]

    assert (
        " ".join(shown) == "Return to " + FACTS["return_address"] + " Ms Sam Example 71 Brook Rise Exampleton ZZ99 1LA"
    )


@pytest.mark.parametrize("form", ["standard", "large_print"])
def test_an_address_of_five_lines_shows_however_the_sheet_lies(form: str) -> None:
    facts = {"addressee": "Ms Sam Windowtop", "address": "Flat 2\n71 Brook Rise\nExampleton\nZZ99 1LA"}

    words = words_of(made("L01", form, **facts))

    first = next(place for place, word in enumerate(words) if word.text == "Windowtop")
    block = words[first - 2 : words.index(next(w for w in words if w.text == "1LA")) + 1]
    assert len(block) == 11
    assert min(word.top for word in block) >= SAFE_WINDOW[0] - 0.6
    assert max(word.bottom for word in block) <= SAFE_WINDOW[1]
    assert min(word.left for word in block) >= 20
    assert max(word.right for word in block) <= 100


def test_a_long_name_and_a_long_address_stay_whole_and_inside_the_window() -> None:
    name = "Bartholomew-Alexander Featherstonehaugh-Jones"
    assert len(name) == 45
    address = "Flat 12, Llanfairpwllgwyngyllgogerych Mansions\n1234 The Very Long Example Road\nExampleton\nZZ99 1LA"

    letter = made(addressee=name, address=address, salutation=name)

    shown = [word for word in words_of(letter) if SHOWS[0] < word.top < SHOWS[1] and word.left < SHOWS[2]]
    text = " ".join(word.text for word in shown)
    assert f"{name} Flat 12, Llanfairpwllgwyngyllgogerych Mansions 1234 The Very" in text
    assert text.endswith("ZZ99 1LA")
    assert min(word.top for word in shown if word.text.startswith("Bartholomew")) >= WINDOW[0]
    assert max(word.right for word in shown) <= 100
    assert f"Dear {name}," in text_of(letter)


@pytest.mark.parametrize("lines", [9, 15])
def test_an_address_that_is_longer_than_the_window_is_refused_and_never_cut(lines: int) -> None:
    address = "\n".join(f"{number} Example Road" for number in range(lines))

    with pytest.raises(LetterCannotBePrinted, match="more lines than the window"):
        made(address=address)


def test_a_name_without_a_space_is_broken_and_never_runs_out_of_the_window() -> None:
    letter = made(addressee="W" * 45)

    shown = [word for word in words_of(letter) if set(word.text) == {"W"}]

    assert sum(len(word.text) for word in shown) == 45
    assert max(word.right for word in shown) <= 100


@pytest.mark.parametrize(
    "name",
    ["Siân Ŵyn-Ŷnys", "Łukasz Żółć-Świętochłowski", "Zoë O’Brien & D'Arcy", "Ștefan Țurcanu", "Ní Dhomhnaill", "محمد"],
)
def test_names_of_many_languages_come_out_as_they_are_written(name: str) -> None:
    text = text_of(made(addressee=name, salutation=name))

    # A right-to-left name is written with marks of direction around it.
    plain = re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", text)
    assert plain.count(name) == 2


def test_an_injection_in_the_facts_is_printed_as_the_text_it_is() -> None:
    told = " ".join(PAYLOADS)

    text = " ".join(text_of(made(worker_title=told), "-layout").split())

    # The file link is text on paper: nothing was opened.
    for payload in ("{{7*7}}", "{% import os %}", "<script>alert(1)</script>", 'href="file:///etc/passwd">'):
        assert payload in text
    assert "root:" not in text


@pytest.mark.parametrize(
    "body",
    [
        '<link rel="attachment" href="{url}">',
        '<a rel="attachment" href="{url}">x</a>',
        '<img src="{url}" alt="x">',
        '<link rel="stylesheet" href="{url}">',
        '<style>@import "{url}";</style>',
        "<style>body {{ background: url({url}) }}</style>",
        "<style>@font-face {{ font-family: x; src: url({url}) }} body {{ font-family: x }}</style>x",
        '<object data="{url}"></object>',
        '<embed src="{url}">',
    ],
)
@pytest.mark.parametrize("scheme", ["file", "http", "FILE"])
def test_no_file_and_no_address_is_ever_opened_for_a_letter(tmp_path: Path, body: str, scheme: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("a secret that is in no letter", encoding="utf-8")
    url = f"{scheme}://{secret}" if scheme != "http" else "http://127.0.0.1:9/x"

    with pytest.raises(LetterCannotBePrinted, match="outside itself"):
        pdf(page(body.format(url=url)))


def test_a_relative_address_leads_nowhere() -> None:
    made_of_it = pdf(page('<link rel="attachment" href="pyproject.toml"><img src="pyproject.toml" alt="x">Text'))

    assert PdfReader(BytesIO(made_of_it)).attachments == {}


def test_a_picture_that_is_in_the_letter_itself_may_be_printed() -> None:
    dot = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"

    assert pdf(page(f'<img src="{dot}" alt="a dot">')).startswith(b"%PDF")


@pytest.mark.parametrize("name", ["王小明", "ਸਿਮਰਨ", "नमस्ते", "ကျော်"])
def test_a_name_the_fonts_cannot_draw_is_refused_and_never_printed_as_boxes(name: str) -> None:
    assert missing_glyphs(f"Ms {name}")

    with pytest.raises(LetterCannotBePrinted, match="The fonts lack") as refused:
        made(addressee=name)

    assert name not in str(refused.value)


def test_everything_a_letter_usually_holds_can_be_drawn() -> None:
    assert missing_glyphs("Siân Łukasiewicz, 1–3 Brook Rise\nZZ99 1LA £5 ‘x’ “y” … e\u0301") == frozenset()


def test_the_same_letter_is_the_same_bytes_today_and_in_another_process() -> None:
    html = Words(FOLDER).render("L01", "en", "standard", FACTS)
    script = "import sys, hashlib; from engine.delivery.pdf import pdf; "
    script += "print(hashlib.sha256(pdf(sys.stdin.read())).hexdigest())"
    elsewhere = subprocess.run(
        [sys.executable, "-c", script],
        input=html.encode(),
        capture_output=True,
        check=True,
        cwd=HOME,
        env={**os.environ, "PYTHONHASHSEED": "1", "PYTHONUTF8": "1"},
    ).stdout.decode()

    assert pdf(html) == pdf(html)
    assert elsewhere.strip() == hashlib.sha256(pdf(html)).hexdigest()


@pytest.mark.parametrize("how", ["agreed", "told", "asked_us"])
def test_the_first_letter_fits_on_two_sides_of_one_sheet(how: str) -> None:
    told = run(
        "pdfinfo", made(how_we_know=how, service_name="Exampleton and North Exampleshire Youth Justice Service"), "-"
    )

    assert re.search(r"^Pages: +2$", told, re.MULTILINE)


def test_large_print_is_eighteen_points_but_for_what_the_post_office_reads() -> None:
    small, large = (
        next(word for word in words_of(made(form=form)) if word.text == "Dear") for form in ("standard", "large_print")
    )

    assert (large.bottom - large.top) / (small.bottom - small.top) == pytest.approx(1.5, abs=0.05)


def test_a_letter_that_cannot_be_printed_is_a_fault_of_printing_so_that_a_release_puts_it_back() -> None:
    assert issubclass(LetterCannotBePrinted, PrintingFailed)


def _syllables(word: str) -> int:
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = (word.endswith("e") and not word.endswith("le")) or re.search(r"[^td]ed$", word) is not None
    return max(1, groups - silent)


@pytest.mark.parametrize("code", TO_VICTIMS)
def test_a_child_of_eleven_could_read_the_letter(code: str) -> None:
    text = text_of(made(code), "-layout")
    signed = re.search(r"\n(Yours \w+|Best wishes),", text)
    assert signed is not None
    text = re.sub(r"Our reference.*|\f", "", text[text.index("Dear") : signed.start()])

    sentences = [part for part in re.split(r"[.?!:]\s|\n\n+|•", text) if re.search(r"[a-z]", part)]
    words = re.findall(r"[a-z’]+", text.lower())

    # The grade of Flesch and Kincaid: grade 6 is read at eleven.
    grade = 0.39 * len(words) / len(sentences) + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59
    assert grade <= 6
