"""Reading limits.toml: what is taken from it, and that every fault names its entry and line."""

import re
from datetime import date, time
from pathlib import Path

import pytest

from sla import LimitError, load_limits

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
FILE = "limits.toml"
STEPS = "limits.toml 第6行 [[ladder]] standard"
LIMIT = "limits.toml 第15行 [[limit]] inquiry.reply："


def fault_in(text: str) -> str:
    """The whole message about a faulty file."""
    with pytest.raises(LimitError) as found:
        load_limits(text)
    return str(found.value)


def test_office_hours_come_from_the_file() -> None:
    text = (LADDER + RULE).replace("09:00", "08:30").replace("18:00", "17:30")
    limit = load_limits(text).at("inquiry.reply", date(2026, 1, 1))
    assert (limit.opens, limit.closes) == (time(8, 30), time(17, 30))


def test_a_file_is_read_by_its_path(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(LADDER + RULE, "utf-8")
    assert load_limits(file).keys == ("inquiry.reply",)


@pytest.mark.parametrize(("day", "workdays"), [("2026-12-31", 5), ("2027-01-01", 3), ("2030-01-01", 3)])
def test_the_rule_in_force_on_the_day_is_picked(day: str, workdays: int) -> None:
    book = load_limits(LADDER + RULE + "valid_to = 2026-12-31\n" + LATER)
    assert book.at("inquiry.reply", date.fromisoformat(day)).workdays == workdays


@pytest.mark.parametrize(
    ("old", "new"),
    [("offset = -2", "offset = -3"), ("workdays = 5", "workdays = 6"), ("18:00", "17:30")],
)
def test_a_rule_edited_in_place_gets_another_revision(old: str, new: str) -> None:
    before, after = load_limits(LADDER + RULE), load_limits((LADDER + RULE).replace(old, new))
    assert before.limits[0].rev != after.limits[0].rev


@pytest.mark.parametrize(
    ("more", "fault"), [(GRANT, "按小时计的时限不能延期"), (GROUNDS, "按小时计的时限不能暂停")]
)
def test_an_hour_limit_admits_no_extension_and_no_pause(more: str, fault: str) -> None:
    text = (LADDER + RULE).replace('"workdays"', '"hours"').replace("workdays = 5", "hours = 5")
    assert fault_in(text.replace("valid_from", more)) == LIMIT + fault


def test_a_limit_carries_its_extension_and_its_grounds_for_a_pause() -> None:
    (limit,) = load_limits(LADDER + RULE.replace("valid_from", GROUNDS.replace("valid_from", GRANT))).limits
    assert (limit.extension, limit.extension_basis) == (20, "条例第三十三条")
    assert limit.pause_grounds == ("征求意见", "听证")


def test_a_limit_in_natural_days_climbs_a_ladder_in_working_days() -> None:
    (limit,) = load_limits(LADDER + RULE.replace("workdays = 5", "days = 15")).limits
    assert (limit.workdays, limit.days, limit.hours) == (None, 15, None)
    assert [rung.offset for rung in limit.ladder] == [-2, 0]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("workdays = 5", "", LIMIT + "workdays、days、hours、dated 应填且只填一项"),
        ("workdays = 5", "workdays = 5\nhours = 5", LIMIT + "workdays、days、hours、dated 应填且只填一项"),
        ("workdays = 5", "workdays = 0", LIMIT + "workdays 应在 1 到 1000 之间，现为 0"),
        ("workdays = 5", 'workdays = "5"', LIMIT + "workdays 应为整数"),
        ("workdays = 5", "workdays = true", LIMIT + "workdays 应为整数"),
        ("workdays = 5", "workdays = 2", LIMIT + "阶梯“提醒”早于收到之时（时限 2，提前 2）"),
        ("workdays = 5", "hours = 5", LIMIT + "ladder “standard” 不存在，或单位不是 hours"),
        ('ladder = "standard"', 'ladder = "none"', LIMIT + "ladder “none” 不存在，或单位不是 workdays"),
        ('source = "任务清单"', "", LIMIT + "source 应填写文字"),
        ("valid_from = 2021-01-01", "", LIMIT + "valid_from 应为日期，如 2021-05-01"),
        (
            "valid_from = 2021-01-01",
            "valid_from = 2021-01-01T00:00:00",
            LIMIT + "valid_from 应为日期，如 2021-05-01",
        ),
        ("valid_from", "valid_to = 2020-01-01\nvalid_from", LIMIT + "valid_to 早于 valid_from"),
        ("valid_from", "colour = 1\nvalid_from", LIMIT + "不认识的项 colour"),
        ("workdays = 5", "days = 0", LIMIT + "days 应在 1 到 1000 之间，现为 0"),
        ("workdays = 5", "days = 1001", LIMIT + "days 应在 1 到 1000 之间，现为 1001"),
        ("valid_from", "extension = 5\nvalid_from", LIMIT + "extension_basis 应填写文字"),
        ("valid_from", 'extension_basis = "条例"\nvalid_from', LIMIT + "extension 应为整数"),
        (
            "valid_from",
            'extension = 0\nextension_basis = "条例第三十三条"\nvalid_from',
            LIMIT + "extension 应在 1 到 1000 之间，现为 0",
        ),
        ("valid_from", 'pause_grounds = "补正"\nvalid_from', LIMIT + "pause_grounds 应为文字的列表"),
        ("valid_from", 'pause_grounds = [" "]\nvalid_from', LIMIT + "pause_grounds 应为文字的列表"),
        ("valid_from", "pause_grounds = [1]\nvalid_from", LIMIT + "pause_grounds 应为文字的列表"),
        ("valid_from", 'pause_grounds = ["补正", "补正"]\nvalid_from', LIMIT + "pause_grounds 不能重复"),
        ("offset = -2", 'offset = "-2"', STEPS + " 第1级：offset 应为整数"),
        ("offset = -2", "offset = 1", STEPS + "：各级应按 offset 从小到大排列，且不相同"),
        (
            '["handler"]',
            '["mayor"]',
            STEPS + " 第1级：audience 应从 handler、contact、leader、supervisor、watch 中选填",
        ),
        (
            '["handler"]',
            "[]",
            STEPS + " 第1级：audience 应从 handler、contact、leader、supervisor、watch 中选填",
        ),
        ('key = "remind"', 'key = "due"', STEPS + "：各级的 key 不能重复"),
        ('unit = "workdays"', 'unit = "weeks"', STEPS + '：unit 应为 "workdays" 或 "hours"'),
        ('opens = "09:00"', 'opens = "9点"', FILE + ' [office]：opens 应为时刻，如 "09:00"'),
        ('opens = "09:00"', 'opens = "19:00"', FILE + " [office]：opens 应早于 closes"),
        ("[[limit]]", "[limit]", FILE + "：至少需要一个 [[limit]]，且每个都要用 [[limit]] 开头"),
        ("workdays = 5", "workdays = 1001", LIMIT + "workdays 应在 1 到 1000 之间，现为 1001"),
        ("workdays = 5", "workdays = 1.5", LIMIT + "workdays 应为整数"),
        ('key = "inquiry.reply"', "", FILE + " 第15行 [[limit]]：key 应填写文字"),
        ('name = "答复"', "", LIMIT + "name 应填写文字"),
        ('name = "答复"', 'name = " "', LIMIT + "name 应填写文字"),
        ('ladder = "standard"', "", LIMIT + "ladder 应填写文字"),
        (
            "valid_from = 2021-01-01",
            'valid_from = "2021-01-01"',
            LIMIT + "valid_from 应为日期，如 2021-05-01",
        ),
        ("valid_from", 'valid_to = "2022-01-01"\nvalid_from', LIMIT + "valid_to 应为日期，如 2021-05-01"),
        ("valid_from", "shape = 1\ncolour = 1\nvalid_from", LIMIT + "不认识的项 colour、shape"),
        ('source = "办法"', "", STEPS + "：source 应填写文字"),
        ('source = "办法"', 'source = "办法"\ncolour = 1', STEPS + "：不认识的项 colour"),
        ('name = "提醒"', 'name = ""', STEPS + " 第1级：name 应填写文字"),
        ('name = "提醒"', 'name = "提醒", colour = 1', STEPS + " 第1级：不认识的项 colour"),
        ("offset = -2", "offset = 0", STEPS + "：各级应按 offset 从小到大排列，且不相同"),
        (
            'offset = 0, audience = ["handler", "leader"]',
            "offset = 0",
            STEPS + " 第2级：audience 应从 handler、contact、leader、supervisor、watch 中选填",
        ),
        (
            '["handler"]',
            '"handler"',
            STEPS + " 第1级：audience 应从 handler、contact、leader、supervisor、watch 中选填",
        ),
        (
            '["handler", "leader"]',
            '["handler", "mayor"]',
            STEPS + " 第2级：audience 应从 handler、contact、leader、supervisor、watch 中选填",
        ),
        ('opens = "09:00"', "", FILE + ' [office]：opens 应为时刻，如 "09:00"'),
        ('opens = "09:00"', "opens = 9", FILE + ' [office]：opens 应为时刻，如 "09:00"'),
        ('closes = "18:00"', 'closes = "24点"', FILE + ' [office]：closes 应为时刻，如 "09:00"'),
        ('opens = "09:00"', 'opens = "18:00"', FILE + " [office]：opens 应早于 closes"),
        ("[office]", "[bureau]", FILE + ' [office]：opens 应为时刻，如 "09:00"'),
        ("[[ladder]]", "[ladder]", FILE + "：至少需要一个 [[ladder]]，且每个都要用 [[ladder]] 开头"),
        ("valid_from", 'pause_grounds = [""]\nvalid_from', LIMIT + "pause_grounds 应为文字的列表"),
        (
            "valid_from",
            'extension = 5\nextension_basis = " "\nvalid_from',
            LIMIT + "extension_basis 应填写文字",
        ),
    ],
)
def test_a_fault_in_the_file_is_reported_with_its_place(old: str, new: str, fault: str) -> None:
    assert old in LADDER + RULE
    assert fault_in((LADDER + RULE).replace(old, new, 1)) == fault


