"""What is kept of people: tries, drafts, tokens, and how personal data is masked."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core import drafts, signin, throttle
from core.db import Database
from core.masking import mask_address, mask_name, mask_phone, normal_phone
from core.people import Attempt, Draft, LoginSession, Person
from tests.core.together import at_once
from tests.people import People

TWICE = throttle.Allowance("test", tries=2, window=timedelta(minutes=30))


def exhausted(db: Database, key: str, at: datetime) -> bool:
    with db.reading() as session:
        return throttle.exhausted(session, TWICE, key, at=at)


def note(db: Database, key: str, at: datetime, times: int = 2) -> None:
    with db.writing() as session:
        for _ in range(times):
            throttle.note(session, TWICE, key, at=at)


def test_the_tries_of_one_key_are_counted_alone(db: Database, at: datetime) -> None:
    note(db, "a", at)
    assert (exhausted(db, "a", at), exhausted(db, "b", at)) == (True, False)


def test_the_tries_come_back_when_the_window_has_passed(db: Database, at: datetime) -> None:
    note(db, "a", at)
    assert exhausted(db, "a", at + TWICE.window - timedelta(seconds=1))
    assert not exhausted(db, "a", at + TWICE.window)


def test_the_tries_outlive_a_restart(db: Database, at: datetime) -> None:
    note(db, "a", at)
    db.dispose()
    assert exhausted(db, "a", at)


def test_cleared_tries_are_gone_for_that_key_alone(db: Database, at: datetime) -> None:
    note(db, "a", at)
    note(db, "b", at)
    with db.writing() as session:
        throttle.clear(session, TWICE, "a")
    assert (exhausted(db, "a", at), exhausted(db, "b", at)) == (False, True)


def test_old_tries_are_forgotten_and_new_ones_kept(db: Database, at: datetime) -> None:
    note(db, "a", at - timedelta(days=1))
    note(db, "a", at)
    with db.writing() as session:
        assert throttle.forget(session, before=at) == 2
    assert exhausted(db, "a", at)


def test_no_name_or_address_is_kept_with_a_try(db: Database, at: datetime) -> None:
    note(db, "zhouxq", at, times=1)
    with db.reading() as session:
        assert b"zhouxq" not in session.scalars(select(Attempt.key)).one()


def test_a_draft_comes_back_to_its_person_and_form_only(db: Database, people: People, at: datetime) -> None:
    with db.writing() as session:
        drafts.keep(session, "intake", {"name": "张三"}, by=people.operator, at=at)
    with db.reading() as session:
        assert drafts.load(session, "intake", by=people.operator) == {"name": "张三"}
        assert drafts.load(session, "other", by=people.operator) == {}
        assert drafts.load(session, "intake", by=people.handler) == {}


def test_a_later_draft_takes_the_place_of_the_first(db: Database, people: People, at: datetime) -> None:
    for name in ("张三", "李四"):
        with db.writing() as session:
            drafts.keep(session, "intake", {"name": name}, by=people.operator, at=at)
    with db.reading() as session:
        assert drafts.load(session, "intake", by=people.operator) == {"name": "李四"}
        assert len(session.scalars(select(Draft)).all()) == 1


def test_a_draft_is_sealed_and_can_be_dropped(db: Database, people: People, at: datetime) -> None:
    with db.writing() as session:
        drafts.keep(session, "intake", {"phone": "13800001234"}, by=people.operator, at=at)
    with db.writing() as session:
        assert b"13800001234" not in session.scalars(select(Draft.sealed)).one()
        drafts.drop(session, "intake", by=people.operator)
        assert drafts.load(session, "intake", by=people.operator) == {}


def test_the_same_draft_saved_at_once_is_one_draft(db: Database, people: People, at: datetime) -> None:
    def save(number: int) -> None:
        with db.writing() as session:
            drafts.keep(session, "intake", {"n": str(number)}, by=people.operator, at=at)

    at_once(4, save)
    with db.reading() as session:
        assert len(session.scalars(select(Draft)).all()) == 1


def test_only_the_fingerprint_of_a_session_token_is_kept(db: Database, people: People, at: datetime) -> None:
    with db.writing() as session:
        token = signin.open_session(session, session.get_one(Person, people.operator.id), at=at)
    with db.reading() as session:
        assert token.encode() not in session.scalars(select(LoginSession.token_hash)).one()


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("138 0000 1234", "13800001234"),
        ("+86 138-0000-1234", "13800001234"),
        ("１３８００００１２３４", "13800001234"),
        ("(023) 5512-0000", "02355120000"),
        ("", ""),
    ],
)
def test_one_number_has_one_spelling(typed: str, normal: str) -> None:
    assert normal_phone(typed) == normal


@pytest.mark.parametrize(
    ("phone", "masked"),
    [("13800001234", "138****1234"), ("55120000", "******00"), ("12", "12"), ("", "")],
)
def test_a_phone_number_is_masked(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张三丰", "张**"), ("张女士", "张女士"), ("张", "张"), (" 欧阳锋 ", "欧**"), ("", "")],
)
def test_a_name_is_masked(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("双江街道滨河路86号", "双江街道***"),
        ("江口镇新里路3号", "江口镇***"),
        ("滨河路86号", "***"),
        ("", ""),
    ],
)
def test_an_address_is_masked_below_the_township(address: str, masked: str) -> None:
    assert mask_address(address) == masked
