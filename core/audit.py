"""Reading the facts: searched, newest first, put into words, and as a file."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.facts import Fact
from core.people import Person, Role, UnitKind

ZONE = ZoneInfo("Asia/Shanghai")
PAGE = 50
CHUNK = 2000  # one read of an export: short enough that no snapshot is held for a slow browser
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00")
HEADINGS = ("序号", "时间", "事项", "事项代码", "对象", "人员", "人员编号", "内容", "校验码")


@dataclass(frozen=True)
class Words:
    """Chinese for the codes in facts: acts, parts of a change, values by part. A code without one stays."""

    acts: Mapping[str, str]
    parts: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]

    def __or__(self, more: "Words") -> "Words":
        values = {part: {**self.values.get(part, {}), **more.values.get(part, {})} for part in self.values}
        return Words({**self.acts, **more.acts}, {**more.parts, **self.parts}, {**more.values, **values})


WORDS = Words(
    acts={
        "person:login": "登录",
        "person:login_failed": "登录失败",
        "person:logout": "退出登录",
        "person:password": "修改密码",
        "person:add": "添加人员",
        "person:change": "修改人员",
        "person:reset": "重置密码",
        "person:away": "登记外出",
        "person:back": "撤销外出",
        "unit:add": "添加单位",
        "unit:change": "修改单位",
        "audit:export": "导出审计记录",
    },
    parts={
        "act": "事项",
        "active": "在用",
        "code": "代码",
        "kind": "类别",
        "login": "登录名",
        "name": "名称",
        "person": "人员",
        "phone": "电话",
        "roles": "角色",
        "short_name": "简称",
        "stand_in": "代办人",
        "since": "从",
        "subject": "对象",
        "title": "职务",
        "unit": "单位",
        "until": "到",
    },
    values={
        "roles": {role.value: role.label for role in Role},
        "kind": {kind.value: kind.label for kind in UnitKind},
    },
)


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


def line(fact: Fact, words: Words) -> Line:
    """A fact in words."""
    act = words.acts.get(fact.act, fact.act)
    return Line(fact.seq, local_words(fact.at), act, fact.subject, fact.by_name, _detail(fact.detail, words))


def _detail(text: str, words: Words) -> str:
    told = json.loads(text)
    before, after = told.get("before") or {}, told.get("after") or {}
    changes = [_change(name, before.get(name), after.get(name), words) for name in before | after]
    return "；".join(part for part in [*changes, told.get("note")] if part)


def _change(name: str, old: object, new: object, words: Words) -> str:
    part, values = words.parts.get(name, name), words.values.get(name, {})
    if old is None or new is None:
        return f"{part} {_plain(old if new is None else new, values)}"
    return f"{part} {_plain(old, values)} → {_plain(new, values)}" if old != new else ""


def _plain(value: object, values: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(_plain(part, values) for part in value) or "无"
    if isinstance(value, str) and INSTANT.fullmatch(value):
        return local_words(datetime.fromisoformat(value))
    return values.get(str(value), str(value)) if value not in (None, "") else "无"


def export(read: Callable[[int], list[Fact]], words: Words) -> Iterator[str]:
    """A table for spreadsheets, oldest first; `read` fetches the next facts after a sequence number."""
    yield "\ufeff" + _row(HEADINGS)
    last = 0
    while facts := read(last):
        yield "".join(_row(_cells(fact, words)) for fact in facts)
        last = facts[-1].seq


def following(session: Session, search: Search, last: int) -> list[Fact]:
    """The next facts of an export."""
    return list(session.scalars(_matching(search).where(Fact.seq > last).order_by(Fact.seq).limit(CHUNK)))


def _cells(fact: Fact, words: Words) -> tuple[object, ...]:
    who = "" if fact.by_id is None else fact.by_id
    told = (fact.seq, local_words(fact.at), words.acts.get(fact.act, ""), fact.act, fact.subject)
    return (*told, fact.by_name, who, fact.detail, fact.mac.hex())


def _row(cells: tuple[object, ...]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([_harmless(str(cell)) for cell in cells])
    return out.getvalue()


def _harmless(cell: str) -> str:
    """A spreadsheet must show such a cell, not reckon it."""
    return "'" + cell if cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")) else cell
