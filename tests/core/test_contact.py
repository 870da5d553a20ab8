"""The contact decision: every reason can be reached, the strictest wins, and the unknown never lets a letter go."""

from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from tests.core.histories import (
    Steps,
    attempted,
    consented,
    contact_due,
    go_on,
    history,
    opened,
    refused,
    reported,
    step,
    triaged,
)
from workflow.case import Case
from workflow.contact import CLEARABLE, REASONS, Reach, Verdict, channel_decision, contact_decision
from workflow.letters import Audience, LetterKind
from workflow.vocabulary import Channel

DAY = "2026-11-02"
TODAY = date(2026, 11, 4)
LETTER = LetterKind(
    "L01", "First contact", Audience.VICTIM, ("contact_due",), Channel.POST, ("contact", "restorative_information"), ()
)
FOR_GUARDIAN = replace(LETTER, code="L02", audience=Audience.GUARDIAN)
FOR_CHILD = replace(LETTER, code="L03", audience=Audience.CHILD)
FOR_COMPANY = replace(LETTER, code="L04", audience=Audience.ORGANISATION)
TO_PANEL = replace(LETTER, code="C01", audience=Audience.COLLEAGUE, purposes=(), releases=("panel",))
NEWS = replace(LETTER, code="L24", purposes=("contact",), only_if="wants_news")
GOODBYE = replace(LETTER, code="L34", purposes=("contact",), after_closing=True)
GOOD = Reach(
    Channel.POST,
    has_point=True,
    source_known=True,
    under_18_today=False,
    close_to_child=False,
    address_shared_with_child=False,
    safety_lasts=90,
)
CHILD = replace(GOOD, under_18_today=True, guardian_is_suspect=False, guardian_told=True)


def codes(case: Case, letter: LetterKind = LETTER, reach: Reach = GOOD, today: date = TODAY) -> list[str]:
    """The codes of the reasons, in the order in which they are shown."""
    return [reason.code for reason in contact_decision(case, letter, reach, today).reasons]


def verdict(case: Case, letter: LetterKind = LETTER, reach: Reach = GOOD, today: date = TODAY) -> Verdict:
    """The verdict of the contact decision."""
    return contact_decision(case, letter, reach, today).verdict


@cache
def ready(under_18: str = "no") -> Case:
    """A case on which nothing speaks against the first letter."""
    asked = step("wishes_recorded", DAY, child_wish="yes", guardian_wish="yes")
    return history(contact_due(DAY, under_18), asked if under_18 == "yes" else ())


def after(*steps: Steps) -> Case:
    """The ready case after more steps."""
    return go_on(ready(), *steps)


def safety(**answers: str | bool) -> Steps:
    """What was said about safety two days later."""
    return replace(step("safety_recorded", "2026-11-03"), fields=dict(answers))


def held() -> Steps:
    """A hold."""
    return step("hold_placed", "2026-11-03", reason="safeguarding", until="2026-12-01")


def wishes(child: str, guardian: str, *, looked_after: bool = False) -> Steps:
    """What a child victim and their guardian want."""
    return step("wishes_recorded", "2026-11-03", child_wish=child, guardian_wish=guardian, looked_after=looked_after)


def closed(reason: str) -> Steps:
    """The case is closed."""
    return step("case_closed", "2026-11-03", reason=reason)


def withdrawn(part: str) -> Steps:
    """All or a part of consent is withdrawn."""
    return step("consent_withdrawn", "2026-11-03", part=part)


@cache
def erased() -> Case:
    """A case that was erased, which no event of the tables makes."""
    last = ready().history[-1]
    gone = replace(last, reached={**last.reached, "journey": "erased"})
    return Case("VC-0001", (*ready().history[:-1], gone))


def merged() -> Case:
    """A case merged into another."""
    return after(step("duplicate_found", "2026-11-03", survivor="VC-0002"))


def untriaged(*steps: Steps, victim_kind: str = "individual", under_18: str = "no") -> Case:
    """A case before its triage."""
    return history(opened(DAY, under_18, victim_kind), reported(DAY), *steps)


def consent_by(given_by: str) -> Case:
    """A child's case in which somebody gave consent."""
    yes = step(
        "consent_recorded",
        DAY,
        decision="yes",
        model="opt_in",
        given_by=given_by,
        scope="contact|restorative_information",
    )
    return untriaged(yes, triaged(DAY), under_18="yes")


