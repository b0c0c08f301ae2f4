"""Task lists as Word documents: the same list as from text, merged cells as Word means them, hostile files refused."""

import io
import zipfile
from collections.abc import Callable

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.table import Table
from docx.text.paragraph import Paragraph

from duties.task_list import Item, NotATaskList, read, read_docx, read_text
from duties.task_list_docx import MAX_ENTRIES, MAX_FILE, MAX_UNPACKED
from tests.duties.task_list_sample import HEADER, ROWS, TEXT, docx, fill, saved

ROW = ("一、做事", "做。", "县一局", "县二局")
GOOD = docx([ROW])
MAIN = "word/document.xml"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def table_of(*rows: tuple[str, str, str, str]) -> tuple[Document, Table]:  # type: ignore[valid-type]
    document = Document()
    document.add_paragraph("甲县2024年任务清单")
    table = document.add_table(rows=0, cols=4)
    for row in (HEADER, *rows):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            fill(cell, text)
    return document, table


def numbered(paragraph: Paragraph, style: int = 1) -> None:
    """As if Word itself put a number in front."""
    number = paragraph._p.get_or_add_pPr()._add_numPr()
    number._add_ilvl().val = 0
    number._add_numId().val = style


def changed(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == MAIN else old.read(name))
    return made.getvalue()


