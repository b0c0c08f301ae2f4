"""The evidence of one notice: who may see it, and that it says all that happened. Reading the outbox as pages do."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from core import facts
from core.config import Config
from core.db import Database
from core.facts import Fact
from core.people import Actor
from escalation import evidence, inbox, letters, tries
from escalation.claims import TRIES
from escalation.evidence import Evidence
from escalation.letters import Shelf
from escalation.models import Clock, Delivery, Outbox, Outcome
from escalation.outbox import deliver
from escalation.route_models import RouteKind
from escalation.sweep import sweep
from tests.escalation.receiver import Receiver
from tests.escalation.scene import MOMENTS, started
from tests.escalation.ways import config_of, give_address, rows, set_route
from tests.people import People

AT = MOMENTS["remind"]


@pytest.fixture
def config(there: Receiver, tmp_path: Path) -> Config:
    return config_of(tmp_path, there=there)


@pytest.fixture
def sent(db: Database, people: People, config: Config, there: Receiver) -> None:
    """A reminder that went to a webhook at the second try, and was read."""
    with db.writing() as session:
        set_route(session, config, RouteKind.WEBHOOK, there.url)
    started(db, people)
    sweep(db, at=AT)
    there.plan = ["500"]
    deliver(db, config, at=AT)
    deliver(db, config, at=AT + timedelta(minutes=2))
    with db.writing() as session:
        inbox.mark_read(session, people.handler, 1, at=AT + timedelta(hours=1))


def paper(db: Database, person: Actor, number: str = "TZ0000001") -> Evidence | None:
    with db.reading() as session:
        return evidence.find(session, person, number, {"notice:issue": "发出通知"})


@pytest.mark.usefixtures("sent")
def test_the_supervising_office_and_the_unit_see_it(db: Database, people: People) -> None:
    assert paper(db, people.supervisor) and paper(db, people.handler)


@pytest.mark.usefixtures("sent")
def test_another_unit_does_not_see_it(db: Database, people: People) -> None:
    assert paper(db, people.stranger) is None


@pytest.mark.usefixtures("sent")
def test_what_is_no_number_is_not_there(db: Database, people: People) -> None:
    odd = [
        "",
        "TZ",
        "TZ1",
        "1",
        "0000001",
        "TZ0000002",
        "TZ99999999999",
        "TZ-000001",
        "TZ０００００01",
        "TZTZ0000001",
    ]
    assert [number for number in odd if paper(db, people.supervisor, number)] == []


@pytest.mark.usefixtures("sent")
def test_every_try_stands_there_with_time_and_answer(db: Database, people: People) -> None:
    found = paper(db, people.supervisor)
    assert found and [(at, one.words) for at, one in found.sendings[0].tries] == [
        ("2026-09-28 09:00:00", "HTTP 500"),
        ("2026-09-28 09:02:00", "HTTP 200"),
    ]


@pytest.mark.usefixtures("sent")
def test_it_says_who_read_it_when(db: Database, people: People) -> None:
    found = paper(db, people.supervisor)
    assert found and [(copy.name, copy.read) for copy in found.copies] == [
        (people.handler.name, "2026-09-28 10:00:00")
    ]


@pytest.mark.usefixtures("sent")
def test_it_names_the_fact_and_checks_it(db: Database, people: People) -> None:
    found = paper(db, people.supervisor)
    assert found and [(link.act, link.holds, len(link.mac)) for link in found.links] == [
        ("发出通知", True, 64)
    ]


@pytest.mark.usefixtures("sent")
@pytest.mark.parametrize("column", ["detail", "by_name", "subject"])
def test_a_fact_that_was_edited_does_not_hold(db: Database, column: str) -> None:
    with db.reading() as session:
        fact = session.scalars(select(Fact).where(Fact.act == "notice:issue")).one()
        session.expunge(fact)
        assert facts.holds(session, fact)
        setattr(fact, column, getattr(fact, column) + " ")
        assert not facts.holds(session, fact)


def test_a_superseded_notice_says_why_nobody_was_sent_it(db: Database, people: People) -> None:
    started(db, people)
    sweep(db, at=MOMENTS["due"])
    low, high = paper(db, people.supervisor, "TZ0000001"), paper(db, people.supervisor, "TZ0000003")
    assert low and high and "只发最高一级" in low.superseded and not low.copies
    assert [line[:13] for line in high.covers] == ["提醒 TZ0000001（", "预警 TZ0000002（"]


def test_a_withdrawn_copy_says_why(db: Database, people: People, config: Config, there: Receiver) -> None:
    with db.writing() as session:
        set_route(session, config, RouteKind.WEBHOOK, there.url)
    started(db, people)
    sweep(db, at=AT)
    with db.writing() as session:
        session.execute(update(Clock).values(stopped_at=AT, outcome=Outcome.ANSWERED))
    deliver(db, config, at=AT)
    found = paper(db, people.supervisor)
    assert found and (found.sendings[0].outcome, found.since) == (
        "已撤回：已办结",
        "此件9月28日已答复，不用再办。",
    )


def dead(db: Database, people: People, count: int) -> None:
    """So many dead letters."""
    give_address(db, people)
    started(db, people, *(f"inquiry:{n}" for n in range(1, count + 1)))
    sweep(db, at=AT)
    with db.writing() as session:
        session.execute(update(Outbox).values(state=Delivery.DEAD, attempts=TRIES, last_answer="SMTP 550"))


def test_dead_letters_are_counted_and_listed(db: Database, people: People) -> None:
    dead(db, people, 3)
    with db.reading() as session:
        screen = letters.screen(session, Shelf.DEAD)
        assert (letters.count(session, Shelf.DEAD), letters.count(session, Shelf.PENDING)) == (3, 0)
    assert [(line.whom, line.answer, line.dead) for line in screen.lines] == [
        (people.handler.name, "SMTP 550", True)
    ] * 3


def test_the_outbox_is_paged_by_key(db: Database, people: People) -> None:
    dead(db, people, letters.PAGE + 5)
    with db.reading() as session:
        first = letters.screen(session, Shelf.ALL)
        second = letters.screen(session, Shelf.ALL, before=first.older)
        back = letters.screen(session, Shelf.ALL, after=second.newer)
    assert (len(first.lines), len(second.lines), first.newer, second.older) == (letters.PAGE, 5, None, None)
    assert [line.id for line in back.lines] == [line.id for line in first.lines]


def test_a_letter_that_is_not_dead_is_not_sent_again(db: Database, people: People) -> None:
    dead(db, people, 1)
    with db.writing() as session:
        session.execute(update(Outbox).values(state=Delivery.SENT))
        assert not letters.resend(session, 1, by=people.supervisor, at=AT)


def test_sending_again_is_written_down(db: Database, people: People) -> None:
    dead(db, people, 1)
    with db.writing() as session:
        assert letters.resend(session, 1, by=people.supervisor, at=AT)
    found = paper(db, people.supervisor)
    assert found and [link.act for link in found.links] == ["发出通知", "delivery:resend"]
    assert [one.words for one in tries.read(rows(db)[0].tries)] == ["人工重发"]
