"""Lists every reason for and against a contact, with what it decides and the words a practitioner reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from workflow.facts import FACTS


class Verdict(StrEnum):
    """What becomes of the letter or the call, the most restrictive first."""

    REFUSE = "refuse"
    HOLD = "hold"
    RELEASE = "release"


REFUSE, HOLD, RELEASE = Verdict.REFUSE, Verdict.HOLD, Verdict.RELEASE


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing to be said about a contact: a stable code, a sentence for a practitioner, and what it alone decides.

    A reason that decides ``release`` stops nothing: it is a note to whoever says yes.
    """

    code: str
    words: str
    verdict: Verdict


REASONS: Mapping[str, tuple[Verdict, str]] = {
    "suppressed": (REFUSE, "Nobody may contact this person: the details are suppressed."),
    "victim_died": (REFUSE, "The victim has died."),
    "case_erased": (REFUSE, "The case was erased."),
    "case_merged": (REFUSE, "The case was merged into another."),
    "case_closed": (REFUSE, "The case is closed."),
    "consent_withdrawn": (REFUSE, "The victim withdrew their consent."),
    "consent_refused": (REFUSE, "The victim said no to contact."),
    "consent_not_given": (REFUSE, "Nobody has recorded a yes that covers contact."),
    "purpose_not_agreed": (REFUSE, "The victim has not agreed to: {missing}."),
    "visit_not_agreed": (REFUSE, "The victim has not agreed to a home visit."),
    "channel_unsafe": (REFUSE, "{channel} is not safe."),
    "other_channel": (REFUSE, "This letter does not go by that channel."),
    "other_audience": (REFUSE, "This letter is worded for somebody else: {audience}."),
    "under_18": (REFUSE, "This letter is for adults, and the victim is under 18."),
    "no_longer_under_18": (REFUSE, "The victim is 18 or over: write to them in their own right."),
    "guardian_suspect": (REFUSE, "The parent or guardian is a suspect."),
    "guardian_unaware": (REFUSE, "The parent or guardian has not been told."),
    "overtaken": (REFUSE, "It is overtaken: what it says is no longer so."),
    "not_wanted": (REFUSE, "The victim neither took part nor wants this news."),
    "switched_off": (HOLD, "This letter is switched off."),
    "on_hold": (HOLD, "The case is on hold: nobody contacts the victim until it ends."),
    "consent_queried": (HOLD, "The consent is still being checked with the officer."),
    "own_consent_due": (HOLD, "The victim has turned 18: ask them for consent in their own right."),
    "brought_over_unread": (
        HOLD,
        "Nobody has read what was brought over from the spreadsheet: read it before anybody makes contact.",
    ),
    "wishes_differ": (
        HOLD,
        "The child and the guardian want different things: a manager settles it before anybody makes contact.",
    ),
    "unwilling": (
        HOLD,
        "The child, or the guardian, does not want contact: ask again, or record that they withdraw. A manager settles "
        "it.",
    ),
    "child_not_asked": (HOLD, "Nobody has recorded whether the child wants this letter: ask the child first."),
    "social_worker_unaware": (HOLD, "The victim is a looked-after child whose social worker has not been told."),
    "family_officer_due": (HOLD, "A bereaved family is approached through the family liaison officer: ask them first."),
    "triage_due": (HOLD, "The case has not been through triage."),
    "no_contact_point": (HOLD, "We hold no address or number for it."),
    "address_old": (HOLD, "The address was given more than {address_days} days ago: ask whether it still holds."),
    "source_unknown": (HOLD, "It is not recorded who gave us the address or number."),
    "safety_unknown": (HOLD, "{channel} is not known to be safe."),
    "safety_outdated": (HOLD, "{channel} was said to be safe before the contact details changed."),
    "safety_unconfirmed": (HOLD, "{channel} was last said to be safe more than {days} days ago."),
    "near_child": (HOLD, "The victim is close to the child, and nobody has asked again whether {channel} is safe."),
    "address_doubted": (HOLD, "A letter came back: the address is doubted."),
    "leads_elsewhere": (HOLD, "{channel} last led to the wrong person or place."),
    "must_not_know": (HOLD, "Somebody must not know, and others may open, answer or overhear it."),
    "address_shared": (HOLD, "The address is, or may be, the child's as well."),
    "address_unchecked": (
        HOLD,
        "The address has not been compared with the child's, who may be close to the victim: record where the child "
        "lives (the child's case manager knows), or what the victim is to the child.",
    ),
    "address_of_school": (HOLD, "The address is, or may be, the child's school."),
    "address_of_staff": (HOLD, "The address is, or may be, that of somebody who works here."),
    "address_not_secret": (HOLD, "A risk is on record, and nobody said that the child does not know the address."),
    "age_unknown": (HOLD, "It is not known whether the victim is under 18."),
    "guardian_unknown": (HOLD, "It is not known whether the parent or guardian is a suspect, or has been told."),
    "may_be_opened": (HOLD, "A parent or guardian who is a suspect, or has not been told, may open it."),
    "language_not_met": (
        HOLD,
        "The letter is not in the language the victim reads: have it translated, or tell them in another way.",
    ),
    "words_unchecked": (
        HOLD,
        "The {tongue} words of this letter have not been checked by a {tongue} speaker: have them checked, and record "
        "who did, or finish the letter by hand.",
    ),
    "format_not_met": (
        HOLD,
        "The letter is not in the format the victim needs: have it made, or tell them in another way.",
    ),
    "not_released": (HOLD, "The victim has not agreed to release anything to them: record what is released first."),
    "way_closed": (HOLD, "{channel} is not set up: download the letter, hand it over, and record that."),
    "confirm_first": (
        RELEASE,
        "{channel} was last said to be safe more than {days} days ago: ask first whether it still is, and leave no "
        "message.",
    ),
    "needs_not_recorded": (
        RELEASE,
        "Nobody has recorded the language and format: English, standard print is presumed.",
    ),
}
"""Every reason there is, in the order in which they are shown: its code, what it alone decides, and its words."""

TONGUES: Mapping[str, str] = {"cy": "Welsh"}
"""The languages besides English that letters are written in, by their code."""

CLEARABLE = frozenset(
    {
        "must_not_know",
        "address_shared",
        "address_unchecked",
        "address_of_school",
        "address_of_staff",
        "address_not_secret",
        "may_be_opened",
    }
)
"""The holds that two people may clear for one letter, because no later event would ever end them."""


def held_words(code: str) -> str:
    """What holds a letter, for the list of what to do: the words of a reason, or the fact that is to be given."""
    if code.startswith("fact."):
        return f"Something is missing or not right: {FACTS.get(code.removeprefix('fact.'), 'a fact')}."
    if code not in REASONS:
        return ""
    general = {"channel": "The channel", "days": "so many", "address_days": "so many", "missing": "what it needs"}
    return REASONS[code][1].format(**general, audience="somebody else", tongue="translated")
