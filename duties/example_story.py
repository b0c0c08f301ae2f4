"""What is done in the example ledger, by the verbs that people use."""

import random
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.config import ROOT
from core.people import Unit
from duties import consultations, entries, phones, service
from duties.consultations import Draft, Notice
from duties.entries import Mending
from duties.example_people import Cast
from duties.kinds import DutyKind
from duties.models import Duty, DutyTask, Rectification
from duties.phones import Call
from duties.record_models import Consultation
from duties.service import Proof
from duties.stages import Stage
from duties.terms import PERIOD_RULE, QUARTER_RULE
from duties.words import Origin, PressForm
from escalation.rules import calendar
from sla import instant_of, local_date

SITE = "https://www.example.gov.cn/zwgk"
ONE_DAY = timedelta(days=1)
LEFT_OPEN = 6  # tasks of last year that nobody finished
Act = Callable[[Session, datetime], None]
Planned = tuple[datetime, Act]


@cache
def words() -> dict[str, Any]:
    """The made-up words."""
    return tomllib.loads((ROOT / "data" / "example_duties.toml").read_text("utf-8"))


def _tasks(session: Session, year: int) -> list[DutyTask]:
    query = select(DutyTask).join(DutyTask.duty).where(Duty.year == year, DutyTask.stage == Stage.OPEN)
    loads = (joinedload(DutyTask.duty), joinedload(DutyTask.unit))
    return list(session.scalars(query.options(*loads).order_by(Duty.position, DutyTask.unit_id)).unique())


def close_year(session: Session, cast: Cast, year: int, dice: random.Random, *, at: datetime) -> None:
    """Sign off what falls due with the year; some tasks stay open, one quota stays short."""
    rows = [task for task in _tasks(session, year) if task.duty.kind is not DutyKind.DATE]
    plain = [task.id for task in rows if task.duty.kind is DutyKind.CONTINUOUS]
    left, short = set(dice.sample(plain, LEFT_OPEN)), True
    for task in rows:
        if task.rule == QUARTER_RULE:
            _count(session, cast, task, dice, 3 if short else 4, at)
            short = False
        elif task.rule != PERIOD_RULE and task.id not in left:
            _finish(session, cast, task, dice, at)
    for code in cast.workers:
        _call(cast, code, True, session, at)


def _count(
    session: Session, cast: Cast, task: DutyTask, dice: random.Random, events: int, at: datetime
) -> None:
    """A year's events entered in one go, as a first year is."""
    by = cast.workers[task.unit.code]
    for number in range(events):
        proof = _event(task, dice, date(task.duty.year, 3 * number + 2, 20), number < 2)
        column = f"{SITE}/zcjd/{task.unit.code}/{number}.html"
        service.enter_evidence(session, task, replace(proof, column_link=column), by=by, at=at)
    if events >= task.duty.quota:
        _sign(session, cast, task, dice, at)


def _finish(session: Session, cast: Cast, task: DutyTask, dice: random.Random, at: datetime) -> None:
    proof, by = _proof(task, dice, local_date(at)), cast.workers[task.unit.code]
    if task.duty.kind is DutyKind.QUOTA:
        proof = replace(proof, happened_on=date(task.duty.year, 6, 15))
    service.enter_evidence(session, task, proof, by=by, at=at)
    _sign(session, cast, task, dice, at)


def _sign(session: Session, cast: Cast, task: DutyTask, dice: random.Random, at: datetime) -> None:
    by, ruling = cast.workers[task.unit.code], dice.choice(words()["checked"])
    service.request_sign_off(session, task, dice.choice(words()["finished"]), by=by, at=at)
    service.rule_on_sign_off(session, task, granted=True, ruling=ruling, by=cast.supervisor, at=at)


def _proof(task: DutyTask, dice: random.Random, day: date) -> Proof:
    link = f"{SITE}/{task.duty.year}/{task.duty.clause}/{task.unit.code}.html"
    return Proof(dice.choice(words()["proofs"]), day, link)


def plan(session: Session, cast: Cast, year: int, dice: random.Random, *, at: datetime) -> list[Planned]:
    """Everything that is done in the year up to `at`, in order of time."""
    made = [
        *_press(session, cast, year, dice),
        *_plain(session, cast, year, dice, at),
        *_publications(session, cast, year, at),
        *_phone_checks(cast, year, dice, at),
        *_consultations(cast, at),
        *_look_back(session, cast, year),
    ]
    return sorted((one for one in made if one[0] <= at), key=lambda one: one[0])


