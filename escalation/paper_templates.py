"""The six templates as they are delivered: `python -m escalation.paper_templates` writes data/papers/*.docx anew.

An office changes them in Word, not here: a file of the same name in <instance>/papers/ is used instead. The words in
braces are fields of `PaperFacts`; docs/settings.md explains each.
"""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from escalation.paper_blocks import (
    DECIDED,
    EARLIER,
    HEAD,
    MATTER,
    TERMS,
    UNIT_SIGNS,
    VALUE,
    F,
    back,
    cases,
    columns,
    form_page,
    gap,
    heads,
    imprint,
    last_lines,
    lines,
    matter,
    openness,
    pair,
    sign,
    top,
    wide,
)
from escalation.paper_kinds import PaperKind
from escalation.paper_layout import document_part, fonts_part, footer_part, settings_part, styles_part
from escalation.paper_ooxml import block, para, table, when
from escalation.paper_zip import packed

FOLDER = Path(__file__).resolve().parent.parent / "data" / "papers"


def reminder() -> list[str]:
    """催办单: one compact page with a receipt to send back."""
    table_rows = [
        MATTER,
        TERMS,
        pair(("时　　限", "{{ matter.limit }}"), ("催办次数", "{{ matter.times }}")),
        EARLIER,
    ]
    receipt = [
        pair(("签收单位", "{{ unit }}"), ("签收人、时间", ""), F),
        wide("办理情况", "", height=16, widths=F),
    ]
    return [
        *top(signer=False),
        *block("{{ line }}", "body"),
        *matter(*table_rows),
        *last_lines("requirements"),
        *sign(),
        para("TableHead", "催办单回执", props=gap(320, 120)),
        table(columns(F), receipt),
        *back(),
    ]


def supervision() -> list[str]:
    """督办单: one page and the reply form."""
    table_rows = [
        MATTER,
        pair(("督办事由", "{{ grounds }}"), ("督办次数", "{{ matter.times }}")),
        TERMS,
        wide("依　　据", *lines("basis")),
        EARLIER,
    ]
    choices = "□解除督办　　□继续督办　　□提请通报批评或约谈"
    form = [
        pair(("承办单位", "{{ unit }}"), ("签收人、时间", ""), F),
        wide("处置情况", "", height=50, widths=F),
        wide("答复要点", "答复时间：　　　　　方式：　　　　　答复人：", height=34, widths=F, foot=True),
        wide("未按时原因", "", height=26, widths=F),
        UNIT_SIGNS,
        wide("督办意见", choices, height=22, widths=F, foot=True),
    ]
    return [
        *top(),
        *block("{{ line }}", "body"),
        *matter(*table_rows),
        para("HeadOne", "办理要求"),
        *last_lines("requirements"),
        *sign(),
        *imprint(),
        *form_page("督办事项反馈单", *form),
        *back(),
    ]


def rectification() -> list[str]:
    """整改通知: problem, clause, measures, deadline, and the form of what was done."""
    form = [
        pair(("整改单位", "{{ unit }}"), ("签收人、时间", ""), F),
        wide("整改措施", "", height=44, widths=F),
        wide("完成情况", "完成时间：　　　　　　　　　责任人：", height=44, widths=F, foot=True),
        wide("佐证材料", "", height=26, widths=F),
        UNIT_SIGNS,
        wide("复核意见", "□同意销号　　□继续整改　　□提请通报批评或约谈", height=22, widths=F, foot=True),
    ]
    sections = heads(
        ("存在问题", block("{{ line }}", "body")),
        ("依据", block("{{ line }}", "basis")),
        ("整改要求", block("{{ line }}", "requirements")),
        (
            "整改时限",
            [
                para(
                    "BodyText",
                    "请于{{ reply_due }}前完成整改，并将整改情况书面反馈{{ reply_to }}。",
                    props="<w:keepNext/>",
                )
            ],
        ),
    )
    opening = para("BodyText", "经核查，你单位存在下列问题。现通知你单位限期整改。")
    about = matter(MATTER, TERMS, EARLIER, ruler=False)
    return [
        *top(),
        opening,
        *about,
        *sections,
        *sign(),
        *imprint(),
        *form_page("整改情况反馈单", *form),
        *back(),
    ]


