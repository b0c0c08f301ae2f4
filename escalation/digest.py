"""What a message outside says: one notice in full, or many as a list with every number. Never a citizen's word."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from core.fields import one_line
from escalation.inbox import LATE
from escalation.models import Notice
from escalation.notice_words import due_text, moment_words, notice_text
from escalation.route_models import RouteKind
from escalation.validity import Told

MOST = 200  # notices in one message
NAME = 24  # characters of the name of a notice that a person wrote
# bytes of UTF-8 that a text may have: the vendors say 2048, 20000 for the request, and 20 KB for the request
LARGEST = {RouteKind.WECOM: 2048, RouteKind.DINGTALK: 18_000, RouteKind.FEISHU: 18_000}
TRIAL = "测试消息：收到即说明这个渠道已接通"
INSIDE = "具体内容请登录查看。"  # what a person or another room wrote stays in the house, but for its title
ONCE = "同一编号重复收到时，以一件计"


@dataclass(frozen=True)
class Item:
    """One notice as messages show it; `height` is how far up the ladder it stands."""

    number: str
    name: str
    sentence: str
    unit: str
    short: str
    due: str
    late: str
    height: timedelta
    due_at: datetime
    issued_at: datetime
    link: str
    copy_id: int | None

    @classmethod
    def of(cls, told: Told, copy_id: int | None) -> "Item":
        notice, words = told.notice, notice_text(told.notice, told.clock)
        return cls(
            number=notice.number,
            name=one_line(words.name)[:NAME],
            sentence=INSIDE if notice.title else words.sentence,
            unit=one_line(told.unit.name),
            short=one_line(told.unit.short_name),
            due=due_text(told.clock),
            late=late_words(notice),
            height=notice.moment - notice.due_at,
            due_at=notice.due_at,
            issued_at=notice.issued_at,
            link=told.clock.link,
            copy_id=copy_id,
        )


def late_words(notice: Notice) -> str:
    """When it should have come, if it came late: after days of silence the reader must know."""
    late = (notice.issued_at - notice.moment).total_seconds() > LATE
    return f"应于{moment_words(notice.moment)}发出" if late else ""


@dataclass(frozen=True)
class Letter:
    """One message. `key` stays the same in every repeat; `again` says that an earlier try may have arrived.

    Without items it is the message of a trial.
    """

    key: str
    again: bool
    items: Sequence[Item]

    def first(self, count: int) -> "Letter":
        """The same message with only so many of its items."""
        return replace(self, items=self.items[:count])

    @property
    def mark(self) -> str:
        return "（重发）" if self.again else ""


@dataclass(frozen=True)
class Group:
    """The notices of one rung for one unit."""

    name: str
    unit: str
    short: str
    items: Sequence[Item]


def groups(items: Sequence[Item]) -> list[Group]:
    """By unit and rung, the highest rung first."""
    found: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in items:
        found[item.name, item.unit].append(item)
    made = [Group(name, unit, mine[0].short, mine) for (name, unit), mine in found.items()]
    return sorted(made, key=lambda group: (-max(item.height for item in group.items), group.unit))


def heading(letter: Letter) -> str:
    """督办 县住建委, or 通知6件：督办2件、预警4件."""
    if not letter.items:
        return TRIAL
    if len(letter.items) == 1:
        return f"{letter.items[0].name} {letter.items[0].short}{letter.mark}"
    counts: dict[str, int] = defaultdict(int)
    for group in groups(letter.items):
        counts[group.name] += len(group.items)
    parts = "、".join(f"{name}{count}件" for name, count in counts.items())
    return f"通知{len(letter.items)}件{letter.mark}：{parts}"


def robot_text(letter: Letter, base_url: str) -> str:
    """Short, with every number. It begins with 【回音】, so that a robot may ask for this as its keyword."""
    lines = [f"【回音】{heading(letter)}"]
    if len(letter.items) == 1:
        item = letter.items[0]
        lines.append(f"编号{item.number}，{item.due}到期{'，' + item.late if item.late else ''}")
    elif letter.items:
        lines += [
            f"{group.name} {group.short}{len(group.items)}件：{'、'.join(item.number for item in group.items)}"
            for group in groups(letter.items)
        ]
    if letter.items:
        lines.append(f"请登录查看：{base_url}/inbox" if base_url else "请登录“回音”查看")
    return "\n".join(lines)


def fitting(kind: RouteKind, letter: Letter, base_url: str) -> int:
    """How many of its items, from the first, one message of this kind can hold."""
    count = min(len(letter.items), MOST)
    largest = LARGEST.get(kind)
    while largest and count > 1:
        size = len(robot_text(letter.first(count), base_url).encode())
        if size <= largest:
            break
        count = max(1, min(count - 1, count * largest // size))
    return count


def hook_content(letter: Letter, base_url: str) -> dict[str, Any]:
    """The body of a webhook; see docs/webhook.md."""
    notices = [
        {
            "number": item.number,
            "rung": item.name,
            "unit": item.unit,
            "due_at": item.due_at.isoformat(),
            "issued_at": item.issued_at.isoformat(),
        }
        | ({"url": f"{base_url}{item.link}"} if base_url else {})
        for item in letter.items
    ]
    content: dict[str, Any] = {"key": letter.key, "again": letter.again, "notices": notices}
    return content if notices else content | {"test": True}
