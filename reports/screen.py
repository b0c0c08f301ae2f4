"""What the pages of score sheets show: the sentence, the rows, the definitions."""

from dataclasses import dataclass

from core.people import Actor, Role
from inquiries.desk import PASS_LINE
from reports.definitions import Definitions
from reports.period import Period
from reports.sheet import Line, Sheet
from reports.table import Cells, notes
from reports.words import Row, Run, Step, charge_words, moment_words, number, row, sentence, steps


@dataclass(frozen=True)
class Screen:
    """The whole sheet, or what one person may see of it."""

    period: Period
    definitions: Definitions
    brief: tuple[Run, ...]
    rows: tuple[Row, ...]
    cut_off: str
    notes: list[Cells]
    pass_line: int = PASS_LINE


@dataclass(frozen=True)
class UnitScreen:
    """One unit: how its score came about."""

    period: Period
    unit_id: int
    unit: str
    total: str
    steps: tuple[Step, ...]
    charges: tuple[tuple[str, str, str, str], ...]
    cut_off: str
    notes: list[Cells]


def screen(sheet: Sheet, person: Actor) -> Screen:
    """`person` is who reads: the office reads of the county, a unit of itself."""
    whose = "全县" if person.has(Role.SUPERVISOR) else person.unit_name
    rows = tuple(row(line) for line in sheet.lines)
    cut_off = moment_words(sheet.cut_off)
    return Screen(sheet.period, sheet.definitions, sentence(sheet, whose), rows, cut_off, notes(sheet))


def unit_screen(sheet: Sheet, line: Line) -> UnitScreen:
    return UnitScreen(
        period=sheet.period,
        unit_id=line.unit.id,
        unit=line.unit.name,
        total=number(line.score.total),
        steps=steps(line.score),
        charges=tuple(charge_words(charge) for charge in line.score.charges),
        cut_off=moment_words(sheet.cut_off),
        notes=notes(sheet),
    )
