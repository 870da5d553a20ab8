"""Proves that what GOV.UK Notify delivers goes once, whatever it answers, and what its receipts count for."""

import logging
from datetime import timedelta

import pytest

from engine.desk import open_file
from engine.entries import Entry
from engine.house import House
from engine.post import Released, approve, release
from engine.record import record
from engine.settling import ask_what_became, settle, take_in_receipt
from engine.sweep import sweep
from store import clockwork, consignments
from tests.conftest import NOW
from tests.edge.faults.soundness import faults
from tests.edge.faults.town import ROSA, approved, case, kept_letter, kinds, printed
from tests.edge.ways_out.houses import KEY, approved_by, number_of, with_ways
from tests.edge.ways_out.notify_office import (
    HANGS_UP,
    IS_SILENT,
    TAKES_AND_BREAKS,
    TAKES_AND_IS_SILENT,
    TALKS_NONSENSE,
    NotifyOffice,
)
from workflow.actions import actions
from workflow.bars import tried
from workflow.channels import is_safe
from workflow.duties import duties
from workflow.london import london_day
from workflow.vocabulary import Channel, Known, Verdict

pytest_plugins = ["tests.edge.faults.fixtures", "tests.edge.ways_out.fixtures"]

SOON, LATER = NOW + timedelta(minutes=6), NOW + timedelta(minutes=20)
THURSDAY = NOW + timedelta(days=3)


def _posting(wired: House, notify: NotifyOffice) -> House:
    return with_ways(wired, notify=notify.address, post="notify")


def _first_duty(wired: House, reference: str) -> Verdict:
    owed = duties(case(wired, reference), wired.rulebook, wired.calendar, london_day(NOW))
    return next(duty.verdict for duty in owed if duty.rule.id == "rj-information")


def test_a_text_goes_once_under_a_reference_that_names_nobody(wired: House, notify: NotifyOffice) -> None:
    letter_id = approved_by(wired, "text", 1, NOW)

    first, second = release(wired, NOW, "clock-a"), release(wired, LATER, "clock-b")

    assert (first.sent, second) == ((letter_id,), Released((), (), ()))
    (taken,) = notify.taken
    assert taken["kind"] == "sms"
    assert taken["reference"] == number_of(wired, letter_id)
    assert taken["sent"]["phone_number"] == "07700 900001"
    assert "Dear Alex Example-1," in taken["sent"]["personalisation"]["message"]
    assert notify.keys == {"Bearer"}
    assert tried(case(wired, kept_letter(wired, letter_id).reference)) == ("text",)
    assert faults(wired, NOW) == []


def test_a_letter_goes_as_the_page_that_was_approved_and_meets_its_duty(wired: House, notify: NotifyOffice) -> None:
    import base64

    from engine.post import page_image

    house = _posting(wired, notify)
    letter_id = approved(house, 1, NOW)

    release(house, NOW, "clock")

    (taken,) = notify.taken
    assert (taken["kind"], taken["sent"]["postage"]) == ("letter", "second")
    assert base64.b64decode(taken["sent"]["content"]) == page_image(house, letter_id, NOW)
    assert printed(house) == set()
    assert _first_duty(house, kept_letter(house, letter_id).reference) is Verdict.MET
    assert faults(house, NOW) == []


@pytest.mark.parametrize("end", [TAKES_AND_IS_SILENT, TAKES_AND_BREAKS, TALKS_NONSENSE])
def test_what_was_taken_without_an_answer_is_found_by_its_reference_and_not_sent_again(
    wired: House, notify: NotifyOffice, end: str
) -> None:
    letter_id = approved_by(wired, "text", 1, NOW)
    reference = kept_letter(wired, letter_id).reference
    notify.ends = [end]

    first = release(wired, NOW, "clock")
    at_once = ask_what_became(wired, NOW)
    swept = sweep(wired, SOON, "clock")

    assert (first.doubted, at_once, swept.post.sent) == ((letter_id,), 0, ())
    assert notify.arrivals == {number_of(wired, letter_id): 1}
    assert kept_letter(wired, letter_id).state == "released"
    (sent,) = case(wired, reference).of("letter_sent")
    assert sent.at == NOW
    assert faults(wired, SOON) == []


