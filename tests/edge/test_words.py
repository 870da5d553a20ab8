"""The words of a letter: whatever a fact holds comes out as plain text, and what is missing stops the letter."""

import tomllib
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from engine.words import LetterCannotBeWritten, Words, plain_text
from tests.edge.injections import PAYLOADS as MANY_PAYLOADS
from workflow.facts import choices_of
from workflow.letters import COLLEAGUES, LetterKind, parse_letters

HOME = Path(__file__).parents[2]
KINDS = parse_letters(tomllib.loads((HOME / "config" / "letters.toml").read_text(encoding="utf-8")))
FOLDER = HOME / "templates" / "letters"
FACTS = {
    "addressee": "Ms Sam Example",
    "address": "71 Brook Rise\nExampleton\nZZ99 1LA",
    "salutation": "Ms Example",
    "letter_date": "22 November 2026",
    "reference": "VC-7K3M9",
    "sender_name": "Example House",
    "return_address": "Example House, 1 Example Road, ZZ99 1AA",
    "service_name": "Example Youth Justice Service",
    "worker_name": "Rosa Example",
    "worker_title": "Restorative justice practitioner",
    "worker_phone": "01632 960001",
    "worker_email": "rosa.example@example.org",
    "office_hours": "Monday to Friday, 9am to 5pm",
    "how_we_know": "agreed",
    "victim_name": "Sam",
    "organisation_name": "Example Stores",
    "officer_name": "Officer Example",
    "crime_reference": "26000000001/26",
    "appointment_day": "Monday 7 December 2026",
    "appointment_time": "10am",
    "appointment_place": "Example House, 1 Example Road",
    "choices_made": "You would like to hear the news.\nYou would like to talk again in May.",
    "change_made": "I will not call you any more.\nYou get letters.",
    "shared_words": "I was afraid to walk home. I would like to know why.",
    "outcome_words": "The work takes six months.\nIt starts in May.",
    "order_kind": "referral_order",
    "agreement_words": "The fence is painted in May.\nA letter comes in June.",
    "progress_words": "The work has begun. It goes well.",
    "restorative_kind": "meeting",
    "reparation_words": "The fence can be mended, or trees can be planted in the park.",
    "support_words": "Example Support: 01632 960002\nExample Listeners: 01632 960003",
    "support_agency": "Example Support",
    "new_service": "Exampleton Youth Justice Service",
    "complaint_day": "20 November 2026",
    "answer_by": "4 December 2026",
    "complaint_words": "I will find out what went wrong, and then write to you.",
    "error_words": "We sent you a letter after you had said no.",
    "recipient_name": "Case Worker Example",
    "released_words": "I was afraid to walk home. I would like to know why.",
    "gap_words": "which ways of reaching them are safe\nthe language they read",
    "safety_words": "Call before any visit to the north of the town.",
}
TO_VICTIMS = {code: kind for code, kind in KINDS.items() if kind.audience not in COLLEAGUES}
TO_COLLEAGUES = {code: kind for code, kind in KINDS.items() if kind.audience in COLLEAGUES}
MADE = [(code, form) for code, kind in TO_VICTIMS.items() for form in kind.formats]
"""Every letter to a victim in every format it can be had in."""

PAYLOADS = (
    "{{7*7}}",
    "{% import os %}",
    "{{ self.__init__.__globals__ }}",
    "<script>alert(1)</script>",
    '<link rel=attachment href="file:///etc/passwd">',
    "</style><img src=file:///etc/passwd>",
    "\"' onload='x' & &amp; &#65;",
    "url(file:///etc/passwd) } @import 'x';",
)
PRINTED = tuple(name for name in KINDS["L01"].facts if name != "how_we_know")


def facts_of(kind: LetterKind) -> dict[str, str]:
    """The facts of a kind of letter about a person who does not exist."""
    return {name: FACTS[name] for name in kind.facts}


class _Page(HTMLParser):
    """Reads a page back: its tags in order, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag and its attributes."""
        self.tags.append(f"{tag} {sorted(attrs)}")

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data


