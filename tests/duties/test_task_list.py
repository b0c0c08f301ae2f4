"""A published task list is read as it stands: sections, rows, units, items; nothing is filled in."""

import pytest

from duties.task_list import Clause, Item, NotATaskList, Row, TaskList, read, read_text
from tests.duties.task_list_sample import HEADER, LETTER, TEXT, one_row, table_text

SAMPLE = read_text(TEXT)


def row(section: int, number: int) -> Row:
    return SAMPLE.sections[section - 1].rows[number - 1]


def items(measures: str) -> list[tuple[int, str]]:
    (section,) = read_text(one_row(measures)).sections
    return [(item.number, item.text) for item in section.rows[0].items]


def units(cell: str) -> tuple[str, ...]:
    (section,) = read_text(table_text("一、做事", "做。", cell, "县二局")).sections
    return section.rows[0].lead


def test_the_title_and_the_year_are_those_above_the_table() -> None:
    assert (SAMPLE.title, SAMPLE.year) == ("白鹭县2024年便民公开任务清单", 2024)


def test_every_section_has_its_number_title_and_rows() -> None:
    assert [(section.number, section.title, len(section.rows)) for section in SAMPLE.sections] == [
        (1, "公开集市信息", 2),
        (2, "修好村道", 2),
        (3, "管好水井", 0),
        (4, "办好村晚", 1),
    ]


def test_the_general_requirements_of_the_letter_are_clauses() -> None:
    assert SAMPLE.clauses == (
        Clause(1, "分工到人", "每件事都要有人管。"),
        Clause(2, "说到做到", "办完一件，记下一件。\n办不了的，讲明原因。"),
    )


def test_a_clause_with_its_text_in_the_same_line_is_split_at_the_first_stop() -> None:
    assert read_text("一、快办。当天办完。\n" + one_row("做。")).clauses == (Clause(1, "快办", "当天办完。"),)


def test_the_signature_right_below_the_last_clause_is_no_part_of_it() -> None:
    letter = "一、快办\n当天办完。\n            甲县政府办\n2024年5月 日\n" + one_row("做。")
    assert read_text(letter).clauses[0].text == "当天办完。"


def test_an_empty_lead_cell_gives_no_lead() -> None:
    assert [row(1, 2).lead, row(2, 1).lead] == [(), ()]


def test_the_lead_above_is_not_taken_for_a_blank_one() -> None:
    assert (row(1, 1).lead, row(1, 2).lead) == (("县商务局",), ())


def test_units_are_split_but_not_inside_brackets() -> None:
    assert row(1, 1).responsible == ("各乡镇（街道）", "县市场局", "县供销社")


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("县教委", ("县教委",)),
        ("县教委、县财政局", ("县教委", "县财政局")),
        ("县教委，县财政局,县民政局；县医保局", ("县教委", "县财政局", "县民政局", "县医保局")),
        ("县教委\n县财政局", ("县教委", "县财政局")),
        ("县教委、\n县财政局", ("县教委", "县财政局")),
        ("县 教 委", ("县教委",)),
        ("县政府有关部门", ("县政府有关部门",)),
        ("各乡镇（街道、园区）、县教委", ("各乡镇（街道、园区）", "县教委")),
        ("　", ()),
        ("", ()),
        ("——", ()),
        ("/", ()),
    ],
)
def test_a_unit_cell_is_read_as_names(cell: str, names: tuple[str, ...]) -> None:
    assert units(cell) == names


def test_a_dash_in_the_responsible_cell_names_nobody() -> None:
    assert row(2, 2).responsible == ()


def test_a_row_without_numbers_is_one_item() -> None:
    assert row(1, 2).items == (Item(1, "公开集市的厕所位置"),)


def test_a_cell_that_begins_with_empty_lines_is_read_whole() -> None:
    assert [item.text for item in row(2, 1).items] == [
        "登记坑洼，必须在3个工作日内补平。",
        "12345热线反映的，优先处理。",
    ]