@pytest.mark.parametrize("end", [IS_SILENT, HANGS_UP, 500, 502, 503])
def test_what_was_not_taken_goes_again_once_notify_says_that_it_has_it_not(
    wired: House, notify: NotifyOffice, end: str | int
) -> None:
    letter_id = approved_by(wired, "text", 1, NOW)
    notify.ends = [end]

    first = release(wired, NOW, "clock")
    swept = sweep(wired, SOON, "clock")

    assert first.doubted == (letter_id,)
    assert swept.post.sent == (letter_id,)
    assert notify.arrivals == {number_of(wired, letter_id): 1}
    happened = kinds(wired, kept_letter(wired, letter_id).reference)
    assert happened[-3:] == ["letter_doubted", "letter_settled", "letter_sent"]
    assert faults(wired, SOON) == []


def test_what_turns_up_late_is_not_taken_for_lost_before_its_time(wired: House, notify: NotifyOffice) -> None:
    letter_id = approved_by(wired, "text", 1, NOW)
    notify.ends = [IS_SILENT]
    release(wired, NOW, "clock")
    with wired.writing() as connection:
        consignments.change(connection, letter_id, ask_at=NOW)

    ask_what_became(wired, NOW + timedelta(minutes=4))

    assert kept_letter(wired, letter_id).state == "in_doubt"


@pytest.mark.parametrize(("end", "words"), [(429, "takes no more for now"), (403, "does not accept our key")])
def test_who_is_told_to_wait_waits_and_says_why(wired: House, notify: NotifyOffice, end: int, words: str) -> None:
    letter_id = approved_by(wired, "text", 1, NOW)
    notify.ends = [end]

    first = release(wired, NOW, "clock")
    too_soon = release(wired, NOW + timedelta(minutes=9), "clock")
    second = release(wired, LATER, "clock")

    ((waiting, why),) = first.put_back
    assert waiting == letter_id
    assert words in why
    assert (too_soon, second.sent) == (Released((), (), ()), (letter_id,))
    assert set(notify.arrivals.values()) == {1}
    assert faults(wired, LATER) == []


def test_a_key_that_is_not_accepted_stops_nothing_but_the_letters_that_need_it(
    wired: House, notify: NotifyOffice
) -> None:
    texted, mailed = approved_by(wired, "text", 1, NOW), approved_by(wired, "email", 2, NOW)
    notify.asking = [403]

    done = release(wired, NOW, "clock")

    assert (done.sent, [letter for letter, _ in done.put_back]) == ((mailed,), [texted])
    with wired.reading() as connection:
        ((reference, work, problem, _),) = clockwork.stuck(connection, wired.service)
    assert (reference, work) == (kept_letter(wired, texted).reference, "post")
    assert "does not accept our key" in problem


def test_notify_away_for_days_hands_the_letter_to_a_person(wired: House, notify: NotifyOffice) -> None:
    letter_id = approved_by(wired, "text", 1, NOW)
    notify.close()

    first, done = release(wired, NOW, "clock"), release(wired, THURSDAY, "clock")

    assert [why for _, why in first.put_back] == ["GOV.UK Notify cannot be reached: it is tried again."]
    assert done.stopped == (letter_id,)
    assert faults(wired, THURSDAY) == []
    notify.open()


def test_a_doubt_that_notify_never_ends_becomes_a_persons(wired: House, notify: NotifyOffice) -> None:
    letter_id = approved_by(wired, "text", 1, NOW)
    reference = kept_letter(wired, letter_id).reference
    notify.ends = [TAKES_AND_IS_SILENT]
    release(wired, NOW, "clock")
    notify.close()

    def asks() -> list[str]:
        owed = duties(case(wired, reference), wired.rulebook, wired.calendar, london_day(NOW))
        return [each.name for each in actions(case(wired, reference), owed)]

    ask_what_became(wired, SOON)
    assert "settle_letter" not in asks()
    ask_what_became(wired, THURSDAY)
    ask_what_became(wired, THURSDAY + timedelta(hours=8))

    assert "settle_letter" in asks()
    assert kinds(wired, reference).count("letter_doubted") == 2
    assert faults(wired, NOW) == []
    notify.open()
    settle(wired, letter_id, True, ROSA, THURSDAY)
    assert kept_letter(wired, letter_id).state == "released"


