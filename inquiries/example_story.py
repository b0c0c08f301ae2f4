"""Plays the planned cases of the example county in order of time, through the verbs that people use."""

import random
from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from operator import itemgetter

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from tqdm import tqdm

from core.db import Database
from core.people import CITIZEN, Unit
from escalation.models import Notice, NoticeCopy
from escalation.sweep import sweep
from inquiries import example_papers, intake, service
from inquiries.example_people import Cast
from inquiries.example_plan import DAYS, Case, Planner
from inquiries.models import Inquiry
from inquiries.service import Told
from inquiries.words import DeclineGround, Kind, ReturnGround, Way
from sla import instant_of, local_date

SEED = 20210428
SWEPT = time(9, 5)
PROMISED_DAYS = 20
Play = Callable[[Session, Cast, Case, datetime], None]


def beginning(at: datetime) -> datetime:
    """Before the first case: when the people of the example were entered."""
    return instant_of(Planner(local_date(at), random.Random(SEED)).back(DAYS + 1), time(8))  # noqa: S311


def tell(db: Database, cast: Cast, *, at: datetime) -> None:
    """All cases up to `at`; each working morning is swept, so that the notices are real ones."""
    planner = Planner(local_date(at), random.Random(SEED))  # noqa: S311  # the same story every time
    events = sorted(((*act, case) for case in planner.cases() for act in case.acts), key=itemgetter(0))
    mornings = [instant_of(planner.back(days), SWEPT) for days in range(DAYS, -1, -1)]
    stops, done = [morning for morning in mornings if morning < at] + [at], 0
    for until in tqdm(stops, desc="示例数据", unit="天", disable=None, leave=False):
        upto = bisect_right(events, until, key=itemgetter(0))
        _play(db, cast, events[done:upto])
        if until in mornings:
            example_papers.go_on(db, cast, at=until)
        sweep(db, at=until)
        example_papers.drawn(db, at=until)
        done = upto
    _read_notices(db, before=instant_of(planner.back(2), SWEPT))


def _play(db: Database, cast: Cast, events: Sequence[tuple[datetime, str, Case]]) -> None:
    with db.writing() as session:
        for moment, act, case in events:
            ACTS[act](session, cast, case, moment)


def _read_notices(db: Database, *, before: datetime) -> None:
    """People read what is older; what came since is still unread on their bells."""
    older = select(Notice.id).where(Notice.issued_at < before)
    copies = update(NoticeCopy).where(NoticeCopy.notice_id.in_(older))
    with db.writing() as session:
        session.execute(copies.values(read_at=before + timedelta(hours=1)))


def _taken(case: Case, cast: Cast) -> intake.Intake:
    accused = cast.units[case.matter.accused] if case.matter.accused else None
    hotline = case.channel == "hotline_12345"
    return intake.Intake(
        channel=case.channel,
        kind=case.matter.kind,
        title=case.matter.title,
        matter=case.matter.text,
        received_at=case.received_at,
        requester=case.requester,
        category=case.matter.category,
        urgency=case.matter.urgency,
        place=case.matter.place,
        confidential=case.matter.kind is Kind.TIP_OFF,
        consent=case.consent and case.matter.kind is not Kind.TIP_OFF,
        accused_unit_id=accused,
        extra={"policy_seat": "1"} if hotline and case.matter.kind is Kind.INQUIRY else {},
    )


def _receive(session: Session, cast: Cast, case: Case, at: datetime) -> None:
    """A letter comes by the citizen's own hand and gets a query code; the rest is taken down by somebody."""
    by = cast.intake.get(case.channel, CITIZEN)
    inquiry = intake.receive(session, _taken(case, cast), by=by, at=at)
    if by is CITIZEN:
        intake.give_query_code(session, inquiry)
    case.inquiry_id = inquiry.id


def _instant(session: Session, cast: Cast, case: Case, at: datetime) -> None:
    way = Way.FACE if case.channel == "service_counter" else Way.PHONE
    by, taken = cast.intake[case.channel], _taken(case, cast)
    case.inquiry_id = intake.answer_at_once(session, taken, text=case.matter.answer, way=way, by=by, at=at).id


