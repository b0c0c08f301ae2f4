"""The page of an official paper after GB/T 9704-2012: sizes, fonts, styles, page number, as parts of a .docx.

A4, margins 37 / 26 / 35 / 28 mm, 22 lines of 28 characters, body 3号仿宋, title 2号小标宋, heads 黑体 and 楷体.
"""

from dataclasses import dataclass

from escalation.paper_ooxml import NS, RELS, rule, run, twips

RED = "C8161D"
BODY, SONG, HEI, KAI, TITLE = "仿宋_GB2312", "宋体", "黑体", "楷体_GB2312", "方正小标宋简体"
# What stands in when an office has not got a font: Word reads altName and, failing that, family and panose.
FONTS = {
    BODY: ("仿宋,FangSong,STFangsong,FangSong_GB2312", "roman", "02010609030101010101"),
    KAI: ("楷体,KaiTi,STKaiti,KaiTi_GB2312", "roman", "02010609030101010101"),
    TITLE: ("FZXiaoBiaoSong-B05S,宋体,SimSun", "roman", "02010601030101010101"),
    HEI: ("SimHei", "swiss", "02010609060101010101"),
    SONG: ("SimSun", "roman", "02010600030101010101"),
}
# The grid that Word shows as 22 lines of 28 characters; the styles keep to it by themselves (fixed line, pitch),
# because LibreOffice would give each character of 3号 two of its cells, which are a fifth of a point too narrow.
# 225 mm for 22 lines is 28.99 pt a line; 156 mm for 28 characters is 15.79 pt each, 0.21 pt less than 3号.
GRID = '<w:docGrid w:type="linesAndChars" w:linePitch="579" w:charSpace="-1000"/>'
SECTION = (
    '<w:sectPr><w:footerReference w:type="default" r:id="rId4"/><w:footerReference w:type="even" r:id="rId5"/>'
    f'<w:pgSz w:w="{twips(210)}" w:h="{twips(297)}"/><w:pgMar w:top="{twips(37)}" w:right="{twips(26)}" '
    f'w:bottom="{twips(35)}" w:left="{twips(28)}" w:header="{twips(15)}" w:footer="{twips(23)}" w:gutter="0"/>'
    f'<w:pgNumType w:start="1"/>{GRID}</w:sectPr>'
)
INDENTED = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
# the rules go from edge to edge; further lines of 抄送 begin under its first name
HANGING = '<w:ind w:left="1120" w:hanging="1120"/>'
IN_CELL = '<w:ind w:left="100" w:right="100"/>'
# a block at the right whose middle is that of a date with four free characters after it
SEALED = '<w:ind w:leftChars="1200" w:left="3840"/>'
FULL_LINE = -5  # twentieths of a point: 28 characters of 3号 fill the line of 156 mm


@dataclass(frozen=True)
class Style:
    """A paragraph style by the name that Word shows; `size` in half points, `line` its fixed height in points.

    `before` stands in front of the spacing and `after` behind it, because the schema fixes the order inside pPr.
    """

    key: str
    name: str
    font: str = BODY
    size: int = 32
    line: float = 28
    before: str = ""
    after: str = ""
    align: str = ""
    color: str = ""
    pitch: int = 0


STYLES = (
    Style("RedHead", "红头", TITLE, 56, 38, align="center", color=RED, pitch=10),
    Style(
        "NumberLine",
        "发文字号",
        before=f'<w:tabs><w:tab w:val="right" w:pos="{twips(156)}"/></w:tabs>',
        pitch=FULL_LINE,
    ),
    Style(
        "RedRule",
        "红线",
        size=2,
        line=11.3,
        before=f"<w:pBdr>{rule('bottom', eighths=12, color=RED)}</w:pBdr>",
    ),
    Style("PaperTitle", "公文标题", TITLE, 44, 34, align="center"),
    Style("Addressee", "主送", align="left", pitch=FULL_LINE),
    Style("BodyText", "公文正文", after=INDENTED, pitch=FULL_LINE),
    Style("HeadOne", "一级标题", HEI, before="<w:keepNext/>", after=INDENTED, pitch=FULL_LINE),
    Style("HeadTwo", "二级标题", KAI, before="<w:keepNext/>", after=INDENTED, pitch=FULL_LINE),
    Style("SignOff", "落款", before="<w:keepLines/>", after=SEALED, align="center", pitch=FULL_LINE),
    Style(
        "Imprint",
        "版记",
        size=28,
        line=24,
        before=f'<w:tabs><w:tab w:val="right" w:pos="{twips(156) - 280}"/></w:tabs>',
        after=HANGING,
    ),
    Style("TableText", "表格文字", size=24, line=18, after=IN_CELL, align="left"),
    Style("TableHead", "表格栏目", HEI, 24, 18, align="center"),
    Style("Small", "说明", size=21, line=16, align="left"),
    Style("RulerText", "尺", HEI, 17, 11, align="center"),
    Style("PageNumber", "页码", SONG, 28, 16),
    Style("Anchor", "间隔", size=2, line=1),
)


