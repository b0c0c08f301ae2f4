"""Public consultations in words: a screen of the register, and one with its days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.people import Actor
from duties.consultations import LEAST, may_change, state_of
from duties.fields import is_link
from duties.record_models import Consultation
from duties.visibility import consultations_visible_to
from duties.words import ConsultationState
from escalation.notice_words import light_of
from escalation.ruler_scene import day_words
from escalation.ruler_words import LightWords
from sla import local_date

PAGE = 30
OPEN = (ConsultationState.OPEN, ConsultationState.WAITING)


@dataclass(frozen=True)
class Row:
    """One consultation of the register. `days` is how long it was open, in natural days."""

    row: Consultation
    unit: str
    published: str
    closes: str
    outcome_due: str
    days: int
    short: bool
    state: ConsultationState
    light: LightWords | None


@dataclass(frozen=True)
class Screen:
    """A screen of the register; `older` is the id to page from, None at the end."""

    rows: Sequence[Row]
    older: int | None


@dataclass(frozen=True)
class One:
    """The page of one consultation. `channels` are (name, link) pairs."""

    it: Row
    channels: Sequence[tuple[str, str]]
    outcome_on: str
    may_change: bool
    closed: bool


def listing(session: Session, person: Actor, *, before: int | None, at: datetime) -> Screen:
    """Keyset paging by id, the latest entered first."""
    query = select(Consultation).where(consultations_visible_to(person))
    if before is not None:
        query = query.where(Consultation.id < before)
    rows = session.scalars(query.order_by(Consultation.id.desc()).limit(PAGE + 1)).all()
    found = [_row(row, at) for row in rows[:PAGE]]
    return Screen(found, rows[PAGE - 1].id if len(rows) > PAGE else None)


def one(session: Session, row: Consultation, person: Actor, *, at: datetime) -> One:
    """Everything of one consultation; who may change it sees the forms while it is open."""
    made, today = _row(row, at), local_date(at)
    return One(
        it=made,
        channels=[_channel(line) for line in row.channels.splitlines() if line.strip()],
        outcome_on=_day(row.outcome_on, today.year) if row.outcome_on else "",
        may_change=may_change(person, row.unit_id) and made.state in OPEN,
        closed=today > row.closes_on,
    )


def _channel(line: str) -> tuple[str, str]:
    *name, link = line.split()
    return (" ".join(name) or link, link) if is_link(link) else (line, "")


def _row(row: Consultation, at: datetime) -> Row:
    today = local_date(at)
    days = (row.closes_on - row.published_on).days
    return Row(
        row=row,
        unit=row.unit.name,
        published=_day(row.published_on, today.year),
        closes=_day(row.closes_on, today.year),
        outcome_due=_day(row.outcome_due_on, today.year),
        days=days,
        short=days < LEAST.days,
        state=state_of(row, today),
        light=light_of(row.clock, at) if row.clock else None,
    )


def _day(day: date, year: int) -> str:
    return day_words(day) if day.year == year else f"{day.year}年{day_words(day)}"
