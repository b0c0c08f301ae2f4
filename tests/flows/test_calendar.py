"""The calendar page: read by all, changed by the supervisor, followed by the running clocks."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from freezegun import freeze_time
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from core.db import Database
from core.people import Actor
from escalation.calendar_acts import put_in_force as put_in_force_once
from escalation.calendar_forms import ConfirmForm, LocalForm
from escalation.calendar_models import CalendarVersion, CalendarWord
from escalation.calendars import Overtaken, in_force
from escalation.models import Clock, Deadline, Pause
from escalation.rules import limit_for
from sla import Pause as Interval
from sla import due_at
from tests.builders import a_call, dispatched, signed, told
from tests.flows.conftest import SignIn, post
from tests.people import People

NOW = datetime.fromisoformat("2026-09-23T02:00:00+00:00")
MOVED_HOLIDAY = """国务院办公厅关于调整2026年国庆节放假安排的通知（样例，非真实通知）
国办发明电〔2026〕8号
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将有关安排通知如下。
一、国庆节：10月1日（周四）至8日（周四）放假调休，共8天。9月20日（周日）、10月10日（周六）、10月11日（周日）上班。
国务院办公厅"""
STOP = {
    "closed": "yes",
    "first": "2026-09-29",
    "last": "2026-09-29",
    "name": "防汛停工",
    "title": "关于防汛停工的通知（县府发〔2026〕9号）",
    "text": "",
}


@pytest.fixture
def chen(sign_in: SignIn, at: datetime) -> FlaskClient:
    with freeze_time(NOW):
        return sign_in("chenlh")


def send(client: FlaskClient, url: str, data: dict[str, Any]) -> TestResponse:
    with freeze_time(NOW):
        return post(client, url, data)


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the confirmation form."""
    form = page[page.index("/calendar/confirm") :]
    import html

    return {n: html.unescape(v) for n, v in re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', form)}


def put_in_force(client: FlaskClient, url: str, data: dict[str, Any], reason: str = "按文件") -> TestResponse:
    preview = send(client, url, data)
    return send(client, "/calendar/confirm", hidden(preview.text) | {"reason": reason})


def versions(db: Database) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(CalendarVersion)) or 0


def due_days(db: Database) -> list[date]:
    with db.reading() as session:
        return list(session.scalars(select(Clock.due_on).order_by(Clock.id)))


def a_running_case(db: Database, people: People, at: datetime) -> None:
    with db.writing() as session:
        dispatched(session, people, at)


@pytest.mark.parametrize("login", ["zhouxq", "tanwj", "chenlh", "xiangyl"])
def test_every_official_reads_the_calendar(sign_in: SignIn, login: str) -> None:
    page = sign_in(login).get("/calendar?year=2026")
    assert page.status_code == 200 and "2026年10月，18个工作日；国庆节1—7日，10日班" in page.text


def test_a_year_without_announcement_is_called_provisional(sign_in: SignIn) -> None:
    assert "暂定，约" in sign_in("tanwj").get("/calendar?year=2030").text


@pytest.mark.parametrize("year", ["1999", "2101", "abc", "２０２６", "9" * 5000, "-1", "2026\0"])
def test_a_year_outside_the_calendar_does_not_exist(sign_in: SignIn, year: str) -> None:
    assert sign_in("tanwj").get("/calendar", query_string={"year": year}).status_code == 404


@pytest.mark.parametrize("year", ["2004", "2026", "2100"])
def test_the_first_and_the_last_year_are_drawn(sign_in: SignIn, year: str) -> None:
    assert sign_in("tanwj").get(f"/calendar?year={year}").status_code == 200


def test_late_december_waits_for_the_next_announcement(sign_in: SignIn) -> None:
    assert "25日起可能随2027年通知调整" in sign_in("tanwj").get("/calendar?year=2026").text


