"""The table of a score sheet as plain texts: one head and one row for each unit, for paper, workbook and command."""

from typing import Any

from reports.score import Score, decimal, percent
from reports.sheet import Line, Sheet
from reports.words import Row, moment_words, row

Cells = tuple[str, ...]


def head(sheet: Sheet) -> Cells:
    rates = [one.name for one in sheet.definitions.indicators]
    papers = [one.name for one in sheet.definitions.papers]
    return (
        "单位",
        "得分",
        *(f"{name}{part}" for name in rates for part in ("率", "件数")),
        "逾期未办",
        *papers,
    )


def rows(sheet: Sheet) -> list[Cells]:
    return [_cells(row(line)) for line in sheet.lines]


def _cells(one: Row) -> Cells:
    rates = [text for cell in one.cells for text in (cell.rate, cell.counts + cell.origin)]
    return (one.unit, one.total, *rates, one.unanswered, *one.papers)


def notes(sheet: Sheet) -> list[Cells]:
    """The definitions as (what, in words), with period, cut-off and source."""
    given, period = sheet.definitions, sheet.period
    told = [
        ("表名", given.name),
        ("期间", f"{period.words}（{period.first_day}至{period.last_day}）"),
        ("统计截止", moment_words(sheet.cut_off)),
    ]
    told += [(f"总则{n}", rule) for n, rule in enumerate(given.rules, 1)]
    told += [(f"{one.name}（权重{one.weight}）", one.formula) for one in given.indicators]
    told += [(one.name, one.formula) for one in given.papers]
    told += [("考核权重", f"不低于{given.performance_share}%。{given.performance_source}")]
    return [*told, ("依据", given.source)]


def plain(sheet: Sheet) -> dict[str, Any]:
    """The sheet for a machine; what has too few cases is null."""
    return {
        "period": sheet.period.key,
        "cut_off": sheet.cut_off.isoformat(),
        "units": [_line(line) for line in sheet.lines],
        "every": _score(sheet.every),
        "definitions": [list(note) for note in notes(sheet)],
    }


def _line(line: Line) -> dict[str, Any]:
    total = line.score.total
    return {"unit": line.unit.name, "total": None if total is None else decimal(total)} | _score(line.score)


def _score(found: Score) -> dict[str, Any]:
    rates = {}
    for part in found.parts:
        rates[part.indicator.key] = part.rate and {
            "rate": percent(part.rate),
            "weight": decimal(part.weight or part.rate),
        }
    return {"rates": rates, "served": {charge.rule.key: charge.count for charge in found.charges}}
