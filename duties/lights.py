"""How a task stands, for people to look at."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, literal

from duties.models import Duty, DutyTask
from duties.stages import RUNNING, Stage
from duties.terms import quarter_end
from escalation.models import Clock
from escalation.notice_words import light_of as clock_light
from escalation.ruler_words import LightWords
from escalation.rules import calendar
from sla import Light, end_of_day, local_date

NOT_DONE = LightWords("red", "未完成", "期限已过")
NO_CLOCK = LightWords("done", "不计时", "")


def light_of(task: DutyTask, at: datetime) -> LightWords:
    """The light of the next clock; afterwards how the task ended."""
    clock = task.clock
    if task.stage is Stage.RELEASED:
        return LightWords("done", task.stage.label, "")
    if task.stage in RUNNING and clock is None:
        return NOT_DONE if is_over(task.duty, local_date(at)) else NO_CLOCK
    if clock is None:
        return LightWords("done", task.stage.label, "")
    return clock_light(clock, at)


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
    """Tasks whose running clock shows this light."""
    first, last = spans(at)[light]
    parts = [Clock.stopped_at.is_(None), DutyTask.stage.in_(RUNNING)]
    if first is not None:
        parts.append(Clock.due_at >= first)
    if last is not None:
        parts.append(Clock.due_at < last)
    return and_(*parts)


def light_column(at: datetime) -> ColumnElement[str]:
    """The light of each row as a column to group by: a colour, "over", "rest", or the stage of what has ended."""
    colours = [(lit(light, at), literal(light.value)) for light in Light]
    ended = [(DutyTask.stage == stage, literal(stage.value)) for stage in (Stage.SIGNED_OFF, Stage.RELEASED)]
    over = (over_before(local_date(at)) & Clock.id.is_(None), literal("over"))
    return case(*ended, *colours, over, else_=literal("rest"))
