"""Why this date: every day from receipt to due, with the reason it counts or does not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sla.calendar import Day, DayKind, WorkCalendar
from sla.limits import Limit
from sla.reading import Due, due_at
from sla.zone import SHANGHAI, local_date

DAY_ZERO_BASIS = "《民法典》第二百零一条"
_WEEKDAYS = "周一", "周二", "周三", "周四", "周五", "周六", "周日"


@dataclass(frozen=True, slots=True)
class DayNote:
    """One day of a term.

    `counted`: it is one of the days 1..N, or hours of an hour limit run on it. `number`: 0 for the day of
    receipt, 1..N for counted working days, else None. `over`: 1, 2, ... for working days after the due day.
    `why` is one Chinese sentence, `basis` the text that the reason rests on ("" for a plain weekday).
    """

    on: date
    counted: bool
    number: int | None
    over: int | None
    kind: DayKind
    why: str
    basis: str
    provisional: bool


def explain(
    received: datetime, limit: Limit, cal: WorkCalendar, *, until: date | None = None
) -> tuple[DayNote, ...]:
    """Each day from receipt to the due day, or to `until` if given (earlier or later than the due day)."""
    due = due_at(received, limit, cal)
    start = local_date(received)
    days = [cal.day(on) for on in _dates(start, until or due.on)]
    if limit.hours is not None:
        return tuple(_hour_note(day, start, due, limit) for day in days)
    return tuple(_workday_notes(days, due, limit, cal))


def _dates(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def _workday_notes(days: list[Day], due: Due, limit: Limit, cal: WorkCalendar) -> Iterator[DayNote]:
    start = days[0].on if days else due.on
    for day in days:
        if day.on == start:
            yield _note(day, "收到当日不计入，记为第0日。", number=0, basis=DAY_ZERO_BASIS)
        elif not day.counts:
            yield _note(day, f"{_off(day)}，不计入{_unsure(day)}。")
        elif day.on > due.on:
            over = cal.workdays_between(due.on, day.on)
            yield _note(day, f"{_on(day)}，逾期第{over}日{_unsure(day)}。", over=over)
        else:
            number = cal.workdays_between(start, day.on)
            why = f"{_on(day)}，计为第{number}日{_unsure(day)}。"
            yield _note(day, why + _closing(limit) if day.on == due.on else why, number=number)


def _note(
    day: Day, why: str, *, number: int | None = None, over: int | None = None, basis: str | None = None
) -> DayNote:
    return DayNote(
        on=day.on,
        counted=bool(number),
        number=number,
        over=over,
        kind=day.kind,
        why=why,
        basis=day.source if basis is None else basis,
        provisional=day.provisional,
    )


def _off(day: Day) -> str:
    """Why the day is off: 周六，休息日 or 中秋节放假."""
    if day.kind is DayKind.HOLIDAY:
        return f"{day.name}放假" if day.name else "放假"
    return f"{_WEEKDAYS[day.on.weekday()]}，休息日"


def _on(day: Day) -> str:
    """What makes it a working day: 工作日 or 周日调休上班（国庆节）."""
    if day.kind is DayKind.MAKEUP:
        return f"{_WEEKDAYS[day.on.weekday()]}调休上班" + (f"（{day.name}）" if day.name else "")
    return "工作日"


def _unsure(day: Day) -> str:
    return f"（暂定，{day.on.year}年放假通知尚未发布）" if day.provisional else ""


def _closing(limit: Limit) -> str:
    return f"到期日，当日{limit.closes:%H:%M}下班前答复，24:00后计为逾期。"


def _hour_note(day: Day, start: date, due: Due, limit: Limit) -> DayNote:
    """A day of an hour limit: hours run from the instant of receipt, through nights and holidays."""
    ends = f"{due.at.astimezone(SHANGHAI):%H:%M}"
    counted = day.on <= due.on
    if day.on > due.on:
        why = "已过到期时刻，按小时计算逾期。"
    elif day.on == due.on:
        why = f"按小时连续计时，{ends}到期，此后计为逾期。"
    elif day.on == start:
        why = "自收到之时起按小时连续计时，夜间和节假日不停。"
    else:
        why = "按小时连续计时，夜间和节假日不停。"
    return DayNote(day.on, counted, None, None, day.kind, why, limit.basis, provisional=False)
