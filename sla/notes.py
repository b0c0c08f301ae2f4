"""Why this date: every day from receipt to due, with the reason it counts or does not."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sla.calendar import Day, DayKind, WorkCalendar
from sla.limits import Limit
from sla.pauses import Pause, natural_end
from sla.reading import Due, due_at
from sla.zone import SHANGHAI, local_date

DAY_ZERO_BASIS = "《民法典》第二百零一条"
LAST_DAY_BASIS = "《民法典》第二百零三条"
_WEEKDAYS = "周一", "周二", "周三", "周四", "周五", "周六", "周日"


@dataclass(frozen=True, slots=True)
class DayNote:
    """One day of a term.

    `counted`: it is one of the days 1..N, or hours of an hour limit run on it. `number`: 0 for the day of
    receipt, 1..N for counted days, else None. `over`: 1, 2, ... for working days after the due day.
    `why` is one Chinese sentence, `basis` the text that the reason rests on ("" for a plain weekday).
    `paused`: the ground on which a day that would have counted was not counted, else "".
    """

    on: date
    counted: bool
    number: int | None
    over: int | None
    kind: DayKind
    why: str
    basis: str
    provisional: bool
    paused: str = ""


@dataclass(frozen=True, slots=True)
class _Term:
    """What is explained: a limit from its day zero to its due moment."""

    start: date
    due: Due
    limit: Limit
    cal: WorkCalendar
    pauses: Sequence[Pause]
    extra: int

    def ground(self, on: date) -> str:
        """Why the clock stands still on this day, "" if it runs."""
        return next((pause.ground for pause in self.pauses if pause.holds(on)), "")


def explain(
    received: datetime,
    limit: Limit,
    cal: WorkCalendar,
    *,
    until: date | None = None,
    pauses: Sequence[Pause] = (),
    extra_workdays: int = 0,
    on: date | None = None,
) -> tuple[DayNote, ...]:
    """Each day from receipt to the due day, or to `until` if given (earlier or later than the due day).

    Pauses, extension and the day `on` of a dated limit are those of `due_at`.
    """
    due = due_at(received, limit, cal, pauses=pauses, extra_workdays=extra_workdays, on=on)
    term = _Term(local_date(received), due, limit, cal, pauses, extra_workdays)
    days = [cal.day(on) for on in _dates(term.start, until or due.on)]
    if limit.hours is not None:
        return tuple(_hour_note(day, term) for day in days)
    if limit.dated:
        return tuple(_dated_notes(days, term))
    return tuple(_workday_notes(days, term) if limit.workdays is not None else _natural_notes(days, term))


def _dates(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def _workday_notes(days: Iterable[Day], term: _Term) -> Iterator[DayNote]:
    number = 0
    for day in days:
        if day.on == term.start:
            yield _zero(day)
        elif not day.counts:
            yield _rest(day, term)
        elif day.on > term.due.on:
            yield _over(day, term)
        elif ground := term.ground(day.on):
            why = f"{_on(day)}，但计时已暂停：{ground}。不计入{_unsure(day, term)}。"
            yield _note(day, why, paused=ground)
        else:
            number += 1
            yield _counted(day, number, term)


def _counted(day: Day, number: int, term: _Term) -> DayNote:
    own = term.limit.workdays or 0
    why = f"{_on(day)}，{_as_day(number, own)}{_unsure(day, term)}。"
    basis = day.source or (term.limit.extension_basis if number > own else "")
    return _note(day, why + _closing(day, term), number=number, basis=basis)


def _natural_notes(days: Iterable[Day], term: _Term) -> Iterator[DayNote]:
    """Days of a term in natural days: days off count too, but the last day is never one of them."""
    own, number = term.limit.days or 0, 0
    last = natural_end(term.start, own + term.extra, term.pauses)
    for day in days:
        if day.on == term.start:
            yield _zero(day)
        elif day.on > term.due.on:
            yield _over(day, term) if day.counts else _rest(day, term)
        elif ground := term.ground(day.on):
            yield _note(day, f"计时已暂停：{ground}。不计入。", paused=ground)
        elif day.on > last:
            yield _rolled(day, term)
        else:
            number += 1
            what = "" if day.counts else f"{_off(day)}，自然日照计，"
            why = f"{what}{_as_day(number, own)}。{_closing(day, term)}"
            yield _note(day, why, number=number, basis=term.limit.extension_basis if number > own else None)


def _dated_notes(days: Iterable[Day], term: _Term) -> Iterator[DayNote]:
    """The day was set, not counted: the working days up to it are numbered so that the lights can be checked."""
    number = 0
    for day in days:
        if day.on == term.start:
            yield _note(day, "起算之日，到期日是指定的日期。", number=0)
        elif day.on > term.due.on:
            yield _over(day, term) if day.counts else _rest(day, term)
        elif not day.counts:
            yield _note(day, f"{_off(day)}。{_closing(day, term)}")
        else:
            number += 1
            yield _note(day, f"{_on(day)}，第{number}个工作日。{_closing(day, term)}", number=number)


def _as_day(number: int, own: int) -> str:
    """计为第21日，延长期第1日: what lies beyond the limit's own term is the extension."""
    return f"计为第{number}日" + (f"，延长期第{number - own}日" if number > own else "")


