"""What the sentences of one item do: days off, make-up days, rest days moved, holidays made longer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum, auto

from sla.announcement_dates import MARKS, Group, Reader
from sla.announcement_facts import Findings, Item, in_chinese
from sla.announcement_law import FESTIVALS
from sla.announcement_notes import is_about_a_date
from sla.announcement_structure import NUMBERED
from sla.announcement_text import TEAR, in_digits


class Verb(Enum):
    """What a clause does with its dates."""

    REPLACED = auto()
    MOVED = auto()
    NOTHING = auto()
    NO_WORK = auto()
    ORDINARY = auto()
    WORK = auto()
    REST = auto()
    OFF = auto()


_NEW_WORDING = re.compile("调整为|改为|变更为")
_VERBS = (
    (Verb.REPLACED, _NEW_WORDING),
    (Verb.MOVED, re.compile("(?:调整?|移|挪|调换|调休)[至到]")),
    (Verb.NOTHING, re.compile("半[天日]|^(?:是|即|适逢|正值|恰逢)[^放休班]*$")),
    (Verb.NO_WORK, re.compile("不(?:再|用|必|需)?(?:调休)?上班|取消.*上班|上班.*取消")),
    (Verb.ORDINARY, re.compile("不再?(?:放假|休息|公休)|取消.*放假|放假.*取消")),
    (Verb.ORDINARY, re.compile("起.*上班|(?:正常|恢复|照常)上班")),
    (Verb.WORK, re.compile("上班|补班|工作日")),
    (Verb.REST, re.compile("^(?!.*放假).*公休")),
    (Verb.OFF, re.compile("放假|补休|补假|调休|休假|休息|连休|假日|假期")),
)
_ADVICE = re.compile("鼓励|提倡|倡导|引导|建议|推动|可结合|可自行")
_TAIL = re.compile(
    rf"(?:(?<=[。;!?\n])|^)(?:{NUMBERED})?(?:节假日期间|假日期间|(?:调休)?放假期间|假期期间|休假期间|.{{0,6}}节期间|各地区|各部门|各单位|鼓励单位"
    r"|各省|国务院(?:办公厅)?(?=[\d二\n]|$)|责任编辑|责编|编辑|来源|相关|附件|抄送|主办|版权)"
)
_SIGNED = re.compile(r"(?:国务院(?:办公厅)?)?\d{4}年\d{1,2}月\d{1,2}日")
_LUNAR = re.compile(
    "(?:农历|阴历|旧历|夏历)(?:[正一二三四五六七八九十冬腊闰]{1,3}月)?(?:初?[一二三四五六七八九十廿]{1,3}日?)?"
)
_WITH_WEEKEND = re.compile("[与和同](?:周末|双休日|周六|周日|星期六|星期日)")
_COUNT = re.compile(r"(?<![第前后])(\d{1,2})天")
_HARMLESS_NUMBERS = re.compile(r"\d+(?:周年|天|个|年|次|小时|时|点)")


@dataclass(slots=True)
class _Draft:
    off: set[date] = field(default_factory=set)
    work: set[date] = field(default_factory=set)
    moved: set[date] = field(default_factory=set)
    ordinary: set[date] = field(default_factory=set)
    no_work: set[date] = field(default_factory=set)
    weekends: set[date] = field(default_factory=set)
    latest: list[date] = field(default_factory=list)
    counts: list[tuple[int, frozenset[date]]] = field(default_factory=list)
    until: date | None = None
    longer_by: int | None = None
    bounded: bool = False


class ItemReader:
    """Reads the text of one item; what contradicts itself or is not understood becomes a fault."""

    def __init__(self, name: str, year: int, findings: Findings) -> None:
        self._name, self._findings = name, findings
        self._dates = Reader(year, "元旦" in name, findings)
        self._draft = _Draft()
        self._sentence = ""

    def read(self, text: str) -> Item:
        tail = _TAIL.search(text)
        text, rest = (text[: tail.start()], text[tail.start() :]) if tail else (text, "")
        if TEAR in text:
            torn = re.search(f".{{0,6}}{TEAR}.{{0,6}}", text)
            self._findings.faults.append(
                f"数字被换行断开：“{torn.group().replace(TEAR, ' ') if torn else text}”"
            )
        for sentence in _sentences(self._lifted(text)):
            self._read_sentence(sentence)
        self._look_at(_sentences(rest))
        return self._item(f"{self._name}：{_shown(text)}" if self._name else _shown(text))

    def _lifted(self, text: str) -> str:
        """Put the brackets aside: those about a date leave a mark, editors' remarks leave nothing."""

        def lift(match: re.Match[str]) -> str:
            inside = match[1].replace("\n", "")
            if re.fullmatch(r"[共计合放假]*[\d一二三四五六七八九十]+天(?:假期)?", inside):
                return f",{inside},"
            if not is_about_a_date(inside):
                if re.search("上班|放假|休", inside):
                    self._findings.warnings.append(f"括号里的话没有采用：（{inside}）")
                return ""
            self._dates.brackets.append(inside)
            return chr(0xE000 + len(self._dates.brackets) - 1)

        text = re.sub(r"\[[^\[\]]*\]|【[^【】]*】", "", text)
        text = re.sub(r"\(([^()]*)\)", lift, text)
        return in_digits(_LUNAR.sub("", re.sub("[()]", "", text)))

    def _look_at(self, sentences: list[str]) -> None:
        """Closing words arrange nothing; one that seems to is told, not used."""
        for sentence in sentences:
            if re.search(r"\d[日号].*(?:放假|上班|补休|调休)", sentence) and not _ADVICE.search(sentence):
                self._findings.warnings.append(f"正文之后的这句话没有采用：{_shown(sentence)}")

    def _read_sentence(self, sentence: str) -> None:
        if _ADVICE.search(sentence) or _SIGNED.fullmatch(sentence):
            return
        self._sentence = sentence
        pending: list[date] = []
        for clause in sentence.split(","):
            groups = self._dates.groups(clause)
            self._refuse_unread_numbers(clause, groups)
            if not groups and pending and _verb(clause):
                groups, pending = [Group([], "", clause)], pending
            if pending and groups:
                groups[0].dates[:0] = pending
                pending = []
            pending += self._read_groups(groups)
            self._read_rest(clause)
        if pending:
            self._fault("没有说这一天放假还是上班")

    def _read_groups(self, groups: list[Group]) -> list[date]:
        """Carry out the groups of one clause; the dates at its end that have no verb yet are given back."""
        at = 0
        while at < len(groups):
            group = groups[at]
            verb = _verb(group.after) or (_verb(group.before) if _heads(group) else None)
            if "取消" in group.before and verb is Verb.WORK:
                verb = Verb.NO_WORK
            if self._is_until(group):
                self._draft.until = group.dates[-1] if group.dates else None
            elif verb is Verb.MOVED:
                at += 1
                self._move(group, groups[at] if at < len(groups) else None)
            elif verb is not None:
                self._carry_out(verb, group)
            elif at == len(groups) - 1 and not re.sub(f"[{MARKS}]", "", group.after):
                return group.dates
            else:
                self._fault("没有读懂")
            at += 1
        return []

    def _is_until(self, group: Group) -> bool:
        return "延长" in self._sentence and group.before.endswith(("至", "到")) and not _verb(group.after)

    def _carry_out(self, verb: Verb, group: Group) -> None:
        if "原" in group.before and verb is not Verb.NO_WORK:
            self._fault("说的是原来的安排还是新的安排，不能判断")
        match verb:
            case Verb.OFF | Verb.REST:
                self._take_off(verb, group)
            case Verb.WORK:
                self._take_work(group)
            case Verb.ORDINARY:
                self._take_ordinary(group)
            case Verb.NO_WORK:
                self._draft.no_work.update(group.dates)

    def _take_off(self, verb: Verb, group: Group) -> None:
        dates, draft = group.dates, self._draft
        if verb is Verb.REST and any(on.weekday() < 5 for on in dates):
            self._fault("公休日应是星期六、星期日")
        if "补休" in group.after and any(on.weekday() > 4 for on in dates):
            self._fault("补休日不应是星期六、星期日")
        if self._sentence.startswith("其中") and draft.bounded and not draft.off.issuperset(dates):
            self._fault("“其中”的日期不在放假日期之内")
        draft.off.update(dates)
        draft.latest = dates
        if len(dates) > 1 and self._dates.main is None:
            self._dates.main = (min(dates), max(dates))
            draft.bounded = "放假" in group.after

    def _take_work(self, group: Group) -> None:
        for on in group.dates:
            if on.weekday() < 5:
                self._fault(f"{in_chinese(on)}本来就是工作日，不会是调休上班日")
        self._draft.work.update(group.dates)

    def _take_ordinary(self, group: Group) -> None:
        """Work as usual from a weekday on is no make-up day; a weekend day is, unless 起 blurs it."""
        for on in group.dates:
            if on.weekday() < 5:
                self._draft.ordinary.add(on)
            elif "起" in group.after or "上班" not in group.after:
                self._fault(f"{in_chinese(on)}是周末，不能判断是否调休上班")
            else:
                self._draft.work.add(on)

    def _move(self, group: Group, target: Group | None) -> None:
        """Rest days moved to other days: worked unless they lie inside the holiday, which `_item` settles."""
        draft = self._draft
        if target is None or not target.dates:
            self._fault("没有说公休日调至哪一天")
            return
        told = re.search(r"([两\d一二三四五六七])个", group.after)
        festivals = sum(name in group.after for name in FESTIVALS)
        if told and "零一两三四五六七".find(told[1].replace("二", "两")) not in (-1, len(group.dates)):
            self._fault("公休日的个数不对")
        if len(group.dates) + festivals != len(target.dates):
            self._fault("调出与调入的天数不等")
        if any(on.weekday() < 5 for on in group.dates) or any(on.weekday() > 4 for on in target.dates):
            self._fault("调出的应是周末，调入的应是工作日")
        if draft.bounded and not draft.off.issuperset(target.dates):
            self._fault("调至的日期不在放假日期之内")
        draft.moved.update(group.dates)
        draft.off.update(target.dates)

    def _read_rest(self, clause: str) -> None:
        """The words that say how many days there are and that a weekend adjoins."""
        draft = self._draft
        if _WITH_WEEKEND.search(clause) and draft.latest:
            adjoining = set(_adjoining(draft.latest))
            if not adjoining and all(on.weekday() < 5 for on in draft.latest):
                self._fault("放假日期与周末不相连")
            draft.weekends |= adjoining
        counts = [int(match[1]) for match in _COUNT.finditer(_NEW_WORDING.split(clause)[-1])]
        if "延长" in clause:
            draft.longer_by = counts[0] if counts else draft.longer_by
        else:
            draft.counts += [(count, frozenset(draft.latest)) for count in counts]

    def _refuse_unread_numbers(self, clause: str, groups: list[Group]) -> None:
        words = clause if not groups else "".join(group.after for group in groups) + groups[0].before
        rest = _HARMLESS_NUMBERS.sub("", words)
        if re.search(r"\d+[月日号]", rest) or (re.search(r"\d", rest) and (groups or _verb(rest))):
            self._fault("有读不懂的数字")

    def _fault(self, reason: str) -> None:
        name = f"{self._name}：" if self._name else ""
        self._findings.faults.append(f"{name}{reason}（“{_shown(self._sentence)}”）")

    def _item(self, text: str) -> Item:
        draft = self._draft
        self._sentence = text
        for count, latest in draft.counts:
            linked = len(draft.off | draft.weekends)
            if draft.off and count not in {len(latest), len(draft.off), linked}:
                self._fault(f"写的是{count}天，日期却有{len(latest) or len(draft.off)}天")
        moved = draft.moved - draft.off
        if draft.moved and draft.work and moved != draft.work:
            self._fault("调出的公休日与上班的日期对不上")
        if (draft.work | moved) & draft.weekends:
            self._fault("说与周末连休，周末却要上班")
        return Item(
            self._name,
            off=tuple(sorted(draft.off)),
            work=tuple(sorted(draft.work | moved)),
            text=text,
            until=draft.until,
            longer_by=draft.longer_by,
            resumed=tuple(sorted(draft.ordinary)),
            cancelled_work=tuple(sorted(draft.no_work)),
        )


def _verb(words: str) -> Verb | None:
    return next((verb for verb, pattern in _VERBS if pattern.search(words)), None)


def _heads(group: Group) -> bool:
    """Whether the verb stands before the dates: 放假时间：10月1日至7日."""
    heading = "(?:放假|休息|上班|补班)(?:时间|日期|日|安排)?(?:为|是|:)*$"
    return not group.after and re.search(heading, group.before) is not None


def _sentences(text: str) -> list[str]:
    return [sentence for sentence in re.split(r"[。;!?\n]|\.(?!\d)", text) if sentence]


def _adjoining(days: list[date]) -> Iterator[date]:
    """The weekend days directly before and directly behind these days."""
    for on, step in ((min(days), timedelta(days=-1)), (max(days), timedelta(days=1))):
        while (on := on + step).weekday() > 4:
            yield on


def _shown(text: str) -> str:
    """The text as people write it, for messages and for the record."""
    text = re.sub(f"[{MARKS}{TEAR}\n]", "", text)
    return text.translate(str.maketrans(",:;()", "，：；（）"))
