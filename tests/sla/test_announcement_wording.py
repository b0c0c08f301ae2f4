"""One arrangement in many words: the year 2026 with one item written differently."""

from datetime import date

import pytest

from sla.announcements import Kind, Untrusted, parse_announcement
from tests.sla.announcements import announced, text_of

TEXT = text_of(2026, announced(2026))
PLAIN = parse_announcement(TEXT)
ITEMS = {line[2:4]: line for line in TEXT.splitlines() if line[1:2] == "、"}


def reworded(item: str) -> str:
    """The year with this item in place of the one on the same festival; named by its first festival."""
    alias = {"十一": "国庆", "國慶": "国庆", "五一": "劳动"}
    found = next(key for key in [*ITEMS, *alias] if key in item)
    return TEXT.replace(ITEMS[alias.get(found, found)], item)


@pytest.mark.parametrize(
    "item",
    [
        "一、元旦：1月1日（星期四）至3日（星期六）放假调休，共3天。1月4日（星期日）上班。",
        "一、元旦：1月1日（周四）至3日（周六）放假調休,共3天。1月4日（週日）上班。",
        "一、元旦 1月1日至3日放假3天,1月4日(星期日)上班。",
        "一、元旦1月1日至3日放假，共计3天；1月4日（礼拜天）上班",
        "一、元旦：\n1月1日至3日放假调休，共3天。1月4日星期日上班。",
        "（一）元旦：2026年1月1日至3日放假调休，共3天。2026年1月4日（星期日）上班。",
        "1．元旦：1月1日至1月3日放假，共3天。1月4日（周日）正常上班。",
        "元旦节假期：自1月1日起至3日止放假，为期3天。1月4日调休上班。",
        "一、2026年元旦：１月１日－３日放假，共三天。１月４日（星期日）补班。",
        "一、元旦：一月一日至三日放假调休，共三天。一月四日（星期日）上班。",
        "一、元旦：1月1日(周四)、2日(周五)、3日(周六)放假调休,共3天。1月4日(周日)上班。",
        "一、元旦：1月1日（星期四、新年）放假，1月2日（星期五）调休，1月3日（星期六）照常公休，共3天。1月4日上班。",
        "一、元旦：1月1日—3日放假，共3天。将1月4日（星期日）的公休调至1月2日（星期五）休息，1月4日上班。",
        "一、元旦：由1月1日放假1天调整为1月1日至3日放假3天，1月4日（星期日）上班。",
        "二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假，共9天。2月14日（周六）、28日（周六）上班。",
        "二、春节：2月15日至23日（即农历腊月二十八至正月初七）放假调休，共9天。2月14日（星期六）、2月28日（星期六）上班。",
        "二、春节：2月15日—23日放假，共9天。其中，2月16日（除夕）、2月17日（正月初一）至19日（初三），为法定节假日。"
        "2月14日和28日（均为星期六）上班。",
        "三、清明节：4月4日（星期六）至6日（星期一）放假公休，共3天。",
        "三、清明节：4月4日至6日放假，共3天。（编者注：4月5日为清明，请提前安排出行）",
        "三、清明节：4月4日至6日放假，共3天。【小编提醒：4月7日上班】",
        "三、清明节：4月4日—6日放假，共3天。其中：4月5日（农历清明当日），为法定节假日，4月4日（星期六）照常公休；"
        "4月5日（星期日）公休日调至4月6日（星期一）。",
        "四、“五一”：5月1日———5日放假（共5天）。5月9日（周六）上班。",
        "四、“五一”国际劳动节：5月1日～5日放假，共5天。5月9日（周六）上班。",
        "五、端午节：6月19日（农历五月初五、星期五）至21日放假，共3天。",
        "六、中秋节：9月25日（农历八月十五，周五）至27日（周日）放假，共3天。",
        "七、“十一”：10月1日～7日放假，共7天。其中，1日、2日、3日为法定假日，将9月20日（星期日）、10月10日（星期六）"
        "两个公休日分别调至6日（星期二）、7日（星期三），9月20日、10月10日上班。",
        "七、“十一”：10月1日～7日放假，共7天。9月20日（星期日）、10月10日（星期六）两个公休日调至10月6日、7日。",
        "七、国庆节：10月1日至7日放假7天。9月20日(星期日)和10月10日(星期六)上班。",
        "七、国庆节：10月1-7日放假调休，共7天。9月20日、10月10日（周日、周六）上班。",
        "七、国庆节:10月1日(周四)至10月7日(周三)放假调休,共7天.9月20日(周日),10月10日(周六)上班.",
        "七、国庆节：10月1日至7日（周四至周三）放假调休，共7天。9月20日（周日）上班，10月10日（周六）上班。",
        "七、国庆：放假时间：10月1日至7日，共7天；上班时间：9月20日（周日）、10月10日（周六）。",
        "七、國慶節：10月1日至7日放假調休，共7天。9月20日（週日）、10月10日（週六）上班。10月8日（週四）起正常上班。",
    ],
)
def test_other_words_say_the_same_days(item: str) -> None:
    found = parse_announcement(reworded(item))
    assert (found.off, found.work, found.warnings) == (PLAIN.off, PLAIN.work, ())


