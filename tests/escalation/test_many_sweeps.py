"""Any number of sweepers at once: the unique key makes a notice single, not a leader."""

import multiprocessing
import threading
from collections import Counter
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

from core import facts
from core.db import Database
from tests.conftest import KEY
from tests.escalation.scene import LAST, notices, started
from tests.escalation.workers import sweep_together
from tests.people import People

CLOCKS = 300
SWEEPERS = 3
SUBJECTS = [f"inquiry:{n}" for n in range(1, CLOCKS + 1)]


def _sweep_at_once(db: Database, pool: Executor, barrier: Any) -> int:
    url = db.url.render_as_string(hide_password=False)
    running = [pool.submit(sweep_together, url, KEY, LAST, barrier) for _ in range(SWEEPERS)]
    return sum(one.result(timeout=60) for one in running)


def _by_threads(db: Database) -> int:
    with ThreadPoolExecutor(SWEEPERS) as pool:
        return _sweep_at_once(db, pool, threading.Barrier(SWEEPERS))


def _by_processes(db: Database) -> int:
    spawn = multiprocessing.get_context("spawn")
    with spawn.Manager() as manager, ProcessPoolExecutor(SWEEPERS, mp_context=spawn) as pool:
        return _sweep_at_once(db, pool, manager.Barrier(SWEEPERS))


def _doubled(db: Database) -> list[tuple[int, str]]:
    seen = Counter((notice.clock_id, notice.rung) for notice in notices(db))
    return [key for key, times in seen.items() if times > 1]


def test_threads_that_sweep_at_once_write_each_notice_once(db: Database, people: People) -> None:
    started(db, people, *SUBJECTS)
    assert (_by_threads(db), _doubled(db)) == (CLOCKS * 6, [])


def test_processes_that_sweep_at_once_write_each_notice_once(db: Database, people: People) -> None:
    started(db, people, *SUBJECTS)
    assert (_by_processes(db), _doubled(db)) == (CLOCKS * 6, [])


def test_the_chain_of_facts_is_whole_after_sweeps_at_once(db: Database, people: People) -> None:
    started(db, people, *SUBJECTS)
    _by_threads(db)
    with db.reading() as session:
        assert list(facts.verify(session)) == []
