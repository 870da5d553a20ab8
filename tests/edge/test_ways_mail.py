"""Proves that a letter by e-mail goes once over a safe line, waits with patience, and is never sent on a guess."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.delivery.mail import Mail, Outcome, send
from engine.delivery.port import Answer
from engine.delivery.ways import way_of
from engine.handing_over import OneRelease
from engine.house import House
from engine.parcels import parcel_of
from engine.post import Released, approve, release
from engine.settling import settle
from engine.sweep import sweep
from store import consignments, people, post
from tests.conftest import NOW
from tests.edge.faults.soundness import faults
from tests.edge.faults.town import ROSA, case, kept_letter, kinds, printed, together
from tests.edge.ways_out.houses import approved_by, number_of, with_ways
from tests.edge.ways_out.mail_office import BROKEN, CUT_OFF, SILENT, MailOffice
from tests.edge.ways_out.notify_office import NotifyOffice
from workflow.actions import actions
from workflow.bars import tried
from workflow.duties import duties
from workflow.london import london_day
from workflow.machine import NotAllowed

pytest_plugins = ["tests.edge.faults.fixtures", "tests.edge.ways_out.fixtures"]

LATER = NOW + timedelta(minutes=10)
THURSDAY = NOW + timedelta(days=3)


def _to_do(wired: House, reference: str) -> list[str]:
    kept = case(wired, reference)
    owed = duties(kept, wired.rulebook, wired.calendar, london_day(NOW))
    return [action.name for action in actions(kept, owed)]


def test_a_letter_by_e_mail_goes_once_over_tls_and_says_nothing_on_its_outside(wired: House, mail: MailOffice) -> None:
    letter_id = approved_by(wired, "email", 1, NOW)

    first, second = release(wired, NOW, "clock-a"), release(wired, LATER, "clock-b")

    assert (first.sent, second) == ((letter_id,), Released((), (), ()))
    assert mail.arrivals == {number_of(wired, letter_id): 1}
    assert mail.were_safe == [True]
    (message,) = mail.taken
    assert (message["From"], message["To"]) == ("hello@example.org", "alex@example.org")
    assert message["Subject"] == "Example House"
    words = message.get_content().replace("\r\n", "\n")
    assert words.startswith("Dear Alex Example-1,\n\n.A line that begins with a dot.\n\n23 November 2026")
    letter = kept_letter(wired, letter_id)
    assert (letter.state, letter.channel, letter.released_at) == ("released", "email", NOW)
    assert tried(case(wired, letter.reference)) == ("email",)
    assert faults(wired, NOW) == []


def test_a_reference_is_the_same_for_the_same_letter_and_names_nobody(wired: House) -> None:
    letters = [approved_by(wired, "email", number, NOW) for number in (1, 2)]

    numbers = [number_of(wired, letter_id) for letter_id in letters]

    assert numbers == [number_of(wired, letter_id) for letter_id in letters]
    assert len(set(numbers)) == 2
    assert all(len(number) == 40 and int(number, 16) >= 0 for number in numbers)


@pytest.mark.parametrize("end", [SILENT, CUT_OFF])
def test_a_letter_that_got_no_answer_is_in_doubt_and_is_not_sent_again(
    wired: House, mail: MailOffice, end: str
) -> None:
    letter_id = approved_by(wired, "email", 1, NOW)
    reference = kept_letter(wired, letter_id).reference
    mail.ends = [end]

    first = release(wired, NOW, "clock")
    for minutes in (10, 60, 600):
        sweep(wired, NOW + timedelta(minutes=minutes), "clock")

    assert first.doubted == (letter_id,)
    assert mail.arrivals == {number_of(wired, letter_id): 1}
    assert kept_letter(wired, letter_id).state == "in_doubt"
    assert "settle_letter" in _to_do(wired, reference)
    assert kinds(wired, reference).count("letter_sent") == 0
    assert faults(wired, NOW) == []

    settle(wired, letter_id, True, ROSA, LATER)
    assert kept_letter(wired, letter_id).state == "released"
    (sent,) = case(wired, reference).of("letter_sent")
    assert (sent.at, sent.by, "settle_letter" in _to_do(wired, reference)) == (NOW, "system", False)
    with pytest.raises(NotAllowed, match="settled already"):
        settle(wired, letter_id, False, ROSA, LATER)
    assert faults(wired, NOW) == []


def test_a_letter_that_a_person_says_did_not_go_goes_then(wired: House, mail: MailOffice) -> None:
    letter_id = approved_by(wired, "email", 1, NOW)
    mail.ends = [BROKEN]
    release(wired, NOW, "clock")
    assert (kept_letter(wired, letter_id).state, mail.taken) == ("in_doubt", [])

    settle(wired, letter_id, False, ROSA, LATER)

    assert kept_letter(wired, letter_id).state == "approved"
    assert release(wired, LATER, "clock").sent == (letter_id,)
    assert mail.arrivals == {number_of(wired, letter_id): 1}
    assert faults(wired, LATER) == []


def test_a_server_that_is_away_is_asked_again_with_patience_and_only_once_in_a_round(
    wired: House, mail: MailOffice
) -> None:
    letters = {approved_by(wired, "email", number, NOW) for number in range(3)}
    mail.close()

    away = release(wired, NOW, "clock")
    too_soon = release(wired, NOW + timedelta(minutes=9), "clock")
    mail.open()
    back = release(wired, LATER, "clock")

    assert {letter_id for letter_id, _ in away.put_back} == letters
    assert {words for _, words in away.put_back} == {"The mail server cannot be reached: it is tried again."}
    assert too_soon == Released((), (), ())
    assert set(back.sent) == letters
    assert set(mail.arrivals.values()) == {1}
    assert faults(wired, LATER) == []


def test_the_waits_grow_as_they_are_configured(wired: House, mail: MailOffice) -> None:
    patient = with_ways(wired, mail.port, str(mail.certificate), retry_minutes=(5, 60))
    letter_id = approved_by(patient, "email", 1, NOW)
    mail.close()

    moments, now, why = [], NOW, None
    for _ in range(3):
        release(patient, now, "clock")
        with patient.reading() as connection:
            ((_, ready_at, tries, why),) = post.waiting(connection, patient.service)
        moments.append((ready_at - now, tries))
        now = ready_at

    assert moments == [(timedelta(minutes=5), 1), (timedelta(minutes=60), 2), (timedelta(minutes=60), 3)]
    assert why == "The mail server cannot be reached: it is tried again."
    assert kept_letter(patient, letter_id).state == "approved"


def test_a_letter_that_could_not_go_for_more_than_two_working_days_is_a_persons(wired: House, mail: MailOffice) -> None:
    letter_id = approved_by(wired, "email", 1, NOW)
    mail.close()
    release(wired, NOW, "clock")

    done = release(wired, THURSDAY, "clock")

    assert done.stopped == (letter_id,)
    assert [reason["code"] for reason in kept_letter(wired, letter_id).decision["reasons"]] == ["approved_too_long_ago"]
    assert "clear_held_letter" in _to_do(wired, kept_letter(wired, letter_id).reference)
    assert faults(wired, THURSDAY) == []


@pytest.mark.parametrize("at_the_end", [False, True], ids=["at-the-address", "at-the-end"])
def test_a_refusal_for_now_is_tried_again(wired: House, mail: MailOffice, at_the_end: bool) -> None:
    letter_id = approved_by(wired, "email", 1, NOW)
    if at_the_end:
        mail.ends = ["451 Not now"]
    else:
        mail.answers = {"alex@example.org": "450 Not now"}

    first = release(wired, NOW, "clock")
    mail.answers = {}
    second = release(wired, LATER, "clock")

    assert [letter for letter, _ in first.put_back] == [letter_id]
    assert second.sent == (letter_id,)
    assert set(mail.arrivals.values()) == {1}


@pytest.mark.parametrize("at_the_end", [False, True], ids=["at-the-address", "at-the-end"])
def test_a_refusal_for_good_is_a_persons_and_meets_nothing(wired: House, mail: MailOffice, at_the_end: bool) -> None:
    letter_id = approved_by(wired, "email", 1, NOW)
    reference = kept_letter(wired, letter_id).reference
    if at_the_end:
        mail.ends = ["554 We do not like alex@example.org"]
    else:
        mail.answers = {"alex@example.org": "550 No such mailbox alex@example.org"}

    done = release(wired, NOW, "clock")
    again = sweep(wired, LATER, "clock").post

    assert (done.stopped, again.sent, mail.taken) == ((letter_id,), (), [])
    decision = kept_letter(wired, letter_id).decision
    assert [reason["code"] for reason in decision["reasons"]] == ["way_refused"]
    assert "alex@" not in str(decision)
    assert "letter_sent" not in kinds(wired, reference)
    assert "clear_held_letter" in _to_do(wired, reference)

    mail.answers = {}
    approve(wired, letter_id, ROSA, LATER)
    assert release(wired, LATER, "clock").sent == (letter_id,)
    assert faults(wired, LATER) == []


def test_a_server_without_tls_or_with_a_strange_certificate_gets_no_letter(wired: House, mail: MailOffice) -> None:
    letter_id = approved_by(wired, "email", 1, NOW)
    stranger = with_ways(wired, mail.port, "")

    done = release(stranger, NOW, "clock")

    assert [letter for letter, _ in done.put_back] == [letter_id]
    assert mail.taken == []


def test_where_the_way_is_not_set_up_any_more_the_letter_is_finished_by_hand(wired: House, mail: MailOffice) -> None:
    letter_id = approved_by(wired, "email", 1, NOW)

    done = release(with_ways(wired), NOW, "clock")

    assert done.stopped == (letter_id,)
    assert [reason["code"] for reason in kept_letter(wired, letter_id).decision["reasons"]] == ["way_closed"]
    assert mail.taken == []


def test_a_new_address_between_yes_and_release_is_not_the_one_that_was_approved(wired: House, mail: MailOffice) -> None:
    from engine.contact_details import give_point
    from engine.entries import Entry
    from engine.record import record

    letter_id = approved_by(wired, "email", 1, NOW)
    reference = kept_letter(wired, letter_id).reference
    give_point(wired, reference, "email", "new@example.org", "victim", ROSA, NOW)
    record(wired, reference, [Entry("safety_recorded", {"email": "yes"})], actor=ROSA, now=LATER)

    release(wired, LATER, "clock")

    assert mail.taken == []
    assert kept_letter(wired, letter_id).state in ("held", "drafted")


def test_what_was_begun_and_never_finished_is_doubted_and_not_sent(wired: House, mail: MailOffice) -> None:
    letter_id = approved_by(wired, "email", 1, NOW)
    with wired.writing() as connection:
        number = number_of(wired, letter_id)
        consignments.begin(connection, wired.service, letter_id, "smtp", number, NOW, "clock-that-died")

    done = release(wired, LATER, "clock")

    assert (done.doubted, mail.taken) == ((letter_id,), [])
    assert case(wired, kept_letter(wired, letter_id).reference).of("letter_doubted")[0].text("why") == "interrupted"
    assert faults(wired, LATER) == []


def test_a_reminder_without_an_answer_is_sent_again_where_a_letter_would_be_in_doubt(
    wired: House, mail: MailOffice
) -> None:
    server = wired.settings.mail
    assert server is not None
    mail.ends = [SILENT]

    outcome = send(server, Mail("rosa@example.org", "Your cases today", "Nothing.", "0" * 32, NOW))

    assert (outcome, len(mail.taken)) == (Outcome.AWAY, 1)


def test_a_clock_that_slept_after_it_began_hands_nothing_over(wired: House, mail: MailOffice) -> None:
    letter_id = approved_by(wired, "email", 1, NOW)
    with wired.writing() as connection:
        post.claim(connection, wired.service, NOW, NOW + timedelta(minutes=5), "sleeper", 1)
    sleeping = _asleep(wired, letter_id)

    assert release(wired, LATER, "other").doubted == (letter_id,)
    sleeping()

    assert mail.taken == []
    assert kept_letter(wired, letter_id).state == "in_doubt"
    assert faults(wired, LATER) == []


def _asleep(wired: House, letter_id: str) -> Callable[[], None]:
    """A clock that has begun, and would hand the letter over next."""
    letter, way = kept_letter(wired, letter_id), way_of(wired.settings, wired.print_folder, "email")
    assert way is not None
    with wired.reading() as connection:
        victim = people.find(connection, wired.keyring, letter.person_id)
    assert letter.sealed is not None
    kept = victim.key.open(f"letter.{letter_id}", letter.sealed)
    parcel = parcel_of(wired, letter, kept, None, NOW)
    ready = way.make_ready(parcel)
    assert not isinstance(ready, Answer)
    sleeper = OneRelease(wired, letter, kept, parcel, NOW, "sleeper", "smtp")
    assert sleeper.begin()

    def wakes() -> None:
        sleeper.go(ready)
        ready.drop()

    return wakes


def test_clocks_that_race_send_each_letter_once(town: House, mail: MailOffice, notify: NotifyOffice) -> None:
    racing = with_ways(town, mail.port, str(mail.certificate), notify.address)
    letters = [
        approved_by(racing, channel, number, NOW) for number, channel in enumerate(("email", "text", "post") * 3)
    ]

    def goes_round(clock: str) -> Callable[[], Released]:
        return lambda: release(racing, NOW, clock, limit=2)

    done = [each for _ in range(3) for each in together([goes_round(f"clock-{n}") for n in range(4)])]

    assert sorted(letter for each in done for letter in each.sent) == sorted(letters)
    assert set((mail.arrivals + notify.arrivals).values()) == {1}
    assert len(mail.taken) + len(notify.taken) + len(printed(racing)) == len(letters)
    assert faults(racing, NOW) == []
