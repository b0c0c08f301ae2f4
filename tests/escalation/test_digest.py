"""What messages say: order, every number, the vendors' sizes, nothing that could break a header."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from core.config import Config
from escalation import digest, mail
from escalation.digest import MOST, Item, Letter
from escalation.route_models import ROBOTS, RouteKind

BASE = datetime(2026, 9, 28, 1, 0, tzinfo=UTC)
CONFIG = Config(
    instance=Path("/nowhere"), mail_from="huiyin@yunyang.example", base_url="https://huiyin.example"
)


def item(number: int, name: str = "提醒", short: str = "县住建委", days: int = -2, **more: str) -> Item:
    given = {"sentence": "请抓紧办理。", "due": "9月30日（周三）18:00", "late": "", "link": "/cases/1"} | more
    words = {"number": f"TZ{number:07d}", "name": name, "unit": f"{short}全称", "short": short}
    moments = {"height": timedelta(days=days), "due_at": BASE, "issued_at": BASE}
    return Item(**words, **given, **moments, copy_id=number)  # type: ignore[arg-type]


def letter(*items: Item, again: bool = False) -> Letter:
    return Letter("b1", again, items)


MANY = [
    item(1),
    item(2, "督办", days=3),
    item(3, "督办", "县交通局", days=3),
    item(4),
    item(5, "督办", days=3),
]


def test_groups_stand_highest_rung_first() -> None:
    found = [(group.name, group.short, len(group.items)) for group in digest.groups(MANY)]
    assert found == [("督办", "县交通局", 1), ("督办", "县住建委", 2), ("提醒", "县住建委", 2)]


def test_the_heading_counts() -> None:
    assert digest.heading(letter(*MANY)) == "通知5件：督办3件、提醒2件"


def test_a_repeat_says_so_in_its_heading() -> None:
    assert digest.heading(letter(*MANY, again=True)).startswith("通知5件（重发）")
    assert digest.heading(letter(item(1), again=True)) == "提醒 县住建委（重发）"


def test_a_text_for_a_robot() -> None:
    assert digest.robot_text(letter(*MANY), "https://huiyin.example").split("\n") == [
        "【回音】通知5件：督办3件、提醒2件",
        "督办 县交通局1件：TZ0000003",
        "督办 县住建委2件：TZ0000002、TZ0000005",
        "提醒 县住建委2件：TZ0000001、TZ0000004",
        "请登录查看：https://huiyin.example/inbox",
    ]


def test_a_single_notice_for_a_robot_says_when_it_is_due() -> None:
    text = digest.robot_text(letter(item(7, late="应于9月28日 09:00发出")), "")
    assert text.split("\n")[1] == "编号TZ0000007，9月30日（周三）18:00到期，应于9月28日 09:00发出"


@pytest.mark.parametrize("kind", ROBOTS)
def test_a_message_fits_and_the_next_one_takes_the_rest(kind: RouteKind) -> None:
    rest, numbers = [item(n, short=f"第{n % 40}个单位") for n in range(1, 701)], []
    while rest:
        count = digest.fitting(kind, letter(*rest), "https://huiyin.example")
        text = digest.robot_text(letter(*rest[:count]), "https://huiyin.example")
        assert 0 < count <= MOST and len(text.encode()) <= digest.LARGEST[kind]
        numbers += [one.number for one in rest[:count] if one.number in text]
        rest = rest[count:]
    assert len(numbers) == 700


def test_a_message_with_one_huge_notice_is_sent_all_the_same() -> None:
    assert digest.fitting(RouteKind.WECOM, letter(item(1, short="长" * 3000), item(2)), "") == 1


def test_a_mail_of_many_lists_every_number_with_its_due_moment() -> None:
    text = mail.message(letter(*MANY), "谭", "tan@yunyang.example", CONFIG).get_content()
    assert all(f"编号TZ{n:07d}　9月30日（周三）18:00到期" in text for n in range(1, 6))


def test_a_trial_says_that_it_is_one() -> None:
    assert "测试消息" in digest.robot_text(letter(), "") and digest.hook_content(letter(), "")["test"] is True


@pytest.mark.parametrize("sign", ["\r\n", "\n", "\r", "\r\n ", "\x00", "\x0b", "\u2028"])
@pytest.mark.parametrize("place", ["name", "short"])
def test_a_line_break_in_a_name_makes_no_header(sign: str, place: str) -> None:
    """Names pass `one_line` when an item is made; here they are made without, so that the mail itself is tried."""
    bad = item(1, **{place: f"提醒{sign}Bcc: evil@evil.example"})
    try:
        raw = mail.message(letter(bad), "谭", "tan@yunyang.example", CONFIG).as_bytes()
    except ValueError:
        return
    read = message_from_bytes(raw, policy=default)
    assert read["Bcc"] is None and read["To"] == "tan@yunyang.example"


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example\nSubject: x",
        "a@b.example\rX: y",
        "a@b.example\r\n\r\nbody",
        "a@b.example\x00",
        "a@b.example, c@d.example",
        "a@b.example; c@d.example",
        "<a@b.example> <c@d.example>",
        "=?utf-8?q?a=40b=2Eexample=0D=0ABcc=3A_c=40d=2Eexample?=",
        "a@b.example%0d%0aBcc: c@d.example",
    ],
)
def test_an_address_adds_no_header(address: str) -> None:
    try:
        raw = mail.message(letter(item(1)), "谭", address, CONFIG).as_bytes()
    except ValueError:
        return
    read = message_from_bytes(raw, policy=default)
    assert read["Bcc"] is None and len(read["To"].addresses) == 1