@pytest.mark.parametrize("login", ["zhouxq", "tanwj", "xiangyl", "ranqm"])
@pytest.mark.parametrize("url", ["/calendar/parse", "/calendar/local", "/calendar/confirm"])
def test_only_a_supervisor_changes_the_calendar(sign_in: SignIn, login: str, url: str) -> None:
    assert post(sign_in(login), url, {"kind": "local", "text": "x"}).status_code == 404


def test_a_pasted_notice_is_shown_beside_the_days_in_force(chen: FlaskClient) -> None:
    page = send(chen, "/calendar/parse", {"text": MOVED_HOLIDAY})
    assert page.status_code == 200
    assert re.search(r"10月8日 周四</th><td>工作日</td><td><b>国庆节放假", page.text)
    assert re.search(r"10月11日 周日</th><td>休息日</td><td><b>国庆节调休上班", page.text)


def test_a_changed_day_is_marked_in_the_year(chen: FlaskClient) -> None:
    page = send(chen, "/calendar/parse", {"text": MOVED_HOLIDAY}).text
    assert "dcell-hol is-changed" in page and "dcell-mk is-changed" in page


def test_what_agrees_in_the_text_is_said(chen: FlaskClient) -> None:
    assert "“共8天”与起止相符" in send(chen, "/calendar/parse", {"text": MOVED_HOLIDAY}).text


def test_a_text_that_contradicts_itself_is_refused_with_reasons(chen: FlaskClient) -> None:
    wrong = MOVED_HOLIDAY.replace("8日（周四）", "8日（周五）")
    page = send(chen, "/calendar/parse", {"text": wrong})
    assert (page.status_code, "这段文字不能采用" in page.text, "至8日（周五）放假调休" in page.text) == (
        422,
        True,
        True,
    )


@pytest.mark.parametrize(
    "text", ["", " \n ", "你好", "放" * 10_001, "放" * 120_000, "\0", "\0国庆\0", "<script>alert(1)</script>"]
)
def test_what_is_no_notice_is_refused(chen: FlaskClient, text: str) -> None:
    page = send(chen, "/calendar/parse", {"text": text})
    assert page.status_code == 422 and "<script>alert" not in page.text


def test_a_preview_counts_the_cases_and_writes_nothing(
    db: Database, people: People, at: datetime, chen: FlaskClient
) -> None:
    a_running_case(db, people, at)
    page = send(chen, "/calendar/local", STOP).text
    assert "在办1件中1件变动" in page and "<del>9月30日</del>" in page and "<ins>10月8日</ins>" in page
    assert "将告知<b>1</b>人" in page
    assert (versions(db), due_days(db)) == (0, [date(2026, 9, 30)])


def test_a_confirmation_moves_the_cases_and_tells_their_holders(
    db: Database, people: People, at: datetime, chen: FlaskClient
) -> None:
    a_running_case(db, people, at)
    answer = put_in_force(chen, "/calendar/local", STOP)
    assert (answer.status_code, due_days(db)) == (303, [date(2026, 10, 8)])
    with db.reading() as session:
        assert [word.person_id for word in session.scalars(select(CalendarWord))] == [people.handler.id]


def test_a_confirmed_notice_is_in_force_with_its_title(
    db: Database, people: People, chen: FlaskClient
) -> None:
    put_in_force(chen, "/calendar/parse", {"text": MOVED_HOLIDAY})
    with db.reading():
        day = in_force().day(date(2026, 10, 8))
    assert not day.counts and "国办发明电〔2026〕8号" in day.source


def test_a_closed_case_keeps_its_day(db: Database, people: People, at: datetime, chen: FlaskClient) -> None:
    from inquiries import service

    with db.writing() as session:
        service.reply(session, signed(session, people, at), told(at), by=people.handler, at=at)
    put_in_force(chen, "/calendar/local", STOP)
    assert due_days(db) == [date(2026, 9, 30)]


def test_without_a_reason_nothing_is_put_in_force(db: Database, people: People, chen: FlaskClient) -> None:
    answer = put_in_force(chen, "/calendar/local", STOP, reason=" ")
    assert (answer.status_code, "请写明理由" in answer.text, versions(db)) == (422, True, 0)


