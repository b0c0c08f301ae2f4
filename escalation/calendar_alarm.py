"""How far the announced calendar reaches, in words: what the desk and the monitor say before it ends."""

from dataclasses import dataclass
from datetime import date

from sla import WorkCalendar, certain_until, certain_workdays_left

QUIET_ABOVE = 60
"""Working days. The announcements for 2008 to 2026 came out between late October and mid December."""
LOUD_FROM = 11, 1


@dataclass(frozen=True)
class Reach:
    """The year whose announcement is missing, the last certain day, and the working days left until then."""

    missing: int
    until: date
    left: int


@dataclass(frozen=True)
class Alarm:
    """`loud`: the announcement is due any day now, or the certain calendar has ended."""

    words: str
    todo: str
    loud: bool


def reach(cal: WorkCalendar, today: date) -> Reach:
    until = certain_until(cal)
    return Reach(until.year + 1, until, certain_workdays_left(cal, today))


def reach_words(found: Reach, today: date) -> str:
    """确定日历到12月24日，还剩23个工作日."""
    year = "" if found.until.year == today.year else f"{found.until.year}年"
    end = f"{year}{found.until.month}月{found.until.day}日"
    return f"确定日历只到{end}，" + (f"还剩{found.left}个工作日" if found.left else "已经用完")


def alarm_of(cal: WorkCalendar, today: date) -> Alarm | None:
    """None while more than QUIET_ABOVE working days are certain."""
    found = reach(cal, today)
    if found.left > QUIET_ABOVE:
        return None
    words = f"{found.missing}年放假通知尚未录入：{reach_words(found, today)}，此后的到期日都是暂定。"
    todo = f"国务院办公厅发布{found.missing}年通知后，由督办员粘贴录入，在办件自动重算。"
    return Alarm(words, todo, today >= date(found.until.year, *LOUD_FROM))
