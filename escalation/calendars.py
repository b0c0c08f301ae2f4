"""Calendar versions: the library's days, then announcements entered, then local overrides.

A version is immutable and known by its digest, so a built calendar may be kept for ever. Each session learns
when it begins which version is in force; everything inside the transaction counts by the same calendar.
"""

import hashlib
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, event, func, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, SessionTransaction

from core import facts
from core.people import Actor
from escalation.calendar_models import CalendarDay, CalendarEntry, CalendarVersion, EntryKind
from sla import Day, DayKind, WorkCalendar, local_date, published

_built: dict[bytes, WorkCalendar] = {}
_in_force: ContextVar[WorkCalendar | None] = ContextVar("calendar_in_force", default=None)
_LATEST = select(CalendarVersion.label, CalendarVersion.digest).order_by(CalendarVersion.id.desc()).limit(1)


class Overtaken(ValueError):
    """Another version was confirmed since the preview."""


@dataclass(frozen=True)
class Change:
    """What a person wants to lay over the calendar."""

    kind: EntryKind
    title: str
    text: str
    days: tuple[Day, ...] = ()
    years: tuple[int, ...] = ()
    withdraws_id: int | None = None


def in_force() -> WorkCalendar:
    """The calendar that the present session learnt; the library's alone where no session has begun."""
    return _in_force.get() or published()


@event.listens_for(Session, "after_begin")
def _learn(_session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    version = connection.execute(_LATEST).first()
    if version is None:
        _in_force.set(None)
        return
    if version.digest not in _built:
        _built[version.digest] = _laid(_entries(connection), version.label)
    _in_force.set(_built[version.digest])


def as_of(session: Session, version: str) -> WorkCalendar:
    """The calendar of an earlier version, as far as the installed library still holds it."""
    if version == in_force().version:
        return in_force()
    label = version.rpartition("+")[0]
    upto = session.scalar(select(CalendarVersion.id).where(CalendarVersion.label == label))
    return _laid(_entries(session.connection(), upto=upto or 0), label) if label else published()


def _entries(connection: Connection, *, without: int | None = None, upto: int | None = None) -> list[Change]:
    """Everything entered and not withdrawn; announcements first, local overrides last so that they win."""
    entries: Table = CalendarEntry.__table__  # type: ignore[assignment]
    query = select(entries).order_by(entries.c.id)
    rows = connection.execute(query if upto is None else query.where(entries.c.version_id <= upto)).all()
    gone = {row.withdraws_id for row in rows} | {without}
    kept = [row for row in rows if row.id not in gone and row.kind != EntryKind.WITHDRAWAL]
    kept.sort(key=lambda row: row.kind == EntryKind.LOCAL)
    return [_change(connection, row) for row in kept]


def _change(connection: Connection, row: object) -> Change:
    entry = row._mapping  # type: ignore[attr-defined]
    days = connection.execute(select(CalendarDay.__table__).where(CalendarDay.entry_id == entry["id"]))
    made = tuple(Day(day.on, DayKind(day.kind), day.name, entry["title"]) for day in days)
    years = tuple(int(year) for year in entry["years"].split(",") if year)
    return Change(entry["kind"], entry["title"], entry["text"], made, years)


def _named(label: str) -> str:
    return f"{label}+{published().version}"


def _laid(changes: Sequence[Change], label: str) -> WorkCalendar:
    """The version names the library too: a newer library is a newer calendar, and running clocks follow."""
    cal = published()
    version = _named(label)
    for change in changes:
        cal = cal.with_days(change.days, version, change.years)
    return cal.with_days((), version)


def proposed(session: Session, change: Change, *, at: datetime) -> WorkCalendar:
    """The calendar as it would be with this change, under the label it would get; nothing is written."""
    entries = [*_entries(session.connection(), without=change.withdraws_id), change]
    entries.sort(key=lambda entry: entry.kind == EntryKind.LOCAL)
    return _laid(entries, next_label(session, at=at))


def next_label(session: Session, *, at: datetime) -> str:
    """2026-3: the third version confirmed in 2026 (Asia/Shanghai)."""
    year = local_date(at).year
    made = select(func.count()).where(CalendarVersion.label.like(f"{year}-%"))
    return f"{year}-{(session.scalar(made) or 0) + 1}"


def _latest_version(session: Session) -> str:
    """What is in force now; another host may have confirmed since this transaction began."""
    found = session.execute(_LATEST).first()
    return _named(found.label) if found else published().version


def confirm(
    session: Session, change: Change, *, base: str, reason: str, by: Actor, at: datetime
) -> CalendarVersion:
    """Put the change in force. `base` is the version that the preview stood on; raises Overtaken.

    Running clocks follow in batches afterwards (`recompute`); until then they keep their due moments.
    """
    label = next_label(
        session, at=at
    )  # asked first: whoever confirms after this takes the same label and fails
    latest = _latest_version(session)
    if latest != base:
        raise Overtaken(f"日历已由他人更新为{latest}，请重新预览")
    version = CalendarVersion(
        label=label,
        digest=_digest(session, change, label),
        reason=reason,
        made_at=at,
        by_id=by.id,
        by_name=by.name,
    )
    years = ",".join(str(year) for year in change.years)
    version.entry = CalendarEntry(kind=change.kind, title=change.title, text=change.text, years=years)
    version.entry.withdraws_id = change.withdraws_id
    version.entry.days = [CalendarDay(on=d.on, kind=d.kind.value, name=d.name) for d in change.days]
    session.add(version)
    session.flush()
    after = {
        "version": label,
        "kind": change.kind,
        "title": change.title,
        "days": [d.on for d in change.days],
    }
    before = {"version": base}
    facts.record(
        session,
        facts.Entry("calendar:confirm", f"calendar:{label}", by, at, before=before, after=after, note=reason),
    )
    return version


def _digest(session: Session, change: Change, label: str) -> bytes:
    """Names the content: the version it stands on, this change, and the label it prints."""
    before = session.execute(_LATEST).first()
    parts = [before.digest.hex() if before else "", published().version, label]
    parts += [change.kind, change.title, str(change.withdraws_id)]
    parts += [f"{day.on}{day.kind}{day.name}" for day in change.days] + [str(year) for year in change.years]
    return hashlib.sha256("\n".join(parts).encode() + change.text.encode()).digest()