def talk() -> list[str]:
    """约谈通知书 and the form of the record."""
    summons = [
        wide("约谈对象", "{{ talk.object }}"),
        wide("约谈事由", *lines("body")),
        wide("约谈依据", *lines("basis")),
        pair(("约谈时间", "{{ talk.time }}"), ("约谈地点", "{{ talk.place }}")),
        wide("约 谈 人", "{{ talk.talkers }}"),
        wide("携带材料", "{{ talk.materials }}"),
        EARLIER,
    ]
    record = [
        wide("约谈时间", "{{ talk.time }}", widths=F),
        pair(("约谈地点", "{{ talk.place }}"), ("记 录 人", ""), F),
        wide("约谈对象", "{{ talk.object }}", widths=F),
        wide("指出的问题", "", height=46, widths=F),
        wide("对象表态", "", height=40, widths=F),
        wide("整改事项\n及期限", "整改期限：　　　　年　　月　　日", height=34, widths=F, foot=True),
        wide(
            "签　　字", "约谈人：　　　　　　约谈对象：　　　　　　记录人：", height=22, widths=F, foot=True
        ),
    ]
    opening = para("BodyText", "因下列事项，决定对你单位有关负责人进行约谈，请按时参加。")
    return [
        *top(),
        opening,
        table(columns((HEAD, VALUE)), summons),
        *last_lines("requirements"),
        *sign(),
        *imprint(),
        *form_page("约谈记录", *record),
    ]


def criticism() -> list[str]:
    """通报批评: facts, cases, papers served before, the unit's statement, decision, requirements."""
    sections = heads(
        ("基本情况", [*block("{{ line }}", "body"), *cases()]),
        (
            "催办督办情况",
            [*block("{{ line }}", "earlier"), *when("not earlier", [para("BodyText", "此前未发文书。")])],
        ),
        ("单位陈述申辩", block("{{ line }}", "statement")),
        ("处理决定", block(DECIDED, "decision")),
        ("工作要求", last_lines("requirements")),
    )
    return [*top(), *sections, *sign(), *openness(), *imprint()]


def commendation() -> list[str]:
    """通报表扬: what was done well, decision, requirements."""
    sections = heads(
        ("主要做法", [*block("{{ line }}", "body"), *cases()]),
        ("表扬决定", block(DECIDED, "decision")),
        ("工作要求", last_lines("requirements")),
    )
    return [*top(), *sections, *sign(), *openness(), *imprint()]


BODIES: dict[PaperKind, Callable[[], list[str]]] = {
    PaperKind.REMINDER: reminder,
    PaperKind.SUPERVISION: supervision,
    PaperKind.RECTIFICATION: rectification,
    PaperKind.TALK: talk,
    PaperKind.CRITICISM: criticism,
    PaperKind.COMMENDATION: commendation,
}


def template(kind: PaperKind) -> bytes:
    """The delivered template of a kind; the same bytes each time."""
    return packed(
        {
            "word/document.xml": document_part("".join(BODIES[kind]())),
            "word/styles.xml": styles_part(),
            "word/settings.xml": settings_part(),
            "word/fontTable.xml": fonts_part(),
            "word/footer1.xml": footer_part(even=False),
            "word/footer2.xml": footer_part(even=True),
        }
    )


def main(names: Iterable[str]) -> None:
    """Write the templates of the kinds named, or all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for kind in [PaperKind(name) for name in names] or list(PaperKind):
        (FOLDER / f"{kind}.docx").write_bytes(template(kind))
        print(FOLDER / f"{kind}.docx")


if __name__ == "__main__":
    main(sys.argv[1:])
