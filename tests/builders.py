"""Plain builders with defaults: a case in the stage a test needs."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.people import Actor, Unit
from inquiries import intake, service
from inquiries.models import Inquiry
from inquiries.requesters import Personal
from inquiries.words import Kind, Way
from tests.people import People

RECEIVED = datetime(2026, 9, 22, 1, 0, tzinfo=UTC)  # Tuesday 09:00 in Shanghai; due on 30 September

CALL = intake.Intake(
    channel="hotline_12345",
    kind=Kind.INQUIRY,
    title="旧楼加装电梯怎么申请补贴",
    matter="楼里老人多，大家商量加装电梯，想问补贴标准和申请材料。",
    received_at=RECEIVED,
    requester=Personal("谭女士", "13800001234", "双江街道滨河路1号"),
    category="0101",
    place="双江街道",
)


def a_call(session: Session, by: Actor, at: datetime, **changes: Any) -> Inquiry:
    """A registered call; keyword arguments replace what was taken down."""
    return intake.receive(session, replace(CALL, **changes), by=by, at=at)


def dispatched(
    session: Session, people: People, at: datetime, *, unit: str = "housing", **changes: Any
) -> Inquiry:
    """A call dispatched to a unit."""
    inquiry = a_call(session, people.operator, at, **changes)
    target = session.scalars(select(Unit).where(Unit.code == unit)).one()
    service.dispatch(session, inquiry, unit=target, by=people.supervisor, at=at)
    return inquiry


def signed(session: Session, people: People, at: datetime, **changes: Any) -> Inquiry:
    """A call that the housing handler has signed for."""
    inquiry = dispatched(session, people, at, **changes)
    service.sign(session, inquiry, by=people.handler, at=at)
    return inquiry


def told(
    at: datetime, text: str = "可向双江街道办事处申请，窗口有材料清单。", **changes: Any
) -> service.Told:
    """An answer given by telephone at `at`."""
    return replace(service.Told(text=text, way=Way.PHONE, told_at=at), **changes)
