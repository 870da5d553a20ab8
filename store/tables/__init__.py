"""Gives every table there is: the history, the people, the post, the projections and the doors.

Whoever names one table has declared them all, so that a migration or a copy never misses one.
"""

from store.tables.access import AccessDeed, BrokenGlass, FormDraft, RecoveryCode, SearchKey, SecondFactor, Wall
from store.tables.clockwork import Cover, DigestRow, Heartbeat, ReminderRow, StuckWork
from store.tables.doors import ForceKey, PoliceForce, ReadRow, Service, SignInAttempt, UserAccount, WebSession
from store.tables.feeds import ChildIntervention, TrackerRow
from store.tables.history import AnswerRow, CaseChild, EventRow, Note, Submission, Suppression, VictimCase
from store.tables.intake import LIKENESSES, TASKS, IntakeTask, Likeness, LikenessKey
from store.tables.officers import CHASE_STATES, Chase, ChaseDay, CompletionLink, RecordDraft, WaitingFile
from store.tables.people import AddressKey, CharacteristicAnswer, ComingOfAge, ContactPoint, KnownAddress, Person
from store.tables.post import (
    LETTER_STATES,
    BatchedLetter,
    CheckedWords,
    Consignment,
    DispatchOrder,
    Letter,
    LetterPage,
    OutboxRow,
    PrintBatch,
)
from store.tables.projections import ActionRow, CaseSummary, DutyRow
from store.tables.provider import ProviderBinding, ProviderHandshake
from store.tables.returns import (
    DipSample,
    ExportRow,
    FileAudit,
    KpiReturn,
    Publication,
    SaidAndDone,
    SelfJudgement,
)
from store.tables.versions import TablesMove, TablesRun, TablesVersion

__all__ = [
    "CHASE_STATES",
    "LETTER_STATES",
    "LIKENESSES",
    "TASKS",
    "AccessDeed",
    "ActionRow",
    "AddressKey",
    "AnswerRow",
    "BatchedLetter",
    "BrokenGlass",
    "CaseChild",
    "CaseSummary",
    "CharacteristicAnswer",
    "Chase",
    "ChaseDay",
    "CheckedWords",
    "ChildIntervention",
    "ComingOfAge",
    "CompletionLink",
    "Consignment",
    "ContactPoint",
    "Cover",
    "DigestRow",
    "DipSample",
    "DispatchOrder",
    "DutyRow",
    "EventRow",
    "ExportRow",
    "FileAudit",
    "ForceKey",
    "FormDraft",
    "Heartbeat",
    "IntakeTask",
    "KnownAddress",
    "KpiReturn",
    "Letter",
    "LetterPage",
    "Likeness",
    "LikenessKey",
    "Note",
    "OutboxRow",
    "Person",
    "PoliceForce",
    "PrintBatch",
    "ProviderBinding",
    "ProviderHandshake",
    "Publication",
    "ReadRow",
    "RecordDraft",
    "RecoveryCode",
    "ReminderRow",
    "SaidAndDone",
    "SearchKey",
    "SecondFactor",
    "SelfJudgement",
    "Service",
    "SignInAttempt",
    "StuckWork",
    "Submission",
    "Suppression",
    "TablesMove",
    "TablesRun",
    "TablesVersion",
    "TrackerRow",
    "UserAccount",
    "VictimCase",
    "WaitingFile",
    "Wall",
    "WebSession",
]