def _working(day: date, hour: int = 10) -> datetime:
    """An hour of this day, or of the next working day."""
    cal = calendar()
    return instant_of(day if cal.is_workday(day) else cal.shift(day, 1), time(hour))


def _press(session: Session, cast: Cast, year: int, dice: random.Random) -> Iterator[Planned]:
    for task in _tasks(session, year):
        if task.rule != QUARTER_RULE or task.unit.code not in cast.workers:
            continue
        for month, day, leader in words()["events"].get(task.unit.code, []):
            held = _working(date(year, month, day), 15)
            proof = _event(task, dice, local_date(held), leader)
            yield held + timedelta(hours=2), partial(_enter, cast, task.id, proof)


def _event(task: DutyTask, dice: random.Random, day: date, leader: bool) -> Proof:
    form = dice.choice(list(PressForm))
    topic = words()["topics"][task.unit.code]
    link = f"{SITE}/xwfb/{task.unit.code}/{day:%m%d}.html"
    speaker = f"{task.unit.short_name}{'主要负责人' if leader else '业务科室负责人'}"
    column = f"{SITE}/zcjd/{task.unit.code}/{day:%m%d}.html" if dice.random() < 0.8 else ""
    return Proof(f"{topic}{form.label}", day, link, None, form, speaker, leader, column)


def _enter(cast: Cast, task_id: int, proof: Proof, session: Session, at: datetime) -> None:
    task = _task(session, task_id)
    service.enter_evidence(session, task, proof, by=cast.workers[task.unit.code], at=at)


def _task(session: Session, task_id: int) -> DutyTask:
    query = select(DutyTask).where(DutyTask.id == task_id)
    return session.scalars(query.options(joinedload(DutyTask.duty), joinedload(DutyTask.unit))).unique().one()


def _plain(session: Session, cast: Cast, year: int, dice: random.Random, at: datetime) -> Iterator[Planned]:
    """Of ten tasks three are signed off, one waits to be checked, one was sent back, three are under way."""
    days = max((local_date(at) - date(year, 1, 10)).days, 1)
    for task in _tasks(session, year):
        plain = task.duty.kind is DutyKind.CONTINUOUS or task.duty.clause == "14.1.1"
        if not plain or task.unit.code not in cast.workers:
            continue
        end, first = dice.randrange(10), date(year, 1, 10) + dice.randrange(days) * ONE_DAY
        begun = _working(first)
        if end < 8:
            yield begun, partial(_progress, cast, task.id, dice.choice(words()["progress"]))
        if end < 5:
            yield from _ended(cast, task, dice, begun, end)


def _ended(cast: Cast, task: DutyTask, dice: random.Random, begun: datetime, end: int) -> Iterator[Planned]:
    ready = begun + timedelta(days=dice.randrange(3, 20))
    yield ready, partial(_enter, cast, task.id, _proof(task, dice, local_date(ready)))
    yield ready + timedelta(hours=1), partial(_ask, cast, task.id, dice.choice(words()["finished"]))
    if end < 4:
        said = dice.choice(words()["sent_back" if end == 3 else "checked"])
        yield ready + timedelta(days=2), partial(_rule, cast, task.id, end < 3, said)


def _progress(cast: Cast, task_id: int, text: str, session: Session, at: datetime) -> None:
    task = _task(session, task_id)
    service.report_progress(session, task, text, by=cast.workers[task.unit.code], at=at)


def _ask(cast: Cast, task_id: int, text: str, session: Session, at: datetime) -> None:
    task = _task(session, task_id)
    service.request_sign_off(session, task, text, by=cast.workers[task.unit.code], at=at)


def _rule(cast: Cast, task_id: int, granted: bool, text: str, session: Session, at: datetime) -> None:
    task = _task(session, task_id)
    service.rule_on_sign_off(session, task, granted=granted, ruling=text, by=cast.supervisor, at=at)


def _publications(session: Session, cast: Cast, year: int, at: datetime) -> Iterator[Planned]:
    """Every five weeks or so; the last one lies long enough back for the lamp to be on."""
    last = local_date(at) - 41 * ONE_DAY
    for task in _tasks(session, year):
        day = last
        while task.rule == PERIOD_RULE and task.unit.code in cast.workers and day.year == year:
            issued = _working(day)
            link = f"{SITE}/lyxd/{day:%Y%m}.html"
            proof = Proof(f"网民留言选登（{day.month}月）", local_date(issued), link)
            yield issued, partial(_enter, cast, task.id, proof)
            day -= 36 * ONE_DAY


