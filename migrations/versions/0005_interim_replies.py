"""Interim replies, and clocks that stand still"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

OPEN = {"where": sa.text("stopped_at IS NULL")}
PAUSED = {"where": sa.text("paused_since IS NOT NULL")}
WIDER = {
    "ix_clock_open_due_at": (["due_at", "id", "unit_id", "rule"], OPEN),
    "ix_clock_open_unit_id": (["unit_id", "due_at", "id", "rule"], OPEN),
    "ix_clock_due_at": (["due_at", "unit_id", "stopped_at", "outcome"], {}),
}


def upgrade() -> None:
    op.add_column("reply", sa.Column("promised_on", sa.Date(), nullable=True))
    op.add_column("clock", sa.Column("paused_since", sa.Date(), nullable=True))
    open_since = "SELECT since FROM clock_pause WHERE clock_id = clock.id AND until IS NULL"
    op.execute(f"UPDATE clock SET paused_since = ({open_since}) WHERE stopped_at IS NULL")  # noqa: S608
    _index_again("paused_since")
    _index("ix_clock_paused_since", ["paused_since", "id"], PAUSED)


def downgrade() -> None:
    op.drop_index("ix_clock_paused_since", table_name="clock")
    _index_again()
    op.drop_column("clock", "paused_since")
    op.drop_column("reply", "promised_on")


def _index_again(*more: str) -> None:
    """The indexes that answer by themselves, with or without the new column."""
    for name, (columns, only) in WIDER.items():
        op.drop_index(name, table_name="clock")
        _index(name, [*columns, *more], only)


def _index(name: str, columns: list[str], only: dict[str, sa.TextClause]) -> None:
    where = {f"{dialect}_where": clause for dialect in ("sqlite", "postgresql") for clause in only.values()}
    op.create_index(name, "clock", columns, **where)
