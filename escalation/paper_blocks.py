"""Pieces that the six templates share: head, tables, forms to fill in, signature, imprint."""

from escalation.paper_layout import KAI, fonts
from escalation.paper_ooxml import cell, para, row, rule, run, table, tag, twips, when

HEAD, VALUE = twips(24), twips(54)
FORM_HEAD, FORM_VALUE = twips(30), twips(48)
# counted from the page: LibreOffice lets a table as wide as the text float only so
FOOT = (
    '<w:tblpPr w:leftFromText="0" w:rightFromText="0" w:vertAnchor="margin" w:horzAnchor="page" '
    f'w:tblpX="{twips(28)}" w:tblpYSpec="bottom"/><w:tblOverlap w:val="never"/>'
)
MIDDLE = '<w:vAlign w:val="center"/>'


def gap(before: int, after: int = 0) -> str:
    """Free room in twips above and below; the style keeps the fixed line."""
    return f'<w:spacing w:before="{before}" w:after="{after}"/>'


def top(*, signer: bool = True) -> list[str]:
    """Red head, number with 签发人, red rule, title, addressee."""
    number = ["　{{ number }}\t签发人：", run("{{ signer }}", fonts(KAI)), "　"]
    line = (
        para("NumberLine", *number)
        if signer
        else para("NumberLine", "{{ number }}", props='<w:jc w:val="center"/>')
    )
    return [
        para("RedHead", "{{ red_head }}", props=gap(0, 160)),
        line,
        para("RedRule", ""),
        para("PaperTitle", "{{ title }}", props=gap(200, 240)),
        para("Addressee", "{{ to }}："),
    ]


def label(text: str, width: int) -> str:
    return cell(width, "".join(para("TableHead", line) for line in text.split("\n")), props=MIDDLE)


def pair(
    first: tuple[str, str],
    second: tuple[str, str],
    widths: tuple[int, int] = (HEAD, VALUE),
    *,
    height: float = 7,
) -> str:
    """A row of two names with their values."""
    parts = [
        part
        for name, value in (first, second)
        for part in (label(name, widths[0]), cell(widths[1], para("TableText", value), props=MIDDLE))
    ]
    return row(parts, height=height)


def wide(
    name: str, *content: str, height: float = 7, widths: tuple[int, int] = (HEAD, VALUE), foot: bool = False
) -> str:
    """A row of one name whose value takes the rest; `foot` puts it at the lower edge, for the pen above it."""
    rest = 2 * widths[1] + widths[0]
    inner = "".join(part if part.startswith("<w:p>") else para("TableText", part) for part in content)
    place = '<w:vAlign w:val="bottom"/>' if foot else MIDDLE
    return row([label(name, widths[0]), cell(rest, inner, span=3, props=place)], height=height)


def lines(name: str) -> list[str]:
    """The lines of a list inside one cell, which must never be left without a paragraph."""
    loop, other = tag(f"{{%p for line in {name} %}}"), tag("{%p else %}")
    return [loop, para("TableText", "{{ line }}"), other, para("TableText", "无"), tag("{%p endfor %}")]


def columns(widths: tuple[int, int]) -> list[int]:
    return [*widths, *widths]


def matter(*rows: str, ruler: bool = True) -> list[str]:
    """The matter as a table, with the count of its limit under it, where the paper is about a clock."""
    facts = [para("Anchor", "", props=gap(60)), table(columns((HEAD, VALUE)), rows)]
    strip = [para("Anchor", "", props=gap(100)), tag("{{p ruler }}")]
    note = para("Small", "{{ ruler_note }}", props=gap(40))
    return when("matter", facts + (when("ruler", [*strip, note]) if ruler else []))


def last_lines(name: str) -> list[str]:
    """The last lines of the text: the name and the seal never stand alone on a page."""
    return [
        tag(f"{{%p for line in {name} %}}"),
        para("BodyText", "{{ line }}", props="<w:keepNext/>"),
        tag("{%p endfor %}"),
    ]


