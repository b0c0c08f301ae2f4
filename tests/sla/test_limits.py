from datetime import date, time
from pathlib import Path

import pytest

from sla import Limit, LimitError, UnknownLimit, limits, load_limits

LADDER = """
[office]
opens = "09:00"
closes = "18:00"

[[ladder]]
key = "standard"
unit = "workdays"
source = "办法"
rungs = [
  { key = "remind", name = "提醒", offset = -2, audience = ["handler"] },
  { key = "due", name = "到期", offset = 0, audience = ["handler", "leader"] },
]
"""
RULE = """
[[limit]]
key = "inquiry.reply"
name = "答复"
workdays = 5
ladder = "standard"
source = "任务清单"
valid_from = 2021-01-01
"""
GRANT = 'extension = 20\nextension_basis = "条例第三十三条"\nvalid_from'
GROUNDS = 'pause_grounds = ["征求意见", "听证"]\nvalid_from'
LATER = RULE.replace("workdays = 5", "workdays = 3").replace("2021-01-01", "2027-01-01")


def test_the_shipped_rules_are_these_eight() -> None:
    assert limits().keys == (
        "inquiry.reply",
        "opinion.first_word",
        "opinion.press",
        "opinion.response",
        "disclosure.reply",
        "petition.notify",
        "petition.handle",
        "site.error",
    )


def test_an_inquiry_is_answered_in_five_working_days() -> None:
    limit = limits().at("inquiry.reply", date(2026, 9, 18))
    assert (limit.workdays, limit.hours) == (5, None)


@pytest.mark.parametrize(
    ("key", "hours"), [("opinion.first_word", 5), ("opinion.press", 24), ("opinion.response", 48)]
)
def test_an_opinion_limit_runs_in_clock_hours(key: str, hours: int) -> None:
    limit = limits().at(key, date(2026, 9, 18))
    assert (limit.hours, limit.workdays) == (hours, None)


def test_the_standard_ladder_climbs_from_reminder_to_circular() -> None:
    ladder = limits().at("inquiry.reply", date(2026, 9, 18)).ladder
    assert [(rung.name, rung.offset) for rung in ladder] == [
        ("提醒", -2),
        ("预警", -1),
        ("到期", 0),
        ("催办单", 1),
        ("督办单", 3),
        ("通报批评/约谈", 5),
    ]


def test_every_shipped_rule_quotes_its_source_and_has_a_revision() -> None:
    assert all(limit.basis and limit.rev.startswith(f"{limit.valid_from}-") for limit in limits().limits)


def test_office_hours_come_from_the_file() -> None:
    limit = load_limits((LADDER + RULE).replace("18:00", "17:30")).at("inquiry.reply", date(2026, 1, 1))
    assert (limit.opens, limit.closes) == (time(9), time(17, 30))


def test_a_file_is_read_by_its_path(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(LADDER + RULE, "utf-8")
    assert load_limits(file).keys == ("inquiry.reply",)


@pytest.mark.parametrize(("day", "workdays"), [("2026-12-31", 5), ("2027-01-01", 3), ("2030-01-01", 3)])
def test_the_rule_in_force_on_the_day_is_picked(day: str, workdays: int) -> None:
    book = load_limits(LADDER + RULE + "valid_to = 2026-12-31\n" + LATER)
    assert book.at("inquiry.reply", date.fromisoformat(day)).workdays == workdays


@pytest.mark.parametrize(
    ("key", "day"), [("inquiry.reply", date(2003, 12, 31)), ("unheard.of", date(2026, 1, 1))]
)
def test_a_rule_not_in_force_is_unknown(key: str, day: date) -> None:
    with pytest.raises(UnknownLimit, match=key):
        limits().at(key, day)


@pytest.mark.parametrize(
    ("old", "new"),
    [("offset = -2", "offset = -3"), ("workdays = 5", "workdays = 6"), ("18:00", "17:30")],
)
def test_a_rule_edited_in_place_gets_another_revision(old: str, new: str) -> None:
    before, after = load_limits(LADDER + RULE), load_limits((LADDER + RULE).replace(old, new))
    assert before.limits[0].rev != after.limits[0].rev


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("workdays = 5", "", "第15行 .*inquiry.reply：workdays、days、hours 应填且只填一项"),
        ("workdays = 5", "workdays = 5\nhours = 5", "第15行 .*应填且只填一项"),
        ("workdays = 5", "workdays = 0", "第15行 .*workdays 应在 1 到 1000 之间，现为 0"),
        ("workdays = 5", 'workdays = "5"', "第15行 .*workdays 应为整数"),
        ("workdays = 5", "workdays = true", "第15行 .*workdays 应为整数"),
        ("workdays = 5", "workdays = 2", "第15行 .*早于收到之时"),
        ("workdays = 5", "hours = 5", "第15行 .*“standard” 不存在，或单位不是 hours"),
        ('ladder = "standard"', 'ladder = "none"', "第15行 .*“none” 不存在"),
        ('source = "任务清单"', "", "第15行 .*source 应填写文字"),
        ("valid_from = 2021-01-01", "", "第15行 .*valid_from 应为日期"),
        ("valid_from = 2021-01-01", "valid_from = 2021-01-01T00:00:00", "第15行 .*valid_from 应为日期"),
        ("valid_from", "valid_to = 2020-01-01\nvalid_from", "第15行 .*valid_to 早于 valid_from"),
        ("valid_from", "colour = 1\nvalid_from", "第15行 .*不认识的项 colour"),
        ("workdays = 5", "days = 0", "第15行 .*days 应在 1 到 1000 之间，现为 0"),
        ("workdays = 5", "days = 1001", "第15行 .*days 应在 1 到 1000 之间，现为 1001"),
        ("workdays = 5", "workdays = 5\ndays = 5", "第15行 .*应填且只填一项"),
        ("valid_from", "extension = 5\nvalid_from", "第15行 .*extension_basis 应填写文字"),
        ("valid_from", 'extension_basis = "条例"\nvalid_from', "第15行 .*extension 应为整数"),
        ("valid_from", GRANT.replace("20", "0"), "第15行 .*extension 应在 1 到 1000 之间，现为 0"),
        ("valid_from", 'pause_grounds = "补正"\nvalid_from', "第15行 .*pause_grounds 应为文字的列表"),
        ("valid_from", 'pause_grounds = [" "]\nvalid_from', "第15行 .*pause_grounds 应为文字的列表"),
        ("valid_from", "pause_grounds = [1]\nvalid_from", "第15行 .*pause_grounds 应为文字的列表"),
        ("valid_from", 'pause_grounds = ["补正", "补正"]\nvalid_from', "第15行 .*pause_grounds 不能重复"),
        ("offset = -2", 'offset = "-2"', "第6行 .*standard 第1级：offset 应为整数"),
        ("offset = -2", "offset = 1", "第6行 .*从小到大"),
        ('["handler"]', '["mayor"]', "第6行 .*第1级：audience 应从"),
        ('["handler"]', "[]", "第6行 .*第1级：audience 应从"),
        ('key = "remind"', 'key = "due"', "第6行 .*key 不能重复"),
        ('unit = "workdays"', 'unit = "weeks"', '第6行 .*unit 应为 "workdays" 或 "hours"'),
        ('opens = "09:00"', 'opens = "9点"', r"\[office\]：opens 应为时刻"),
        ('opens = "09:00"', 'opens = "19:00"', r"\[office\]：opens 应早于 closes"),
        ("[[limit]]", "[limit]", r"至少需要一个 \[\[limit\]\]"),
        ("workdays = 5", "workdays = ", "格式有误.*line 18"),
    ],
)
def test_a_fault_in_the_file_is_reported_with_its_place(old: str, new: str, fault: str) -> None:
    text = LADDER + RULE
    assert old in text
    with pytest.raises(LimitError, match=fault):
        load_limits(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("more", "fault"), [(GRANT, "按小时计的时限不能延期"), (GROUNDS, "按小时计的时限不能暂停")]
)
def test_an_hour_limit_admits_no_extension_and_no_pause(more: str, fault: str) -> None:
    text = (LADDER + RULE).replace('"workdays"', '"hours"').replace("workdays = 5", "hours = 5")
    with pytest.raises(LimitError, match=f"第15行 .*{fault}"):
        load_limits(text.replace("valid_from", more))


