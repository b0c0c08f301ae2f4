"""The desk: one sentence of facts, then lamps, what is due, the ladder, the load, notices and units."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.people import Actor
from core.permits import SEES_ALL
from escalation import board
from escalation.board import Group, Issued, Standing, UnitFigures
from escalation.calendar_alarm import Alarm, alarm_of
from escalation.ruler_words import LightWords, light_words
from escalation.rules import calendar, due_of, limit_for
from inquiries.desk_load import Load, strip
from inquiries.models import Inquiry
from inquiries.stages import OFFICE, Stage
from inquiries.visibility import visible_to
from sla import SHANGHAI, Light, Rung, local_date

LIST = "/cases"
OF = "inquiry"  # papers and duties run on the same clocks; each has lists of its own
DUE_ROWS = 8
OVERDUE_ROWS = 6
NOTICE_ROWS = 6
LOAD_WORKDAYS = 10
WORST_FIRST = (Light.RED, Light.AMBER, Light.BLUE, Light.GREEN)
PASS_LINE = 85  # a county bulletin names units under 85 % (domain practice, not law)


@dataclass(frozen=True)
class Lamp:
    href: str
    c: str
    word: str
    count: int
    note: str
    icon: str = ""


@dataclass(frozen=True)
class Lights:
    lamps: tuple[Lamp, ...]
    mix: tuple[tuple[str, int], ...]
    sentence: str


@dataclass(frozen=True)
class Row:
    """A clock in a table of the desk."""

    title: str
    href: str
    number: str
    unit: str
    received: str
    light: LightWords
    done: bool
    reached: int
    next: int
    next_word: str
    urge: int | None  # the running clock that may be urged


@dataclass(frozen=True)
class Step:
    c: str
    count: int
    name: str
    note: str


@dataclass(frozen=True)
class Queue:
    """Work that waits for this person's office or unit."""

    word: str
    count: int
    href: str


@dataclass(frozen=True)
class Desk:
    sentence: tuple[tuple[str, bool], ...]
    alarm: Alarm | None
    lights: Lights
    queues: tuple[Queue, ...]
    due_day: str
    due_rows: tuple[Row, ...]
    due_total: int
    steps: tuple[Step, ...]
    overdue_rows: tuple[Row, ...]
    load: Load
    notices: tuple[Issued, ...]
    units: tuple[UnitFigures, ...]
    quarter: str
    pass_line: int = PASS_LINE


def build(session: Session, person: Actor, at: datetime) -> Desk:
    """Everything the desk shows this person at this instant."""
    found, day = board.groups(session, person, at, OF), _due_day(at)
    lights, paused = board.by_light(found), board.standing_still(session, person, OF)
    return Desk(
        sentence=_sentence(found, lights, paused, day, at),
        alarm=alarm_of(calendar(), local_date(at)),
        lights=_lights(found, lights, paused, at),
        queues=_queues(session, person, sum(lights.values()), paused),
        due_day="今日到期" if day == local_date(at) else f"{day.month}月{day.day}日到期",
        due_rows=tuple(_row(s, at) for s in board.due_on(session, person, day, at, DUE_ROWS, OF)),
        due_total=_count_on(found, day),
        steps=_steps(found),
        overdue_rows=tuple(_row(s, at) for s in board.overdue(session, person, at, OVERDUE_ROWS, OF)),
        load=strip(board.load(found, at, LOAD_WORKDAYS), at),
        notices=tuple(board.recent_notices(session, person, NOTICE_ROWS)),
        units=tuple(board.unit_figures(session, person, found, at, OF)),
        quarter=_quarter(at),
    )


def _due_day(at: datetime) -> date:
    """Today, or on a day off the next working day."""
    cal, today = calendar(), local_date(at)
    return today if cal.is_workday(today) else cal.add_workdays(today, 1)


def _count_on(found: list[Group], day: date) -> int:
    return sum(group.count for group in found if group.on == day)


def _sentence(
    found: list[Group], lights: Counter[Light], paused: int, day: date, at: datetime
) -> tuple[tuple[str, bool], ...]:
    """(text, strong) pairs: what an official can read out."""
    today = local_date(at)
    when = "今日" if day == today else f"今天休息，{day.month}月{day.day}日"
    escalate = sum(g.count for g in found if _crossed_today(g.reading.reached, g.on, today))
    words: list[tuple[str, bool]] = [
        (f"{when}到期未答 ", False),
        (str(_count_on(found, day)), True),
        (" 件；逾期未答 ", False),
    ]
    words += [(str(lights[Light.RED]), True), (" 件", False)]
    if escalate:
        words += [("，其中 ", False), (str(escalate), True), (" 件今日升级", False)]
    words += [("；在办共 ", False), (str(sum(lights.values()) + paused), True), (" 件", False)]
    words += [("，其中暂停计时 ", False), (str(paused), True), (" 件", False)] if paused else []
    words += [("。", False)]
    return tuple(words)


