"""Files that are damaged, hostile or something else: a clear reason, never a traceback, never a lost row."""

import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from inquiries.sheet_guard import SheetError
from inquiries.sheets import sheets_of
from tests.inquiries.workbooks import SHEET_PART, changed, row, xlsx


def refused(path: Path, reason: str) -> None:
    with pytest.raises(SheetError, match=reason):
        sheets_of(path)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return xlsx(tmp_path / "a.xlsx", [row(number) for number in range(1, 41)])


@pytest.mark.parametrize("claim", ["A1:B2", "A1:XFD1048576"])
def test_a_lying_dimension_loses_no_row(good: Path, claim: str) -> None:
    lie = changed(good, SHEET_PART, lambda xml: xml.replace(b'ref="A1:G41"', f'ref="{claim}"'.encode()))
    (sheet,) = sheets_of(lie)
    assert [number for number, _row in sheet.rows] == list(range(1, 42))


def test_blank_rows_and_columns_keep_the_row_numbers(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].cell(4, 3, "甲")
    book.worksheets[0].cell(9, 3, "乙")
    book.save(tmp_path / "a.xlsx")
    (sheet,) = sheets_of(tmp_path / "a.xlsx")
    assert [number for number, _row in sheet.rows] == [4, 9]


def test_every_sheet_is_read_hidden_ones_too(tmp_path: Path) -> None:
    book = Workbook()
    for name, state in [("二月", "visible"), ("三月", "hidden")]:
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        sheet.append(["甲"])
    book.save(tmp_path / "a.xlsx")
    assert [sheet.name for sheet in sheets_of(tmp_path / "a.xlsx") if sheet.rows] == ["二月", "三月"]


def test_a_far_cell_is_refused(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0]["A1"] = book.worksheets[0]["XFD1048576"] = "x"
    book.save(tmp_path / "a.xlsx")
    refused(tmp_path / "a.xlsx", "第1048576行、第16384列")


def test_a_far_cell_without_a_reference_is_refused(good: Path) -> None:
    wide = b"<row>" + b"<c/>" * 9000 + b"<c><v>1</v></c></row>" + b"<row><c><v>1</v></c></row>" * 9000
    refused(
        changed(good, SHEET_PART, lambda xml: xml.replace(b"</sheetData>", wide + b"</sheetData>")),
        "范围过大",
    )


def test_a_far_cell_that_only_has_a_border_does_no_harm(good: Path) -> None:
    border = b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    (sheet,) = sheets_of(changed(good, SHEET_PART, lambda xml: xml.replace(b"</sheetData>", border)))
    assert len(sheet.rows) == 41


def test_a_bomb_is_refused_before_it_is_unpacked(good: Path) -> None:
    refused(changed(good, "xl/media/image1.xml", lambda _: b" " * 60_000_000), "压缩炸弹")


def test_a_bomb_that_hides_its_size_is_refused(good: Path) -> None:
    changed(good, "xl/bomb.xml", lambda _: b"<a>" + b" " * 900_000 + b"</a>")
    real, claimed = (900_007).to_bytes(4, "little"), (7).to_bytes(4, "little")
    good.write_bytes(good.read_bytes().replace(real, claimed))
    refused(good, "损坏")


def test_a_workbook_of_a_thousand_parts_is_refused(good: Path) -> None:
    with zipfile.ZipFile(good, "a") as archive:
        for number in range(1000):
            archive.writestr(f"xl/extra/{number}.xml", b"<a/>")
    refused(good, "部件过多")


def test_entities_that_multiply_are_refused(good: Path) -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
    refused(changed(good, SHEET_PART, lambda _: laughs), "文档类型声明")


def test_a_sheet_with_an_unknown_encoding_is_refused(good: Path) -> None:
    refused(changed(good, SHEET_PART, lambda _: b'<?xml version="1.0" encoding="x-made-up"?><a/>'), "损坏")


def test_a_word_document_under_an_excel_name_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    refused(tmp_path / "a.xlsx", "Word")


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("readme.txt", "x")
    refused(tmp_path / "a.xlsx", "不是 Excel 工作簿")


def test_half_a_workbook_is_refused(good: Path) -> None:
    good.write_bytes(good.read_bytes()[:3000])
    refused(good, "损坏")


def test_a_workbook_with_a_damaged_part_is_refused(good: Path) -> None:
    data = bytearray(good.read_bytes())
    with zipfile.ZipFile(good) as archive:
        part = archive.getinfo(SHEET_PART)
    start = part.header_offset + 30 + len(SHEET_PART)
    data[start : start + 2] = b"\xff\xff"  # no block of a compressed stream begins so
    good.write_bytes(data)
    refused(good, "已损坏")


def test_a_workbook_with_a_password_is_refused(tmp_path: Path) -> None:
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    (tmp_path / "a.xlsx").write_bytes(locked)
    refused(tmp_path / "a.xlsx", "密码")


def test_an_old_workbook_that_would_end_the_library_is_refused(tmp_path: Path) -> None:
    whole = (Path(__file__).parent / "orders.xls").read_bytes()
    (tmp_path / "a.xls").write_bytes(whole[:512] + b"\xff" * (len(whole) - 512))
    refused(tmp_path / "a.xls", "损坏")


def test_a_web_page_under_an_excel_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_text("<html><table></table></html>", "utf-8")
    refused(tmp_path / "a.xls", "网页")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"")
    refused(tmp_path / "a.csv", "空的")


def test_a_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    refused(tmp_path / "a.xlsx", "不是 Excel 或 CSV")


def test_a_file_over_20_megabytes_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "a.xlsx").open("wb") as file:
        file.truncate(20 * 1024 * 1024 + 1)
    refused(tmp_path / "a.xlsx", "20MB")
