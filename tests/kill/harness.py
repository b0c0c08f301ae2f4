"""One web process, two sweeps, two operators; the processes are killed with SIGKILL at moments drawn."""

import multiprocessing
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlalchemy import create_engine, make_url, text, update

from core import migrate
from core.clock import now
from core.config import Config
from core.db import Database
from core.people import Person
from core.vault import open_vault
from inquiries import county
from tests.kill import check, children, points
from tests.kill.client import Operator, wait_for
from tests.ports import free_port

SLOTS = {"web": "web", "sweep 1": "sweep", "sweep 2": "sweep"}
LONGEST_RANDOM = 0.12  # seconds a victim lives on after it was chosen
LONGEST_ARMED = 1.5  # seconds to reach its point
OPERATORS = 2


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
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


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


class Harness:
    """A run against one database in one folder; `build` is "" or the name of a broken build."""

    def __init__(self, folder: Path, url: str, *, seed: int, build: str = "") -> None:
        self.config = Config(instance=folder, database_url=url, port=free_port())
        self.db = Database(self.config.url, open_vault(self.config.keys))
        self.tally, self.paper = Tally(), folder / "accepted.txt"
        self._seed, self._random, self._build = seed, random.Random(seed), build
        self._fork = multiprocessing.get_context("forkserver")
        self._fork.set_forkserver_preload([children.__name__])
        self._arms: dict[str, points.Arm] = {}
        self._running: dict[str, BaseProcess] = {}

    def run(self, kills: int) -> check.Findings:
        login = self._settle()
        for slot in SLOTS:
            self._start(slot, armed=False)
        wait_for(self.config.port)
        operators = [Operator(self.config.port, login, self.paper, self._seed + n) for n in range(OPERATORS)]
        for operator in operators:
            operator.sign_in()
            operator.start()
        while self.tally.kills < kills:
            self._kill_one()
        for operator in operators:
            operator.stop()
            self.tally.tries += operator.tries
            self.tally.strange += operator.strange
        self._end()
        return check.check(self.db, self.paper)

    def _settle(self) -> tuple[str, str]:
        migrate.upgrade(self.db)
        at = now()
        with self.db.writing() as session:
            county.make_people(session, county.make_units(session, at=at), at=at)
            passwords = county.new_passwords(session, at=at)
            session.flush()
            session.execute(update(Person).values(must_change=False))
        self.db.dispose()
        return "zhouxq", passwords["zhouxq"]

    def _start(self, slot: str, *, armed: bool) -> None:
        kind = SLOTS[slot]
        name = self._random.choice(points.names(kind)) if armed else ""
        self._arms[slot] = points.Arm(kind, name, self._random.randint(1, 3))
        target = children.web if kind == "web" else children.sweeper
        arguments = (self.config, self._arms[slot], self._build)
        self._running[slot] = self._fork.Process(target=target, args=arguments, daemon=True)
        self._running[slot].start()

    def _kill_one(self) -> None:
        slot = self._random.choice(list(SLOTS))
        victim, arm = self._running[slot], self._arms[slot]
        if arm.name:
            victim.join(LONGEST_ARMED)
        else:
            time.sleep(self._random.uniform(0, LONGEST_RANDOM))
        itself = not victim.is_alive()
        victim.kill()
        victim.join()
        if victim.exitcode != -signal.SIGKILL:
            self.tally.crashed += 1
        elif itself and arm.name:
            self.tally.at_points[f"{arm.kind}: {arm.name}"] += 1
        else:
            self.tally.at_random += 1
        self._start(slot, armed=self._random.random() < 0.5)

    def _end(self) -> None:
        for process in self._running.values():
            process.kill()
            process.join()
