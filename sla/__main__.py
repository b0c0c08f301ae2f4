"""Working days on the command line: `python -m sla due` and `python -m sla between`."""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from datetime import date, datetime
from io import TextIOWrapper
from typing import Any, Never, TextIO

from sla.announcement_command import parse_announcement_file
from sla.calendar import UnknownDay, WorkCalendar
from sla.limits import Limit
from sla.notes import explain
from sla.published import published
from sla.reading import Due, due_at
from sla.zone import SHANGHAI, local_date

_BATCH_LINE = re.compile(r"(\d{4}-\d\d-\d\d)\s*,\s*(\d{1,6})", re.ASCII)
_USAGE = """python -m sla due 收到时间 [--workdays N] [--json]
      python -m sla due --batch < 文件
      python -m sla between 起 止
      python -m sla parse-announcement 文件"""
_HELP = """工作日计算（北京时间，收到当日为第0日，不计入）。

due      收到时间（如 2026-09-30 或 2026-09-30T16:00，不写时区即北京时间）起第 N 个工作日，默认 N=5
         --json   另列出计入的每一天、不计入的每一天及理由
         --batch  从标准输入逐行读 日期,N，逐行输出 日期,N,到期日；推算所得另加 ,provisional
between  起（不含）至止（含）之间的工作日天数；止早于起时为负数
parse-announcement
         国务院办公厅放假通知的文字（文件，或用 - 从标准输入读）转为 JSON：放假的日子、调休上班的日子

退出码：0 正常；1 有日期算不出、有错行或通知不能采用；2 命令写法有误或读不到文件"""


class _Parser(argparse.ArgumentParser):
    """argparse with the usage and the fault in Chinese; exit code 2."""

    def error(self, message: str) -> Never:
        known = re.search(r"[“\u4e00-\u9fff].*", message)
        fault = known.group() if known else f"缺少参数或有不认识的参数（{message}）"
        self.exit(2, f"用法：{_USAGE}\n命令写法有误：{fault}\n")

    def format_help(self) -> str:
        return f"用法：{_USAGE}\n\n{_HELP}\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; a wrong command line exits with 2."""
    parser = _parser()
    given = parser.parse_args(arguments)
    try:
        if given.command == "parse-announcement":
            return parse_announcement_file(given.file)
        if given.command == "between":
            print(published().workdays_between(given.a, given.b))
            return 0
        if given.batch:
            if given.received is not None or given.json or given.workdays is not None:
                parser.error("日期和工作日数由标准输入给出，--batch 不能与其他参数同用")
            return _batch(sys.stdin, sys.stdout, sys.stderr, published())
        if given.received is None:
            parser.error("请写收到时间，如 2026-09-30T16:00")
        return _due(given.received, 5 if given.workdays is None else given.workdays, given.json)
    except UnknownDay as fault:
        print(fault, file=sys.stderr)
        return 1


def _parser() -> _Parser:
    parser = _Parser()
    commands = parser.add_subparsers(dest="command", required=True)
    due = commands.add_parser("due")
    due.add_argument("received", nargs="?", type=_instant)
    due.add_argument("--workdays", type=_term)
    due.add_argument("--json", action="store_true")
    due.add_argument("--batch", action="store_true")
    between = commands.add_parser("between")
    between.add_argument("a", type=_day)
    between.add_argument("b", type=_day)
    commands.add_parser("parse-announcement").add_argument("file")
    return parser


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
        return instant.astimezone(SHANGHAI) if instant.tzinfo else instant.replace(tzinfo=SHANGHAI)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"“{text}”不是时间，应如 2026-09-30T16:00") from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，应如 2026-09-30") from None


def _term(text: str) -> int:
    if not re.fullmatch(r"\d{1,6}", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"“{text}”不是工作日数，应为不小于0的整数")
    return int(text)


def _due(received: datetime, workdays: int, as_json: bool) -> int:
    cal, limit = published(), Limit("command", "命令行", workdays=workdays)
    due = due_at(received, limit, cal)
    if as_json:
        print(json.dumps(_account(received, due, limit, cal), ensure_ascii=False, indent=2))
        return 0
    print(due.on)
    if due.provisional:
        year = max(cal.awaited_years(local_date(received), due.on))
        print(f"暂定：{year}年放假通知尚未发布，公布后可能变动", file=sys.stderr)
    return 0


def _account(received: datetime, due: Due, limit: Limit, cal: WorkCalendar) -> dict[str, Any]:
    """The due date with its whole reckoning, as JSON values; instants carry the offset of Shanghai."""
    notes = explain(received, limit, cal)
    return {
        "received": received.astimezone(SHANGHAI).isoformat(),
        "workdays": limit.workdays,
        "due_date": due.on.isoformat(),
        "due_at": due.at.astimezone(SHANGHAI).isoformat(),
        "provisional": due.provisional,
        "calendar": cal.version,
        "counted_days": [note.on.isoformat() for note in notes if note.counted],
        "skipped_days": [
            {"date": note.on.isoformat(), "kind": note.kind, "why": note.why, "basis": note.basis}
            for note in notes
            if not note.counted
        ],
    }


def _batch(lines: TextIO, out: TextIO, faults: TextIO, cal: WorkCalendar) -> int:
    """Answer every good line, report every bad one with its number; 1 if there was a bad one."""
    failed = 0
    for number, line in enumerate(lines, 1):
        text = line.strip().removeprefix("\ufeff")
        if not text:
            continue
        try:
            out.write(_answer(text, cal))
        except (ValueError, LookupError) as fault:
            failed = 1
            faults.write(f"第{number}行“{text}”：{fault}\n")
    return failed


def _answer(text: str, cal: WorkCalendar) -> str:
    line = _BATCH_LINE.fullmatch(text)
    if line is None:
        raise ValueError("应为 日期,工作日数，如 2026-09-30,5")
    try:
        start = date.fromisoformat(line[1])
    except ValueError:
        raise ValueError(f"没有{line[1]}这一天") from None
    due = cal.add_workdays(start, int(line[2]))
    return f"{start},{line[2]},{due}{',provisional' if cal.provisional_between(start, due) else ''}\n"


if __name__ == "__main__":
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # Windows pipes and the C locale would refuse Chinese; a stray byte spoils only its own line.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main())
