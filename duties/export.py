"""The ledger as offices file it: 序号、事项、要求、牵头单位、责任单位、时限、进展、完成日期、佐证、销号."""

from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import quote

from flask import Response
from sqlalchemy.orm import Session

from core.files import EXCEL, WORD
from core.people import Actor, Unit
from duties import ledger, ledger_rows
from duties.catalogue import section_words
from duties.export_docx import to_docx
from duties.export_sheet import Sheet
from duties.export_xlsx import to_xlsx
from duties.ledger import Filters, Scope
from duties.ledger_rows import Row
from escalation.ruler_scene import day_words
from sla import SHANGHAI

MOST = 20_000  # some years of a whole county; Word is slow beyond a few thousand
HEADINGS = ("序号", "事项", "要求", "牵头单位", "责任单位", "时限", "进展", "完成日期", "佐证", "销号")


def build(session: Session, person: Actor, filters: Filters, *, at: datetime) -> Sheet:
    """The rows that this person may see and asked for, in the order of the list."""
    tasks = ledger.every_row(session, person, filters, at=at, most=MOST)
    rows = ledger_rows.build(session, tasks, at=at)
    local = at.astimezone(SHANGHAI)
    printed = f"{local.year}年{day_words(local.date())} {local:%H:%M}"
    note = f"{_scope_words(session, filters)}，共{len(rows)}项，截至{printed}，{person.name}导出"
    return Sheet(f"{filters.year}年政务公开任务台账", note, HEADINGS, _cells(rows))


def _scope_words(session: Session, filters: Filters) -> str:
    parts = [section_words(filters.section) if filters.section else ""]
    parts.append(filters.clause)
    if filters.unit_id:
        unit = session.get(Unit, filters.unit_id)
        parts.append(unit.name if unit else "")
    parts.append(filters.kind.label if filters.kind else "")
    parts.append(filters.light.label if filters.light else "")
    parts.append("" if filters.scope is Scope.ALL else filters.scope.label)
    return "、".join(part for part in parts if part) or "全部任务"


def _cells(rows: Sequence[Row]) -> tuple[tuple[str, ...], ...]:
    return tuple(_line(number, row) for number, row in enumerate(rows, start=1))


def _line(number: int, row: Row) -> tuple[str, ...]:
    progress = f"{row.progress_on}：{row.progress}" if row.progress else ""
    counted = f"{row.counted}。" if row.counted else ""
    done = row.done_on
    standing = row.sign_off or f"{row.light.w} {row.light.t}".strip()
    return (
        str(number),
        f"{row.clause} {row.title}",
        row.owed,
        row.lead or "（清单未列）",
        row.unit,
        row.due,
        f"{counted}{progress}",
        done,
        "\n".join(row.proofs),
        f"{row.stage.label}：{standing}",
    )


WRITERS: dict[str, tuple[str, Callable[[Sheet], bytes]]] = {"xlsx": (EXCEL, to_xlsx), "docx": (WORD, to_docx)}


def response(sheet: Sheet, kind: str) -> Response:
    """The file as a download, named after its year."""
    media, write = WRITERS[kind]
    shown = quote(f"{sheet.title}.{kind}", safe="")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{shown}"}
    return Response(write(sheet), mimetype=media, headers=headers)
