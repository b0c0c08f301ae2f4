"""Reading the facts: searched, newest first, put into words, and as a file."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.facts import Fact
from core.people import Person

ZONE = ZoneInfo("Asia/Shanghai")
PAGE = 50
CHUNK = 2000  # one read of an export: short enough that no snapshot is held for a slow browser
ACTS = {
    "person:login": "登录",
    "person:login_failed": "登录失败",
    "person:logout": "退出登录",
    "person:password": "修改密码",
    "person:add": "添加人员",
    "person:change": "修改人员",
    "person:reset": "重置密码",
    "unit:add": "添加单位",
    "unit:change": "修改单位",
    "audit:export": "导出审计记录",
}
PARTS = {
    "active": "在用",
    "code": "代码",
    "email": "邮箱",
    "kind": "类别",
    "login": "登录名",
    "name": "名称",
    "phone": "电话",
    "roles": "角色",
    "short_name": "简称",
    "title": "职务",
    "unit": "单位",
    "stage": "状态",
    "due_at": "到期",
    "due_on": "到期日",
    "number": "编号",
    "rung": "级别",
    "rule": "时限",
    "rev": "版次",
    "rows": "条数",
    "to": "收件人",
    "notice": "通知号",
    "outcome": "结果",
    "channel": "渠道",
    "ground": "理由",
    "way": "方式",
}
HEADINGS = ("序号", "时间", "事项", "事项代码", "对象", "人员", "人员编号", "内容", "校验码")


@dataclass(frozen=True)
class Search:
    """What to look for; empty parts match everything. Days are local and both included."""

    act: str = ""
    subject: str = ""
    person: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def given(self) -> dict[str, str]:
        """The parts that were filled in, as they stand in an address."""
        parts = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: str(value) for name, value in parts.items() if value}


@dataclass(frozen=True)
class Line:
    """One fact as people read it."""

    seq: int
    at: str
    act: str
    subject: str
    by: str
    detail: str


@dataclass(frozen=True)
class Page:
    """Facts newest first; `newer` and `older` are the sequence numbers to go on from, None at the ends."""

    facts: list[Fact]
    newer: int | None
    older: int | None


def page(session: Session, search: Search, *, before: int | None = None, after: int | None = None) -> Page:
    """The page older than `before`, or the one just newer than `after`; the newest page without either."""
    query = _matching(search)
    if after is not None:
        rows = list(session.scalars(query.where(Fact.seq > after).order_by(Fact.seq).limit(PAGE)))[::-1]
    else:
        older = query.where(Fact.seq < before) if before is not None else query
        rows = list(session.scalars(older.order_by(Fact.seq.desc()).limit(PAGE)))
    if not rows:
        return Page([], None, None)

    def beyond(place: Any) -> bool:
        return session.scalar(query.with_only_columns(Fact.seq).where(place).limit(1)) is not None

    first, last = rows[0].seq, rows[-1].seq
    return Page(rows, first if beyond(Fact.seq > first) else None, last if beyond(Fact.seq < last) else None)


def _matching(search: Search) -> Select[Fact]:
    query = select(Fact)
    if search.act:
        query = query.where(Fact.act == search.act)
    if search.subject:
        query = query.where(Fact.subject == search.subject)
    if search.person:
        by_login = select(Person.id).where(Person.login == search.person.lower())
        query = query.where((Fact.by_name == search.person) | Fact.by_id.in_(by_login))
    if search.since:
        query = query.where(Fact.at >= _midnight(search.since))
    if search.until:
        query = query.where(Fact.at < _midnight(search.until + timedelta(days=1)))
    return query


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), ZONE).astimezone(UTC)


def local_words(at: datetime) -> str:
    """An instant on the office wall, to the second."""
    return f"{at.astimezone(ZONE):%Y-%m-%d %H:%M:%S}"


def line(fact: Fact, acts: Mapping[str, str]) -> Line:
    """A fact in words; an act or a part without a word keeps its code."""
    word = acts.get(fact.act, fact.act)
    return Line(fact.seq, local_words(fact.at), word, fact.subject, fact.by_name, _detail(fact.detail))


def _detail(text: str) -> str:
    parts = json.loads(text)
    before, after = parts.get("before") or {}, parts.get("after") or {}
    words = [_change(name, before.get(name), after.get(name)) for name in before | after]
    return "；".join(part for part in [*words, parts.get("note")] if part)


def _change(name: str, old: object, new: object) -> str:
    word = PARTS.get(name, name)
    if old is None or new is None:
        return f"{word} {_plain(old if new is None else new)}"
    return f"{word} {_plain(old)} → {_plain(new)}" if old != new else ""


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(_plain(part) for part in value) or "无"
    return str(value) if value not in (None, "") else "无"


def export(read: Callable[[int], list[Fact]], acts: Mapping[str, str]) -> Iterator[str]:
    """A table for spreadsheets, oldest first; `read` fetches the next facts after a sequence number."""
    yield "\ufeff" + _row(HEADINGS)
    last = 0
    while facts := read(last):
        yield "".join(_row(_cells(fact, acts)) for fact in facts)
        last = facts[-1].seq


def following(session: Session, search: Search, last: int) -> list[Fact]:
    """The next facts of an export."""
    return list(session.scalars(_matching(search).where(Fact.seq > last).order_by(Fact.seq).limit(CHUNK)))


def _cells(fact: Fact, acts: Mapping[str, str]) -> tuple[object, ...]:
    who = "" if fact.by_id is None else fact.by_id
    told = (fact.seq, local_words(fact.at), acts.get(fact.act, ""), fact.act, fact.subject)
    return (*told, fact.by_name, who, fact.detail, fact.mac.hex())


def _row(cells: tuple[object, ...]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([_harmless(str(cell)) for cell in cells])
    return out.getvalue()


def _harmless(cell: str) -> str:
    """A spreadsheet must show such a cell, not reckon it."""
    return "'" + cell if cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")) else cell
