"""The list of cases: filters, two orders, pages by key. `visible_to` stands behind every row and every count.

No OFFSET and no unbounded COUNT: a page costs the rows it shows, whatever the size of the table.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, literal, select, tuple_
from sqlalchemy.orm import Session, contains_eager, defer, joinedload

from core.db import vault_of
from core.labels import Labelled
from core.masking import normal_phone
from core.people import Actor, Role
from core.permits import FRONT, SEES_ALL, Permit, may
from escalation.models import Clock
from escalation.rules import calendar
from escalation.terms import waiting_requests
from inquiries import search
from inquiries.intake import find_by_code
from inquiries.models import Inquiry, Requester
from inquiries.requesters import phone_index
from inquiries.stages import Stage
from inquiries.visibility import visible_to
from inquiries.words import Kind
from sla import SHANGHAI, Light, end_of_day, local_date

PAGE = 20
COUNT_CAP = 1000
SHORTEST_PHONE = 7
ONE_DAY = timedelta(days=1)


class View(Labelled):
    """The tabs. 没有回音: not answered, not refused with word, not merged, not withdrawn."""

    NO_ECHO = "no_echo", "没有回音"
    DUE_TODAY = "due_today", "今日到期"
    OVERDUE = "overdue", "逾期"
    TO_SIGN = "to_sign", "待签收"
    PAUSED = "paused", "暂停计时"
    LIMIT_ASKED = "limit_asked", "时限待审批"
    ALL = "all", "全部"


class Order(Labelled):
    DUE = "due", "先到期的在前"
    NEWEST = "newest", "最新收到在前"


@dataclass(frozen=True)
class Filters:
    """What was asked for; days are dates in Asia/Shanghai, both ends included."""

    view: View = View.NO_ECHO
    order: Order = Order.DUE
    q: str = ""
    light: Light | None = None
    stage: Stage | None = None
    channel: str = ""
    kind: Kind | None = None
    unit_id: int | None = None
    category: str = ""
    since: date | None = None
    until: date | None = None
    due_on: date | None = None

    @property
    def running(self) -> bool:
        """Whether only cases with a running clock can match."""
        return self.view is not View.ALL or self.light is not None or self.due_on is not None

    @property
    def by_due(self) -> bool:
        """Only running clocks are put in order of their due moment."""
        return self.running and self.order is Order.DUE


@dataclass(frozen=True)
class Cursor:
    """The row at which a page begins or, read backwards, ends; it belongs to neither page."""

    moment: datetime
    id: int
    back: bool = False

    def __str__(self) -> str:
        return f"{int(self.moment.timestamp() * 1_000_000)}-{self.id}"

    @classmethod
    def read(cls, text: str, *, back: bool) -> "Cursor":
        """The cursor of an address. Raises ValueError for anything that this page did not write."""
        micros, _, row = text.partition("-")
        if not (micros.isascii() and micros.isdigit() and row.isascii() and row.isdigit()) or len(text) > 36:
            raise ValueError("not a cursor")
        try:
            moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(micros))
        except OverflowError as error:
            raise ValueError("not a cursor") from error
        return cls(moment, min(int(row), 2**31 - 1), back)


@dataclass(frozen=True)
class Page:
    """Rows with their neighbours; None where there is no such page."""

    rows: tuple[Inquiry, ...]
    before: Cursor | None
    after: Cursor | None


@dataclass(frozen=True)
class Search:
    """What the typed words stand for; `by_words` when it is no single number, code or phone."""

    condition: ColumnElement[bool]
    by_words: bool


class Listing:
    """The cases that this person may see and asked for, by pages and as a number."""

    def __init__(self, session: Session, person: Actor, filters: Filters, *, at: datetime) -> None:
        self._session, self._person, self._filters, self._at = session, person, filters, at
        self._search = _resolve(session, person, filters.q) if filters.q else None
        self._by_words = self._search is not None and self._search.by_words and not filters.running

    def page(self, cursor: Cursor | None = None, size: int = PAGE) -> Page:
        """One page, after the cursor or, for a cursor that looks back, before it."""
        back = cursor is not None and cursor.back
        query = self._ordered(self._narrowed(select(Inquiry)).options(*self._loads()), cursor)
        rows = list(self._session.scalars(query.limit(size + 1)))
        more, rows = len(rows) > size, rows[:size]
        if back:
            rows.reverse()
        before = bool(rows) and (more if back else cursor is not None)
        after = bool(rows) and (back or more)
        return Page(
            tuple(rows),
            self._cursor(rows[0], back=True) if before else None,
            self._cursor(rows[-1], back=False) if after else None,
        )

    def count(self, cap: int = COUNT_CAP) -> int:
        """How many match, counted no further than one over the cap, along the same index as the page."""
        found = self._ordered(self._narrowed(select(literal(1)).select_from(Inquiry)), None)
        capped = found.limit(cap + 1).subquery()
        return self._session.scalar(select(func.count()).select_from(capped)) or 0

    def _loads(self) -> tuple[Any, ...]:
        clock = contains_eager(Inquiry.clock) if self._filters.running else joinedload(Inquiry.clock)
        whole = (joinedload(Inquiry.requester), joinedload(Inquiry.lead_unit))
        return (*whole, clock, defer(Inquiry.matter), defer(Inquiry.extra))

    def _keys(self) -> tuple[Any, ...]:
        """Each order is the order of an index. A clock starts when its case was received."""
        if self._filters.running:
            return (Clock.due_at if self._filters.by_due else Clock.started_at, Clock.id)
        return (Inquiry.id,) if self._by_words else (Inquiry.received_at, Inquiry.id)

    def _ordered(self, query: Select[Any], cursor: Cursor | None) -> Select[Any]:
        keys = self._keys()
        rising = self._filters.by_due != (cursor is not None and cursor.back)
        if cursor is not None:
            here, there = tuple_(*keys), (cursor.moment, cursor.id)[-len(keys) :]
            query = query.where(here > there if rising else here < there)
        return query.order_by(*(key.asc() if rising else key.desc() for key in keys))

    def _cursor(self, row: Inquiry, *, back: bool) -> Cursor:
        if self._filters.running and row.clock is not None:
            return Cursor(
                row.clock.due_at if self._filters.by_due else row.clock.started_at, row.clock.id, back
            )
        return Cursor(row.received_at, row.id, back)

    def _narrowed(self, query: Select[Any]) -> Select[Any]:
        others = and_(visible_to(self._person), *_plain(self._filters))
        if self._search is not None and self._search.by_words and self._filters.running:
            others = and_(others, self._search.condition)
        elif self._search is not None:
            query = query.where(self._search.condition)
        if self._filters.running:
            clocks = _on_the_clock(self._person, self._filters, self._at)
            return query.join(Inquiry.clock).where(*clocks, _aside(others))
        led = self._search is not None or self._person.has(Role.REVIEWER)
        return query.where(_aside(others) if led else others)


def _aside(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same condition where no index is looked for: the rows come in the order of another index.

    SQLite keeps no statistics, takes any equality for the best way in, and would then sort all it finds.
    """
    return case((condition, 1), else_=0) == 1


