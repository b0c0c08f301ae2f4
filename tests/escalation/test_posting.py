"""Which notices go outside, and by which ways: roles, units, addresses."""

from pathlib import Path

import pytest
from sqlalchemy import select

from core.config import Config
from core.db import Database
from core.people import Role
from escalation.models import Clock
from escalation.notices import notify
from escalation.route_models import RouteKind
from escalation.sweep import sweep
from tests.escalation.scene import MOMENTS, started, unit_id
from tests.escalation.ways import give_address, rows, set_route
from tests.people import People

WECOM, WEBHOOK, EMAIL = RouteKind.WECOM, RouteKind.WEBHOOK, RouteKind.EMAIL


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(instance=tmp_path, outbound_hosts="hook.example")


def posted(db: Database) -> list[str]:
    """The targets of the outbox."""
    return [row.target for row in rows(db)]


def routed(
    db: Database, config: Config, *roles: Role, kind: RouteKind = WECOM, unit: str = "", **more: bool
) -> None:
    with db.writing() as session:
        where = unit_id(session, unit) if unit else None
        base = "https://hook.example/x" if kind is WEBHOOK else ""
        set_route(session, config, kind, base, roles, unit_id=where, **more)


def test_without_an_address_or_a_route_nothing_goes_outside(db: Database, people: People) -> None:
    started(db, people)
    sweep(db, at=MOMENTS["remind"])
    assert posted(db) == []


def test_a_copy_goes_to_whoever_has_an_address(db: Database, people: People) -> None:
    give_address(db, people)
    started(db, people)
    sweep(db, at=MOMENTS["reminder_notice"])
    assert posted(db) == [f"email:{people.handler.id}"]


def test_a_robot_hears_the_notices_of_its_roles(db: Database, people: People, config: Config) -> None:
    routed(db, config, Role.HANDLER)
    started(db, people)
    sweep(db, at=MOMENTS["remind"])
    assert [(row.target, row.person_id, row.route_id) for row in rows(db)] == [("route:1", None, 1)]


def test_a_robot_does_not_hear_the_notices_of_other_roles(
    db: Database, people: People, config: Config
) -> None:
    routed(db, config, Role.WATCH)
    started(db, people)
    sweep(db, at=MOMENTS["remind"])
    assert posted(db) == []


@pytest.mark.parametrize(("unit", "count"), [("housing", 1), ("transport", 0)])
def test_the_robot_of_a_unit_hears_only_that_unit(
    db: Database, people: People, config: Config, unit: str, count: int
) -> None:
    routed(db, config, Role.HANDLER, unit=unit)
    started(db, people)
    sweep(db, at=MOMENTS["remind"])
    assert len(posted(db)) == count


def test_one_notice_for_two_roles_of_a_robot_is_one_message(
    db: Database, people: People, config: Config
) -> None:
    routed(db, config, Role.HANDLER, Role.CONTACT, Role.LEADER, Role.SUPERVISOR)
    started(db, people)
    sweep(db, at=MOMENTS["supervision_order"])
    assert posted(db) == ["route:1"]


def test_a_route_that_is_off_hears_nothing(db: Database, people: People, config: Config) -> None:
    routed(db, config, Role.HANDLER, active=False)
    started(db, people)
    sweep(db, at=MOMENTS["remind"])
    assert posted(db) == []


def test_after_an_outage_only_the_highest_rung_goes_outside(
    db: Database, people: People, config: Config
) -> None:
    routed(db, config, Role.HANDLER, Role.LEADER, Role.SUPERVISOR, Role.CONTACT, kind=WEBHOOK)
    started(db, people)
    assert sweep(db, at=MOMENTS["circular"]).notices == 6
    assert len(posted(db)) == 1


@pytest.mark.parametrize(("role", "count"), [(Role.HANDLER, 1), (Role.LEADER, 0)])
def test_a_mail_route_says_whose_notices_are_mailed(
    db: Database, people: People, config: Config, role: Role, count: int
) -> None:
    give_address(db, people)
    routed(db, config, role, kind=EMAIL)
    started(db, people)
    sweep(db, at=MOMENTS["remind"])
    assert len(posted(db)) == count


def test_a_mail_route_that_is_off_stops_all_mail(db: Database, people: People, config: Config) -> None:
    give_address(db, people)
    routed(db, config, Role.HANDLER, kind=EMAIL, active=False)
    started(db, people)
    sweep(db, at=MOMENTS["remind"])
    assert posted(db) == []


def test_a_notice_that_a_person_sent_goes_by_the_roles_of_its_readers(
    db: Database, people: People, config: Config
) -> None:
    give_address(db, people)
    routed(db, config, Role.HANDLER)
    routed(db, config, Role.WATCH, kind=WEBHOOK)
    started(db, people)
    with db.writing() as session:
        clock = session.scalars(select(Clock)).one()
        words = {"title": "催办", "text": "请今天答复", "to": [people.handler.id or 0]}
        notify(session, clock, "urge:1", **words, by=people.supervisor, at=MOMENTS["remind"])
    assert posted(db) == [f"email:{people.handler.id}", "route:1"]
