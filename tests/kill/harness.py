"""Web, two sweeps, two deliverers, two operators, a faulty receiver; the first five are killed with SIGKILL."""

import multiprocessing
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from core.clock import now
from core.config import ROOT, Config
from core.db import Database
from core.vault import open_vault
from tests.kill import broken, check, children, points
from tests.kill.client import Operator, wait_for
from tests.kill.county import Login, settle
from tests.ports import free_port

SLOTS = {"web": "web", "sweep 1": "sweep", "sweep 2": "sweep", "deliver 1": "deliver", "deliver 2": "deliver"}
TARGETS = {"web": children.web, "sweep": children.sweeper, "deliver": children.deliverer}
LONGEST_RANDOM = 0.12  # seconds a victim lives on after it was chosen
LONGEST_ARMED = 3.0  # seconds until one of the armed must have reached its point
BEHIND = timedelta(minutes=30)  # by so much the clock of a sweep may be behind
OPERATORS = 2
FAIL = LOSE = 0.05


@contextmanager
def database(server: str) -> Iterator[str]:
    """The address of an empty database: "" for SQLite, else one made on the server and dropped afterwards."""
    if not server:
        yield ""
        return
    name = f"huiyin_kill_{time.time_ns()}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@contextmanager
def receiver(folder: Path, seed: int) -> Iterator[tuple[int, Path]]:
    """The other side, a process of its own that nobody kills: its port, and the file of what it accepted."""
    port, got = free_port(), folder / "received.txt"
    got.touch()
    command = [sys.executable, "-m", "tests.escalation.receiver", "--port", port, "--log", got]
    command += ["--fail", FAIL, "--lose", LOSE, "--seed", seed]
    process = subprocess.Popen([str(word) for word in command], cwd=ROOT)
    try:
        wait_for(port)
        yield port, got
    finally:
        process.kill()
        process.wait()


@dataclass
class Tally:
    """How the processes ended."""

    at_points: Counter[str] = field(default_factory=Counter)
    at_random: int = 0
    crashed: int = 0
    tries: int = 0
    strange: Counter[str] = field(default_factory=Counter)

    @property
    def kills(self) -> int:
        return self.at_points.total() + self.at_random

    @property
    def fewest(self) -> int:
        """How often the rarest of all points was reached."""
        return min(self.at_points[name] for name in points.ALL)


class Harness:
    """A run against one database in one folder; `build` is "" or the name of a broken build.

    With a `focus` processes die at these points only: a broken build shows its fault after few kills.
    """

    def __init__(
        self, folder: Path, url: str, *, seed: int, build: str = "", focus: Sequence[str] = ()
    ) -> None:
        self.config = Config(instance=folder, database_url=url, port=free_port())
        self.db = Database(self.config.url, open_vault(self.config.keys))
        self.tally, self.paper = Tally(), folder / "accepted.txt"
        self.orders = children.Orders(self.config, now(), folder / "troubles.txt", build)
        self.orders.troubles.touch()
        self._seed, self._random = seed, random.Random(seed)
        self._fork = multiprocessing.get_context("forkserver")
        self._fork.set_forkserver_preload([children.__name__])
        self._arms: dict[str, points.Arm] = {}
        self._running: dict[str, BaseProcess] = {}
        self._points = focus or points.ALL
        self._focused = bool(focus)
        self._often = 0  # each point is reached so often before processes are armed no more

    def run(self, kills: int) -> check.Findings:
        self._often = kills if self._focused else -(-kills // (2 * len(points.ALL)))
        with receiver(self.config.instance, self._seed) as (port, got):
            self.config = replace(self.config, outbound_hosts=f"127.0.0.1:{port}@private")
            self.orders = replace(self.orders, config=self.config)
            login = settle(self.db, self.config, f"http://127.0.0.1:{port}/")
            broken.unlock(self.db, self.orders.build)
            self.db.dispose()
            self._work(login, kills)
            return check.check(self.db, self.orders, self.paper, got)

    def _work(self, login: Login, kills: int) -> None:
        for slot, kind in SLOTS.items():
            self._start(slot, armed=kind != "web")  # the operators must be able to sign in
        wait_for(self.config.port)
        operators = [Operator(self.config.port, login, self.paper, self._seed + n) for n in range(OPERATORS)]
        for operator in operators:
            operator.sign_in()
            operator.start()
        if self._focused:
            self._bury("web")  # from now on it may be armed
        while (left := kills - self.tally.kills) > 0:
            wanted = kills / 2 - self.tally.at_points.total()
            self._kill_one(at_point=self._focused or self._random.random() < wanted / left)
        for operator in operators:
            operator.stop()
            self.tally.tries += operator.tries
            self.tally.strange += operator.strange
        self._end()

    def _start(self, slot: str, *, armed: bool = True) -> None:
        """Armed with the point that was reached least often, while there is one that was reached too rarely."""
        kind = SLOTS[slot]
        name = self._rarest(slot, kind) if armed else ""
        self._arms[slot] = points.Arm(kind, name, self._random.randint(1, 3))
        orders = replace(self.orders, behind=self._random.choice([timedelta(), BEHIND]))
        process = self._fork.Process(target=TARGETS[kind], args=(orders, self._arms[slot]), daemon=True)
        self._running[slot] = process
        process.start()

    def _rarest(self, slot: str, kind: str) -> str:
        """The point to die at; "" when every one was reached often enough."""
        under_arms = {arm.name for other, arm in self._arms.items() if other != slot and arm.kind == kind}
        mine = [name for name in points.names(kind) if f"{kind}: {name}" in self._points]
        rare = {name: self.tally.at_points[f"{kind}: {name}"] for name in mine}
        least = min(rare, key=lambda n: (rare[n] + (n in under_arms), self._random.random()), default="")
        return least if least and rare[least] < self._often else ""

    def _kill_one(self, *, at_point: bool) -> None:
        if at_point:
            armed = [process.sentinel for slot, process in self._running.items() if self._arms[slot].name]
            wait(armed, LONGEST_ARMED)
        else:
            time.sleep(self._random.uniform(0, LONGEST_RANDOM))
        dead = [slot for slot, process in self._running.items() if not process.is_alive()]
        if dead or not self._focused:
            self._bury(self._random.choice(dead or list(SLOTS)))

    def _bury(self, slot: str) -> None:
        victim, arm = self._running[slot], self._arms[slot]
        itself = not victim.is_alive()
        victim.kill()
        victim.join()
        if victim.exitcode != -signal.SIGKILL:
            self.tally.crashed += 1
        elif itself and arm.name:
            self.tally.at_points[f"{arm.kind}: {arm.name}"] += 1
        else:
            self.tally.at_random += 1
        self._start(slot)

    def _end(self) -> None:
        for process in self._running.values():
            process.kill()
            process.join()