def packed(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return made.getvalue()


def body(inside: str) -> bytes:
    return packed(
        word__document_xml=f'<w:document xmlns:w="{W}"><w:body>{inside}</w:body></w:document>'.encode()
    )


def refused(data: bytes, reason: str) -> None:
    with pytest.raises(NotATaskList, match=reason):
        read_docx(data)


def test_a_document_is_read_as_the_text_made_from_it() -> None:
    letter = TEXT.split("\t工作任务")[0].replace("\t", "").split("\n")
    assert read_docx(docx(ROWS, letter)) == read_text(TEXT)


def test_read_tells_a_document_by_its_first_bytes() -> None:
    assert read(GOOD) == read_docx(GOOD)


def test_a_task_merged_down_the_first_column_has_all_its_rows() -> None:
    document, table = table_of(ROW, ("", "再做。", "县一局", "县二局"))
    table.cell(1, 0).merge(table.cell(2, 0))
    (section,) = read_docx(saved(document)).sections
    assert (section.title, len(section.rows)) == ("做事", 2)


def test_a_lead_merged_over_two_rows_leads_both() -> None:
    document, table = table_of(ROW, ("", "再做。", "", "县三局"))
    table.cell(1, 2).merge(table.cell(2, 2))
    (section,) = read_docx(saved(document)).sections
    assert [row.lead for row in section.rows] == [("县一局",), ("县一局",)]


def test_a_blank_lead_below_a_merged_one_stays_blank() -> None:
    document, table = table_of(ROW, ("", "再做。", "", "县三局"), ("", "还做。", "", "县三局"))
    table.cell(1, 2).merge(table.cell(2, 2))
    (section,) = read_docx(saved(document)).sections
    assert section.rows[2].lead == ()


def test_one_cell_for_lead_and_responsible_names_no_lead() -> None:
    document, table = table_of(("一、做事", "做。", "县一局", ""))
    table.cell(1, 2).merge(table.cell(1, 3))
    (section,) = read_docx(saved(document)).sections
    assert (section.rows[0].lead, section.rows[0].responsible) == ((), ("县一局",))


def test_a_heading_merged_over_the_whole_width_has_the_rows_below_it() -> None:
    document, table = table_of(("一、做事", "", "", ""), ("", "做。", "县一局", "县二局"))
    table.cell(1, 0).merge(table.cell(1, 3))
    (section,) = read_docx(saved(document)).sections
    assert [item.text for item in section.rows[0].items] == ["做。"]


def test_numbers_that_word_makes_itself_are_counted_in_each_cell() -> None:
    document, table = table_of(("一、做事", "甲\n乙", "", "县一局"), ("", "丙\n丁", "", "县一局"))
    for at in (1, 2):
        for paragraph in table.cell(at, 1).paragraphs:
            numbered(paragraph)
    (section,) = read_docx(saved(document)).sections
    assert [row.items for row in section.rows] == [
        (Item(1, "甲"), Item(2, "乙")),
        (Item(1, "丙"), Item(2, "丁")),
    ]


def test_tasks_that_word_numbers_itself_are_counted_down_the_column() -> None:
    rows = [("做事", "做。", "", "县一局"), ("", "再做。", "", "县一局"), ("收尾", "收。", "", "县一局")]
    document, table = table_of(*rows)
    for at in (1, 3):
        numbered(table.cell(at, 0).paragraphs[0])
    sections = read_docx(saved(document)).sections
    assert [(section.number, section.title) for section in sections] == [(1, "做事"), (2, "收尾")]


def test_a_typed_number_is_not_counted_a_second_time() -> None:
    document, table = table_of(("一、做事", "1. 甲\n2. 乙", "", "县一局"))
    for paragraph in table.cell(1, 1).paragraphs:
        numbered(paragraph)
    (section,) = read_docx(saved(document)).sections
    assert section.rows[0].items == (Item(1, "甲"), Item(2, "乙"))


def test_a_line_break_inside_a_paragraph_is_a_line() -> None:
    document, table = table_of(("一、做事", "", "", "县一局"))
    table.cell(1, 1).paragraphs[0].add_run("1. 甲\n2. 乙")
    (section,) = read_docx(saved(document)).sections
    assert section.rows[0].items == (Item(1, "甲"), Item(2, "乙"))


def test_a_table_inside_a_cell_is_text_of_that_cell() -> None:
    document, table = table_of(("一、做事", "做。", "", "县一局"))
    table.cell(1, 1).add_table(1, 2).cell(0, 0).text = "里面"
    (section,) = read_docx(saved(document)).sections
    assert section.rows[0].items == (Item(1, "做。\n里面"),)


def test_a_merged_cell_of_a_table_inside_a_cell_merges_nothing_outside() -> None:
    document, table = table_of(ROW, ("", "再做。", "县三局", "县二局"))
    inner = table.cell(2, 2).add_table(2, 1)
    inner.cell(0, 0).merge(inner.cell(1, 0))
    (section,) = read_docx(saved(document)).sections
    assert section.rows[1].lead == ("县三局",)


def test_a_paragraph_without_the_number_of_its_style_is_not_counted() -> None:
    document, table = table_of(("一、做事", "甲\n乙", "", "县一局"))
    for paragraph in table.cell(1, 1).paragraphs:
        numbered(paragraph, 0)
    (section,) = read_docx(saved(document)).sections
    assert section.rows[0].items == (Item(1, "甲\n乙"),)


def test_a_second_copy_for_old_programs_is_not_read() -> None:
    copy = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        "<mc:Fallback><w:p><w:r><w:t>甲县2025年补充清单</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent>"
    ).encode()
    found = read_docx(changed(GOOD, lambda xml: xml.replace(b"<w:tbl>", copy + b"<w:tbl>", 1)))
    assert found.title == "甲县2024年任务清单"


def test_words_moved_elsewhere_are_read_once() -> None:
    document, table = table_of(("一、做事", "做。", "", "县一局"))
    paragraph = table.cell(1, 1).paragraphs[0]
    moved = OxmlElement("w:moveFrom")
    moved.extend(list(paragraph._p.r_lst))
    paragraph._p.append(moved)
    paragraph.add_run("做好。")
    (section,) = read_docx(saved(document)).sections
    assert section.rows[0].items == (Item(1, "做好。"),)


def test_the_table_goes_on_in_a_second_one_of_four_columns() -> None:
    document, _ = table_of(ROW)
    second = document.add_table(rows=1, cols=4)
    for cell, text in zip(second.rows[0].cells, ("二、再做", "做。", "", "县三局"), strict=True):
        cell.text = text
    assert [section.number for section in read_docx(saved(document)).sections] == [1, 2]


def test_a_table_of_other_columns_below_is_not_part_of_the_list() -> None:
    document, _ = table_of(ROW)
    document.add_table(rows=1, cols=2).cell(0, 0).text = "白鹭县人民政府办公室印发"
    assert read_docx(saved(document)) == read_docx(GOOD)