@pytest.mark.parametrize("rungs", ["", "rungs = []", "rungs = 5", "rungs = [1]"])
def test_a_ladder_has_at_least_one_rung(rungs: str) -> None:
    ladder = LADDER[: LADDER.index("rungs = [")] + rungs + "\n"
    assert fault_in(ladder + RULE) == STEPS + "：rungs 应至少有一级"


def test_a_file_that_is_no_toml_says_where_it_breaks() -> None:
    text = (LADDER + RULE).replace("workdays = 5", "workdays = ")
    assert fault_in(text) == "limits.toml：格式有误：Invalid value (at line 18, column 12)"


def test_a_faulty_file_is_named_as_it_is_on_disk(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(LADDER + RULE.replace("workdays = 5", ""), "utf-8")
    with pytest.raises(LimitError, match="^own.toml 第15行 "):
        load_limits(file)


@pytest.mark.parametrize("heading", ["  [[limit]]", "\t[[ limit ]]", "[[  limit]]"])
def test_a_heading_may_be_indented_and_spaced(heading: str) -> None:
    text = LADDER + RULE.replace("[[limit]]", heading).replace("workdays = 5", "")
    assert fault_in(text) == LIMIT + "workdays、days、hours、dated 应填且只填一项"


def test_a_heading_inside_a_text_is_no_rule() -> None:
    text = 'note = """\n[[limit]]\n"""\n' + LADDER
    assert fault_in(text) == "limits.toml：至少需要一个 [[limit]]，且每个都要用 [[limit]] 开头"


def test_rules_written_as_one_list_are_refused_for_want_of_line_numbers() -> None:
    text = 'limit = [{ key = "x" }]\n' + LADDER
    assert fault_in(text) == "limits.toml：至少需要一个 [[limit]]，且每个都要用 [[limit]] 开头"


@pytest.mark.parametrize("term", ["workdays = 1000", "workdays = 3", "days = 3"])
def test_a_term_reaches_from_behind_the_first_rung_to_a_thousand(term: str) -> None:
    assert len(load_limits(LADDER + RULE.replace("workdays = 5", term)).limits) == 1


def test_a_first_rung_may_be_the_due_day_of_a_term_of_one_day() -> None:
    ladder = "".join(line for line in LADDER.splitlines(keepends=True) if "remind" not in line)
    assert load_limits(ladder + RULE.replace("workdays = 5", "workdays = 1")).limits[0].workdays == 1


@pytest.mark.parametrize("amount", [1, 1000])
def test_an_extension_is_from_one_to_a_thousand(amount: int) -> None:
    book = load_limits(LADDER + RULE.replace("valid_from", GRANT.replace("20", str(amount))))
    assert book.limits[0].extension == amount


def test_a_rule_may_be_valid_for_one_day() -> None:
    book = load_limits(LADDER + RULE + "valid_to = 2021-01-01\n")
    assert book.limits[0].valid_to == date(2021, 1, 1)


def test_a_rung_may_be_heard_by_everybody() -> None:
    everybody = '["handler", "contact", "leader", "supervisor"]'
    book = load_limits((LADDER + RULE).replace('["handler"]', everybody))
    assert book.limits[0].ladder[0].audience == ("handler", "contact", "leader", "supervisor")


def test_a_rule_is_read_with_all_it_says() -> None:
    (limit,) = load_limits(LADDER + RULE).limits
    assert (limit.extension, limit.extension_basis, limit.pause_grounds) == (0, "", ())
    assert (limit.key, limit.name, limit.basis) == ("inquiry.reply", "答复", "任务清单")
    assert (limit.valid_from, limit.valid_to) == (date(2021, 1, 1), None)
    assert [(rung.key, rung.name, rung.offset, rung.audience) for rung in limit.ladder] == [
        ("remind", "提醒", -2, ("handler",)),
        ("due", "到期", 0, ("handler", "leader")),
    ]


def test_a_revision_is_the_first_day_and_a_digest() -> None:
    assert re.fullmatch(r"2021-01-01-[0-9a-f]{8}", load_limits(LADDER + RULE).limits[0].rev)


def test_a_limit_finds_its_ladder_among_several() -> None:
    other = (
        LADDER[LADDER.index("[[ladder]]") :].replace("standard", "late").replace("offset = -2", "offset = -1")
    )
    book = load_limits(LADDER + other + RULE.replace('"standard"', '"late"'))
    assert book.limits[0].ladder[0].offset == -1


def test_an_hour_limit_climbs_a_ladder_in_hours() -> None:
    text = (LADDER + RULE).replace('"workdays"', '"hours"').replace("workdays = 5", "hours = 5")
    assert load_limits(text).limits[0].hours == 5


def test_two_rules_in_force_on_one_day_are_refused_at_the_later_one() -> None:
    fault = "limits.toml 第23行 [[limit]] inquiry.reply：与自 2021-01-01 起的同名规则有效期重叠"
    assert fault_in(LADDER + RULE + LATER) == fault


def test_the_order_in_the_file_does_not_hide_an_overlap() -> None:
    fault = "limits.toml 第15行 [[limit]] inquiry.reply：与自 2021-01-01 起的同名规则有效期重叠"
    assert fault_in(LADDER + LATER + RULE) == fault


def test_rules_of_other_keys_may_overlap() -> None:
    book = load_limits(LADDER + RULE + LATER.replace("inquiry.reply", "inquiry.other"))
    assert book.keys == ("inquiry.reply", "inquiry.other")


def test_two_ladders_with_one_key_are_refused() -> None:
    text = LADDER + LADDER[LADDER.index("[[ladder]]") :] + RULE
    assert fault_in(text) == "limits.toml 第14行 [[ladder]] standard：key 重复"
