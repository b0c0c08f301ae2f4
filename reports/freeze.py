"""Freezing a period: the counts with their definitions, kept word for word, and counted again from the facts.

The cut-off is 24:00 of a day that is over, so that nothing is still being written about it. A frozen sheet is never
changed; a correction is another edition with its reason.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import counters, facts
from core.facts import Fact, FactTip
from core.people import Actor, Unit
from escalation.rules import calendar
from reports.definition_file import definitions_at
from reports.definitions import of_plain, plain
from reports.figures import Counts, Figures, Question, then_standing
from reports.models import ScoreSheet
from reports.period import Period
from reports.score import Tally
from reports.sheet import Sheet, UnitName, made
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


@dataclass(frozen=True)
class Difference:
    """One count of one unit that is not what it was: `part` is the key of an indicator or of a paper."""

    unit_id: int
    part: str
    kept: object
    found: object


def editions(session: Session, period: Period) -> int:
    """How many sheets of this period have been frozen."""
    made_so_far = select(func.count()).where(ScoreSheet.period == period.key)
    return session.scalar(made_so_far) or 0


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
    content = _about(sheet) | {"definitions": plain(definitions), "units": _counted(found)}
    sheet.content = _spelt(content | {"names": _names(session, found)})
    sheet.sha256 = _digest(sheet.content)
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


def _about(sheet: ScoreSheet) -> Content:
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


def _spelt(content: Content) -> str:
    """One spelling for one content: sorted keys, no spaces."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def opened(sheet: ScoreSheet, units: Mapping[int, object]) -> Sheet:
    """A frozen sheet with the lines of these units, in the words of its day."""
    content = json.loads(sheet.content)
    found = {unit_id: one for unit_id, one in _figures(content).items() if unit_id in units}
    names = {unit_id: UnitName(unit_id, *content["names"][str(unit_id)]) for unit_id in found}
    definitions = of_plain(content["definitions"])
    return made(Period.of(sheet.period), sheet.cut_off, definitions, found, names)


def _figures(content: Content) -> Figures:
    return {
        int(unit_id): Counts({key: Tally(*row) for key, row in one["tallies"].items()}, one["served"])
        for unit_id, one in content["units"].items()
    }


def again(session: Session, sheet: ScoreSheet) -> tuple[Difference, ...]:
    """Count anew by the kept definitions from the facts on record at the cut-off; empty when all is equal."""
    content = json.loads(sheet.content)
    asked = Question(of_plain(content["definitions"]), Period.of(sheet.period), sheet.cut_off)
    return tuple(differences(_figures(content), then_standing(session, asked)))


def differences(kept: Figures, found: Figures) -> Iterator[Difference]:
    """Every count that is not the same, in order of units."""
    for unit_id in sorted(kept.keys() | found.keys()):
        old, new = kept.get(unit_id, Counts()), found.get(unit_id, Counts())
        for key in sorted(old.tallies.keys() | new.tallies.keys()):
            before, after = old.tallies.get(key, Tally()), new.tallies.get(key, Tally())
            if before != after:
                yield Difference(unit_id, key, before, after)
        for key in sorted(old.served.keys() | new.served.keys()):
            if old.served.get(key, 0) != new.served.get(key, 0):
                yield Difference(unit_id, key, old.served.get(key, 0), new.served.get(key, 0))


def faults(session: Session, sheet: ScoreSheet) -> list[str]:
    """Whether the kept row is the one that was frozen: its digest, its columns, and the fact of that day."""
    found = []
    if _digest(sheet.content) != sheet.sha256:
        found.append("封存内容与其SHA-256不符，内容被改动")
    elif any(json.loads(sheet.content).get(name) != value for name, value in _about(sheet).items()):
        found.append("封存记录的截止时间、版次或经手人与封存内容不符")
    told = session.scalars(select(Fact.detail).where(Fact.subject == sheet.subject, Fact.act == ACT))
    if [json.loads(one)["after"]["sha256"] for one in told] != [sheet.sha256]:
        found.append("审计记录中没有这一SHA-256，封存内容被整体替换")
    return found
