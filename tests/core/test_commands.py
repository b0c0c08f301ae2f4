"""The commands of the ground floor: their words and exit codes."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import select, text

from app import create_app
from core import facts, migrate
from core.cli import say_first_steps
from core.config import Config
from core.db import Database
from core.people import SYSTEM, Person, Role
from tests.conftest import AT, KEY
from tests.people import People

Run = Callable[..., Result]
ADD = ("people", "add", "guanly", "管理员", "--unit", "county_office", "--role", "admin")


@pytest.fixture
def run(db: Database, tmp_path: Path) -> Iterator[Run]:
    """Runs one command against the test's database."""
    key = tmp_path / "master.key"
    key.write_text(KEY.hex())
    url = db.url.render_as_string(hide_password=False)
    app = create_app(Config(instance=tmp_path, database_url=url, key_file=key))
    yield lambda *words: app.test_cli_runner().invoke(args=[str(word) for word in words])
    app.extensions["huiyin.db"].dispose()


@pytest.fixture
def bare(db: Database, run: Run) -> Iterator[Database]:
    """A database that lost its tables after the start, mended when the test ends."""
    migrate.downgrade(db, "base")
    yield db
    migrate.upgrade(db)


def write(db: Database, count: int) -> None:
    with db.writing() as session:
        facts.record_many(session, [facts.Entry("test:act", "test:1", SYSTEM, AT)] * count)


def remake(db: Database, count: int) -> None:
    """The chain anew, with the key."""
    with db.writing() as session:
        on = "" if db.is_sqlite else " ON fact"
        session.execute(text(f"DROP TRIGGER fact_no_delete{on}"))
        session.execute(text("DELETE FROM fact"))
        session.execute(text("DELETE FROM fact_tip"))
        facts.record_many(session, [facts.Entry("test:other", "test:1", SYSTEM, AT)] * count)
        body = "BEGIN SELECT RAISE(ABORT, 'fact is append-only'); END"
        body = body if db.is_sqlite else "EXECUTE FUNCTION append_only()"
        session.execute(text(f"CREATE TRIGGER fact_no_delete BEFORE DELETE ON fact {body}"))


def test_the_first_administrator_comes_with_the_first_unit(run: Run, db: Database) -> None:
    answer = run(*ADD, "--unit-name", "县政府办公室")
    assert answer.exit_code == 0, answer.output
    assert re.search(r"一次性密码：\w{4}-\w{4}-\w{4}", answer.output)
    with db.reading() as session:
        person = session.scalars(select(Person)).one()
    assert (person.roles, person.unit.name, person.must_change) == ({Role.ADMIN}, "县政府办公室", True)


def test_an_unknown_unit_needs_a_name(run: Run) -> None:
    answer = run(*ADD)
    assert (answer.exit_code, answer.stderr.strip()) == (
        2,
        "没有代码为county_office的单位；新建请加 --unit-name 单位名称",
    )


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("people", "add", "tanwj", "谭文静", "--unit", "housing", "--role", "handler"), "登录名已存在"),
        ((*ADD, "--role", "auditor"), "不能兼任"),
        (("people", "reset", "nobody"), "没有登录名为nobody的人员"),
        (("facts", "verify", "--against", "no/such/file"), "检查点文件打不开"),
        (("facts", "checkpoint", "no/such/file"), "检查点文件写不了"),
        (("db", "downgrade", "base"), "请先备份，再加 --yes"),
    ],
)
def test_what_cannot_be_is_refused_with_2(
    run: Run, people: People, words: tuple[str, ...], reason: str
) -> None:
    answer = run(*words)
    assert answer.exit_code == 2
    assert reason in answer.stderr


def test_a_reset_prints_the_new_password(run: Run, people: People) -> None:
    answer = run("people", "reset", "tanwj")
    assert answer.exit_code == 0
    assert re.search(r"tanwj（谭文静）的一次性密码：\w{4}-\w{4}-\w{4}", answer.output)


def test_the_list_names_everybody_and_no_password(run: Run, people: People) -> None:
    answer = run("people", "list")
    assert "tanwj\t谭文静\t县住房城乡建委\t单位联络员、承办人" in answer.output
    assert "argon2" not in answer.output


def test_a_whole_record_exits_with_0(run: Run, db: Database) -> None:
    write(db, 3)
    answer = run("facts", "verify")
    assert (answer.exit_code, answer.output.strip()) == (0, "共3条，逐条相连")


