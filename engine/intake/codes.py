"""Lists the values a police system may send, word for word; anything else is a value nobody agreed on."""

from typing import Literal

Reason = Literal["new", "update", "re_ask", "withdrawal", "correction"]
Model = Literal["opt_in", "opt_out"]

PlaceType = Literal[
    "home",
    "street",
    "shop",
    "school",
    "park",
    "workplace",
    "public_transport",
    "vehicle",
    "licensed_premises",
    "care_home",
    "health_setting",
    "place_of_worship",
    "online",
    "other",
    "unknown",
]
Stage = Literal["under_investigation", "bail", "rui", "oocd_referred", "charged", "convicted", "sentenced", "nfa"]
OffenceCategory = Literal[
    "violence",
    "sexual",
    "robbery",
    "burglary",
    "theft",
    "vehicle",
    "damage",
    "arson",
    "hate",
    "harassment",
    "stalking",
    "public_order",
    "weapons",
    "drugs",
    "fraud",
    "driving",
    "other",
]
DecisionKind = Literal["out_of_court_panel", "pre_sentence_report", "referral_order_panel", "court_hearing"]
ConditionKind = Literal["bail", "dvpo", "restraining", "non_association"]

VictimKind = Literal["individual", "child", "organisation", "bereaved_relative", "spokesperson", "witness_harmed"]
Relationship = Literal[
    "stranger",
    "known",
    "peer_same_school",
    "family",
    "parent",
    "partner_ex",
    "neighbour",
    "staff",
    "unknown",
]
PhoneKind = Literal["mobile", "home", "landline", "work", "other"]

GivenBy = Literal["self", "parent_guardian", "both", "proxy"]
Method = Literal["in_person", "phone", "bwv", "form", "email", "interpreted"]
RefusalReason = Literal[
    "not_interested",
    "fears_reprisal",
    "too_upset",
    "distrusts_police",
    "wants_case_over",
    "too_minor",
    "didnt_understand",
    "not_asked_properly",
    "other",
    "none_given",
]
WithdrawnPart = Literal[
    "all",
    "contact",
    "restorative_information",
    "views_before_decision",
    "progress_updates",
    "share_with_provider",
    "support_referral",
    "home_visit",
    "use_of_impact",
    "court_and_report",
    "anonymous_feedback",
]
ToldTo = Literal["officer", "practitioner", "manager", "provider", "other"]

Risk = Literal[
    "domestic_abuse",
    "sexual",
    "hate",
    "stalking",
    "gang",
    "exploitation",
    "threats",
    "same_school",
    "weapons",
    "other",
]
LetterFormat = Literal["large_print", "easy_read", "audio", "braille", "email", "translated"]

Status = Literal["answered", "prefer_not_to_say", "asked_unable", "not_asked", "not_applicable", "withdrawn"]
ReasonNotAsked = Literal[
    "urgent",
    "unsafe",
    "too_distressed",
    "by_proxy",
    "child_not_appropriate_age",
    "officer_omitted",
    "legacy",
]
Sex = Literal["female", "male"]
Disability = Literal["no", "yes", "yes_a_lot", "yes_a_little", "yes_not_at_all"]
# The police 18+1 self-defined ethnicity codes, and O1 of the older 16+1 list, which is A4 here.  What an officer
# observed (IC1 to IC6) is not what a victim said of themselves, and is not among them.
Ethnicity = Literal[
    "W1",
    "W2",
    "W3",
    "W9",
    "M1",
    "M2",
    "M3",
    "M9",
    "A1",
    "A2",
    "A3",
    "A4",
    "A9",
    "B1",
    "B2",
    "B9",
    "O1",
    "O2",
    "O9",
    "NS",
]
Marriage = Literal[
    "never_married",
    "married",
    "civil_partnership",
    "separated",
    "divorced",
    "dissolved",
    "widowed",
    "surviving_partner",
]
Pregnancy = Literal["no", "currently_pregnant", "baby_in_last_26_weeks"]

EnhancedCategory = Literal["serious", "persistent", "vulnerable_intimidated", "none"]
