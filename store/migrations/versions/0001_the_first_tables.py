"""The first tables."""

import sqlalchemy as sa
from alembic import op

from store.triggers import keep_append_only, let_go
from store.types import Document, Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_STATES = (
    "'new', 'identified', 'awaiting_consent_record', 'consent_query', "
    "'intake_check', 'characteristics_capture', 'contact_due', 'attempting', "
    "'engaged', 'uncontactable', 'restorative_decision', 'restorative_preparation', "
    "'restorative_delivery', 'reparation', 'follow_up', 'ongoing_support', "
    "'informed_only', 'closed', 'merged', 'erased'"
)


def upgrade() -> None:
    op.create_table(
        "service",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("dispatch_stopped_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_service")),
    )
    op.create_table(
        "answer",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("caller", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("answer", Document(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_answer_service_id")),
        sa.PrimaryKeyConstraint("service_id", "caller", "key", name=op.f("pk_answer")),
    )
    op.create_table(
        "force_key",
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("force", sa.String(length=64), nullable=False),
        sa.Column("key_digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_force_key_service_id")),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_force_key")),
        sa.UniqueConstraint("key_digest", name=op.f("uq_force_key_key_digest")),
    )
    op.create_table(
        "heartbeat",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("clock", sa.String(length=32), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_heartbeat_service_id")),
        sa.PrimaryKeyConstraint("service_id", "clock", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "person",
        sa.Column("person_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("match", sa.String(length=64), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("kind IN ('victim', 'child')", name=op.f("ck_person_kind")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_person_service_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index("ix_person_match", ["service_id", "kind", "match"], unique=False)

    op.create_table(
        "police_force",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=16), nullable=False),
        sa.CheckConstraint("model IN ('opt_in', 'opt_out')", name=op.f("ck_police_force_model")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_police_force_service_id")),
        sa.PrimaryKeyConstraint("service_id", "name", name=op.f("pk_police_force")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("attempt_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_sign_in_attempt_service_id")),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_sign_in_attempt")),
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_attempt_subject_at", ["service_id", "subject", "at"], unique=False)

    op.create_table(
        "suppression",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("match", sa.String(length=64), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_suppression_service_id")),
        sa.PrimaryKeyConstraint("service_id", "match", name=op.f("pk_suppression")),
    )
    op.create_table(
        "user_account",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("shown_as", sa.String(), nullable=False),
        sa.Column("direct_number", sa.String(), nullable=False),
        sa.Column("force", sa.String(), nullable=True),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("disabled_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "role IN ('practitioner', 'manager', 'police', 'clock', 'feed')", name=op.f("ck_user_account_role")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_user_account_service_id")),
        sa.PrimaryKeyConstraint("service_id", "name", name=op.f("pk_user_account")),
    )
    op.create_table(
        "web_session",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("form_token", sa.String(length=64), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_web_session_service_id")),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_web_session")),
    )
    op.create_table(
        "characteristic",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("fk_characteristic_person_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_characteristic_service_id")),
        sa.PrimaryKeyConstraint("person_id", "name", name=op.f("pk_characteristic")),
    )
    op.create_table(
        "contact_point",
        sa.Column("contact_point_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("given_by", sa.String(length=64), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("fk_contact_point_person_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_contact_point_service_id")),
        sa.PrimaryKeyConstraint("contact_point_id", name=op.f("pk_contact_point")),
    )
    with op.batch_alter_table("contact_point", schema=None) as batch_op:
        batch_op.create_index("ix_contact_point_person", ["person_id", "channel"], unique=False)

    op.create_table(
        "victim_case",
        sa.Column("case_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("force", sa.String(length=64), nullable=False),
        sa.Column("crime_reference", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("fk_victim_case_person_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_victim_case_service_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_victim_case")),
        sa.UniqueConstraint("service_id", "reference", name=op.f("uq_victim_case_service_id_reference")),
    )
    with op.batch_alter_table("victim_case", schema=None) as batch_op:
        batch_op.create_index("ix_victim_case_incident", ["service_id", "force", "crime_reference"], unique=False)
        batch_op.create_index("ix_victim_case_person", ["person_id"], unique=False)

    op.create_table(
        "action",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("reason", sa.String(length=240), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("urgent_tier", sa.Integer(), nullable=False),
        sa.Column("urgent_from", sa.Date(), nullable=False),
        sa.Column("rule", sa.String(length=48), nullable=True),
        sa.Column("waiting_on", sa.String(length=24), nullable=True),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("enhanced", sa.Boolean(), nullable=False),
        sa.Column("child_victim", sa.Boolean(), nullable=False),
        sa.Column("reply_waiting", sa.Boolean(), nullable=False),
        sa.Column("decision_on", sa.Date(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("owned_since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.case_id"], name=op.f("fk_action_case_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_action_service_id")),
        sa.PrimaryKeyConstraint("service_id", "case_id", name=op.f("pk_action")),
    )
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.create_index("ix_action_owner", ["service_id", "owner", "due_on"], unique=False)

    op.create_table(
        "case_child",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.case_id"], name=op.f("fk_case_child_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("fk_case_child_person_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_case_child_service_id")),
        sa.PrimaryKeyConstraint("case_id", "person_id", name=op.f("pk_case_child")),
    )
    op.create_table(
        "case_summary",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("consent", sa.String(length=24), nullable=False),
        sa.Column("assignee", sa.String(length=64), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("enhanced", sa.Boolean(), nullable=False),
        sa.Column("child_victim", sa.Boolean(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("look_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"state IN ({_STATES})", name=op.f("ck_case_summary_state")),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.case_id"], name=op.f("fk_case_summary_case_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_case_summary_service_id")),
        sa.PrimaryKeyConstraint("service_id", "case_id", name=op.f("pk_case_summary")),
    )
    with op.batch_alter_table("case_summary", schema=None) as batch_op:
        batch_op.create_index(
            "ix_case_summary_look",
            ["service_id", "look_on", "case_id"],
            unique=False,
            sqlite_where=sa.text("look_on IS NOT NULL"),
            postgresql_where=sa.text("look_on IS NOT NULL"),
        )
        batch_op.create_index("ix_case_summary_state", ["service_id", "state"], unique=False)

    op.create_table(
        "duty",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=48), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("edition", sa.String(length=32), nullable=False),
        sa.Column("owner", sa.String(length=16), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("standard_due", sa.Date(), nullable=True),
        sa.Column("service_due", sa.Date(), nullable=True),
        sa.Column("enhanced_due", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("code_due_on", sa.Date(), nullable=True),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("standing", sa.String(length=24), nullable=False),
        sa.Column("code_standing", sa.String(length=24), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.case_id"], name=op.f("fk_duty_case_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_duty_service_id")),
        sa.PrimaryKeyConstraint("service_id", "case_id", "rule", "occurrence", name=op.f("pk_duty")),
    )
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.create_index(
            "ix_duty_open",
            ["service_id", "due_on", "case_id"],
            unique=False,
            sqlite_where=sa.text("standing = 'open'"),
            postgresql_where=sa.text("standing = 'open'"),
        )
        batch_op.create_index("ix_duty_rule", ["service_id", "rule", "began_on"], unique=False)

    op.create_table(
        "event",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("fields", Document(), nullable=False),
        sa.Column("corrects", sa.Integer(), nullable=True),
        sa.Column("reached", Document(), nullable=False),
        sa.Column("tables", sa.String(length=16), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.case_id"], name=op.f("fk_event_case_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_event_service_id")),
        sa.PrimaryKeyConstraint("service_id", "case_id", "seq", name=op.f("pk_event")),
    )
    op.create_table(
        "letter",
        sa.Column("letter_id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("format", sa.String(length=16), nullable=False),
        sa.Column("template_version", sa.String(length=64), nullable=False),
        sa.Column("decision", Document(), nullable=False),
        sa.Column("drafted_at", Moment(), nullable=False),
        sa.Column("approved_at", Moment(), nullable=True),
        sa.Column("approved_by", sa.String(length=64), nullable=True),
        sa.Column("released_at", Moment(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state IN ('drafted', 'held', 'approved', 'released', 'returned', 'cancelled')",
            name=op.f("ck_letter_state"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.case_id"], name=op.f("fk_letter_case_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_letter_service_id")),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_letter")),
        sa.UniqueConstraint(
            "service_id", "case_id", "kind", "occurrence", name=op.f("uq_letter_service_id_case_id_kind_occurrence")
        ),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index("ix_letter_state", ["service_id", "state"], unique=False)

    op.create_table(
        "note",
        sa.Column("note_id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.case_id"], name=op.f("fk_note_case_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_note_service_id")),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_note")),
    )
    op.create_table(
        "read_log",
        sa.Column("read_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=48), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.case_id"], name=op.f("fk_read_log_case_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_read_log_service_id")),
        sa.PrimaryKeyConstraint("read_id", name=op.f("pk_read_log")),
    )
    with op.batch_alter_table("read_log", schema=None) as batch_op:
        batch_op.create_index("ix_read_log_case", ["service_id", "case_id", "at"], unique=False)

    op.create_table(
        "reminder",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=48), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("rung", sa.String(length=16), nullable=False),
        sa.Column("raised_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.case_id"], name=op.f("fk_reminder_case_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_reminder_service_id")),
        sa.PrimaryKeyConstraint("service_id", "case_id", "rule", "occurrence", "rung", name=op.f("pk_reminder")),
    )
    op.create_table(
        "stuck_work",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("work", sa.String(length=48), nullable=False),
        sa.Column("problem", sa.String(length=240), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.case_id"], name=op.f("fk_stuck_work_case_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_stuck_work_service_id")),
        sa.PrimaryKeyConstraint("service_id", "case_id", "work", name=op.f("pk_stuck_work")),
    )
    op.create_table(
        "submission",
        sa.Column("submission_number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("force", sa.String(length=64), nullable=False),
        sa.Column("submission_id", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("receipt", Document(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.case_id"], name=op.f("fk_submission_case_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_submission_service_id")),
        sa.PrimaryKeyConstraint("submission_number", name=op.f("pk_submission")),
        sa.UniqueConstraint(
            "service_id",
            "force",
            "submission_id",
            "digest",
            name=op.f("uq_submission_service_id_force_submission_id_digest"),
        ),
    )
    op.create_table(
        "outbox",
        sa.Column("letter_id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("ready_at", Moment(), nullable=False),
        sa.Column("claimed_until", Moment(), nullable=True),
        sa.Column("claimed_by", sa.String(length=32), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=240), nullable=True),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.letter_id"], name=op.f("fk_outbox_letter_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_outbox_service_id")),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_ready", ["service_id", "ready_at"], unique=False)
    keep_append_only(op.get_bind(), "event")


def downgrade() -> None:
    let_go(op.get_bind(), "event")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_ready")

    op.drop_table("outbox")
    op.drop_table("submission")
    op.drop_table("stuck_work")
    op.drop_table("reminder")
    with op.batch_alter_table("read_log", schema=None) as batch_op:
        batch_op.drop_index("ix_read_log_case")

    op.drop_table("read_log")
    op.drop_table("note")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index("ix_letter_state")

    op.drop_table("letter")
    op.drop_table("event")
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.drop_index("ix_duty_rule")
        batch_op.drop_index(
            "ix_duty_open", sqlite_where=sa.text("standing = 'open'"), postgresql_where=sa.text("standing = 'open'")
        )

    op.drop_table("duty")
    with op.batch_alter_table("case_summary", schema=None) as batch_op:
        batch_op.drop_index("ix_case_summary_state")
        batch_op.drop_index(
            "ix_case_summary_look",
            sqlite_where=sa.text("look_on IS NOT NULL"),
            postgresql_where=sa.text("look_on IS NOT NULL"),
        )

    op.drop_table("case_summary")
    op.drop_table("case_child")
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.drop_index("ix_action_owner")

    op.drop_table("action")
    with op.batch_alter_table("victim_case", schema=None) as batch_op:
        batch_op.drop_index("ix_victim_case_person")
        batch_op.drop_index("ix_victim_case_incident")

    op.drop_table("victim_case")
    with op.batch_alter_table("contact_point", schema=None) as batch_op:
        batch_op.drop_index("ix_contact_point_person")

    op.drop_table("contact_point")
    op.drop_table("characteristic")
    op.drop_table("web_session")
    op.drop_table("user_account")
    op.drop_table("suppression")
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_attempt_subject_at")

    op.drop_table("sign_in_attempt")
    op.drop_table("police_force")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index("ix_person_match")

    op.drop_table("person")
    op.drop_table("heartbeat")
    op.drop_table("force_key")
    op.drop_table("answer")
    op.drop_table("service")
