"""The task ledger: entries of a year, tasks of units, evidence, sign-off, proposals, phone checks, consultations"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

INSTANT = sa.DateTime(timezone=True)
ENUM = sa.String(length=32)
OWED = sa.text("stage != 'released'")
UNSTRUCK = sa.text("struck_at IS NULL")


def upgrade() -> None:
    _entries()
    _doings()
    _records()


def _entries() -> None:
    op.create_table(
        "duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("owed", sa.Text(), nullable=False),
        sa.Column("evidence_wanted", sa.Text(), nullable=False),
        sa.Column("kind", ENUM, nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=False),
        sa.Column("leaders", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("origin", ENUM, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_duty_entered_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
        sa.UniqueConstraint("year", "key", name=op.f("uq_duty_year_key")),
    )
    op.create_index("ix_duty_year_position", "duty", ["year", "position"], unique=False)

    op.create_table(
        "duty_lead",
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name=op.f("fk_duty_lead_duty_id_duty")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_duty_lead_unit_id_unit")),
        sa.PrimaryKeyConstraint("duty_id", "unit_id", name=op.f("pk_duty_lead")),
    )
    op.create_index("ix_duty_lead_unit_id", "duty_lead", ["unit_id"], unique=False)

    op.create_table(
        "duty_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("stage", ENUM, nullable=False),
        sa.Column("clock_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clock_id"], ["clock.id"], name=op.f("fk_duty_task_clock_id_clock")),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name=op.f("fk_duty_task_duty_id_duty")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_duty_task_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_task")),
    )
    op.create_index("ix_duty_task_clock_id", "duty_task", ["clock_id"], unique=False)
    op.create_index("ix_duty_task_unit_id", "duty_task", ["unit_id", "duty_id"], unique=False)
    op.create_index(
        "uq_duty_task_owed",
        "duty_task",
        ["duty_id", "unit_id"],
        unique=True,
        sqlite_where=OWED,
        postgresql_where=OWED,
    )

    op.create_table(
        "duty_rectification",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["about_id"], ["duty_task.id"], name=op.f("fk_duty_rectification_about_id_duty_task")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["duty_task.id"], name=op.f("fk_duty_rectification_task_id_duty_task")
        ),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_duty_rectification")),
    )
    op.create_index("ix_duty_rectification_about_id", "duty_rectification", ["about_id"], unique=False)

    op.create_table(
        "duty_term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("clock_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clock_id"], ["clock.id"], name=op.f("fk_duty_term_clock_id_clock")),
        sa.ForeignKeyConstraint(["task_id"], ["duty_task.id"], name=op.f("fk_duty_term_task_id_duty_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_term")),
        sa.UniqueConstraint("task_id", "name", "round", name=op.f("uq_duty_term_task_id_name_round")),
    )


def _doings() -> None:
    op.create_table(
        "duty_progress",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_duty_progress_by_id_person")),
        sa.ForeignKeyConstraint(
            ["task_id"], ["duty_task.id"], name=op.f("fk_duty_progress_task_id_duty_task")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_progress")),
    )
    op.create_index("ix_duty_progress_task_id", "duty_progress", ["task_id", "id"], unique=False)

    op.create_table(
        "duty_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("form", ENUM, nullable=True),
        sa.Column("speaker", sa.String(), nullable=False),
        sa.Column("by_leader", sa.Boolean(), nullable=False),
        sa.Column("column_link", sa.Text(), nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("entered_by_name", sa.String(), nullable=False),
        sa.Column("struck_at", INSTANT, nullable=True),
        sa.Column("struck_by_name", sa.String(), nullable=False),
        sa.Column("struck_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["person.id"], name=op.f("fk_duty_evidence_entered_by_id_person")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_duty_evidence_file_id_file")),
        sa.ForeignKeyConstraint(
            ["task_id"], ["duty_task.id"], name=op.f("fk_duty_evidence_task_id_duty_task")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_evidence")),
    )
    op.create_index(
        "ix_duty_evidence_task_id",
        "duty_evidence",
        ["task_id", "happened_on"],
        unique=False,
        sqlite_where=UNSTRUCK,
        postgresql_where=UNSTRUCK,
    )

    op.create_table(
        "duty_sign_off",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_by_name", sa.String(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("ruling", sa.Text(), nullable=False),
        sa.Column("ruled_by_id", sa.Integer(), nullable=True),
        sa.Column("ruled_by_name", sa.String(), nullable=False),
        sa.Column("ruled_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_duty_sign_off_asked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["ruled_by_id"], ["person.id"], name=op.f("fk_duty_sign_off_ruled_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["duty_task.id"], name=op.f("fk_duty_sign_off_task_id_duty_task")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_sign_off")),
    )
    op.create_index("ix_duty_sign_off_task_id", "duty_sign_off", ["task_id", "id"], unique=False)


def _records() -> None:
    op.create_table(
        "consultation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("short_reason", sa.Text(), nullable=False),
        sa.Column("channels", sa.Text(), nullable=False),
        sa.Column("outcome_due_on", sa.Date(), nullable=False),
        sa.Column("opinions", sa.Integer(), nullable=True),
        sa.Column("adopted", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("outcome_link", sa.Text(), nullable=False),
        sa.Column("outcome_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.Column("clock_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("entered_by_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["clock_id"], ["clock.id"], name=op.f("fk_consultation_clock_id_clock")),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["person.id"], name=op.f("fk_consultation_entered_by_id_person")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_consultation_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
    )
    op.create_index("ix_consultation_unit_id", "consultation", ["unit_id", "published_on"], unique=False)

    op.create_table(
        "phone_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("checked_at", INSTANT, nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_phone_check_by_id_person")),
        sa.ForeignKeyConstraint(["task_id"], ["duty_task.id"], name=op.f("fk_phone_check_task_id_duty_task")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_phone_check_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_check")),
    )
    op.create_index("ix_phone_check_checked_at", "phone_check", ["checked_at"], unique=False)
    op.create_index("ix_phone_check_unit_id", "phone_check", ["unit_id", "checked_at"], unique=False)

    op.create_table(
        "duty_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("owed", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("responsible", sa.Text(), nullable=False),
        sa.Column("kind", ENUM, nullable=False),
        sa.Column("quota", sa.Integer(), nullable=False),
        sa.Column("workdays", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("phrase", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", ENUM, nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=True),
        sa.Column("imported_at", INSTANT, nullable=False),
        sa.Column("decided_by_name", sa.String(), nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name=op.f("fk_duty_proposal_duty_id_duty")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_proposal")),
        sa.UniqueConstraint("year", "clause", name=op.f("uq_duty_proposal_year_clause")),
    )


def downgrade() -> None:
    for table in (
        "duty_proposal",
        "phone_check",
        "consultation",
        "duty_sign_off",
        "duty_evidence",
        "duty_progress",
        "duty_term",
        "duty_rectification",
        "duty_task",
        "duty_lead",
        "duty",
    ):
        op.drop_table(table)
