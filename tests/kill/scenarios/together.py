"""Several sweepers at once over one due set: started by a barrier, round after round, each rung a new due set."""

import multiprocessing
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from core.clock import now
from core.config import Config
from core.db import Database
from core.vault import open_vault
from escalation.sweep import sweep
from tests.kill import broken, children, oracle
from tests.kill.scenarios import Outcome
from tests.kill.scenarios.stage import faults_of, filled

LONG_AGO = timedelta(days=40)  # every rung of a call received then has passed
Span = tuple[float, float]


@dataclass
class Report:
    """What one sweeper did: notices of each round, when its transactions began and ended, the seconds of all rounds,
    and those in which it held the end of the chain, so that every other writer had to wait for its commit."""

    notices: list[int] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    seconds: float = 0.0
    held: float = 0.0


def together(
    url: str, folder: Path, *, clocks: int = 2000, sweepers: int = 2, rounds: int = 6, build: str = ""
) -> Outcome:
    """0 notices doubled or missing; the transactions of the sweepers must really have overlapped."""
    received = now() - LONG_AGO
    db, config = filled(url, folder, [received] * clocks)
    broken.unlock(db, build)
    moments = sorted(oracle.moments(received).values())[:rounds]
    reports = _run(config, moments, sweepers, build)
    outcome = Outcome(faults=faults_of(db, moments[-1]))
    shares = [sum(report.notices) for report in reports]
    overlaps = _overlaps([report.spans for report in reports])
    seconds = max(report.seconds for report in reports)
    outcome.figures = {"clocks": clocks, "rounds": rounds, "notices": sum(shares), "shares": shares}
    outcome.figures |= {"transactions that overlapped": overlaps, "seconds": round(seconds, 2)}
    outcome.figures["notices per second"] = round(sum(shares) / seconds)
    inside = sum(end - begin for report in reports for begin, end in report.spans)
    outcome.figures["share of its transactions that holds the chain"] = round(
        sum(report.held for report in reports) / inside, 2
    )
    outcome.faults["sweepers without a share"] = sum(not share for share in shares)
    if sweepers > 1 and not db.is_sqlite:  # on SQLite writers queue: there they take turns
        outcome.faults["no transaction overlapped"] = int(not overlaps)
    db.dispose()
    return outcome


def _run(config: Config, moments: list[datetime], sweepers: int, build: str) -> list[Report]:
    fork = multiprocessing.get_context("forkserver")
    fork.set_forkserver_preload([children.__name__])
    barrier, reports = fork.Barrier(sweepers), fork.Queue()
    processes = [
        fork.Process(target=_sweeper, args=(config, moments, barrier, reports, build), daemon=True)
        for _ in range(sweepers)
    ]
    for process in processes:
        process.start()
    found = [reports.get(timeout=120) for _ in processes]
    for process in processes:
        process.join()
    return found


def _sweeper(config: Config, moments: list[datetime], barrier: Any, reports: Any, build: str) -> None:
    db = Database(config.url, open_vault(config.keys))
    broken.install(build)
    report = Report()
    _watch(db, report)
    for moment in moments:
        barrier.wait(60)
        started = time.monotonic()
        report.notices.append(sweep(db, at=moment).notices)
        report.seconds += time.monotonic() - started
    db.dispose()
    reports.put(report)


def _watch(db: Database, report: Report) -> None:
    began, taken = [0.0], [0.0]

    def begin(_connection: Any) -> None:
        began[0] = time.monotonic()

    def executed(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "FROM fact_tip" in statement:
            taken[0] = time.monotonic()

    def commit(_connection: Any) -> None:
        report.spans.append((began[0], time.monotonic()))

    def committed(_session: Session) -> None:
        """Only those that wrote facts."""
        report.held += time.monotonic() - taken[0] if taken[0] else 0.0
        taken[0] = 0.0

    event.listen(db.engine, "begin", begin)
    event.listen(db.engine, "after_cursor_execute", executed)
    event.listen(db.engine, "commit", commit)
    event.listen(Session, "after_commit", committed)


def _overlaps(spans: list[list[Span]]) -> int:
    """How many transactions of the first sweeper were open while another sweeper's was."""
    others = [span for one in spans[1:] for span in one]
    return sum(any(begin < end_ and begin_ < end for begin_, end_ in others) for begin, end in spans[0])
