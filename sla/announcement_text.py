"""From pasted text to plain text: one script, one kind of punctuation, no spaces, no debris of copying.

Nothing that could be part of a date is dropped in silence: debris that touches digits of a date is a fault.
"""

import html
import re
import unicodedata

from sla.announcement_facts import Findings

_SIMPLIFIED = str.maketrans(
    "國務院辦廳關於節調補連與週農曆歷臘閏勞動慶發電號區轄機構經準將體為個兩別誌紀戰爭勝開長"
    "則義聯間員應優後給從請單勵結帶職來題內雙復換對項實當獨並暫執規總計時還際會無點終餘慮鐵運產"
    "證門據靜鼓讓圍業歡樂氣學幼園緩遲",
    "国务院办厅关于节调补连与周农历历腊闰劳动庆发电号区辖机构经准将体为个两别志纪战争胜开长"
    "则义联间员应优后给从请单励结带职来题内双复换对项实当独并暂执规总计时还际会无点终余虑铁运产"
    "证门据静鼓让围业欢乐气学幼园缓迟",
)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―─━−", "-") | dict.fromkeys("〜∼", "~"))
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_QUOTES = re.compile("[\"'`´“”‘’「」『』〝〞〈〉《》]")

_PLAIN = r"\d\s!\"'(),\-./:;<>?\[\]~"
_RUN = re.compile("[^\u2010-\u2027\u2e80-\u9fff〇○\n]+")
_DEBRIS = re.compile(f"[^{_PLAIN}]")
_DATE_UNIT = "年月日号天"

_NUMERALS = "〇零一二三四五六七八九十"
_FESTIVAL = "(?:元旦|新年|春节|清明|劳动|端午|中秋|国庆)节?"
_TAIL = "节假日期间|节日期间|假日期间|放假期间|假期期间|国务院|各省|鼓励"
_HEADING = re.compile(
    rf"[{_NUMERALS}]{{1,2}}[、.]|\d{{1,2}}[、.](?!\d)|\([{_NUMERALS}\d]{{1,2}}\)|{_TAIL}"
    rf"|{_FESTIVAL}(?:[、和与及]?{_FESTIVAL})*(?:假期|放假)?(?:[:\d]|$)"
)
TEAR = "\x1e"
"""Stands where a line ends with a digit and the next begins with one: nobody can tell what number was meant."""
_TORN = re.compile(r"[年月至、-]\d\n\d[月日号]")
_HALF_DATE = re.compile(r"[年月至、~\d-]$")
_PAGE_NUMBER = re.compile(r"-*\d{1,3}-*")


def clean(text: str, findings: Findings) -> str:
    """The text in simplified characters and half-width punctuation (but 。 and 、), without spaces.

    Line breaks stay only before a heading or a closing phrase, where they end a sentence.
    """
    text = unicodedata.normalize("NFKC", _TAG.sub("\n", html.unescape(text)))
    text = text.translate(_SIMPLIFIED).replace("○", "〇").replace("｡", "。")
    text = "".join(char for char in text if unicodedata.category(char) not in ("Cf", "Co") or char == "\n")
    text = text.translate(_DASHES)
    lines = [_without_debris(line, findings) for line in text.splitlines()]
    joined = re.sub("([-~])[-~]+", r"\1", _join([line for line in lines if line]))
    return _years_in_digits(_QUOTES.sub("", _holidays_by_name(joined)))


def _without_debris(line: str, findings: Findings) -> str:
    """The line without spaces and without runs of Latin letters and signs, as forums put them into copies."""

    def keep(run: re.Match[str]) -> str:
        if not _DEBRIS.search(run.group()):
            return run.group()
        if line[run.end() : run.end() + 1] not in tuple(_DATE_UNIT):
            return ""
        spared = re.search(r"(?<=\s)\d+$", run.group())
        if spared is None or run.group()[0].isdigit():
            findings.faults.append(
                f"“{run.group().strip()}{line[run.end()]}”：乱码夹在日期里，请对照原文改正"
            )
        return spared.group() if spared else ""

    return re.sub(r"\s", "", _RUN.sub(keep, line))


def _join(lines: list[str]) -> str:
    text = ""
    for at, line in enumerate(lines):
        following = lines[at + 1][0] if at + 1 < len(lines) else ""
        if (
            _PAGE_NUMBER.fullmatch(line)
            and not _HALF_DATE.search(text)
            and following not in tuple(_DATE_UNIT)
        ):
            continue
        # Two numbers on two lines are not made into one, unless neither is whole without the other.
        apart = text[-1:].isdigit() and line[0].isdigit() and not _TORN.search(f"{text[-3:]}\n{line[:3]}")
        text += (TEAR if apart else "\n" if _HEADING.match(line) else "") + line
    return text


def _holidays_by_name(text: str) -> str:
    """“五一” and “十一” as names of holidays, so that they are not taken for numbers."""
    text = re.sub("[\"“'‘]五一[\"”'’](?:国际)?(?:劳动节|节)?", "劳动节", text)
    text = re.sub("[\"“'‘]十一[\"”'’](?:国庆节?|节)?", "国庆节", text)
    text = re.sub(f"(?<![{_NUMERALS}])五一(?:国际)?劳动节|国际劳动节", "劳动节", text)
    return re.sub(f"(?<=、)(?<![{_NUMERALS}])(五一|十一)(?=节?:)", _holiday_of, text)


def _holiday_of(match: re.Match[str]) -> str:
    return "劳动节" if match[1] == "五一" else "国庆节"


def _years_in_digits(text: str) -> str:
    digits = str.maketrans("〇零一二三四五六七八九", "00123456789")
    return re.sub(r"[〇零一二三四五六七八九]{4}(?=年)", lambda year: year.group().translate(digits), text)


_SMALL = {"〇": 0, "零": 0, "两": 2} | {numeral: value for value, numeral in enumerate(_NUMERALS[2:], 1)}
_IN_CHINESE = re.compile(f"[{_NUMERALS}两廿卅]{{1,3}}(?=[月日号天])")


def number_of(numeral: str) -> int | None:
    """1 to 39 from Chinese numerals as days are written (三十一, 廿八); None if it is not such a number."""
    numeral = numeral.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = numeral.rpartition("十")
    if len(tens) > 1 or len(ones) > 1:
        return None
    return (_SMALL[tens] if tens else 1 if ten else 0) * 10 + (_SMALL[ones] if ones else 0)


def in_digits(text: str) -> str:
    """Days, months and counts of days in Arabic digits; a number that is no day stays as it is."""

    def convert(match: re.Match[str]) -> str:
        number = number_of(match.group())
        return match.group() if number is None else str(number)

    text = re.sub(r"(放假|共|为期)([\d一二三四五六七八九十]{1,2})日", r"\1\2天", text)
    return _IN_CHINESE.sub(convert, text)