def test_a_refusal_for_good_is_a_persons_and_its_words_are_not_kept(
    wired: House, notify: NotifyOffice, caplog: pytest.LogCaptureFixture
) -> None:
    letter_id = approved_by(wired, "text", 1, NOW)
    notify.ends = [400]

    with caplog.at_level(logging.INFO):
        done = release(wired, NOW, "clock")

    assert done.stopped == (letter_id,)
    letter = kept_letter(wired, letter_id)
    assert [reason["code"] for reason in letter.decision["reasons"]] == ["way_refused"]
    assert "900001" not in f"{letter.decision}{caplog.text}"
    approve(wired, letter_id, ROSA, NOW)
    assert release(wired, NOW, "clock").sent == (letter_id,)


def test_a_letter_that_notify_has_already_is_recorded_and_not_sent_again(wired: House, notify: NotifyOffice) -> None:
    letter_id = approved_by(wired, "text", 1, NOW)
    notify.taken = [{"id": "n-1", "reference": number_of(wired, letter_id), "status": "delivered"}]

    done = release(wired, NOW, "clock")

    assert (done.sent, len(notify.taken)) == ((letter_id,), 1)
    with wired.reading() as connection:
        kept = consignments.find(connection, letter_id)
    assert kept is not None
    assert (kept.number, kept.status) == ("n-1", "delivered")


def _sent(wired: House, channel: str = "text") -> tuple[str, str]:
    """A letter that notify took, and its reference there."""
    letter_id = approved_by(wired, channel, 1, NOW)
    release(wired, NOW, "clock")
    return letter_id, number_of(wired, letter_id)


def test_receipts_that_come_twice_or_out_of_order_change_nothing_twice(wired: House, notify: NotifyOffice) -> None:
    letter_id, number = _sent(wired)
    reference = kept_letter(wired, letter_id).reference
    before = len(kinds(wired, reference))

    news = [take_in_receipt(wired, number, "n-1", each, LATER) for each in ("delivered", "delivered", "sending")]

    assert news == [True, False, False]
    assert len(kinds(wired, reference)) == before
    failed = [take_in_receipt(wired, number, "n-1", each, LATER) for each in ("permanent-failure",) * 2]
    assert failed == [True, False]
    assert take_in_receipt(wired, number, "n-1", "delivered", LATER) is False
    assert kinds(wired, reference).count("letter_returned") == 1
    assert kept_letter(wired, letter_id).state == "returned"
    assert faults(wired, LATER) == []


def test_a_failure_owes_the_letter_again_and_is_an_attempt(wired: House, notify: NotifyOffice) -> None:
    house = _posting(wired, notify)
    letter_id = approved(house, 1, NOW)
    reference = kept_letter(house, letter_id).reference
    release(house, NOW, "clock")
    assert _first_duty(house, reference) is Verdict.MET

    take_in_receipt(house, number_of(house, letter_id), "n-1", "validation-failed", LATER)

    assert _first_duty(house, reference) is not Verdict.MET
    assert tried(case(house, reference)) == ("post",)
    assert not case(house, reference).address_doubted
    assert faults(house, LATER) == []


def test_a_number_that_takes_no_texts_is_not_safe_to_text_any_more_and_may_be_rung(
    wired: House, notify: NotifyOffice
) -> None:
    letter_id, number = _sent(wired)
    reference = kept_letter(wired, letter_id).reference

    take_in_receipt(wired, number, "n-1", "permanent-failure", LATER)

    kept = case(wired, reference)
    assert is_safe(kept, Channel.TEXT) is Known.UNKNOWN
    assert is_safe(kept, Channel.PHONE) is Known.YES
    assert "phone" in [kind for kind, _ in open_file(wired, reference, ROSA, LATER).contact_points]


