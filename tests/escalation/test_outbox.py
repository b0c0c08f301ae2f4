"""Sending outside: at least once, under a lease, only what still holds. A real SMTP server receives."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import Message
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select, update

from core.config import Config
from core.db import Database
from core.people import Person
from escalation import clocks
from escalation.models import Clock, Delivery, Outbox, Outcome
from escalation.outbox import LEASE, TRIES, deliver, wait
from escalation.sweep import sweep
from tests.escalation.scene import MOMENTS, RULE, started, unit_id
from tests.people import People
from tests.ports import free_port

AT = MOMENTS["remind"]


@dataclass
class Postbox(MessageHandler):
    """What arrived; `answer` other than 250 refuses it."""

    received: list[Message] = field(default_factory=list)
    answer: str = "250 OK"
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        super().__init__()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.answer.startswith("250"):
            await super().handle_DATA(server, session, envelope)
        return self.answer

    def handle_message(self, message: Message) -> None:
        self.received.append(message)


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture
def config(postbox: Postbox, tmp_path: Path) -> Config:
    url = f"smtp://127.0.0.1:{postbox.port}"
    here = {"instance": tmp_path, "smtp_url": url, "mail_from": "huiyin@yunyang.example"}
    return Config(**here, base_url="https://huiyin.example")  # type: ignore[arg-type]


@pytest.fixture
def reminder(db: Database, people: People) -> None:
    """One reminder to the handler waits in the outbox."""
    with db.writing() as session:
        session.get_one(Person, people.handler.id).email = "tan@yunyang.example"
    started(db, people)
    sweep(db, at=AT, channels=["email"])


def rows(db: Database) -> list[Outbox]:
    with db.reading() as session:
        return list(session.scalars(select(Outbox).order_by(Outbox.id)))


def row(db: Database) -> Outbox:
    (only,) = rows(db)
    return only


@pytest.mark.usefixtures("reminder")
def test_a_reminder_arrives(db: Database, config: Config, postbox: Postbox) -> None:
    deliver(db, config, at=AT)
    assert [message["To"] for message in postbox.received] == ["tan@yunyang.example"]


@pytest.mark.usefixtures("reminder")
def test_what_was_sent_is_not_sent_again(db: Database, config: Config, postbox: Postbox) -> None:
    deliver(db, config, at=AT)
    deliver(db, config, at=AT + timedelta(days=1))
    assert len(postbox.received) == 1


@pytest.mark.usefixtures("reminder")
def test_the_moment_of_sending_is_kept(db: Database, config: Config) -> None:
    deliver(db, config, at=AT)
    assert (row(db).state, row(db).sent_at) == (Delivery.SENT, AT)


@pytest.mark.usefixtures("reminder")
def test_the_letter_names_the_notice_and_the_due_moment(
    db: Database, config: Config, postbox: Postbox
) -> None:
    deliver(db, config, at=AT)
    body = postbox.received[0].get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert "TZ0000001" in body and "9月30日" in body and "https://huiyin.example/inbox/1" in body


@pytest.mark.usefixtures("reminder")
def test_the_citizens_words_do_not_leave_the_house(db: Database, config: Config, postbox: Postbox) -> None:
    deliver(db, config, at=AT)
    letter = postbox.received[0]
    assert "旧楼" not in letter.get_payload(decode=True).decode() + str(letter["Subject"])  # type: ignore[union-attr]


@pytest.mark.usefixtures("reminder")
def test_a_repeat_has_the_same_message_id(db: Database, config: Config, postbox: Postbox) -> None:
    deliver(db, config, at=AT)
    with db.writing() as session:
        session.execute(update(Outbox).values(state=Delivery.PENDING, next_at=AT))
    deliver(db, config, at=AT)
    first, second = postbox.received
    assert first["Message-ID"] == second["Message-ID"] == "<TZ0000001.2@yunyang.example>"


@pytest.mark.usefixtures("reminder")
def test_an_answered_case_is_withdrawn(
    db: Database, people: People, config: Config, postbox: Postbox
) -> None:
    with db.writing() as session:
        end = {"outcome": Outcome.ANSWERED, "stopped_at": AT, "by": people.handler, "at": AT}
        clocks.stop(session, "inquiry:1", RULE, **end)  # type: ignore[arg-type]
    deliver(db, config, at=AT)
    assert (row(db).state, postbox.received) == (Delivery.WITHDRAWN, [])


@pytest.mark.usefixtures("reminder")
def test_a_case_handed_to_another_unit_is_withdrawn(db: Database, config: Config, postbox: Postbox) -> None:
    with db.writing() as session:
        clocks.hand_over(session, "inquiry:1", RULE, unit_id=unit_id(session, "transport"), at=AT)
    deliver(db, config, at=AT)
    assert (row(db).state, postbox.received) == (Delivery.WITHDRAWN, [])


@pytest.mark.usefixtures("reminder")
def test_a_moved_deadline_is_withdrawn(db: Database, config: Config, postbox: Postbox) -> None:
    with db.writing() as session:
        session.execute(update(Clock).values(rev=2))
    deliver(db, config, at=AT)
    assert (row(db).state, postbox.received) == (Delivery.WITHDRAWN, [])


@pytest.mark.usefixtures("reminder")
def test_only_the_higher_rung_is_sent_when_both_wait(db: Database, config: Config, postbox: Postbox) -> None:
    sweep(db, at=MOMENTS["warn"], channels=["email"])
    deliver(db, config, at=MOMENTS["warn"])
    assert [one.state for one in rows(db)] == [Delivery.WITHDRAWN, Delivery.SENT]


@pytest.mark.usefixtures("reminder")
def test_a_refused_letter_is_tried_again_later(db: Database, config: Config, postbox: Postbox) -> None:
    postbox.answer = "451 try later"
    deliver(db, config, at=AT)
    postbox.answer = "250 OK"
    deliver(db, config, at=AT + timedelta(minutes=2))
    assert (row(db).attempts, row(db).state) == (2, Delivery.SENT)


@pytest.mark.usefixtures("reminder")
def test_a_refused_letter_is_not_tried_at_once(db: Database, config: Config, postbox: Postbox) -> None:
    postbox.answer = "451 try later"
    deliver(db, config, at=AT)
    assert deliver(db, config, at=AT).claimed == 0


@pytest.mark.usefixtures("reminder")
def test_after_eight_tries_a_letter_is_given_up(db: Database, config: Config, postbox: Postbox) -> None:
    postbox.answer = "550 no such mailbox"
    for day in range(TRIES + 2):
        deliver(db, config, at=AT + timedelta(days=day))
    assert (row(db).attempts, row(db).state) == (TRIES, Delivery.DEAD)


@pytest.mark.usefixtures("reminder")
def test_a_server_that_is_down_loses_nothing(
    db: Database, config: Config, postbox: Postbox, tmp_path: Path
) -> None:
    down = Config(instance=tmp_path, smtp_url="smtp://127.0.0.1:9", mail_from=config.mail_from)
    assert deliver(db, down, at=AT).failed == 1
    assert deliver(db, config, at=AT + timedelta(minutes=2)).sent == 1


@pytest.mark.usefixtures("reminder")
def test_an_address_with_a_line_break_is_refused(db: Database, config: Config, postbox: Postbox) -> None:
    with db.writing() as session:
        session.execute(
            update(Person).where(Person.email != "").values(email="a@b.example\r\nBcc: c@d.example")
        )
    deliver(db, config, at=AT)
    assert (row(db).state, postbox.received) == (Delivery.PENDING, [])


@pytest.mark.usefixtures("reminder")
def test_the_lease_of_a_dead_sender_runs_out(db: Database, config: Config, postbox: Postbox) -> None:
    with db.writing() as session:
        session.execute(update(Outbox).values(lease="dead", next_at=AT + LEASE, attempts=1))
    assert deliver(db, config, at=AT + LEASE - timedelta(seconds=1)).claimed == 0
    assert deliver(db, config, at=AT + LEASE).sent == 1


def test_two_deliverers_at_once_send_each_letter_once(
    db: Database, people: People, config: Config, postbox: Postbox
) -> None:
    with db.writing() as session:
        session.get_one(Person, people.handler.id).email = "tan@yunyang.example"
    started(db, people, *(f"inquiry:{n}" for n in range(1, 31)))
    sweep(db, at=AT, channels=["email"])
    _deliver_by_two(db, config, AT)
    assert len({message["Message-ID"] for message in postbox.received}) == len(postbox.received) == 30


def _deliver_by_two(db: Database, config: Config, at: datetime) -> None:
    def run() -> None:
        while deliver(db, config, at=at).claimed:
            pass

    both = [threading.Thread(target=run) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 2), (4, 8), (9, 256), (10, 360), (60, 360)])
def test_the_wait_doubles_up_to_six_hours(attempts: int, minutes: int) -> None:
    assert wait(attempts, 1.0) == timedelta(minutes=minutes)
