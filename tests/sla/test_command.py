import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest

from sla.__main__ import main
from tests.sla import oracle

ROOT = Path(__file__).parents[2]
UTF8 = {"encoding": "utf-8", "capture_output": True, "cwd": ROOT, "timeout": 60}


Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def sla(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command inside this process."""

    def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr(sys, "stdin", StringIO(stdin))
        try:
            code = main(arguments)
        except SystemExit as left:
            code = int(left.code or 0)
        return subprocess.CompletedProcess(arguments, code, *capsys.readouterr())

    return run


def started(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own, with its zone, locale and streams."""
    command = [sys.executable, "-m", "sla", *arguments]
    return subprocess.run(command, input=stdin, env=os.environ | environment, check=False, **UTF8)


def test_due_prints_the_due_date() -> None:
    done = started("due", "2026-09-30T16:00", "--workdays", "5")
    assert (done.stdout, done.stderr, done.returncode) == ("2026-10-13\n", "", 0)


def test_a_provisional_due_date_is_said_on_stderr(sla: Run) -> None:
    done = sla("due", "2026-12-28")
    assert done.stdout == "2027-01-05\n"
    assert done.stderr == "暂定：2027年放假通知尚未发布，公布后可能变动\n"


def test_a_due_date_in_late_december_waits_for_the_announcement_of_the_next_year(sla: Run) -> None:
    assert sla("due", "2026-12-24").stderr == "暂定：2027年放假通知尚未发布，公布后可能变动\n"


def test_json_gives_the_whole_reckoning(sla: Run) -> None:
    found = json.loads(sla("due", "2026-09-30T16:00", "--json").stdout)
    skipped = found.pop("skipped_days")
    assert found == {
        "received": "2026-09-30T16:00:00+08:00",
        "workdays": 5,
        "due_date": "2026-10-13",
        "due_at": "2026-10-14T00:00:00+08:00",
        "provisional": False,
        "calendar": "library-1.11.0",
        "counted_days": ["2026-10-08", "2026-10-09", "2026-10-10", "2026-10-12", "2026-10-13"],
    }
    assert [
        day["date"][-5:] for day in skipped
    ] == "09-30 10-01 10-02 10-03 10-04 10-05 10-06 10-07 10-11".split()
    assert skipped[1] == {
        "date": "2026-10-01",
        "kind": "holiday",
        "why": "国庆节放假，不计入。",
        "basis": "国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号）",
    }


def test_json_is_written_for_human_eyes_too(sla: Run) -> None:
    done = sla("due", "2026-09-30T16:00", "--json")
    assert done.stdout.startswith('{\n  "received": "2026-09-30T16:00:00+08:00",\n')
    assert ("国庆节" in done.stdout, done.returncode) == (True, 0)


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Asia/Shanghai"])
@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-03-11T23:59:59", "2026-03-18"),
        ("2026-03-12T00:00:00", "2026-03-19"),
        ("2026-03-11T15:59:59Z", "2026-03-18"),
        ("2026-03-11T16:00:00+00:00", "2026-03-19"),
        ("2025-12-31T23:59:59", "2026-01-08"),
    ],
)
def test_the_zone_of_the_process_changes_nothing(zone: str, received: str, due: str) -> None:
    assert started("due", received, TZ=zone).stdout == f"{due}\n"


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Asia/Shanghai"])
def test_a_batch_of_every_day_of_a_year_is_the_same_in_every_zone(zone: str) -> None:
    starts = [date(2025, 12, 1) + timedelta(days=n) for n in range(365)]
    due = {start: oracle.worked_after(start, 5) for start in starts}
    done = started("due", "--batch", stdin="".join(f"{start},5\n" for start in starts), TZ=zone)
    assert done.stdout == "".join(f"{start},5,{due[start][4]}\n" for start in starts)


def test_a_batch_answers_line_by_line(sla: Run) -> None:
    done = sla(
        "due", "--batch", stdin="2026-09-30,5\n2026-12-28,5\n2026-12-24,1\n2026-12-23,1\n2026-09-24, 1\n"
    )
    assert done.stdout.splitlines() == [
        "2026-09-30,5,2026-10-13",
        "2026-12-28,5,2027-01-05,provisional",
        "2026-12-24,1,2026-12-25,provisional",
        "2026-12-23,1,2026-12-24",
        "2026-09-24,1,2026-09-28",
    ]
    assert (done.stderr, done.returncode) == ("", 0)


def test_a_batch_takes_windows_line_ends_a_byte_order_mark_and_blank_lines() -> None:
    done = started("due", "--batch", stdin="\ufeff2026-09-30,5\r\n\r\n2026-10-04,5")
    assert done.stdout == "2026-09-30,5,2026-10-13\n2026-10-04,5,2026-10-13\n"


WRITTEN = "应为 日期,工作日数，如 2026-09-30,5"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("x", WRITTEN),
        ("2026-02-30,5", "没有2026-02-30这一天"),
        ("2026-09-30", WRITTEN),
        ("2026-09-30,", WRITTEN),
        ("2026-09-30,-1", WRITTEN),
        ("2026-09-30,1.5", WRITTEN),
        ("2026-09-30,5,6", WRITTEN),
        ("2026-09-30,５", WRITTEN),
        ("2026-9-30,5", WRITTEN),
        ("20260930,5", WRITTEN),
        ("2003-12-31,5", "日历自2004-01-01起，没有2003-12-31的数据"),
        ("2100-12-31,5", "日历只推算到2100年，没有2101年的数据"),
    ],
)
def test_a_bad_line_is_reported_with_its_number_and_the_others_are_answered(
    sla: Run, line: str, fault: str
) -> None:
    done = sla("due", "--batch", stdin=f"2026-09-30,5\n{line}\n2026-10-04,5\n")
    assert done.stdout == "2026-09-30,5,2026-10-13\n2026-10-04,5,2026-10-13\n"
    assert (done.stderr, done.returncode) == (f"第2行“{line}”：{fault}\n", 1)


