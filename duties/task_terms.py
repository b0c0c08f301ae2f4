"""The clocks of a task in words: what each quarter, period or day asks for, and the ladder of the next one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from duties.counting import is_press
from duties.models import DutyTask
from duties.quotas import needed, tally_of
from duties.terms import PERIOD, term_words, terms_of
from escalation.models import Notice
from escalation.notice_words import light_of as clock_light
from escalation.ruler_scene import day_words
from escalation.ruler_words import LightWords
from escalation.rules import calendar, ladder
from sla import local_date

RUNG_LIGHTS = {"remind": "blue", "warn": "amber"}


@dataclass(frozen=True)
class Mark:
    """One term: its name, its last day, what is needed and there, and how it stands."""

    name: str
    day: str
    need: str
    light: LightWords


@dataclass(frozen=True)
class RungDay:
    """One step of the ladder as the macro prints it."""

    c: str
    count: str
    name: str
    note: str


def marks_of(session: Session, task: DutyTask, *, at: datetime) -> tuple[Mark, ...]:
    """Every term in order of its day; a period that began again and a reopened quarter stand once each."""
    tally = tally_of(session, task) if task.duty.quota else None
    found = sorted(terms_of(session, [task.id])[task.id], key=lambda t: (t.clock.due_at, t.round))
    made = []
    for term in found:
        need, clock = needed(task.duty, term.name), term.clock
        words = f"应有{need.events}次" + (f"，带头{need.leaders}次" if need.leaders else "") if tally else ""
        name = term_words(term.name) if is_press(task) else f"第{term.round}期" if term.name == PERIOD else ""
        again = "（重计）" if term.round > 1 and term.name != PERIOD else ""
        year = "" if clock.due_on.year == local_date(at).year else f"{clock.due_on.year}年"
        made.append(Mark(f"{name}{again}", f"{year}{day_words(clock.due_on)}", words, clock_light(clock, at)))
    return tuple(made)


def rung_days(session: Session, task: DutyTask) -> tuple[RungDay, ...]:
    """The five papers of the ladder of the clock that lists show; none when nothing runs."""
    clock = task.clock
    if clock is None or clock.stopped_at is not None:
        return ()
    query = select(Notice).where(Notice.clock_id == clock.id, Notice.rev == clock.rev)
    issued = {notice.rung: notice for notice in session.scalars(query)}
    moments = ladder(clock.rule, local_date(clock.started_at), clock.due_on, clock.due_at, calendar())
    made = []
    for rung, moment in moments:
        notice = issued.get(rung.key)
        if rung.key == "due":
            continue
        light = RUNG_LIGHTS.get(rung.key, "red") if notice else ""
        word = ("代替" if notice.superseded else "已发") if notice else ""
        name = rung.name.replace("通报批评/约谈", "通报 约谈")
        made.append(RungDay(light, word, name, day_words(local_date(moment))))
    return tuple(made)
