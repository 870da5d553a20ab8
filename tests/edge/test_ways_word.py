"""Proves that a letter for Word says what the letter says, takes every text for text, and sends nothing."""

import io
import zipfile
from pathlib import Path

import docx
import pytest

from engine.errors import BadConfiguration
from engine.house import House
from engine.word import blocks, word_file, word_to_finish
from tests.conftest import NOW
from tests.edge.faults.town import kept_letter, kinds, only_letter, ready
from tests.edge.web_visitors import Visitor, new_case, on_one_database

pytest_plugins = ["tests.edge.faults.fixtures"]

TEMPLATE = Path(__file__).resolve().parents[2] / "templates" / "word" / "letter.docx"
HARMFUL = (
    "A & B <Smith>",
    'O\'Neill "Kit" Łukasz Siân ŵ',
    "{{ 7 * 7 }}",
    "{% for x in range(9) %}x{% endfor %}",
    "{{ ''.__class__.__mro__ }}",
    "</w:t></w:r><w:r><w:t>gone",
    '<w:altChunk r:id="evil"/>',
    "&amp; &lt; ]]>",
)


def _text(made: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(made)).paragraphs]


def test_a_word_file_says_what_the_letter_says(sqlite_town: House) -> None:
    letter = only_letter(sqlite_town, ready(sqlite_town, 1, NOW))

    made = word_to_finish(sqlite_town, letter.letter_id, NOW)

    assert _text(made) == ["1 Nowhere Street\nExampleton\nZZ99 1AA", "Dear Alex Example-1,", "23 November 2026"]
    properties = docx.Document(io.BytesIO(made)).core_properties
    assert (properties.author, properties.last_modified_by) == ("", "")
    assert kept_letter(sqlite_town, letter.letter_id).state == "drafted"
    assert "letter_sent" not in kinds(sqlite_town, letter.reference)


@pytest.mark.parametrize("words", HARMFUL)
def test_whatever_stands_in_a_letter_is_text_in_the_file(words: str) -> None:
    made = word_file(TEMPLATE, [{"kind": "paragraph", "text": words}, {"kind": "heading", "text": words}])

    assert _text(made) == [words, words]
    with zipfile.ZipFile(io.BytesIO(made)) as parts, zipfile.ZipFile(TEMPLATE) as before:
        assert sorted(parts.namelist()) == sorted(before.namelist())


def test_headings_and_items_stay_what_they_are() -> None:
    html = "<head><title>no</title><style>p { }</style></head><h1>One</h1><p>Two<br>three &amp; four</p><li>Five</li>"

    found = blocks(html)

    assert found == [
        {"kind": "heading", "text": "One"},
        {"kind": "paragraph", "text": "Two\nthree & four"},
        {"kind": "item", "text": "Five"},
    ]


@pytest.mark.parametrize("words", ["{{ nobody }}", "{{ blocks.__class__ }}", "{{ ", "{{ blocks.append(1) }}"])
def test_a_template_that_names_what_is_not_there_or_reaches_out_is_refused(tmp_path: Path, words: str) -> None:
    template = docx.Document()
    template.add_paragraph(words)
    template.save(str(tmp_path / "letter.docx"))

    with pytest.raises(BadConfiguration) as refused:
        word_file(tmp_path / "letter.docx", [{"kind": "paragraph", "text": "Alex"}])

    assert refused.value.file == "templates/word/letter.docx"
    assert "Alex" not in str(refused.value)


@pytest.mark.parametrize("there", [None, b"no word file"])
def test_a_template_that_is_no_word_file_is_named(tmp_path: Path, there: bytes | None) -> None:
    if there is not None:
        (tmp_path / "letter.docx").write_bytes(there)

    with pytest.raises(BadConfiguration, match="put one there"):
        word_file(tmp_path / "letter.docx", [])


@on_one_database
def test_the_file_is_taken_from_the_page_of_the_letter_under_a_name_that_says_nothing(house: House) -> None:
    from engine.entries import Actor, Entry
    from engine.record import record
    from workflow.vocabulary import Role

    reference = new_case(house)
    record(house, reference, [Entry("triage_completed")], actor=Actor("rosa", Role.PRACTITIONER), now=NOW)
    letter_id, visitor = only_letter(house, reference).letter_id, Visitor(house)
    visitor.sign_in("rosa")

    answer = visitor.get(f"/letters/{letter_id}/word")

    assert f'href="/letters/{letter_id}/word"' in visitor.get(f"/letters/{letter_id}").text
    assert answer.headers["content-disposition"] == f'attachment; filename="{letter_id}.docx"'
    assert any(line.startswith("Dear ") for line in _text(answer.content))
