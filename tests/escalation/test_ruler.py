"""The ruler on the days of 2026 that are hard to count; times are Asia/Shanghai."""

from datetime import date, datetime

import pytest

from escalation.ruler import Ruler, RulerDay, Segment, build_ruler
from sla import SHANGHAI, Day, DayKind, WorkCalendar, due_at, limits, local_date, published

NOON_DUE = "今天 10:42，18:00到期"


def instant(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=SHANGHAI)


def ruler(received: str, at: str, stopped: str = "", cal: WorkCalendar | None = None) -> Ruler:
    start, calendar = instant(received), cal or published()
    limit = limits().at("inquiry.reply", local_date(start))
    due = due_at(start, limit, calendar)
    stopped_at = instant(stopped) if stopped else None
    return build_ruler(start, due, limit, calendar, at=instant(at), stopped_at=stopped_at)


def read_out(drawn: Ruler) -> str:
    return "".join(words.text for words in drawn.reading)


def faces(drawn: Ruler) -> str:
    return " ".join(cell.face for cell in drawn.cells)


def cell_on(drawn: Ruler, month: int, day: int) -> RulerDay:
    return next(cell for cell in drawn.cells if (cell.on.month, cell.on.day) == (month, day))


def pieces(drawn: Ruler) -> list[str]:
    return [f"{piece.face} {piece.label} {piece.word}".strip() for piece in drawn.simple.segments]


def flags(drawn: Ruler) -> list[tuple[str, str]]:
    return [(flag.kind, flag.text) for flag in drawn.flags]


@pytest.fixture
def before_national_day() -> Ruler:
    return ruler("2026-09-30 08:15", "2026-09-30 10:42")


@pytest.fixture
def long_overdue() -> Ruler:
    return ruler("2026-09-18 20:14", "2026-12-01 10:42")


def test_the_strip_runs_from_receipt_to_due(before_national_day: Ruler) -> None:
    assert faces(before_national_day) == "0 休 休 休 休 休 休 休 1 2 3 休 4 5"


def test_a_makeup_saturday_is_tagged(before_national_day: Ruler) -> None:
    assert (cell_on(before_national_day, 10, 10).tag, cell_on(before_national_day, 10, 9).tag) == ("班", "")


def test_the_first_day_and_each_first_of_a_month_name_the_month(before_national_day: Ruler) -> None:
    assert [cell.label for cell in before_national_day.cells if cell.heads_month] == ["9月30", "10月1"]


def test_a_festival_is_braced_with_its_length(before_national_day: Ruler) -> None:
    (brace,) = before_national_day.braces
    assert (brace.text, brace.first, brace.last) == ("国庆节放假 7天", 2, 9)


def test_a_festival_that_began_before_receipt_does_not_claim_its_whole_length() -> None:
    assert [brace.text for brace in ruler("2026-10-03 09:00", "2026-10-04 10:42").braces] == [
        "国庆节放假 还有4天"
    ]


def test_a_festival_that_is_still_running_today_does_not_claim_its_whole_length() -> None:
    drawn = ruler("2026-09-18 20:14", "2026-10-03 10:42")
    assert [brace.text for brace in drawn.braces] == ["中秋节放假 3天", "国庆节放假 已3天"]


def test_two_festivals_in_one_run_share_a_brace() -> None:
    drawn = ruler("2025-09-30 09:00", "2025-09-30 10:42")
    assert [brace.text for brace in drawn.braces] == ["国庆节、中秋节放假 8天"]


@pytest.mark.parametrize(
    ("received", "at", "expected"),
    [
        (
            "2026-09-30 08:15",
            "2026-09-30 10:42",
            "今天是第 0 日，共5日；还剩 5 个工作日，10月13日（周二）18:00 到期",
        ),
        (
            "2026-10-03 09:00",
            "2026-10-04 10:42",
            "今天休息，已过 0 日，共5日；还剩 5 个工作日，10月13日（周二）18:00 到期",
        ),
        ("2026-09-22 09:30", "2026-09-30 10:42", "今天是第 5 日，共5日；今天18:00 到期"),
        ("2026-09-22 09:30", "2026-09-30 19:00", "今天是第 5 日，共5日；今天24:00 前答复仍算按期"),
        ("2026-09-18 20:14", "2026-09-30 10:42", "应在 9月24日（周四）18:00 前答复，已逾期 3 个工作日"),
        ("2026-09-18 20:14", "2026-09-26 10:42", "应在 9月24日（周四）18:00 前答复，已逾期，不足1个工作日"),
    ],
)
def test_the_reading_line_of_a_running_clock(received: str, at: str, expected: str) -> None:
    assert read_out(ruler(received, at)) == expected


