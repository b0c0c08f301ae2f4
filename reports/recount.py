"""Out of a frozen sheet: its lines in the words of its day, what proves it, and whether the facts still give it."""

import json
from collections.abc import Container, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.facts import Fact
from reports.definitions import Definitions, of_plain
from reports.figures import Counts, Figures, Question, then_standing
from reports.freeze import ACT, about, digest
from reports.models import ScoreSheet
from reports.period import Period
from reports.score import Tally
from reports.sheet import Sheet, UnitName, made


@dataclass(frozen=True)
class Kept:
    """What a frozen sheet holds."""

    definitions: Definitions
    period: Period
    figures: Figures
    names: dict[int, UnitName]


@dataclass(frozen=True)
class Difference:
    """One count of one unit that is not what it was: `part` is the key of an indicator or of a paper."""

    unit_id: int
    part: str
    kept: Tally | int
    found: Tally | int


def read(sheet: ScoreSheet) -> Kept:
    """The content as values; only for a sheet without faults."""
    content = json.loads(sheet.content)
    names = {int(unit_id): UnitName(int(unit_id), *words) for unit_id, words in content["names"].items()}
    figures = {
        int(unit_id): Counts({key: Tally(*row) for key, row in one["tallies"].items()}, one["served"])
        for unit_id, one in content["units"].items()
    }
    return Kept(of_plain(content["definitions"]), Period.of(sheet.period), figures, names)


def opened(sheet: ScoreSheet, units: Container[int]) -> Sheet:
    """A frozen sheet with the lines of these units."""
    kept = read(sheet)
    mine = {unit_id: one for unit_id, one in kept.figures.items() if unit_id in units}
    return made(kept.period, sheet.cut_off, kept.definitions, mine, kept.names)


def again(session: Session, sheet: ScoreSheet) -> tuple[Difference, ...]:
    """Count anew by the kept definitions from the facts on record at the cut-off; empty when all is equal."""
    kept = read(sheet)
    asked = Question(kept.definitions, kept.period, sheet.cut_off)
    return tuple(differences(kept.figures, then_standing(session, asked)))


def differences(kept: Figures, found: Figures) -> Iterator[Difference]:
    """Every count that is not the same, in order of units."""
    for unit_id in sorted(kept.keys() | found.keys()):
        old, new = kept.get(unit_id, Counts()), found.get(unit_id, Counts())
        for key in sorted(old.tallies.keys() | new.tallies.keys()):
            before, after = old.tallies.get(key, Tally()), new.tallies.get(key, Tally())
            if before != after:
                yield Difference(unit_id, key, before, after)
        for key in sorted(old.served.keys() | new.served.keys()):
            if old.served.get(key, 0) != new.served.get(key, 0):
                yield Difference(unit_id, key, old.served.get(key, 0), new.served.get(key, 0))


def faults(session: Session, sheet: ScoreSheet) -> list[str]:
    """Whether the kept row is the one that was frozen: its digest, its columns, and the fact of that day."""
    found = []
    if digest(sheet.content) != sheet.sha256:
        found.append("封存内容与其SHA-256不符，内容被改动")
    elif any(json.loads(sheet.content).get(name) != value for name, value in about(sheet).items()):
        found.append("封存记录的截止时间、版次或经手人与封存内容不符")
    told = session.scalars(select(Fact.detail).where(Fact.subject == sheet.subject, Fact.act == ACT))
    if [json.loads(one)["after"]["sha256"] for one in told] != [sheet.sha256]:
        found.append("审计记录中没有这一SHA-256，封存内容被整体替换")
    return found