def test_a_double_click_makes_one_version(db: Database, people: People, chen: FlaskClient) -> None:
    fields = hidden(send(chen, "/calendar/local", STOP).text) | {"reason": "暴雨"}
    answers = [send(chen, "/calendar/confirm", fields).status_code for _ in range(2)]
    assert (answers, versions(db)) == ([303, 303], 1)


def test_a_double_click_on_a_notice_makes_one_version(
    db: Database, people: People, chen: FlaskClient
) -> None:
    fields = hidden(send(chen, "/calendar/parse", {"text": MOVED_HOLIDAY}).text) | {"reason": "新通知"}
    answers = [send(chen, "/calendar/confirm", fields).status_code for _ in range(2)]
    assert (answers, versions(db)) == ([303, 303], 1)


def test_an_overtaken_preview_is_refused_with_the_text_kept(
    db: Database, people: People, chen: FlaskClient
) -> None:
    fields = hidden(send(chen, "/calendar/parse", {"text": MOVED_HOLIDAY}).text) | {"reason": "新通知"}
    put_in_force(chen, "/calendar/local", STOP)
    answer = send(chen, "/calendar/confirm", fields)
    assert (answer.status_code, "陈立衡更新为2026-1" in answer.text, versions(db)) == (409, True, 1)
    assert hidden(answer.text)["text"] == MOVED_HOLIDAY and "新通知</textarea>" in answer.text


def test_an_overtaken_preview_may_be_confirmed_again(db: Database, people: People, chen: FlaskClient) -> None:
    fields = hidden(send(chen, "/calendar/parse", {"text": MOVED_HOLIDAY}).text) | {"reason": "新通知"}
    put_in_force(chen, "/calendar/local", STOP)
    again = hidden(send(chen, "/calendar/confirm", fields).text) | {"reason": "新通知"}
    assert (send(chen, "/calendar/confirm", again).status_code, versions(db)) == (303, 2)


def test_of_two_who_confirm_at_once_one_is_overtaken(db: Database, people: People, at: datetime) -> None:
    with db.reading():
        sure = {"base": in_force().version, "reason": "暴雨"}

    def confirm_as(person: Actor, title: str) -> str:
        form, sent = LocalForm(MultiDict(STOP | {"title": title})), ConfirmForm(MultiDict(sure))
        try:
            assert sent.validate()
            return put_in_force_once(db, form, sent, by=person, at=at).label
        except Overtaken:
            return "overtaken"

    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(confirm_as, [people.supervisor, people.reviewer], ["甲文", "乙文"]))
    assert (sorted(both), versions(db)) == (["2026-1", "overtaken"], 1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"last": "2026-09-28"}, "不能早于开始那天"),
        ({"last": "2026-11-28"}, "一次最多60天"),
        ({"first": "1999-01-01", "last": "1999-01-01"}, "日历从2004年开始"),
        ({"first": "2101-01-03", "last": "2101-01-03"}, "日历只到2100年"),
        ({"first": "2026-13-45"}, "请填日期"),
        ({"first": ""}, "请填日期"),
        ({"last": "9999-12-31"}, "一次最多60天"),
        ({"closed": "maybe"}, "请选停工或上班"),
        ({"name": ""}, "请写名称"),
        ({"name": "停" * 21}, "最多20字"),
        ({"title": "\0"}, "请写文件标题"),
        ({"text": "字" * 20_001}, "最多2万字"),
        ({"first": "2026-10-03", "last": "2026-10-04"}, "本来就不上班"),
        ({"closed": "no"}, "本来就上班"),
    ],
)
def test_a_local_override_that_cannot_be_is_refused_in_words(
    chen: FlaskClient, changes: dict[str, str], words: str
) -> None:
    page = send(chen, "/calendar/local", STOP | changes)
    assert (page.status_code, words in page.text) == (422, True)


def test_a_refused_override_loses_nothing_typed(chen: FlaskClient) -> None:
    page = send(chen, "/calendar/local", STOP | {"first": "昨天"}).text
    assert "防汛停工" in page and "县府发〔2026〕9号" in page and 'value="2026-09-29"' in page


