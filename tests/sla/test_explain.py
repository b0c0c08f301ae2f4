from datetime import date, datetime

import pytest

from sla import SHANGHAI, Day, DayKind, DayNote, explain, limits, published

REPLY = limits().at("inquiry.reply", date(2026, 9, 18))
FIRST_WORD = limits().at("opinion.first_word", date(2026, 9, 18))
NOTICE = "国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号）"
RECEIVED = datetime(2026, 9, 18, 16, tzinfo=SHANGHAI)


def notes(received: datetime = RECEIVED, until: date | None = None) -> dict[str, DayNote]:
    return {f"{note.on:%m-%d}": note for note in explain(received, REPLY, published(), until=until)}


def test_every_day_from_receipt_to_due_is_explained() -> None:
    assert list(notes()) == ["09-18", "09-19", "09-20", "09-21", "09-22", "09-23", "09-24"]


@pytest.mark.parametrize(
    ("on", "number", "why", "basis"),
    [
        ("09-18", 0, "收到当日不计入，记为第0日。", "《民法典》第二百零一条"),
        ("09-19", None, "周六，休息日，不计入。", ""),
        ("09-20", 1, "周日调休上班（国庆节），计为第1日。", NOTICE),
        ("09-21", 2, "工作日，计为第2日。", ""),
        ("09-24", 5, "工作日，计为第5日。到期日，当日18:00下班前答复，24:00后计为逾期。", ""),
        ("09-25", None, "中秋节放假，不计入。", NOTICE),
        ("09-28", None, "工作日，逾期第1日。", ""),
    ],
)
def test_a_day_is_explained_in_one_sentence(on: str, number: int | None, why: str, basis: str) -> None:
    note = notes(until=date(2026, 9, 28))[on]
    assert (note.number, note.why, note.basis) == (number, why, basis)


def test_only_the_days_one_to_n_are_counted() -> None:
    counted = [note.number for note in notes(until=date(2026, 9, 30)).values() if note.counted]
    assert counted == [1, 2, 3, 4, 5]


def test_working_days_after_the_due_day_are_numbered_as_overdue() -> None:
    over = [note.over for note in notes(until=date(2026, 9, 30)).values()]
    assert over == [None] * 10 + [1, 2, 3]


def test_until_before_the_due_day_shortens_the_account() -> None:
    assert list(notes(until=date(2026, 9, 20))) == ["09-18", "09-19", "09-20"]


def test_the_account_of_no_days_is_empty() -> None:
    assert notes(until=date(2026, 9, 17)) == {}


def test_a_day_off_on_which_a_letter_came_is_day_zero() -> None:
    note = notes(datetime(2026, 10, 4, 8, tzinfo=SHANGHAI))["10-04"]
    assert (note.number, note.kind, note.counted) == (0, DayKind.HOLIDAY, False)


def test_a_provisional_day_says_so_and_rests_on_the_statute() -> None:
    note = notes(datetime(2026, 12, 28, 9, tzinfo=SHANGHAI))["01-01"]
    assert note.why == "元旦放假，不计入（暂定，2027年放假通知尚未发布）。"
    assert (note.provisional, note.basis) == (True, "全国年节及纪念日放假办法")


def test_a_day_of_late_december_names_the_announcement_that_may_change_it() -> None:
    note = notes(datetime(2026, 12, 24, 9, tzinfo=SHANGHAI))["12-25"]
    assert note.why == "工作日，计为第1日（2027年放假安排尚未公布，此日可能调整）。"
    assert note.provisional


def test_late_december_of_an_unannounced_year_waits_for_its_own_announcement_first() -> None:
    note = explain(datetime(2027, 12, 27, 9, tzinfo=SHANGHAI), REPLY, published())[1]
    assert note.why == "工作日，计为第1日（暂定，2027年放假通知尚未发布）。"


def test_a_local_closure_is_named_as_the_reason() -> None:
    closed = Day(date(2026, 9, 22), DayKind.HOLIDAY, "台风停办", "县政府办通知")
    cal = published().with_days([closed], "local")
    note = explain(RECEIVED, REPLY, cal)[4]
    assert (note.why, note.basis) == ("台风停办放假，不计入。", "县政府办通知")


def test_a_day_off_without_a_name_is_still_explained() -> None:
    closed = Day(date(2026, 9, 22), DayKind.HOLIDAY)
    note = explain(RECEIVED, REPLY, published().with_days([closed], "local"))[4]
    assert note.why == "放假，不计入。"


def test_a_makeup_day_without_a_name_is_still_explained() -> None:
    worked = Day(date(2026, 9, 19), DayKind.MAKEUP)
    note = explain(RECEIVED, REPLY, published().with_days([worked], "local"))[1]
    assert note.why == "周六调休上班，计为第1日。"


def test_a_day_in_the_middle_of_an_hour_limit_is_a_day_like_any_other() -> None:
    response = limits().at("opinion.response", date(2026, 9, 18))
    middle = explain(datetime(2026, 12, 31, 20, tzinfo=SHANGHAI), response, published())[1]
    why = "按小时连续计时，夜间和节假日不停。"
    basis = "国办发〔2016〕61号：其他政务舆情48小时内予以回应"
    kind = DayKind.HOLIDAY
    assert middle == DayNote(date(2027, 1, 1), True, None, None, kind, why, basis, provisional=False)


def test_the_hours_of_an_hour_limit_run_on_every_day() -> None:
    found = explain(
        datetime(2026, 10, 1, 20, tzinfo=SHANGHAI), FIRST_WORD, published(), until=date(2026, 10, 3)
    )
    assert [note.counted for note in found] == [True, True, False]
    assert [note.why for note in found] == [
        "自收到之时起按小时连续计时，夜间和节假日不停。",
        "按小时连续计时，01:00到期，此后计为逾期。",
        "已过到期时刻，按小时计算逾期。",
    ]
