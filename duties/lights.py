"""How a task stands, for people to look at."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, literal, or_

from duties.models import Duty, DutyTask
from duties.stages import RUNNING, Stage
from duties.terms import quarter_end
from escalation.models import Clock, Outcome
from escalation.notice_words import light_of as clock_light
from escalation.ruler_words import LightWords
from escalation.rules import calendar
from sla import Light, end_of_day, local_date

NOT_DONE = LightWords("red", "未完成", "期限已过")
NO_CLOCK = LightWords("done", "不计时", "")


def light_of(task: DutyTask, at: datetime) -> LightWords:
    """The light of the next clock; afterwards how the task ended."""
    clock = task.clock
    if task.stage is Stage.RELEASED or (clock is None and task.stage not in RUNNING):
        return LightWords("done", task.stage.label, "")
    unclocked = clock is None or (clock.outcome is Outcome.CANCELLED and task.stage in RUNNING)
    if unclocked and is_over(task.duty, local_date(at)):
        return NOT_DONE
    return clock_light(clock, at) if clock else NO_CLOCK


def is_over(duty: Duty, today: date) -> bool:
    """Whether the last day of the entry has passed: that a task was not done is read from this, never stored."""
    return last_day(duty) < today


def last_day(duty: Duty) -> date:
    """The day that the entry names, else the end of its year."""
    return duty.due_on or quarter_end(duty.year, 4)


def over_before(today: date) -> ColumnElement[bool]:
    """The same as `is_over`, as a condition of a query."""
    return case((Duty.due_on.is_not(None), Duty.due_on < today), else_=Duty.year < today.year)


def spans(at: datetime) -> dict[Light, tuple[datetime | None, datetime | None]]:
    """The due moments, from and before, at which a limit in days shows each light."""
    cal, today = calendar(), local_date(at)
    blue, green = (end_of_day(cal.add_workdays(today, days)) for days in (2, 3))
    return {
        Light.RED: (None, at),
        Light.AMBER: (at, blue),
        Light.BLUE: (blue, green),
        Light.GREEN: (green, None),
    }


def lit(light: Light, at: datetime) -> ColumnElement[bool]:
    """Tasks whose running clock shows this light; red as well what is over and has no clock, or one carried on."""
    first, last = spans(at)[light]
    parts: list[ColumnElement[bool]] = [Clock.stopped_at.is_(None), Clock.id.is_not(None)]
    if first is not None:
        parts.append(Clock.due_at >= first)
    if last is not None:
        parts.append(Clock.due_at < last)
    shown = and_(*parts)
    if light is Light.RED:
        unclocked = or_(Clock.id.is_(None), Clock.outcome == Outcome.CANCELLED)
        shown = or_(shown, and_(unclocked, over_before(local_date(at))))
    return and_(DutyTask.stage.in_(RUNNING), shown)


def light_column(at: datetime) -> ColumnElement[str]:
    """The light of each row as a column to group by: the stage of what has ended, a colour, or "rest"."""
    colours = [(lit(light, at), literal(light.value)) for light in Light]
    ended = [(DutyTask.stage == stage, literal(stage.value)) for stage in (Stage.SIGNED_OFF, Stage.RELEASED)]
    return case(*ended, *colours, else_=literal("rest"))