def test_a_limit_carries_its_extension_and_its_grounds_for_a_pause() -> None:
    (limit,) = load_limits(LADDER + RULE.replace("valid_from", GROUNDS.replace("valid_from", GRANT))).limits
    assert (limit.extension, limit.extension_basis) == (20, "条例第三十三条")
    assert limit.pause_grounds == ("征求意见", "听证")


def test_a_limit_in_natural_days_climbs_a_ladder_in_working_days() -> None:
    (limit,) = load_limits(LADDER + RULE.replace("workdays = 5", "days = 15")).limits
    assert (limit.workdays, limit.days, limit.hours) == (None, 15, None)
    assert [rung.offset for rung in limit.ladder] == [-2, 0]


def test_the_five_days_of_an_inquiry_have_no_extension_and_no_pause() -> None:
    limit = limits().at("inquiry.reply", date(2026, 9, 18))
    assert (limit.extension, limit.extension_basis, limit.pause_grounds) == (0, "", ())


@pytest.mark.parametrize(
    ("key", "workdays", "days", "extension"),
    [
        ("disclosure.reply", 20, None, 20),
        ("petition.notify", None, 15, 0),
        ("petition.handle", None, 60, 30),
        ("site.error", 3, None, 0),
    ],
)
def test_a_statutory_term_has_its_length_and_its_extension(
    key: str, workdays: int | None, days: int | None, extension: int
) -> None:
    limit = limits().at(key, date(2026, 9, 18))
    assert (limit.workdays, limit.days, limit.extension) == (workdays, days, extension)


@pytest.mark.parametrize(
    ("key", "first"), [("disclosure.reply", "2019-05-15"), ("petition.handle", "2022-05-01")]
)
def test_a_statutory_term_begins_with_its_statute(key: str, first: str) -> None:
    assert limits().at(key, date.fromisoformat(first)).valid_from == date.fromisoformat(first)


def test_only_a_disclosure_may_pause() -> None:
    assert [limit.key for limit in limits().limits if limit.pause_grounds] == ["disclosure.reply"]


def test_two_rules_in_force_on_one_day_are_refused_at_the_later_one() -> None:
    with pytest.raises(LimitError, match="第23行 .*有效期重叠"):
        load_limits(LADDER + RULE + LATER)


def test_two_ladders_with_one_key_are_refused() -> None:
    with pytest.raises(LimitError, match="key 重复"):
        load_limits(LADDER + LADDER[LADDER.index("[[ladder]]") :] + RULE)


@pytest.mark.parametrize(
    "terms",
    [
        {},
        {"workdays": 5, "hours": 5},
        {"workdays": 5, "days": 5},
        {"workdays": -1},
        {"days": -1},
        {"hours": -1},
        {"workdays": 5, "extension": -1},
    ],
    ids=str,
)
def test_a_limit_has_one_term_that_is_not_negative(terms: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="limit x"):
        Limit("x", "x", **terms)
