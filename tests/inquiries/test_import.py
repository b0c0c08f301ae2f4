"""The import into the register: every good row once, every other row named, nothing lost."""

import csv
from datetime import datetime
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from app import create_app
from core import facts
from core.config import Config
from core.db import Database
from core.people import Unit
from escalation import clocks
from escalation.models import Clock, Outcome
from inquiries import importer
from inquiries.importer import Receipt, Refusal
from inquiries.models import Inquiry, Reply
from inquiries.stages import Stage
from tests.conftest import KEY, settle
from tests.inquiries.workbooks import HEAD, row, xlsx
from tests.people import People

SOURCE = "import:messages"


def take(db: Database, path: Path, at: datetime, *, dry_run: bool = False) -> Receipt:
    return importer.import_messages(db, path, source=SOURCE, channel="public_mailbox", dry_run=dry_run, at=at)


def cases(db: Database) -> list[Inquiry]:
    with db.reading() as session:
        return list(session.scalars(select(Inquiry).order_by(Inquiry.id)))


def test_an_answered_message_is_a_letter_with_its_answer(
    db: Database, people: People, at: datetime, tmp_path: Path
) -> None:
    take(db, xlsx(tmp_path / "a.xlsx", [row(101.0)]), at)
    (case,) = cases(db)
    with db.reading() as session:
        text = session.scalar(select(Reply.text))
    assert (case.channel, case.outer_no, case.stage, text) == (
        "public_mailbox", "101", Stage.REPLIED, "已修好。",
    )  # fmt: skip


def test_the_clock_of_an_import_runs_from_the_message_to_its_answer(
    db: Database, people: People, at: datetime, tmp_path: Path
) -> None:
    take(db, xlsx(tmp_path / "a.xlsx", [row()]), at)
    with db.reading() as session:
        clock = session.scalars(select(Clock)).one()
    assert clock.due_on.isoformat() == "2026-09-08"
    assert (clock.outcome, clocks.on_time(clock), clock.next_at) == (Outcome.ANSWERED, True, None)


def test_a_message_without_an_answer_waits_to_be_dispatched(
    db: Database, people: People, at: datetime, tmp_path: Path
) -> None:
    take(db, xlsx(tmp_path / "a.xlsx", [row(answer="", told="")]), at)
    with db.reading() as session:
        clock = session.scalars(select(Clock)).one()
    assert (cases(db)[0].stage, clock.stopped_at) == (Stage.REGISTERED, None)


@pytest.mark.parametrize(
    ("told", "on_time"), [("2026/9/8", 1), ("2026/9/8 23:59:00", 1), ("2026/9/9 0:00:01", 0)]
)
def test_the_receipt_counts_what_was_answered_in_five_working_days(
    db: Database, people: People, at: datetime, tmp_path: Path, told: str, on_time: int
) -> None:
    receipt = take(db, xlsx(tmp_path / "a.xlsx", [row(told=told)]), at)
    assert (receipt.answered, receipt.on_time) == (1, on_time)


def test_the_receipt_agrees_with_the_clocks(
    db: Database, people: People, at: datetime, tmp_path: Path
) -> None:
    answers = [row(day, told=f"2026/9/{day} 10:00:00") for day in range(1, 21)]
    rows = [(*cells[:3], "2026/9/1 8:00:00", *cells[4:]) for cells in answers]
    receipt = take(db, xlsx(tmp_path / "a.xlsx", rows), at)
    with db.reading() as session:
        kept = [clocks.on_time(clock) for clock in session.scalars(select(Clock))]
    assert kept.count(True) == receipt.on_time == 8


def test_the_same_file_twice_registers_each_message_once(
    db: Database, people: People, at: datetime, tmp_path: Path
) -> None:
    path = xlsx(tmp_path / "a.xlsx", [row(number) for number in range(1, 231)])
    first, second = take(db, path, at), take(db, path, at)
    assert (first.new, second.new, second.there, len(cases(db))) == (230, 0, 230, 230)


def test_a_dry_run_counts_and_writes_nothing(
    db: Database, people: People, at: datetime, tmp_path: Path
) -> None:
    receipt = take(db, xlsx(tmp_path / "a.xlsx", [row(1), row(2)]), at, dry_run=True)
    assert (receipt.new, receipt.on_time, cases(db)) == (2, 2, [])


def test_good_rows_go_in_and_bad_ones_are_named(
    db: Database, people: People, at: datetime, tmp_path: Path
) -> None:
    rows = [row(1), row(2, received="上个月"), row(3, told="2026/8/1 9:00:00"), row(1), row(5)]
    receipt = take(db, xlsx(tmp_path / "a.xlsx", rows, above=["留言一览", "导出时间 2026-09-20"]), at)
    assert [case.outer_no for case in cases(db)] == ["1", "5"]
    assert [(line.row, line.column) for line in receipt.refused] == [
        (5, "留言时间"), (6, "答复时间"), (7, "留言编号"),
    ]  # fmt: skip


def test_every_row_is_new_or_there_or_refused(
    db: Database, people: People, at: datetime, tmp_path: Path
) -> None:
    take(db, xlsx(tmp_path / "a.xlsx", [row(1)]), at)
    receipt = take(db, xlsx(tmp_path / "b.xlsx", [row(1), row(2), row(2), row("")]), at)
    assert (receipt.rows, receipt.new, receipt.there, len(receipt.refused)) == (4, 1, 1, 2)


def test_a_year_without_calendar_data_is_refused(
    db: Database, people: People, at: datetime, tmp_path: Path
) -> None:
    receipt = take(db, xlsx(tmp_path / "a.xlsx", [row(received="2003/5/1 9:00:00")]), at)
    assert receipt.refused[0].column == "留言时间"
    assert "2004" in receipt.refused[0].reason


