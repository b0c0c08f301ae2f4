"""Clock marks"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "clock_mark",
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("wall", sa.DateTime(timezone=True), nullable=False),
        sa.Column("boot", sa.String(), nullable=False),
        sa.Column("since_boot", sa.Double(), nullable=False),
        sa.Column("held", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_clock_mark")),
    )


def downgrade() -> None:
    op.drop_table("clock_mark")
