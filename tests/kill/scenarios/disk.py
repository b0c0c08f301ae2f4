"""The disk is full: a file system of a few megabytes, filled to its last byte while calls come in and a sweep runs."""

import errno
import multiprocessing
import os
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

from sqlalchemy import select

from core.clock import now
from core.config import Config
from core.db import Database
from core.vault import open_vault
from inquiries.models import Inquiry
from tests.kill import children, oracle, points
from tests.kill.client import Operator, wait_for
from tests.kill.county import settle
from tests.kill.scenarios import Outcome
from tests.kill.scenarios.stage import faults_of
from tests.ports import free_port

SIZE = "6m"
SOON = 30.0  # seconds in which the sweep must have caught up, without a restart
WHY_NOT = "a small file system cannot be mounted here"


def can_mount(folder: Path) -> bool:
    """Only root may, and not in every container."""
    with _mounted(folder / "try") as small:
        return small is not None


def disk(_url: str, folder: Path, *, posts: int = 40) -> Outcome:
    """Calls before, while it is full, and after; SQLite. What is answered with yes is stored, with no is not."""
    with _mounted(folder / "small") as small:
        if small is None:
            raise OSError(WHY_NOT)
        config = Config(instance=small, port=free_port())
        db = Database(config.url, open_vault(config.keys))
        login = settle(db, config, "")
        with _processes(children.Orders(config, now(), folder / "troubles.txt", patient=True)) as sweeping:
            outcome = _posts(config, login, folder, posts)
            outcome.faults |= _caught_up(db)
            outcome.faults["sweep that had to be started anew"] = int(not sweeping.is_alive())
        _compare(db, outcome)
        db.dispose()
    return outcome


def _posts(config: Config, login: tuple[str, str], folder: Path, posts: int) -> Outcome:
    wait_for(config.port)
    operator = Operator(config.port, login, folder / "accepted.txt", 1)
    operator.sign_in()
    before, titles = _send(operator, posts // 2)
    with _full(config.instance):
        full, more = _send(operator, posts)
    after, last = _send(operator, posts // 2)
    operator.close()
    answers = {"before": dict(before), "while full": dict(full), "after": dict(after)}
    outcome = Outcome(answers | {"yes": titles[303] + more[303] + last[303], "no": more[503]})
    outcome.faults["refused before or after"] = posts // 2 * 2 - before[303] - after[303]
    outcome.faults["neither yes nor 503"] = posts - full[303] - full[503]
    outcome.faults["the disk was not full"] = int(full[503] < posts * 3 // 4)
    return outcome


def _send(operator: Operator, count: int) -> tuple[Counter[int], dict[int, list[str]]]:
    """How often each status was answered, and the titles behind each."""
    calls = [operator.new_call() for _ in range(count)]
    titles: dict[int, list[str]] = {int(HTTPStatus.SEE_OTHER): [], int(HTTPStatus.SERVICE_UNAVAILABLE): []}
    for call in calls:
        titles.setdefault(operator.post(call), []).append(call["title"])
    return Counter({status: len(found) for status, found in titles.items() if found}), titles


def _compare(db: Database, outcome: Outcome) -> None:
    with db.reading() as session:
        stored = set(session.scalars(select(Inquiry.title)))
    yes, no = outcome.figures.pop("yes"), outcome.figures.pop("no")
    outcome.faults["accepted and lost"] = len(set(yes) - stored)  # type: ignore[call-overload]
    outcome.faults["refused and stored"] = len(set(no) & stored)  # type: ignore[call-overload]
    outcome.figures["stored"] = len(stored)


def _caught_up(db: Database) -> dict[str, int]:
    """The faults that are left when the sweep has had its time."""
    end = time.monotonic() + SOON
    while any((found := faults_of(db, oracle.office_hour(now()))).values()) and time.monotonic() < end:
        time.sleep(0.2)
    return found


@contextmanager
def _processes(orders: children.Orders) -> Iterator[multiprocessing.process.BaseProcess]:
    """Web and sweep; the sweep is handed back."""
    orders.troubles.touch()
    fork = multiprocessing.get_context("forkserver")
    fork.set_forkserver_preload([children.__name__])
    targets = {"web": children.web, "sweep": children.sweeper}
    made = [fork.Process(target=t, args=(orders, points.Arm(k)), daemon=True) for k, t in targets.items()]
    for process in made:
        process.start()
    try:
        yield made[1]
    finally:
        for process in made:
            process.kill()
            process.join()


@contextmanager
def _mounted(folder: Path) -> Iterator[Path | None]:
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        done = False
    try:
        yield folder if done else None
    finally:
        if done:
            subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def _full(folder: Path) -> Iterator[None]:
    """Ballast to the last byte: that it was the last is what ENOSPC says."""
    ballast = folder / "ballast"
    handle = os.open(ballast, os.O_WRONLY | os.O_CREAT)
    try:
        for size in (65536, 4096, 1):
            _fill(handle, b"x" * size)
        yield
    finally:
        os.close(handle)
        ballast.unlink()


def _fill(handle: int, block: bytes) -> None:
    while True:
        try:
            os.write(handle, block)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            return
