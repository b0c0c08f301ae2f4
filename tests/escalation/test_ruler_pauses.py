"""The ruler of a paused or extended term. Received Friday 2026-09-18, five working days end on 09-24."""

from datetime import date, datetime

import pytest

from escalation.ruler import Ruler, RulerDay, build_ruler
from sla import SHANGHAI, Limit, Pause, due_at, published

GROUND = "等待来信人补正"
MID = "2026-09-22 2026-09-28"
FIVE = Limit("reply", "答复", workdays=5)


def instant(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=SHANGHAI)


def pause(span: str, ground: str = GROUND) -> Pause:
    return Pause(*map(date.fromisoformat, span.split()), ground)


def ruler(
    at: str, *pauses: Pause, stopped: str = "", extra: int = 0, limit: Limit = FIVE, original: bool = True
) -> Ruler:
    start, cal = instant("2026-09-18 20:14"), published()
    return build_ruler(
        start,
        due_at(start, limit, cal, pauses=pauses, extra_workdays=extra),
        limit,
        cal,
        at=instant(at),
        stopped_at=instant(stopped) if stopped else None,
        pauses=pauses,
        extra_workdays=extra,
        original=due_at(start, limit, cal) if original else None,
    )


def read_out(drawn: Ruler) -> str:
    return "".join(words.text for words in drawn.reading)


def cell_on(drawn: Ruler, month: int, day: int) -> RulerDay:
    return next(cell for cell in drawn.cells if (cell.on.month, cell.on.day) == (month, day))


@pytest.fixture
def paused() -> Ruler:
    return ruler("2026-09-30 10:42", pause(MID))


def test_paused_days_are_dotted_and_days_off_stay_hatched(paused: Ruler) -> None:
    assert " ".join(cell.face for cell in paused.cells) == (
        "0 休 1 2 停 停 停 休 休 休 停 3 4 休 休 休 休 休 休 休 5"
    )
    assert [cell.kind for cell in paused.cells[4:12]] == [*["pause"] * 3, *["hol"] * 3, "pause", "count"]


def test_a_paused_day_says_why_in_the_table(paused: Ruler) -> None:
    day = cell_on(paused, 9, 22)
    assert (day.counted_as, day.why) == ("不计", "工作日，但计时已暂停：等待来信人补正。不计入。")


def test_a_pause_is_braced_over_the_days_off_inside_it(paused: Ruler) -> None:
    assert [(brace.kind, brace.text, brace.first, brace.last) for brace in paused.braces] == [
        ("hol", "中秋节放假 3天", 8, 11),
        ("hol", "国庆节放假 7天", 14, 21),
        ("pause", "计时暂停 4个工作日：等待来信人补正", 5, 12),
    ]


def test_overlapping_pauses_share_a_brace_with_both_grounds() -> None:
    drawn = ruler("2026-09-30 10:42", pause("2026-09-21 2026-09-22"), pause("2026-09-22 2026-09-23", "听证"))
    assert [brace.text for brace in drawn.braces if brace.kind == "pause"] == [
        "计时暂停 3个工作日：等待来信人补正、听证"
    ]


def test_overlapping_pauses_on_one_ground_name_it_once() -> None:
    drawn = ruler("2026-09-30 10:42", pause("2026-09-21 2026-09-22"), pause("2026-09-22 2026-09-23"))
    assert [brace.text for brace in drawn.braces if brace.kind == "pause"] == [
        "计时暂停 3个工作日：等待来信人补正"
    ]


def test_two_pauses_apart_have_a_short_brace_each() -> None:
    drawn = ruler("2026-09-30 10:42", pause("2026-09-20 2026-09-20"), pause("2026-09-22 2026-09-23"))
    assert [(brace.text, brace.first, brace.last) for brace in drawn.braces if brace.kind == "pause"] == [
        ("停1日", 3, 4),
        ("停2日", 5, 7),
    ]


def test_a_pause_of_days_off_only_has_no_brace() -> None:
    drawn = ruler("2026-09-18 21:00", pause("2026-09-19 2026-09-19"))
    assert (drawn.braces, drawn.paused) == ((), False)


def test_the_original_due_day_is_flagged_and_named_in_the_table(paused: Ruler) -> None:
    assert ("orig", "原时限 9月24日") in [(flag.kind, flag.text) for flag in paused.flags]
    assert cell_on(paused, 9, 24).role == "原时限"


def test_the_original_due_day_gives_way_to_today_and_goes_before_receipt() -> None:
    kinds = [flag.kind for flag in ruler("2026-09-23 10:42", pause(MID)).flags]
    assert kinds == ["now", "due", "rec"]


@pytest.mark.parametrize("original", [True, False], ids=["the-same", "not-given"])
def test_an_original_due_day_that_did_not_move_is_not_mentioned(original: bool) -> None:
    drawn = ruler("2026-09-22 10:42", original=original)
    assert drawn.two_counts == ""
    assert not any(flag.kind == "orig" for flag in drawn.flags)
    assert not any("原时限" in day.role for day in drawn.days)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-09-30 10:42", "按原时限已超，按扣除后未到期"),
        ("2026-09-24 23:00", "按原时限未到期，按扣除后未到期"),
        ("2026-10-09 09:00", "按原时限已超，按扣除后已超"),
    ],
)
def test_both_counts_are_told_of_a_running_clock(at: str, expected: str) -> None:
    sentence = f"不扣除暂停的原时限为9月24日。两个口径分别统计：{expected}。"
    assert ruler(at, pause(MID)).two_counts == sentence


