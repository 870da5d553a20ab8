"""Lists the pure questions that the tables of moves ask about a case and an event, each with its no in words."""

from workflow import bars
from workflow.brought_over import is_unread
from workflow.case import Case
from workflow.consent import agreed, came_of_age, is_overtaken, is_own, is_refused, says_yes
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
    return bool(bars.usable(case))


def _may_attempt(case: Case, _: Event) -> bool:
    return Purpose.CONTACT in agreed(case)


def _may_inform(case: Case, _: Event) -> bool:
    return Purpose.CONTACT in agreed(case) and not is_refused(case, Purpose.RESTORATIVE_INFORMATION)


def _may_ask_views(case: Case, _: Event) -> bool:
    return {Purpose.CONTACT, Purpose.VIEWS_BEFORE_DECISION} <= agreed(case)


def _way_is_safe(case: Case, event: Event) -> bool:
    channel = event.text("channel")
    return _safe_to_use(case, event) if channel else bool(bars.usable(case))


def _safe_to_use(case: Case, event: Event) -> bool:
    channel = Channel(event.text("channel"))
    if bars.near_child_unlooked(case, channel):
        return False
    if channel is Channel.PHONE and event.text("outcome") == "message_left":
        return case.safe(Channel.PHONE) is Known.YES and case.safe(Channel.VOICEMAIL) is Known.YES
    return case.safe(channel) is Known.YES


def _enough_attempts(case: Case, _: Event) -> bool:
    # Where only one channel is safe there is no second to try: three attempts by it are what can be done.
    tried = bars.tried(case)
    return len(tried) >= 3 and (len(set(tried)) >= 2 or len(bars.usable(case)) <= 1)


overtaken = Question(is_overtaken, "A later answer is already on record.")
clear_yes = Question(
    lambda case, event: (
        says_yes(event)
        and not _DOUBTS.intersection(event.items("queries"))
        and (not came_of_age(case) or is_own(event))
    ),
    "It is not a clear yes that covers contact.",
)
covers_contact = Question(
    lambda case, event: says_yes(event), "A renewal needs a yes that covers contact; anything else changes nothing."
)
is_yes = Question(
    lambda case, event: says_yes(event) and (not came_of_age(case) or is_own(event)),
    "It is not a yes that covers contact.",
)
is_no = Question(lambda case, event: event.text("decision") == Decision.NO, "It is not a no.")
is_not_objected = Question(
    lambda case, event: event.text("decision") == Decision.NOT_OBJECTED and says_yes(event),
    "No objection counts only for an opt-out force that says on which day the victim was told.",
)
withdraws_news = Question(
    lambda case, event: event.text("part") == Purpose.PROGRESS_UPDATES, "News of progress is not withdrawn."
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
in_own_right = Question(
    lambda case, event: not came_of_age(case) or is_own(event),
    "The victim is 18: only a yes of their own counts. Ask them, and say that they gave it.",
)
not_yet_of_age = Question(
    lambda case, event: case.is_child and not came_of_age(case),
    "That is for a victim who was under 18, and once: it is on record already, or they were not.",
)
said_no = Question(
    lambda case, event: case.states[Track.CONSENT] in ("refused_provisionally", "refused_confirmed", "withdrawn"),
    "The victim did not say no: their record is kept for as long as any other.",
)
asked_in_full = Question(_asked_in_full, "Needs and characteristics were not all asked.")
has_safe_channel = Question(
    _safe_channel, "No channel is known to be safe: ask the officer or the victim, and record which is."
)
may_attempt = Question(_may_attempt, "The victim's consent does not cover contact.")
safe_to_use = Question(
    _safe_to_use,
    "That channel is not known to be safe: record that it is before it is used, and for somebody close to the child "
    "ask again.",
)
wishes_agree = Question(
    lambda case, event: not bars.wishes_differ(case),
    "The child and the guardian want different things: a manager settles it before anybody makes contact.",
)
nobody_unwilling = Question(
    lambda case, event: not bars.is_unwilling(case),
    "The child, or the guardian, does not want contact: ask again, or record that they withdraw. A manager settles it.",
)
brought_over_read = Question(
    lambda case, event: not is_unread(case),
    "Nobody has read what was brought over from the spreadsheet: read it, and record that you have.",
)
social_worker_knows = Question(
    lambda case, event: not bars.social_worker_unaware(case),
    "The victim is a looked-after child: tell the social worker before anybody makes contact.",
)
family_officer_asked = Question(
    lambda case, event: not bars.family_officer_due(case),
    "A bereaved family is approached through the family liaison officer: ask them first.",
)
news_welcome = Question(
    lambda case, event: bars.may_hear_news(case), "The victim's consent does not cover contact, or they want no news."
)
information_welcome = Question(
    _may_inform,
    "The victim's consent does not cover contact, or they do not want to hear of restorative justice.",
)
may_ask_views = Question(
    _may_ask_views, "The victim's consent does not cover contact and views before a decision: ask for it first."
)
way_is_safe = Question(_way_is_safe, "That channel is not known to be safe: record that it is, or ask by one that is.")
not_invited = Question(lambda case, event: event.fields.get("invited") is False, "The victim was invited.")
chased_twice = Question(
    lambda case, event: bars.is_chased_twice(case), "Police are chased twice before nobody waits any longer."
)
is_alert = Question(lambda case, event: event.text("reason") == "safeguarding", "It is not about safeguarding.")
plan_dated = Question(
    lambda case, event: (day := event.day_of("plan_on")) is not None and day <= event.day,
    "An alert ends only with a safety plan that is dated, and not later than today.",
)
looked_at_again = Question(
    lambda case, event: event.fields.get("check_again") is True, "Identity and links are said to be as they were."
)
victim_asked = Question(
    lambda case, event: event.fields.get("victim_asked") is True,
    "Ask the victim first who should work with them.",
)
transfer_offered = Question(
    lambda case, event: case.states[Track.TRANSFER] == "offered", "The case was not offered to another service."
)
handed_over = Question(
    lambda case, event: event.fields.get("handed_over") is True,
    "The case is theirs only when everything they need was handed over.",
)
visit_agreed = Question(
    lambda case, event: event.text("channel") != Channel.VISIT or Purpose.HOME_VISIT in agreed(case),
    "The victim has not agreed to a home visit.",
)
is_alive = Question(
    lambda case, event: case.states[Track.HOLD] != "deceased",
    "The victim has died: nobody writes or calls as if they had not. Agree who speaks for the family.",
)
death_taken_back = Question(
    lambda case, event: case.last("victim_died") is None,
    "The victim has died. If that was a mistake, take the entry back first, and end the hold then.",
)
not_held = Question(
    lambda case, event: case.states[Track.HOLD] == "none",
    "The case is on hold: nobody contacts the victim until it ends.",
)
ends_later = Question(
    lambda case, event: (until := event.day_of("until")) is not None and until > event.day,
    "A hold needs a day after the one on which it begins: the day to look again.",
)
reached = Question(lambda case, event: event.text("outcome") == "reached", "The victim was not reached.")
enough_attempts = Question(
    _enough_attempts, "That takes three attempts by at least two channels, or by the only one that is safe."
)
answers_yes = Question(lambda case, event: event.text("answer") == "yes", "The answer is not a yes.")
form_named = Question(
    lambda case, event: bool(event.text("kind")),
    "A yes needs the form of restorative justice.",
)
answers_not_now = Question(lambda case, event: event.text("answer") == "not_now", "The answer is not: not now.")
day_named = Question(
    lambda case, event: bool(event.text("ask_again_on")),
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