def other_words(folder: Path, **templates: str) -> Words:
    """Words over templates written for one test: ``L01`` is the English one, other names stand beside it."""
    (folder / "L01").mkdir()
    for name, source in templates.items():
        place = folder / "L01" / "en.html" if name == "L01" else folder / f"{name}.html"
        place.write_text(source, encoding="utf-8")
    return Words(folder)


def kind_with(*facts: str) -> LetterKind:
    """The first letter with only these facts."""
    return replace(KINDS["L01"], facts=facts)


def test_every_letter_there_is_can_be_written_in_each_of_its_languages() -> None:
    assert Words(FOLDER).check(KINDS) == ()


@pytest.mark.parametrize(("code", "form"), MADE)
def test_every_letter_names_the_worker_and_says_that_minds_may_change(code: str, form: str) -> None:
    kind = KINDS[code]

    text = " ".join(_Page(Words(FOLDER).render(code, "en", form, facts_of(kind))).text.split())

    assert "change your mind at any time" in text
    for name in ("worker_name", "worker_phone", "service_name", "salutation"):
        assert FACTS[name] in text


def test_the_first_letter_says_what_restorative_justice_is_and_how_to_take_part() -> None:
    text = " ".join(_Page(Words(FOLDER).render("L01", "en", "standard", facts_of(KINDS["L01"]))).text.split())

    for words in ("What is restorative justice?", "How to take part", "It is free", "You can stop at any time", "999"):
        assert words in text
    assert not {"offender", "perpetrator", "criminal", "OFFICIAL"} & set(text.replace(".", " ").split())


@pytest.mark.parametrize(
    ("how", "words"),
    [("agreed", "You said that we could"), ("told", "The police told you"), ("asked_us", "You asked us")],
)
def test_the_first_letter_says_truly_how_we_come_to_write(how: str, words: str) -> None:
    text = _Page(Words(FOLDER).render("L01", "en", "standard", {**FACTS, "how_we_know": how})).text

    assert words in text
    assert sum(each in text for each in ("You said that we could", "The police told you", "You asked us")) == 1


@pytest.mark.parametrize("name", PRINTED)
@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_an_injection_in_any_fact_comes_out_as_text_and_makes_no_tag(name: str, payload: str) -> None:
    words = Words(FOLDER)
    plain = _Page(words.render("L01", "en", "standard", FACTS))

    page = _Page(words.render("L01", "en", "standard", {**FACTS, name: payload}))

    assert page.tags == plain.tags
    assert payload in page.text
    assert "49" not in page.text


def test_two_hundred_injections_in_every_field_of_every_letter_come_out_as_text() -> None:
    words, kinds = Words(FOLDER), list(KINDS.values())
    assert len(set(MANY_PAYLOADS)) >= 200

    for number, payload in enumerate(MANY_PAYLOADS):
        kind = kinds[number % len(kinds)]
        free = [name for name in kind.facts if not choices_of(name)]
        for names in (free, [free[number % len(free)]]):
            language = kind.languages[number % len(kind.languages)]
            facts = facts_of(kind)
            plain = _Page(words.render(kind.code, language, "standard", facts))
            page = _Page(words.render(kind.code, language, "standard", {**facts, **dict.fromkeys(names, payload)}))
            assert page.tags == plain.tags, (kind.code, payload)
            assert payload in page.text, (kind.code, payload)


def _where_written() -> list[tuple[str, str]]:
    """Every place in which a person may write any text, as the letter and the fact."""
    return [(code, name) for code, kind in KINDS.items() for name in kind.filled if not choices_of(name)]


@pytest.mark.parametrize(("code", "name"), _where_written())
def test_an_injection_in_what_a_person_writes_comes_out_as_text_and_makes_no_tag(code: str, name: str) -> None:
    words, facts, form = Words(FOLDER), facts_of(KINDS[code]), KINDS[code].formats[-1]
    plain = _Page(words.render(code, "en", form, {**facts, name: "plain"}))

    for payload in PAYLOADS:
        page = _Page(words.render(code, "en", form, {**facts, name: payload}))

        assert page.tags == plain.tags
        assert payload in page.text
        assert payload in plain_text(words.render(code, "en", form, {**facts, name: payload}))


