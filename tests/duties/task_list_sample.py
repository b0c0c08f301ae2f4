"""A short task list of a county that does not exist, in the layout in which such lists are exported from Word."""

import io
from collections.abc import Sequence

from docx import Document
from docx.table import _Cell

HEADER = ("工作任务", "贯彻举措", "牵头单位", "责任单位")

LETTER = """白鹭县人民政府办公室关于
印发白鹭县2024年便民公开任务清单的通  知

各乡镇人民政府，有关单位：
现将任务清单印发给你们，请照此办理。
一、分工到人
每件事都要有人管。
二、说到做到
办完一件，记下一件。
办不了的，讲明原因。

                            白鹭县人民政府办公室
                                2024年3月 日
（此件公开发布）
 \t白鹭县2024年便民公开任务清单
"""

TABLE = """
\t工作任务
\t贯彻举措
\t牵头单位
\t责任单位

\t一、公开集市信息
\t    1. 公开赶集日期（公开路径：1.县网站>集市；2.其他渠道）。
    2. 公开摊位费标准，每年至少开会2次。     3.做好雨天通知。
\t县商务局
\t各乡镇（街道）、县市场局，县供销社

\t
\t    公开集市的厕所位置
\t　
\t县城管局

\t二、修好村道
\t

1．登记坑洼，必须在3个工作日内补平。
2．12345热线反映的，优先处理。

\t　
\t县交通局

\t
\t（一）县道。
1. 巡查路面。
2. 清理边沟。
（二）乡道。由各乡镇养护。
\t县交通局、
县公路中心
\t—

\t三、管好水井
\t
\t　
\t

\t四、办好村晚
\t[bookmark: _GoBack]热热闹闹办一场。
1.2024年12月中旬前报节目单。
\t县文旅局
\t县文旅局


附件：节目单
"""

TEXT = LETTER + TABLE

ROWS = [
    (
        "一、公开集市信息",
        "1. 公开赶集日期（公开路径：1.县网站>集市；2.其他渠道）。\n"
        "2. 公开摊位费标准，每年至少开会2次。     3.做好雨天通知。",
        "县商务局",
        "各乡镇（街道）、县市场局，县供销社",
    ),
    ("", "公开集市的厕所位置", "　", "县城管局"),
    (
        "二、修好村道",
        "\n1．登记坑洼，必须在3个工作日内补平。\n2．12345热线反映的，优先处理。\n",
        "",
        "县交通局",
    ),
    (
        "",
        "（一）县道。\n1. 巡查路面。\n2. 清理边沟。\n（二）乡道。由各乡镇养护。",
        "县交通局、\n县公路中心",
        "—",
    ),
    ("三、管好水井", "", "", ""),
    ("四、办好村晚", "热热闹闹办一场。\n1.2024年12月中旬前报节目单。", "县文旅局", "县文旅局"),
]
"""The cells of TABLE, a paragraph to a line."""


def table_text(*cells: str) -> str:
    """A list whose table holds just these cells, four to a row."""
    rows = ["".join(f"\t{cell}\n" for cell in cells[at : at + 4]) for at in range(0, len(cells), 4)]
    return "甲县2024年任务清单\n" + "\n".join(["".join(f"\t{cell}\n" for cell in HEADER), *rows]) + "\n"


def one_row(measures: str) -> str:
    """A list with one row."""
    return table_text("一、做事", measures, "县一局", "县二局")


def docx(rows: Sequence[Sequence[str]], letter: Sequence[str] = ("甲县2024年任务清单",)) -> bytes:
    """The same as a Word document."""
    document = Document()
    for line in letter:
        document.add_paragraph(line)
    table = document.add_table(rows=0, cols=4)
    for row in [HEADER, *rows]:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            fill(cell, text)
    return saved(document)


def fill(cell: _Cell, text: str) -> None:
    """Each line a paragraph, as in Word."""
    cell.text, *others = text.split("\n")
    for line in others:
        cell.add_paragraph(line)


def saved(document: object) -> bytes:
    made = io.BytesIO()
    document.save(made)  # type: ignore[attr-defined]
    return made.getvalue()
