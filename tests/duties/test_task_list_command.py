"""`flask import-duties FILE`."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from duties.task_list_command import init_app
from tests.duties.task_list_sample import ROWS, TEXT, docx, one_row


def run(*words: str, stdin: bytes = b"") -> Result:
    app = Flask(__name__)
    init_app(app)
    return app.test_cli_runner().invoke(args=["import-duties", *words], input=stdin)


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "清单.txt"
    path.write_text(TEXT, "utf-8")
    return str(path)


def records(file: str, kind: str) -> list[dict[str, object]]:
    read = [json.loads(line) for line in run(file, "--json").stdout.splitlines()]
    return [record for record in read if record["record"] == kind]


def test_the_first_line_names_the_list(file: str) -> None:
    result = run(file)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "白鹭县2024年便民公开任务清单（2024年，4项任务，5行）"


@pytest.mark.parametrize(
    "line",
    [
        "总体要求一、分工到人",
        "一、公开集市信息",
        "  1.1　牵头：县商务局　责任：各乡镇（街道）、县市场局、县供销社",
        "  1.2　牵头：（空）　责任：县城管局",
        "    1.1.2　公开摊位费标准，每年至少开会2次",
        "      拟登记为年度次数，每年2次：每年至少开会2次",
        "      拟登记为持续，3个工作日内：必须在3个工作日内补平",
        "      拟登记为限期，2024年12月中旬前，末日2024-12-20：2024年12月中旬前报节目单",
        "    4.1.0　热热闹闹办一场",
    ],
)
def test_sections_units_items_and_proposals_are_printed(file: str, line: str) -> None:
    assert line in run(file).stdout.splitlines()


def test_a_further_count_is_printed_below(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(one_row("每年讲课4次，局长至少2次。"), "utf-8")
    assert "      另有年度次数，每年2次：局长至少2次" in run(str(path)).stdout.splitlines()


def test_odd_numbering_is_printed_as_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(one_row("1.甲\n3.丙"), "utf-8")
    assert "注意：第一项第1行：“3.丙”前一项是第1项" in run(str(path)).stdout.splitlines()


def test_json_has_a_record_for_each_section_row_and_proposal(file: str) -> None:
    assert [len(records(file, kind)) for kind in ("list", "clause", "section", "row", "proposal")] == [
        *(1, 2, 4, 5, 11)
    ]


def test_a_proposal_in_json_has_its_day_and_its_reason(file: str) -> None:
    last = records(file, "proposal")[-1]
    assert (last["clause"], last["kind"], last["due_on"], last["phrase"]) == (
        *("4.1.1", "date", "2024-12-20", "2024年12月中旬前报节目单"),
    )


def test_a_blank_lead_is_an_empty_list_in_json(file: str) -> None:
    assert records(file, "row")[1]["lead"] == []


def test_a_word_document_is_read(tmp_path: Path) -> None:
    path = tmp_path / "清单.docx"
    path.write_bytes(docx(ROWS))
    assert run(str(path)).stdout.startswith("甲县2024年任务清单（2024年，4项任务，5行）\n")


def test_standard_input_is_read_for_a_dash(file: str) -> None:
    assert run("-", stdin=TEXT.encode()).stdout == run(file).stdout


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("今天天气很好", "没有找到“工作任务、贯彻举措、牵头单位、责任单位”四栏的表头，这不是任务清单"),
        ("PK", "文件已损坏或有密码，请在 Word 中打开另存为 .docx 后再导入"),
        ("%PDF", "这是 PDF 文件，请导入原来的 Word 文档（.docx）"),
    ],
)
def test_what_is_no_task_list_is_said_in_one_line(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "a"
    path.write_text(content, "utf-8")
    result = run(str(path))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"“{path}”不能导入：{words}\n"


@pytest.mark.parametrize("name", ["没有这个文件", ".", "a\0b"])
def test_a_file_that_cannot_be_opened_is_said_in_one_line(name: str) -> None:
    result = run(name)
    assert (result.exit_code, result.stderr) == (2, f"读不到文件“{name}”\n")
