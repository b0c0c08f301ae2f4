"""The register of numbers: gapless, never reused, given in the transaction of issuing and not before."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from core.db import Database
from escalation import paper_drafts, paper_issue
from escalation.models import Clock
from escalation.paper_docx import digest
from escalation.paper_drafts import Call, PaperRefused
from escalation.paper_facts import from_json
from escalation.paper_kinds import PaperKind
from escalation.paper_models import Paper, PaperFile
from tests.core.together import at_once
from tests.escalation.paper_scene import ISSUER, OVERDUE, WORDING, a_clock, drafted, issued
from tests.people import People


def serials(db: Database) -> list[int]:
    with db.reading() as session:
        return sorted(session.scalars(select(Paper.serial).where(Paper.serial.is_not(None))))


def test_a_draft_has_no_number(db: Database, people: People) -> None:
    with db.writing() as session:
        assert drafted(session, people).number == ""


def test_issued_papers_are_numbered_from_one(db: Database, people: People) -> None:
    with db.writing() as session:
        numbers = [issued(session, people).number for _ in range(3)]
    assert numbers == ["云政办督〔2026〕1号", "云政办督〔2026〕2号", "云政办督〔2026〕3号"]


def test_each_code_word_has_a_register_of_its_own(db: Database, people: People) -> None:
    with db.writing() as session:
        first, other = issued(session, people), issued(session, people, PaperKind.RECTIFICATION)
    assert (first.number, other.number) == ("云政办督〔2026〕1号", "云政办改〔2026〕1号")


def test_both_circulars_share_one_register(db: Database, people: People) -> None:
    with db.writing() as session:
        praise = issued(session, people, PaperKind.COMMENDATION)
        blame = issued(session, people, PaperKind.CRITICISM)
    assert (praise.number, blame.number) == ("云政办通〔2026〕1号", "云政办通〔2026〕2号")


def test_the_register_begins_anew_each_year(db: Database, people: People) -> None:
    with db.writing() as session:
        paper = drafted(session, people)
        wording = replace(WORDING, reply_due=OVERDUE.date().replace(year=2027))
        paper_drafts.edit(session, paper, wording, by=people.supervisor, at=OVERDUE)
        issued(session, people)
        paper_issue.issue(
            session, paper, ISSUER, by=people.supervisor, at=OVERDUE.replace(year=2027, month=1)
        )
    assert paper.number == "云政办督〔2027〕1号"


def test_an_issuing_that_fails_gives_its_number_back(db: Database, people: People) -> None:
    with pytest.raises(RuntimeError), db.writing() as session:
        issued(session, people)
        raise RuntimeError
    with db.writing() as session:
        issued(session, people)
    assert serials(db) == [1]


def test_a_refused_issuing_takes_no_number(db: Database, people: People) -> None:
    with db.writing() as session:
        paper = drafted(session, people)
        paper.body = ""
        with pytest.raises(PaperRefused):
            paper_issue.issue(session, paper, ISSUER, by=people.supervisor, at=OVERDUE)
        issued(session, people)
    assert serials(db) == [1]


def test_several_people_issuing_at_once_leave_no_gap_and_no_double(db: Database, people: People) -> None:
    with db.writing() as session:
        papers = [drafted(session, people).id for _ in range(6)]

    def issue(number: int) -> None:
        with db.writing() as session:
            paper = session.get_one(Paper, papers[number])
            paper_issue.issue(session, paper, ISSUER, by=people.supervisor, at=OVERDUE)

    at_once(6, issue)
    assert serials(db) == [1, 2, 3, 4, 5, 6]


def test_the_database_refuses_a_number_twice(db: Database, people: People) -> None:
    with db.writing() as session:
        first, second = issued(session, people), drafted(session, people)
    with pytest.raises(Exception, match="(?i)unique"), db.writing() as session:
        paper = session.get_one(Paper, second.id)
        paper.word, paper.year, paper.serial = first.word, first.year, first.serial


def test_the_second_paper_about_a_matter_says_so(db: Database, people: People) -> None:
    with db.writing() as session:
        issued(session, people)
        again = issued(session, people)
        facts = from_json(session.get_one(PaperFile, again.id).facts)
    assert (again.times, facts.matter and facts.matter.times) == (2, "第2次")


def test_a_paper_names_those_served_before(db: Database, people: People) -> None:
    with db.writing() as session:
        issued(session, people, PaperKind.REMINDER)
        facts = from_json(session.get_one(PaperFile, issued(session, people).id).facts)
    assert facts.earlier == ("云政办催〔2026〕1号，10月13日发出，未签收，未反馈",)


def test_the_file_that_is_kept_is_the_one_whose_fingerprint_is_named(db: Database, people: People) -> None:
    with db.writing() as session:
        paper = issued(session, people)
    with db.reading() as session:
        kept = session.get_one(PaperFile, paper.id)
        assert digest(kept.content) == kept.sha256


@pytest.mark.parametrize("change", ["UPDATE paper_file SET sha256 = 'x'", "DELETE FROM paper_file"])
def test_the_database_refuses_to_change_an_issued_file(db: Database, people: People, change: str) -> None:
    with db.writing() as session:
        issued(session, people)
    with pytest.raises(Exception, match="append-only"), db.engine.begin() as connection:
        connection.exec_driver_sql(change)


def test_two_about_different_matters_are_each_the_first(db: Database, people: People) -> None:
    with db.writing() as session:
        first = issued(session, people)
        other = issued(session, people, clock=a_clock(session, people, "inquiry:2"))
    assert (first.times, other.times) == (1, 1)


def test_a_paper_about_a_unit_alone_has_no_matter(db: Database, people: People) -> None:
    with db.writing() as session:
        assert people.handler.unit_id is not None
        call = Call(PaperKind.RECTIFICATION, people.handler.unit_id)
        paper = paper_drafts.draft(session, call, by=people.supervisor, at=OVERDUE)
        paper_drafts.edit(session, paper, WORDING, by=people.supervisor, at=OVERDUE)
        paper_issue.issue(session, paper, ISSUER, by=people.supervisor, at=OVERDUE)
        assert session.scalar(select(Clock.id).where(Clock.subject == "inquiry:1")) is None
    assert (paper.clock_id, paper.number) == (None, "云政办改〔2026〕1号")
