"""Every letter as a sample victim would get it: all can be written, and a template that fails is named."""

import shutil
from datetime import date
from pathlib import Path

from engine.letter_samples import SAMPLES, samples
from engine.settings import read_settings
from engine.words import Words
from tests.edge.test_words import FOLDER, KINDS, TO_VICTIMS

TODAY = date(2026, 11, 23)


def _found(folder: Path = FOLDER) -> list[tuple[str, str, str, str]]:
    settings = read_settings({})
    found = samples(Words(folder), KINDS, settings.letter_facts, settings.letter_facts_in, TODAY)
    return [(each.sample, each.kind, each.html, each.fault) for each in found]


def test_every_letter_to_a_victim_is_written_for_the_sample_victims_it_is_for() -> None:
    found = _found()

    assert [fault for *_, fault in found if fault] == []
    assert {kind for _, kind, _, _ in found} == set(TO_VICTIMS)
    assert {sample for sample, *_ in found} == {sample.name for sample in SAMPLES}


def test_a_sample_is_in_its_own_language_and_format() -> None:
    pages = {(sample, kind): html for sample, kind, html, _ in _found()}

    assert "23 Tachwedd 2026" in pages["welsh", "L01"]
    assert "font: 18pt" in pages["large_print", "L01"]
    assert "23 November 2026" in pages["adult", "L01"]
    assert "Dear Sam," in pages["child", "L03"]


def test_a_template_of_a_service_that_fails_for_one_sample_is_named(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "own")
    place = tmp_path / "own" / "L03" / "en.html"
    place.write_text(place.read_text().replace("{{ salutation }}", "{{ 1 / 0 }}"))

    faults = [(sample, kind) for sample, kind, _, fault in _found(tmp_path / "own") if fault]

    assert faults == [("child", "L03")]
