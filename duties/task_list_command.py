"""`flask --app app import-duties FILE`: a published task list in, what it asks of each unit out."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

import click
from flask import Flask

from duties.task_list import NotATaskList, TaskList, read
from duties.task_list_docx import MAX_FILE
from duties.task_list_numbers import numeral_of
from duties.task_list_rules import Finding
from duties.task_list_terms import Proposal, propose


class Unreadable(click.ClickException):
    """One Chinese line on standard error."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file=file, err=file is None)


@click.command("import-duties")
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="每行一个 JSON 对象")
def import_duties(file: str, as_json: bool) -> None:
    """读一份政务公开工作任务清单（.docx 或文本，“-”为标准输入），列出任务和拟登记的事项。"""
    try:
        task_list = read(file_bytes(file))
    except NotATaskList as fault:
        raise Unreadable(f"“{file}”不能导入：{fault}") from None
    for line in _records(task_list) if as_json else _lines(task_list):
        click.echo(line)
    if not as_json:
        click.echo("\n放到“任务台账—导入清单”等人确认：flask --app app duties propose FILE")


def file_bytes(file: str) -> bytes:
    """One byte more than is allowed, so that the reader can say that it is too much. Raises Unreadable."""
    try:
        if file == "-":
            return sys.stdin.buffer.read(MAX_FILE + 1)
        with Path(file).open("rb") as opened:
            return opened.read(MAX_FILE + 1)
    except (OSError, ValueError):
        raise Unreadable(f"读不到文件“{file}”") from None


def _lines(task_list: TaskList) -> Iterator[str]:
    proposals = iter(propose(task_list))
    rows = sum(len(section.rows) for section in task_list.sections)
    yield f"{task_list.title}（{task_list.year}年，{len(task_list.sections)}项任务，{rows}行）"
    yield from (f"注意：{warning}" for warning in task_list.warnings)
    for clause in task_list.clauses:
        yield f"总体要求{numeral_of(clause.number)}、{clause.title}"
    for section in task_list.sections:
        yield f"\n{numeral_of(section.number)}、{section.title}"
        for row in section.rows:
            yield f"  {section.number}.{row.number}　牵头：{_names(row.lead)}　责任：{_names(row.responsible)}"
            for _ in range(len(row.items) + bool(row.intro)):
                yield from _proposal_lines(next(proposals))


def _names(units: tuple[str, ...]) -> str:
    return "、".join(units) or "（空）"


def _proposal_lines(proposal: Proposal) -> Iterator[str]:
    yield f"    {proposal.clause}　{proposal.title}"
    main = Finding(
        proposal.kind,
        proposal.phrase,
        proposal.quota,
        proposal.due_on,
        proposal.workdays,
        proposal.period,
        proposal.term,
    )
    for finding in (main, *proposal.others):
        yield f"      {'拟登记为' if finding is main else '另有'}{_told(finding)}：{finding.phrase}"


def _told(finding: Finding) -> str:
    """ "年度次数，4次" or "持续，5个工作日内"."""
    parts = [finding.kind.label]
    if finding.quota:
        parts.append(f"{finding.period}{finding.quota}次")
    if finding.term:
        parts.append(finding.term)
    if finding.due_on:
        parts.append(f"末日{finding.due_on}")
    return "，".join(parts)


def _records(task_list: TaskList) -> Iterator[str]:
    """The list, its clauses, sections, rows and proposals, one to a line, each naming what it is."""
    yield _json("list", title=task_list.title, year=task_list.year, warnings=task_list.warnings)
    for clause in task_list.clauses:
        yield _json("clause", **asdict(clause))
    for section in task_list.sections:
        yield _json("section", number=section.number, title=section.title)
        yield from (_json("row", section=section.number, **asdict(row)) for row in section.rows)
    yield from (_json("proposal", **asdict(proposal)) for proposal in propose(task_list))


def _json(record: str, **values: Any) -> str:
    return json.dumps({"record": record} | values, ensure_ascii=False, default=str)


def init_app(app: Flask) -> None:
    """Add the command to `flask --app app`."""
    app.cli.add_command(import_duties)
