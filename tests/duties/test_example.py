"""The ledger of the example county: everything a visitor should see is there, by lawful acts."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from core import facts
from core.db import Database
from duties import example, ledger, quota_page, review, summary
from duties.models import Duty, DutyTask, Evidence
from duties.record_models import Consultation, PhoneCheck
from duties.stages import Stage
from duties.words import Origin
from inquiries import example_people
from sla import Light
from tests.conftest import AT, _sqlite

Said = list[str]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One filled example for all tests, which only look."""
    database = _sqlite(tmp_path_factory.mktemp("duties"))
    with database.writing() as session:
        example_people.settle(session, at=AT)
    example.fill(database, at=AT, say=Said().append)
    yield database
    database.dispose()


@pytest.fixture(scope="module")
def office(demo: Database) -> object:
    from duties.example_people import cast

    with demo.reading() as session:
        return cast(session).supervisor


def test_there_are_last_year_and_this_year(demo: Database) -> None:
    with demo.reading() as session:
        assert ledger.years(session) == [2026, 2025]


def test_every_stage_but_the_released_is_on_the_screen(demo: Database) -> None:
    with demo.reading() as session:
        found = set(session.scalars(select(DutyTask.stage).join(Duty).where(Duty.year == 2026)))
    assert found == {Stage.OPEN, Stage.REPORTED, Stage.SIGNED_OFF}


def test_some_are_overdue_and_some_signed_off(demo: Database, office: object) -> None:
    with demo.reading() as session:
        whole = summary.whole(session, office, 2026, at=AT)  # type: ignore[arg-type]
    assert 3 <= whole.red <= 15 and whole.signed_off > 50 and whole.counts[Light.GREEN.value] > 100


def test_some_quotas_are_reached_and_some_behind(demo: Database, office: object) -> None:
    with demo.reading() as session:
        quota = quota_page.build(session, office, 2026, at=AT)[0]  # type: ignore[arg-type]
    assert quota.behind >= 2 and quota.reached >= 2 and len(quota.rows) == 11


def test_last_year_has_something_to_look_back_on(demo: Database, office: object) -> None:
    with demo.reading() as session:
        assert 5 <= review.count(session, office, 2025, at=AT) <= 12  # type: ignore[arg-type]
        mended = select(func.count()).select_from(Duty).where(Duty.origin == Origin.REVIEW)
        assert session.scalar(mended) == 2


def test_phones_were_called_and_one_failed(demo: Database) -> None:
    with demo.reading() as session:
        assert session.scalar(select(func.count()).where(PhoneCheck.answered.is_(False))) == 1


def test_consultations_stand_at_each_end(demo: Database) -> None:
    with demo.reading() as session:
        rows = session.scalars(select(Consultation)).all()
    assert len(rows) == 3 and {row.outcome_on is None for row in rows} == {True, False}


def test_every_proof_is_of_the_past(demo: Database) -> None:
    with demo.reading() as session:
        assert session.scalar(select(func.count()).where(Evidence.entered_at > AT)) == 0


def test_the_chain_of_facts_is_whole(demo: Database) -> None:
    with demo.reading() as session:
        assert list(facts.verify(session)) == []


def test_a_second_fill_tells_nothing(demo: Database) -> None:
    said = Said()
    example.fill(demo, at=AT, say=said.append)
    assert said == []
