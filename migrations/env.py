"""Alembic environment: runs on the engine that core.migrate hands over."""

from alembic import context

from core.db import Base
from core.migrate import is_modelled

engine = context.config.attributes["engine"]

with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        transactional_ddl=True,
        include_name=is_modelled,
    )
    with context.begin_transaction():
        context.run_migrations()