@pytest.mark.parametrize(
    ("received", "stopped", "expected"),
    [
        (
            "2026-09-22 09:30",
            "2026-09-29 10:20",
            "9月29日答复，时限 9月30日（周三）18:00，按期，用了 4 个工作日",
        ),
        ("2026-09-18 20:14", "2026-09-28 09:00", "9月28日答复，时限 9月24日（周四）18:00，超期1个工作日"),
        ("2026-09-18 20:14", "2026-09-26 09:00", "9月26日答复，时限 9月24日（周四）18:00，超期不足1个工作日"),
        (
            "2026-09-18 20:14",
            "2026-09-24 23:59",
            "9月24日答复，时限 9月24日（周四）18:00，按期，用了 5 个工作日",
        ),
    ],
)
def test_the_reading_line_of_a_stopped_clock(received: str, stopped: str, expected: str) -> None:
    assert read_out(ruler(received, "2026-12-01 10:42", stopped)) == expected


@pytest.mark.parametrize(
    ("received", "at", "stopped", "light"),
    [
        ("2026-09-30 08:15", "2026-09-30 10:42", "", ("green", "绿灯", "剩5日")),
        ("2026-09-23 16:02", "2026-09-30 10:42", "", ("amber", "黄灯", "剩1日")),
        ("2026-09-22 09:30", "2026-09-30 10:42", "", ("amber", "黄灯", "今日到期")),
        ("2026-09-18 20:14", "2026-09-30 10:42", "", ("red", "红灯", "逾期3日")),
        ("2026-09-18 20:14", "2026-09-26 10:42", "", ("red", "红灯", "逾期不足1日")),
        ("2026-09-22 09:30", "2026-12-01 10:42", "2026-09-29 10:20", ("done", "按期", "9月29日答复")),
        ("2026-09-18 20:14", "2026-12-01 10:42", "2026-09-28 09:00", ("done", "超期", "9月28日答复")),
    ],
)
def test_the_light_has_a_word_and_a_remainder(
    received: str, at: str, stopped: str, light: tuple[str, str, str]
) -> None:
    shown = ruler(received, at, stopped).light
    assert (shown.c, shown.w, shown.t) == light


def test_overdue_days_carry_a_plus() -> None:
    assert faces(ruler("2026-09-18 20:14", "2026-09-30 10:42")) == "0 休 1 2 3 4 5 休 休 休 +1 +2 +3"


def test_a_stopped_clock_marks_the_day_of_the_answer_and_ends_there() -> None:
    drawn = ruler("2026-09-18 20:14", "2026-12-01 10:42", "2026-09-28 09:00")
    assert (drawn.cells[-1].role, drawn.cells[-1].on) == ("答复", date(2026, 9, 28))


def test_a_stopped_clock_does_not_call_any_day_today() -> None:
    drawn = ruler("2026-09-22 09:30", "2026-12-01 10:42", "2026-09-29 10:20")
    assert not any(piece.current for piece in drawn.simple.segments)


def test_the_due_day_carries_the_light_of_the_clock() -> None:
    due = cell_on(ruler("2026-09-18 20:14", "2026-09-30 10:42"), 9, 24)
    assert "day-due is-due is-red" in due.marks


def test_one_day_is_the_tab_stop() -> None:
    drawn = ruler("2026-09-23 16:02", "2026-09-30 10:42")
    assert [cell.on for cell in drawn.cells if cell.current] == [date(2026, 9, 30)]


def test_far_flags_all_stay() -> None:
    drawn = ruler("2026-09-23 16:02", "2026-09-30 10:42")
    assert flags(drawn) == [("now", "今天 10:42"), ("due", "到期 18:00"), ("rec", "9月23日收到")]


def test_on_the_day_of_receipt_today_covers_receipt(before_national_day: Ruler) -> None:
    assert flags(before_national_day) == [("now", "今天 10:42"), ("due", "到期 18:00")]


def test_on_the_due_day_one_flag_says_both() -> None:
    assert flags(ruler("2026-09-22 09:30", "2026-09-30 10:42"))[0] == ("now", NOON_DUE)


def test_today_hides_a_due_flag_that_it_would_touch() -> None:
    drawn = ruler("2026-09-23 16:02", "2026-10-07 10:42")
    assert flags(drawn) == [("now", "今天 10:42"), ("rec", "9月23日收到")]


def test_flags_at_the_ends_keep_inside_the_strip(before_national_day: Ruler) -> None:
    now, due = before_national_day.flags
    assert [(now.first, now.align), (due.last, due.align)] == [(1, "start"), (15, "end")]


def test_a_strip_of_31_days_is_not_folded() -> None:
    drawn = ruler("2026-09-18 20:14", "2026-10-18 10:42")
    assert (len(drawn.days), len(drawn.cells)) == (31, 31)


def test_a_longer_strip_folds_its_runs_of_days_off() -> None:
    drawn = ruler("2026-09-18 20:14", "2026-10-19 10:42")
    folded = [f"{cell.label} {cell.face}" for cell in drawn.cells if cell.until > cell.on]
    assert folded == ["25—27 休3天", "10月1—7 休7天", "17—18 休2天"]


