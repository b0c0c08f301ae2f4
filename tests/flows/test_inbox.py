"""The inbox of notices over HTTP: one's own copies, what became of them, and reading them."""

from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from core.db import Database
from escalation import clocks
from escalation.models import Clock, NoticeCopy, Outcome
from escalation.sweep import sweep
from tests.escalation.scene import MOMENTS, RECEIVED, RULE, started, unit_id
from tests.flows.conftest import SignIn, post
from tests.people import People

pytestmark = pytest.mark.usefixtures("people")


@pytest.fixture
def reminder(db: Database, people: People) -> None:
    """One reminder in the inbox of the housing handler."""
    started(db, people)
    sweep(db, at=MOMENTS["remind"])


@pytest.fixture
def handler(sign_in: SignIn) -> FlaskClient:
    return sign_in("tanwj")


def inbox(client: FlaskClient, **query: Any) -> str:
    return client.get("/inbox", query_string=query).text


def read_at(db: Database) -> datetime | None:
    with db.reading() as session:
        return session.scalars(select(NoticeCopy.read_at)).one()


def test_an_empty_inbox_says_when_notices_come(handler: FlaskClient) -> None:
    assert "还没有通知" in inbox(handler)


@pytest.mark.usefixtures("reminder")
def test_a_notice_shows_its_rung_and_its_matter(handler: FlaskClient) -> None:
    page = inbox(handler)
    assert "提醒" in page and "旧楼加装电梯" in page and "TZ0000001" in page


@pytest.mark.parametrize(
    ("rung", "words"),
    [("remind", "还有2个工作日"), ("due", "当天到期"), ("reminder_notice", "已逾期1个工作日")],
)
def test_a_notice_says_what_its_rung_asks(
    db: Database, people: People, handler: FlaskClient, rung: str, words: str
) -> None:
    started(db, people)
    sweep(db, at=MOMENTS[rung])
    assert words in inbox(handler)


@pytest.mark.usefixtures("reminder")
def test_opening_a_notice_does_not_mark_it_read(db: Database, handler: FlaskClient) -> None:
    assert "知道了" in handler.get("/inbox/1").text
    assert read_at(db) is None


@pytest.mark.usefixtures("reminder")
def test_the_button_marks_it_read(db: Database, handler: FlaskClient) -> None:
    answer = post(handler, "/inbox/1/read")
    assert (answer.status_code, read_at(db) is None) == (303, False)


@pytest.mark.usefixtures("reminder")
def test_reading_again_keeps_the_first_moment(db: Database, handler: FlaskClient) -> None:
    post(handler, "/inbox/1/read")
    first = read_at(db)
    post(handler, "/inbox/1/read")
    assert read_at(db) == first


@pytest.mark.usefixtures("reminder")
def test_a_post_without_the_token_changes_nothing(db: Database, handler: FlaskClient) -> None:
    assert (handler.post("/inbox/1/read").status_code, read_at(db)) == (400, None)


@pytest.mark.usefixtures("reminder")
def test_another_persons_notice_does_not_exist(sign_in: SignIn) -> None:
    other = sign_in("ranqm")
    assert (other.get("/inbox/1").status_code, post(other, "/inbox/1/read").status_code) == (404, 404)


@pytest.mark.usefixtures("reminder")
def test_another_persons_inbox_does_not_show_it(sign_in: SignIn) -> None:
    assert "TZ0000001" not in inbox(sign_in("ranqm"))


@pytest.mark.usefixtures("reminder")
def test_all_can_be_marked_read_at_once(db: Database, handler: FlaskClient) -> None:
    answer = post(handler, "/inbox/read-all", {"up_to": "1"})
    assert (answer.status_code, read_at(db) is None) == (303, False)


@pytest.mark.usefixtures("reminder")
def test_what_arrived_after_the_page_stays_unread(db: Database, handler: FlaskClient) -> None:
    sweep(db, at=MOMENTS["warn"])
    post(handler, "/inbox/read-all", {"up_to": "1"})
    with db.reading() as session:
        unread = session.scalars(select(NoticeCopy.id).where(NoticeCopy.read_at.is_(None))).all()
    assert unread == [2]


@pytest.mark.usefixtures("reminder")
@pytest.mark.parametrize("up_to", ["", "all", "-1", "99999999999999999999", "１"])
def test_marking_all_needs_a_number(db: Database, handler: FlaskClient, up_to: str) -> None:
    assert post(handler, "/inbox/read-all", {"up_to": up_to}).status_code == 404