def test_a_message_from_the_future_is_refused(
    db: Database, people: People, at: datetime, tmp_path: Path
) -> None:
    receipt = take(db, xlsx(tmp_path / "a.xlsx", [row(received="2026/9/23 9:00:00", answer="", told="")]), at)
    assert [line.reason for line in receipt.refused] == ["来件时间晚于现在"]


def test_an_answer_of_today_with_its_day_only_is_taken(
    db: Database, people: People, at: datetime, tmp_path: Path
) -> None:
    take(db, xlsx(tmp_path / "a.xlsx", [row(told="2026.9.22")]), at)
    with db.reading() as session:
        assert session.scalar(select(Reply.told_at)) == at


def test_a_message_of_a_year_before_the_duty_is_measured_by_the_same_rule(
    db: Database, people: People, at: datetime, tmp_path: Path
) -> None:
    take(db, xlsx(tmp_path / "a.xlsx", [row(received="2018/9/28 9:00:00", told="2018/10/12")]), at)
    with db.reading() as session:
        clock = session.scalars(select(Clock)).one()
    assert (
        clock.due_on.isoformat() == "2018-10-10"
    )  # 29 and 30 September were worked for the National Day week


def test_the_answering_unit_is_found_by_its_short_name(
    db: Database, people: People, at: datetime, tmp_path: Path
) -> None:
    take(db, xlsx(tmp_path / "a.xlsx", [(*row(), "县住建委")], head=(*HEAD, "承办单位")), at)
    assert cases(db)[0].lead_unit_id == people.handler.unit_id
    with db.reading() as session:
        assert (
            session.scalars(select(Clock.unit_id)).one() == people.handler.unit_id
        )  # who the figures count it for


def test_rows_of_every_sheet_go_in(db: Database, people: People, at: datetime) -> None:
    receipt = take(db, Path(__file__).parent / "orders.xls", at)
    assert (receipt.new, receipt.on_time, cases(db)[0].outer_no) == (1, 1, "3001")


def test_an_imported_register_keeps_its_chain_of_facts(
    db: Database, people: People, at: datetime, tmp_path: Path
) -> None:
    take(db, xlsx(tmp_path / "a.xlsx", [row(number) for number in range(1, 121)]), at)
    with db.reading() as session:
        assert list(facts.verify(session)) == []


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-8"])
def test_a_csv_is_read_in_the_encodings_of_excel(
    lite: Database, at: datetime, tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "a.csv"
    settle(lite)
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([["留言一览"], HEAD, row(1), [], row(2, received="")])
    receipt = importer.import_messages(
        lite, path, source=SOURCE, channel="public_mailbox", dry_run=True, at=at
    )
    assert (receipt.new, [(line.row, line.column) for line in receipt.refused]) == (1, [(5, "留言时间")])


def test_an_empty_register_gets_the_unit_of_the_channel(lite: Database, at: datetime, tmp_path: Path) -> None:
    take(lite, xlsx(tmp_path / "a.xlsx", [row()]), at)
    with lite.reading() as session:
        assert session.scalars(select(Unit.name)).all() == ["县信访办"]


def test_a_later_sheet_brings_the_answer_of_an_open_case(
    db: Database, people: People, at: datetime, tmp_path: Path
) -> None:
    take(db, xlsx(tmp_path / "a.xlsx", [row(1, answer="", told="")]), at)
    receipt = take(db, xlsx(tmp_path / "b.xlsx", [row(1)]), at)
    assert (receipt.there, receipt.updated, cases(db)[0].stage) == (1, 1, Stage.REPLIED)


def test_an_answered_case_keeps_its_first_answer(
    db: Database, people: People, at: datetime, tmp_path: Path
) -> None:
    take(db, xlsx(tmp_path / "a.xlsx", [row(1)]), at)
    assert take(db, xlsx(tmp_path / "b.xlsx", [row(1, answer="改了")]), at).updated == 0


def test_the_report_lists_what_was_refused_without_any_value(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    refused = [Refusal("=留言", 7, "答复时间", "答复时间早于来件时间")]
    importer.write_report(path, Receipt(rows=1, refused=refused))
    assert path.read_bytes().decode("utf-8-sig").splitlines() == [
        "工作表,行,栏目,原因",
        "'=留言,7,答复时间,答复时间早于来件时间",
    ]


@pytest.fixture
def runner(lite: Database, tmp_path: Path) -> FlaskCliRunner:
    """The commands over a fresh database with one unit."""
    settle(lite)
    key = tmp_path / "master.key"
    key.write_text(KEY.hex())
    url = lite.url.render_as_string(hide_password=False)
    return create_app(Config(instance=tmp_path, database_url=url, key_file=key)).test_cli_runner()


def test_the_command_ends_with_0_when_every_row_is_good(runner: FlaskCliRunner, tmp_path: Path) -> None:
    result = runner.invoke(args=["import-messages", str(xlsx(tmp_path / "a.xlsx", [row()]))])
    assert (result.exit_code, "共1行：新增1，已有0，未导入0" in result.output) == (0, True)


def test_the_command_ends_with_1_when_a_row_was_refused(runner: FlaskCliRunner, tmp_path: Path) -> None:
    result = runner.invoke(args=["import-messages", str(xlsx(tmp_path / "a.xlsx", [row(), row("")]))])
    assert (result.exit_code, "第3行" in result.output) == (1, True)


def test_the_command_ends_with_2_when_the_file_cannot_be_used(runner: FlaskCliRunner, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"\0\1\2")
    result = runner.invoke(args=["import-messages", str(path)])
    assert (result.exit_code, "不能导入" in result.output) == (2, True)
