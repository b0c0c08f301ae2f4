"""deploy/backup.sh: a dump that can be restored, with nothing missing that was counted before it."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from core import facts, migrate
from core.config import ROOT
from core.db import Database
from core.facts import Checkpoint
from core.people import SYSTEM
from core.vault import Vault
from tests.conftest import AT, KEY, POSTGRES
from tests.kill.harness import database

SCRIPT = ROOT / "deploy" / "backup.sh"
WRITTEN = 40
needs_server = pytest.mark.skipif(
    not (POSTGRES and shutil.which("pg_dump")), reason="TEST_DATABASE_URL or pg_dump is missing"
)


@pytest.fixture
def url() -> Iterator[str]:
    """A server database with a record."""
    with database(POSTGRES) as address:
        db = Database(address, Vault(KEY))
        migrate.upgrade(db)
        with db.writing() as session:
            facts.record_many(session, [facts.Entry("test:act", "test:1", SYSTEM, AT)] * WRITTEN)
        db.dispose()
        yield address


def backup(folder: Path, url: str) -> subprocess.CompletedProcess[str]:
    (folder / "master.key").write_text(KEY.hex())
    env = {**os.environ, "DATABASE_URL": url, "HUIYIN_BACKUPS": str(folder), "HUIYIN_INSTANCE": str(folder)}
    env |= {"HUIYIN_KEY_FILE": str(folder / "master.key"), "HUIYIN_FLASK": str(ROOT / ".venv/bin/flask")}
    return subprocess.run([SCRIPT], env=env, cwd=ROOT, capture_output=True, text=True, check=False)


def restored(dump: str, url: str) -> Database:
    """The dump in a database of its own beside the one it was taken from."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE huiyin_drill"))
    engine.dispose()
    drill = make_url(url).set(database="huiyin_drill").render_as_string(hide_password=False)
    into = f"--dbname={drill.replace('+psycopg', '')}"
    subprocess.run(["pg_restore", "--no-owner", "--exit-on-error", into, dump], check=True)
    return Database(drill, Vault(KEY))


@pytest.fixture
def drill(url: str) -> Iterator[None]:
    """Takes the restored database away, whatever became of it."""
    yield
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS huiyin_drill WITH (FORCE)"))
    engine.dispose()


@needs_server
@pytest.mark.usefixtures("drill")
def test_a_restored_backup_holds_the_whole_record(url: str, tmp_path: Path) -> None:
    answer = backup(tmp_path, url)
    assert answer.returncode == 0, answer.stderr
    points = [Checkpoint.of(line) for line in (tmp_path / "checkpoints.txt").read_text().splitlines()]
    db = restored(answer.stdout.splitlines()[-1], url)
    with db.reading() as session:
        assert [*facts.verify(session), *facts.verify_against(session, points)] == []
        assert (facts.checkpoint(session).count, len(points)) == (WRITTEN, 1)
    db.dispose()


def test_a_database_that_is_a_file_is_refused(tmp_path: Path) -> None:
    answer = backup(tmp_path, "sqlite:///huiyin.db")
    assert (answer.returncode, "not the address of a PostgreSQL database" in answer.stderr) == (2, True)
