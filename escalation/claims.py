"""Taking the next message out of the outbox: all that is due for one target, still true, under a lease.

Whoever takes locks the row of the target, so that one target is taken by one deliverer at a time, and the limit of a
robot holds for all of them together.
"""

import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.config import Config
from core.db import Database, locked_row
from core.people import Person
from escalation import digest, pace, tries
from escalation.courier import Way
from escalation.digest import Item, Letter
from escalation.models import PENDING, Delivery, Notice, NoticeCopy, Outbox
from escalation.posting import EMAIL
from escalation.route_models import ROBOTS, OutboxTarget, Route, RouteKind
from escalation.routes import way_of
from escalation.validity import Told, Validity, told, told_rows

TRIES = 8
LEASE = timedelta(minutes=5)  # more than twice what the slowest talk may take
CUT_SHORT = "发送中断，没有结果"


@dataclass(frozen=True)
class Parcel:
    """One due row with the notice as it stands now."""

    row: Outbox
    told: Told
    copy_id: int | None


@dataclass(frozen=True)
class Batch:
    """One message, ours until the lease runs out. `attempts` counts this try, by row."""

    lease: str
    target: str
    way: Way
    letter: Letter
    attempts: dict[int, int]


@dataclass(frozen=True)
class Claim:
    """What was found for one target: a message, or only rows that are not to be sent."""

    batch: Batch | None
    withdrawn: int
    dead: int


def claim(db: Database, config: Config, *, at: datetime) -> Claim | None:
    """The target whose turn it is; None when nothing is due."""
    whose = select(Outbox.target).where(PENDING, Outbox.next_at <= at).order_by(Outbox.next_at).limit(1)
    with db.reading() as session:
        if session.scalar(whose) is None:
            return None
    with db.writing() as session:
        target = session.scalar(whose)
        return _take(session, target, config, at) if target else None


def _take(session: Session, target: str, config: Config, at: datetime) -> Claim:
    place = locked_row(session, OutboxTarget, {"target": target}, {"recent": ""})
    due = _due(session, target, at)
    way = _way(session, due[0].row, config) if due else ""
    left, aside = _sorted_out(session, due, way if isinstance(way, str) else "")
    batch = None
    if left and not isinstance(way, str) and _may_go(session, place, way, at):
        batch = _lease(session, way, left, config, at)
    return Claim(batch, aside[Delivery.WITHDRAWN], aside[Delivery.DEAD])


def _due(session: Session, target: str, at: datetime) -> list[Parcel]:
    """A message that was begun and has no answer comes first, as it was; else all that is due, the highest first."""
    mine = (PENDING, Outbox.target == target, Outbox.next_at <= at)
    begun = select(Outbox.batch).where(*mine, Outbox.batch.is_not(None)).order_by(Outbox.next_at, Outbox.id)
    key = session.scalar(begun.limit(1))
    query = told_rows(Outbox, NoticeCopy.id).join(Outbox, Outbox.notice_id == Notice.id)
    theirs = (NoticeCopy.notice_id == Outbox.notice_id) & (NoticeCopy.person_id == Outbox.person_id)
    query = query.outerjoin(NoticeCopy, theirs).where(
        *mine, Outbox.batch == key if key else Outbox.batch.is_(None)
    )
    rows = session.execute(query.order_by(Outbox.id).limit(digest.MOST))
    found = [Parcel(row[4], told(row), row[5]) for row in rows]
    return sorted(found, key=lambda parcel: parcel.told.notice.due_at - parcel.told.notice.moment)


def _way(session: Session, row: Outbox, config: Config) -> Way | str:
    """How to reach the target, or why it cannot be reached any more."""
    if row.channel != EMAIL:
        route = session.get(Route, row.route_id)
        return way_of(session, route) if route and route.active else "渠道已停用"
    person = session.get(Person, row.person_id)
    if not config.mails:
        return "没有设置邮件服务器"
    if person is None or not (person.active and person.email):
        return "收件人已停用或没有邮箱"
    return Way(RouteKind.EMAIL, person.email, person.name)


def _sorted_out(
    session: Session, due: Sequence[Parcel], closed: str
) -> tuple[list[Parcel], Counter[Delivery]]:
    """Those that may go. The others are set aside with the reason, for the evidence; how many of each kind."""
    left: list[Parcel] = []
    aside: dict[tuple[Delivery, str], list[int]] = defaultdict(list)
    for parcel in due:
        verdict = _verdict(parcel, closed)
        aside[verdict].append(parcel.row.id) if verdict else left.append(parcel)
    for (state, words), ids in aside.items():
        _update(session, ids, state=state, lease=None, last_answer=words)
    return left, Counter(state for (state, _words), ids in aside.items() for _id in ids)


def _verdict(parcel: Parcel, closed: str) -> tuple[Delivery, str] | None:
    """Why a row is not to be sent; None when it is."""
    if closed:
        return Delivery.WITHDRAWN, closed
    if parcel.told.validity is not Validity.CURRENT:
        return Delivery.WITHDRAWN, parcel.told.validity.label
    if parcel.row.attempts >= TRIES:  # the last try never came to its end
        return Delivery.DEAD, CUT_SHORT
    return None


def _may_go(session: Session, place: OutboxTarget, way: Way, at: datetime) -> bool:
    """Within the limit of a robot; what is over it comes back when a message may go."""
    free = pace.take_slot(place, at) if way.kind in ROBOTS else None
    if free is not None:
        late = update(Outbox).where(PENDING, Outbox.target == place.target, Outbox.next_at <= at)
        session.execute(
            late.values(next_at=free, lease=None), execution_options={"synchronize_session": False}
        )
    return free is None


def _lease(session: Session, way: Way, left: Sequence[Parcel], config: Config, at: datetime) -> Batch:
    key, lease = left[0].row.batch, secrets.token_hex(8)
    letter = Letter(
        key=key or secrets.token_hex(8),
        again=key is not None,
        items=[Item.of(parcel.told, parcel.copy_id) for parcel in left],
    )
    count = digest.fitting(way.kind, letter, config.site)
    rows, letter = [parcel.row for parcel in left[:count]], letter.first(count)
    begun = tries.begun(at, letter.key)
    taken = {"lease": lease, "batch": letter.key, "next_at": at + LEASE}
    _update(
        session, [row.id for row in rows], **taken, attempts=Outbox.attempts + 1, tries=Outbox.tries + begun
    )
    return Batch(lease, rows[0].target, way, letter, {row.id: row.attempts + 1 for row in rows})


def _update(session: Session, ids: Iterable[int], **values: Any) -> None:
    change = update(Outbox).where(Outbox.id.in_(ids)).values(**values)
    session.execute(change, execution_options={"synchronize_session": False})