def test_items_run_together_on_one_line_are_told_apart() -> None:
    assert [item.text for item in row(1, 1).items] == [
        "公开赶集日期（公开路径：1.县网站>集市；2.其他渠道）。",
        "公开摊位费标准，每年至少开会2次。",
        "做好雨天通知。",
    ]


def test_items_below_bracketed_headings_are_counted_through_the_row() -> None:
    assert row(2, 2).items == (
        Item(1, "巡查路面。", "县道。"),
        Item(2, "清理边沟。", "县道。"),
        Item(3, "乡道。由各乡镇养护。"),
    )


def test_a_sentence_before_the_first_number_is_the_opening_of_its_row() -> None:
    assert (row(4, 1).intro, row(4, 1).items) == (
        "热热闹闹办一场。",
        (Item(1, "2024年12月中旬前报节目单。"),),
    )


def test_marks_of_bookmarks_are_dropped() -> None:
    assert items("[bookmark: _GoBack]1. 做甲。\n2. 做乙。") == [(1, "做甲。"), (2, "做乙。")]


def test_what_stands_below_the_table_is_no_unit() -> None:
    assert row(4, 1).responsible == ("县文旅局",)


@pytest.mark.parametrize(
    ("measures", "found"),
    [
        ("1.甲\n2.乙", [(1, "甲"), (2, "乙")]),
        ("1．甲\n2．乙", [(1, "甲"), (2, "乙")]),
        ("1、甲\n2、乙", [(1, "甲"), (2, "乙")]),
        ("１．甲\n２．乙", [(1, "甲"), (2, "乙")]),
        ("（一）甲\n（二）乙", [(1, "甲"), (2, "乙")]),
        ("(1)甲\n(2)乙", [(1, "甲"), (2, "乙")]),
        ("　　1. 甲\n　　2. 乙", [(1, "甲"), (2, "乙")]),
        ("1.甲。2.乙。3.丙。", [(1, "甲。"), (2, "乙。"), (3, "丙。")]),
        ("1.甲。 2.12345热线", [(1, "甲。"), (2, "12345热线")]),
        ("1.甲。\n接着做甲。\n2.乙", [(1, "甲。\n接着做甲。"), (2, "乙")]),
        ("1.增长。2.5万元到位。\n2.乙", [(1, "增长。2.5万元到位。"), (2, "乙")]),
        ("1.甲\n2024.5起执行\n2.乙", [(1, "甲\n2024.5起执行"), (2, "乙")]),
        ("1.甲（路径：一；2.另一。3.又一）\n2.乙", [(1, "甲（路径：一；2.另一。3.又一）"), (2, "乙")]),
        ("1.甲（未闭合。     2.乙", [(1, "甲（未闭合。"), (2, "乙")]),
        ("1.甲：\n（1）这样\n（2）那样\n2.乙", [(1, "甲：\n（1）这样\n（2）那样"), (2, "乙")]),
        ("1.甲：\n（一）这样\n（二）那样\n2.乙", [(1, "甲：\n（一）这样\n（二）那样"), (2, "乙")]),
        ("甲（公开路径：1.网站；2.其他）", [(1, "甲（公开路径：1.网站；2.其他）")]),
        ("2.5万元到位", [(1, "2.5万元到位")]),
        ("1.甲\n2.\n3.丙", [(1, "甲"), (3, "丙")]),
    ],
)
def test_numbers_open_items(measures: str, found: list[tuple[int, str]]) -> None:
    assert items(measures) == found


@pytest.mark.parametrize(
    ("measures", "numbers", "warning"),
    [
        ("1.甲\n3.丙", [1, 3], "第一项第1行：“3.丙”前一项是第1项"),
        ("1.甲\n1.乙\n2.丙", [1, 2, 3], "第一项第1行：“1.乙”前一项是第1项"),
    ],
)
def test_odd_numbering_is_kept_apart_and_told(measures: str, numbers: list[int], warning: str) -> None:
    found = read_text(one_row(measures))
    assert [item.number for item in found.sections[0].rows[0].items] == numbers
    assert warning in found.warnings