def test_a_control_character_never_reaches_the_database(
    db: Database, people: People, chen: FlaskClient
) -> None:
    answer = put_in_force(
        chen, "/calendar/local", STOP | {"name": "防\0汛", "text": "甲\0乙\r\n丙"}, "理\0由"
    )
    assert answer.status_code == 303
    with db.reading() as session:
        version = session.scalars(select(CalendarVersion)).one()
        assert (version.reason, version.entry.text) == ("理由", "甲乙\n丙")


def test_a_working_weekend_is_laid_over_the_calendar(db: Database, people: People, chen: FlaskClient) -> None:
    put_in_force(
        chen, "/calendar/local", STOP | {"closed": "no", "first": "2026-10-17", "last": "2026-10-18"}
    )
    with db.reading():
        assert in_force().is_workday(date(2026, 10, 17))


def test_a_closure_over_a_festival_leaves_the_festival_its_name(
    db: Database, people: People, chen: FlaskClient
) -> None:
    put_in_force(chen, "/calendar/local", STOP | {"last": "2026-10-02"})
    with db.reading():
        assert [in_force().day(date(2026, 10, 1)).name, in_force().day(date(2026, 9, 30)).name] == [
            "国庆节",
            "防汛停工",
        ]


def test_a_withdrawn_closure_gives_the_day_back(
    db: Database, people: People, at: datetime, chen: FlaskClient
) -> None:
    a_running_case(db, people, at)
    put_in_force(chen, "/calendar/local", STOP)
    with freeze_time(NOW):
        preview = chen.get("/calendar/withdraw/1")
    assert "<ins>9月30日</ins>" in preview.text
    send(chen, "/calendar/confirm", hidden(preview.text) | {"reason": "雨停"})
    assert due_days(db) == [date(2026, 9, 30)]


def test_a_withdrawn_closure_cannot_be_withdrawn_again(
    db: Database, people: People, chen: FlaskClient
) -> None:
    put_in_force(chen, "/calendar/local", STOP)
    with freeze_time(NOW):
        fields = hidden(chen.get("/calendar/withdraw/1").text) | {"reason": "雨停"}
    answers = [send(chen, "/calendar/confirm", fields).status_code for _ in range(2)]
    with freeze_time(NOW):
        assert (answers, chen.get("/calendar/withdraw/1").status_code) == ([303, 303], 404)


@pytest.mark.parametrize("entry", ["0", "77", "9" * 30])
def test_an_unknown_override_cannot_be_withdrawn(chen: FlaskClient, entry: str) -> None:
    with freeze_time(NOW):
        assert chen.get(f"/calendar/withdraw/{entry}").status_code == 404


@pytest.mark.parametrize(
    "fields", [{}, {"kind": "nothing"}, {"kind": "withdrawal", "base": "x", "reason": "r", "entry": "\0"}]
)
def test_a_confirmation_of_nothing_is_refused(
    db: Database, chen: FlaskClient, fields: dict[str, str]
) -> None:
    assert send(chen, "/calendar/confirm", fields).status_code in (404, 409, 422)
    assert versions(db) == 0


def test_the_same_arrangement_again_is_nothing_to_put_in_force(chen: FlaskClient) -> None:
    put_in_force(chen, "/calendar/parse", {"text": MOVED_HOLIDAY})
    page = send(chen, "/calendar/parse", {"text": MOVED_HOLIDAY}).text
    assert "没有改动，不需要生效" in page and "/calendar/confirm" not in page


def test_the_version_stands_on_the_page_with_its_reason(chen: FlaskClient, sign_in: SignIn) -> None:
    put_in_force(chen, "/calendar/local", STOP, reason="红色预警")
    with freeze_time(NOW):
        page = sign_in("tanwj").get("/calendar").text
    assert "2026-1 本地调整" in page and "理由：红色预警" in page and "撤销这次调整" not in page