def test_a_table_before_the_list_belongs_to_the_letter() -> None:
    document = Document()
    document.add_table(rows=1, cols=1).cell(0, 0).text = "甲县2024年任务清单"
    table = document.add_table(rows=0, cols=4)
    for row in (HEADER, ROW):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    assert read_docx(saved(document)) == read_docx(GOOD)


def test_columns_of_uneven_width_are_found_by_their_place() -> None:
    def row(*cells: tuple[str, int]) -> str:
        made = [
            f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>'
            for text, span in cells
        ]
        return "<w:tr>" + "".join(made) + "</w:tr>"

    head = row(*((name, 2) for name in HEADER))
    rows = row(("一、做事", 2), ("做", 1), ("。", 1), ("县一局", 2), ("县二局", 2))
    found = read_docx(body(f"<w:p><w:r><w:t>甲县2024年任务清单</w:t></w:r></w:p><w:tbl>{head}{rows}</w:tbl>"))
    assert found.sections[0].rows[0].lead == ("县一局",)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04", "已损坏"),
        (GOOD[: len(GOOD) // 2], "已损坏"),
        (b"x" * (MAX_FILE + 1), "超过20MB"),
        (packed(xl__workbook_xml=b"<workbook/>"), "不是 Word 文档"),
        (packed(word__document_xml=b""), "已损坏"),
        (packed(word__document_xml=b"<a>"), "已损坏"),
        (packed(word__document_xml=b"\xff\xfe<"), "已损坏"),
        (packed(word__document_xml=b"0" * (MAX_UNPACKED + 1)), "压缩炸弹"),
        (packed(word__document_xml=b"0" * 2 * 1024 * 1024), "压缩炸弹"),
        (packed(**{f"p{number}": b"" for number in range(MAX_ENTRIES)}, word__document_xml=b""), "部件过多"),
        (body(""), "表头"),
        (body("<w:tr><w:tc><w:p/></w:tc></w:tr>"), "表头"),
        (body("<w:tbl><w:tc/><w:gridSpan w:val='99999999999'/></w:tbl>"), "表头"),
        (body("<w:tbl>" + "<w:tr><w:tc/></w:tr>" * 20_001 + "</w:tbl>"), "表格过大"),
        (body(f"<w:p><w:r><w:t>{'一' * 10}</w:t></w:r></w:p>" * 40_000), "压缩炸弹"),
    ],
)
def test_a_foreign_damaged_or_hostile_file_is_refused(data: bytes, reason: str) -> None:
    refused(data, reason)


def test_a_part_that_lies_about_its_size_is_refused() -> None:
    name = MAIN.encode()
    at = GOOD.rindex(name) - 46
    lie = GOOD[: at + 24] + (10).to_bytes(4, "little") + GOOD[at + 28 :]
    refused(lie, "已损坏")


def test_a_damaged_stream_is_refused() -> None:
    at = GOOD.index(MAIN.encode()) + len(MAIN) + 40
    refused(GOOD[:at] + b"\xff" * 60 + GOOD[at + 60 :], "已损坏")


def test_a_document_type_is_refused_before_it_can_swell() -> None:
    bomb = b'<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    refused(changed(GOOD, lambda xml: xml.replace(b"<w:document", bomb + b"<w:document", 1)), "文档类型声明")


def test_a_reference_to_another_file_is_not_followed() -> None:
    space = "http://www.w3.org/2001/XInclude"
    include = f'<w:p><xi:include xmlns:xi="{space}" href="file:///etc/passwd" parse="text"/></w:p>'
    assert read_docx(
        changed(GOOD, lambda xml: xml.replace(b"<w:body>", b"<w:body>" + include.encode()))
    ) == read_docx(GOOD)


def test_more_text_than_a_list_has_is_refused() -> None:
    refused(
        docx([ROW], ["甲县2024年任务清单", *(f"{number}" * 50 for number in range(1000, 1600))]),
        "超过100000字",
    )


def test_a_table_nested_a_thousand_deep_is_read() -> None:
    deep = "<w:tbl><w:tr><w:tc>" * 1000 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 1000
    refused(body(deep), "表头")
