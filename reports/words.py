"""The words of a score sheet: moments, the sentence that can be read out, cells and rows of its table."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from inquiries.desk import PASS_LINE
from reports.score import Charge, Part, Score, decimal, percent
from reports.sheet import Line, Sheet
from sla import SHANGHAI

BLANK = "—"
NAMED = 3  # a sentence names this many units, the table names them all
Run = tuple[str, bool]


def moment_words(moment: datetime) -> str:
    """2026年10月11日24:00: midnight is said as the end of the day before."""
    local = moment.astimezone(SHANGHAI)
    if local.time() == time(0):
        return f"{day_words(local.date() - timedelta(days=1))}24:00"
    return f"{day_words(local.date())}{local:%H:%M}"


def day_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def short_moment(moment: datetime) -> str:
    """9月30日24:00, for rows whose year stands above them."""
    return moment_words(moment).partition("年")[2]


def number(value: Fraction | None) -> str:
    return BLANK if value is None else decimal(value)


def signed(value: Fraction) -> str:
    return f"+{decimal(value)}" if value > 0 else decimal(value)


@dataclass(frozen=True)
class Cell:
    """One rate of one unit: `counts` below it, `low` under the pass line; blank where there are too few cases."""

    rate: str
    counts: str = ""
    origin: str = ""
    low: bool = False


def cell(part: Part) -> Cell:
    """The rate by the approved limit, and by the first one where that is another."""
    if part.rate is None:
        return Cell(BLANK)
    tally = part.tally
    origin = f"原时限{tally.by_origin}" if tally.by_origin != tally.in_time else ""
    low = part.rate * 100 < PASS_LINE
    return Cell(f"{percent(part.rate)}%", f"{tally.in_time}/{tally.fallen}", origin, low)


@dataclass(frozen=True)
class Row:
    """One unit as the table, the workbook and the command print it."""

    unit_id: int
    unit: str
    total: str
    cells: tuple[Cell, ...]
    unanswered: str
    papers: tuple[str, ...]


def row(line: Line) -> Row:
    shown = [part for part in line.score.parts if part.rate is not None]
    unanswered = str(sum(part.tally.unanswered for part in shown)) if shown else BLANK
    papers = tuple(str(charge.count) for charge in line.score.charges)
    cells = tuple(cell(part) for part in line.score.parts)
    return Row(line.unit.id, line.unit.short, number(line.score.total), cells, unanswered, papers)


def sentence(sheet: Sheet, whose: str) -> tuple[Run, ...]:
    """(text, strong) pairs: the facts of the period that an official can read out."""
    runs = [(f"{sheet.period.words}，截至{moment_words(sheet.cut_off)}，{whose}", False)]
    shown = [part for part in sheet.every.parts if part.rate is not None]
    if not shown:
        runs.append((f"到期事项不足{sheet.definitions.fewest}件，不计比率", False))
    for n, part in enumerate(shown):
        runs += [("；" if n else "", False), *_rate_runs(part)]
    runs += _paper_runs(sheet.every)
    runs += _low_runs(sheet) if len(sheet.lines) > 1 else []
    return (*runs, ("。", False))


def _rate_runs(part: Part) -> Iterator[Run]:
    tally = part.tally
    yield f"{part.indicator.name} ", False
    yield f"{percent(part.rate or Fraction())}%", True
    still = f"，逾期未办{tally.unanswered}件" if tally.unanswered else ""
    yield f"（到期{tally.fallen}件，按期{tally.in_time}件{still}）", False


def _paper_runs(every: Score) -> list[Run]:
    served = [charge for charge in every.charges if charge.count]
    runs: list[Run] = [("；发出", False)] if served else []
    for n, charge in enumerate(served):
        runs += [
            (f"{'、' if n else ''}{charge.rule.name} ", False),
            (str(charge.count), True),
            (" 份", False),
        ]
    return runs


def _low_runs(sheet: Sheet) -> list[Run]:
    """Units under the line by their letters, the way the county's bulletin names them."""
    low = [line.unit.short for line in sheet.lines if cell(line.score.parts[0]).low]
    if not low:
        return []
    named = "、".join(low[:NAMED]) + ("等" if len(low) > NAMED else "")
    name = sheet.definitions.indicators[0].name
    return [(f"；{name}低于{PASS_LINE}%的单位 ", False), (str(len(low)), True), (f" 个：{named}", False)]


@dataclass(frozen=True)
class Step:
    """One line of the reckoning of a unit's score; `key` leads to the cases behind it."""

    key: str
    name: str
    formula: str
    weight: str
    spread: str
    counts: tuple[str, ...]
    rate: str
    by_origin: str
    points: str


def steps(found: Score) -> tuple[Step, ...]:
    """How the score came about: every rate with its counts, weight and points."""
    return tuple(_step(part) for part in found.parts)


def _step(part: Part) -> Step:
    one, tally = part.indicator, part.tally
    if part.rate is None or part.rate_by_origin is None:
        return Step(one.key, one.name, one.formula, str(one.weight), BLANK, (BLANK,) * 4, BLANK, BLANK, BLANK)
    counts = (tally.fallen, tally.in_time, tally.late, tally.unanswered)
    return Step(
        key=one.key,
        name=one.name,
        formula=one.formula,
        weight=str(one.weight),
        spread=number(part.weight),
        counts=tuple(map(str, counts)),
        rate=f"{percent(part.rate)}%",
        by_origin=f"{percent(part.rate_by_origin)}%",
        points=number(part.points),
    )


def charge_words(charge: Charge) -> tuple[str, str, str, str]:
    """(name, count, points of each, points together)."""
    rule = charge.rule
    return rule.name, str(charge.count), signed(rule.points), signed(charge.points)
