"""Frozen score sheets, and who held a clock before"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

KEEP = ("score_sheet", "clock_handover")  # append-only: what was frozen stays, and so does who held what


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
        "clock_handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clock_id", sa.Integer(), nullable=False),
        sa.Column("from_unit_id", sa.Integer(), nullable=False),
        sa.Column("to_unit_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["clock_id"], ["clock.id"], name=op.f("fk_clock_handover_clock_id_clock")),
        sa.ForeignKeyConstraint(
            ["from_unit_id"], ["unit.id"], name=op.f("fk_clock_handover_from_unit_id_unit")
        ),
        sa.ForeignKeyConstraint(["to_unit_id"], ["unit.id"], name=op.f("fk_clock_handover_to_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_handover")),
    )
    op.create_index("ix_clock_handover_clock_id", "clock_handover", ["clock_id"])
    op.create_table(
        "score_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("cut_off", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("calendar_version", sa.String(), nullable=False),
        sa.Column("last_fact", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_score_sheet_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_sheet")),
        sa.UniqueConstraint("period", "edition", name=op.f("uq_score_sheet_period_edition")),
    )
    _keep_history()


def downgrade() -> None:
    op.drop_table("score_sheet")
    op.drop_index("ix_clock_handover_clock_id", table_name="clock_handover")
    op.drop_table("clock_handover")
