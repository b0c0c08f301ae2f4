"""Calendar versions, pauses and requests"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

KEEP = ("calendar_entry", "calendar_day")  # a confirmed version is immutable


def _keep_history() -> None:
    for table in KEEP:
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_no_{verb.lower()}"
            if op.get_bind().dialect.name == "sqlite":
                op.execute(
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
            else:
                op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} EXECUTE FUNCTION append_only()")


def upgrade() -> None:
    op.create_table(
        "calendar_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("recomputed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_calendar_version_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_version")),
        sa.UniqueConstraint("label", name=op.f("uq_calendar_version_label")),
    )
    op.create_table(
        "clock_pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clock_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["clock_id"], ["clock.id"], name=op.f("fk_clock_pause_clock_id_clock")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_pause")),
    )
    with op.batch_alter_table("clock_pause", schema=None) as batch_op:
        batch_op.create_index("ix_clock_pause_clock_id", ["clock_id"], unique=False)

    op.create_table(
        "limit_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clock_id", sa.Integer(), nullable=False),
        sa.Column("move", sa.String(length=32), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("workdays", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("ruling", sa.String(), nullable=False),
        sa.Column("ruled_by_id", sa.Integer(), nullable=True),
        sa.Column("ruled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["clock_id"], ["clock.id"], name=op.f("fk_limit_request_clock_id_clock")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_limit_request")),
    )
    with op.batch_alter_table("limit_request", schema=None) as batch_op:
        batch_op.create_index("ix_limit_request_clock_id", ["clock_id"], unique=False)

    op.create_table(
        "calendar_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("years", sa.String(), nullable=False),
        sa.Column("withdraws_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["calendar_version.id"],
            name=op.f("fk_calendar_entry_version_id_calendar_version"),
        ),
        sa.ForeignKeyConstraint(
            ["withdraws_id"],
            ["calendar_entry.id"],
            name=op.f("fk_calendar_entry_withdraws_id_calendar_entry"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_entry")),
        sa.UniqueConstraint("version_id", name=op.f("uq_calendar_entry_version_id")),
    )
    op.create_table(
        "calendar_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_word_person_id_person")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["calendar_version.id"], name=op.f("fk_calendar_word_version_id_calendar_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_word")),
        sa.UniqueConstraint("version_id", "person_id", name=op.f("uq_calendar_word_version_id_person_id")),
    )
    with op.batch_alter_table("calendar_word", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_word_person_id"), ["person_id"], unique=False)

    op.create_table(
        "calendar_day",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["calendar_entry.id"], name=op.f("fk_calendar_day_entry_id_calendar_entry")
        ),
        sa.PrimaryKeyConstraint("entry_id", "on", name=op.f("pk_calendar_day")),
    )
    _keep_history()


def downgrade() -> None:
    op.drop_table("calendar_day")
    with op.batch_alter_table("calendar_word", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_word_person_id"))

    op.drop_table("calendar_word")
    op.drop_table("calendar_entry")
    with op.batch_alter_table("limit_request", schema=None) as batch_op:
        batch_op.drop_index("ix_limit_request_clock_id")

    op.drop_table("limit_request")
    with op.batch_alter_table("clock_pause", schema=None) as batch_op:
        batch_op.drop_index("ix_clock_pause_clock_id")

    op.drop_table("clock_pause")
    op.drop_table("calendar_version")
