"""The factory: a first start needs nothing done before."""

from pathlib import Path

from app import create_app
from core import migrate
from core.config import Config


def test_the_first_start_makes_key_and_database(tmp_path: Path) -> None:
    app = create_app(Config(instance=tmp_path / "new"))
    database = app.extensions["huiyin.db"]
    assert migrate.current(database) == migrate.head()
    database.dispose()


def test_the_master_key_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    create_app(Config(instance=tmp_path / "new")).extensions["huiyin.db"].dispose()
    assert (tmp_path / "new" / "master.key").stat().st_mode & 0o777 == 0o400


def test_a_second_start_keeps_the_key(tmp_path: Path) -> None:
    secrets = []
    for _ in range(2):
        app = create_app(Config(instance=tmp_path))
        secrets.append(app.secret_key)
        app.extensions["huiyin.db"].dispose()
    assert secrets[0] == secrets[1]
