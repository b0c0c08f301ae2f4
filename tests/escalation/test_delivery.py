"""Robots and webhooks end to end: faults, outages, limits, repeats, what is no longer true. A real receiver."""

import random
import threading
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from core.config import Config
from core.db import Database
from escalation import clocks, letters, line
from escalation.claims import LEASE, TRIES
from escalation.models import Clock, Delivery, Notice, Outbox, Outcome
from escalation.outbox import deliver
from escalation.pace import MINUTE, PER_MINUTE
from escalation.route_models import ROBOTS, OutboxTarget, Route, RouteKind
from escalation.sweep import sweep
from tests.escalation.receiver import Receiver
from tests.escalation.scene import MOMENTS, RULE, notices, started
from tests.escalation.ways import config_of, row, rows, set_route
from tests.people import People

AT = MOMENTS["remind"]
SOON = timedelta(minutes=2)
OUTSIDE = (*ROBOTS, RouteKind.WEBHOOK)


@pytest.fixture
def config(there: Receiver, tmp_path: Path) -> Config:
    return config_of(tmp_path, there=there)


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "STEP", 0.3)
    monkeypatch.setattr(line, "WHOLE", 0.6)


def posted(
    db: Database, people: People, config: Config, there: Receiver, *kinds: RouteKind, cases: int = 1
) -> None:
    """Reminders for so many cases wait in the outbox of these ways."""
    with db.writing() as session:
        for kind in kinds or (RouteKind.WEBHOOK,):
            set_route(session, config, kind, there.url)
    started(db, people, *(f"inquiry:{n}" for n in range(1, cases + 1)))
    sweep(db, at=AT)


def drain(db: Database, config: Config, at: datetime) -> None:
    while deliver(db, config, at=at).claimed:
        pass


def states(db: Database) -> Counter[Delivery]:
    return Counter(one.state for one in rows(db))


@pytest.mark.parametrize("kind", OUTSIDE)
def test_a_notice_arrives(
    db: Database, people: People, config: Config, there: Receiver, kind: RouteKind
) -> None:
    posted(db, people, config, there, kind)
    assert deliver(db, config, at=AT).sent == 1
    assert there.numbers == ["TZ0000001"]


@pytest.mark.parametrize("kind", OUTSIDE)
def test_the_citizens_words_stay_inside(
    db: Database, people: People, config: Config, there: Receiver, kind: RouteKind
) -> None:
    posted(db, people, config, there, kind)
    deliver(db, config, at=AT)
    assert "旧楼" not in there.seen[0].body


@pytest.mark.parametrize("kind", OUTSIDE)
@pytest.mark.parametrize("fault", ["500", "429", "redirect", "lost", "hang", "drip"])
def test_after_any_fault_the_notice_arrives_later(
    db: Database, people: People, config: Config, there: Receiver, kind: RouteKind, fault: str
) -> None:
    posted(db, people, config, there, kind)
    there.plan = [fault]
    assert deliver(db, config, at=AT).failed == 1
    assert deliver(db, config, at=AT + SOON).sent == 1
    assert row(db).attempts == 2 and "TZ0000001" in there.numbers


def test_the_answer_is_kept_with_its_code(
    db: Database, people: People, config: Config, there: Receiver
) -> None:
    posted(db, people, config, there, RouteKind.DINGTALK)
    there.plan = ["errcode"]
    deliver(db, config, at=AT)
    assert row(db).last_answer == "errcode 45009 api freq out of limit"


def test_after_an_ambiguous_try_the_same_message_comes_again_and_says_so(
    db: Database, people: People, config: Config, there: Receiver
) -> None:
    posted(db, people, config, there)
    there.plan = ["lost"]
    deliver(db, config, at=AT)
    deliver(db, config, at=AT + SOON)
    first, second = there.accepted
    assert first.key == second.key
    assert (first.json["again"], second.json["again"]) == (False, True)


def test_after_a_refusal_the_message_does_not_call_itself_a_repeat(
    db: Database, people: People, config: Config, there: Receiver
) -> None:
    posted(db, people, config, there, RouteKind.WECOM)
    there.plan = ["500"]
    deliver(db, config, at=AT)
    deliver(db, config, at=AT + SOON)
    assert "重发" not in there.accepted[0].json["text"]["content"]


def test_a_refusal_after_an_ambiguous_try_keeps_the_message(
    db: Database, people: People, config: Config, there: Receiver
) -> None:
    posted(db, people, config, there)
    there.plan = ["lost", "500"]
    for minutes in (0, 2, 10):
        deliver(db, config, at=AT + timedelta(minutes=minutes))
    assert len({message.key for message in there.seen}) == 1