def of_kind(victim_kind: str) -> Case:
    """A case ready for a first letter, of another kind of victim."""
    return untriaged(consented(DAY), triaged(DAY), victim_kind=victim_kind)


EXAMPLES: dict[str, tuple[Case, LetterKind, Reach]] = {
    "suppressed": (ready(), LETTER, replace(GOOD, suppressed=True)),
    "victim_died": (after(step("victim_died", "2026-11-03")), LETTER, GOOD),
    "case_erased": (erased(), LETTER, GOOD),
    "case_merged": (merged(), LETTER, GOOD),
    "case_closed": (after(closed("completed_informed")), LETTER, GOOD),
    "consent_withdrawn": (after(withdrawn("all")), LETTER, GOOD),
    "consent_refused": (untriaged(refused(DAY)), LETTER, GOOD),
    "consent_not_given": (untriaged(), LETTER, GOOD),
    "purpose_not_agreed": (after(withdrawn("restorative_information")), LETTER, GOOD),
    "channel_unsafe": (after(safety(post="no")), LETTER, GOOD),
    "other_channel": (ready(), LETTER, replace(GOOD, channel=Channel.EMAIL)),
    "other_audience": (of_kind("bereaved_relative"), LETTER, GOOD),
    "under_18": (ready("yes"), LETTER, CHILD),
    "no_longer_under_18": (ready("yes"), FOR_GUARDIAN, replace(CHILD, under_18_today=False)),
    "guardian_suspect": (ready("yes"), FOR_GUARDIAN, replace(CHILD, guardian_is_suspect=True)),
    "guardian_unaware": (ready("yes"), FOR_GUARDIAN, replace(CHILD, guardian_told=False)),
    "not_wanted": (after(withdrawn("progress_updates")), NEWS, GOOD),
    "switched_off": (ready(), replace(LETTER, on=False), GOOD),
    "on_hold": (after(held()), LETTER, GOOD),
    "consent_queried": (after(refused("2026-11-03")), LETTER, GOOD),
    "own_consent_due": (consent_by("parent_guardian"), LETTER, GOOD),
    "triage_due": (untriaged(), LETTER, GOOD),
    "brought_over_unread": (
        after(step("history_brought_over", "2026-11-03", what="remark", certain="none")),
        LETTER,
        GOOD,
    ),
    "wishes_differ": (after(wishes("no", "yes")), LETTER, GOOD),
    "words_unchecked": (
        after(step("needs_recorded", "2026-11-03", language="cy")),
        replace(LETTER, languages=("en", "cy")),
        replace(GOOD, language="cy", words_checked=False),
    ),
    "unwilling": (after(wishes("no", "not_asked")), LETTER, GOOD),
    "child_not_asked": (history(contact_due(DAY, "yes")), FOR_CHILD, CHILD),
    "social_worker_unaware": (after(wishes("yes", "yes", looked_after=True)), LETTER, GOOD),
    "family_officer_due": (of_kind("bereaved_relative"), LETTER, GOOD),
    "near_child": (
        after(step("relationship_recorded", "2026-11-03", relationship="peer_same_school", source="police")),
        LETTER,
        GOOD,
    ),
    "overtaken": (ready(), LETTER, replace(GOOD, overtaken=True)),
    "address_old": (ready(), LETTER, replace(GOOD, address_age=366, address_lasts=365)),
    "address_of_school": (ready(), LETTER, replace(GOOD, address_of=frozenset({"school"}))),
    "address_of_staff": (ready(), LETTER, replace(GOOD, address_of=frozenset({"staff"}))),
    "not_released": (ready(), TO_PANEL, GOOD),
    "way_closed": (ready(), LETTER, replace(GOOD, way_open=False)),
    "no_contact_point": (ready(), LETTER, replace(GOOD, has_point=False)),
    "source_unknown": (ready(), LETTER, replace(GOOD, source_known=False)),
    "safety_unknown": (after(safety(post="unknown")), LETTER, GOOD),
    "safety_outdated": (after(step("contact_details_changed", "2026-11-03", reachable="post")), LETTER, GOOD),
    "safety_unconfirmed": (history(contact_due("2026-08-03")), LETTER, GOOD),
    "address_doubted": (
        after(step("letter_returned", "2026-11-03", letter="L-1", kind="L06", reason="gone_away")),
        LETTER,
        GOOD,
    ),
    "leads_elsewhere": (after(attempted("2026-11-03", "address_wrong", "post")), LETTER, GOOD),
    "must_not_know": (after(safety(must_not_know=True)), LETTER, GOOD),
    "address_shared": (ready(), LETTER, replace(GOOD, address_shared_with_child=True)),
    "address_unchecked": (ready(), LETTER, replace(GOOD, address_shared_with_child=None, close_to_child=True)),
    "address_not_secret": (after(safety(risks="hate", child_knows_address="yes")), LETTER, GOOD),
    "age_unknown": (ready(), LETTER, replace(GOOD, under_18_today=None)),
    "guardian_unknown": (ready("yes"), FOR_GUARDIAN, replace(CHILD, guardian_told=None)),
    "may_be_opened": (ready("yes"), FOR_CHILD, replace(CHILD, guardian_is_suspect=True)),
    "language_not_met": (after(step("needs_recorded", "2026-11-03", language="cy")), LETTER, GOOD),
    "format_not_met": (
        after(step("needs_recorded", "2026-11-03", language="en", format="easy_read")),
        LETTER,
        GOOD,
    ),
    "needs_not_recorded": (untriaged(), LETTER, GOOD),
}


