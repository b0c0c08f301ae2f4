"""Who is away, and who stands in: a notice must never wait in the inbox of somebody on leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ForeignKey, Index, or_, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from core import facts
from core.db import Base
from core.people import Actor, Person, Role
from core.people_service import Refused

ZONE = ZoneInfo("Asia/Shanghai")
LONGEST = 366  # days
HOPS = 5  # how far a chain of people who are all away is followed


class Absence(Base):
    """From `since` to `until`, both included, `stand_in_id` hears what `person_id` would have heard."""

    __tablename__ = "absence"
    __table_args__ = (Index("ix_absence_until", "until", "since"),)  # who is away on a day

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    stand_in_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    since: Mapped[date]
    until: Mapped[date]
    entered_by_id: Mapped[int | None]
    entered_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Leave:
    """What was entered: the person, who stands in, and the days, both included."""

    person_id: int
    stand_in_id: int
    since: date
    until: date


def stand_ins(session: Session, on: date) -> dict[int, int]:
    """Person → who hears their notices on this day; chains followed, somebody without anybody left out."""
    rows = select(Absence.person_id, Absence.stand_in_id).join(Person, Person.id == Absence.stand_in_id)
    direct: dict[int, int] = {
        row[0]: row[1] for row in session.execute(rows.where(_away(on), Person.active).order_by(Absence.id))
    }
    found = {person: _last(direct, person) for person in direct}
    return {person: other for person, other in found.items() if other not in direct}


def _last(direct: dict[int, int], person: int) -> int:
    for _hop in range(HOPS):
        if person not in direct:
            break
        person = direct[person]
    return person


def _away(on: date) -> ColumnElement[bool]:
    return (Absence.until >= on) & (Absence.since <= on) & Absence.withdrawn_at.is_(None)


def may_enter_for(person: Actor) -> ColumnElement[bool]:
    """Whose leave this person may enter: one's own, and for a unit's leader or contact that of its people."""
    own = Person.id == person.id
    if person.has(Role.LEADER, Role.CONTACT, Role.SUPERVISOR):
        own = or_(own, Person.unit_id == person.unit_id)
    return Person.active & own


def colleagues(session: Session, person: Actor) -> Sequence[Person]:
    """Who may stand in: the active people of the unit."""
    mine = select(Person).where(Person.active, Person.unit_id == person.unit_id)
    return session.scalars(mine.order_by(Person.id)).all()


def entered(session: Session, person: Actor, *, today: date) -> Sequence[tuple[Absence, str, str]]:
    """Leaves of today and later that this person may see, with both names."""
    other = aliased(Person)
    rows = select(Absence, Person.name, other.name).join(Person, Person.id == Absence.person_id)
    rows = rows.join(other, other.id == Absence.stand_in_id)
    rows = rows.where(Absence.until >= today, Absence.withdrawn_at.is_(None), may_enter_for(person))
    return [(row[0], row[1], row[2]) for row in session.execute(rows.order_by(Absence.since, Absence.id))]


def enter(session: Session, leave: Leave, *, by: Actor, at: datetime) -> Absence:
    """Put a leave on record. Raises Refused with the field that is wrong."""
    _check_people(session, leave, by)
    _check_days(session, leave, at.astimezone(ZONE).date())
    made = Absence(person_id=leave.person_id, stand_in_id=leave.stand_in_id, since=leave.since)
    made.until, made.entered_by_id, made.entered_at = leave.until, by.id, at
    session.add(made)
    after = {"stand_in": leave.stand_in_id, "since": leave.since, "until": leave.until}
    facts.record(session, facts.Entry("person:away", f"person:{leave.person_id}", by, at, after=after))
    return made


def _check_people(session: Session, leave: Leave, by: Actor) -> None:
    if session.scalar(select(Person.id).where(Person.id == leave.person_id, may_enter_for(by))) is None:
        raise Refused("只能登记本人，单位负责人、联络员可以登记本单位的人", "person")
    if leave.stand_in_id == leave.person_id:
        raise Refused("代办人不能是本人", "stand_in")
    unit = select(Person.unit_id).where(Person.id == leave.person_id).scalar_subquery()
    fit = select(Person.id).where(Person.id == leave.stand_in_id, Person.active, Person.unit_id == unit)
    if session.scalar(fit) is None:
        raise Refused("代办人应是同一单位在用的人员", "stand_in")


def _check_days(session: Session, leave: Leave, today: date) -> None:
    if leave.until < leave.since:
        raise Refused("结束日期不能早于开始日期", "until")
    if leave.until < today:
        raise Refused("外出已经结束，不用登记", "until")
    if (leave.until - leave.since).days >= LONGEST:
        raise Refused("一次最多登记一年", "until")
    clash = select(Absence.id).where(
        Absence.person_id == leave.person_id,
        Absence.withdrawn_at.is_(None),
        Absence.since <= leave.until,
        Absence.until >= leave.since,
    )
    if session.scalar(clash.limit(1)) is not None:
        raise Refused("这几天已经登记过外出，请先撤销", "since")


def withdraw(session: Session, absence_id: int, *, by: Actor, at: datetime) -> bool:
    """Back earlier, or entered by mistake; False when it does not exist for this person."""
    rows = select(Absence).join(Person, Person.id == Absence.person_id)
    found = session.scalar(
        rows.where(Absence.id == absence_id, Absence.withdrawn_at.is_(None), may_enter_for(by))
    )
    if found is None:
        return False
    found.withdrawn_at = at
    facts.record(session, facts.Entry("person:back", f"person:{found.person_id}", by, at))
    return True
