"""The contact decision against a second, plain reading of the rules, on people whom nobody wrote by hand."""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from tests.core.histories import consented, contact_due, go_on, history, opened, reported, step, triaged
from tests.core.invented_people import KINDS, Invented, invented
from tests.core.plain_reading import WORDS, in_the_way
from workflow.candidates import candidates
from workflow.case import Case
from workflow.consent import agreed
from workflow.contact import ContactDecision, Reach, Verdict, contact_decision
from workflow.london import london_day
from workflow.reasons import Reason
from workflow.vocabulary import Channel, State

DAY = "2026-11-02"
GOOD = Reach(
    Channel.POST,
    has_point=True,
    source_known=True,
    under_18_today=False,
    close_to_child=False,
    address_shared_with_child=False,
    safety_lasts=90,
    address_lasts=365,
)
TRUE_BESIDES = {
    "near_child",
    "may_be_opened",
    "guardian_suspect",
    "guardian_unaware",
    "guardian_unknown",
    "child_not_asked",
}
"""What is said as well where a letter is worded for somebody else, or a channel is not known to be safe at all,
or a house that was invented for somebody else happens to read alike."""

MOST = 0.999
"""Of the letters that may go, so many must go."""


@dataclass
class Compared:
    """What a round of people came to; a person is named by number, so that anybody can invent them again."""

    permitted: int = 0
    went: int = 0
    forbidden: list[int] = field(default_factory=list)
    kept_back: list[int] = field(default_factory=list)
    wordless: list[int] = field(default_factory=list)
    idle: list[int] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)


def decided(person: Invented) -> ContactDecision:
    """What the program decides about the letter of this person."""
    return contact_decision(person.case, person.letter, person.reach, person.today)


def stopping(decision: ContactDecision) -> list[Reason]:
    """The reasons that stop a letter, in the order in which they are shown."""
    return [reason for reason in decision.reasons if reason.verdict is not Verdict.RELEASE]


def names(reasons: list[Reason], found: set[str]) -> bool:
    """Whether the words name what stands in the way, and nothing else where it is one thing."""
    said = [any(WORDS[each].lower() in reason.words.lower() for each in found) for reason in reasons]
    besides = [said or reason.code in TRUE_BESIDES for said, reason in zip(said, reasons, strict=True)]
    return any(said) and (all(besides) if len(found) == 1 else True)


def asks_for_a_deed(person: Invented, reasons: list[Reason]) -> bool:
    """Whether somebody finds in the queue what is to be done about a held letter."""
    day = person.case.history[-1].at
    held = step(
        "letter_held", day, letter=person.sheet.number, kind=person.sheet.code, occurrence=1, reasons=reasons[0].code
    )
    found = list(candidates(go_on(person.case, held), ()))
    hold = {"manage_alert", "review_hold", "agree_who_to_speak_to"}
    return any(
        reasons[0].words.split("{")[0][:20] in each.action.reason or each.action.name in {*hold, "clear_held_letter"}
        for each in found
    )


def compared(first: int, count: int) -> Compared:
    """Compare the two readings on so many people."""
    so_far = Compared()
    for number in range(first, first + count):
        person = invented(number)
        found = in_the_way(person.person, person.sheet, person.today)
        decision = decided(person)
        goes = decision.verdict is Verdict.RELEASE
        so_far.seen.update(found)
        so_far.permitted += not found
        so_far.went += goes and not found
        if goes and found:
            so_far.forbidden.append(number)
        if found or goes:
            if found and not goes and not names(stopping(decision), found):
                so_far.wordless.append(number)
            if decision.verdict is Verdict.HOLD and not asks_for_a_deed(person, stopping(decision)):
                so_far.idle.append(number)
        else:
            so_far.kept_back.append(number)
    return so_far


def holds_true(result: Compared) -> None:
    """Nothing forbidden went, what was permitted went, each stop is in words, and each hold is somebody's to do."""
    assert result.forbidden == []
    assert result.went >= MOST * result.permitted, result.kept_back
    assert result.wordless == []
    assert result.idle == []


def test_two_thousand_invented_people_are_judged_as_a_plain_reading_of_the_rules_judges_them() -> None:
    result = compared(0, 2_000)

    holds_true(result)
    assert result.permitted > 500
    assert set(WORDS) - set(result.seen) <= {"guardian_unaware", "grown_up"}


@pytest.mark.slow
def test_a_hundred_thousand_invented_people_are_judged_as_a_plain_reading_of_the_rules_judges_them() -> None:
    result = compared(2_000, 100_000)

    holds_true(result)
    assert set(result.seen) == set(WORDS)


def codes(case: Case, code: str, reach: Reach = GOOD) -> list[str]:
    """The codes of what stops a letter, two days after the last entry."""
    return [r.code for r in stopping(contact_decision(case, KINDS[code], reach, london_day(case.history[-1].at)))]


def test_who_did_not_object_but_said_no_to_a_purpose_did_not_agree_to_it() -> None:
    told: dict[str, Any] = {"decision": "not_objected", "model": "opt_out", "told_on": DAY, "user": "police"}
    case = history(
        opened(DAY), reported(DAY), step("consent_recorded", DAY, **told, scope_refused="restorative_information")
    )

    case = go_on(case, triaged(DAY))

    assert agreed(case) == {"contact"}
    assert "purpose_not_agreed" in codes(case, "L01")


