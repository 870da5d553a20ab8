"""The words of the house: one name for each state, purpose, channel, role and verdict, the same everywhere."""

from enum import StrEnum


class Stage(StrEnum):
    """Where the journey has got to, in the words on the page."""

    CONSENT = "consent"
    CHARACTERISTICS = "characteristics"
    CONTACT = "contact"
    RESTORATIVE = "restorative"
    REPARATION = "reparation"
    SUPPORT = "support"
    CLOSED = "closed"


class State(StrEnum):
    """A state of the journey; ``STAGE_OF`` says which stage it belongs to."""

    NEW = "new"
    IDENTIFIED = "identified"
    AWAITING_CONSENT_RECORD = "awaiting_consent_record"
    CONSENT_QUERY = "consent_query"
    INTAKE_CHECK = "intake_check"
    CHARACTERISTICS_CAPTURE = "characteristics_capture"
    CONTACT_DUE = "contact_due"
    ATTEMPTING = "attempting"
    ENGAGED = "engaged"
    UNCONTACTABLE = "uncontactable"
    RESTORATIVE_DECISION = "restorative_decision"
    RESTORATIVE_PREPARATION = "restorative_preparation"
    RESTORATIVE_DELIVERY = "restorative_delivery"
    REPARATION = "reparation"
    FOLLOW_UP = "follow_up"
    ONGOING_SUPPORT = "ongoing_support"
    INFORMED_ONLY = "informed_only"
    CLOSED = "closed"
    MERGED = "merged"
    ERASED = "erased"


STAGE_OF: dict[State, Stage] = {
    State.NEW: Stage.CONSENT,
    State.IDENTIFIED: Stage.CONSENT,
    State.AWAITING_CONSENT_RECORD: Stage.CONSENT,
    State.CONSENT_QUERY: Stage.CONSENT,
    State.INTAKE_CHECK: Stage.CONSENT,
    State.CHARACTERISTICS_CAPTURE: Stage.CHARACTERISTICS,
    State.CONTACT_DUE: Stage.CONTACT,
    State.ATTEMPTING: Stage.CONTACT,
    State.ENGAGED: Stage.CONTACT,
    State.UNCONTACTABLE: Stage.CONTACT,
    State.RESTORATIVE_DECISION: Stage.RESTORATIVE,
    State.RESTORATIVE_PREPARATION: Stage.RESTORATIVE,
    State.RESTORATIVE_DELIVERY: Stage.RESTORATIVE,
    State.REPARATION: Stage.REPARATION,
    State.FOLLOW_UP: Stage.SUPPORT,
    State.ONGOING_SUPPORT: Stage.SUPPORT,
    State.INFORMED_ONLY: Stage.SUPPORT,
    State.CLOSED: Stage.CLOSED,
    State.MERGED: Stage.CLOSED,
    State.ERASED: Stage.CLOSED,
}

ENDED = (State.CLOSED, State.MERGED, State.ERASED)
OPEN = tuple(state for state in State if state not in (State.NEW, *ENDED))


class Track(StrEnum):
    """The machines of one case: the journey, and the tracks that can move at any time beside it.

    Of ``RESTORATIVE`` there is one strand for each child responsible; under this name stands the furthest of them.
    """

    JOURNEY = "journey"
    CONSENT = "consent"
    CHARACTERISTICS = "characteristics"
    SAFETY = "safety"
    HOLD = "hold"
    VIEWS = "views"
    UPDATES = "updates"
    SUPPORT = "support"
    PROBATION = "probation"
    COMPLAINT = "complaint"
    TRANSFER = "transfer"
    RESTORATIVE = "restorative"


class Decision(StrEnum):
    """What the victim answered when police asked whether the service may get in touch."""

    YES = "yes"
    NO = "no"
    NOT_ASKED = "not_asked"
    UNDECIDED = "undecided"
    LACKS_CAPACITY = "lacks_capacity"
    NOT_OBJECTED = "not_objected"


class Purpose(StrEnum):
    """What the victim agreed to, one by one; the fields of ``consent.scope`` in the consent record."""

    CONTACT = "contact"
    RESTORATIVE_INFORMATION = "restorative_information"
    VIEWS_BEFORE_DECISION = "views_before_decision"
    PROGRESS_UPDATES = "progress_updates"
    SHARE_WITH_PROVIDER = "share_with_provider"
    SUPPORT_REFERRAL = "support_referral"
    HOME_VISIT = "home_visit"
    USE_OF_IMPACT = "use_of_impact"
    COURT_AND_REPORT = "court_and_report"
    ANONYMOUS_FEEDBACK = "anonymous_feedback"


