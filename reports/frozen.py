"""Frozen sheets as pages: their list, and how one compares with the facts of its day and with now."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.people import Unit
from reports.figures import Counts, Figures, Question, now_standing
from reports.models import ScoreSheet
from reports.recount import Difference, Kept, again, differences, read
from reports.score import Tally, score
from reports.words import number

PAGE = 20
LARGEST_ID = 2**31 - 1


@dataclass(frozen=True)
class Shelf:
    """One page of frozen sheets, the newest first."""

    rows: tuple[ScoreSheet, ...]
    older: int | None


@dataclass(frozen=True)
class Change:
    """One unit that is not as it was: its score, and each count in words."""

    unit: str
    total: tuple[str, str]
    items: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Comparison:
    """`recount` what the facts of its day no longer give, `since` what has come about since the cut-off."""

    recount: tuple[Change, ...]
    since: tuple[Change, ...]


def shelf(session: Session, before: int | None = None) -> Shelf:
    query = select(ScoreSheet).order_by(ScoreSheet.id.desc()).limit(PAGE + 1)
    if before is not None:
        query = query.where(ScoreSheet.id < min(before, LARGEST_ID))
    rows = list(session.scalars(query))
    return Shelf(tuple(rows[:PAGE]), rows[PAGE - 1].id if len(rows) > PAGE else None)


def compare(session: Session, sheet: ScoreSheet, units: Mapping[int, Unit], *, at: datetime) -> Comparison:
    """Counted again as of its cut-off and as of now, for the lines of these units."""
    kept = read(sheet)
    now = now_standing(session, Question(kept.definitions, kept.period, at))
    recounted, since = again(session, sheet), differences(kept.figures, now)
    return Comparison(tuple(_changes(kept, None, recounted, units)), tuple(_changes(kept, now, since, units)))


def _changes(
    kept: Kept, now: Figures | None, found: Iterable[Difference], units: Mapping[int, Unit]
) -> Iterator[Change]:
    """Without `now` the scores are left out: what does not add up has none."""
    seen = (one for one in found if one.unit_id in units)
    for unit_id, many in groupby(seen, key=lambda one: one.unit_id):
        before = _total(kept, kept.figures.get(unit_id))
        after = _total(kept, now.get(unit_id)) if now is not None else before
        name = kept.names[unit_id].short if unit_id in kept.names else units[unit_id].short_name
        items = tuple(_item(kept, one) for one in many)
        yield Change(name, (before, after), items)


def _total(kept: Kept, counts: Counts | None) -> str:
    counts = counts or Counts()
    return number(score(kept.definitions, counts.tallies, counts.served).total)


def _item(kept: Kept, one: Difference) -> tuple[str, str, str]:
    names = {part.key: part.name for part in kept.definitions.indicators}
    names |= {paper.key: paper.name for paper in kept.definitions.papers}
    before, after = (_words(value, kept.definitions.fewest) for value in (one.kept, one.found))
    return names.get(one.part, one.part), before, after if after != before else f"{after}（数有变动）"


def _words(value: Tally | int, fewest: int) -> str:
    if isinstance(value, int):
        return f"{value}份"
    if value.fallen < fewest:
        return f"不足{fewest}件"
    return f"到期{value.fallen}，按期{value.in_time}，超期{value.late}，逾期未办{value.unanswered}"