def test_nothing_speaks_against_the_first_letter_of_a_plain_case() -> None:
    decision = contact_decision(ready(), LETTER, GOOD, TODAY)

    assert (decision.verdict, decision.reasons) == (Verdict.RELEASE, ())


@pytest.mark.parametrize("code", REASONS)
def test_every_reason_can_be_reached_and_decides_what_the_table_says(code: str) -> None:
    if code == "visit_not_agreed":
        decision = channel_decision(ready(), Channel.VISIT, TODAY, 90)
    elif code == "confirm_first":
        decision = channel_decision(history(contact_due("2026-08-03")), Channel.PHONE, TODAY, 90)
    else:
        case, letter, reach = EXAMPLES[code]

        decision = contact_decision(case, letter, reach, TODAY)

    [reason] = [reason for reason in decision.reasons if reason.code == code]
    assert reason.verdict is REASONS[code][0]
    assert list(Verdict).index(decision.verdict) <= list(Verdict).index(reason.verdict)
    assert reason.words[0].isupper()
    assert reason.words.endswith(".")
    assert "{" not in reason.words


@pytest.mark.parametrize("code", sorted(set(EXAMPLES) - {"needs_not_recorded"}))
def test_every_reason_alone_is_enough_to_stop_the_letter(code: str) -> None:
    case, letter, reach = EXAMPLES[code]

    decision = contact_decision(case, letter, reach, TODAY)

    assert decision.verdict is not Verdict.RELEASE


def test_all_reasons_are_listed_and_those_that_decide_come_first() -> None:
    case = after(safety(post="unknown", must_not_know=True), held(), closed("completed_informed"))

    decision = contact_decision(case, LETTER, replace(GOOD, suppressed=True, has_point=False), TODAY)

    assert decision.verdict is Verdict.REFUSE
    assert [reason.code for reason in decision.reasons] == [
        "suppressed",
        "case_closed",
        "on_hold",
        "no_contact_point",
        "safety_unknown",
        "must_not_know",
        "address_not_secret",
    ]


def test_a_bare_reach_in_which_nothing_is_established_never_releases() -> None:
    for letter in (LETTER, FOR_CHILD, FOR_GUARDIAN, FOR_COMPANY):
        decision = contact_decision(ready(), letter, Reach(Channel.POST, safety_lasts=90), TODAY)

        assert decision.verdict is not Verdict.RELEASE


@pytest.mark.parametrize(
    ("letter", "under_18", "unknown"),
    [
        (LETTER, "no", {"under_18_today": None}),
        (LETTER, "no", {"address_shared_with_child": None, "close_to_child": None}),
        (FOR_CHILD, "yes", {"under_18_today": None}),
        (FOR_CHILD, "yes", {"guardian_is_suspect": None}),
        (FOR_CHILD, "yes", {"guardian_told": None}),
        (FOR_GUARDIAN, "yes", {"under_18_today": None}),
        (FOR_GUARDIAN, "yes", {"guardian_is_suspect": None}),
        (FOR_GUARDIAN, "yes", {"guardian_told": None}),
    ],
)
def test_a_single_unknown_holds_a_letter_that_would_go(
    letter: LetterKind, under_18: str, unknown: dict[str, None]
) -> None:
    known = CHILD if under_18 == "yes" else GOOD
    assert verdict(ready(under_18), letter, known) is Verdict.RELEASE

    decision = contact_decision(ready(under_18), letter, replace(known, **unknown), TODAY)  # type: ignore[arg-type]

    assert decision.verdict is Verdict.HOLD


