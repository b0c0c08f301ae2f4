"""Writing notices: in-app copies and outbox rows stand in the transaction of the act that caused them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Table
from sqlalchemy.orm import Session

from core import facts
from core.db import insert_of, put_rows
from core.people import Actor
from escalation.audience import Audience
from escalation.models import Clock, Notice, NoticeCopy, Outbox
from escalation.posting import Heard, Row, Ways, roles_of

NOTICE: Table = Notice.__table__  # type: ignore[assignment]
ONCE = ["clock_id", "rev", "rung"]


def notify(
    session: Session,
    clock: Clock,
    key: str,
    *,
    title: str,
    text: str,
    to: Sequence[int],
    by: Actor,
    at: datetime,
) -> Notice | None:
    """One notice that no rung caused, to these people; None when this clock's revision has the key already.

    The title goes outside as well: no word of a citizen may stand in it. The text stays inside.
    """
    row = _row(clock, key, at) | {"title": title, "text": text, "by_id": by.id}
    written = insert_new(session, [row])
    if not written:
        return None
    notice_id = written[0][0]
    copies = [{"notice_id": notice_id, "person_id": person_id} for person_id in dict.fromkeys(to)]
    heard = {notice_id: Heard(clock.unit_id, roles_of(session, to))}
    post(session, copies, heard, Audience(session), at)
    facts.record(session, issued(clock.subject, notice_id, row, [c["person_id"] for c in copies], by, at))
    return session.get(Notice, notice_id)


def _row(clock: Clock, key: str, at: datetime) -> Row:
    row = {"clock_id": clock.id, "rev": clock.rev, "rung": key, "unit_id": clock.unit_id}
    row |= {"due_at": clock.due_at, "moment": at, "issued_at": at, "superseded": False}
    return row


def insert_new(session: Session, rows: list[Row]) -> list[tuple[int, int, str]]:
    """Only what was not there yet comes back: (notice id, clock id, rung)."""
    if not rows:
        return []
    blank = {"title": "", "text": "", "by_id": None, "paper": None}
    query = insert_of(session)(NOTICE).on_conflict_do_nothing(index_elements=ONCE)
    full = [blank | row for row in rows]
    found = session.connection().execute(query.returning(NOTICE.c.id, NOTICE.c.clock_id, NOTICE.c.rung), full)
    return sorted((row.id, row.clock_id, row.rung) for row in found)


def post(
    session: Session, copies: list[Row], heard: Mapping[int, Heard], people: Audience, at: datetime
) -> None:
    """The copies of the inboxes, and what goes outside; `heard` says of each notice whom it is for."""
    put_rows(session, NoticeCopy, copies)
    put_rows(session, Outbox, list(Ways(session).rows(copies, heard, people.with_email, at)))


def issued(
    subject: str, notice_id: int, row: Row, told: Sequence[int], by: Actor, at: datetime
) -> facts.Entry:
    """The fact that a notice was written."""
    after = {"notice": notice_id, "rung": row["rung"], "rev": row["rev"], "due_at": row["due_at"], "to": told}
    return facts.Entry("notice:issue", subject, by, at, after=after)
