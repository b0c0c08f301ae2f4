"""Ways outside: routes that an administrator sets, an outbox by target, tries kept"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

INSTANT = sa.DateTime(timezone=True)
OLD_KEY, NEW_KEY = "uq_outbox_notice_id_person_id_channel", "uq_outbox_notice_id_target"
PENDING, DEAD = "state = 'pending'", "state = 'dead'"


def _where(words: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(words), "postgresql_where": sa.text(words)}


def upgrade() -> None:
    _routes()
    op.create_table(
        "outbox_target",
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("recent", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("target", name=op.f("pk_outbox_target")),
    )
    with op.batch_alter_table("outbox") as table:
        table.add_column(sa.Column("target", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("route_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("batch", sa.String(), nullable=True))
        table.add_column(sa.Column("tries", sa.Text(), nullable=False, server_default=""))
        table.alter_column("person_id", existing_type=sa.Integer(), nullable=True)
        table.create_foreign_key(op.f("fk_outbox_route_id_route"), "route", ["route_id"], ["id"])
    op.execute("UPDATE outbox SET target = channel || ':' || person_id")
    with op.batch_alter_table("outbox") as table:
        table.drop_constraint(op.f(OLD_KEY), type_="unique")
        table.create_unique_constraint(op.f(NEW_KEY), ["notice_id", "target"])
    op.create_index("ix_outbox_target", "outbox", ["target", "next_at"], **_where(PENDING))
    op.create_index("ix_outbox_dead", "outbox", ["id"], **_where(DEAD))


def _routes() -> None:
    op.create_table(
        "route",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("base", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("last_four", sa.String(), nullable=False),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_route_unit_id_unit")),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_route_created_by_id_person")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["person.id"], name=op.f("fk_route_changed_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_route")),
        sa.UniqueConstraint("uid", name=op.f("uq_route_uid")),
        sa.UniqueConstraint("name", name=op.f("uq_route_name")),
    )
    op.create_table(
        "route_role",
        sa.Column("route_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["route_id"], ["route.id"], name=op.f("fk_route_role_route_id_route")),
        sa.PrimaryKeyConstraint("route_id", "role", name=op.f("pk_route_role")),
    )


def downgrade() -> None:
    """Copies to robots have no place in the older table."""
    op.execute("DELETE FROM outbox WHERE person_id IS NULL")
    op.drop_index("ix_outbox_dead", table_name="outbox")
    op.drop_index("ix_outbox_target", table_name="outbox")
    with op.batch_alter_table("outbox") as table:
        table.drop_constraint(op.f(NEW_KEY), type_="unique")
        table.drop_constraint(op.f("fk_outbox_route_id_route"), type_="foreignkey")
        table.create_unique_constraint(op.f(OLD_KEY), ["notice_id", "person_id", "channel"])
        table.alter_column("person_id", existing_type=sa.Integer(), nullable=False)
        for name in ("tries", "batch", "route_id", "target"):
            table.drop_column(name)
    for name in ("outbox_target", "route_role", "route"):
        op.drop_table(name)