def test_a_receipt_that_comes_before_we_know_ourselves_is_proof_that_it_left(
    wired: House, notify: NotifyOffice
) -> None:
    letter_id = approved_by(wired, "text", 1, NOW)
    number = number_of(wired, letter_id)
    with wired.writing() as connection:
        consignments.begin(connection, wired.service, letter_id, "notify", number, NOW, "clock-that-died")

    assert take_in_receipt(wired, number, "n-1", "delivered", SOON)

    assert kept_letter(wired, letter_id).state == "released"
    assert sweep(wired, LATER, "clock").post.sent == ()
    assert notify.taken == []
    assert faults(wired, LATER) == []


def test_an_unknown_reference_and_an_unknown_word_change_nothing(wired: House, notify: NotifyOffice) -> None:
    letter_id, number = _sent(wired)

    assert not take_in_receipt(wired, "0" * 40, "n-1", "delivered", LATER)
    assert not take_in_receipt(wired, number, "n-1", "exploded", LATER)

    with wired.reading() as connection:
        kept = consignments.find(connection, letter_id)
    assert kept is not None
    assert kept.state == "taken"


def test_a_receipt_that_never_comes_is_asked_for(wired: House, notify: NotifyOffice) -> None:
    letter_id, number = _sent(wired)
    notify.says(number, "temporary-failure")

    assert ask_what_became(wired, NOW + timedelta(hours=3)) == 0
    assert ask_what_became(wired, NOW + timedelta(hours=5)) == 1

    assert kept_letter(wired, letter_id).state == "returned"
    (back,) = case(wired, kept_letter(wired, letter_id).reference).of("letter_returned")
    assert (back.text("reason"), back.by) == ("failed", "clock")


def test_a_withdrawal_while_a_letter_is_in_doubt_lets_it_go_no_more(wired: House, notify: NotifyOffice) -> None:
    letter_id = approved_by(wired, "text", 1, NOW)
    reference = kept_letter(wired, letter_id).reference
    notify.ends = [IS_SILENT]
    release(wired, NOW, "clock")

    record(wired, reference, [Entry("consent_withdrawn", {"part": "all"})], actor=ROSA, now=SOON)
    swept = sweep(wired, LATER, "clock")

    assert (swept.post.sent, notify.taken) == ((), [])
    assert kept_letter(wired, letter_id).state == "cancelled"
    assert faults(wired, LATER) == []


def test_a_letter_that_left_before_it_was_cancelled_is_known_to_have_left(wired: House, notify: NotifyOffice) -> None:
    letter_id = approved_by(wired, "text", 1, NOW)
    number, reference = number_of(wired, letter_id), kept_letter(wired, letter_id).reference
    with wired.writing() as connection:
        consignments.begin(connection, wired.service, letter_id, "notify", number, NOW, "clock-that-died")
    notify.taken = [{"id": "n-1", "reference": number, "status": "delivered"}]
    record(wired, reference, [Entry("consent_withdrawn", {"part": "all"})], actor=ROSA, now=SOON)
    assert kept_letter(wired, letter_id).state == "cancelled"

    sweep(wired, LATER, "clock")
    sweep(wired, LATER + timedelta(minutes=6), "clock")

    assert kept_letter(wired, letter_id).state == "released"
    assert len(notify.taken) == 1
    assert faults(wired, LATER) == []


def test_a_text_that_is_too_long_is_a_persons(wired: House, notify: NotifyOffice) -> None:
    from engine.delivery.notify import NotifyWay
    from engine.delivery.port import Answer, Outcome, Parcel

    settings = wired.settings.ways.notify
    assert settings is not None
    parcel = Parcel("L-1", "0" * 40, "text", "07700 900001", "", "", "word " * 200, b"", NOW)

    answer = NotifyWay(settings).make_ready(parcel)

    assert isinstance(answer, Answer)
    assert answer.outcome is Outcome.REFUSED
    assert "900001" not in f"{answer}{parcel!r}{settings!r}"
    assert KEY not in repr(settings)
