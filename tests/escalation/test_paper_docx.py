"""Official papers as Word files: the layout of GB/T 9704-2012, one form for one set of facts, nothing hidden."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document

from escalation.paper_docx import DELIVERED, BadTemplate, digest, render
from escalation.paper_facts import from_json, to_json
from escalation.paper_kinds import PaperKind
from escalation.paper_templates import BODIES, template
from tests.escalation.paper_samples import SAMPLES, SUPERVISION

KINDS = pytest.mark.parametrize("kind", list(PaperKind))
LONG = "来电人反映该工地渣土车夜间带泥上路，扬尘严重，多次反映未果，希望尽快清理。" * 60
HOSTILE = "<w:p>&amp;</w:p> {{ number }} {% for x in y %} {{'a'.__class__}} {_{ }_} {_% %_} {# no #} ]]>"


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def part(content: bytes, name: str) -> str:
    return parts(content)[name].decode()


def words(content: bytes) -> str:
    """Everything that is printed in the body."""
    document = Document(io.BytesIO(content))
    return "".join(text.text or "" for text in document.element.iter() if text.tag.endswith("}t"))


@pytest.fixture(scope="module")
def made() -> Iterator[dict[PaperKind, bytes]]:
    yield {kind: render(kind, SAMPLES[kind]) for kind in PaperKind}


@KINDS
def test_the_page_is_a4_with_the_margins_of_the_standard(
    made: dict[PaperKind, bytes], kind: PaperKind
) -> None:
    section = Document(io.BytesIO(made[kind])).sections[0]
    size = (section.page_width.mm, section.page_height.mm)
    margins = (
        section.top_margin.mm,
        section.bottom_margin.mm,
        section.left_margin.mm,
        section.right_margin.mm,
    )
    assert ([round(x) for x in size], [round(x) for x in margins]) == ([210, 297], [37, 35, 28, 26])


@KINDS
def test_the_grid_holds_22_lines_of_28_characters(made: dict[PaperKind, bytes], kind: PaperKind) -> None:
    document = part(made[kind], "word/document.xml")
    grid = re.search(r'w:type="linesAndChars" w:linePitch="(\d+)" w:charSpace="(-?\d+)"', document)
    assert grid is not None
    lines = (297 - 37 - 35) / 25.4 * 72 / (int(grid[1]) / 20)
    characters = (210 - 28 - 26) / 25.4 * 72 / (16 + int(grid[2]) / 4096)
    assert (int(lines), int(characters)) == (22, 28)


@KINDS
@pytest.mark.parametrize(
    ("style", "font", "half_points"),
    [("PaperTitle", "方正小标宋简体", "44"), ("BodyText", "仿宋_GB2312", "32"), ("HeadOne", "黑体", "32")]
    + [("HeadTwo", "楷体_GB2312", "32"), ("Imprint", "仿宋_GB2312", "28"), ("PageNumber", "宋体", "28")],
)
def test_fonts_and_sizes_are_those_of_the_standard(
    made: dict[PaperKind, bytes], kind: PaperKind, style: str, font: str, half_points: str
) -> None:
    styles = part(made[kind], "word/styles.xml")
    found = re.search(rf'w:styleId="{style}".*?</w:style>', styles, re.DOTALL)
    assert found is not None
    assert f'w:eastAsia="{font}"' in found[0] and f'<w:sz w:val="{half_points}"/>' in found[0]


def test_the_body_has_a_fixed_line_of_28_points(made: dict[PaperKind, bytes]) -> None:
    styles = part(made[PaperKind.SUPERVISION], "word/styles.xml")
    body = re.search(r'w:styleId="BodyText".*?</w:style>', styles, re.DOTALL)
    assert body is not None and '<w:spacing w:line="560" w:lineRule="exact"/>' in body[0]


@pytest.mark.parametrize("font", ["仿宋_GB2312", "楷体_GB2312", "方正小标宋简体"])
def test_a_font_that_an_office_may_lack_has_stand_ins(made: dict[PaperKind, bytes], font: str) -> None:
    table = part(made[PaperKind.SUPERVISION], "word/fontTable.xml")
    assert re.search(rf'w:name="{font}"><w:altName w:val="[^"]+,[^"]+"/>', table)


def test_the_language_is_simplified_chinese(made: dict[PaperKind, bytes]) -> None:
    assert 'w:eastAsia="zh-CN"' in part(made[PaperKind.SUPERVISION], "word/styles.xml")


def test_the_page_number_stands_at_the_outer_side(made: dict[PaperKind, bytes]) -> None:
    package = parts(made[PaperKind.CRITICISM])
    odd, even = package["word/footer1.xml"].decode(), package["word/footer2.xml"].decode()
    assert '<w:jc w:val="right"/>' in odd and '<w:jc w:val="left"/>' in even
    assert "evenAndOddHeaders" in package["word/settings.xml"].decode()


@KINDS
def test_the_same_facts_give_the_same_bytes(made: dict[PaperKind, bytes], kind: PaperKind) -> None:
    again = render(kind, from_json(to_json(SAMPLES[kind])))
    assert digest(again) == digest(made[kind])


@KINDS
def test_nothing_tells_who_made_the_file_or_when(made: dict[PaperKind, bytes], kind: PaperKind) -> None:
    package = parts(made[kind])
    core = package["docProps/core.xml"].decode()
    assert not re.search(r"creator|lastModifiedBy|created|modified|title|description", core)
    hidden = [name for name in package if re.search(r"comments|people|custom|thumbnail|rsid", name)]
    assert (hidden, b"rsid" in b"".join(package.values())) == ([], False)


@KINDS
def test_every_entry_carries_the_same_fixed_time(made: dict[PaperKind, bytes], kind: PaperKind) -> None:
    with zipfile.ZipFile(io.BytesIO(made[kind])) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@KINDS
def test_a_citizens_words_are_printed_and_never_carried_out(kind: PaperKind) -> None:
    sample = SAMPLES[kind]
    facts = replace(sample, body=(HOSTILE,), title=HOSTILE)
    assert words(render(kind, facts)).count(HOSTILE) == 2


@KINDS
def test_a_long_text_is_printed_whole(kind: PaperKind) -> None:
    facts = replace(SAMPLES[kind], body=(LONG,), requirements=(LONG,))
    assert words(render(kind, facts)).count(LONG) == 2


def test_what_xml_cannot_hold_is_left_out() -> None:
    facts = replace(SUPERVISION, body=("甲\x00\x0b\ud800\ufffe乙\n丙\x0c",))
    assert "甲乙 丙" in words(render(PaperKind.SUPERVISION, facts))


@KINDS
def test_a_paper_about_a_unit_alone_has_no_table_of_a_matter(kind: PaperKind) -> None:
    facts = replace(SAMPLES[kind], matter=None, ruler=None, earlier=(), cases=())
    assert SUPERVISION.matter is not None and SUPERVISION.matter.label not in words(render(kind, facts))


@KINDS
def test_the_delivered_template_is_the_one_its_script_makes(kind: PaperKind) -> None:
    assert (DELIVERED / f"{kind}.docx").read_bytes() == template(kind)


def test_every_kind_has_a_template() -> None:
    assert set(BODIES) == set(PaperKind)


def office_copy(folder: Path, change: tuple[str, str]) -> None:
    """The delivered 督办单 as an office might have changed it."""
    package = parts(template(PaperKind.SUPERVISION))
    with zipfile.ZipFile(folder / "supervision_order.docx", "w") as made:
        for name, data in package.items():
            made.writestr(name, data.decode().replace(*change))


def test_the_offices_own_template_is_used_before_the_delivered_one(tmp_path: Path) -> None:
    office_copy(tmp_path, ("办理要求", "落实要求"))
    assert "落实要求" in words(render(PaperKind.SUPERVISION, SUPERVISION, own=tmp_path))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("{{ title }}", "{{ no_such_field }}"), "不能使用"),
        (("{{ title }}", "{{ title"), "不能使用"),
        (("{{ title }}", "{{ ().__class__.__bases__ }}"), "不能使用"),
        (
            (
                "<w:body>",
                '<w:body><w:p><w:ins w:id="1" w:author="张三"><w:r><w:t>改</w:t></w:r></w:ins></w:p>',
            ),
            "修订",
        ),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_in_words(
    tmp_path: Path, change: tuple[str, str], reason: str
) -> None:
    office_copy(tmp_path, change)
    with pytest.raises(BadTemplate, match=reason):
        render(PaperKind.SUPERVISION, SUPERVISION, own=tmp_path)


def test_a_file_that_is_no_word_document_is_refused(tmp_path: Path) -> None:
    (tmp_path / "supervision_order.docx").write_bytes(b"%PDF-1.7")
    with pytest.raises(BadTemplate, match="不是Word文档"):
        render(PaperKind.SUPERVISION, SUPERVISION, own=tmp_path)


def test_what_word_leaves_in_a_template_does_not_go_out_with_the_paper(tmp_path: Path) -> None:
    package = parts(template(PaperKind.SUPERVISION))
    package["word/document.xml"] = package["word/document.xml"].replace(b"<w:p>", b'<w:p w:rsidR="00A77B3E">')
    package["docProps/core.xml"] = package["docProps/core.xml"].replace(
        b"</cp:coreProperties>", "<dc:creator>张三</dc:creator></cp:coreProperties>".encode()
    )
    with zipfile.ZipFile(tmp_path / "supervision_order.docx", "w") as made:
        for name, data in package.items():
            made.writestr(name, data)
    whole = b"".join(parts(render(PaperKind.SUPERVISION, SUPERVISION, own=tmp_path)).values())
    assert (b"rsid" in whole, "张三".encode() in whole) == (False, False)


PAGES = Path(__file__).resolve().parents[2] / "templates" / "papers" / "print"
FIXED = {"HeadOne", "TableHead"}  # words of the form itself; what stands in braces comes from the facts


@KINDS
def test_the_printed_page_has_the_heads_and_rows_of_the_word_file(kind: PaperKind) -> None:
    document = Document(io.BytesIO(template(kind)))
    paragraphs = [p for p in document.element.iter() if p.tag.endswith("}p")]
    styled = [("".join(t.text or "" for t in p.iter() if t.tag.endswith("}t")), p.style) for p in paragraphs]
    heads = {text for text, style in styled if style in FIXED and text and "{" not in text}
    own = [path for path in PAGES.glob("*.html") if kind in path.name]
    shared = [PAGES / name for name in ("_matter.html", "_cases.html", "_receipt.html")]
    page = "".join(path.read_text("utf-8") for path in [*own, *shared])
    assert heads
    assert {text for text in heads if text not in page} == set()