def fonts(name: str) -> str:
    """One font for Chinese, digits and Latin alike."""
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/>'


def style_xml(style: Style) -> str:
    """One paragraph style, based on Normal."""
    look = fonts(style.font) + (f'<w:color w:val="{style.color}"/>' if style.color else "")
    look += f'<w:spacing w:val="{style.pitch}"/>' if style.pitch else ""
    look += f'<w:sz w:val="{style.size}"/><w:szCs w:val="{style.size}"/>'
    line = f'<w:spacing w:line="{round(style.line * 20)}" w:lineRule="exact"/>'
    align = f'<w:jc w:val="{style.align}"/>' if style.align else ""
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{style.key}"><w:name w:val="{style.name}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{style.before}{line}{style.after}{align}</w:pPr>'
        f"<w:rPr>{look}</w:rPr></w:style>"
    )


def styles_part() -> str:
    """Defaults, the styles of an official paper, and the two that every document must have."""
    # without the East Asian language LibreOffice centres 「，：」 as in Taiwan
    lang = '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    defaults = f'{fonts(BODY)}<w:kern w:val="0"/><w:sz w:val="32"/><w:szCs w:val="32"/>{lang}'
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/><w:pPr>'
        '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:snapToGrid w:val="0"/>'
        '<w:spacing w:line="560" w:lineRule="exact"/>'
        '<w:jc w:val="both"/></w:pPr><w:rPr><w:sz w:val="32"/><w:szCs w:val="32"/></w:rPr></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/></w:style>'
    )
    own = "".join(style_xml(style) for style in STYLES)
    return (
        f"<w:styles {NS}><w:docDefaults><w:rPrDefault><w:rPr>{defaults}</w:rPr></w:rPrDefault>"
        f"<w:pPrDefault/></w:docDefaults>{normal}{own}</w:styles>"
    )


def fonts_part() -> str:
    """The fonts with their stand-ins."""
    found = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:panose1 w:val="{panose}"/>'
        f'<w:charset w:val="86"/><w:family w:val="{family}"/><w:pitch w:val="default"/></w:font>'
        for name, (others, family, panose) in FONTS.items()
    )
    return f"<w:fonts {NS}>{found}</w:fonts>"


def settings_part() -> str:
    """Page numbers at the outer side; no compatibility mode; no revision marks."""
    return (
        f'<w:settings {NS}><w:zoom w:percent="100"/><w:evenAndOddHeaders/><w:defaultTabStop w:val="420"/>'
        '<w:drawingGridVerticalSpacing w:val="579"/><w:characterSpacingControl w:val="compressPunctuation"/>'
        "<w:compat><w:balanceSingleByteDoubleByteWidth/><w:doNotExpandShiftReturn/><w:adjustLineHeightInTable/>"
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        '</w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
    )


def footer_part(*, even: bool) -> str:
    """— 1 — in 4号宋体: odd pages at the right with one character free, even pages at the left."""
    side, ind = ("left", "left") if even else ("right", "right")
    place = f'<w:ind w:{ind}Chars="100" w:{ind}="280"/><w:jc w:val="{side}"/>'
    number = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    return (
        f'<w:ftr {NS}><w:p><w:pPr><w:pStyle w:val="PageNumber"/>{place}</w:pPr>'
        f"{run('— ')}{number}{run(' —')}</w:p></w:ftr>"
    )


def document_part(body: str) -> str:
    """The main part: the body and its one section."""
    return f'<w:document {NS} xmlns:r="{RELS}"><w:body>{body}{SECTION}</w:body></w:document>'
