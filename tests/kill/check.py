"""After the last kill: sweep once more, then compare the database with the paper and with the oracle."""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from core import facts
from core.clock import now
from core.db import Database
from core.facts import Fact
from escalation.models import Clock, Notice, NoticeCopy
from escalation.sweep import sweep
from inquiries.models import Inquiry
from tests.kill import oracle


@dataclass(frozen=True)
class Findings:
    """Counts of what is there; every field that begins with `fault_` must be 0."""

    accepted: int
    stored: int
    notices: int
    copies: int
    facts: int
    fault_lost: int
    fault_cases_doubled: int
    fault_numbers_missing: int
    fault_notices_missing: int
    fault_notices_doubled: int
    fault_notices_unasked: int
    fault_notices_undelivered: int
    fault_facts_of_notices: int
    fault_chain: int
    fault_database: int

    @property
    def faults(self) -> int:
        return sum(count for name, count in asdict(self).items() if name.startswith("fault_"))


def check(db: Database, paper: Path) -> Findings:
    """Drain, then look."""
    at = now()
    sweep(db, at=at)
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
            **_notice_faults(session, issued, at),
        )


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
        "fault_notices_undelivered": sum(not n.superseded and n.id not in told for n in issued),
    }


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