def test_easy_read_is_the_same_words_with_each_sentence_by_itself() -> None:
    standard, easy = (
        Words(FOLDER).render("L01", "en", form, facts_of(KINDS["L01"])) for form in ("standard", "easy_read")
    )

    assert plain_text(easy).split() == plain_text(standard).split()
    assert easy.count("<p>") > standard.count("<p>") + 20
    assert "font: 16pt" in easy


@pytest.mark.parametrize("code", TO_COLLEAGUES)
def test_what_goes_to_police_and_colleagues_names_no_victim_and_has_no_address(code: str) -> None:
    kind = KINDS[code]

    text = plain_text(Words(FOLDER).render(code, "en", "standard", facts_of(kind)))

    assert not {"addressee", "address", "salutation", "victim_name", "organisation_name"} & set(kind.facts)
    assert FACTS["worker_phone"] in text
    assert FACTS["salutation"] not in text


def test_a_service_has_every_letter_of_the_catalogue() -> None:
    wanted = {f"L{number:02}" for number in range(1, 35)}
    wanted |= {f"P{number:02}" for number in range(1, 6)} | {f"C{number:02}" for number in range(1, 5)}

    assert set(KINDS) == wanted


@pytest.mark.parametrize("name", KINDS["L01"].facts)
def test_a_missing_fact_stops_the_letter_and_is_named(name: str) -> None:
    facts = {each: value for each, value in FACTS.items() if each != name}

    with pytest.raises(LetterCannotBeWritten) as stopped:
        Words(FOLDER).render("L01", "en", "standard", facts)

    assert stopped.value.names == (name,)


@pytest.mark.parametrize("value", [None, "", "  ", 7, ["Ms Example"], {"name": "Ms Example"}])
def test_a_fact_that_is_not_a_text_or_is_empty_stops_the_letter(value: object) -> None:
    with pytest.raises(LetterCannotBeWritten) as stopped:
        Words(FOLDER).render("L01", "en", "standard", {**FACTS, "salutation": value})  # type: ignore[dict-item]

    assert stopped.value.names == ("salutation",)


def test_a_fact_that_is_not_on_the_list_stops_the_letter_without_echoing_what_it_holds() -> None:
    with pytest.raises(LetterCannotBeWritten) as stopped:
        Words(FOLDER).render("L01", "en", "standard", {**FACTS, "offence": "a secret thing"})

    assert stopped.value.names == ("offence",)
    assert "secret" not in str(stopped.value)


@pytest.mark.parametrize(("kind", "language", "form"), [("L17", "cy", "standard"), ("L99", "en", "standard")])
def test_a_language_or_letter_that_is_not_there_stops_the_letter(kind: str, language: str, form: str) -> None:
    with pytest.raises(LetterCannotBeWritten, match="there is no such template"):
        Words(FOLDER).render(kind, language, form, FACTS)


@pytest.mark.parametrize("language", ["../L06/en", "../../pages/base", "en.html/../en", "/etc/passwd"])
def test_a_language_cannot_climb_out_of_the_folder(language: str) -> None:
    with pytest.raises(LetterCannotBeWritten):
        Words(FOLDER).render("L01", language, "standard", FACTS)


def test_a_format_that_cannot_be_made_stops_the_letter() -> None:
    with pytest.raises(LetterCannotBeWritten, match="format"):
        Words(FOLDER).render("L01", "en", "braille", FACTS)


def test_large_print_is_the_same_words_at_eighteen_points() -> None:
    words = Words(FOLDER)

    small, large = (words.render("L01", "en", form, FACTS) for form in ("standard", "large_print"))

    assert _Page(small).text.split("}")[-1] == _Page(large).text.split("}")[-1]
    assert "font: 12pt" in small
    assert "font: 18pt" in large


def test_two_letters_never_share_a_word_of_a_person() -> None:
    words = Words(FOLDER)
    first = words.render("L01", "en", "standard", {**FACTS, "addressee": "Canary Onething", "salutation": "Onething"})

    second = words.render("L01", "en", "standard", {**FACTS, "addressee": "Canary Another", "salutation": "Another"})

    assert "Onething" in first
    assert "Onething" not in second


