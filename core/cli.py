"""Commands of the ground floor: database, people, facts. They ask nothing. Exit 0: well, 1: finding, 2: no."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from core import facts, migrate, people_service
from core.clock import now
from core.db import Database
from core.people import SYSTEM, Person, Role, Unit, UnitKind

FOUND, WRONG = 1, 2
FOREIGN = (
    "主密钥与审计记录不符：各台主机须用同一个主密钥文件（HUIYIN_KEY_FILE）；若密钥无误，请运行 facts verify"
)
FIRST = "flask --app app people add {login} {name} --unit {code} --unit-name {unit} --role admin"
database = AppGroup("db", help="数据库结构")
staff = AppGroup("people", help="人员和单位")
record = AppGroup("facts", help="审计记录")


def init_app(app: Flask) -> None:
    """Add the commands to `flask --app app`."""
    for group in (database, staff, record):
        app.cli.add_command(group)


def _db() -> Database:
    found: Database = current_app.extensions["huiyin.db"]
    return found


def _stop(words: str, code: int = WRONG) -> None:
    click.echo(words, err=True)
    sys.exit(code)


@contextmanager
def _spoken() -> Iterator[None]:
    """A database that cannot be used is said in one line, not in a traceback."""
    try:
        yield
    except (OperationalError, ProgrammingError) as error:
        _stop(f"数据库不能用：{str(error.orig).strip().splitlines()[0]}")


def up_to_date(*, any_key: bool = False) -> Database:
    """The database, when its tables are those of this program and its record was written with this host's key."""
    with _spoken():
        have, need = migrate.current(_db()), migrate.head()
    if have != need:
        _stop(f"数据库结构是{have or '空的'}，本程序要{need}。请先运行：flask --app app db upgrade")
    with _db().reading() as session:
        if not any_key and not facts.key_fits(session):
            _stop(FOREIGN)
    return _db()


@database.command("upgrade")
@click.option("--to", default="head", help="升到哪一版，默认最新")
def upgrade(to: str) -> None:
    """升级数据库结构。"""
    with _spoken():
        migrate.upgrade(_db(), to)
        click.echo(f"数据库结构：{migrate.current(_db())}")


@database.command("downgrade")
@click.argument("to")
@click.option("--yes", is_flag=True, help="已经备份，确认退回")
def downgrade(to: str, yes: bool) -> None:
    """退回到某一版；base 是清空。"""
    if not yes:
        _stop("退回会丢掉新表里的数据。请先备份，再加 --yes 运行")
    with _spoken():
        migrate.downgrade(_db(), to)
        click.echo(f"数据库结构：{migrate.current(_db()) or '空'}")


@database.command("current")
def current() -> None:
    """看数据库结构是哪一版。"""
    with _spoken():
        click.echo(f"数据库结构：{migrate.current(_db()) or '空'}，本程序：{migrate.head()}")


@database.command("check")
def check() -> None:
    """核对数据库结构与程序是否一致。"""
    with _spoken():
        gaps = migrate.differences(up_to_date())
    for gap in gaps:
        click.echo(str(gap))
    if gaps:
        _stop(f"有{len(gaps)}处不一致", FOUND)
    click.echo("数据库结构与程序一致")


@staff.command("add")
@click.argument("login")
@click.argument("name")
@click.option("--unit", "code", required=True, help="单位代码")
@click.option("--unit-name", help="单位还没有时，用这个名称新建")
@click.option(
    "--kind", type=click.Choice([kind.value for kind in UnitKind]), default="office", help="新建单位的类别"
)
@click.option("--title", default="", help="职务")
@click.option("--email", default="", help="电子邮箱")
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role])
)
def add(
    login: str,
    name: str,
    code: str,
    unit_name: str | None,
    kind: str,
    title: str,
    email: str,
    roles: tuple[str, ...],
) -> None:
    """添加人员，打印一次性密码。"""
    wanted = [role for role in Role if role.value in roles]
    try:
        with up_to_date().writing() as session:
            unit = _unit(session, code, unit_name, kind)
            made = {"login": login, "name": name, "title": title, "email": email}
            person, password = people_service.add_person(
                session, **made, unit=unit, roles=wanted, by=SYSTEM, at=now()
            )
    except people_service.Refused as error:
        _stop(str(error))
    click.echo(f"已添加 {person.login}（{person.name}，{person.unit.name}）")
    click.echo(f"一次性密码：{password}　首次登录后须改")


