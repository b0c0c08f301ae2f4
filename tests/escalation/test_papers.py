"""Reading papers: who sees which, pages by key, and the settings they are written with."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from core.db import Database
from core.people import Role
from escalation import paper_drafts
from escalation.paper_build import facts_of, ruler_note
from escalation.paper_kinds import PaperKind
from escalation.paper_models import Paper
from escalation.paper_settings import PAPERS_FILE, PaperSettingsError, load, paper_settings
from escalation.paper_stages import PaperStage
from escalation.papers import PAGE, Filters, find_asked, find_paper, ledger, papers_of, papers_visible_to
from escalation.receipts import receipt_of
from tests.escalation.paper_samples import ruler
from tests.escalation.paper_scene import (
    ISSUER,
    OVERDUE,
    STATEMENT_DUE,
    at_stage,
    drafted,
    issued,
)
from tests.people import People


def seen(db: Database, person: object) -> list[PaperStage]:
    with db.reading() as session:
        rows = select(Paper.stage).where(papers_visible_to(person))  # type: ignore[arg-type]
        return list(session.scalars(rows.order_by(Paper.id)))


@pytest.fixture
def two(db: Database, people: People) -> None:
    """A draft and an issued paper, both for the housing unit."""
    with db.writing() as session:
        drafted(session, people)
        issued(session, people)


@pytest.mark.parametrize(
    ("who", "stages"),
    [
        ("supervisor", [PaperStage.DRAFTED, PaperStage.ISSUED]),
        ("handler", [PaperStage.ISSUED]),
        ("stranger", []),
        ("operator", []),
        ("reviewer", []),
    ],
)
def test_each_sees_the_papers_of_their_own(
    db: Database, people: People, two: None, who: str, stages: list[PaperStage]
) -> None:
    assert seen(db, getattr(people, who)) == stages


def test_the_watch_office_sees_all(db: Database, people: People, two: None) -> None:
    watch = replace(people.stranger, roles=frozenset({Role.WATCH}))
    assert seen(db, watch) == [PaperStage.DRAFTED, PaperStage.ISSUED]


def test_a_dropped_draft_never_existed_for_the_unit(db: Database, people: People) -> None:
    with db.writing() as session:
        at_stage(session, people, PaperStage.DROPPED, PaperKind.SUPERVISION)
    assert seen(db, people.handler) == []


def test_a_unit_that_is_asked_reaches_the_draft_for_its_statement_only(db: Database, people: People) -> None:
    with db.writing() as session:
        paper = drafted(session, people, PaperKind.CRITICISM)
        before = find_asked(session, paper.id, people.handler)
        paper_drafts.ask_statement(session, paper, due=STATEMENT_DUE, by=people.supervisor, at=OVERDUE)
        after = find_asked(session, paper.id, people.handler)
        assert (before, after, find_paper(session, paper.id, people.handler)) == (None, paper, None)


def test_another_unit_is_not_asked(db: Database, people: People) -> None:
    with db.writing() as session:
        paper = drafted(session, people, PaperKind.CRITICISM)
        paper_drafts.ask_statement(session, paper, due=STATEMENT_DUE, by=people.supervisor, at=OVERDUE)
        assert find_asked(session, paper.id, people.stranger) is None


@pytest.mark.parametrize("number", [0, -1, 2**31, 10**30])
def test_a_number_that_no_paper_can_have_finds_none(lite: Database, people_lite: People, number: int) -> None:
    with lite.reading() as session:
        assert find_paper(session, number, people_lite.supervisor) is None


@pytest.fixture
def people_lite(lite: Database) -> People:
    from tests.conftest import settle

    return settle(lite)


def test_the_ledger_goes_by_pages_and_back(db: Database, people: People) -> None:
    with db.writing() as session:
        made = [drafted(session, people).id for _ in range(PAGE + 5)]
    with db.reading() as session:
        first = ledger(session, people.supervisor, Filters())
        second = ledger(session, people.supervisor, Filters(), before=first.older)
        back = ledger(session, people.supervisor, Filters(), after=second.newer)
    assert [row.id for row in (*first.rows, *second.rows)] == sorted(made, reverse=True)
    assert [row.id for row in back.rows] == [row.id for row in first.rows]


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (Filters(kind=PaperKind.SUPERVISION), 2),
        (Filters(kind=PaperKind.TALK), 0),
        (Filters(stage=PaperStage.ISSUED), 1),
        (Filters(year=2026), 1),
        (Filters(year=2025), 0),
        (Filters(unit_id=999), 0),
    ],
)
def test_the_ledger_is_filtered(
    db: Database, people: People, two: None, filters: Filters, count: int
) -> None:
    with db.reading() as session:
        assert len(ledger(session, people.supervisor, filters).rows) == count


def test_the_page_of_a_matter_shows_its_papers_and_offers_to_urge(
    db: Database, people: People, two: None
) -> None:
    with db.reading() as session:
        office, unit = (papers_of(session, "inquiry:1", who) for who in (people.supervisor, people.handler))
    assert (len(office.rows), office.clock_id is not None, office.may_draft) == (2, True, True)
    assert (len(unit.rows), unit.clock_id, unit.may_draft) == (1, None, False)


def test_a_receipt_says_when_each_copy_was_read_and_who_signed(db: Database, people: People) -> None:
    with db.writing() as session:
        paper = at_stage(session, people, PaperStage.SIGNED, PaperKind.SUPERVISION)
        receipt = receipt_of(session, paper, at=OVERDUE)
    assert [(copy.person, copy.read, copy.outside) for copy in receipt.copies] == [("谭文静", "未读", "站内")]
    assert (receipt.signed_by, receipt.signed) == ("谭文静（承办人）", "2026年10月13日 09:30")


def test_the_note_under_the_ruler_names_make_up_days_and_holidays() -> None:
    expected = "收到当日为第0日；9月20日调休上班计入，中秋放假不计。依据国办发明电〔2025〕7号。"
    assert ruler_note(ruler()) == expected


def test_a_draft_shows_its_word_and_year_without_a_number(db: Database, people: People) -> None:
    with db.writing() as session:
        facts = facts_of(session, drafted(session, people), ISSUER, at=OVERDUE)
    assert (facts.number, facts.signer.strip("　")) == ("云政办督〔2026〕　号", "")


def test_the_settings_in_the_tree_can_be_read() -> None:
    assert paper_settings().head_in("云阳县", PaperKind.SUPERVISION) == "云阳县人民政府办公室督办单"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('word = "云政办督"', 'word = ""'), "kind.supervision_order.word"),
        (("[kind.formal_talk]", "[kind.formal_walk]"), "kind.formal_walk"),
        (("feedback_workdays = 3", "feedback_workdays = 0"), "office.feedback_workdays"),
        (("feedback_workdays = 3", "feedback_workdays = true"), "office.feedback_workdays"),
        (('name = "', 'nom = "'), "office.name"),
        (("[office]", "[office"), "papers.toml"),
    ],
)
def test_a_faulty_settings_file_names_its_entry(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    file = tmp_path / "papers.toml"
    file.write_text(PAPERS_FILE.read_text("utf-8").replace(*change), "utf-8")
    with pytest.raises(PaperSettingsError, match=words.replace(".", r"\.")):
        load(file)
