"""One row of a sheet: columns by their names, times as people write them."""

from datetime import UTC, datetime

import pytest

from inquiries.import_rows import Message, Unreadable, header_of, message_of
from inquiries.sheets import Cell
from inquiries.words import Kind
from tests.inquiries.workbooks import HEAD


def read(**cells: Cell) -> Message:
    """A message from cells named by their headings."""
    given: dict[str, Cell] = {
        "留言编号": "101",
        "留言主题": "路灯不亮",
        "留言时间": "2026-09-01 09:30:00",
    } | cells
    columns = header_of(list(given))
    assert columns is not None
    return message_of(list(given.values()), columns)


@pytest.mark.parametrize(
    "written",
    [
        "2026/9/1 9:30:00",
        "2026-09-01 09:30:00",
        "2026-09-01T09:30",
        "2026.9.1 9:30",
        "2026年9月1日 9时30分",
        "２０２６／９／１　９：３０",
        "\n\t2026/9/1  9:30:00 ",
        "20260901 09:30:00",
        "2026-09-01 09:30:00.000",
        46266.395833333336,
        "46266.395833333336",
    ],
)
def test_a_time_is_read_as_shanghai_time_however_it_is_written(written: Cell) -> None:
    assert read(留言时间=written).received_at == datetime(2026, 9, 1, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "written", ["2026.9.1", "2026/9/1", "2026-09-01", "20260901", 20260901.0, 46266.0, 46266]
)
def test_a_message_with_its_day_only_came_at_the_start_of_that_day(written: Cell) -> None:
    assert read(留言时间=written).received_at == datetime(2026, 8, 31, 16, tzinfo=UTC)


def test_an_answer_with_its_day_only_was_given_by_the_end_of_that_day() -> None:
    told = read(答复意见="已修好。", 答复时间="2026.9.1").told_at
    assert told == datetime(2026, 9, 1, 15, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "written", ["昨天上午", "2026/2/30", "9月1日", "2026/9/1 25:00", "1234567", "26/9/1", 0.5]
)
def test_a_time_that_cannot_be_read_names_its_column(written: Cell) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(留言时间=written)
    assert refusal.value.column == "received"


def test_an_answer_before_its_message_is_refused() -> None:
    with pytest.raises(Unreadable, match="早于") as refusal:
        read(答复意见="已修好。", 答复时间="2026-08-31 10:00:00")
    assert refusal.value.column == "told"


def test_an_answer_without_its_time_is_refused() -> None:
    with pytest.raises(Unreadable, match="没有答复时间"):
        read(答复意见="已修好。", 答复时间="")


def test_a_row_without_a_number_is_refused() -> None:
    with pytest.raises(Unreadable, match="编号"):
        read(留言编号="\t")


def test_a_number_that_excel_has_rounded_is_refused() -> None:
    with pytest.raises(Unreadable, match="15位"):
        read(留言编号=2.0260901123456789e17)


def test_a_whole_number_cell_is_its_digits() -> None:
    assert read(留言编号=2549.0).number == "2549"


def test_a_phone_kept_as_a_number_is_its_digits() -> None:
    assert read(联系电话=13800000001.0).phone == "13800000001"


def test_pasted_tabs_and_blank_lines_are_dropped() -> None:
    assert (
        read(留言详情="\n\t\t\t\n\t\t门前路灯不亮。\n\n\xa0请修。_x000D_").matter == "门前路灯不亮。\n请修。"
    )


def test_a_message_without_a_title_takes_its_first_words() -> None:
    assert read(留言主题="", 留言详情="门前路灯不亮。").title == "门前路灯不亮。"


def test_the_kind_is_read_where_the_sheet_has_it() -> None:
    assert read(诉求类型="投诉举报").kind is Kind.COMPLAINT


def test_a_sheet_of_city_orders_is_understood_by_its_other_names() -> None:
    head = [
        "序号",
        "任务编号",
        "诉求人",
        "来电号码",
        "标题",
        "问题描述",
        "登记时间",
        "回复内容",
        "办结时间",
        "承办单位",
    ]
    assert set(header_of(head) or ()) == {
        "number", "name", "phone", "title", "matter", "received", "answer", "told", "unit",
    }  # fmt: skip


def test_the_contact_is_taken_before_its_entry() -> None:
    columns = header_of(["编号", "标题", "登记时间", "来电时间"])
    assert columns is not None
    assert columns["received"] == (3, "来电时间")


def test_a_heading_may_carry_notes_and_spaces() -> None:
    assert header_of(["留言编号*", "留 言 主 题", "留言时间（必填）"]) is not None


def test_a_row_of_data_is_not_taken_for_the_header() -> None:
    assert header_of(["101", "莫女士", "留言时间不对", "2026/9/1"]) is None


def test_the_header_of_the_message_sheet_names_every_field_it_has() -> None:
    assert len(header_of(HEAD) or ()) == len(HEAD)