@pytest.mark.parametrize(
    ("item", "named"),
    [
        ("六、中秋节：9月25日放假，与周末连休。", [25]),
        ("六、中秋节：9月25日（农历八月十五）放假1天，与周末连休。", [25]),
        ("六、中秋节：9月25日（星期五）放假，与周末连休，共3天。", [25]),
        ("六、中秋节：9月25日放假，9月26日（周六）、27日（周日）照常公休。", [25, 26, 27]),
    ],
)
def test_only_the_days_that_are_named_are_off(item: str, named: list[int]) -> None:
    found = parse_announcement(reworded(item))
    assert found.items[5].off == tuple(date(2026, 9, day) for day in named)
    assert found.warnings == ()


def test_two_festivals_share_an_item() -> None:
    found = parse_announcement(text_of(2025, announced(2025)))
    assert [item.name for item in found.items][-1] == "国庆节、中秋节"


def test_half_a_holiday_is_no_day_off() -> None:
    text = TEXT.replace("节假日期间", "3月8日妇女放假半天。\n节假日期间")
    assert parse_announcement(text).off == PLAIN.off


@pytest.mark.parametrize(
    "head",
    [
        "",
        "新华社北京11月4日电 国务院办公厅4日公布节假日安排，全文如下：\n",
        "2025-11-05 10:30:12 来源：政府网  阅读：5538 次\n【字体：大 中 小】\n",
        "据报道，《国务院办公厅关于2026年部分节假日安排的通知》已经公布，春节连休9天。\n",
    ],
)
def test_a_news_prefix_arranges_nothing(head: str) -> None:
    found = parse_announcement(head + TEXT)
    assert (found.off, found.work, found.year) == (PLAIN.off, PLAIN.work, 2026)


def test_links_to_other_years_are_passed_over() -> None:
    links = "国务院办公厅关于{}年部分节假日安排的通知\n"
    found = parse_announcement(
        links.format(2026)
        + "发布日期：2025年11月4日\n"
        + links.format(2025)
        + TEXT
        + "。"
        + links.format(2024)
    )
    assert (found.year, found.off, found.warnings) == (2026, PLAIN.off, ())


def test_a_title_is_not_needed_where_the_lead_names_the_year() -> None:
    found = parse_announcement(TEXT[TEXT.index("经批准") :])
    assert (found.off, found.title, found.number) == (PLAIN.off, "", "")
    assert found.source == "2026年放假安排的通知（录入的文字没有标题）"


@pytest.mark.parametrize("year", ["二〇二六", "二○二六", "二零二六", "２０２６"])
def test_the_year_may_be_written_otherwise(year: str) -> None:
    assert parse_announcement(TEXT.replace("2026年", f"{year}年")).year == 2026


@pytest.mark.parametrize(
    "number",
    ["国 办 发明电〔2025〕8号", "国办发明电[2025]8号", "國辦發明電〔2025〕8號", "国办发明电（2025）第8号"],
)
def test_the_number_is_given_in_one_form(number: str) -> None:
    assert parse_announcement(TEXT.replace("国办发明电〔2025〕8号", number)).number == "国办发明电〔2025〕8号"


def test_markup_of_a_web_page_is_passed_over() -> None:
    page = "".join(f"<p style='line-height: 2'>{line}&nbsp;</p>\n" for line in TEXT.splitlines())
    assert parse_announcement(page).off == PLAIN.off


def test_the_radicals_of_a_pdf_are_characters() -> None:
    assert parse_announcement(TEXT.replace("月", "\u2f49").replace("日", "\u2f47")).work == PLAIN.work


@pytest.mark.parametrize("torn", ["1月\n4日", "1\n月4日", "1月4\n日", "1月4日（周\n日）", "1月\n4\n日"])
def test_a_line_may_break_anywhere_but_inside_a_number(torn: str) -> None:
    item = ITEMS["元旦"].replace("1月4日（周日）", torn if "（" in torn else f"{torn}（周日）")
    assert parse_announcement(reworded(item)).work == PLAIN.work


def test_page_numbers_between_the_lines_are_passed_over() -> None:
    assert parse_announcement(TEXT.replace("\n", "\n- 2 -\n")) == parse_announcement(TEXT)


def test_closing_words_that_seem_to_arrange_something_are_told() -> None:
    found = parse_announcement(TEXT + "。相关：10月8日上班的注意事项\n")
    assert (found.kind, found.off) == (Kind.YEARLY, PLAIN.off)
    assert found.warnings == ("正文之后的这句话没有采用：相关：10月8日上班的注意事项",)


def test_a_text_far_longer_than_any_announcement_is_refused() -> None:
    with pytest.raises(Untrusted, match="不会超过"):
        parse_announcement("一、元旦：" * 5000)