def _plain(filters: Filters) -> Iterator[ColumnElement[bool]]:
    stage = Stage.DISPATCHED if filters.view is View.TO_SIGN else None
    wanted: tuple[tuple[Any, Any], ...] = (
        (Inquiry.stage, stage),
        (Inquiry.stage, filters.stage),
        (Inquiry.channel, filters.channel),
        (Inquiry.kind, filters.kind),
        (Inquiry.lead_unit_id, filters.unit_id),
        (Inquiry.category, filters.category),
    )
    yield from (column == value for column, value in wanted if value)
    if filters.since:
        yield Inquiry.received_at >= first_moment(filters.since)
    if filters.until:
        yield Inquiry.received_at < end_of_day(filters.until)


def _on_the_clock(person: Actor, filters: Filters, at: datetime) -> Iterator[ColumnElement[bool]]:
    """The unit is asked of the clock too, where it is the same: so the clock's own index serves."""
    yield Clock.stopped_at.is_(None)
    unit_id = filters.unit_id or (None if person.has(*SEES_ALL) else person.unit_id)
    if unit_id:
        yield Clock.unit_id == unit_id
    day = local_date(at) if filters.view is View.DUE_TODAY else filters.due_on
    if filters.view is View.LIMIT_ASKED:
        yield Clock.id.in_(waiting_requests())
    if filters.view is View.PAUSED:
        yield Clock.paused_since.is_not(None)
    elif day or filters.light or filters.view is View.OVERDUE:
        yield Clock.paused_since.is_(None)  # no light, and no due day before it runs again
    if day:
        yield Clock.due_at > end_of_day(day - ONE_DAY)
        yield Clock.due_at <= end_of_day(day)
    if filters.view is View.OVERDUE:
        yield Clock.due_at < at
    if filters.light:
        yield from _lit(filters.light, at)


def _lit(light: Light, at: datetime) -> Iterator[ColumnElement[bool]]:
    first, last = light_span(light, at)
    if first is not None:
        yield Clock.due_at >= first
    if last is not None:
        yield Clock.due_at < last


def light_span(light: Light, at: datetime) -> tuple[datetime | None, datetime | None]:
    """The due moments, from and before, at which a limit in working days shows this light at `at`."""
    cal, today = calendar(), local_date(at)
    blue = end_of_day(cal.add_workdays(today, 2))
    green = end_of_day(cal.add_workdays(today, 3))
    return {
        Light.RED: (None, at),
        Light.AMBER: (at, blue),
        Light.BLUE: (blue, green),
        Light.GREEN: (green, None),
    }[light]


def first_moment(day: date) -> datetime:
    """00:00 of a day in Asia/Shanghai, in UTC."""
    return datetime.combine(day, time(0), SHANGHAI).astimezone(UTC)


def _resolve(session: Session, person: Actor, q: str) -> Search:
    """What was typed is the first of these that finds a case: number, codes, phone; else words."""
    for exact in _exact(session, person, q):
        if session.scalar(select(Inquiry.id).where(exact, _aside(visible_to(person))).limit(1)) is not None:
            return Search(exact, by_words=False)
    words = search.matches(session, q)
    return Search(false() if words is None else words, by_words=words is not None)


def _exact(session: Session, person: Actor, q: str) -> Iterator[ColumnElement[bool]]:
    yield Inquiry.number == q
    coded = find_by_code(session, q)
    if coded is not None:
        yield Inquiry.id == coded.id
    yield Inquiry.outer_no == q
    phone = phone_index(vault_of(session), q) if _is_phone(q) else None
    if phone is None or not may(person, Permit.REVEAL):
        return
    same = Inquiry.requester_id.in_(select(Requester.id).where(Requester.phone_index == phone))
    # a unit that guesses a number must not learn who asked for confidentiality
    yield same if person.has(*FRONT) else same & ~Inquiry.confidential


def _is_phone(q: str) -> bool:
    plain = unicodedata.normalize("NFKC", q)
    return not any(c.isalpha() for c in plain) and len(normal_phone(q)) >= SHORTEST_PHONE