@pytest.mark.parametrize(
    ("stopped", "expected"),
    [
        ("2026-09-24 23:00", "按原时限按期，按扣除后按期"),
        ("2026-09-30 09:00", "按原时限超期，按扣除后按期"),
        ("2026-10-09 09:00", "按原时限超期，按扣除后超期"),
    ],
)
def test_both_counts_are_told_of_a_stopped_clock(stopped: str, expected: str) -> None:
    assert ruler("2026-12-01 09:00", pause(MID), stopped=stopped).two_counts.endswith(f"：{expected}。")


@pytest.mark.parametrize(
    ("pauses", "extra", "start", "end"),
    [
        ([], 5, "未延期的原时限为9月24日。", "按延期后未到期。"),
        ([pause(MID)], 5, "不扣除暂停、未延期的原时限为9月24日。", "按批准后时限未到期。"),
    ],
    ids=["extended", "both"],
)
def test_the_original_limit_says_what_it_leaves_out(
    pauses: list[Pause], extra: int, start: str, end: str
) -> None:
    words = ruler("2026-09-30 09:00", *pauses, extra=extra).two_counts
    assert words.startswith(start) and words.endswith(end)


def test_a_due_day_that_neither_pause_nor_extension_moved_says_so() -> None:
    start, cal = instant("2026-09-18 20:14"), published()
    before = due_at(start, Limit("reply", "答复", workdays=6), cal)
    drawn = build_ruler(start, due_at(start, FIVE, cal), FIVE, cal, at=start, original=before)
    assert drawn.two_counts.startswith("变更前的原时限为9月28日。")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-09-30 10:42", "今天是第 4 日，共5日；还剩 1 个工作日，10月8日（周四）18:00 到期"),
        ("2026-09-23 10:42", "计时暂停中，已过 2 日，共5日；还剩 3 个工作日，10月8日（周四）18:00 到期"),
        ("2026-09-26 10:42", "计时暂停中，已过 2 日，共5日；还剩 3 个工作日，10月8日（周四）18:00 到期"),
        ("2026-09-21 10:42", "今天是第 2 日，共5日；还剩 3 个工作日，10月8日（周四）18:00 到期"),
    ],
    ids=["after", "during", "on-a-day-off-inside", "before"],
)
def test_the_reading_line_counts_only_days_that_will_count(at: str, expected: str) -> None:
    assert read_out(ruler(at, pause(MID))) == expected


@pytest.mark.parametrize(
    ("at", "stopped", "light"),
    [
        ("2026-09-23 10:42", "", ("pause", "暂停", GROUND)),
        ("2026-09-30 10:42", "", ("amber", "黄灯", "剩1日")),
        ("2026-12-01 10:42", "2026-09-23 10:00", ("done", "按期", "9月23日答复")),
    ],
    ids=["standing-still", "running", "answered"],
)
def test_the_light_of_a_clock_that_stands_still_says_so(
    at: str, stopped: str, light: tuple[str, str, str]
) -> None:
    shown = ruler(at, pause(MID), stopped=stopped).light
    assert (shown.c, shown.w, shown.t) == light


def test_a_pause_that_began_after_the_due_day_does_not_hide_that_it_is_overdue() -> None:
    drawn = ruler("2026-09-29 10:42", pause("2026-09-28 2026-09-30"))
    assert (drawn.light.c, drawn.light.t) == ("red", "逾期2日")


def test_an_extension_is_part_of_the_total() -> None:
    drawn = ruler("2026-09-30 10:42", extra=5)
    assert read_out(drawn).startswith("今天是第 8 日，共10日；还剩 2 个工作日")


def test_the_simple_form_folds_a_pause_into_one_piece(paused: Ruler) -> None:
    stops = [
        (piece.face, piece.label, piece.word) for piece in paused.simple.segments if piece.kind == "stop"
    ]
    assert stops == [("3天", "暂停", "原时限"), ("1天", "暂停", "")]


def test_the_simple_form_reads_out_the_pause(paused: Ruler) -> None:
    assert "9月21日第2日，计时暂停3个工作日不计，中秋节3天不计，" in paused.simple.label


def test_the_simple_form_marks_today_inside_a_pause() -> None:
    drawn = ruler("2026-09-23 10:42", pause("2026-09-22 2026-09-23"))
    assert [piece.word for piece in drawn.simple.segments if piece.current] == ["今天"]
    assert "计时暂停2个工作日不计（今天）" in drawn.simple.label


def test_the_citizen_is_told_of_the_pause(paused: Ruler) -> None:
    assert "9月22日、23日、24日、28日计时暂停（等待来信人补正），不算。" in paused.plain


def test_the_citizen_is_told_of_the_extension() -> None:
    plain = ruler("2026-09-30 10:42", extra=1).plain
    assert plain.startswith("收到当天不算，从之后第一个工作日起数6个工作日（含延期1个工作日）：9月20日、21日")


def test_a_long_strip_folds_the_days_of_a_pause() -> None:
    drawn = ruler("2026-10-30 10:42", pause("2026-09-22 2026-10-16"))
    cell = next(cell for cell in drawn.cells if cell.kind == "pause" and cell.until > cell.on)
    assert (cell.face, cell.why) == ("停3天", "计时暂停3个工作日：等待来信人补正。不计入。")


def test_a_natural_day_limit_has_no_day_ruler() -> None:
    start, limit = instant("2026-09-18 20:14"), Limit("petition", "信访", days=60)
    with pytest.raises(ValueError, match="working days: petition"):
        build_ruler(start, due_at(start, limit, published()), limit, published(), at=start)