def _phone_checks(cast: Cast, year: int, dice: random.Random, at: datetime) -> Iterator[Planned]:
    """Every unit in the quarters that are over, half of them in this one; the last call fails."""
    present = (local_date(at).month - 1) // 3 + 1
    codes = [code for code in cast.units if code in cast.workers and code != "county_office"]
    for quarter in range(1, present + 1):
        called = codes if quarter < present else codes[: len(codes) // 2]
        first = date(year, 3 * quarter - 2, 15) if quarter < present else local_date(at) - 20 * ONE_DAY
        for number, code in enumerate(called):
            moment = _working(first + (number // 3) * ONE_DAY) + timedelta(minutes=7 * (number % 3))
            fails = quarter == present and number == len(called) - 1
            yield moment, partial(_call, cast, code, not fails)


def _call(cast: Cast, code: str, answered: bool, session: Session, at: datetime) -> None:
    unit = session.get_one(Unit, cast.units[code])
    if entries.task_of(session, year=local_date(at).year, clause=phones.CLAUSE, unit_id=unit.id) is None:
        return
    result = "响铃三声内接听，能说明办理部门。" if answered else "上午两次拨打，均响铃无人接听"
    phones.record_check(session, unit, Call(answered, result, at), by=cast.supervisor, at=at)


def _consultations(cast: Cast, at: datetime) -> Iterator[Planned]:
    for said in words()["consultation"]:
        if said["unit"] not in cast.workers:
            continue
        published = local_date(at) - said["days_ago"] * ONE_DAY
        closes = published + said["days"] * ONE_DAY
        channels = f"政府网站 {SITE}/yjzj/{said['unit']}.html\n政务新媒体 {SITE}/wx/{said['unit']}.html"
        due_on = calendar().add_workdays(closes, 20)
        draft = Draft(said["title"], published, closes, due_on, channels, said.get("reason", ""))
        yield _working(published, 11), partial(_consult, cast, said["unit"], draft)
        if "opinions" in said:
            yield _working(closes + 15 * ONE_DAY), partial(_outcome, cast, said)


def _consult(cast: Cast, code: str, draft: Draft, session: Session, at: datetime) -> None:
    unit = session.get_one(Unit, cast.units[code])
    consultations.enter(session, unit, draft, by=cast.workers[code], at=at)


def _outcome(cast: Cast, said: dict[str, Any], session: Session, at: datetime) -> None:
    row = session.scalars(select(Consultation).where(Consultation.title == said["title"])).one()
    text = "关于站点间距和首末班时间的意见已采纳；新增支线的意见因道路条件暂不采纳，已说明理由。"
    link = f"{SITE}/yjzj/{said['unit']}-jg.html"
    notice = Notice(said["opinions"], said["adopted"], text, link, local_date(at))
    consultations.publish_outcome(session, row, notice, by=cast.workers[said["unit"]], at=at)


def _look_back(session: Session, cast: Cast, year: int) -> Iterator[Planned]:
    """Reports on last year come in time but for one; of two open tasks that were to be put right one is late."""
    last = _tasks(session, year - 1)
    dated = [task for task in last if task.duty.kind is DutyKind.DATE]
    for task in dated[:-2] + dated[-1:]:
        yield _working(date(year, 1, 12)), partial(_mended, cast, task.id)
    missed = [task for task in last if task.duty.kind is DutyKind.CONTINUOUS]
    for task, due_on in zip(missed, (date(year, 2, 28), date(year, 3, 31)), strict=False):
        yield _working(date(year, 1, 20)), partial(_mend, cast, task.id, due_on)
    for task in missed[:1]:
        yield _working(date(year, 2, 24)), partial(_put_right, cast, task.id)


def _mend(cast: Cast, task_id: int, due_on: date, session: Session, at: datetime) -> None:
    task = _task(session, task_id)
    what = "上年没有完成：补齐材料并公开，把链接和自查表一并上传。"
    mending = Mending(f"整改：{task.duty.title}", what, due_on, Origin.REVIEW)
    entries.rectify(session, task, mending, by=cast.supervisor, at=at)


def _mended(cast: Cast, task_id: int, session: Session, at: datetime) -> None:
    _finish(session, cast, _task(session, task_id), random.Random(task_id), at)  # noqa: S311


def _put_right(cast: Cast, task_id: int, session: Session, at: datetime) -> None:
    made = select(Rectification.task_id).where(Rectification.about_id == task_id)
    _mended(cast, session.scalars(made).one(), session, at)
