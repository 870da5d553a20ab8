"""Lists the pure questions that the tables of moves ask about a case and an event, each with its no in words."""

from workflow.case import Case
from workflow.consent import agreed, is_overtaken, says_yes
from workflow.events import Event
from workflow.machine import Question
from workflow.vocabulary import Channel, Decision, Known, Purpose, Track

# What makes even a yes doubtful: who gave it, and whether it is a child's.
_DOUBTS = frozenset({"child_self_only", "proxy", "age_conflict", "lacks_capacity"})

_INFORMED_CHOICE = frozenset({"who_we_are", "what_we_offer", "voluntary", "what_is_shared", "no_effect_on_case"})


def _asked_in_full(case: Case, _: Event) -> bool:
    asked = case.last("characteristics_recorded")
    return case.last("needs_recorded") is not None and asked is not None and not asked.items("gaps")


def _safe_channel(case: Case, _: Event) -> bool:
    return any(case.safe(channel) is Known.YES for channel in Channel)


def _may_attempt(case: Case, _: Event) -> bool:
    return Purpose.CONTACT in agreed(case)


def _safe_to_use(case: Case, event: Event) -> bool:
    channel = Channel(event.text("channel"))
    if channel is Channel.PHONE and event.text("outcome") == "message_left":
        return case.safe(Channel.PHONE) is Known.YES and case.safe(Channel.VOICEMAIL) is Known.YES
    return case.safe(channel) is Known.YES


def _enough_attempts(case: Case, _: Event) -> bool:
    attempts = case.of("attempt_made")
    return len(attempts) >= 3 and len({event.text("channel") for event in attempts}) >= 2


overtaken = Question(is_overtaken, "A later answer is already on record.")
clear_yes = Question(
    lambda case, event: says_yes(event) and not _DOUBTS.intersection(event.items("queries")),
    "It is not a clear yes that covers contact.",
)
covers_contact = Question(
    lambda case, event: says_yes(event), "A renewal needs a yes that covers contact; anything else changes nothing."
)
is_yes = Question(lambda case, event: says_yes(event), "It is not a yes that covers contact.")
is_no = Question(lambda case, event: event.text("decision") == Decision.NO, "It is not a no.")
is_not_objected = Question(
    lambda case, event: event.text("decision") == Decision.NOT_OBJECTED and says_yes(event),
    "No objection counts only for an opt-out force that says on which day the victim was told.",
)
withdraws_all = Question(
    lambda case, event: event.text("part") in ("all", Purpose.CONTACT), "Only a part is withdrawn."
)
informed_refusal = Question(
    lambda case, event: set(event.items("informed")) >= _INFORMED_CHOICE,
    "A refusal is confirmed only when the victim was told who we are, what we offer, that it is voluntary, what is "
    "shared, and that the case is not affected.",
)
safeguarded = Question(
    lambda case, event: not case.is_child or event.fields.get("safeguarding_checked") is True,
    "For a victim under 18 safeguarding must be checked before a refusal is confirmed.",
)
asked_in_full = Question(_asked_in_full, "Needs and characteristics were not all asked.")
has_safe_channel = Question(
    _safe_channel, "No channel is known to be safe: ask the officer or the victim, and record which is."
)
may_attempt = Question(_may_attempt, "The victim's consent does not cover contact.")
safe_to_use = Question(_safe_to_use, "That channel is not known to be safe: record that it is before it is used.")
visit_agreed = Question(
    lambda case, event: event.text("channel") != Channel.VISIT or Purpose.HOME_VISIT in agreed(case),
    "The victim has not agreed to a home visit.",
)
not_held = Question(
    lambda case, event: case.states[Track.HOLD] == "none",
    "The case is on hold: nobody contacts the victim until it ends.",
)
reached = Question(lambda case, event: event.text("outcome") == "reached", "The victim was not reached.")
enough_attempts = Question(_enough_attempts, "That takes three attempts by at least two channels.")
answers_yes = Question(
    lambda case, event: event.text("answer") == "yes" and bool(event.text("kind")),
    "A yes needs the form of restorative justice.",
)
answers_not_now = Question(
    lambda case, event: event.text("answer") == "not_now" and bool(event.text("ask_again_on")),
    "Not now needs a day to ask again.",
)
answers_no = Question(lambda case, event: event.text("answer") == "no", "The answer is not a no.")
was_offered = Question(
    lambda case, event: any(offer.fields.get("invited") is True for offer in case.of("restorative_offered")),
    "Restorative justice must be offered before it is answered.",
)
consents_dated = Question(
    lambda case, event: all(
        (day := event.day_of(name)) is not None and day <= event.day
        for name in ("victim_consented_on", "child_consented_on", "risk_assessed_on")
    ),
    "Both consents and the risk assessment must be dated, and not later than today.",
)
agreement_made = Question(lambda case, event: event.fields.get("agreement") is True, "No agreement was made.")
has_gaps = Question(lambda case, event: bool(event.items("gaps")), "Nothing is missing.")
carries_risk = Question(
    lambda case, event: bool(event.text("risks")) or event.fields.get("must_not_know") is True, "No risk is recorded."
)
views_given = Question(
    lambda case, event: "given" in (event.text("views"), event.text("outcome")), "Views were not given."
)
views_declined = Question(
    lambda case, event: "declined" in (event.text("views"), event.text("outcome")), "Views were not declined."
)
wants_updates = Question(lambda case, event: event.fields.get("wants_updates") is True, "Updates are not wanted.")
wants_support = Question(lambda case, event: event.fields.get("wants_support") is True, "Support is not wanted.")
support_declined = Question(lambda case, event: event.text("outcome") == "declined", "Support was not declined.")
custody_for_listed = Question(
    lambda case, event: event.fields.get("listed_offence") is True and bool(event.fields.get("custody_months")),
    "It is not custody for a listed offence.",
)
