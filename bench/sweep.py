"""What the sweep costs: with nothing due, with one clock in a hundred due, and against its floor."""

import hashlib
import hmac
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bench.fill import KEY, County, county_db, fill, two_readers
from bench.show import load, median_of, ms, say, timed
from core.db import Database
from escalation.sweep import sweep

SIZES = (10_000, 100_000, 1_000_000)
NOTICES = 10_000
ROUNDS = 3
Measured = tuple[float, float, float]
TABLES = ("notice", "notice_copy", "outbox", "fact")


def sweep_idle() -> None:
    """Nothing due, then 1 % due, at three sizes."""
    say("sweep: open clocks | fill s | nothing due ms | 1 % due ms | notices | ms for each notice")
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            say(_idle_row(Path(folder), size))


def _idle_row(folder: Path, size: int) -> str:
    started = time.perf_counter()
    county = fill(county_db(folder), size, early_every=100)
    filled = time.perf_counter() - started
    sweep(county.db, at=county.quiet)  # leaves the first heartbeat
    idle = median_of(lambda: sweep(county.db, at=county.quiet), rounds=30)
    started = time.perf_counter()
    counts = sweep(county.db, at=county.busy)
    busy = time.perf_counter() - started
    county.db.dispose()
    each = ms(busy / counts.notices)
    return f"{size:>9,} | {filled:.1f} | {ms(idle)} | {ms(busy)} | {counts.notices:,} | {each}"


def sweep_floor() -> None:
    """10,000 notices with facts, two copies and two rows of the outbox each, against the same rows by bare executemany
    with a chained HMAC, in one transaction."""
    rounds = sorted((_swept(), _swept(beside=True)) for _ in range(ROUNDS))
    alone, floor, _longest = rounds[ROUNDS // 2][0]
    say(
        f"sweep: {NOTICES:,} notices with copies, outbox and facts {alone:.2f} s, floor {floor:.2f} s{load()}"
    )
    say(f"  ratio {alone / floor:.1f} (middle of {ROUNDS} rounds: {_ratios(rounds)})")
    waits = [beside[2] for _alone, beside in rounds]
    say(f"  longest wait of another writer beside it: {', '.join(map(ms, waits))} ms{load()}")


def _ratios(rounds: list[tuple[Measured, Measured]]) -> str:
    return ", ".join(f"{taken / floor:.1f}" for (taken, floor, _longest), _beside in rounds)


def _swept(*, beside: bool = False) -> Measured:
    """Seconds of the sweep, seconds of its floor, and how long a writer beside it had to wait at most."""
    with tempfile.TemporaryDirectory() as folder:
        county = _county(Path(folder))
        waits = _Waits(county.db, every=0.02 if beside else 3600)
        waits.start()
        taken = timed(lambda: sweep(county.db, at=county.busy))
        longest = waits.stop()
        floor = _floor(county)
        county.db.dispose()
    return taken, floor, longest


def _county(folder: Path) -> County:
    """Ten times as many open clocks as are due, and two people with addresses who hear of them."""
    county = fill(county_db(folder), NOTICES * 10, early_every=10)
    two_readers(county.db)
    return county


class _Waits(threading.Thread):
    """Another writer: a small act every so many seconds; keeps the longest time from asking to writing."""

    def __init__(self, db: Database, *, every: float) -> None:
        super().__init__()
        self._db, self._every, self._done, self._longest = db, every, threading.Event(), 0.0

    def run(self) -> None:
        while not self._done.wait(self._every):
            started = time.perf_counter()
            with self._db.writing() as session:
                session.execute(text("UPDATE counter SET value = value"))
                self._longest = max(self._longest, time.perf_counter() - started)

    def stop(self) -> float:
        self._done.set()
        self.join()
        return self._longest


def _floor(county: County) -> float:
    """The same rows into an empty twin: one transaction, the driver's executemany, one HMAC for each fact."""
    rows = {table: _rows(county.db, table) for table in TABLES}
    with tempfile.TemporaryDirectory() as folder:
        twin = _county(Path(folder)).db
        raw = twin.engine.raw_connection()
        raw.driver_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]
        taken = timed(lambda: _write(raw.driver_connection, rows))
        twin.dispose()
    return taken


def _rows(db: Database, table: str) -> list[tuple[Any, ...]]:
    where = " WHERE act = 'notice:issue'" if table == "fact" else ""
    raw = db.engine.raw_connection()
    found = raw.driver_connection.execute(f"SELECT * FROM {table}{where}")  # type: ignore[union-attr]  # noqa: S608
    return [tuple(row) for row in found.fetchall()]


def _write(connection: Any, rows: dict[str, list[tuple[Any, ...]]]) -> None:
    mac = bytes(32)
    connection.execute("BEGIN IMMEDIATE")
    for table, values in rows.items():
        if table == "fact":
            for row in values:
                mac = hmac.digest(KEY, mac + repr(row).encode(), hashlib.sha256)
        marks = ", ".join("?" * len(values[0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", values)  # noqa: S608  # our own tables
    moved = [(None, row[1]) for row in rows["notice"]]
    connection.executemany("UPDATE clock SET next_at = ? WHERE id = ?", moved)
    connection.execute("COMMIT")
