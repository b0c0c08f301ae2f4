"""What the calendar page shows: twelve months, the standing of the year, the versions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from escalation.calendar_alarm import Alarm, alarm_of, reach, reach_words
from escalation.calendar_changes import local_days, local_entries
from escalation.calendar_models import CalendarVersion, EntryKind
from escalation.calendars import in_force
from escalation.recompute import waiting
from sla import SHANGHAI, Day, DayKind, WorkCalendar, local_date
from sla.calendar import HORIZON

AHEAD = 4  # months of an unannounced next year that the current year shows below itself


@dataclass(frozen=True)
class Cell:
    """One day; `column` places the first of a month under its weekday, else 0."""

    day: int
    cls: str
    tag: str
    title: str
    column: int


@dataclass(frozen=True)
class Month:
    name: str
    workdays: int
    note: str
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Year:
    """`certain`: its announcement is in force; `basis` is what its days rest on."""

    number: int
    certain: bool
    workdays: int
    basis: tuple[str, ...]
    local: int
    months: tuple[Month, ...]

    @property
    def standing(self) -> str:
        return "已公布" if self.certain else "暂定"


@dataclass(frozen=True)
class Tab:
    year: int
    standing: str
    current: bool


@dataclass(frozen=True)
class Version:
    """One row of the list; `entry` is the id of a local override that may be withdrawn, else None."""

    label: str
    when: str
    who: str
    kind: str
    title: str
    days: str
    reason: str
    moved: str
    text: str
    entry: int | None


@dataclass(frozen=True)
class Page:
    year: Year
    ahead: Year | None
    tabs: tuple[Tab, ...]
    version: str
    versions: tuple[Version, ...]
    reach: str
    alarm: Alarm | None
    waiting: int


@dataclass(frozen=True)
class Sight:
    """What a year is drawn from; `before` is the calendar in force when a proposed one is shown."""

    cal: WorkCalendar
    local: Mapping[date, str]
    today: date
    before: WorkCalendar | None = None


def build(
    session: Session,
    year: int,
    at: datetime,
    *,
    cal: WorkCalendar | None = None,
    local: Mapping[date, str] | None = None,
) -> Page:
    """The page of one year; with `cal` and `local` the year as it would be, changed days marked."""
    now_cal, today = in_force(), local_date(at)
    before = now_cal if cal else None
    sight = Sight(cal or now_cal, local_days(session) if local is None else local, today, before)
    shows_ahead = year == today.year and year + 1 not in sight.cal.announced_years and year < HORIZON
    return Page(
        year=draw(year, sight),
        ahead=draw(year + 1, sight, months=AHEAD) if shows_ahead else None,
        tabs=_tabs(year, now_cal, today),
        version=version_words(now_cal.version),
        versions=tuple(_versions(session)),
        reach=reach_words(reach(sight.cal, today), today),
        alarm=alarm_of(now_cal, today),
        waiting=waiting(session),
    )


def _tabs(year: int, cal: WorkCalendar, today: date) -> tuple[Tab, ...]:
    wanted = sorted({year - 1, year, year + 1, today.year})
    known = [y for y in wanted if cal.first_day.year <= y <= HORIZON]
    return tuple(Tab(y, "已公布" if y in cal.announced_years else "暂定", y == year) for y in known)


def draw(year: int, sight: Sight, *, months: int = 12) -> Year:
    """The year from January to the given month."""
    drawn = tuple(_month(year, month, sight) for month in range(1, months + 1))
    first, last = date(year, 1, 1), date(year, 12, 31)
    days = [sight.cal.day(first + timedelta(days=n)) for n in range((last - first).days + 1)]
    return Year(
        number=year,
        certain=year in sight.cal.announced_years,
        workdays=sum(day.counts for day in days),
        basis=_basis(days, sight),
        local=sum(day.on in sight.local for day in days),
        months=drawn,
    )


def _basis(days: Sequence[Day], sight: Sight) -> tuple[str, ...]:
    """The announcements of the year in the order of its days, local documents left out."""
    sources = (day.source for day in days if day.source and day.on not in sight.local)
    return tuple(dict.fromkeys(sources))


def _days(year: int, month: int, cal: WorkCalendar) -> Iterator[Day]:
    on = date(year, month, 1)
    while on.month == month:
        yield cal.day(on)
        on += timedelta(days=1)


def _month(year: int, month: int, sight: Sight) -> Month:
    days = list(_days(year, month, sight.cal))
    workdays, note = sum(day.counts for day in days), _note(days, sight)
    label = f"{year}年{month}月，{workdays}个工作日" + (f"；{note}" if note else "")
    return Month(f"{month}月", workdays, note, label, tuple(_cell(day, sight) for day in days))


def _cell(day: Day, sight: Sight) -> Cell:
    cls, tag = _face(day, sight)
    if sight.before is not None and sight.before.is_workday(day.on) is not day.counts:
        tag = tag or ("班" if day.counts else "休")
        cls += " is-changed"
    if day.on == sight.today:
        cls += " is-today"
    column = day.on.weekday() + 1 if day.on.day == 1 else 0
    return Cell(day.on.day, cls, tag, f"{day.on.isoformat()} {day_kind(day, sight.local)}", column)


def _face(day: Day, sight: Sight) -> tuple[str, str]:
    """Class and tag of a day as it stands."""
    if day.kind is DayKind.MAKEUP:
        return "mk", "班"
    if day.kind is DayKind.HOLIDAY:
        if day.on in sight.local:
            return "local", "停"
        return ("hol" if day.on.year in sight.cal.announced_years else "prov"), ""
    return ("we" if day.kind is DayKind.WEEKEND else "w"), ""


def day_kind(day: Day, local: Mapping[date, str]) -> str:
    """国庆节放假, 国庆节调休上班, 防汛停工（本地）, 工作日, 休息日; 暂定 where it may still change."""
    if day.on in local:
        words = f"{day.name}，上班（本地）" if day.counts else f"{day.name}（本地停工）"
    elif day.name:
        words = f"{day.name}{'调休上班' if day.counts else '放假'}"
    else:
        words = day.kind.label
    return words + ("（暂定）" if day.provisional else "")


def _note(days: Sequence[Day], sight: Sight) -> str:
    """元旦1—3日，4日班: what the cells say, in words; days off first."""
    off: dict[str, list[str]] = {}
    work: list[str] = []
    for (name, kind, local), run in groupby(
        days, key=lambda day: (day.name, day.kind, day.on in sight.local)
    ):
        span = _span(list(run))
        if kind is DayKind.HOLIDAY:
            off.setdefault(f"{name}（本地）" if local else name, []).append(span)
        elif kind is DayKind.MAKEUP:
            work.append(f"{span}班（{name}）" if local else f"{span}班")
    parts = [name + "、".join(spans) for name, spans in off.items()] + work
    late = [day for day in days if day.provisional and day.on.year in sight.cal.announced_years]
    if late:
        parts.append(f"{late[0].on.day}日起可能随{late[0].on.year + 1}年通知调整")
    return "，".join(parts)


def _span(days: Sequence[Day]) -> str:
    first, last = days[0].on, days[-1].on
    return f"{first.day}日" if first == last else f"{first.day}—{last.day}日"


def _versions(session: Session) -> Iterator[Version]:
    live = {entry.id for entry in local_entries(session)}
    for row in session.scalars(select(CalendarVersion).order_by(CalendarVersion.id.desc())):
        entry = row.entry
        yield Version(
            label=row.label,
            when=moment(row.made_at),
            who=row.by_name,
            kind=entry.kind.label,
            title=entry.title,
            days=_days_words([day.on for day in entry.days]) if entry.kind is EntryKind.LOCAL else "",
            reason=row.reason,
            moved=f"{row.moved}件到期日变动" if row.recomputed_at else "正在跟进",
            text=entry.text,
            entry=entry.id if entry.id in live else None,
        )


def _days_words(days: Sequence[date]) -> str:
    if not days:
        return ""
    first, last = days[0], days[-1]
    start = f"{first.year}年{first.month}月{first.day}日"
    return start if first == last else f"{start}至{last.month}月{last.day}日"


def moment(at: datetime) -> str:
    """2026年9月1日 10:05"""
    local = at.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def version_words(version: str) -> str:
    """2026-2（底本1.11.0） or 底本1.11.0: the newest confirmed version and the library's days under it."""
    label, _, library = version.rpartition("+")
    base = f"底本{library.removeprefix('library-')}"
    return f"{label}（{base}）" if label else base
