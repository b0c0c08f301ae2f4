"""Any list in the published layout is read back equal; anything else is refused and nothing else happens."""

import io
import zipfile
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from duties.task_list import Item, NotATaskList, Row, Section, TaskList, read_docx, read_text
from duties.task_list_numbers import number_of, numeral_of
from duties.task_list_terms import propose
from tests.duties.task_list_sample import HEADER, TEXT

WORDS = "公开政策解读网站定期每年不少于次工作日内前月至，“”《》12"

words = st.text(WORDS, min_size=1, max_size=20).map(lambda text: f"做{text}好。")
names = st.text("县乡镇教委办局街道", min_size=1, max_size=8)
groups = st.sampled_from(["各乡镇（街道）", "县政府有关部门", "各单位（乡镇、街道）"])
units = st.lists(names | groups, max_size=4).map(tuple)


@st.composite
def rows(draw: st.DrawFn, number: int) -> Row:
    texts = draw(st.lists(words, min_size=1, max_size=5))
    intro = draw(st.just("") | words) if len(texts) > 1 else ""
    items = tuple(Item(at, text) for at, text in enumerate(texts, 1))
    return Row(number, draw(units), draw(units), items, intro)


@st.composite
def task_lists(draw: st.DrawFn) -> TaskList:
    sections = [
        Section(
            at, draw(words), tuple(draw(rows(number)) for number in range(1, draw(st.integers(0, 3)) + 1))
        )
        for at in range(1, draw(st.integers(1, 14)) + 1)
    ]
    year = draw(st.integers(2000, 2100))
    return TaskList(f"甲县{year}年任务清单", year, tuple(sections))


def rendered(draw: st.DataObject, task_list: TaskList) -> str:
    """As a text extractor would export it: indents, empty lines and run-together numbers as they come."""
    lines = [f" \t{task_list.title}", "", *(f"\t{name}" for name in HEADER), ""]
    for section in task_list.sections:
        heading = f"{numeral_of(section.number)}、{section.title}"
        for row in section.rows or (None,):
            lines += [f"\t{heading}", *row_lines(draw, row), ""]
            heading = ""
    return "\n".join(lines) + "\n"


def row_lines(draw: st.DataObject, row: Row | None) -> list[str]:
    if row is None:
        return ["\t", "\t　", "\t"]
    separator = draw.draw(st.sampled_from(["、", "，", "、\n", "\n"]))
    blank = draw.draw(st.sampled_from(["", "　", "—"]))
    lead, responsible = (separator.join(names) or blank for names in (row.lead, row.responsible))
    return [f"\t{measures(draw, row)}", f"\t{lead}", f"\t{responsible}"]


def measures(draw: st.DataObject, row: Row) -> str:
    dot = draw.draw(st.sampled_from([".", "．", ". "]))
    text = draw.draw(st.sampled_from(["", "\n\n", "    "])) + row.intro
    for item in row.items:
        between = draw.draw(st.sampled_from(["\n", "\n    ", "     "])) if text.strip() else ""
        number = f"{item.number}{dot}" if len(row.items) > 1 else ""
        text += f"{between}{number}{item.text}"
    return text


@settings(max_examples=60, deadline=None)
@given(st.data(), task_lists())
def test_a_list_in_the_published_layout_is_read_back_equal(data: st.DataObject, task_list: TaskList) -> None:
    assert read_text(rendered(data, task_list)) == task_list


@settings(max_examples=60, deadline=None)
@given(task_lists())
def test_every_measure_is_proposed_once_and_its_reason_is_its_own_words(task_list: TaskList) -> None:
    proposals = propose(task_list)
    assert len({proposal.clause for proposal in proposals}) == len(proposals)
    assert all(
        proposal.phrase in proposal.text or proposal.phrase.startswith("文中没有") for proposal in proposals
    )


PIECES = [
    "\t",
    "\n",
    "\r",
    "　",
    "\x00",
    "一、",
    "1.",
    "（一）",
    "。",
    "清单",
    "2024年",
    *HEADER,
    "[bookmark:",
]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=60).map("".join))
def test_no_text_does_anything_but_be_refused(text: str) -> None:
    with suppress(NotATaskList):
        propose(read_text(text))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(TEXT)), st.text(max_size=3) | st.sampled_from(PIECES), st.integers(0, 40))
def test_no_damage_to_a_list_does_anything_but_have_it_refused(at: int, put: str, cut: int) -> None:
    with suppress(NotATaskList):
        propose(read_text(TEXT[:at] + put + TEXT[at + cut :]))


TAGS = ["<w:tbl>", "</w:tbl>", "<w:tr>", "</w:tr>", "<w:tc>", "</w:tc>", "<w:p>", "</w:p>", "<w:t>甲</w:t>"]
TAGS += ["<w:vMerge/>", "<w:gridSpan w:val='9'/>", "<w:numId w:val='1'/>", "<w:moveFrom>", "</w:moveFrom>"]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(TAGS), max_size=30).map("".join))
def test_no_document_does_anything_but_be_refused(inside: str) -> None:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("word/document.xml", f'<w:body xmlns:w="{space}">{inside}</w:body>')
    with suppress(NotATaskList):
        read_docx(made.getvalue())


@given(st.integers(1, 99))
def test_a_number_survives_being_written_in_numerals(number: int) -> None:
    assert number_of(numeral_of(number)) == number_of(str(number)) == number


@settings(max_examples=200)
@given(st.text("一二两三十百〇0１9²x", max_size=4))
def test_no_word_is_misread_as_a_number(text: str) -> None:
    number, plain = number_of(text), text.replace("两", "二")
    assert number is None or text.isdecimal() or numeral_of(number) in {plain, plain.removeprefix("一")}