def sign() -> list[str]:
    """Name and date with room for the seal: the seal covers both."""
    return [
        para("SignOff", "{{ office }}", props=f"<w:keepNext/>{gap(420)}"),
        para("SignOff", "{{ day }}"),
    ]


def imprint() -> list[str]:
    """版记 at the foot of the page: 抄送 and issuing office between rules; the last paragraph is its anchor."""
    whole = twips(156)
    copies = row([cell(whole, para("Imprint", "　抄送：{{ copies }}。"))])
    office = row([cell(whole, para("Imprint", "　{{ office }}\t{{ day }}印发"))])
    rows = [tag_row("{%tr if copies %}", whole), copies, tag_row("{%tr endif %}", whole), office]
    borders = rule("top", eighths=8) + rule("bottom", eighths=8) + rule("insideH")
    return [table([whole], rows, borders=borders, place=FOOT), para("Anchor", "")]


def tag_row(text: str, *widths: int) -> str:
    cells = [cell(widths[0], tag(text)), *(cell(width, para("Normal", "")) for width in widths[1:])]
    return row(cells)


def form_page(title: str, *rows: str, widths: tuple[int, int] = (FORM_HEAD, FORM_VALUE)) -> list[str]:
    """A page of its own to be filled in by pen."""
    return [
        para("PaperTitle", title, props=f"<w:pageBreakBefore/>{gap(0, 240)}"),
        para("Addressee", "文号：{{ number }}", props=gap(0, 80)),
        table(columns(widths), rows),
    ]


def back() -> list[str]:
    """Where the form goes, by when, and who answers questions."""
    due = [para("Small", "请于{{ reply_due }}前送{{ reply_to }}。{{ contact }}", props=gap(120))]
    return [
        *when("reply_due", due),
        *when("not reply_due", [para("Small", "{{ contact }}", props=gap(120))]),
    ]


def heads(*parts: tuple[str, list[str]]) -> list[str]:
    """Numbered sections: 一、…"""
    found = []
    for number, (name, content) in zip("一二三四五六", parts, strict=False):
        found += [para("HeadOne", f"{number}、{name}"), *content]
    return found


F = (FORM_HEAD, FORM_VALUE)
MATTER = wide("事　　项", "{{ matter.label }}")
TERMS = pair(("收　　到", "{{ matter.received }}"), ("应 办 结", "{{ matter.due }}"))
EARLIER = wide("前次文书", *lines("earlier"))
UNIT_SIGNS = pair(("单位负责人", "签字："), ("日　　期", ""), F, height=18)


CASE_WIDTHS = (twips(11), twips(69), twips(24), twips(24), twips(28))
CASE_HEADS = ("序号", "事项", "收到", "应办结", "办理状态")


def cases() -> list[str]:
    """The table of cases, its head repeated on the next page."""
    heads = [label(name, width) for name, width in zip(CASE_HEADS, CASE_WIDTHS, strict=True)]
    head = row(heads).replace("<w:cantSplit/>", "<w:cantSplit/><w:tblHeader/>", 1)
    values = (
        "{{ loop.index }}",
        *(f"{{{{ case.{name} }}}}" for name in ("label", "received", "due", "standing")),
    )
    styles = ("TableHead", "TableText", "TableText", "TableText", "TableText")
    cells = [cell(w, para(s, v), props=MIDDLE) for w, s, v in zip(CASE_WIDTHS, styles, values, strict=True)]
    rows = [
        head,
        tag_row("{%tr for case in cases %}", *CASE_WIDTHS),
        row(cells),
        tag_row("{%tr endfor %}", *CASE_WIDTHS),
    ]
    return when("cases", [table(CASE_WIDTHS, rows), para("Small", "")])


DECIDED = "{% if loop.first and basis %}依据{{ basis|join('、') }}，{% endif %}{{ line }}"


def openness() -> list[str]:
    """（此件公开发布） stands under the date, at the left."""
    return when("openness", [para("BodyText", "（{{ openness }}）")])
