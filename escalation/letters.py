"""The outbox as people read it: what waits, what failed for good and may be sent again, what every try said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from core import facts
from core.labels import Labelled
from core.people import Actor, Person, Unit
from escalation import tries
from escalation.models import DEAD, PENDING, Clock, Delivery, Notice, Outbox
from escalation.notice_words import moment_words, notice_text
from escalation.posting import EMAIL
from escalation.route_models import Route, RouteKind
from escalation.tries import Try

PAGE = 50
MOST_AT_ONCE = 500  # dead letters that one click sends again


class Shelf(Labelled):
    """What a page of the outbox shows."""

    DEAD = "dead", "发送失败"
    PENDING = "pending", "待发送"
    ALL = "all", "全部"


@dataclass(frozen=True)
class Line:
    """One copy in the outbox."""

    id: int
    number: str
    name: str
    unit: str
    channel: str
    whom: str
    state: Delivery
    when: str
    answer: str
    tries: Sequence[Try]

    @property
    def dead(self) -> bool:
        return self.state is Delivery.DEAD


@dataclass(frozen=True)
class Screen:
    """A screen of it; `newer` and `older` are ids to page from, None at an end."""

    lines: Sequence[Line]
    newer: int | None
    older: int | None


def count(session: Session, shelf: Shelf) -> int:
    """How many there are."""
    where = {Shelf.DEAD: DEAD, Shelf.PENDING: PENDING}[shelf]
    return session.scalar(select(func.count()).select_from(Outbox).where(where)) or 0


def rows() -> Select[Any]:
    """Copies with notice, clock, unit, and whom they go to."""
    columns: tuple[Any, ...] = (Outbox, Notice, Clock, Unit.short_name, Person.name, Route.name)
    found = (
        select(*columns).join(Notice, Notice.id == Outbox.notice_id).join(Clock, Clock.id == Notice.clock_id)
    )
    found = found.join(Unit, Unit.id == Notice.unit_id).outerjoin(Person, Person.id == Outbox.person_id)
    return found.outerjoin(Route, Route.id == Outbox.route_id)


def screen(session: Session, shelf: Shelf, *, before: int | None = None, after: int | None = None) -> Screen:
    """Keyset paging by id: below `before`, or above `after`, or from the newest."""
    query = rows().limit(PAGE + 1)
    if shelf is not Shelf.ALL:
        query = query.where(DEAD if shelf is Shelf.DEAD else PENDING)
    if after is not None:
        found = session.execute(query.where(Outbox.id > after).order_by(Outbox.id)).all()
        lines = [line(row) for row in found[:PAGE][::-1]]
        return Screen(lines, lines[0].id if len(found) > PAGE else None, lines[-1].id if lines else None)
    if before is not None:
        query = query.where(Outbox.id < before)
    found = session.execute(query.order_by(Outbox.id.desc())).all()
    lines = [line(row) for row in found[:PAGE]]
    newer = lines[0].id if lines and before is not None else None
    return Screen(lines, newer, lines[-1].id if len(found) > PAGE else None)


def line(row: Any) -> Line:
    """One row of `rows` in words."""
    copy, notice, clock, unit, person, route = row
    return Line(
        id=copy.id,
        number=notice.number,
        name=notice_text(notice, clock).name,
        unit=unit,
        channel=RouteKind(copy.channel).label,
        whom=person if copy.channel == EMAIL else route,
        state=copy.state,
        when=_when(copy),
        answer=copy.last_answer,
        tries=tries.read(copy.tries),
    )


def _when(copy: Outbox) -> str:
    match copy.state:
        case Delivery.SENT:
            return f"{moment_words(copy.sent_at)}发出" if copy.sent_at else ""
        case Delivery.PENDING:
            return "正在发送" if copy.lease else f"{moment_words(copy.next_at)}起发送"
        case Delivery.DEAD:
            made = tries.read(copy.tries)
            return f"最后一次{moment_words(made[-1].at)}" if made else ""
    return ""


def resend(session: Session, row_id: int, *, by: Actor, at: datetime) -> bool:
    """Send a dead letter again, with eight tries before it; False when it is not one."""
    where = (Outbox.id == row_id, DEAD)
    found = session.execute(
        select(Notice.id, Clock.subject, Outbox.target)
        .join(Outbox, Outbox.notice_id == Notice.id)
        .join(Clock, Clock.id == Notice.clock_id)
        .where(*where)
        .with_for_update(of=Outbox)
    ).first()
    if found is None:
        return False
    _wake(session, [row_id], at)
    after = {"notice": found[0], "target": found[2]}
    facts.record(session, facts.Entry("delivery:resend", found[1], by, at, after=after))
    return True


def resend_all(session: Session, *, by: Actor, at: datetime) -> int:
    """Send the dead letters again, the oldest first; how many."""
    oldest = select(Outbox.id).where(DEAD).order_by(Outbox.id).limit(MOST_AT_ONCE).with_for_update()
    ids = list(session.scalars(oldest))
    if ids:
        _wake(session, ids, at)
        facts.record(
            session, facts.Entry("delivery:resend_all", "outbox", by, at, after={"copies": len(ids)})
        )
    return len(ids)


def _wake(session: Session, ids: list[int], at: datetime) -> None:
    """The batch stays: what may have arrived before says that it is a repeat."""
    fresh = {"state": Delivery.PENDING, "attempts": 0, "next_at": at, "lease": None}
    wake = update(Outbox).where(Outbox.id.in_(ids)).values(**fresh, tries=Outbox.tries + tries.by_hand(at))
    session.execute(wake, execution_options={"synchronize_session": False})
