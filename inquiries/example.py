"""The example county of the demonstration: its own database, filled once; new passwords at each start."""

import shutil
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.config import Config
from core.db import Database
from core.people import Unit
from escalation.models import Heartbeat
from inquiries import county, example_people, example_story, intake
from inquiries.models import Inquiry
from inquiries.stages import Stage

FILLED = "example"  # the heartbeat that says when the story was told to its end
FOLDER = "demo"
STALE = timedelta(days=1)
Say = Callable[[str], None]


def demo_config(config: Config) -> Config:
    """An instance, a database and a key of its own: the demonstration never touches the real ones."""
    instance = config.instance / FOLDER
    return replace(config, instance=instance, database_url="", key_file=None, demo=True)


def remove(config: Config) -> None:
    """Throw the demonstration away: the next start fills it anew. Needs the config of `demo_config`."""
    if config.demo and config.instance.name == FOLDER:
        shutil.rmtree(config.instance, ignore_errors=True)


def fill(db: Database, *, at: datetime, say: Say) -> None:
    """Tell the story at the first start; at every start give out passwords and a query code."""
    with db.reading() as session:
        empty = session.scalar(select(Unit.id).limit(1)) is None
    if empty:
        say("正在生成示例数据（最近40个工作日的诉求和通知），约需十几秒……")
        _tell(db, at=at)
    with db.writing() as session:
        passwords, code = county.new_passwords(session, at=at), _query_code(session)
    _say_people(passwords, say)
    if code:
        say(f"群众查询页面可用查询码：{code}")
    _say_age(db, at=at, say=say)


def _tell(db: Database, *, at: datetime) -> None:
    with db.writing() as session:
        cast = example_people.settle(session, at=example_story.beginning(at))
    example_story.tell(db, cast, at=at)
    with db.writing() as session:
        session.add(Heartbeat(name=FILLED, at=at))


def _query_code(session: Session) -> str:
    """A new code for the latest answered letter: of the old one only the fingerprint is kept."""
    letters = select(Inquiry).where(Inquiry.query_index.is_not(None), Inquiry.stage == Stage.REPLIED)
    letter = session.scalars(letters.order_by(Inquiry.id.desc()).limit(1)).first()
    return intake.give_query_code(session, letter) if letter else ""


def _say_age(db: Database, *, at: datetime, say: Say) -> None:
    with db.reading() as session:
        filled = session.get(Heartbeat, FILLED)
    if filled is None:
        say("上次示例数据没有生成完。重新生成：python3 run.py demo --fresh")
    elif at - filled.at > STALE:
        say("示例数据生成于一天以前，各灯的件数已随时间变化。重新生成：python3 run.py demo --fresh")


def _say_people(passwords: dict[str, str], say: Say) -> None:
    head = ("姓名", "职务", "单位", "角色", "登录名", "一次性密码")
    units = {code: short for code, _name, short, _kind in county.UNITS}
    rows = [
        (name, title, units[unit], "、".join(role.label for role in roles), login, passwords[login])
        for login, name, title, unit, roles in county.PEOPLE
    ]
    widths = [max(_width(row[i]) for row in [head, *rows]) for i in range(len(head))]
    for row in [head, *rows]:
        padded = [text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True)]
        say("  ".join(padded).rstrip())


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
