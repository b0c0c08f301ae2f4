"""`python -m sla parse-announcement`."""

import json
from pathlib import Path

import pytest

from sla.__main__ import main
from tests.sla.announcements import EXTENDED_2020, announced, text_of
from tests.sla.test_command import started

TEXT = text_of(2026, announced(2026))
KEYS = {"year", "kind", "title", "number", "off", "work", "cancelled_work", "items", "warnings"}


def saved(tmp_path: Path, content: bytes) -> str:
    file = tmp_path / "通知.txt"
    file.write_bytes(content)
    return str(file)


def test_a_file_is_answered_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parse-announcement", saved(tmp_path, TEXT.encode())]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == KEYS
    assert (found["year"], found["kind"], found["warnings"]) == (2026, "yearly", [])
    assert found["work"] == [
        "2026-01-04",
        "2026-02-14",
        "2026-02-28",
        "2026-05-09",
        "2026-09-20",
        "2026-10-10",
    ]


def test_an_item_has_its_name_days_and_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["parse-announcement", saved(tmp_path, TEXT.encode())])
    assert json.loads(capsys.readouterr().out)["items"][0] == {
        "name": "元旦",
        "off": ["2026-01-01", "2026-01-02", "2026-01-03"],
        "work": ["2026-01-04"],
        "text": "元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。",
    }


def test_standard_input_is_read_for_a_dash() -> None:
    done = started("parse-announcement", "-", stdin=EXTENDED_2020)
    assert (json.loads(done.stdout)["off"], done.returncode) == (
        ["2020-01-31", "2020-02-01", "2020-02-02"],
        0,
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_the_encodings_of_windows_are_read(
    encoding: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["parse-announcement", saved(tmp_path, TEXT.encode(encoding))])
    assert json.loads(capsys.readouterr().out)["year"] == 2026


def test_a_refusal_has_its_reasons_on_both_streams(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = TEXT.replace("10月1日", "0月1日")
    assert main(["parse-announcement", saved(tmp_path, text.encode())]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out) == {"errors": ["没有2026年0月1日这一天"]}
    assert err == "这份通知不能采用：\n没有2026年0月1日这一天\n"


@pytest.mark.parametrize("arguments", [[], ["一", "二"]])
def test_a_wrong_command_line_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["parse-announcement", *arguments])
    assert left.value.code == 2
    assert "python -m sla parse-announcement 文件" in capsys.readouterr().err


def test_a_file_that_is_not_there_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parse-announcement", "没有这个文件.txt"]) == 2
    assert capsys.readouterr() == ("", "读不到文件“没有这个文件.txt”\n")


def test_bytes_that_are_no_text_end_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parse-announcement", saved(tmp_path, b"\x89PNG\xff\xfe\x00\x81")]) == 2
    assert capsys.readouterr().err == "文件不是文本：编码应为 UTF-8、GB 18030 或 UTF-16\n"