def test_an_unchecked_address_holds_unless_the_child_is_known_to_be_no_relation() -> None:
    unchecked = replace(GOOD, address_shared_with_child=None)

    assert codes(ready(), reach=replace(unchecked, close_to_child=False)) == []
    assert codes(ready(), reach=replace(unchecked, close_to_child=True)) == ["address_unchecked"]
    assert codes(ready(), reach=replace(unchecked, close_to_child=None)) == ["address_unchecked"]


@pytest.mark.parametrize("code", sorted(CLEARABLE))
def test_two_people_may_clear_a_hold_that_no_event_would_end(code: str) -> None:
    case, letter, reach = EXAMPLES[code]
    stopping = {r.code for r in contact_decision(case, letter, reach, TODAY).reasons}
    assert stopping <= CLEARABLE

    decision = contact_decision(case, letter, replace(reach, cleared=frozenset(stopping)), TODAY)

    assert decision.verdict is Verdict.RELEASE
    assert all(reason.words.startswith("Cleared by two people: ") for reason in decision.reasons)


@pytest.mark.parametrize("code", sorted(set(EXAMPLES) - CLEARABLE - {"needs_not_recorded"}))
def test_no_other_reason_can_be_cleared(code: str) -> None:
    case, letter, reach = EXAMPLES[code]

    decision = contact_decision(case, letter, replace(reach, cleared=frozenset(REASONS)), TODAY)

    assert decision.verdict is not Verdict.RELEASE


def test_a_retracted_withdrawal_still_refuses_until_the_victim_agrees_anew() -> None:
    case = after(withdrawn("all"))
    case = go_on(case, step("entry_retracted", "2026-11-03", corrects=case.version))

    decision = contact_decision(case, LETTER, GOOD, TODAY)

    assert decision.verdict is Verdict.REFUSE


def test_a_letter_for_after_closing_goes_only_when_the_case_was_closed_kindly() -> None:
    kind = after(closed("completed_restorative"))
    unsafe = after(closed("unsafe_to_contact"))

    assert codes(kind, GOODBYE) == []
    assert codes(unsafe, GOODBYE) == ["case_closed"]
    assert codes(after(withdrawn("all")), GOODBYE)[:2] == ["case_closed", "consent_withdrawn"]


def test_somebody_who_turned_18_is_asked_again_unless_they_agreed_themselves() -> None:
    renewed = step(
        "consent_renewed", "2026-11-03", decision="yes", model="opt_in", scope="contact|restorative_information"
    )

    assert codes(consent_by("parent_guardian")) == ["own_consent_due"]
    assert codes(consent_by("both")) == []
    assert codes(go_on(consent_by("parent_guardian"), renewed)) == []


def test_a_child_who_knows_the_address_holds_the_letter_only_where_a_risk_is_on_record() -> None:
    assert codes(after(safety(child_knows_address="yes"))) == []
    assert codes(after(safety(child_knows_address="yes", risks="threats"))) == ["address_not_secret"]
    assert codes(after(safety(risks="threats"))) == ["address_not_secret"]
    assert codes(after(safety(child_knows_address="no", risks="threats"))) == []


def test_safety_is_lost_when_the_details_change_and_found_again_when_it_is_confirmed() -> None:
    changed = after(step("contact_details_changed", "2026-11-03", reachable="post|phone"))
    assert codes(changed) == ["safety_outdated"]

    confirmed = go_on(changed, step("safety_recorded", "2026-11-04", post="yes", said_by="victim"))

    assert codes(confirmed) == []


def test_safety_lasts_ninety_days_and_not_a_day_longer() -> None:
    assert verdict(ready(), today=date(2027, 1, 31)) is Verdict.RELEASE
    assert codes(ready(), today=date(2027, 2, 1)) == ["safety_unconfirmed"]