def test_many_clocks_are_left_to_the_job_and_counted(
    db: Database, people: People, at: datetime, chen: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_running_case(db, people, at)
    monkeypatch.setattr("escalation.calendar_acts.AT_ONCE", 0)
    put_in_force(chen, "/calendar/local", STOP)
    with freeze_time(NOW):
        assert "还有<b>1</b>件在跟进" in chen.get("/calendar").text
    from escalation.jobs import run_recompute

    assert run_recompute(db) == 1


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-09-01", ""),
        ("2026-10-20", "2027年放假通知尚未录入：确定日历只到12月24日，还剩47个工作日"),
        ("2026-11-23", "还剩23个工作日"),
        ("2027-01-05", "确定日历只到2026年12月24日，已经用完"),
    ],
)
def test_the_desk_says_when_the_calendar_runs_short(sign_in: SignIn, day: str, words: str) -> None:
    with freeze_time(f"{day}T02:00:00+00:00"):
        page = sign_in("chenlh").get("/desk").text
    assert (words in page) if words else ("放假通知尚未录入" not in page)


@pytest.mark.parametrize(("login", "linked"), [("chenlh", True), ("tanwj", False)])
def test_only_a_supervisor_is_led_to_the_paste(sign_in: SignIn, login: str, linked: bool) -> None:
    with freeze_time("2026-11-23T02:00:00+00:00"):
        assert ('href="/calendar#paste"' in sign_in(login).get("/desk").text) is linked


@pytest.mark.parametrize(
    ("day", "level"), [("2026-09-01", "quiet"), ("2026-10-20", "note"), ("2026-11-01", "loud")]
)
def test_the_monitor_hears_the_alarm(app: Flask, db: Database, day: str, level: str) -> None:
    with freeze_time(f"{day}T02:00:00+00:00"):
        assert app.test_client().get("/readyz").json["calendar"] == level  # type: ignore[index]


def test_a_case_explains_its_day_on_paper(
    db: Database, people: People, at: datetime, sign_in: SignIn
) -> None:
    a_running_case(db, people, at)
    with freeze_time(NOW):
        page = sign_in("tanwj").get("/clocks/1/why").text
    assert "2026年9月30日" in page and "第5日" in page and "《民法典》第二百零一条" in page


def test_the_explanation_is_linked_from_the_case(
    db: Database, people: People, at: datetime, sign_in: SignIn
) -> None:
    with db.writing() as session:
        number = dispatched(session, people, at).number
    with freeze_time(NOW):
        assert 'href="/clocks/1/why"' in sign_in("tanwj").get(f"/cases/{number}").text


@pytest.mark.parametrize(("login", "status"), [("ranqm", 404), ("xiangyl", 404), ("chenlh", 200)])
def test_the_explanation_is_for_those_who_see_the_case(
    db: Database, people: People, at: datetime, sign_in: SignIn, login: str, status: int
) -> None:
    a_running_case(db, people, at)
    with freeze_time(NOW):
        assert sign_in(login).get("/clocks/1/why").status_code == status


@pytest.mark.parametrize("clock", ["0", "99", "2147483648", "9" * 30])
def test_an_unknown_clock_explains_nothing(sign_in: SignIn, clock: str) -> None:
    assert sign_in("chenlh").get(f"/clocks/{clock}/why").status_code == 404


def test_a_closed_case_is_explained_by_the_calendar_of_its_time(
    db: Database, people: People, at: datetime, chen: FlaskClient
) -> None:
    from inquiries import service

    with db.writing() as session:
        service.reply(session, signed(session, people, at), told(at), by=people.handler, at=at)
    put_in_force(chen, "/calendar/local", STOP)
    with freeze_time(NOW):
        page = chen.get("/clocks/1/why").text
    assert "防汛停工" not in page and "以存档为准" not in page


def test_a_moved_case_shows_every_day_it_was_due(
    db: Database, people: People, at: datetime, chen: FlaskClient
) -> None:
    a_running_case(db, people, at)
    put_in_force(chen, "/calendar/local", STOP)
    with freeze_time(NOW):
        page = chen.get("/clocks/1/why").text
    assert "防汛停工放假，不计入" in page and "日历调整" in page