class Channel(StrEnum):
    """A way of reaching somebody, each with its own fact about safety."""

    PHONE = "phone"
    VOICEMAIL = "voicemail"
    TEXT = "text"
    EMAIL = "email"
    POST = "post"
    VISIT = "visit"


class Known(StrEnum):
    """Yes, no, or nobody has said: never a bare blank."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Characteristic(StrEnum):
    """The nine protected characteristics of section 4 of the Equality Act 2010."""

    AGE = "age"
    SEX = "sex"
    GENDER_REASSIGNMENT = "gender_reassignment"
    DISABILITY = "disability"
    RACE = "race"
    RELIGION_OR_BELIEF = "religion_or_belief"
    SEXUAL_ORIENTATION = "sexual_orientation"
    MARRIAGE_AND_CIVIL_PARTNERSHIP = "marriage_and_civil_partnership"
    PREGNANCY_AND_MATERNITY = "pregnancy_and_maternity"


class Role(StrEnum):
    """Who acts: people by what they do, and the accounts of the service itself.

    The duty safeguarding lead may look at every case and make it safer; the data lead and the auditor see who did what
    and no case; a child's case manager sees nothing of the victim's side.
    """

    PRACTITIONER = "practitioner"
    MANAGER = "manager"
    POLICE = "police"
    SAFEGUARDING = "safeguarding"
    DATA_LEAD = "data_lead"
    AUDITOR = "auditor"
    CASE_MANAGER = "case_manager"
    CLOCK = "clock"
    FEED = "feed"


class Owner(StrEnum):
    """Who owes a duty."""

    YJS = "yjs"
    POLICE = "police"
    PROBATION = "probation"
    WITNESS_CARE = "witness_care"
    CPS = "cps"
    COURT = "court"


class Verdict(StrEnum):
    """What the audit says of one duty on one day."""

    RUNNING = "running"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    MET = "met"
    MET_LATE = "met_late"
    NOT_MET_WITH_REASON = "not_met_with_reason"
    LAPSED = "lapsed"
    PAUSED = "paused"
    NO_DATA = "no_data"


class CloseReason(StrEnum):
    """Why a case was closed: every close has one."""

    NO_CONSENT_CONFIRMED = "no_consent_confirmed"
    POLICE_NEVER_ANSWERED = "police_never_answered"
    OPTED_OUT = "opted_out"
    UNCONTACTABLE = "uncontactable"
    DECLINED_AFTER_CONTACT = "declined_after_contact"
    COMPLETED_RESTORATIVE = "completed_restorative"
    COMPLETED_INFORMED = "completed_informed"
    SUPPORT_ENDED_BY_VICTIM = "support_ended_by_victim"
    TRANSFERRED = "transferred"
    DECEASED_NO_REPRESENTATIVE = "deceased_no_representative"
    NOT_A_VICTIM = "not_a_victim"
    DUPLICATE = "duplicate"
    OUT_OF_SCOPE = "out_of_scope"
    UNSAFE_TO_CONTACT = "unsafe_to_contact"


class RestorativeKind(StrEnum):
    """The forms restorative justice takes; the controlled list of the service."""

    DIRECT_CONFERENCE = "direct_conference"
    DIRECT_MEETING = "direct_meeting"
    SHUTTLE = "shuttle"
    INDIRECT_QUESTIONS = "indirect_questions"
    LETTER_OF_EXPLANATION = "letter_of_explanation"
    LETTER_OF_APOLOGY = "letter_of_apology"
    FAMILY_GROUP_CONFERENCE = "family_group_conference"
    PANEL_ATTENDANCE = "panel_attendance"
    PANEL_VIEWS = "panel_views"
    VICTIM_IMPACT_INPUT = "victim_impact_input"
    DIRECT_REPARATION = "direct_reparation"
    INDIRECT_REPARATION = "indirect_reparation"
    PROXY = "proxy"
    FINANCIAL_REPARATION = "financial_reparation"
    VIDEO_MEETING = "video_meeting"
    VIDEO_MESSAGE = "video_message"


DIRECT_KINDS = (
    RestorativeKind.DIRECT_CONFERENCE,
    RestorativeKind.DIRECT_MEETING,
    RestorativeKind.FAMILY_GROUP_CONFERENCE,
    RestorativeKind.PANEL_ATTENDANCE,
    RestorativeKind.VIDEO_MEETING,
)


def in_words(code: str) -> str:
    """A code as a person reads it: ``restorative_decision`` becomes ``restorative decision``."""
    return code.replace("_", " ")