def _rolled(day: Day, term: _Term) -> DayNote:
    """A day after the last natural day, which was off: the term ends on the next working day."""
    what = f"{_on(day)}，最后一日顺延至此" if day.counts else f"{_off(day)}，最后一日顺延"
    return _note(day, f"{what}{_unsure(day, term)}。{_closing(day, term)}", basis=LAST_DAY_BASIS)


def _zero(day: Day) -> DayNote:
    return _note(day, "收到当日不计入，记为第0日。", number=0, basis=DAY_ZERO_BASIS)


def _rest(day: Day, term: _Term) -> DayNote:
    return _note(day, f"{_off(day)}，不计入{_unsure(day, term)}。")


def _over(day: Day, term: _Term) -> DayNote:
    over = term.cal.workdays_between(term.due.on, day.on)
    return _note(day, f"{_on(day)}，逾期第{over}日{_unsure(day, term)}。", over=over)


def _note(
    day: Day,
    why: str,
    *,
    number: int | None = None,
    over: int | None = None,
    basis: str | None = None,
    paused: str = "",
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
        paused=paused,
    )


def _off(day: Day) -> str:
    """Why the day is off: 周六，休息日 or 中秋节放假 (放假 for a holiday without a name)."""
    if day.kind is DayKind.HOLIDAY:
        return f"{day.name}放假"
    return f"{_WEEKDAYS[day.on.weekday()]}，休息日"


def _on(day: Day) -> str:
    """What makes it a working day: 工作日 or 周日调休上班（国庆节）."""
    if day.kind is DayKind.MAKEUP:
        return f"{_WEEKDAYS[day.on.weekday()]}调休上班" + (f"（{day.name}）" if day.name else "")
    return "工作日"


def _unsure(day: Day, term: _Term) -> str:
    """Which announcement may still change the day: that of its own year, or in late December of the next."""
    awaited = term.cal.awaited_years(day.on, day.on)
    if not awaited:
        return ""
    if day.on.year in awaited:
        return f"（暂定，{day.on.year}年放假通知尚未发布）"
    return f"（{awaited[0]}年放假安排尚未公布，此日可能调整）"


def _closing(day: Day, term: _Term) -> str:
    if day.on != term.due.on:
        return ""
    deed = "完成" if term.limit.dated else "答复"
    return f"到期日，当日{term.limit.closes:%H:%M}下班前{deed}，24:00后计为逾期。"


def _hour_note(day: Day, term: _Term) -> DayNote:
    """A day of an hour limit: hours run from the instant of receipt, through nights and holidays."""
    due = term.due
    if day.on > due.on:
        why = "已过到期时刻，按小时计算逾期。"
    elif day.on == due.on:
        why = f"按小时连续计时，{due.at.astimezone(SHANGHAI):%H:%M}到期，此后计为逾期。"
    elif day.on == term.start:
        why = "自收到之时起按小时连续计时，夜间和节假日不停。"
    else:
        why = "按小时连续计时，夜间和节假日不停。"
    return DayNote(day.on, day.on <= due.on, None, None, day.kind, why, term.limit.basis, provisional=False)
