"""What the wording of one measure says about how often and until when: rules over phrases, each finding with its words.

Titles in 《》 and numbers of documents in 〔〕 are never read: a year in a title is no date.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from duties.kinds import DutyKind
from duties.task_list_dates import GAP, last_days
from duties.task_list_numbers import NUMERALS, number_of


@dataclass(frozen=True)
class Finding:
    """One thing found; `quota` counts within `period`, or within the year where the period is empty."""

    kind: DutyKind
    phrase: str
    quota: int | None = None
    due_on: date | None = None
    workdays: int | None = None
    period: str = ""
    term: str = ""


@dataclass(frozen=True)
class _Phrase:
    """`masked` is what the rules read; `period` and `is_once` may stand earlier in the same sentence."""

    words: str
    masked: str
    year: int
    period: str
    is_once: bool


_NUMBER = rf"(?P<number>\d{{1,4}}|[{NUMERALS}两]{{1,3}})"
_COUNT = rf"(?<![第\d{NUMERALS}两]){_NUMBER}{GAP}(?:次|场|期|轮|篇|批)(?!性)"
_PERIOD_WORDS = rf"每(?:个?半年|个?季度?|个?月|个?星期|周|旬|天|日|年度?|[{NUMERALS}两]个?[年月周])"
_PERIOD = re.compile(_PERIOD_WORDS)
_QUOTA = re.compile(
    rf"(?:不少于|不得少于|不低于|至少|最少|全年|{_PERIOD_WORDS})[^\n]{{0,60}}?{_COUNT}"
    rf"|{_COUNT.replace('number', 'above')}(?:及?以上)"
)
_YEARLY = re.compile("每(?:年度?|一年)")
_REGULAR = re.compile(
    rf"(?<![不法规约指既固限特稳])定期(?![限间])|{_PERIOD_WORDS}|按(?:季度|月度?|周|半年)(?!计划)|逐月|逐季度?"
)
_WITHIN = re.compile(
    rf"(?:(?<![月\d{NUMERALS}两])|(?P<atmost>不超过|不得超过){GAP}){_NUMBER}{GAP}(?P<unit>个?工作日|日|天|个?小时|周|个月|年)"
    rf"(?P<inside>{GAP}(?:之内|以内|内))?"
)
_AT_LEAST = re.compile(
    rf"(?:不少于|不得少于|不低于|至少){GAP}{_NUMBER}{GAP}(?:个?工作日|个?自然日|日|天|个?小时|个月)"
)
_BY_RULE = re.compile("(?:法定|规定|要求)的?(?:期限|时限|时间)(?:之内|以内|内)")
_ONE_EVENT = re.compile("印发|下发|施行|本通知")
_ONGOING = re.compile("持续(?!改善|向好)|长期|动态|始终|常态化|随时|实时|不断|及时")

_MASKED = re.compile("《[^《》\n]{0,200}》|〔[^〔〕\n]{0,200}〕")
_SENTENCE = re.compile("[^。；！？;\n]+")
_PHRASE = re.compile("[^，,：（）()]+")


def findings(text: str, year: int) -> Iterator[Finding]:
    """In the order of the text; `year` is that of the list."""
    for phrase in _phrases(text, year):
        for rule in _RULES:
            yield from rule(phrase)


def _phrases(text: str, year: int) -> Iterator[_Phrase]:
    masked = _MASKED.sub(lambda title: "　" * len(title.group()), text)
    for sentence in _SENTENCE.finditer(masked):
        period, is_once = "", False
        for part in _PHRASE.finditer(masked, sentence.start(), sentence.end()):
            period = (_PERIOD.findall(part.group()) or [period])[-1]
            is_once = is_once or _ONE_EVENT.search(part.group()) is not None
            words = text[part.start() : part.end()].strip()
            yield _Phrase(words, part.group(), year, period, is_once)


def _quotas(phrase: _Phrase) -> Iterator[Finding]:
    for found in _QUOTA.finditer(phrase.masked):
        number = number_of(found["number"] or found["above"])
        is_yearly = not phrase.period or _YEARLY.fullmatch(phrase.period)
        kind = DutyKind.QUOTA if is_yearly else DutyKind.PERIODIC
        if number:
            yield Finding(kind, phrase.words, quota=number, period=phrase.period)


def _dates(phrase: _Phrase) -> Iterator[Finding]:
    """A last day that comes back each year is no single day: a person says which is the next."""
    for last in last_days(phrase.masked, phrase.year):
        if phrase.period:
            yield Finding(DutyKind.PERIODIC, phrase.words, period=phrase.period, term=last.words)
        else:
            yield Finding(DutyKind.DATE, phrase.words, due_on=last.on, term=last.words)


def _regular(phrase: _Phrase) -> Iterator[Finding]:
    found = _REGULAR.search(phrase.masked)
    if found and not _QUOTA.search(phrase.masked) and not any(last_days(phrase.masked, phrase.year)):
        yield Finding(DutyKind.PERIODIC, phrase.words, period=found.group())


def _terms(phrase: _Phrase) -> Iterator[Finding]:
    """Days and hours run for each case anew; months, and any term from a document, run once from a day not told."""
    for found in _WITHIN.finditer(phrase.masked):
        if not found["inside"] and not found["atmost"]:
            continue
        unit, number = found["unit"], number_of(found["number"])
        is_once = unit in {"个月", "年"} or phrase.is_once
        kind = DutyKind.DATE if is_once else DutyKind.CONTINUOUS
        workdays = number if unit.endswith("工作日") else None
        yield Finding(kind, phrase.words, workdays=workdays, term=found.group().strip())
    for found in _AT_LEAST.finditer(phrase.masked):
        yield Finding(DutyKind.CONTINUOUS, phrase.words, term=found.group().strip())
    for found in _BY_RULE.finditer(phrase.masked):
        yield Finding(DutyKind.DATE, phrase.words, term=found.group())


def _ongoing(phrase: _Phrase) -> Iterator[Finding]:
    if _ONGOING.search(phrase.masked):
        yield Finding(DutyKind.CONTINUOUS, phrase.words)


_RULES: tuple[Callable[[_Phrase], Iterator[Finding]], ...] = (_quotas, _dates, _regular, _terms, _ongoing)
