"""What delivery costs: 10,000 notices posted to mail, a robot and a webhook, then carried to the last."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from sqlalchemy import func, select, update

from bench.fill import County, county_db, fill
from bench.show import say, timed
from core.config import Config
from core.people import SYSTEM, Person, Role
from escalation import routes
from escalation.models import Delivery, Outbox
from escalation.outbox import deliver
from escalation.route_models import RouteKind
from escalation.routes import Wish
from escalation.sweep import sweep
from tests.escalation.receiver import Receiver
from tests.ports import free_port

NOTICES = 10_000
ROLES = (Role.HANDLER, Role.CONTACT, Role.LEADER, Role.SUPERVISOR)
KEY = "akeyofthebenchmark0123"


def delivering() -> None:
    """One installation with mail to everybody, a robot and a webhook for every notice."""
    with tempfile.TemporaryDirectory() as folder, Receiver() as there, _mail() as port:
        county = fill(county_db(Path(folder)), NOTICES * 10, early_every=10)
        config = _config(Path(folder), there, port)
        _ways(county, config, there)
        swept = timed(lambda: sweep(county.db, at=county.busy))
        say(f"delivery: {NOTICES:,} notices swept into {_rows(county):,} outbox rows in {swept:.2f} s")
        taken = timed(lambda: _drain(county, config))
        messages = len(there.seen)
        say(f"  carried in {taken:.1f} s, {messages} messages to robot and webhook; left: {_left(county)}")
        say(f"  numbers at the robot and the webhook: {len(set(there.numbers)):,}")
        county.db.dispose()


@contextmanager
def _mail() -> Iterator[int]:
    controller = Controller(Sink(), hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller.port
    controller.stop()


def _config(folder: Path, there: Receiver, port: int) -> Config:
    hosts = f"127.0.0.1:{there.port}@private"
    mail = {"smtp_url": f"smtp://127.0.0.1:{port}", "mail_from": "huiyin@bench.example"}
    return Config(instance=folder, outbound_hosts=hosts, **mail)  # type: ignore[arg-type]


def _ways(county: County, config: Config, there: Receiver) -> None:
    with county.db.writing() as session:
        session.execute(update(Person).values(email=Person.login + "@bench.example"))
        for kind in (RouteKind.DINGTALK, RouteKind.WEBHOOK):
            wish = Wish(kind.label, ROLES, there.url, KEY, KEY)
            routes.add(session, kind, wish, allowed=config.outbound, by=SYSTEM, at=county.busy)


def _drain(county: County, config: Config) -> None:
    """Minute after minute, because a robot takes no more than 18 messages in one."""
    for minute in range(60):
        while deliver(county.db, config, at=county.busy + timedelta(minutes=minute)).claimed:
            pass
        if not _left(county):
            return


def _rows(county: County) -> int:
    with county.db.reading() as session:
        return session.scalar(select(func.count()).select_from(Outbox)) or 0


def _left(county: County) -> int:
    with county.db.reading() as session:
        waiting = select(func.count()).where(Outbox.state != Delivery.SENT)
        return session.scalar(waiting) or 0
