"""Which letters there are, which are owed, never twice, and what their facts must be like."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.histories import (
    Steps,
    attempted,
    contact_due,
    engaged,
    go_on,
    history,
    opened,
    step,
    talked,
    triaged,
)
from workflow.case import Case
from workflow.catalogue import CATALOGUE
from workflow.contact import Reach, Verdict, contact_decision
from workflow.facts import FACTS, fact_problem, how_we_know, language_and_format
from workflow.letters import (
    COLLEAGUES,
    CONDITIONS,
    VICTIMS,
    Audience,
    BadLetter,
    LetterKind,
    drafted,
    facts_problems,
    letters_owed,
    parse_letters,
)
from workflow.london import london_day
from workflow.vocabulary import Channel, State

FILE = Path(__file__).parents[2] / "config" / "letters.toml"
KINDS = parse_letters(tomllib.loads(FILE.read_text(encoding="utf-8")))
DAY = "2026-11-02"
GOOD: dict[str, object] = {
    "title": "First contact",
    "audience": "victim",
    "drafted_when": ["contact_due"],
    "channel": "post",
    "purposes": ["contact"],
    "facts": ["salutation"],
    "languages": ["en"],
    "formats": ["standard"],
}
FACTS_OF_A_LETTER = dict.fromkeys(KINDS["L01"].facts, "Some words") | {
    "address": "1 Example Road\nZZ99 1AA",
    "how_we_know": "agreed",
}


def owed(case: Case, *steps: Steps, kinds: dict[str, LetterKind] = KINDS) -> list[tuple[str, int]]:
    """The letters, with their occurrences, that steps after a case make owed."""
    return [(kind.code, occurrence) for kind, occurrence in letters_owed(case, go_on(case, *steps), kinds)]


def with_draft(case: Case, code: str, occurrence: int) -> Case:
    """The case after a letter was drafted."""
    return go_on(case, step("letter_drafted", "2026-11-03", letter="L-1", kind=code, occurrence=occurrence))


def test_the_first_letter_carries_the_information_of_the_code_and_needs_both_purposes() -> None:
    first = KINDS["L01"]

    assert (first.channel, first.occurrence, first.on) == (Channel.POST, "once", True)
    assert set(first.purposes) == {"contact", "restorative_information"}
    assert first.meets == ("rj-information", "first-attempt")
    assert first.drafted_when == ("contact_due",)


def test_what_a_letter_meets_is_a_rule_that_counts_it() -> None:
    rules = "".join(f.read_text(encoding="utf-8") for f in (FILE.parent).glob("**/*.toml") if f != FILE)

    named = {rule for kind in KINDS.values() for rule in kind.meets}

    assert [rule for rule in named if f'id = "{rule}"' not in rules] == []


def test_no_state_has_the_name_of_an_event_so_that_a_trigger_means_one_thing() -> None:
    assert set(State).isdisjoint(CATALOGUE)


def test_the_first_letter_is_owed_when_contact_becomes_due_and_only_then() -> None:
    before = history(*contact_due(DAY)[:3])  # type: ignore[index]

    assert owed(before, triaged(DAY)) == [("L01", 1)]
    assert owed(history(contact_due(DAY)), step("note_written", "2026-11-03")) == []


def test_a_letter_that_goes_once_is_never_owed_a_second_time() -> None:
    case = with_draft(history(contact_due(DAY)), "L01", 1)
    case = go_on(case, step("letter_cancelled", "2026-11-03", letter="L-1", kind="L01"))
    case = go_on(case, step("case_closed", "2026-11-04", reason="uncontactable"))
    back = step(
        "consent_renewed", "2026-11-05", decision="yes", model="opt_in", scope="contact|restorative_information"
    )

    assert owed(case, back, step("triage_completed", "2026-11-05")) == []


def test_a_draft_that_was_taken_back_still_counts_because_it_may_have_been_posted() -> None:
    case = with_draft(history(contact_due(DAY)), "L06", 1)
    case = go_on(case, step("entry_retracted", "2026-11-03", corrects=case.version))

    assert drafted(case) == {("L06", 1)}
    assert owed(case, attempted("2026-11-04")) == []


def test_a_draft_without_an_occurrence_counts_as_the_first() -> None:
    case = go_on(history(contact_due(DAY)), step("letter_drafted", "2026-11-03", letter="L-1", kind="L06"))

    assert drafted(case) == {("L06", 1)}


def test_a_letter_for_each_time_has_the_number_of_the_event_that_asks_for_it() -> None:
    case = go_on(history(engaged(DAY)), talked("2026-11-03"))
    once = go_on(case, step("intervention_concluded", "2026-12-01", outcome="completed"))

    first = owed(case, step("intervention_concluded", "2026-12-01", outcome="completed"))
    second = owed(
        with_draft(once, "L24", once.version), step("intervention_concluded", "2026-12-02", outcome="completed")
    )

    assert first == [("L24", once.version)]
    assert second == [("L24", once.version + 2)]


def test_asking_again_about_the_same_event_never_yields_another_letter() -> None:
    case = go_on(history(engaged(DAY)), talked("2026-11-03"))
    after = go_on(case, step("intervention_concluded", "2026-12-01", outcome="completed"))

    [(kind, occurrence)] = letters_owed(case, after, KINDS)

    assert letters_owed(case, with_draft(after, kind.code, occurrence), KINDS) == ()


def test_several_new_events_at_once_owe_what_each_of_them_asks_for() -> None:
    before = history(*contact_due(DAY)[:3])  # type: ignore[index]

    assert owed(before, triaged(DAY), attempted("2026-11-04")) == [("L01", 1), ("L06", 1)]


def test_an_answer_that_does_not_fit_the_trigger_owes_nothing() -> None:
    case = history(contact_due(DAY))

    assert owed(case, attempted("2026-11-04", "no_answer")) == [("L06", 1)]
    assert owed(case, attempted("2026-11-04", "wrong_person")) == []


def test_the_news_that_it_is_complete_goes_only_to_somebody_who_wants_it() -> None:
    done = step("intervention_concluded", "2026-12-01", outcome="completed")
    stop = step("consent_withdrawn", "2026-11-10", part="progress_updates")
    case = history(engaged(DAY))

    assert [code for code, _ in owed(go_on(case, talked("2026-11-03")), done)] == ["L24"]
    assert owed(go_on(case, talked("2026-11-03", wants_updates=False), stop), done) == []
    assert owed(case, step("intervention_concluded", "2026-12-01", outcome="not_completed")) == []


def test_a_condition_is_asked_again_when_the_letter_is_to_leave() -> None:
    case = go_on(history(engaged("2026-11-20")), talked("2026-11-21"))
    stopped = go_on(case, step("consent_withdrawn", "2026-11-22", part="progress_updates"))
    reach = Reach(
        Channel.POST,
        True,
        True,
        under_18_today=False,
        close_to_child=False,
        address_shared_with_child=False,
        safety_lasts=90,
    )
    today = london_day(stopped.history[-1].at)

    assert contact_decision(case, KINDS["L24"], reach, today).verdict is Verdict.RELEASE
    assert contact_decision(stopped, KINDS["L24"], reach, today).verdict is Verdict.REFUSE


def test_a_letter_for_adults_is_not_drafted_for_a_known_child_but_waits_where_the_age_is_unknown() -> None:
    parts = contact_due(DAY)[1:3]  # type: ignore[index]

    assert owed(history(opened(DAY, "yes"), *parts), triaged(DAY)) == [("L02", 1)]
    assert owed(history(opened(DAY, "unknown"), *parts), triaged(DAY)) == [("L01", 1), ("L02", 1)]
    assert owed(history(opened(DAY, "no", "organisation"), *parts), triaged(DAY)) == [("L04", 1)]


def test_each_audience_gets_only_the_letter_that_is_worded_for_it() -> None:
    parts = contact_due(DAY)[1:3]  # type: ignore[index]
    worded = {
        f"L0{number}": replace(KINDS["L01"], code=f"L0{number}", audience=audience)
        for number, audience in enumerate(VICTIMS, start=1)
        if audience not in COLLEAGUES
    }

    def drafted_for(under_18: str, victim_kind: str) -> list[Audience]:
        case = history(opened(DAY, under_18, victim_kind), *parts)
        return [worded[code].audience for code, _ in owed(case, triaged(DAY), kinds=worded)]

    assert drafted_for("no", "individual") == [Audience.VICTIM]
    assert drafted_for("yes", "child") == [Audience.CHILD, Audience.GUARDIAN]
    assert drafted_for("no", "organisation") == [Audience.ORGANISATION]
    assert drafted_for("no", "bereaved_relative") == [Audience.FAMILY]


def test_an_entry_that_was_taken_back_asks_for_nothing() -> None:
    before = history(contact_due(DAY))
    case = go_on(before, attempted("2026-11-04"))
    case = go_on(case, step("entry_retracted", "2026-11-04", corrects=case.version))

    assert letters_owed(before, case, KINDS) == ()


def test_a_kind_that_is_switched_off_is_never_owed() -> None:
    before = history(*contact_due(DAY)[:3])  # type: ignore[index]

    assert owed(before, triaged(DAY), kinds={"L01": replace(KINDS["L01"], on=False)}) == []


def test_goodbye_is_said_when_the_victim_says_it_is_enough() -> None:
    case = go_on(history(engaged(DAY)), talked("2026-11-03"))

    assert owed(case, step("support_ended", "2026-12-01")) == [("L34", 1)]
    assert owed(case, step("case_closed", "2026-12-01", reason="unsafe_to_contact")) == []


@pytest.mark.parametrize(
    ("change", "key", "remedy"),
    [
        ({"drafted_when": ["contact_dew"]}, "L01.drafted_when", "There is no state and no event 'contact_dew'."),
        ({"overtaken_by": ["raining"]}, "L01.overtaken_by", "There is no state and no event 'raining'."),
        ({"sort": "Two Words"}, "L01.sort", "Give a list of words such as first_contact."),
        ({"releases": ["neighbours"]}, "L01.releases", None),
        ({"drafted_when": ["attempt_made:nobody"]}, "L01.drafted_when", "attempt_made has no answer 'nobody'."),
        ({"drafted_when": ["closed:x"]}, "L01.drafted_when", "closed has no answer 'x'."),
        (
            {"drafted_when": "closed"},
            "L01.drafted_when",
            "Give a list of states or events; an empty one is asked for by hand.",
        ),
        ({"channel": "pigeon"}, "L01.channel", "Choose from post, email, text."),
        ({"channel": "voicemail"}, "L01.channel", "Choose from post, email, text."),
        (
            {"audience": "everybody"},
            "L01.audience",
            "Choose from victim, child, guardian, organisation, family, police, colleague.",
        ),
        (
            {"purposes": ["restorative_information"]},
            "L01.purposes",
            "Every letter to a victim needs the purpose contact.",
        ),
        ({"purposes": ["contact", "contact"]}, "L01.purposes", "Name each purpose once."),
        ({"purposes": "contact"}, "L01.purposes", None),
        ({"purposes": ["contact", "gossip"]}, "L01.purposes", None),
        ({"facts": ["surname"]}, "L01.facts", None),
        ({"formats": ["braille"]}, "L01.formats", None),
        ({"languages": ["English"]}, "L01.languages", "Give a list of language codes, such as en and cy."),
        ({"meets": ["RJ Information"]}, "L01.meets", "Give a list of rule ids, such as rj-information."),
        ({"occurrence": "twice"}, "L01.occurrence", "Choose from once, each."),
        ({"second_check": "yes"}, "L01.second_check", "Give true or false."),
        ({"only_if": "raining"}, "L01.only_if", "Choose from wants_news."),
        ({"title": " "}, "L01.title", "Give a text that is not empty."),
        ({"titel": "x"}, "L01.titel", None),
    ],
)
def test_a_letter_that_cannot_be_understood_is_refused_with_its_place_and_remedy(
    change: dict[str, object], key: str, remedy: str | None
) -> None:
    with pytest.raises(BadLetter) as refused:
        parse_letters({"L01": {**GOOD, **change}})

    assert refused.value.key == key
    assert remedy is None or refused.value.remedy == remedy


@pytest.mark.parametrize("missing", sorted(GOOD))
def test_a_letter_without_a_key_it_needs_is_refused(missing: str) -> None:
    with pytest.raises(BadLetter, match=f"^L01.{missing}: It is missing.$"):
        parse_letters({"L01": {name: value for name, value in GOOD.items() if name != missing}})


@pytest.mark.parametrize("table", [{"first": GOOD}, {"L1": GOOD}, {"L01": "post"}, {"../L01": GOOD}])
def test_a_letter_needs_a_code_and_a_table(table: dict[str, object]) -> None:
    with pytest.raises(BadLetter):
        parse_letters(table)


def test_the_conditions_a_letter_may_name_are_answers_about_a_case() -> None:
    assert {name: ask(Case("VC-0001")) for name, ask in CONDITIONS.items()} == {"wants_news": False}


@pytest.mark.parametrize("name", KINDS["L01"].facts)
@pytest.mark.parametrize("empty", [None, "", "  ", "NONE", "null", "n/a", "Unknown", ",", "\u200b", "\u00a0"])
def test_a_missing_or_empty_fact_is_a_problem_so_that_no_letter_begins_dear_nobody(
    name: str, empty: str | None
) -> None:
    [problem] = facts_problems(KINDS["L01"], {**FACTS_OF_A_LETTER, name: empty})

    assert (problem.path, problem.rule, problem.remedy) == (name, "missing-fact", f"Give {FACTS[name]}.")


def test_facts_that_are_whole_are_no_problem() -> None:
    assert facts_problems(KINDS["L01"], FACTS_OF_A_LETTER) == ()


def test_a_fact_that_the_letter_does_not_declare_is_refused() -> None:
    [problem] = facts_problems(KINDS["L01"], {**FACTS_OF_A_LETTER, "offence": "x"})

    assert (problem.path, problem.rule) == ("offence", "unknown-fact")


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("salutation", 7, "wrong-fact"),
        ("how_we_know", "a friend", "wrong-fact"),
        ("salutation", "Sam\nExample", "unprintable-fact"),
        ("addressee", "Sam\u202eelpmaxE", "unprintable-fact"),
        ("addressee", "Sam\x00", "unprintable-fact"),
        ("sender_name", "Example Youth Justice Service", "telling-fact"),
        ("return_address", "Victim Contact, 1 Example Road, ZZ99 1AA", "telling-fact"),
        ("address", "1 Example Road", "wrong-address"),
        ("address", "1 Example Road\n\nZZ99 1AA", "wrong-address"),
        ("address", "1 Example Road\r\nZZ99 1AA", "unprintable-fact"),
    ],
)
def test_a_fact_that_cannot_be_printed_as_it_stands_is_a_problem_and_is_not_echoed(
    name: str, value: object, rule: str
) -> None:
    problem = fact_problem(name, value)

    assert problem is not None
    assert (problem.path, problem.rule) == (name, rule)
    assert str(value) not in problem.remedy


def test_the_sender_of_the_example_service_gives_nothing_away() -> None:
    service = tomllib.loads((FILE.parent / "service.toml").read_text(encoding="utf-8"))["letter"]

    assert [fact_problem(name, service[name]) for name in ("sender_name", "return_address")] == [None, None]


def test_why_we_know_them_follows_who_asked_and_who_agreed() -> None:
    agreed = history(contact_due(DAY))
    told = history(
        opened(DAY), step("consent_recorded", DAY, decision="not_objected", model="opt_out", told_on="2026-11-01")
    )
    asked = history(
        step("case_opened", DAY, source="self_referral", victim_kind="individual", under_18="no"),
        step("consent_recorded", DAY, decision="yes", model="opt_in", scope="contact"),
    )
    returned = go_on(agreed, step("case_closed", "2026-11-05", reason="uncontactable"))
    returned = go_on(returned, step("victim_returned", "2026-11-06", scope="contact"))

    assert [how_we_know(case) for case in (agreed, told, asked, returned)] == ["agreed", "told", "asked_us", "asked_us"]


@pytest.mark.parametrize(
    ("fields", "needed"),
    [
        ({"language": "en"}, ("en", "standard", True)),
        ({"language": "en-GB", "format": "large_print"}, ("en", "large_print", True)),
        ({"language": "CYM"}, ("cy", "standard", True)),
        ({"language": "pl", "format": "braille"}, ("pl", "braille", True)),
    ],
)
def test_language_and_format_are_those_the_victim_needs(fields: dict[str, str], needed: tuple[str, str, bool]) -> None:
    case = history(opened(DAY), replace(step("needs_recorded", DAY), fields=dict(fields)))

    assert language_and_format(case) == needed


def test_language_and_format_nobody_recorded_are_presumed_and_said_to_be() -> None:
    assert language_and_format(history(opened(DAY))) == ("en", "standard", False)
