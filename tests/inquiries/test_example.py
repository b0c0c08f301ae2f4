"""The example county: everything a visitor should see is there, and it came about by lawful acts."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import facts, signin
from core.config import Config
from core.db import Database
from core.facts import Fact
from core.people import Person, Role, Unit
from escalation.models import Notice, NoticeCopy
from escalation.paper_models import Paper
from escalation.paper_stages import PaperStage
from escalation.rules import reading_of
from inquiries import example, intake
from inquiries.lists import channels
from inquiries.models import Inquiry, Requester
from inquiries.requesters import opened
from inquiries.stages import Act, Stage
from inquiries.words import Kind
from sla import SHANGHAI, Light
from tests.conftest import AT, _sqlite

Said = list[str]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, Said]]:
    """One filled example for all tests that only look."""
    database, said = _sqlite(tmp_path_factory.mktemp("example")), Said()
    example.fill(database, at=AT, say=said.append)
    yield database, said
    database.dispose()


@pytest.fixture
def demo(filled: tuple[Database, Said]) -> Database:
    return filled[0]


def cases(db: Database) -> list[Inquiry]:
    with db.reading() as session:
        return list(session.scalars(select(Inquiry).options(joinedload(Inquiry.clock)).order_by(Inquiry.id)))


def test_there_are_about_300_cases(demo: Database) -> None:
    assert 270 <= len(cases(demo)) <= 330


def test_every_stage_is_on_the_screen(demo: Database) -> None:
    assert {case.stage for case in cases(demo)} == set(Stage)


def test_every_kind_is_on_the_screen(demo: Database) -> None:
    assert {case.kind for case in cases(demo)} == set(Kind)


def test_every_channel_is_on_the_screen(demo: Database) -> None:
    assert {case.channel for case in cases(demo)} == set(channels())


def test_every_light_is_on(demo: Database) -> None:
    running = [case.clock for case in cases(demo) if case.clock and not case.clock.stopped_at]
    assert {reading_of(clock, AT).light for clock in running} == set(Light)


def test_some_are_overdue_by_one_two_three_five_and_more_days(demo: Database) -> None:
    running = [case.clock for case in cases(demo) if case.clock and not case.clock.stopped_at]
    assert {1, 2, 3, 5, 8} <= {reading_of(clock, AT).overdue_days for clock in running}


def test_every_act_was_done_at_least_once(demo: Database) -> None:
    with demo.reading() as session:
        done = set(session.scalars(select(Fact.act).where(Fact.act.like("inquiry:%")).distinct()))
    assert {f"inquiry:{act}" for act in Act} <= done


def test_the_chain_of_facts_is_whole_and_in_order_of_time(demo: Database) -> None:
    with demo.reading() as session:
        assert list(facts.verify(session)) == []


def test_officials_act_in_office_hours_only(demo: Database) -> None:
    with demo.reading() as session:
        acts = session.execute(select(Fact.at, Fact.act).where(Fact.by_id.is_not(None))).all()
    clocks = [at.astimezone(SHANGHAI).time() for at, _act in acts]
    assert min(clocks) >= time(9)
    assert max(clocks) <= time(18)


def test_a_tip_off_is_hidden_and_never_with_the_accused(demo: Database) -> None:
    tip_offs = [case for case in cases(demo) if case.kind is Kind.TIP_OFF]
    assert all(case.confidential and not case.consent for case in tip_offs)
    accused = [case for case in tip_offs if case.accused_unit_id]
    assert accused
    assert all(case.lead_unit_id != case.accused_unit_id for case in accused)


def test_every_department_and_township_has_a_contact_and_a_leader(demo: Database) -> None:
    with demo.reading() as session:
        people = session.scalars(select(Person)).unique().all()
        units = session.scalars(select(Unit).where(Unit.kind != "office")).all()
    for role in (Role.CONTACT, Role.LEADER):
        assert {unit.id for unit in units} <= {person.unit_id for person in people if role in person.roles}


def test_notices_are_real_and_only_the_newest_are_unread(demo: Database) -> None:
    with demo.reading() as session:
        unread = select(Notice.issued_at).join(NoticeCopy).where(NoticeCopy.read_at.is_(None))
        oldest = session.scalars(unread.order_by(Notice.issued_at)).first()
        rungs = set(session.scalars(select(Notice.rung).distinct()))
    assert oldest is not None
    assert AT - oldest < timedelta(days=5)
    assert {"remind", "warn", "due", "reminder_notice", "supervision_order", "circular"} <= rungs


def test_papers_stand_at_every_stage_that_a_visitor_should_see(demo: Database) -> None:
    with demo.reading() as session:
        stages = set(session.scalars(select(Paper.stage).distinct()))
    assert {PaperStage.DRAFTED, PaperStage.ISSUED, PaperStage.SIGNED, PaperStage.LIFTED} <= stages


def test_the_passwords_that_were_said_fit(demo: Database, filled: tuple[Database, Said]) -> None:
    line = next(line for line in filled[1] if "zhouxq" in line)
    with demo.reading() as session:
        person = session.scalars(select(Person).where(Person.login == "zhouxq")).one()
    assert signin.matches(person.password_hash, line.split()[-1])
    assert not person.must_change


def test_the_query_code_that_was_said_opens_an_answered_letter(
    demo: Database, filled: tuple[Database, Said]
) -> None:
    line = next(line for line in filled[1] if "查询码" in line)
    with demo.reading() as session:
        letter = intake.find_by_code(session, line.split("：")[-1])
    assert letter is not None
    assert (letter.stage, letter.channel) == (Stage.REPLIED, "public_mailbox")


def test_the_example_can_be_filled_before_the_office_opens(lite: Database) -> None:
    after_new_year = datetime(2027, 1, 4, 7, 30, tzinfo=SHANGHAI)
    example.fill(lite, at=after_new_year, say=lambda _line: None)
    assert {case.stage for case in cases(lite)} == set(Stage)


def started_again(filled: tuple[Database, Said], tmp_path: Path, at: datetime) -> tuple[Database, Said]:
    """A copy of the filled example after one more start."""
    path = tmp_path / "again.db"
    with filled[0].engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql(f"VACUUM INTO '{path}'")
    database, said = Database(f"sqlite:///{path}", filled[0].vault), Said()
    example.fill(database, at=at, say=said.append)
    return database, said


def test_a_second_start_gives_new_passwords_and_no_new_cases(
    filled: tuple[Database, Said], tmp_path: Path
) -> None:
    again, said = started_again(filled, tmp_path, AT + timedelta(hours=1))
    assert len(cases(again)) == len(cases(filled[0]))
    assert not any("--fresh" in line for line in said)
    assert set(said).isdisjoint({line for line in filled[1] if "zhouxq" in line})
    again.dispose()


def test_an_old_example_says_how_to_renew_it(filled: tuple[Database, Said], tmp_path: Path) -> None:
    again, said = started_again(filled, tmp_path, AT + timedelta(days=2))
    again.dispose()
    assert "--fresh" in said[-1]


def test_the_same_day_tells_the_same_story(demo: Database, lite: Database) -> None:
    example.fill(lite, at=AT, say=lambda _line: None)
    told = [
        [(case.number, case.title, case.stage, case.received_at) for case in cases(db)] for db in (demo, lite)
    ]
    assert told[0] == told[1]


def test_the_demonstration_never_uses_the_real_database_or_key(tmp_path: Path) -> None:
    real = Config(instance=tmp_path, database_url="postgresql://real", key_file=tmp_path / "real.key")
    demo = example.demo_config(real)
    assert demo.url.endswith("/demo/huiyin.db")
    assert demo.keys == tmp_path / "demo" / "master.key"


def test_only_the_demonstration_can_be_thrown_away(tmp_path: Path) -> None:
    real = Config(instance=tmp_path / "real")
    for config in (real, example.demo_config(real)):
        config.instance.mkdir(parents=True)
        example.remove(config)
    assert (tmp_path / "real").exists()
    assert not (tmp_path / "real" / "demo").exists()


def test_the_phones_are_plainly_made_up(demo: Database) -> None:
    with demo.reading() as session:
        people = session.scalars(select(Requester)).all()
    assert all(opened(demo.vault, person).phone.startswith("1380000") for person in people)