def test_a_crash_after_the_claim_repeats_the_same_message(
    db: Database, people: People, config: Config, there: Receiver
) -> None:
    posted(db, people, config, there, cases=3)
    deliver(db, config, at=AT)
    with db.writing() as session:  # as if the sender had died before its mark
        session.execute(update(Outbox).values(state=Delivery.PENDING, lease="dead", next_at=AT + LEASE))
    started(db, people, "inquiry:9")
    sweep(db, at=AT + LEASE)
    drain(db, config, AT + LEASE)
    first, again, new = there.accepted
    assert (first.key, first.numbers) == (again.key, again.numbers)
    assert new.numbers == ["TZ0000004"]


@pytest.mark.parametrize("kind", OUTSIDE)
def test_many_notices_are_one_message_with_every_number(
    db: Database, people: People, config: Config, there: Receiver, kind: RouteKind
) -> None:
    posted(db, people, config, there, kind, cases=40)
    deliver(db, config, at=AT)
    assert len(there.accepted) == 1
    assert sorted(there.numbers) == [f"TZ{n:07d}" for n in range(1, 41)]


def test_what_does_not_fit_into_one_message_is_split_and_nothing_is_left_out(
    db: Database, people: People, config: Config, there: Receiver
) -> None:
    posted(db, people, config, there, RouteKind.WECOM, cases=500)
    drain(db, config, AT)
    texts = [message.json["text"]["content"] for message in there.accepted]
    assert len(texts) > 2 and max(len(text.encode()) for text in texts) <= 2048
    assert sorted(there.numbers) == [f"TZ{n:07d}" for n in range(1, 501)]


def test_a_robot_is_sent_no_more_than_18_messages_in_any_minute(
    db: Database, people: People, config: Config, there: Receiver
) -> None:
    posted(db, people, config, there, RouteKind.WECOM, cases=30)
    one_by_one(db, config, AT)
    assert len(there.seen) == PER_MINUTE
    one_by_one(db, config, AT + MINUTE - timedelta(seconds=1))
    assert len(there.seen) == PER_MINUTE
    one_by_one(db, config, AT + MINUTE)
    assert len(there.numbers) == 30


def one_by_one(db: Database, config: Config, at: datetime) -> None:
    """Every notice a message of its own, as if they had come one after the other."""
    for one in [one for one in rows(db) if one.state is Delivery.PENDING]:
        with db.writing() as session:
            session.execute(update(Outbox).where(Outbox.state == Delivery.PENDING).values(next_at=at + LEASE))
            session.execute(update(Outbox).where(Outbox.id == one.id).values(next_at=at))
        deliver(db, config, at=at)


