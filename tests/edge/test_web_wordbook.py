"""Holds the wordbook of the pages: what people read is in it with its place, and what is for machines is not."""

import re
from pathlib import Path

from web import labels
from web.wordbook import wordbook
from workflow.catalogue import CATALOGUE

HOME = Path(__file__).resolve().parents[2]


def test_the_wordbook_holds_the_words_of_templates_modules_and_events_with_their_places() -> None:
    found = wordbook(HOME)

    words = {word.replace('\\"', '"') for word in re.findall(r'^msgid "(.+)"$', found, re.MULTILINE)}
    assert {"What to do now", "Take the next case", "Safety: read this first", "You are here"} <= words
    assert {tag.text for tag in labels.TIERS} <= words
    assert {kind.label for kind in CATALOGUE.values()} <= words
    assert '#: templates/pages/queue.html\nmsgid "What to do now"\nmsgstr ""\n' in found


def test_the_wordbook_holds_nothing_that_is_for_machines_and_says_each_thing_once() -> None:
    found = wordbook(HOME)

    words = re.findall(r'^msgid "(.+)"$', found, re.MULTILINE)
    assert len(words) == len(set(words)) > 500
    assert [word for word in words if re.search(r"govuk-|vc-|class=|^/|</|\{\{", word)] == []