def _inquiry(session: Session, case: Case) -> Inquiry:
    return session.get_one(Inquiry, case.inquiry_id)


def _dispatch(session: Session, cast: Cast, case: Case, at: datetime) -> None:
    unit = session.get_one(Unit, cast.units[case.units[0]])
    by = cast.intake["hotline_12345"] if case.channel == "hotline_12345" else cast.supervisor
    service.dispatch(session, _inquiry(session, case), unit=unit, by=by, at=at)


def _sign(session: Session, cast: Cast, case: Case, at: datetime) -> None:
    service.sign(session, _inquiry(session, case), by=cast.handlers[case.units[0]], at=at)


def _answer(session: Session, cast: Cast, case: Case, at: datetime) -> None:
    told = Told(case.matter.answer, Way.ONLINE if case.channel == "public_mailbox" else Way.PHONE, at)
    service.reply(session, _inquiry(session, case), told, by=cast.handlers[case.units[0]], at=at)


def _interim(session: Session, cast: Cast, case: Case, at: datetime) -> None:
    told = Told("已到现场查看，需要设计单位出具方案，完成后把结果告诉您。", Way.PHONE, at)
    by, promised = cast.handlers[case.units[0]], local_date(at) + timedelta(days=PROMISED_DAYS)
    service.interim(session, _inquiry(session, case), told, promised_on=promised, by=by, at=at)


def _attempt(session: Session, cast: Cast, case: Case, at: datetime) -> None:
    told = Told("拨打两次无人接听，已发短信说明来意，下午再联系。", Way.PHONE, at)
    service.log_attempt(session, _inquiry(session, case), told, by=cast.handlers[case.units[0]], at=at)


def _ask(session: Session, cast: Cast, case: Case, at: datetime) -> None:
    reason = "经核对本单位职责清单，此事项由其他单位主管，附职责条款，建议改派。"
    by, ground = cast.handlers[case.units[0]], ReturnGround.OTHER_UNIT
    service.request_return(session, _inquiry(session, case), ground=ground, reason=reason, by=by, at=at)


def _grant(session: Session, cast: Cast, case: Case, at: datetime) -> None:
    inquiry, ruling = _inquiry(session, case), "理由成立，改派主管单位。"
    service.rule_on_return(session, inquiry, granted=True, ruling=ruling, by=cast.supervisor, at=at)
    case.units.pop(0)


def _refuse(session: Session, cast: Cast, case: Case, at: datetime) -> None:
    inquiry, ruling = _inquiry(session, case), "属你单位日常管理事项，由你单位办理，不再改派。"
    service.rule_on_return(session, inquiry, granted=False, ruling=ruling, by=cast.supervisor, at=at)


def _decline(session: Session, cast: Cast, case: Case, at: datetime) -> None:
    told = Told("此事项与您上月来件相同，正在办理；办结后承办单位会一并告知您。", Way.PHONE, at)
    ground = DeclineGround.REPEATED
    service.decline(session, _inquiry(session, case), told, ground=ground, by=cast.supervisor, at=at)


def _merge(session: Session, cast: Cast, case: Case, at: datetime) -> None:
    target = session.get_one(Inquiry, case.twin.inquiry_id) if case.twin else None
    service.merge(session, _inquiry(session, case), target=target, by=cast.supervisor, at=at)


def _withdraw(session: Session, cast: Cast, case: Case, at: datetime) -> None:
    reason = "来电人说明问题已经自行解决，要求撤回。"
    service.withdraw(session, _inquiry(session, case), reason=reason, by=cast.supervisor, at=at)


ACTS: dict[str, Play] = {
    "receive": _receive,
    "instant": _instant,
    "dispatch": _dispatch,
    "sign": _sign,
    "answer": _answer,
    "interim": _interim,
    "attempt": _attempt,
    "ask": _ask,
    "grant": _grant,
    "refuse": _refuse,
    "decline": _decline,
    "merge": _merge,
    "withdraw": _withdraw,
}
