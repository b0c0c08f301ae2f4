"""A writer of announcements: an arrangement of a year, put in the words of any time since 2004.

The days of real years come from the chinese_calendar library; the sentences are our own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import chinese_calendar

from sla.published import NAMES
from sla.statutory import lunar_date, qingming

ONE_DAY = timedelta(days=1)
WEEKDAYS = "一二三四五六日"
COMMEMORATION = "抗战胜利70周年纪念日"


@dataclass(frozen=True)
class Holiday:
    """One item of an announcement: its days off, one after the other, and its make-up days."""

    name: str
    off: tuple[date, ...]
    work: tuple[date, ...] = ()


@dataclass(frozen=True)
class Style:
    """How a time writes: between the ends of a range, behind a date, behind a range, before an item."""

    dash: str = "至"
    weekday: str = "（星期{}）"
    weekday_off: str = ""
    off: str = "放假调休，共{}天"
    one: str = "放假，共1天"
    number: str = "{}、{}："
    full_dates: bool = True
    moves: bool = False


def style_of(year: int) -> Style:
    """The words of the State Council for this year."""
    if year < 2010:
        dash = {2004: "———", 2005: "～", 2009: "至"}.get(year, "—")
        return Style(dash, off="放假，共{}天", full_dates=year > 2007, moves=True)
    if year < 2014:
        return Style(off="放假公休，共{}天", full_dates=year > 2010)
    if year < 2025:
        return Style(one="放假，共1天" if year > 2019 else "放假")
    return Style(weekday="（周{}）", weekday_off="（周{}）", one="放假1天，不调休")


def festival_days(name: str, year: int) -> list[date]:
    """The statutory days as the law of that year has them."""
    spring = lunar_date(year, 1, 1)
    first = {
        "元旦": date(year, 1, 1),
        "春节": spring - ONE_DAY if 2008 <= year < 2014 or year > 2024 else spring,
        "清明节": qingming(year),
        "劳动节": date(year, 5, 1),
        "端午节": lunar_date(year, 5, 5),
        "中秋节": lunar_date(year, 8, 15),
        "国庆节": date(year, 10, 1),
    }[name]
    many = {
        "春节": 4 if year > 2024 else 3,
        "国庆节": 3,
        "劳动节": 3 if year < 2008 else 2 if year > 2024 else 1,
    }
    return list(_run(first, many.get(name, 1)))


@cache
def arrangement(year: int) -> tuple[Holiday, ...]:
    """The year as the library has it: with later amendments; one holiday for each item, in order of date."""
    off, work = _days(chinese_calendar.holidays, year), _days(chinese_calendar.workdays, year)
    if year == 2006:
        work.append((date(2005, 12, 31), "元旦"))  # announced, but not in the library
    runs: list[list[tuple[date, str]]] = []
    for on, name in off:
        if runs and (on - runs[-1][-1][0] == ONE_DAY or runs[-1][-1][1] == name):
            runs[-1].append((on, name))
        else:
            runs.append([(on, name)])
    return tuple(_holiday(run, work) for run in runs)


def announced(year: int) -> tuple[Holiday, ...]:
    """The year as first announced, before anything was added to it."""
    first = {
        (2019, "劳动节"): Holiday("劳动节", (date(2019, 5, 1),)),
        (2020, "春节"): Holiday("春节", _run(date(2020, 1, 24), 7), (date(2020, 1, 19), date(2020, 2, 1))),
    }
    kept = [holiday for holiday in arrangement(year) if holiday.name != COMMEMORATION]
    return tuple(first.get((year, holiday.name), holiday) for holiday in kept)


def _run(first: date, length: int) -> tuple[date, ...]:
    return tuple(first + ONE_DAY * n for n in range(length))


def _days(library: dict[date, str], year: int) -> list[tuple[date, str]]:
    named = [(on, NAMES[name]) for on, name in library.items()]
    return sorted((on, name) for on, name in named if on.year + (name == "元旦" and on.month == 12) == year)


def _holiday(run: Sequence[tuple[date, str]], work: Iterable[tuple[date, str]]) -> Holiday:
    """A run of days off; a Sunday which the library leaves out between two of its days belongs to it.

    The library gives a day one name: in 2020 National Day was the Mid-Autumn Festival too.
    """
    names = list(dict.fromkeys(name for _, name in run))
    first, last = run[0][0], run[-1][0]
    days = _run(first, (last - first).days + 1)
    if first.year > 2007 and names == ["国庆节"] and festival_days("中秋节", first.year)[0] in days:
        names.append("中秋节")
    return Holiday("、".join(names), days, tuple(on for on, name in work if name in names))


def text_of(year: int, holidays: Sequence[Holiday], style: Style | None = None) -> str:
    """The whole announcement, from its title to its date."""
    style = style or style_of(year)
    names = "、".join(holiday.name for holiday in holidays)
    items = [item(holiday, n, year, style) for n, holiday in enumerate(holidays)]
    head = f"国务院办公厅关于{year}年部分节假日安排的通知\n国办发明电〔{year - 1}〕8号\n"
    lead = f"各省、自治区、直辖市人民政府：\n经批准，现将{year}年{names}放假调休的具体日期通知如下。\n"
    tail = "节假日期间，各地区要安排好值班，遇有突发事件及时报告。\n"
    return head + lead + "\n".join(items) + f"\n{tail}国务院办公厅\n{year - 1}年12月8日\n"


def item(holiday: Holiday, number: int, year: int, style: Style) -> str:
    head = style.number.format("一二三四五六七八九"[number], holiday.name)
    if style.moves and len(holiday.off) > 1:
        return head + _moved(holiday, year, style)
    festival = [on for name in holiday.name.split("、") for on in festival_days(name, year)]
    if not holiday.work and 2014 <= year < 2020 and holiday.name != "国庆节":
        return head + _alone(holiday, festival[0], style)
    sentences = [_off(holiday, year, style, bool(holiday.work)) + "。"]
    if holiday.work:
        sentences.append(f"{dates(holiday.work, year, style, style.weekday)}上班。")
    return head + "".join(sentences)


def _off(holiday: Holiday, year: int, style: Style, adjusted: bool) -> str:
    if len(holiday.off) == 1:
        return dates(holiday.off, year, style, style.weekday_off) + style.one
    words = style.off if adjusted or style.moves or "公休" in style.off else "放假，共{}天"
    if adjusted:
        words = words.replace("放假公休", "放假调休")
    return span(holiday.off, year, style) + words.format(len(holiday.off))


def _alone(holiday: Holiday, festival: date, style: Style) -> str:
    """放假，与周末连休, or a festival on a weekend and its 补休, as from 2014 to 2019."""
    on = f"{festival.month}月{festival.day}日放假"
    if festival.weekday() == 2 or (festival.weekday() == 6 and len(holiday.off) == 1):
        return f"{on}。"
    if festival.weekday() < 5:
        return f"{on}，与周末连休。"
    substitute = holiday.off[-1]
    return f"{on}，{dates([substitute], festival.year, style, style.weekday)}补休。"


def _moved(holiday: Holiday, year: int, style: Style) -> str:
    """The wording up to 2009: which days are statutory, which rest days stay and which are moved where."""
    names = holiday.name.split("、")
    own = [on for name in names for on in festival_days(name, year)]
    statutory = sorted(set(own) & set(holiday.off))
    extra = len(own) - len(set(own))
    stay = [on for on in holiday.off if on.weekday() > 4 and on not in statutory]
    targets = [on for on in holiday.off if on.weekday() < 5 and on not in statutory]
    sources = sorted([*(on for on in statutory if on.weekday() > 4), *holiday.work])
    bracket = style.weekday
    own_days = dates(statutory, year, style, bracket)
    if year < 2008:  # 其中，29日、30日、31日: neither month nor weekday
        own_days = "、".join(f"{on.day}日" for on in statutory)
    parts = [f"其中，{own_days}为法定节假日"]
    if stay:
        parts.append(f"{dates(stay, year, style, bracket)}照常公休")
    if extra:
        moved = [on for on in sources if on in statutory]
        moved_to = dates(targets[:2], year, style, bracket)
        parts.append(f"{dates(moved, year, style, bracket)}公休日及中秋节分别调至{moved_to}")
        sources, targets = [on for on in sources if on not in moved], targets[2:]
    if sources:
        count = f"{' 一两三四五'[len(sources)]}个" if len(sources) > 1 else ""
        moved_to = dates(targets, year, style, bracket)
        parts.append(f"将{dates(sources, year, style, bracket)}{count}公休日调至{moved_to}")
    if holiday.work and (year, holiday.name) != (2008, "国庆节"):
        parts.append(f"{dates(holiday.work, year, style, '' if year < 2008 else bracket)}上班")
    total = f"{span(holiday.off, year, style)}放假，共{len(holiday.off)}天"
    return f"{total}。{'，'.join(parts)}。"


def span(days: Sequence[date], year: int, style: Style) -> str:
    first, last = days[0], days[-1]
    start = f"{_year(first, year)}{first.month}月{first.day}日{_weekday(first, style.weekday_off)}"
    month = f"{last.month}月" if last.month != first.month else ""
    again = f"{last.year}年" if first.year != last.year else ""
    return f"{start}{style.dash}{again}{month}{last.day}日{_weekday(last, style.weekday_off)}"


def dates(days: Sequence[date], year: int, style: Style, bracket: str) -> str:
    """A list of dates; a style without full dates leaves out the month where the one before has it."""
    written = []
    for before, on in zip([None, *days], days, strict=False):
        same = before is not None and (before.year, before.month) == (on.year, on.month)
        month = "" if same and not style.full_dates else f"{_year(on, year)}{on.month}月"
        written.append(f"{month}{on.day}日{_weekday(on, bracket)}")
    return "、".join(written)


def _year(on: date, year: int) -> str:
    """Another year is always written but in 2006, which left the year of 31 December out."""
    return f"{on.year}年" if on.year != year and year != 2006 else ""


def _weekday(on: date, bracket: str) -> str:
    return bracket.format(WEEKDAYS[on.weekday()])


AMENDED_2015 = """国务院关于中国人民抗日战争暨
世界反法西斯战争胜利70周年纪念日
调休放假的通知
国发明电〔2015〕1号
2015年是胜利70周年，2015年9月3日全国放假1天。为方便群众安排生活，作如下调休：9月3日至5日调休放假，共3天。
其中9月3日（星期四）放假，9月4日（星期五）调休，9月6日（星期日）上班。
调休放假期间，各单位要安排好值班。
国务院
2015年5月13日
"""
AMENDED_2019 = """国务院办公厅关于调整2019年劳动节假期安排的通知
国办发明电〔2019〕3号
经批准，现将2019年劳动节放假的调整通知如下。
一、2019年5月1日至4日放假调休，共4天。4月28日（星期日）、5月5日（星期日）上班。
二、各地区要抓紧做好劳动节假期的调整落实工作。
国务院办公厅
2019年3月22日
"""
EXTENDED_2020 = """国务院办公厅关于延长2020年春节假期的通知
国办发明电〔2020〕1号
经批准，现将延长2020年春节假期的安排通知如下。
一、延长2020年春节假期至2月2日（农历正月初九，星期日），2月3日（星期一）起正常上班。
二、学校推迟开学，时间另行通知。
三、不能休假的职工，应按规定安排补休，工资报酬按政策保障。
国务院办公厅
2020年1月26日
"""
CANCELLED_2003 = """国务院办公厅关于2003年“五一”放假调休安排的通知
为减少人员流动，今年“五一”按法定假日休息，暂不实行长假，通知如下：
5月1日-3日为法定假日，5月3日（星期六）的公休调至5月5日（星期一）休息，5月4日（星期日）照常公休。
放假期间，各地区要做好防疫工作。
国务院办公厅
2003年4月21日
"""
