"""The task ledger of the example county: last year looked back on, this year half done. Filled once, by lawful acts."""

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.db import Database
from core.people import SYSTEM, Unit
from core.people_service import change_unit
from duties import example_people, example_story, ledger, rolling, starting
from escalation.models import Clock, Notice, NoticeCopy
from escalation.rules import calendar
from escalation.sweep import sweep
from sla import instant_of, local_date

Say = Callable[[str], None]
SEED = 20210501
SWEPT = time(9, 5)
QUIET = timedelta(days=3)  # older notices have been read


def fill(db: Database, *, at: datetime, say: Say) -> None:
    """Tell the story once; a ledger that was started by anybody is left alone."""
    with db.reading() as session:
        told = bool(ledger.years(session)) or session.scalar(select(Unit.id).limit(1)) is None
    if told:
        return
    say("正在生成任务台账示例……")
    year = local_date(at).year
    _last_year(db, year - 1, at=at)
    _this_year(db, year, at=at)
    _settle(db, before=at - QUIET)


def _morning(day: date) -> datetime:
    """09:30 of a day in Shanghai."""
    return instant_of(day, time(9, 30))


def _last_year(db: Database, year: int, *, at: datetime) -> None:
    """Started in December, nearly all of it signed off before the year's end."""
    with db.writing() as session:
        starting.start(session, year, by=SYSTEM, at=_morning(date(year, 12, 1)))
        _give_phones(session, at=_morning(date(year, 12, 1)))
    dice = random.Random(SEED)  # noqa: S311  # the same story every time
    with db.writing() as session:
        cast = example_people.cast(session)
        example_story.close_year(session, cast, year, dice, at=_morning(date(year, 12, 29)))


def _give_phones(session: Session, *, at: datetime) -> None:
    units = session.scalars(select(Unit).where(Unit.phone == "").order_by(Unit.id))
    for number, unit in enumerate(units, start=1):
        same = {name: getattr(unit, name) for name in ("name", "short_name", "kind", "active")}
        change_unit(session, unit, **same, phone=f"023-0000{number:04d}", by=SYSTEM, at=at)


def _this_year(db: Database, year: int, *, at: datetime) -> None:
    """Carried over on the first of January; then the acts in order, with a sweep on every day that had one."""
    with db.writing() as session:
        rolling.roll_over(session, year, by=SYSTEM, at=instant_of(date(year, 1, 1), time(0, 5)))
        cast = example_people.cast(session)
    dice = random.Random(SEED + 1)  # noqa: S311
    with db.reading() as session:
        acts = example_story.plan(session, cast, year, dice, at=at)
    mornings = _mornings(year, at)
    for number, until in enumerate(mornings):
        since = mornings[number - 1] if number else datetime.min.replace(tzinfo=at.tzinfo)
        with db.writing() as session:
            for moment, act in acts:
                if since < moment <= until:
                    act(session, moment)
        sweep(db, at=until)


def _mornings(year: int, at: datetime) -> list[datetime]:
    """When the story is swept: some working days of each month, and at last now."""
    cal, made = calendar(), []
    for month in range(1, 13):
        for day in (4, 11, 18, 25):
            made.append(instant_of(cal.shift(date(year, month, day), 1), SWEPT))
    return [moment for moment in made if moment < at] + [at]


def _settle(db: Database, *, before: datetime) -> None:
    """What is older than some days has been read and its papers are past, so that bells and drafts are what is new."""
    ours = select(Notice.id).join(Clock, Clock.id == Notice.clock_id)
    ours = ours.where(Clock.rule.like("duty.%"), Notice.issued_at < before)
    copies = update(NoticeCopy).where(NoticeCopy.notice_id.in_(ours), NoticeCopy.read_at.is_(None))
    called = update(Notice).where(Notice.id.in_(ours), Notice.paper.is_not(None), Notice.drafted_at.is_(None))
    with db.writing() as session:
        session.execute(copies.values(read_at=before))
        session.execute(called.values(drafted_at=before))