def test_a_very_long_strip_folds_the_overdue_days_up_to_today(long_overdue: Ruler) -> None:
    assert faces(long_overdue) == "0 休 1 2 3 4 5 +1…42 +43"


def test_the_table_keeps_every_day_of_a_folded_strip(long_overdue: Ruler) -> None:
    assert len(long_overdue.days) == 75


def test_days_that_an_announcement_may_still_change_are_marked() -> None:
    drawn = ruler("2026-12-23 14:00", "2026-12-24 10:42")
    assert [cell.on for cell in drawn.cells if "is-prov" in cell.marks][0] == date(2026, 12, 25)


def test_a_provisional_due_day_names_the_announcement_that_is_awaited() -> None:
    assert (
        ruler("2026-12-28 14:00", "2026-12-29 10:42").provisional
        == "到期日为暂定，2027年放假通知发布后重算。"
    )


def test_a_due_day_in_late_december_awaits_the_announcement_of_the_next_year() -> None:
    drawn = ruler("2026-12-22 14:00", "2026-12-23 10:42")
    assert drawn.due_date == "12月29日"
    assert drawn.provisional == "到期日为暂定，2027年放假通知发布后重算。"


def test_a_provisional_due_day_whose_announcement_came_is_being_recomputed() -> None:
    start = instant("2026-12-28 14:00")
    limit = limits().at("inquiry.reply", local_date(start))
    due = due_at(start, limit, published())
    announced = published().with_days([], "2026-2", [2027])
    drawn = build_ruler(start, due, limit, announced, at=start)
    assert drawn.provisional == "到期日为暂定，正按新的放假通知重算。"


def test_a_certain_due_day_says_nothing_of_it(before_national_day: Ruler) -> None:
    assert before_national_day.provisional == ""


def test_the_simple_form_folds_days_off_and_names_them(before_national_day: Ruler) -> None:
    assert pieces(before_national_day) == [
        "0 9.30 收到", "7天 国庆", "1 10.8", "2 9", "3 10", "1天 周末", "4 12", "5 13 到期",
    ]  # fmt: skip


def test_the_simple_form_shows_a_makeup_day(before_national_day: Ruler) -> None:
    tagged: list[Segment] = [piece for piece in before_national_day.simple.segments if piece.tag]
    assert [(piece.label, piece.tag) for piece in tagged] == [("10", "班")]


def test_the_simple_form_draws_many_overdue_days_as_one(long_overdue: Ruler) -> None:
    assert pieces(long_overdue)[-2:] == ["+1…42 11.30", "+43 12.1 今天"]


def test_the_simple_form_says_that_today_is_the_due_day() -> None:
    assert pieces(ruler("2026-09-22 09:30", "2026-09-30 10:42"))[-1] == "5 30 今天到期"


def test_the_simple_form_marks_today_inside_a_run_of_days_off() -> None:
    assert "4天 国庆 今天" in pieces(ruler("2026-10-03 09:00", "2026-10-04 10:42"))


def test_the_simple_form_reads_out_the_whole_count(before_national_day: Ruler) -> None:
    assert before_national_day.simple.label == (
        "9月30日（今天）收到，国庆节7天不计，10月8日第1日，10月9日第2日，10月10日调休上班，第3日，"
        "周末1天不计，10月12日第4日，10月13日第5日到期"
    )


def test_the_citizen_is_told_every_counted_day(before_national_day: Ruler) -> None:
    assert before_national_day.plain == (
        "收到当天不算，从之后第一个工作日起数5个工作日：10月8日、9日、10日、12日、13日。"
        "国庆节7天、周末1天休息，不算。10月10日调休上班，照算。"
    )


def test_the_calendar_and_its_sources_are_named(before_national_day: Ruler) -> None:
    assert before_national_day.sources == (
        "国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号）",
    )
    assert before_national_day.calendar == published().version


def test_a_local_closure_is_named_in_the_simple_form() -> None:
    flood = Day(date(2026, 9, 28), DayKind.HOLIDAY, "抗洪停工", "县政府通知")
    cal = published().with_days([flood], "library+local")
    assert "1天 抗洪停工" in pieces(ruler("2026-09-27 09:00", "2026-09-27 10:00", cal=cal))


def test_a_receipt_seen_before_its_moment_still_draws() -> None:
    assert ruler("2026-09-22 09:30", "2026-09-21 10:00").cells[0].current


def test_an_hour_limit_has_no_day_ruler() -> None:
    start = instant("2026-09-22 09:30")
    limit = limits().at("opinion.first_word", local_date(start))
    with pytest.raises(ValueError, match="working days"):
        build_ruler(start, due_at(start, limit, published()), limit, published(), at=start)