def test_a_blank_line_is_passed_over_but_counted(sla: Run) -> None:
    done = sla("due", "--batch", stdin="\ufeff2026-09-30,5\n \nx\n2026-10-04,5")
    assert done.stdout == "2026-09-30,5,2026-10-13\n2026-10-04,5,2026-10-13\n"
    assert done.stderr == f"第3行“x”：{WRITTEN}\n"


def test_a_stray_byte_spoils_only_its_own_line() -> None:
    command = [sys.executable, "-m", "sla", "due", "--batch"]
    done = subprocess.run(command, input=b"\xff\n2026-09-30,5\n", capture_output=True, cwd=ROOT, check=False)
    assert (done.stdout.split(), done.returncode) == ([b"2026-09-30,5,2026-10-13"], 1)


@pytest.mark.parametrize(
    ("a", "b", "count"), [("2025-12-31", "2026-12-31", 248), ("2026-09-30", "2026-09-24", -3)]
)
def test_between_prints_the_working_days_after_a_up_to_b(sla: Run, a: str, b: str, count: int) -> None:
    assert sla("between", a, b).stdout == f"{count}\n"


def test_a_date_outside_the_calendar_is_answered_with_a_reason(sla: Run) -> None:
    done = sla("due", "2003-12-29")
    assert (done.stdout, done.stderr, done.returncode) == (
        "",
        "日历自2004-01-01起，没有2003-12-29的数据\n",
        1,
    )


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        ("", "缺少参数或有不认识的参数（the following arguments are required: command）"),
        ("due", "请写收到时间，如 2026-09-30T16:00"),
        ("due yesterday", "“yesterday”不是时间，应如 2026-09-30T16:00"),
        ("due 2026-09-31", "“2026-09-31”不是时间，应如 2026-09-30T16:00"),
        ("due 9999-12-31T23:00:00Z", "“9999-12-31T23:00:00Z”不是时间，应如 2026-09-30T16:00"),
        ("due 2026-09-30 --workdays five", "“five”不是工作日数，应为不小于0的整数"),
        ("due 2026-09-30 --workdays=-1", "“-1”不是工作日数，应为不小于0的整数"),
        ("due 2026-09-30 --workdays ５", "“５”不是工作日数，应为不小于0的整数"),
        ("due 2026-09-30 --batch", "日期和工作日数由标准输入给出，--batch 不能与其他参数同用"),
        ("due --workdays 3 --batch", "日期和工作日数由标准输入给出，--batch 不能与其他参数同用"),
        ("due --json --batch", "日期和工作日数由标准输入给出，--batch 不能与其他参数同用"),
        ("between 2026-09-30", "缺少参数或有不认识的参数（the following arguments are required: b）"),
        ("between 2026-09-30 soon", "“soon”不是日期，应如 2026-09-30"),
        ("between 2026-09-31 2026-10-01", "“2026-09-31”不是日期，应如 2026-09-30"),
    ],
)
def test_a_wrong_command_line_shows_the_usage_and_exits_with_two(
    sla: Run, arguments: str, fault: str
) -> None:
    done = sla(*arguments.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("用法：python -m sla due")
    assert done.stderr.splitlines()[-1] == f"命令写法有误：{fault}"


def test_an_unheard_of_command_is_a_wrong_command_line(sla: Run) -> None:
    done = sla("after", "2026-09-30")
    assert (done.returncode, "不认识的参数" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        ("due 2026-09-30", "2026-10-13"),
        ("due 2026-09-30 --workdays 3", "2026-10-10"),
        ("due 2026-09-30 --workdays 0", "2026-09-30"),
        ("due 2026-03-11T15:59:59Z", "2026-03-18"),
        ("due 2026-03-11T16:00:00+00:00", "2026-03-19"),
        ("due 2026-03-11T23:59:59", "2026-03-18"),
        ("between 2026-09-24 2026-09-30", "3"),
    ],
)
def test_a_right_command_line_is_answered_on_one_line(sla: Run, arguments: str, answer: str) -> None:
    done = sla(*arguments.split())
    assert (done.stdout, done.stderr, done.returncode) == (f"{answer}\n", "", 0)


def test_help_is_in_chinese(sla: Run) -> None:
    done = sla("due", "--help")
    assert (done.returncode, "退出码" in done.stdout) == (0, True)


def test_chinese_is_written_under_the_c_locale() -> None:
    done = started("due", "2026-12-28", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.stderr.startswith("暂定")


def test_the_limits_are_read_under_the_c_locale() -> None:
    ascii_only = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-c", "import sla; sla.limits()"]
    assert subprocess.run(command, cwd=ROOT, env=ascii_only, check=False).returncode == 0


def test_loading_the_room_leaves_the_lunar_library_unloaded() -> None:
    code = "import sla, sys; sla.published(); sys.exit('lunar_python' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
