"""Proves that no record whatsoever stops the judge, and that nothing of what it says is repeated in a problem."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.intake.judge import content_digest
from tests.edge.consent_records import ABSENT, child_record, judged

_CANARY = "Canary of 12 Refuge Lane"
_PLACES: list[tuple[str | int, ...]] = []


def _collect(node: Any, place: tuple[str | int, ...]) -> None:
    if place:
        _PLACES.append(place)
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        _collect(value, (*place, key))


_collect(child_record(consent__withdrawal={"on": "2026-11-09", "part": "all"}, notes="none"), ())
_WRONG = st.recursive(
    st.sampled_from([_CANARY, f"{_CANARY}\u200b", f"{_CANARY}\ud800", _CANARY * 500, f"{_CANARY}@example.org", ""])
    | st.sampled_from([None, True, False, 0, 1, -(2**70), 77.7, float("nan"), float("inf"), "yes", "withdrawal"])
    | st.sampled_from(
        ["2026-11-09", "9999-12-31", "0001-01-01T00:00:00+14:00", "2026-11-09T25:00:00Z", "07700 900001"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["kind", "on", "extra"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@given(st.lists(st.tuples(st.sampled_from(_PLACES), _WRONG, st.sampled_from(["set", "drop", "add"])), max_size=4))
@settings(max_examples=500, deadline=None)
def test_no_mutation_of_a_good_record_stops_the_judge_or_is_repeated_in_a_problem(
    mutations: list[tuple[tuple[str | int, ...], Any, str]],
) -> None:
    record: Any = child_record(consent__withdrawal=ABSENT, notes="none")
    for place, value, how in mutations:
        node = record
        try:
            for step in place[:-1]:
                node = node[step]
            if how == "drop":
                del node[place[-1]]
            else:
                node[place[-1] if how == "set" or isinstance(node, list) else "unheard_of"] = value
        except (KeyError, IndexError, TypeError):
            continue

    judgement = judged(record)

    assert (judgement.record is None) == bool(judgement.errors)
    assert all(problem.rule and problem.remedy for problem in (*judgement.errors, *judgement.gaps))
    assert "Canary" not in repr((judgement.errors, judgement.gaps, judgement.queries))
    assert len(content_digest(record)) == 64
