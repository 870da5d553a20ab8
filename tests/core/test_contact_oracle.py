"""The contact decision against an oracle that knows the situation in plain words and nothing of the code it judges."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.histories import Step, Steps, attempted, go_on, history, opened, reported, step
from workflow.case import Case
from workflow.contact import CLEARABLE, Reach, Verdict, channel_decision, contact_decision
from workflow.letters import Audience, LetterKind
from workflow.vocabulary import Channel

BEGAN = date(2026, 6, 1)
ADULT = LetterKind(
    "L01", "First", Audience.VICTIM, ("contact_due",), Channel.POST, ("contact", "restorative_information"), ()
)
GUARDIAN = replace(ADULT, code="L02", audience=Audience.GUARDIAN)
CHILD = replace(ADULT, code="L03", audience=Audience.CHILD)
COMPANY = replace(ADULT, code="L04", audience=Audience.ORGANISATION)


@dataclass(frozen=True)
class Situation:
    """A victim, what they said, what happened since, and which letter would go where, in plain words."""

    letter: LetterKind
    victim_kind: str
    under_18_then: str
    under_18_now: bool | None
    answer: str
    given_by: str
    withdrew: str
    post_safe: str
    risk: bool
    secret_from_household: bool
    child_knows_address: str
    needs: str
    letter_language: str
    moved: bool
    came_back: bool
    wrong_door: bool
    hold: bool
    died: bool
    closed: bool
    days_later: int
    reach: Reach


def _day(number: int) -> str:
    return (BEGAN + timedelta(days=number)).isoformat()


def _safety(s: Situation) -> Step:
    fields: dict[str, str | int | bool] = {
        "phone": "yes",
        "post": s.post_safe,
        "child_knows_address": s.child_knows_address,
    }
    if s.risk:
        fields["risks"] = "threats"
    if s.secret_from_household:
        fields["must_not_know"] = True
    return replace(step("safety_recorded", _day(1)), fields=fields)


def told_as_history(s: Situation) -> Case:
    """The situation as the events that would have made it, run through the tables."""
    steps: list[Steps] = [opened(_day(0), s.under_18_then, s.victim_kind), reported(_day(0))]
    if s.answer != "never_asked":
        consent = {
            "decision": "yes",
            "model": "opt_in",
            "given_by": s.given_by,
            "scope": "contact|restorative_information",
        }
        if s.answer == "no":
            consent = {"decision": "no", "model": "opt_in"}
        if s.answer == "contact_only":
            consent["scope"] = "contact"
        if s.answer == "not_objected":
            consent = {"decision": "not_objected", "model": "opt_out", "told_on": _day(0), "given_by": s.given_by}
        steps.append(replace(step("consent_recorded", _day(0)), fields=dict(consent)))
    steps.append(_safety(s))
    if s.victim_kind == "spokesperson":
        steps.append(step("family_officer_consulted", _day(1), outcome="may_contact"))
    if s.needs:
        steps.append(step("needs_recorded", _day(1), language=s.needs))
    if s.answer in ("yes", "contact_only", "not_objected"):
        if s.victim_kind in ("bereaved_relative", "spokesperson"):
            steps.append(step("family_officer_consulted", _day(1), outcome="may_contact"))
        steps += [step("triage_completed", _day(1)), step("characteristics_time_passed", _day(1))]
        if s.wrong_door and s.post_safe == "yes":
            steps.append(attempted(_day(2), "address_wrong", "post"))
    if s.moved:
        steps.append(step("contact_details_changed", _day(3), reachable="post|phone"))
    if s.came_back:
        steps.append(step("letter_returned", _day(4), letter="L-1", kind="L06", reason="gone_away"))
    if s.hold:
        steps.append(step("hold_placed", _day(5), reason="police", until=_day(30)))
    if s.died:
        steps.append(step("victim_died", _day(5)))
    if s.withdrew:
        steps.append(step("consent_withdrawn", _day(6), part=s.withdrew))
    elif s.closed:
        steps.append(step("case_closed", _day(6), reason="completed_informed"))
    return history(*steps)


def expected(s: Situation) -> Verdict:
    """What a careful person would decide, written from the rules and not from the code."""
    reach, person = s.reach, s.victim_kind in ("individual", "witness_harmed")
    agreed = s.answer in ("yes", "not_objected")
    forbidden = [
        reach.suppressed,
        s.died,
        not agreed,
        bool(s.withdrew),
        s.closed,
        s.post_safe == "no",
        s.letter is COMPANY and s.victim_kind != "organisation",
        s.letter is not COMPANY and not person,
        s.letter is ADULT and s.under_18_now is True,
        s.letter in (GUARDIAN, CHILD) and s.under_18_now is False,
        s.letter is GUARDIAN and (reach.guardian_is_suspect is True or reach.guardian_told is False),
        reach.overtaken,
    ]
    if any(forbidden):
        return Verdict.REFUSE
    clear = reach.cleared
    turned_18 = s.under_18_now is False and s.under_18_then != "no" and s.letter is not COMPANY
    doubtful = [
        s.hold,
        not reach.has_point or not reach.source_known,
        reach.has_point and reach.address_age > 365,
        not reach.way_open,
        "school" in reach.address_of and "address_of_school" not in clear,
        "staff" in reach.address_of and "address_of_staff" not in clear,
        s.post_safe != "yes",
        s.moved,
        s.days_later - 1 > 90,
        s.came_back,
        s.wrong_door and not s.moved,
        s.secret_from_household and "must_not_know" not in clear,
        (s.risk or s.secret_from_household) and s.child_knows_address != "no" and "address_not_secret" not in clear,
        reach.address_shared_with_child is True and "address_shared" not in clear,
        reach.address_shared_with_child is None
        and reach.close_to_child in (True, None)
        and "address_unchecked" not in clear,
        s.letter is not COMPANY and s.under_18_now is None,
        s.letter is not COMPANY and s.under_18_now is True and s.under_18_then == "no",
        turned_18 and s.given_by == "parent_guardian",
        s.letter is GUARDIAN and (reach.guardian_is_suspect is None or reach.guardian_told is None),
        s.letter is CHILD
        and not (reach.guardian_is_suspect is False and reach.guardian_told is True)
        and "may_be_opened" not in clear,
        s.letter is CHILD and s.given_by == "parent_guardian",
        s.letter_language != "en",
        s.needs not in ("", "en"),
    ]
    return Verdict.HOLD if any(doubtful) else Verdict.RELEASE


_MAYBE, _EITHER = st.sampled_from((True, False, None)), st.booleans()
_SAID = st.sampled_from(("yes", "no", "unknown"))
_OF_THE_CASE: dict[str, st.SearchStrategy[object]] = {
    "letter": st.sampled_from((ADULT, GUARDIAN, CHILD, COMPANY)),
    "victim_kind": st.sampled_from(("individual", "witness_harmed", "organisation", "spokesperson")),
    "under_18_then": _SAID,
    "under_18_now": _MAYBE,
    "answer": st.sampled_from(("yes", "not_objected", "contact_only", "no", "never_asked")),
    "given_by": st.sampled_from(("self", "both", "parent_guardian")),
    "withdrew": st.sampled_from(("", "all", "contact", "restorative_information")),
    "post_safe": _SAID,
    "risk": _EITHER,
    "secret_from_household": _EITHER,
    "child_knows_address": _SAID,
    "needs": st.sampled_from(("", "en", "pl")),
    "letter_language": st.sampled_from(("en", "cy")),
    "moved": _EITHER,
    "came_back": _EITHER,
    "wrong_door": _EITHER,
    "hold": _EITHER,
    "died": _EITHER,
    "closed": _EITHER,
    "days_later": st.sampled_from((7, 91, 92, 200)),
}
_OF_THE_REACH: dict[str, st.SearchStrategy[object]] = {
    "has_point": _EITHER,
    "source_known": _EITHER,
    "suppressed": _EITHER,
    "guardian_is_suspect": _MAYBE,
    "guardian_told": _MAYBE,
    "close_to_child": _MAYBE,
    "address_shared_with_child": _MAYBE,
    "address_age": st.sampled_from((0, 365, 366)),
    "address_of": st.sampled_from((frozenset(), frozenset({"school"}), frozenset({"staff", "school"}))),
    "overtaken": _EITHER,
    "way_open": _EITHER,
    "cleared": st.sampled_from((frozenset(), CLEARABLE, frozenset({"must_not_know"}))),
}


def _plain(letter: LetterKind) -> Situation:
    """A situation in which nothing speaks against a letter of this kind."""
    young = letter in (GUARDIAN, CHILD)
    return Situation(
        letter=letter,
        victim_kind="organisation" if letter is COMPANY else "individual",
        under_18_then="yes" if young else "no",
        under_18_now=young,
        answer="yes",
        given_by="both" if young else "self",
        withdrew="",
        post_safe="yes",
        risk=False,
        secret_from_household=False,
        child_knows_address="unknown",
        needs="en",
        letter_language="en",
        moved=False,
        came_back=False,
        wrong_door=False,
        hold=False,
        died=False,
        closed=False,
        days_later=7,
        reach=Reach(
            Channel.POST, True, True, False, young, False, True, False, False, safety_lasts=90, address_lasts=365
        ),
    )


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """Situations that are plain but for a few things, so that many letters may go and each thing gets its turn."""
    plain = _plain(draw(st.sampled_from((ADULT, GUARDIAN, CHILD, COMPANY))))
    odd = draw(st.sets(st.sampled_from((*_OF_THE_CASE, *_OF_THE_REACH)), max_size=4))
    changed = {name: draw(each) for name, each in _OF_THE_CASE.items() if name in odd}
    situation = replace(plain, **changed)  # type: ignore[arg-type]
    known = {name: draw(each) for name, each in _OF_THE_REACH.items() if name in odd}
    known |= {"under_18_today": situation.under_18_now, "language": situation.letter_language}
    reach = replace(situation.reach, **known)  # type: ignore[arg-type]
    # A door can only have been the wrong one where post was safe to try.
    wrong = situation.wrong_door and situation.post_safe == "yes" and situation.answer not in ("no", "never_asked")
    return replace(situation, reach=reach, wrong_door=wrong)


@settings(max_examples=1000, deadline=None)
@given(situations())
def test_the_decision_agrees_with_an_oracle_on_every_situation(situation: Situation) -> None:
    case = told_as_history(situation)
    today = BEGAN + timedelta(days=situation.days_later)

    decision = contact_decision(case, situation.letter, situation.reach, today)

    assert decision.verdict is expected(situation), [reason.code for reason in decision.reasons]


@settings(max_examples=200, deadline=None)
@given(situations(), situations())
def test_more_bad_news_never_loosens_a_decision(first: Situation, second: Situation) -> None:
    case = told_as_history(first)
    today = BEGAN + timedelta(days=first.days_later)
    before = contact_decision(case, first.letter, first.reach, today).verdict
    worse = replace(
        first.reach,
        has_point=first.reach.has_point and second.reach.has_point,
        suppressed=first.reach.suppressed or second.reach.suppressed,
        cleared=first.reach.cleared & second.reach.cleared,
        under_18_today=None if first.under_18_now is False and second.under_18_now is None else first.under_18_now,
        # Unknown is not made better by a no that belongs to somebody else.
        address_shared_with_child=True
        if second.reach.address_shared_with_child
        else first.reach.address_shared_with_child,
    )

    after = contact_decision(case, first.letter, worse, today).verdict

    order = list(Verdict)
    assert order.index(after) <= order.index(before) or (before is Verdict.REFUSE and worse.under_18_today is None)


@settings(max_examples=200, deadline=None)
@given(situations(), st.sampled_from(tuple(Channel)))
def test_a_withdrawal_refuses_every_channel_at_once(situation: Situation, channel: Channel) -> None:
    case = told_as_history(replace(situation, withdrew="", closed=False))

    stopped = go_on(case, step("consent_withdrawn", _day(7), part="all"))

    assert channel_decision(stopped, channel, BEGAN + timedelta(days=8), 90).verdict is Verdict.REFUSE
