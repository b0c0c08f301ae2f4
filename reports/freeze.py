"""Freezing a period: the counts with their definitions, kept word for word.

The cut-off is 24:00 of a day that is over, so that nothing is still being written about it. A frozen sheet is never
changed; a correction is another edition with its reason.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import counters, facts
from core.facts import FactTip
from core.people import Actor, Unit
from escalation.rules import calendar
from reports.definition_file import definitions_at
from reports.definitions import plain
from reports.figures import Figures, Question, then_standing
from reports.models import ScoreSheet
from reports.period import Period
from sla import end_of_day, local_date

ACT = "score:freeze"
SETTLED = timedelta(minutes=10)  # after midnight the last acts of the day before may still be on their way
NOTE = 200
Content = dict[str, Any]


class Refused(ValueError):
    """The period cannot be frozen so; says why in Chinese. `field` is the form field to show it beside."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.field = field


@dataclass(frozen=True)
class Wish:
    """What the supervising office wants to freeze; `edition` is the one it believes to make."""

    period: Period
    cut_off_day: date
    edition: int
    note: str = ""


def latest(session: Session, period: Period) -> ScoreSheet | None:
    """The newest edition of this period."""
    newest = select(ScoreSheet).where(ScoreSheet.period == period.key).order_by(ScoreSheet.edition.desc())
    return session.scalar(newest.limit(1))


def freeze(session: Session, wish: Wish, *, by: Actor, at: datetime) -> ScoreSheet:
    """Count the period as it stood on record at the cut-off and keep it. Raises Refused."""
    _check(wish, counters.take(session, f"score:{wish.period.key}"), at)
    cut_off, definitions = end_of_day(wish.cut_off_day), definitions_at(wish.period.last_day)
    found = then_standing(session, Question(definitions, wish.period, cut_off))
    sheet = ScoreSheet(
        period=wish.period.key,
        edition=wish.edition,
        cut_off=cut_off,
        counted_at=at,
        calendar_version=calendar().version,
        last_fact=session.scalar(select(FactTip.seq)) or 0,
        note=wish.note,
        by_id=by.id,
        by_name=by.name,
    )
    content = about(sheet) | {"definitions": plain(definitions), "units": _counted(found)}
    sheet.content = spelt(content | {"names": _names(session, found)})
    sheet.sha256 = digest(sheet.content)
    session.add(sheet)
    session.flush()
    after = {"period": sheet.period, "edition": sheet.edition, "cut_off": cut_off, "sha256": sheet.sha256}
    facts.record(session, facts.Entry(ACT, sheet.subject, by, at, after=after, note=wish.note))
    return sheet


def _check(wish: Wish, edition: int, at: datetime) -> None:
    """`edition` is the next one; whoever froze the period meanwhile has taken it."""
    period, last = wish.period, local_date(at - SETTLED) - timedelta(days=1)
    if last < period.last_day:
        raise Refused(f"{period.words}还没有结束，次日0时{SETTLED.seconds // 60}分以后才能封存")
    if not period.last_day <= wish.cut_off_day <= last:
        raise Refused(f"截止日应在{period.last_day}至{last}之间", "cut_off_day")
    if wish.edition != edition:
        raise Refused(f"{period.words}已封存到第{edition - 1}版，请查看后再决定是否更正")
    if wish.edition > 1 and not wish.note:
        raise Refused("再次封存须写明更正理由", "note")


def about(sheet: ScoreSheet) -> Content:
    """The columns as the content repeats them, so that the digest covers them too."""
    kept = {name: getattr(sheet, name) for name in ("period", "edition", "calendar_version", "last_fact")}
    kept |= {"note": sheet.note, "by_id": sheet.by_id, "by_name": sheet.by_name}
    return kept | {"cut_off": sheet.cut_off.isoformat(), "counted_at": sheet.counted_at.isoformat()}


def _counted(found: Figures) -> Content:
    return {
        str(unit_id): {
            "tallies": {key: list(vars(tally).values()) for key, tally in one.tallies.items()},
            "served": one.served,
        }
        for unit_id, one in found.items()
    }


def _names(session: Session, found: Figures) -> dict[str, list[str]]:
    units = session.scalars(select(Unit).where(Unit.id.in_(found)))
    return {str(unit.id): [unit.name, unit.short_name, unit.kind.label] for unit in units}


def spelt(content: Content) -> str:
    """One spelling for one content: sorted keys, no spaces."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()