ASKING = "征求第三方和其他机关意见"


def pause(db: Database, until: date | None) -> None:
    """The only clock has come under a limit that admits it, stands still from 24 September and is due accordingly."""
    with db.writing() as session:
        clock = session.scalars(select(Clock)).one()
        clock.rule = "disclosure.reply"
        session.add(Pause(clock_id=clock.id, since=date(2026, 9, 24), until=until, ground=ASKING))
        gaps = [Interval(date(2026, 9, 24), until, "")] if until else []
        due = due_at(clock.started_at, limit_for(clock.rule, clock.started_at), in_force(), pauses=gaps)
        clock.due_on, clock.due_at = due.on, due.at


def test_a_paused_case_shows_both_figures(
    db: Database, people: People, at: datetime, sign_in: SignIn
) -> None:
    a_running_case(db, people, at)
    pause(db, date(2026, 9, 28))
    with freeze_time(NOW):
        page = sign_in("tanwj").get("/clocks/1/why").text
    assert "2026年10月29日 18:00，当日24:00后计为逾期</b>" in page
    assert "不计暂停和延长，应在2026年9月30日 18:00" in page
    assert f"2026年9月24日至2026年9月28日：{ASKING}" in page and "以存档为准" not in page


def test_a_case_that_stands_still_says_so(
    db: Database, people: People, at: datetime, sign_in: SignIn
) -> None:
    a_running_case(db, people, at)
    pause(db, None)
    with freeze_time("2026-09-28T02:00:00+00:00"):
        page = sign_in("tanwj").get("/clocks/1/why").text
    assert "计时仍在暂停，到期日随恢复之日顺延" in page and "2026年9月24日起，尚未恢复" in page


def feed_of(client: FlaskClient) -> str:
    page = send(client, "/calendar/feed", {}).text
    return re.search(r'value="http://localhost(/feed/[^"]+)"', page).group(1)  # type: ignore[union-attr]


def read(app: Flask, address: str) -> TestResponse:
    with freeze_time(NOW):
        return app.test_client().get(address)


def test_a_feed_holds_number_unit_day_and_link_only(
    app: Flask, db: Database, people: People, at: datetime, sign_in: SignIn
) -> None:
    from icalendar import Calendar

    with freeze_time(NOW):
        client = sign_in("tanwj")
    with db.writing() as session:
        number = dispatched(session, people, at).number
    answer = read(app, feed_of(client))
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert (str(event["summary"]), event["dtstart"].dt) == (f"{number} 县住建委 应答复", date(2026, 9, 30))
    assert str(event["url"]) == f"http://localhost/cases/{number}"
    assert "加装电梯" not in answer.text and "谭女士" not in answer.text


def test_a_feed_folds_by_octets(
    app: Flask, db: Database, people: People, at: datetime, chen: FlaskClient
) -> None:
    a_running_case(db, people, at)
    lines = read(app, feed_of(chen)).data.split(b"\r\n")
    assert max(map(len, lines)) <= 75 and all(line.decode() is not None for line in lines)


def test_a_unit_feed_holds_its_own_cases_and_a_supervisors_all(
    app: Flask, db: Database, people: People, at: datetime, sign_in: SignIn
) -> None:
    a_running_case(db, people, at)
    with freeze_time(NOW):
        clients = [sign_in(login) for login in ("ranqm", "chenlh")]
    assert [read(app, feed_of(client)).text.count("BEGIN:VEVENT") for client in clients] == [0, 1]


def test_a_renewed_address_kills_the_old_one(app: Flask, chen: FlaskClient) -> None:
    old, new = feed_of(chen), feed_of(chen)
    assert (read(app, old).status_code, read(app, new).status_code) == (404, 200)


