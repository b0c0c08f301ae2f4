"""Tables and models say the same, and every revision can be gone back on."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from sqlalchemy import inspect

from core import migrate
from core.db import Base, Database
from core.vault import Vault
from escalation.sweep import sweep
from tests.conftest import KEY
from tests.escalation.scene import MOMENTS, started
from tests.escalation.ways import give_address, row
from tests.people import People


def tables(db: Database) -> set[str]:
    return set(inspect(db.engine).get_table_names())


@pytest.fixture
def wandering(db: Database) -> Iterator[Database]:
    """A database that is at the newest revision again when the test ends, whatever it did."""
    yield db
    migrate.upgrade(db)


def test_the_migrated_tables_are_those_of_the_models(db: Database) -> None:
    assert migrate.differences(db) == []


def test_a_migrated_database_stands_at_the_newest_revision(db: Database) -> None:
    assert migrate.current(db) == migrate.head()


def test_the_way_down_leaves_nothing_and_the_way_up_leads_back(wandering: Database) -> None:
    before = tables(wandering)
    migrate.downgrade(wandering, "base")
    assert tables(wandering) <= {"alembic_version"}
    assert migrate.current(wandering) is None
    migrate.upgrade(wandering)
    assert tables(wandering) == before
    assert migrate.differences(wandering) == []


def test_every_table_of_the_models_is_there(db: Database) -> None:
    assert set(Base.metadata.tables) <= tables(db)


def test_a_migration_that_fails_leaves_the_tables_of_before(wandering: Database) -> None:
    migrate.downgrade(wandering, "base")
    with wandering.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE unit (id integer)")
    with pytest.raises(Exception, match="unit"):
        migrate.upgrade(wandering)
    assert tables(wandering) <= {"alembic_version", "unit"}
    with wandering.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE unit")


def upgrade_alone(url: str) -> None:
    """What another host does: alembic keeps its present migration in the process, so threads would not do."""
    migrate.upgrade(Database(url, Vault(KEY)))


def test_hosts_that_migrate_at_once_end_at_the_newest_revision(wandering: Database) -> None:
    if wandering.is_sqlite:
        pytest.skip("a file is migrated under the lock of its host: tests/test_app.py")
    migrate.downgrade(wandering, "base")
    url = wandering.url.render_as_string(hide_password=False)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert list(pool.map(upgrade_alone, [url] * 2)) == [None, None]
    assert (migrate.current(wandering), migrate.differences(wandering)) == (migrate.head(), [])


def test_copies_that_waited_before_robots_came_keep_their_target(wandering: Database, people: People) -> None:
    give_address(wandering, people)
    started(wandering, people)
    sweep(wandering, at=MOMENTS["remind"])
    migrate.downgrade(wandering, "0006")
    migrate.upgrade(wandering)
    copy = row(wandering)
    assert (copy.target, copy.tries) == (f"email:{people.handler.id}", "")