def test_a_wrong_address_is_forgotten_once_the_address_is_given_anew() -> None:
    wrong = after(attempted("2026-11-03", "address_wrong", "post"))
    assert codes(wrong) == ["leads_elsewhere"]

    better = go_on(
        wrong,
        step("contact_details_changed", "2026-11-04", reachable="post"),
        step("safety_recorded", "2026-11-04", post="yes", said_by="victim"),
    )

    assert codes(better) == []


def test_a_letter_in_the_wrong_language_or_format_is_held_even_if_the_kind_could_be_had_in_the_right_one() -> None:
    welsh = after(step("needs_recorded", "2026-11-03", language="cym", format="large_print"))
    both = replace(LETTER, languages=("en", "cy"))

    assert codes(welsh, both) == ["language_not_met", "format_not_met"]
    assert codes(welsh, both, replace(GOOD, language="cy", format="large_print")) == []
    assert codes(welsh, LETTER, replace(GOOD, language="cy", format="large_print")) == ["language_not_met"]


def test_needs_nobody_recorded_are_a_note_to_whoever_says_yes_and_stop_nothing() -> None:
    needs = [event.kind for event in ready().history].index("needs_recorded")
    case = Case("VC-0001", (*ready().history[:needs], *ready().history[needs + 1 :]))

    decision = contact_decision(case, LETTER, GOOD, TODAY)

    assert decision.verdict is Verdict.RELEASE
    assert [reason.code for reason in decision.reasons] == ["needs_not_recorded"]


def test_an_organisation_has_no_age_and_no_guardian() -> None:
    case = of_kind("organisation")

    assert codes(case, FOR_COMPANY, replace(GOOD, under_18_today=None)) == []
    assert codes(case, LETTER) == ["other_audience"]


def test_a_call_is_judged_by_consent_hold_and_the_phone_alone() -> None:
    assert channel_decision(ready(), Channel.PHONE, TODAY, 90).verdict is Verdict.RELEASE
    assert channel_decision(after(held()), Channel.PHONE, TODAY, 90).verdict is Verdict.HOLD
    assert channel_decision(after(withdrawn("all")), Channel.PHONE, TODAY, 90).verdict is Verdict.REFUSE

    words = [
        r.words for r in channel_decision(after(safety(phone="no", voicemail="yes")), Channel.PHONE, TODAY, 90).reasons
    ]

    assert words == ["The phone is not safe."]


def test_a_voicemail_is_only_as_safe_as_the_phone() -> None:
    case = after(safety(phone="no", voicemail="yes"))

    assert channel_decision(case, Channel.VOICEMAIL, TODAY, 90).verdict is Verdict.REFUSE


def test_a_visit_needs_its_own_yes_and_an_address() -> None:
    visitable = after(
        step(
            "consent_renewed",
            "2026-11-03",
            decision="yes",
            model="opt_in",
            scope="contact|restorative_information|home_visit",
        ),
        safety(visit="yes"),
    )

    assert channel_decision(visitable, Channel.VISIT, TODAY, 90).verdict is Verdict.RELEASE
    assert [r.code for r in channel_decision(ready(), Channel.VISIT, TODAY, 90).reasons] == [
        "visit_not_agreed",
        "safety_unknown",
    ]


def test_a_channel_for_which_we_hold_nothing_is_held() -> None:
    decision = channel_decision(after(safety(email="yes")), Channel.EMAIL, TODAY, 90)

    assert [reason.code for reason in decision.reasons] == ["no_contact_point"]


def test_the_words_name_the_channel_as_people_do() -> None:
    decision = contact_decision(after(safety(post="unknown")), LETTER, GOOD, TODAY)

    assert [reason.words for reason in decision.reasons] == ["Post is not known to be safe."]


def test_what_was_released_may_go_to_whom_it_was_released_and_to_nobody_else() -> None:
    released = after(
        step("views_recorded", "2026-11-03", outcome="given"), step("views_released", "2026-11-03", audience="panel")
    )

    assert verdict(released, TO_PANEL) is Verdict.RELEASE
    assert verdict(released, replace(TO_PANEL, releases=("court",))) is Verdict.HOLD
    assert verdict(go_on(released, withdrawn("all")), TO_PANEL) is Verdict.REFUSE