def test_the_feed_of_somebody_who_left_is_gone(
    app: Flask, db: Database, people: People, chen: FlaskClient
) -> None:
    from core.people import Person

    address = feed_of(chen)
    with db.writing() as session:
        session.get_one(Person, people.supervisor.id).active = False
    assert read(app, address).status_code == 404


@pytest.mark.parametrize("token", ["x", "%00", "%ff", "a" * 5000])
def test_a_guessed_address_does_not_exist(app: Flask, db: Database, token: str) -> None:
    assert app.test_client().get(f"/feed/{token}/due.ics").status_code == 404


def test_the_address_is_kept_only_as_a_hash(db: Database, chen: FlaskClient) -> None:
    from escalation.calendar_models import CalendarFeed

    token = feed_of(chen).split("/")[2]
    with db.reading() as session:
        assert token.encode() not in session.scalars(select(CalendarFeed.token_hash)).one()


def test_the_load_counts_what_falls_due_by_unit(
    db: Database, people: People, at: datetime, sign_in: SignIn
) -> None:
    with db.writing() as session:
        dispatched(session, people, at)
        dispatched(session, people, at, unit="transport")
        a_call(session, people.operator, at)
    with freeze_time(NOW):
        page = sign_in("chenlh").get("/calendar/load").text
    assert "在办3件，其中已逾期0件；未来20个工作日到期3件，最多的一天是9/30（周三），3件" in page
    assert "县住建委" in page and "县交通局" in page


def test_a_handler_sees_the_load_of_the_own_unit(
    db: Database, people: People, at: datetime, sign_in: SignIn
) -> None:
    with db.writing() as session:
        dispatched(session, people, at)
        dispatched(session, people, at, unit="transport")
    with freeze_time(NOW):
        page = sign_in("tanwj").get("/calendar/load").text
    assert "县交通局" not in page and "在办1件" in page


def test_every_revision_of_the_due_day_stays(
    db: Database, people: People, at: datetime, chen: FlaskClient
) -> None:
    a_running_case(db, people, at)
    put_in_force(chen, "/calendar/local", STOP)
    with db.reading() as session:
        assert session.scalars(select(Deadline.rev)).all() == [1, 2]


def test_a_holder_reads_in_the_inbox_what_moved(
    db: Database, people: People, at: datetime, chen: FlaskClient, sign_in: SignIn
) -> None:
    a_running_case(db, people, at)
    put_in_force(chen, "/calendar/local", STOP)
    with freeze_time(NOW):
        page = sign_in("tanwj").get("/inbox").text
    assert "本单位1件在办件的到期日随之变动" in page and "通知，1条未读" in page


def test_a_word_once_read_is_gone(
    db: Database, people: People, at: datetime, chen: FlaskClient, sign_in: SignIn
) -> None:
    a_running_case(db, people, at)
    put_in_force(chen, "/calendar/local", STOP)
    with freeze_time(NOW):
        client = sign_in("tanwj")
    assert send(client, "/calendar/words/1/read", {}).status_code == 303
    with freeze_time(NOW):
        assert "随之变动" not in client.get("/inbox").text


def test_a_word_for_another_person_does_not_exist(
    db: Database, people: People, at: datetime, chen: FlaskClient, sign_in: SignIn
) -> None:
    a_running_case(db, people, at)
    put_in_force(chen, "/calendar/local", STOP)
    with freeze_time(NOW):
        client = sign_in("ranqm")
    assert send(client, "/calendar/words/1/read", {}).status_code == 404


def test_another_limit_is_tried_on_a_page(sign_in: SignIn) -> None:
    page = sign_in("chenlh").get("/calendar/what-if?year=2026&workdays=3")
    assert (page.status_code, "合计" in page.text) == (200, True)


@pytest.mark.parametrize(
    "asked", ["year=1999&workdays=3", "year=2026&workdays=0", "year=x&workdays=", "year=2026"]
)
def test_a_limit_that_cannot_be_tried_is_explained(sign_in: SignIn, asked: str) -> None:
    assert sign_in("chenlh").get(f"/calendar/what-if?{asked}").status_code == 422
