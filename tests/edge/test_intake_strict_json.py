"""Proves that JSON two readers could understand differently never gets in, and that no JSON stops the reader."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.intake.strict_json import elements, parse
from tests.edge.consent_records import consent_record
from tests.measure import effort

_TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**63), max_value=2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="ascii", exclude_characters="\0"), max_size=8), inner)
    ),
    max_leaves=12,
)


def _rules(text: str | bytes, **limits: int) -> list[tuple[str, str]]:
    return [(problem.path, problem.rule) for problem in parse(text, **limits).problems]


def test_a_plain_record_is_read_as_it_stands() -> None:
    record = consent_record(victim__given_name="Siân", notes='a "quoted" note with [brackets] and {braces}')

    parsed = parse(json.dumps(record, ensure_ascii=False).encode())

    assert parsed.problems == ()
    assert parsed.value == record


def test_a_field_that_stands_twice_is_refused_by_its_path() -> None:
    text = '{"consent": {"decision": "no", "scope": {"contact": false, "contact": true}, "decision": "yes"}}'

    found = _rules(text)

    assert found == [("consent.decision", "repeated-key"), ("consent.scope.contact", "repeated-key")]


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("NaN", "not-a-number"),
        ("Infinity", "not-a-number"),
        ("-Infinity", "not-a-number"),
        ("9223372036854775808", "number-too-big"),
        ("-9223372036854775809", "number-too-big"),
        ("1" + "0" * 5000, "number-too-big"),
        ("1e999", "number-too-big"),
        (r'"\ud800"', "damaged-text"),
        (r'"\udfff\ud800"', "damaged-text"),
        (r'"a\u0000b"', "damaged-text"),
        ('"' + "x" * 10_001 + '"', "too-long"),
    ],
)
def test_a_value_no_database_could_hold_is_refused_by_its_path(value: str, rule: str) -> None:
    text = '{"victim": {"phones": [1, {"number": ' + value + "}]}}"

    found = _rules(text)

    assert found == [("victim.phones.2.number", rule)]


@pytest.mark.parametrize(
    "value", ["9223372036854775807", "-9223372036854775808", "1.5", r'"\ud83d\ude00 \u0175"', "-0"]
)
def test_a_value_at_the_edge_of_what_fits_is_taken(value: str) -> None:
    text = '{"value": ' + value + "}"

    parsed = parse(text)

    assert parsed.problems == ()
    assert parsed.value == json.loads(text)


def test_a_hundred_thousand_levels_are_refused_at_once() -> None:
    bodies = ["[" * 100_000, '{"a":' * 100_000 + "1" + "}" * 100_000, "[{" * 50_000, '"' + '\\"' * 100_000 + "[" * 30]

    found: list[list[tuple[str, str]]] = []
    cost = effort(lambda: found.extend(_rules(body, max_bytes=10_000_000) for body in bodies))

    assert [rules[0] for rules in found] == [("", "too-deep")] * 3 + [("", "not-json")]
    assert cost < 15


def test_brackets_inside_texts_are_no_levels() -> None:
    text = json.dumps({"notes": "[" * 50 + '"{' * 50, "more": "]" * 50, "lists": [[]] * 50})

    found = _rules(text)

    assert found == []


@pytest.mark.parametrize("levels", [20, 21])
def test_twenty_levels_are_the_most(levels: int) -> None:
    text = "[" * levels + "]" * levels + " " * 3

    found = _rules(text)

    assert found == ([] if levels == 20 else [("", "too-deep")])


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (b"", "not-json"),
        (b"{", "not-json"),
        (b'{"a": 1} {"b": 2}', "not-json"),
        (b"{'a': 1}", "not-json"),
        (b'{"a": 1,}', "not-json"),
        (b'{"a": "x\ty"}', "not-json"),
        (b'{"a": "Si\xe2n"}', "not-utf-8"),
        (b"\xff\xfe{\x00}\x00", "not-utf-8"),
        (b'{"a": "\xed\xa0\x80"}', "not-utf-8"),
        (b" " * 300_000, "too-large"),
    ],
)
def test_a_body_that_is_not_json_in_utf_8_is_refused_whole(body: bytes, rule: str) -> None:
    sent = body

    found = _rules(sent)

    assert found == [("", rule)]


def test_a_strange_key_is_not_repeated_in_the_path() -> None:
    text = r'{"12 Refuge Lane": {"x": NaN}, "smith, j": 1e999}'

    found = _rules(text)

    assert found == [("?.x", "not-a-number"), ("?", "number-too-big")]


@given(_TREES)
@settings(max_examples=150, deadline=None)
def test_whatever_json_can_say_is_read_as_it_was_written(tree: object) -> None:
    text = json.dumps(tree)

    parsed = parse(text, max_depth=50)

    assert parsed.problems == ()
    assert parsed.value == tree


@given(st.binary(max_size=200) | st.text('[]{}",:\\u0dN9e', max_size=60).map(str.encode))
@settings(max_examples=300, deadline=None)
def test_no_body_whatsoever_stops_the_reader(body: bytes) -> None:
    sent = body

    parsed = parse(sent)

    assert parsed.problems == () or parsed.value is None


@given(st.lists(_TREES, max_size=6), st.sampled_from([None, 0, 1]))
@settings(max_examples=100, deadline=None)
def test_a_list_falls_into_the_texts_of_its_items(trees: list[object], indent: int | None) -> None:
    text = json.dumps(trees, indent=indent)

    items = list(elements(text))

    assert [json.loads(item) for item in items] == trees


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("[1, {broken, 3]", 1),
        ("[1, 2, ]", 2),
        ("[1, 2", 2),
        ("[1, 2] 3", 2),
        ("[1, 2}", 1),
        ("[", 0),
        ("[,1]", 1),
        ('[1, {"a": "unclosed}, 2]', 1),
    ],
)
def test_a_broken_list_keeps_its_good_items_and_shows_that_it_is_broken(text: str, good: int) -> None:
    items = list(elements(text))

    parsed = [parse(item) for item in items]

    assert sum(not each.problems for each in parsed) == good
    assert any(each.problems for each in parsed)