def _crossed_today(reached: tuple[Rung, ...], on: date, today: date) -> bool:
    """Whether an overdue clock reached its present rung today."""
    return bool(reached) and reached[-1].offset > 0 and calendar().shift(on, reached[-1].offset) == today


def build_lights(session: Session, person: Actor, at: datetime) -> Lights:
    """The lamps alone, for the refresh by the minute."""
    found = board.groups(session, person, at, OF)
    return _lights(found, board.by_light(found), board.standing_still(session, person, OF), at)


def _lights(found: list[Group], lights: Counter[Light], paused: int, at: datetime) -> Lights:
    counts = "，".join(f"{light.label}{lights[light]}" for light in WORST_FIRST)
    counts += f"，暂停{paused}" if paused else ""
    return Lights(
        lamps=_lamps(found, lights, at),
        mix=(*((light.value, lights[light]) for light in WORST_FIRST), ("pause", paused)),
        sentence=f"在办{sum(lights.values()) + paused}件：{counts}",
    )


def _lamps(found: list[Group], lights: Counter[Light], at: datetime) -> tuple[Lamp, ...]:
    worst = max((g.reading.overdue_days for g in found), default=0)
    today = sum(g.count for g in found if g.on == local_date(at) and not g.reading.overdue)
    notes = {
        Light.RED: ("逾期", f"最长逾期{worst}个工作日" if lights[Light.RED] else "没有逾期件"),
        Light.AMBER: ("剩1日内", f"今日到期{today}件未答"),
        Light.BLUE: ("剩2日", "已到提醒级"),
        Light.GREEN: ("剩3日以上", "时限充裕"),
    }
    return tuple(
        Lamp(
            f"{LIST}?light={light.value}",
            light.value,
            f"{light.label} {word}",
            lights[light],
            note,
        )
        for light, (word, note) in notes.items()
    )


def _queues(session: Session, person: Actor, running: int, paused: int) -> tuple[Queue, ...]:
    office = not person.roles.isdisjoint(SEES_ALL)
    wanted = (
        [Stage.REGISTERED, Stage.RETURN_REQUESTED, Stage.DISPATCHED]
        if office
        else [Stage.DISPATCHED, Stage.HANDLING]
    )
    query = select(Inquiry.stage, func.count()).where(Inquiry.stage.in_(wanted), visible_to(person))
    counts: dict[Stage, int] = dict(session.execute(query.group_by(Inquiry.stage)).all())
    made = [Queue(stage.label, counts.get(stage, 0), f"{LIST}?stage={stage.value}") for stage in wanted]
    made.append(Queue("没有回音", running + paused, f"{LIST}?view=no_echo"))
    if paused:
        made.append(Queue("暂停计时", paused, f"{LIST}?view=paused"))
    asked = board.limits_asked(session) if person.has(*OFFICE) else 0
    if asked:
        made.append(Queue("时限待审批", asked, f"{LIST}?view=limit_asked"))
    return tuple(made)


def _row(standing: Standing, at: datetime) -> Row:
    clock, reading = standing.clock, standing.reading
    stopped = clock.stopped_at is not None
    moment = clock.stopped_at or at
    names = limit_for(clock.rule, clock.started_at).ladder
    ahead = names[standing.rungs] if not stopped and standing.rungs < len(names) else None
    on = calendar().shift(clock.due_on, ahead.offset) if ahead else None
    received = local_date(clock.started_at)
    return Row(
        title=clock.label,
        href=clock.link,
        number=clock.link.rsplit("/", 1)[-1],
        unit=standing.unit,
        received=f"{received.month}月{received.day}日",
        light=light_words(reading, due_of(clock), moment, answered=stopped),
        done=stopped,
        reached=_level(reading.reached),
        next=_level((ahead,)) if ahead else 0,
        next_word=f"{on.month}月{on.day}日{ahead.name}" if on and ahead else "已到最高级",
        urge=None if stopped else clock.id,
    )


def _level(reached: tuple[Rung, ...]) -> int:
    """The five bars of the ladder: the rung of the due day belongs to the second."""
    order = {"remind": 1, "warn": 2, "due": 2, "reminder_notice": 3, "supervision_order": 4, "circular": 5}
    return order.get(reached[-1].key, 1) if reached else 0


def _steps(found: list[Group]) -> tuple[Step, ...]:
    rungs = board.by_rung(found)
    soon = rungs["warn"] + rungs["due"]
    return (
        Step("blue", rungs["remind"], "提醒", "剩2日"),
        Step("amber", soon, "预警", "剩1日、当日"),
        Step("red", rungs["reminder_notice"], "催办单", "逾期1日"),
        Step("red", rungs["supervision_order"], "督办单", "逾期3日"),
        Step("red" if rungs["circular"] else "", rungs["circular"], "通报 约谈", "逾期5日"),
    )


def _quarter(at: datetime) -> str:
    local = at.astimezone(SHANGHAI)
    return f"第{'一二三四'[(local.month - 1) // 3]}季度，截至{local.month}月{local.day}日{local:%H:%M}"
