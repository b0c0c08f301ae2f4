"""The drafting job: each call for a paper is answered once, and only while it is true."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.db import Database
from core.vault import Vault
from escalation import clocks
from escalation.drafting import DraftCounts, draft_due
from escalation.models import Clock, Notice, NoticeCopy, Outcome
from escalation.paper_build import Issuer
from escalation.paper_kinds import PaperKind
from escalation.paper_models import Paper
from escalation.paper_stages import PaperStage
from escalation.rules import rules
from escalation.sweep import sweep
from tests.conftest import KEY
from tests.escalation.paper_scene import ISSUER
from tests.escalation.scene import MOMENTS, RECEIVED, SECOND, started
from tests.people import People

MINUTE = timedelta(minutes=1)


def drawn(db: Database, at: datetime) -> DraftCounts:
    """What the sweep and then the drafting job did at this moment."""
    sweep(db, at=at)
    return draft_due(db, ISSUER, at=at)


def papers(db: Database) -> list[tuple[PaperKind, PaperStage]]:
    with db.reading() as session:
        return [(paper.kind, paper.stage) for paper in session.scalars(select(Paper).order_by(Paper.id))]


def stop(db: Database, people: People, at: datetime) -> None:
    with db.writing() as session:
        more = {"outcome": Outcome.ANSWERED, "stopped_at": at, "by": people.handler, "at": at}
        clocks.stop(session, "inquiry:1", "inquiry.reply", **more)


def test_the_ladder_issues_a_reminder_drafts_an_order_drafts_a_circular(db: Database, people: People) -> None:
    started(db, people)
    for rung in ("reminder_notice", "supervision_order", "circular"):
        drawn(db, MOMENTS[rung])
    assert papers(db) == [
        (PaperKind.REMINDER, PaperStage.ISSUED),
        (PaperKind.SUPERVISION, PaperStage.DRAFTED),
        (PaperKind.CRITICISM, PaperStage.DRAFTED),
    ]


def test_a_second_run_drafts_nothing_more(db: Database, people: People) -> None:
    started(db, people)
    drawn(db, MOMENTS["reminder_notice"])
    assert drawn(db, MOMENTS["reminder_notice"] + MINUTE) == DraftCounts()


def test_after_an_outage_only_the_highest_paper_is_drafted(db: Database, people: People) -> None:
    started(db, people)
    drawn(db, MOMENTS["circular"])
    assert papers(db) == [(PaperKind.CRITICISM, PaperStage.DRAFTED)]


def test_a_call_that_was_overtaken_before_it_was_answered_is_let_go(db: Database, people: People) -> None:
    started(db, people)
    sweep(db, at=MOMENTS["reminder_notice"])
    sweep(db, at=MOMENTS["supervision_order"])
    counts = draft_due(db, ISSUER, at=MOMENTS["supervision_order"])
    assert (counts.past, papers(db)) == (1, [(PaperKind.SUPERVISION, PaperStage.DRAFTED)])


def test_an_answered_matter_gets_no_paper(db: Database, people: People) -> None:
    started(db, people)
    sweep(db, at=MOMENTS["supervision_order"])
    stop(db, people, MOMENTS["supervision_order"] + SECOND)
    assert draft_due(db, ISSUER, at=MOMENTS["supervision_order"] + MINUTE).past == 1
    assert papers(db) == []


def test_papers_of_day_limits_wait_for_the_office_to_open(db: Database, people: People) -> None:
    started(db, people)
    sweep(db, at=MOMENTS["reminder_notice"])
    night = MOMENTS["reminder_notice"].replace(hour=22)
    draft_due(db, ISSUER, at=night)
    assert papers(db) == []
    assert draft_due(db, ISSUER, at=night + timedelta(hours=11)).issued == 1


def test_the_reminder_tells_the_unit_under_its_number(db: Database, people: People) -> None:
    started(db, people)
    drawn(db, MOMENTS["reminder_notice"])
    with db.reading() as session:
        told = select(NoticeCopy.person_id).join(Notice, Notice.id == NoticeCopy.notice_id)
        found = session.scalars(told.where(Notice.title == "催办单 云政办催〔2026〕1号"))
        assert list(found) == [people.handler.id]


def test_a_reminder_closes_itself_when_the_matter_is_answered(db: Database, people: People) -> None:
    started(db, people)
    drawn(db, MOMENTS["reminder_notice"])
    stop(db, people, MOMENTS["reminder_notice"] + SECOND)
    counts = draft_due(db, ISSUER, at=MOMENTS["reminder_notice"] + MINUTE)
    assert (counts.settled, papers(db)) == (1, [(PaperKind.REMINDER, PaperStage.LIFTED)])


def test_its_clocks_stop_with_it(db: Database, people: People) -> None:
    started(db, people)
    drawn(db, MOMENTS["reminder_notice"])
    stop(db, people, MOMENTS["reminder_notice"] + SECOND)
    draft_due(db, ISSUER, at=MOMENTS["reminder_notice"] + MINUTE)
    with db.reading() as session:
        running = select(Clock.id).where(Clock.subject.like("paper:%"), Clock.stopped_at.is_(None))
        assert session.scalars(running).all() == []


def test_one_call_that_cannot_be_answered_does_not_hold_up_the_others(
    db: Database, people: People, tmp_path: Path
) -> None:
    started(db, people, "inquiry:1", "inquiry:2")
    (tmp_path / "reminder_notice.docx").write_bytes(b"no template")
    sweep(db, at=MOMENTS["reminder_notice"])
    counts = draft_due(db, Issuer("云阳县", tmp_path), at=MOMENTS["reminder_notice"])
    assert (counts.faulty, papers(db)) == (2, [])
    assert draft_due(db, ISSUER, at=MOMENTS["reminder_notice"] + MINUTE).issued == 2


def _together(url: str, at: datetime, barrier: Any) -> int:
    db = Database(url, Vault(KEY))
    try:
        barrier.wait(timeout=30)
        return draft_due(db, ISSUER, at=at).drafted
    finally:
        db.dispose()


def test_two_drafters_at_once_draft_each_paper_once(db: Database, people: People) -> None:
    started(db, people, *(f"inquiry:{n}" for n in range(1, 13)))
    at, url = MOMENTS["reminder_notice"], db.url.render_as_string(hide_password=False)
    sweep(db, at=at)
    barrier = threading.Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        made = sum(pool.map(lambda _n: _together(url, at, barrier), range(2)))
    with db.reading() as session:
        rows = [tuple(row) for row in session.execute(select(Paper.notice_id, Paper.serial))]
    assert made == len(rows) == len({notice for notice, _serial in rows}) == 12
    assert sorted(serial for _notice, serial in rows) == list(range(1, 13))


def test_every_ladder_calls_only_for_papers_that_exist() -> None:
    called = {rung.paper for limit in rules().limits for rung in limit.ladder if rung.paper}
    assert called <= set(PaperKind)


@pytest.mark.parametrize("rule", ["inquiry.reply", "opinion.first_word", "opinion.response"])
def test_the_ladders_of_the_county_call_for_all_three_papers(rule: str) -> None:
    ladder = rules().at(rule, RECEIVED.date()).ladder
    assert [rung.paper for rung in ladder if rung.paper] == [
        "reminder_notice",
        "supervision_order",
        "criticism_circular",
    ]
