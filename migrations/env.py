"""Alembic environment: runs on the engine that core.migrate hands over."""

from alembic import context
from sqlalchemy import Connection, text

from core.db import Base
from core.migrate import is_modelled

ONE_AT_A_TIME = 4_701_001  # any number, the same for everybody who migrates
ALONE = (
    "SET LOCAL statement_timeout = 0",  # an index on a big table takes longer than any page may
    "SET LOCAL lock_timeout = 0",
    f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})",
    # a table in use for long stops the migration, not the pages that would queue behind it
    "SET LOCAL lock_timeout = '5s'",
)

engine = context.config.attributes["engine"]


def wait_for_others(connection: Connection) -> None:
    """Several hosts may migrate at once: the second waits, then finds nothing to do."""
    if connection.dialect.name == "postgresql":
        for statement in ALONE:
            connection.execute(text(statement))


with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        transactional_ddl=True,
        include_name=is_modelled,
    )
    with context.begin_transaction():
        wait_for_others(connection)
        context.run_migrations()