def test_two_deliverers_keep_the_limit_together(
    db: Database, people: People, config: Config, there: Receiver
) -> None:
    posted(db, people, config, there, RouteKind.DINGTALK, cases=40)
    with db.writing() as session:  # each its own message: a batch of its own for every row
        for one in rows(db):
            session.execute(update(Outbox).where(Outbox.id == one.id).values(batch=f"b{one.id}"))
    both = [threading.Thread(target=drain, args=(db, config, AT)) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert len(there.seen) == PER_MINUTE
    drain(db, config, AT + MINUTE)
    assert len(there.seen) == 2 * PER_MINUTE and len(set(there.numbers)) == len(there.numbers)


def test_another_target_does_not_wait_for_a_robot_at_its_limit(
    db: Database, people: People, config: Config, there: Receiver
) -> None:
    posted(db, people, config, there, RouteKind.WECOM, RouteKind.WEBHOOK)
    with db.writing() as session:
        session.execute(update(Outbox).where(Outbox.channel == "wecom").values(next_at=AT - SOON))
        session.add(OutboxTarget(target="route:1", recent=" ".join([AT.isoformat()] * PER_MINUTE)))
    assert deliver(db, config, at=AT).sent == 1
    assert "Idempotency-Key" in there.seen[0].headers


def test_an_answered_case_is_left_out_of_the_message(
    db: Database, people: People, config: Config, there: Receiver
) -> None:
    posted(db, people, config, there, cases=3)
    with db.writing() as session:
        end = {"outcome": Outcome.ANSWERED, "stopped_at": AT, "by": people.handler, "at": AT}
        clocks.stop(session, "inquiry:2", RULE, **end)  # type: ignore[arg-type]
    done = deliver(db, config, at=AT)
    assert (done.sent, done.withdrawn, len(there.numbers)) == (2, 1, 2)
    assert [one.last_answer for one in rows(db) if one.state is Delivery.WITHDRAWN] == ["已办结"]


def test_a_case_answered_between_two_tries_is_withdrawn(
    db: Database, people: People, config: Config, there: Receiver
) -> None:
    posted(db, people, config, there)
    there.plan = ["500"]
    deliver(db, config, at=AT)
    with db.writing() as session:
        session.execute(update(Clock).values(stopped_at=AT, outcome=Outcome.ANSWERED))
    deliver(db, config, at=AT + SOON)
    assert (row(db).state, there.accepted) == (Delivery.WITHDRAWN, [])


def test_a_route_that_was_switched_off_withdraws_what_waits(
    db: Database, people: People, config: Config, there: Receiver
) -> None:
    posted(db, people, config, there)
    with db.writing() as session:
        session.execute(update(Route).values(active=False))
    deliver(db, config, at=AT)
    assert (row(db).state, row(db).last_answer) == (Delivery.WITHDRAWN, "渠道已停用")


def test_after_eight_tries_it_is_dead_and_can_be_sent_again(
    db: Database, people: People, config: Config, there: Receiver
) -> None:
    posted(db, people, config, there)
    there.plan = ["500"] * TRIES
    for day in range(TRIES + 1):
        deliver(db, config, at=AT + timedelta(days=day))
    assert (row(db).state, len(there.seen)) == (Delivery.DEAD, TRIES)
    later = AT + timedelta(days=TRIES + 2)
    with db.writing() as session:
        assert letters.resend(session, row(db).id, by=people.supervisor, at=later)
    assert deliver(db, config, at=later).sent == 1


def test_an_outage_of_a_day_ends_in_dead_letters_that_one_click_sends_as_one_message(
    db: Database, people: People, config: Config, there: Receiver
) -> None:
    posted(db, people, config, there, cases=10)
    there.fail = 1.0
    for minutes in range(0, 24 * 60, 5):
        drain(db, config, AT + timedelta(minutes=minutes))
    assert states(db) == {Delivery.DEAD: 10} and {one.attempts for one in rows(db)} == {TRIES}
    there.fail, later = 0.0, AT + timedelta(days=1)
    with db.writing() as session:
        assert letters.resend_all(session, by=people.supervisor, at=later) == 10
    drain(db, config, later)
    assert len(there.accepted) == 1 and len(there.numbers) == 10


def test_an_outage_of_an_hour_heals_itself_in_one_message(
    db: Database, people: People, config: Config, there: Receiver
) -> None:
    """Ten notices at ten moments while the other side refuses; when it takes one, all that waits comes with it."""
    with db.writing() as session:
        set_route(session, config, RouteKind.WEBHOOK, there.url)
    for minute in range(180):
        at = AT + timedelta(minutes=minute)
        if minute < 10:
            started(db, people, f"inquiry:{minute}")
            sweep(db, at=at)
        there.fail = 1.0 if minute < 60 else 0.0
        drain(db, config, at)
    assert (states(db), len(there.numbers)) == ({Delivery.SENT: 10}, 10)
    assert len(there.accepted) <= 2


def test_after_an_outage_only_the_highest_rung_of_a_case_arrives(
    db: Database, people: People, config: Config, there: Receiver
) -> None:
    posted(db, people, config, there)
    there.fail = 1.0
    deliver(db, config, at=AT)
    for moment in list(MOMENTS.values())[1:4]:
        sweep(db, at=moment)
        drain(db, config, moment)
    there.fail = 0.0
    for hours in range(20):
        drain(db, config, MOMENTS["reminder_notice"] + timedelta(hours=hours))
    assert there.numbers == [notices(db)[-1].number]
    assert states(db) == {Delivery.WITHDRAWN: 3, Delivery.SENT: 1}


def test_with_bad_luck_every_notice_still_arrives(
    db: Database, people: People, config: Config, there: Receiver
) -> None:
    """A fifth refused, a fifth lost, senders dying in between; every number must come, none may be dead."""
    posted(db, people, config, there, cases=30)
    there.fail, there.lose, there.dice = 0.2, 0.2, random.Random(7)
    for step in range(60):
        at = AT + timedelta(minutes=10 * step)
        deliver(db, config, at=at)
        if step % 3 == 0:
            forget_some(db, step // 3, at + LEASE)
    there.fail = there.lose = 0.0
    drain(db, config, AT + timedelta(days=3))
    assert states(db) == {Delivery.SENT: 30}
    assert set(there.numbers) == {notice.number for notice in notices(db)}


def forget_some(db: Database, step: int, then: datetime) -> None:
    """As if a sender had died between the other side's yes and its own mark."""
    some = update(Outbox).where(Outbox.id % 3 == step % 3, Outbox.state == Delivery.SENT)
    with db.writing() as session:
        session.execute(some.values(state=Delivery.PENDING, lease="dead", next_at=then, attempts=1))


def test_a_webhook_message_says_what_is_due_when(
    db: Database, people: People, config: Config, there: Receiver
) -> None:
    posted(db, people, config, there)
    deliver(db, config, at=AT)
    with db.reading() as session:
        notice = session.get_one(Notice, 1)
    (sent,) = there.seen[0].json["notices"]
    assert sent["due_at"] == notice.due_at.isoformat() and sent["url"] == "https://huiyin.example/cases/1"
    assert sent["unit"] == "县住房城乡建委"