def test_the_version_changes_with_the_template_and_with_the_page_it_extends(tmp_path: Path) -> None:
    words = other_words(tmp_path, L01="{% extends 'base.html' %}", base="{{ salutation }}")
    before = words.template_version("L01", "en")
    assert before == Words(tmp_path).template_version("L01", "en")

    (tmp_path / "base.html").write_text("{{ salutation }}!", encoding="utf-8")

    assert words.template_version("L01", "en") != before


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("{{ salutation }} {{ surname }}", ("surname",)),
        ("{{ order.naem }}", ("order.naem",)),
        ("{{ salutation.upper }}", ("salutation.upper",)),
        ("{{ victim['name'] }}", ("victim.name",)),
        ("{% for letter in salutation %}{{ letter }}{{ loop.index }}{% endfor %}", ()),
        ("{% set other = salutation %}{{ other }}", ()),
        ("{% if hidden %}x{% endif %}", ("hidden",)),
        ("{% include 'base.html' %}", ("deep",)),
        ("{% extends 'base.html' %}{% block b %}{{ salutation }}{% endblock %}", ("deep",)),
        ("{{ language }} {{ format }}", ()),
    ],
)
def test_a_name_that_is_not_among_the_facts_is_found_through_parents_and_parts(
    tmp_path: Path, source: str, names: tuple[str, ...]
) -> None:
    words = other_words(tmp_path, L01=source, base="{{ deep }}{% block b %}{% endblock %}")

    assert words.undeclared(kind_with("salutation"), "en") == names


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("{{ salutation }}{{ worker_nmae }}", "L01/en.html: worker_nmae is not among the facts of L01."),
        ("nobody", "L01/en.html: the fact salutation is never used."),
        ("{{ salutation|default('friend') }}", "L01/en.html: the filter default may not be used in a letter."),
        ("{{ salutation|safe }}", "L01/en.html: the filter safe may not be used in a letter."),
        (
            "{% if salutation is defined %}x{% endif %}",
            "L01/en.html: the test 'is defined' may not be used in a letter.",
        ),
        ("{{ salutation.upper() }}", "L01/en.html: a letter calls nothing and switches no escaping off."),
        ("{{ salutation|capitalise }}", "L01/en.html: No filter named 'capitalise'."),
        ("{% include 'base.html' %}{{ salutation }}", "base.html: the filter d may not be used in a letter."),
        ("{% extends 'gone.html' %}", "L01 cannot be written: there is no such template: gone.html."),
        ("{% if %}", "L01 cannot be written: the template cannot be read: L01/en.html."),
        (
            "{% extends salutation %}",
            "L01 cannot be written: a template may only name its parents outright: L01/en.html.",
        ),
    ],
)
def test_a_template_that_would_go_wrong_is_told_before_any_letter_is_written(
    tmp_path: Path, source: str, fault: str
) -> None:
    words = other_words(tmp_path, L01=source, base="{{ salutation|d('friend') }}")

    assert fault in words.check({"L01": kind_with("salutation")})


def test_a_language_that_is_declared_but_not_written_is_told(tmp_path: Path) -> None:
    words = other_words(tmp_path, L01="{{ salutation }}")

    faults = words.check({"L01": replace(kind_with("salutation"), languages=("en", "cy"))})

    assert faults == ("L01 cannot be written: there is no such template: L01/cy.html.",)


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ salutation.__class__ }}",
        "{{ salutation.format.__globals__ }}",
        "{% for i in range(100000000) %}{% endfor %}",
        "{{ 1 // 0 }}",
        "{{ salutation + 1 }}",
        "{% set nothing = none %}{{ nothing }}",
    ],
)
def test_a_template_that_misbehaves_stops_the_letter_and_says_nothing_of_the_person(
    tmp_path: Path, source: str
) -> None:
    words = other_words(tmp_path, L01=source)

    with pytest.raises(LetterCannotBeWritten) as stopped:
        words.render("L01", "en", "standard", {"salutation": "Ms Secret"})

    assert "Secret" not in str(stopped.value)
    assert stopped.value.__cause__ is None