@pytest.mark.parametrize(
    "address", ["/inbox/99999999999999999999", "/inbox?before=x", "/inbox?after=9999999999"]
)
def test_an_address_that_names_nothing_is_not_found(handler: FlaskClient, address: str) -> None:
    assert handler.get(address).status_code == 404


@pytest.mark.usefixtures("reminder")
def test_a_notice_of_an_answered_case_says_so(db: Database, people: People, handler: FlaskClient) -> None:
    end = {"outcome": Outcome.ANSWERED, "stopped_at": RECEIVED, "by": people.handler, "at": RECEIVED}
    with db.writing() as session:
        clocks.stop(session, "inquiry:1", RULE, **end)
    assert "此件9月22日已答复，不用再办" in inbox(handler)


@pytest.mark.usefixtures("reminder")
def test_a_notice_of_a_merged_case_says_merged(db: Database, people: People, handler: FlaskClient) -> None:
    end = {"outcome": Outcome.MERGED, "stopped_at": RECEIVED, "by": people.handler, "at": RECEIVED}
    with db.writing() as session:
        clocks.stop(session, "inquiry:1", RULE, **end)
    page = inbox(handler)
    assert "此件9月22日已合并" in page and "已答复" not in page


@pytest.mark.usefixtures("reminder")
def test_a_notice_of_a_moved_deadline_says_the_new_one(db: Database, handler: FlaskClient) -> None:
    with db.writing() as session:
        session.execute(update(Clock).values(rev=2, due_on=MOMENTS["reminder_notice"].date()))
    assert "到期时间已改为10月8日" in inbox(handler)


@pytest.mark.usefixtures("reminder")
def test_a_case_handed_over_names_its_unit(db: Database, handler: FlaskClient) -> None:
    with db.writing() as session:
        clocks.hand_over(session, "inquiry:1", RULE, unit_id=unit_id(session, "transport"), at=RECEIVED)
    assert "此件已转县交通局办理" in inbox(handler)


@pytest.mark.usefixtures("reminder")
def test_a_case_handed_over_is_not_linked_for_the_old_unit(db: Database, handler: FlaskClient) -> None:
    with db.writing() as session:
        clocks.hand_over(session, "inquiry:1", RULE, unit_id=unit_id(session, "transport"), at=RECEIVED)
    assert 'href="/cases/1"' not in handler.get("/inbox/1").text


@pytest.mark.usefixtures("reminder")
def test_a_running_case_is_linked(handler: FlaskClient) -> None:
    assert 'href="/cases/1"' in handler.get("/inbox/1").text


@pytest.mark.usefixtures("reminder")
def test_an_overtaken_notice_names_the_higher_rung(db: Database, handler: FlaskClient) -> None:
    sweep(db, at=MOMENTS["warn"])
    assert "此件已升级为“预警”" in handler.get("/inbox/1").text


def test_a_late_notice_says_when_it_should_have_come(
    db: Database, people: People, handler: FlaskClient
) -> None:
    started(db, people)
    sweep(db, at=MOMENTS["remind"].replace(hour=15))
    assert "9月28日 15:00（应于9月28日 09:00发出）" in handler.get("/inbox/1").text


def fill_inbox(db: Database, people: People, copies: int) -> None:
    """Notices 1 to `copies` of as many cases, all read by the handler."""
    started(db, people, *(f"inquiry:{n}" for n in range(1, copies + 1)))
    sweep(db, at=MOMENTS["remind"])


def shown(page: str) -> list[int]:
    return [n for n in range(1, 100) if f"TZ{n:07d}</span>" in page]


def test_the_newest_come_first_thirty_to_a_page(db: Database, people: People, handler: FlaskClient) -> None:
    fill_inbox(db, people, 65)
    assert shown(inbox(handler)) == list(range(36, 66))


def test_older_and_newer_pages_meet_without_a_gap(db: Database, people: People, handler: FlaskClient) -> None:
    fill_inbox(db, people, 65)
    older = inbox(handler, before=36)
    assert shown(older) == list(range(6, 36))
    assert "before=6" in older and "after=35" in older
    assert shown(inbox(handler, after=35)) == list(range(36, 66))


def test_the_last_page_has_no_older_one(db: Database, people: People, handler: FlaskClient) -> None:
    fill_inbox(db, people, 31)
    assert 'rel="next"' not in inbox(handler, before=2)


def test_the_words_of_a_case_are_escaped(db: Database, people: People, handler: FlaskClient) -> None:
    started(db, people, label="<script>alert(1)</script>")
    sweep(db, at=MOMENTS["remind"])
    assert "<script>alert" not in inbox(handler)
