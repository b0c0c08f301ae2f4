"""Sending outside: at least once, under a lease, only what still holds. A real SMTP server receives."""

import smtplib
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from core.config import Config
from core.db import Database
from core.people import Person
from escalation import clocks, tries
from escalation.claims import LEASE, TRIES
from escalation.models import Clock, Delivery, Outbox, Outcome
from escalation.outbox import deliver, wait
from escalation.sweep import sweep
from tests.escalation.scene import MOMENTS, RULE, started, unit_id
from tests.escalation.ways import Postbox, body, config_of, give_address, row, rows, subject
from tests.people import People

AT = MOMENTS["remind"]


@pytest.fixture
def config(postbox: Postbox, tmp_path: Path) -> Config:
    return config_of(tmp_path, postbox)


@pytest.fixture
def reminder(db: Database, people: People) -> None:
    """One reminder to the handler waits in the outbox."""
    give_address(db, people)
    started(db, people)
    sweep(db, at=AT)


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
    text = body(postbox.received[0])
    assert "TZ0000001" in text and "9月30日" in text and "https://huiyin.example/inbox/1" in text


@pytest.mark.usefixtures("reminder")
def test_the_citizens_words_do_not_leave_the_house(db: Database, config: Config, postbox: Postbox) -> None:
    deliver(db, config, at=AT)
    letter = postbox.received[0]
    assert "旧楼" not in body(letter) + str(letter["Subject"])


@pytest.mark.usefixtures("reminder")
def test_a_repeat_has_the_same_message_id(db: Database, config: Config, postbox: Postbox) -> None:
    """The first sender died after the server's yes and before its own mark."""
    deliver(db, config, at=AT)
    with db.writing() as session:
        session.execute(update(Outbox).values(state=Delivery.PENDING, next_at=AT))
    deliver(db, config, at=AT)
    first, second = postbox.received
    assert first["Message-ID"] == second["Message-ID"] == f"<{row(db).batch}@yunyang.example>"


@pytest.mark.usefixtures("reminder")
def test_a_repeat_says_that_it_is_one(
    db: Database, config: Config, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The letter was taken, the answer never came."""
    with monkeypatch.context() as patch:
        patch.setattr(smtplib.SMTP, "data", _no_answer(smtplib.SMTP.data))
        deliver(db, config, at=AT)
    deliver(db, config, at=AT + timedelta(minutes=2))
    assert ["重发" in subject(one) for one in postbox.received] == [False, True]


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
    sweep(db, at=MOMENTS["warn"])
    deliver(db, config, at=MOMENTS["warn"])
    assert [one.state for one in rows(db)] == [Delivery.WITHDRAWN, Delivery.SENT]
    assert rows(db)[0].last_answer == "已升级"


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


def test_many_notices_of_one_morning_are_one_letter(
    db: Database, people: People, config: Config, postbox: Postbox
) -> None:
    give_address(db, people)
    started(db, people, *(f"inquiry:{n}" for n in range(1, 31)))
    sweep(db, at=AT)
    assert deliver(db, config, at=AT).sent == 30
    (letter,) = postbox.received
    assert all(f"TZ{n:07d}" in body(letter) for n in range(1, 31)) and "通知30件" in subject(letter)


def test_two_deliverers_at_once_send_each_letter_once(
    db: Database, people: People, config: Config, postbox: Postbox
) -> None:
    with db.writing() as session:
        session.execute(update(Person).values(email=Person.login + "@yunyang.example"))
    started(db, people, *(f"inquiry:{n}" for n in range(1, 31)))
    sweep(db, at=MOMENTS["supervision_order"])
    _deliver_by_two(db, config, MOMENTS["supervision_order"])
    heard = [address for letter in postbox.received for address in [letter["To"]]]
    assert sorted(heard) == sorted(set(heard)) and {one.state for one in rows(db)} == {Delivery.SENT}


def _deliver_by_two(db: Database, config: Config, at: datetime) -> None:
    def run() -> None:
        while deliver(db, config, at=at).claimed:
            pass

    both = [threading.Thread(target=run) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()


def _no_answer(real: Any) -> Any:
    def data(server: smtplib.SMTP, message: bytes) -> None:
        real(server, message)
        raise smtplib.SMTPServerDisconnected

    return data


@pytest.mark.usefixtures("reminder")
def test_without_a_mail_server_a_letter_is_withdrawn_and_says_why(db: Database, tmp_path: Path) -> None:
    deliver(db, Config(instance=tmp_path), at=AT)
    assert (row(db).state, row(db).last_answer) == (Delivery.WITHDRAWN, "没有设置邮件服务器")


@pytest.mark.usefixtures("reminder")
def test_every_try_is_kept_with_its_answer(db: Database, config: Config, postbox: Postbox) -> None:
    postbox.answer = "451 try later"
    deliver(db, config, at=AT)
    postbox.answer = "250 OK"
    deliver(db, config, at=AT + timedelta(minutes=2))
    assert [one.words for one in tries.read(row(db).tries)] == ["SMTP 451", "SMTP 250"]


@pytest.mark.usefixtures("reminder")
def test_a_letter_whose_senders_all_die_is_given_up_too(
    db: Database, config: Config, postbox: Postbox
) -> None:
    with db.writing() as session:
        session.execute(update(Outbox).values(lease="dead", attempts=TRIES, batch="b"))
    assert deliver(db, config, at=AT).dead == 1
    assert (row(db).state, postbox.received) == (Delivery.DEAD, [])


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 2), (4, 8), (9, 256), (10, 360), (60, 360)])
def test_the_wait_doubles_up_to_six_hours(attempts: int, minutes: int) -> None:
    assert wait(attempts, 1.0) == timedelta(minutes=minutes)
