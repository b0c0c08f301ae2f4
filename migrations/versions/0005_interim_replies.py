"""Interim replies, and clocks that stand still"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

OPEN = sa.text("stopped_at IS NULL")
INDEXES = {
    "ix_clock_open_due_at": ["due_at", "id", "unit_id", "rule"],
    "ix_clock_open_unit_id": ["unit_id", "due_at", "id", "rule"],
}


def upgrade() -> None:
    op.add_column("reply", sa.Column("promised_on", sa.Date(), nullable=True))
    op.add_column("clock", sa.Column("paused_since", sa.Date(), nullable=True))
    open_since = "SELECT since FROM clock_pause WHERE clock_id = clock.id AND until IS NULL"
    op.execute(f"UPDATE clock SET paused_since = ({open_since}) WHERE stopped_at IS NULL")  # noqa: S608
    _index_again("paused_since")


def downgrade() -> None:
    _index_again()
    op.drop_column("clock", "paused_since")
    op.drop_column("reply", "promised_on")


def _index_again(*more: str) -> None:
    for name, columns in INDEXES.items():
        op.drop_index(name, table_name="clock")
        op.create_index(name, "clock", [*columns, *more], sqlite_where=OPEN, postgresql_where=OPEN)