def test_a_missing_section_is_told() -> None:
    found = read_text(table_text("一、甲", "做。", "", "县一局", "三、丙", "做。", "", "县一局"))
    assert found.warnings == ("“三、丙”之前缺少第二项",)


def test_a_heading_over_the_whole_width_has_the_rows_below_it() -> None:
    text = one_row("做。") + "\t二、另一件\n\n\t\n\t做好。\n\t县一局\n\t\n"
    assert [len(section.rows) for section in read_text(text).sections] == [1, 1]
    assert read_text(text).sections[1].rows[0].lead == ("县一局",)


def test_two_headings_one_below_the_other_make_a_section_without_rows() -> None:
    text = one_row("做。") + "\t二、空的\n\n\t三、实的\n\t做。\n\t\n\t县一局\n"
    assert [len(section.rows) for section in read_text(text).sections] == [1, 0, 1]


def test_a_head_repeated_on_the_next_page_is_no_row() -> None:
    text = table_text("一、甲", "做。", "", "县一局", *HEADER, "", "再做。", "", "县一局")
    assert len(read_text(text).sections[0].rows) == 2


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_other_systems_change_nothing(end: str) -> None:
    assert read_text(TEXT.replace("\n", end)) == SAMPLE


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encodings_of_windows_are_read(encoding: str) -> None:
    assert read(TEXT.encode(encoding)) == SAMPLE


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("甲县2019年任务清单", 2019),
        ("甲县二〇二三年任务清单", 2023),
        ("甲县任务清单（2025年）\n任务清单", 2025),
    ],
)
def test_the_year_is_read_in_digits_and_in_numerals(title: str, year: int) -> None:
    assert read_text(one_row("做。").replace("甲县2024年任务清单", title)).year == year


REFUSALS = [
    ("", "表头"),
    ("今天天气很好。", "表头"),
    (LETTER, "表头"),
    ("\t工作任务\n\t贯彻举措\n\t牵头单位\n", "表头"),
    (table_text(), "没有任务"),
    (one_row("做。").replace("甲县2024年任务清单", ""), "标题"),
    (one_row("做。").replace("2024年", ""), "哪一年"),
    (table_text("", "做。", "", "县一局"), "没有任务名称"),
    (table_text("甲", "做。", "", "县一局"), "不是“一、……”样的任务名称"),
    (table_text("二、乙", "做。", "", "", "二、丙", "做。", "", ""), "不在第2项之后"),
    (table_text("一、甲", "做。", "县一局"), "不足四栏"),
    (table_text("一、甲", "县一局", "做好这件事。", "县一局"), "不像单位名称"),
    (table_text("一、甲", "做。", "县" * 41, "县一局"), "不像单位名称"),
    (table_text("一、甲", "做。", "县、" * 2000, "县一局"), "单位一栏有4001字"),
    ("一" * 100_001, "超过100000字"),
]


@pytest.mark.parametrize(("text", "reason"), REFUSALS)
def test_what_cannot_be_relied_on_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(NotATaskList, match=reason):
        read_text(text)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "旧版 Word"),
        (b"{\\rtf1", "旧版 Word"),
        (b"%PDF-1.7", "PDF"),
        (b"\xff\xfe\x00", "编码"),
        (b"\x00\x81\xff\xff", "编码"),
        (b"PK\x03\x04", "已损坏"),
    ],
)
def test_a_file_of_another_kind_is_named(data: bytes, reason: str) -> None:
    with pytest.raises(NotATaskList, match=reason):
        read(data)


def test_a_list_is_a_value() -> None:
    assert isinstance(SAMPLE, TaskList) and hash(SAMPLE) == hash(read_text(TEXT))