def _unit(session: Session, code: str, name: str | None, kind: str) -> Unit:
    unit = session.scalar(select(Unit).where(Unit.code == code))
    if unit is not None:
        return unit
    if not name:
        raise people_service.Refused(f"没有代码为{code}的单位；新建请加 --unit-name 单位名称", "unit")
    of_kind = next(member for member in UnitKind if member.value == kind)
    return people_service.add_unit(
        session, code=code, name=name, short_name="", kind=of_kind, by=SYSTEM, at=now()
    )


@staff.command("reset")
@click.argument("login")
def reset(login: str) -> None:
    """重置密码，打印新的一次性密码。"""
    with up_to_date().writing() as session:
        person = session.scalar(select(Person).where(Person.login == login.strip().lower()))
        if person is None:
            return _stop(f"没有登录名为{login}的人员")
        password = people_service.reset_password(session, person, by=SYSTEM, at=now())
    click.echo(f"{person.login}（{person.name}）的一次性密码：{password}")


@staff.command("list")
def listing() -> None:
    """列出人员。"""
    with up_to_date().reading() as session:
        for person in session.scalars(select(Person).order_by(Person.login)):
            roles = "、".join(role.label for role in sorted(person.roles))
            state = "" if person.active else "　已停用"
            click.echo(f"{person.login}\t{person.name}\t{person.unit.name}\t{roles}{state}")


@record.command("verify")
@click.option("--against", type=click.Path(path_type=Path), help="检查点文件，用来发现截尾和整体重做")
def verify(against: Path | None) -> None:
    """核验审计记录，有问题时退出码为1。"""
    points = _checkpoints(against) if against else []
    with up_to_date(any_key=True).reading() as session:
        faults = [*facts.verify(session), *facts.verify_against(session, points)]
        count = facts.checkpoint(session).count
    for fault in faults:
        click.echo(f"第{fault.seq}条：{fault.problem}")
    if faults:
        _stop(f"共{count}条，发现{len(faults)}处问题", FOUND)
    click.echo(f"共{count}条，逐条相连" + (f"，与{len(points)}个检查点相符" if against else ""))


def _checkpoints(path: Path) -> list[facts.Checkpoint]:
    try:
        return [facts.Checkpoint.of(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    except OSError as error:
        _stop(f"检查点文件打不开：{error.strerror}")
    except ValueError:
        _stop(f"检查点文件里有读不懂的行：{path}")
    raise AssertionError


@record.command("checkpoint")
@click.argument("file", type=click.Path(path_type=Path))
def checkpoint(file: Path) -> None:
    """把现在的链尾记到文件末尾；文件请存到别处。"""
    with up_to_date().reading() as session:
        point = facts.checkpoint(session)
    try:
        with file.open("a", encoding="utf-8") as kept:
            kept.write(point.text + "\n")
    except OSError as error:
        _stop(f"检查点文件写不了：{error.strerror}")
    click.echo(f"已记下第{point.seq}条")


def say_first_steps(db: Database, say: Callable[[str], None]) -> None:
    """Tell how to make the first administrator when nobody exists yet; there is no built-in account."""
    if migrate.current(db) != migrate.head():
        say("数据库结构不是最新的，请先运行：flask --app app db upgrade")
        return
    with db.reading() as session:
        if session.scalar(select(Person.id).limit(1)) is not None:
            return
    say("还没有人员。请另开一个窗口，建第一名系统管理员（登录名、姓名、单位换成自己的）：")
    say("  " + FIRST.format(login="admin1", name="张三", code="county_office", unit="县政府办公室"))
    say("命令会打印一次性密码，用它登录后再添加其他人员。")
