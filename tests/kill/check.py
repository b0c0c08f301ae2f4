"""After the last kill: sweep and deliver once more, then compare the database with the paper of the operators, with
the oracle, and with what the receiver wrote down."""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from core import facts
from core.clock import now
from core.db import Database
from core.facts import Fact
from escalation.models import Clock, Delivery, Notice, NoticeCopy, Outbox
from escalation.outbox import deliver
from escalation.sweep import sweep
from inquiries.models import Inquiry
from tests.kill import oracle
from tests.kill.children import Orders

STEP, STEPS = (
    timedelta(hours=1),
    200,
)  # of the drain: longer than any lease, and as often as eight tries may take
Pair = tuple[str, str]


@dataclass(frozen=True)
class Findings:
    """Counts of what is there; every field that begins with `fault_` must be 0."""

    accepted: int
    stored: int
    notices: int
    copies: int
    facts: int
    sent: int
    received: int
    received_again: int
    withdrawn: int
    fault_lost: int
    fault_cases_doubled: int
    fault_numbers_missing: int
    fault_notices_missing: int
    fault_notices_doubled: int
    fault_notices_unasked: int
    fault_notices_untold: int
    fault_undelivered: int
    fault_withdrawn_unasked: int
    fault_facts_of_notices: int
    fault_chain: int
    fault_database: int
    fault_troubles: int

    @property
    def faults(self) -> int:
        return sum(count for name, count in asdict(self).items() if name.startswith("fault_"))


def check(db: Database, orders: Orders, paper: Path, got: Path) -> Findings:
    """Drain, then look."""
    at = oracle.office_hour(now())
    sweep(db, at=at)
    _drain(db, orders)
    accepted = [line.split()[0] for line in paper.read_text().splitlines()]
    with db.reading() as session:
        cases = session.scalars(select(Inquiry)).all()
        issued = session.scalars(select(Notice)).all()
        titles = Counter(case.title for case in cases)  # the operators wrote each key as the title
        return Findings(
            accepted=len(accepted),
            stored=len(cases),
            notices=len(issued),
            copies=_count(session, NoticeCopy.id),
            facts=_count(session, Fact.seq),
            fault_lost=sum(key not in titles for key in accepted),
            fault_cases_doubled=sum(times - 1 for times in titles.values()),
            fault_numbers_missing=_gaps([case.number for case in cases]),
            fault_facts_of_notices=abs(_notice_facts(session) - len(issued)),
            fault_chain=len(list(facts.verify(session))),
            fault_database=_damage(db, session),
            fault_troubles=len(orders.troubles.read_text().splitlines()),
            **_notice_faults(session, issued, at),
            **_delivery_faults(session, issued, _received(got)),
        )


def _drain(db: Database, orders: Orders) -> None:
    """Until nothing waits; leases and waits of the last killed ones run out in hours that are not waited for."""
    at = orders.hurried()
    for _step in range(STEPS):
        while deliver(db, orders.config, at=at).claimed:
            pass
        with db.reading() as session:
            if not session.scalar(select(Outbox.id).where(Outbox.state == Delivery.PENDING).limit(1)):
                return
        at += STEP


def _notice_faults(session: Session, issued: list[Notice], at: datetime) -> dict[str, int]:
    seen = Counter((notice.clock_id, notice.rung) for notice in issued)
    wanted = {
        (clock.id, rung)
        for clock in session.scalars(select(Clock))
        for rung in oracle.rungs(clock.started_at, at)
    }
    told = set(session.scalars(select(NoticeCopy.notice_id)))
    return {
        "fault_notices_missing": len(wanted - seen.keys()),
        "fault_notices_doubled": sum(times - 1 for times in seen.values()),
        "fault_notices_unasked": len(seen.keys() - wanted),
        "fault_notices_untold": sum(not n.superseded and n.id not in told for n in issued),
    }


def _received(got: Path) -> Counter[Pair]:
    """How often each notice number came in under each key; a digest names many."""
    lines = [line.split() for line in got.read_text().splitlines()]
    return Counter((key, number) for key, *numbers in lines for number in numbers)


def _delivery_faults(session: Session, issued: list[Notice], received: Counter[Pair]) -> dict[str, int]:
    """The receiver's own log is the truth: what the outbox calls sent must stand in it, and nothing may wait."""
    numbers = {notice.id: notice.number for notice in issued}
    rows = session.scalars(select(Outbox)).all()
    gone = [row for row in rows if row.state is Delivery.WITHDRAWN]
    there = {(row.batch or "", numbers[row.notice_id]) for row in rows} & received.keys()
    queued = {row.notice_id for row in rows}
    arrived = {number for _key, number in there}
    untrue = {row.id for row in gone if _overtaken(row.notice_id, issued)}
    missing = [row for row in rows if numbers[row.notice_id] not in arrived and row.id not in untrue]
    return {
        "sent": sum(row.state is Delivery.SENT for row in rows),
        "received": received.total(),
        "received_again": received.total() - len(arrived),
        "withdrawn": len(gone),
        "fault_undelivered": len(missing) + sum(not n.superseded and n.id not in queued for n in issued),
        "fault_withdrawn_unasked": len(gone) - len(untrue),
    }


def _overtaken(notice_id: int, issued: list[Notice]) -> bool:
    """Whether a higher rung of the same clock was issued later: the one reason in this run to hold a notice back."""
    held = next(notice for notice in issued if notice.id == notice_id)
    return any(n.clock_id == held.clock_id and n.moment > held.moment for n in issued)


def _count(session: Session, column: object) -> int:
    return session.scalar(select(func.count(column))) or 0


def _notice_facts(session: Session) -> int:
    return session.scalar(select(func.count()).where(Fact.act == "notice:issue")) or 0


def _gaps(numbers: list[str]) -> int:
    """Registers have no holes: of each day's numbers none may be missing."""
    last: Counter[str] = Counter()
    for number in numbers:
        day, _dash, count = number.rpartition("-")
        last[day] = max(last[day], int(count))
    return sum(last.values()) - len(numbers)


def _damage(db: Database, session: Session) -> int:
    if not db.is_sqlite:
        return 0
    whole = session.scalars(text("PRAGMA integrity_check")).all() == ["ok"]
    strays = session.execute(text("PRAGMA foreign_key_check")).all()
    return len(strays) + (not whole)