def test_who_said_no_to_contact_did_not_agree_to_anything_whatever_else_was_ticked() -> None:
    told: dict[str, Any] = {"decision": "not_objected", "model": "opt_out", "told_on": DAY, "user": "police"}

    case = history(opened(DAY), reported(DAY), step("consent_recorded", DAY, **told, scope_refused="contact"))

    assert agreed(case) == frozenset()
    assert case.state is State.CONSENT_QUERY


@pytest.mark.parametrize("code", ["C01", "C02", "C04"])
def test_released_words_stay_with_us_while_a_hold_stands_and_after_a_death(code: str) -> None:
    audience = KINDS[code].releases[0]
    given = step("views_recorded", DAY, outcome="given")
    case = history(contact_due(DAY), given, step("views_released", DAY, audience=audience))
    there = replace(GOOD, channel=KINDS[code].channel)

    held = go_on(case, step("hold_placed", DAY, reason="safeguarding", until="2026-12-01"))
    died = go_on(case, step("victim_died", DAY))

    assert codes(case, code, there) == []
    assert codes(held, code, there) == ["on_hold"]
    assert codes(died, code, there) == ["victim_died"]
    assert codes(case, code, replace(there, suppressed=True)) == ["suppressed"]


def test_a_word_about_safety_reaches_the_childs_worker_while_an_alert_stands() -> None:
    case = history(contact_due(DAY), step("hold_placed", DAY, reason="safeguarding", until="2026-12-01"))

    assert codes(case, "C03", replace(GOOD, channel=KINDS["C03"].channel)) == []


def test_closing_a_case_that_was_never_triaged_lets_no_letter_out() -> None:
    case = history(
        opened(DAY),
        reported(DAY),
        consented(DAY),
        step("safety_recorded", DAY, post="yes", said_by="victim"),
        step("needs_recorded", DAY, language="en"),
        step("case_closed", DAY, reason="completed_informed"),
    )

    assert codes(case, "L25") == ["triage_due"]


@pytest.mark.parametrize("relationship", ["family", "parent", "partner_ex", "peer_same_school"])
def test_polices_word_alone_makes_no_door_safe_where_the_child_belongs_to_the_same_world(relationship: str) -> None:
    case = history(
        opened(DAY),
        reported(DAY),
        consented(DAY),
        step("relationship_recorded", DAY, relationship=relationship, source="police"),
        triaged(DAY),
        step("safety_recorded", DAY, post="yes", said_by="police"),
    )
    world = replace(GOOD, in_childs_world=True, close_to_child=relationship != "peer_same_school")

    asked = go_on(case, step("safety_recorded", DAY, post="yes", said_by="victim"))

    assert codes(case, "L01", world) == ["near_child"]
    assert codes(case, "L01") == []
    assert codes(asked, "L01", world) == []


@pytest.mark.parametrize(
    ("child", "guardian", "code"),
    [
        ("no", "no", "unwilling"),
        ("no", "no_guardian", "unwilling"),
        ("no", "not_asked", "unwilling"),
        ("not_asked", "no", "unwilling"),
        ("no", "yes", "wishes_differ"),
    ],
)
def test_a_childs_no_stops_every_letter_whatever_the_guardian_says_until_a_manager_settles_it(
    child: str, guardian: str, code: str
) -> None:
    young = replace(GOOD, under_18_today=True, guardian_is_suspect=False, guardian_told=True)
    case = history(contact_due(DAY, "yes"), step("wishes_recorded", DAY, child_wish=child, guardian_wish=guardian))

    settled = go_on(case, step("wishes_settled", DAY, user="manager", outcome="contact"))

    assert codes(case, "L02", young) == [code]
    assert [each.action.name for each in candidates(case, ())] == ["settle_wishes"]
    assert codes(settled, "L02", young) == []


def test_a_child_is_written_to_only_where_the_child_said_yes() -> None:
    young = replace(GOOD, under_18_today=True, guardian_is_suspect=False, guardian_told=True)
    case = history(contact_due(DAY, "yes"))

    asked = go_on(case, step("wishes_recorded", DAY, child_wish="yes", guardian_wish="yes"))

    assert codes(case, "L03", young) == ["child_not_asked"]
    assert codes(asked, "L03", young) == []


def test_who_told_us_that_they_want_no_news_gets_none_whatever_police_had_ticked() -> None:
    said: dict[str, Any] = {"views": "given", "wants_support": False, "explained": True}
    talked = step("conversation_recorded", DAY, **said, wants_updates=False)
    case = history(contact_due(DAY), step("attempt_made", DAY, channel="phone", outcome="reached"), talked)

    again = go_on(case, step("information_only_chosen", DAY))

    assert codes(case, "L24") == ["not_wanted"]
    assert codes(again, "L24") == []


def test_a_letter_that_a_hold_keeps_back_on_a_closed_case_is_still_somebodys_to_look_at() -> None:
    case = history(
        contact_due(DAY),
        step("hold_placed", DAY, reason="police", until="2026-12-01"),
        step("case_closed", DAY, reason="completed_informed"),
        step("letter_drafted", DAY, letter="L-1", kind="L25", occurrence=1),
        step("letter_held", DAY, letter="L-1", kind="L25", occurrence=1, reasons="on_hold"),
    )

    assert [each.action.name for each in candidates(case, ())] == ["clear_held_letter"]
