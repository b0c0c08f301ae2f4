"""Days that are named, notices that no rung caused or that call for a paper, leaves, and kept files"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

UNDRAFTED = sa.text("paper IS NOT NULL AND drafted_at IS NULL AND NOT superseded")
JUDGED = ["due_at", "unit_id", "stopped_at", "outcome", "paused_since"]
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("clock", sa.Column("set_for", sa.Date(), nullable=True))
    for name in ("title", "text"):
        op.add_column("notice", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("notice", sa.Column("by_id", sa.Integer(), nullable=True))
    op.add_column("notice", sa.Column("paper", sa.String(), nullable=True))
    op.add_column("notice", sa.Column("drafted_at", INSTANT, nullable=True))
    where = {"sqlite_where": UNDRAFTED, "postgresql_where": UNDRAFTED}
    op.create_index("ix_notice_undrafted", "notice", ["id"], **where)
    op.drop_index("ix_clock_due_at", table_name="clock")
    op.create_index("ix_clock_due_at", "clock", [*JUDGED, "rule"])
    _absences()
    _files()


def _absences() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("stand_in_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id_person")),
        sa.ForeignKeyConstraint(["stand_in_id"], ["person.id"], name=op.f("fk_absence_stand_in_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index("ix_absence_until", "absence", ["until", "since"])


def _files() -> None:
    op.create_table(
        "file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("media", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("kept_at", INSTANT, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file")),
        sa.UniqueConstraint("sha256", name=op.f("uq_file_sha256")),
    )


def downgrade() -> None:
    op.drop_table("file")
    op.drop_table("absence")
    op.drop_index("ix_clock_due_at", table_name="clock")
    op.create_index("ix_clock_due_at", "clock", JUDGED)
    op.drop_index("ix_notice_undrafted", table_name="notice")
    for name in ("drafted_at", "paper", "by_id", "text", "title"):
        op.drop_column("notice", name)
    op.drop_column("clock", "set_for")
