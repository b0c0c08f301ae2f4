"""Texts that must not be trusted, and those that are only odd."""

import pytest

from sla.announcements import Untrusted, parse_announcement
from tests.sla.announcements import announced, text_of
from tests.sla.test_announcement_wording import ITEMS, PLAIN, TEXT, reworded


def reasons(text: str) -> tuple[str, ...]:
    with pytest.raises(Untrusted) as refusal:
        parse_announcement(text)
    return refusal.value.reasons


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ("一、元旦：11日至3日放假调休，共3天。1月4日（周日）上班。", "“11日至3日”缺少月份"),
        ("一、元旦：11日-3日放假，共三天。", "“11日-3日”缺少月份"),
        ("一、元旦：1月1日至3日放假调休，共3天。4日（周六）上班。", "2026年1月4日是星期日，原文写作星期六"),
        (
            "一、元旦：1月1日至3日放假调休，共3天。1月4日（周六）上班。",
            "2026年1月4日是星期日，原文写作星期六",
        ),
        ("一、元旦：1月1日至3日放假调休，共3天。1月4日上班（周日）。1月5日上班。", "1月5日本来就是工作日"),
        ("一、元旦：1月1日至3日放假调休，共4天。1月4日（周日）上班。", "写的是4天，日期却有3天"),
        ("一、元旦：1月1日至3日放假2天。1月4日（周日）上班。", "写的是2天，日期却有3天"),
        ("一、元旦：1月1日至3日放假，共3天。1月3日（周六）上班。", "2026年1月3日既说放假又说上班"),
        ("一、元旦：1月3日至1日放假，共3天。", "2026年1月3日之后的“1日”缺少月份"),
        ("一、元旦：1月3日至1月1日放假，共3天。", "“1月3日至1月1日”的起止日期不对"),
        ("一、元旦：1月1日至3月1日放假。", "“1月1日至3月1日”的起止日期不对"),
        ("一、元旦：1月1日至3日放假调休，共3天。1月4日（周日）。", "没有说这一天放假还是上班"),
        ("一、元旦：1月1日至3日放假调休，共3天。1月4日（周日）上斑。", "没有读懂"),
        ("一、元旦：1月1日至3日，共3天。1月4日（周日）上班。", "没有说这一天放假还是上班"),
        ("一、元旦：1月1日至3日放假调休，共3天。", "说放假调休，却没有说哪一天上班"),
        ("一、元旦：2025年1月1日至3日放假调休，共3天。", "2025年1月1日不在2026年的放假安排之内"),
        ("一、元旦：1月1日至3日放假，共3天。2027年3月6日上班。", "2027年3月6日不在2026年的放假安排之内"),
        ("一、元旦：1月2日至4日放假，共3天。", "放假日期里没有元旦当天（2026年1月1日）"),
        ("一、元旦：2018日至3日放假。", "有读不懂的数字"),
        ("一、元旦：放假3天。", "没有读到放假日期"),
        ("一、元旦：1月&1日至3日放假，共3天。", "乱码夹在日期里"),
        ("一、元旦：1月1日至3日放假，共3天。1月4\n14日（周日）上班。", "数字被换行断开"),
        ("二、春节：2月15日（除夕）至23日放假调休，共9天。2月14日、28日上班。", "2026年2月15日不是除夕"),
        ("二、春节：2月15日至23日放假调休，共9天。2月14日（除夕）、28日上班。", "2026年2月14日不是除夕"),
        (
            "二、春节：2月15日（腊月二十七）至23日放假，共9天。2月14日、28日上班。",
            "2026年2月15日不是农历腊月二十七",
        ),
        ("二、春节：2月15日至23日（初六）放假调休，共9天。2月14日、28日上班。", "2026年2月23日不是农历初六"),
        ("二、春节：2月15日至2月30日放假调休。2月14日、28日上班。", "没有2026年2月30日这一天"),
        (
            "二、春节：2月15日至23日放假调休，共9天。2月28日（周六）起正常上班。",
            "2026年2月28日是周末，不能判断",
        ),
        ("三、清明节：4月4日（周日）至6日（周一）放假，共3天。", "2026年4月4日是星期六，原文写作星期日"),
        ("三、清明节：4月4日放假，4月6日（周一）补休。", "放假日期里没有清明节当天（2026年4月5日）"),
        ("三、清明节：4月5日放假，4月11日（周六）补休。", "补休日不应是星期六、星期日"),
        ("五、端午节：6月19日（农历五月初四）放假。", "2026年6月19日不是农历五月初四"),
        ("六、中秋节：9月24日放假，与周末连休。", "放假日期与周末不相连"),
        ("六、中秋节：9月25日放假，与周末连休。9月26日（周六）上班。", "说与周末连休，周末却要上班"),
        ("六、中秋节：9月25日（周五）照常公休。", "公休日应是星期六、星期日"),
        ("七、国庆节：0月1日至8日放假，共8天。", "没有2026年0月1日这一天"),
        ("七、国庆节：13月1日至8日放假，共8天。", "没有2026年13月1日这一天"),
        ("七、国庆节：10月1日至7日放假，共7天。原定9月20日（周日）上班。", "不能判断"),
        ("七、国庆节：10月1日至7日放假，共7天。取消10月10日（周六）上班。", "全年的安排里不应取消上班日"),
        ("七、国庆节：10月1日至7日放假，共7天。其中，8日为法定假日。", "“其中”的日期不在放假日期之内"),
    ],
)
def test_a_contradiction_is_refused_with_its_reason(item: str, reason: str) -> None:
    assert reason in "\n".join(reasons(reworded(item)))