def test_a_broken_record_exits_with_1_and_names_the_row(run: Run, db: Database) -> None:
    write(db, 3)
    with db.writing() as session:
        session.execute(text("UPDATE fact_tip SET seq = 2"))
    answer = run("facts", "verify")
    assert answer.exit_code == 1
    assert "第2条：链尾登记被改动" in answer.output


def test_a_record_made_anew_is_found_against_the_checkpoints(run: Run, db: Database, tmp_path: Path) -> None:
    kept = tmp_path / "checkpoints.txt"
    for count in (3, 2):
        write(db, count)
        assert run("facts", "checkpoint", kept).exit_code == 0
    assert "与2个检查点相符" in run("facts", "verify", "--against", kept).output
    remake(db, 5)
    assert run("facts", "verify").exit_code == 0
    answer = run("facts", "verify", "--against", kept)
    assert answer.exit_code == 1
    assert "第3条：与检查点不符" in answer.output
    assert "第5条：与检查点不符" in answer.output


def test_a_checkpoint_is_one_line_at_the_end(run: Run, db: Database, tmp_path: Path) -> None:
    kept = tmp_path / "checkpoints.txt"
    kept.write_text("")
    write(db, 3)
    run("facts", "checkpoint", kept)
    assert re.fullmatch(r"3 [0-9a-f]{64} 3\n", kept.read_text())


def test_a_file_that_is_none_of_checkpoints_is_refused(run: Run, db: Database, tmp_path: Path) -> None:
    kept = tmp_path / "checkpoints.txt"
    kept.write_text("hello\n")
    answer = run("facts", "verify", "--against", kept)
    assert answer.exit_code == 2
    assert "读不懂的行" in answer.stderr


@pytest.mark.parametrize(
    "words", [("people", "list"), ("facts", "verify"), (*ADD, "--unit-name", "x"), ("db", "check")]
)
def test_without_tables_the_commands_say_what_to_do(bare: Database, run: Run, words: tuple[str, ...]) -> None:
    answer = run(*words)
    assert answer.exit_code == 2
    assert "请先运行：flask --app app db upgrade" in answer.stderr


def test_the_tables_are_made_and_checked_by_command(bare: Database, run: Run) -> None:
    assert "数据库结构：空" in run("db", "current").output
    assert run("db", "upgrade").exit_code == 0
    assert f"数据库结构：{migrate.head()}" in run("db", "current").output
    assert run("db", "check").output.strip() == "数据库结构与程序一致"


def test_the_way_back_is_taken_only_when_said(run: Run, db: Database) -> None:
    assert run("db", "downgrade", "base").exit_code == 2
    assert migrate.current(db) == migrate.head()
    assert run("db", "downgrade", "base", "--yes").exit_code == 0
    assert migrate.current(db) is None
    migrate.upgrade(db)


def test_a_missing_index_is_found(run: Run, db: Database) -> None:
    with db.writing() as session:
        session.execute(text("DROP INDEX ix_attempt_kind_key_at"))
    answer = run("db", "check")
    with db.writing() as session:
        session.execute(text("CREATE INDEX ix_attempt_kind_key_at ON attempt (kind, key, at)"))
    assert answer.exit_code == 1
    assert "ix_attempt_kind_key_at" in answer.output


def test_an_unreachable_database_is_said_in_one_line(tmp_path: Path) -> None:
    url = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    app = create_app(Config(instance=tmp_path, database_url=url))
    answer = app.test_cli_runner().invoke(args=["facts", "verify"])
    assert answer.exit_code == 2
    assert answer.stderr.startswith("数据库不能用：")
    assert len(answer.stderr.strip().splitlines()) == 1


def test_a_command_with_another_hosts_key_does_nothing(db: Database, tmp_path: Path) -> None:
    write(db, 3)
    url = db.url.render_as_string(hide_password=False)
    app = create_app(Config(instance=tmp_path / "second", database_url=url))  # makes a key of its own
    answer = app.test_cli_runner().invoke(args=["sweep"])
    app.extensions["huiyin.db"].dispose()
    assert (answer.exit_code, answer.stderr.startswith("主密钥与审计记录不符")) == (2, True)


def said(db: Database) -> list[str]:
    lines: list[str] = []
    say_first_steps(db, lines.append)
    return lines


def test_the_first_steps_print_a_command_that_works(run: Run, db: Database) -> None:
    command = next(line for line in said(db) if "people add" in line)
    words = command.split()
    assert words[:3] == ["flask", "--app", "app"]
    assert run(*words[3:]).exit_code == 0
    assert said(db) == []


def test_the_first_steps_say_when_tables_are_missing(bare: Database) -> None:
    assert "db upgrade" in said(bare)[0]
