"""Migrations as functions: the commands, the first start and the tests all go through here.

Alembic takes 0.3 s to load and most starts find nothing to migrate, so it is imported when it is needed.
"""

from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from core.config import ROOT
from core.db import Base, Database, write_lock

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

SEARCH_TABLES = "inquiry_words"  # full-text tables are made by hand in each dialect


def _config(db: Database) -> "AlembicConfig":
    from alembic.config import Config as AlembicConfig

    made = AlembicConfig()
    made.set_main_option("script_location", str(ROOT / "migrations"))
    made.attributes["engine"] = db.engine
    return made


def upgrade(db: Database, to: str = "head") -> None:
    """Bring the database to a revision; on SQLite too a migration is whole or not at all."""
    from alembic import command

    command.upgrade(_config(db), to)


def ensure(db: Database) -> None:
    """Bring an embedded database to the newest revision; several processes may start at once."""
    with write_lock(db.lock_path):
        if current(db) != head():
            upgrade(db)


def downgrade(db: Database, to: str) -> None:
    """Go back to a revision, or to "base"."""
    from alembic import command

    command.downgrade(_config(db), to)


def current(db: Database) -> str | None:
    """The revision the database stands at; None for an empty one."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def head() -> str | None:
    """The revision this program needs: files are named by their revision, in order."""
    return max(path.name.split("_")[0] for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))


def differences(db: Database) -> list[object]:
    """What the models say and the migrated database lacks, or the other way round."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": is_modelled, "compare_type": True}
        )
        return list(compare_metadata(context, Base.metadata))


def is_modelled(name: str | None, kind: str, _parents: object) -> bool:
    """Leaves the full-text tables out of the comparison."""
    return not (kind == "table" and (name or "").startswith(SEARCH_TABLES))