@pytest.mark.parametrize(
    ("moved", "reason"),
    [
        (
            "将9月20日（星期日）、10月10日（星期六）三个公休日调至6日、7日，9月20日、10月10日上班",
            "公休日的个数不对",
        ),
        (
            "将9月20日（星期日）、10月10日（星期六）两个公休日调至7日，9月20日、10月10日上班",
            "调出与调入的天数不等",
        ),
        ("将9月21日、10月10日两个公休日调至6日、7日，10月10日上班", "调出的应是周末，调入的应是工作日"),
        ("将9月20日、10月10日两个公休日调至6日、8日，9月20日、10月10日上班", "调至的日期不在放假日期之内"),
        (
            "将9月20日、10月10日两个公休日调至6日、7日，9月19日、10月10日上班",
            "调出的公休日与上班的日期对不上",
        ),
        ("将9月20日（星期日）公休日调至", "没有说公休日调至哪一天"),
    ],
)
def test_rest_days_moved_must_match(moved: str, reason: str) -> None:
    item = f"七、国庆节：10月1日至7日放假，共7天。其中，1日、2日、3日为法定假日，{moved}。"
    assert reason in "\n".join(reasons(reworded(item)))


@pytest.mark.parametrize("key", ITEMS)
def test_a_missing_festival_is_refused(key: str) -> None:
    assert any(reason.startswith(f"缺少{key}") for reason in reasons(TEXT.replace(ITEMS[key], "")))


def test_before_2008_four_festivals_are_enough() -> None:
    assert len(parse_announcement(text_of(2007, announced(2007))).items) == 4


def test_a_text_cut_off_is_refused() -> None:
    assert reasons(TEXT[: TEXT.index("七、国")]) == ("缺少国庆节的安排，文字可能不全",)


@pytest.mark.parametrize("text", ["", "\n\n", "今天天气不错。", "2026年", "\x00\x01", "放假通知"])
def test_a_text_without_an_arrangement_is_refused(text: str) -> None:
    assert reasons(text)[0] == "没有找到放假安排"


def test_a_text_without_a_year_is_refused() -> None:
    assert reasons("\n".join(ITEMS.values())) == ("看不出是哪一年的放假安排",)


def test_two_years_in_title_and_lead_are_refused() -> None:
    assert reasons(TEXT.replace("现将2026年", "现将2025年")) == ("前后写了不同的年份：2025、2026",)


def test_last_years_days_under_this_years_title_are_refused() -> None:
    text = text_of(2025, announced(2025)).replace("2025年", "2026年")
    assert "2026年1月1日是星期四，原文写作星期三" in reasons(text)


def test_two_arrangements_of_one_festival_are_refused() -> None:
    text = TEXT.replace("节假日期间", "八、元旦：1月1日放假，共1天。\n节假日期间")
    assert reasons(text) == ("“元旦”写了两种不同的安排",)


def test_every_reason_is_given_at_once() -> None:
    item = "一、元旦：1月1日（周五）至3日放假，共4天。1月5日上班。"
    assert len(reasons(reworded(item))) == 3


@pytest.mark.parametrize(
    ("item", "warning"),
    [
        (
            "一、元旦：1月1日至3日放假，共3天。",
            "调休不平衡：按法定假日应有6天调休上班，读到5天，请对照原文",
        ),
        (
            "七、国庆节：10月1日至7日放假调休，共7天。9月20日（周日）、12月5日（周六）上班。",
            "国庆节：上班日2026年12月5日离假期较远",
        ),
        (
            "三、清明节：4月5日放假，4月13日（星期一）补休。",
            "清明节：放假日期不相连",
        ),
        (
            "三、清明节：4月4日至6日放假，共3天。（4月11日周六上班）",
            "括号里的话没有采用：（4月11日周六上班）",
        ),
        (
            "三、清明节：4月4日至6日放假，共3天。\n八、抗战胜利纪念日：9月3日（周四）放假1天。",
            "“抗战胜利纪念日”不在法定节日之列",
        ),
    ],
)
def test_what_is_odd_is_told(item: str, warning: str) -> None:
    assert parse_announcement(reworded(item)).warnings == (warning,)


def test_a_number_of_another_time_is_told() -> None:
    found = parse_announcement(TEXT.replace("〔2025〕", "〔2019〕"))
    assert found.warnings == ("文号的年份2019与2026年的安排不相称",)


def test_a_day_off_in_two_items_is_told() -> None:
    item = "六、中秋节：9月25日至10月1日放假，共7天。"
    assert "2026年10月1日在两个节日里都说放假" in parse_announcement(reworded(item)).warnings


def test_the_year_itself_has_nothing_odd() -> None:
    assert PLAIN.warnings == ()
