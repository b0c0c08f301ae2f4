"""Commands of the task ledger: start a year, roll it over, put a published list on record."""

import sys

import click
from flask import Flask
from flask.cli import AppGroup

from core.cli import up_to_date
from core.clock import now
from core.people import SYSTEM
from duties import jobs, proposals, starting
from duties.catalogue import CatalogueError
from duties.starting import Made
from duties.task_list import NotATaskList, read
from duties.task_list_command import file_bytes, import_duties
from duties.task_list_terms import propose
from duties.words import Refused

WRONG = 2
ledger = AppGroup("duties", help="任务台账：启用年度、结转、读取清单")


def init_app(app: Flask) -> None:
    """Add the commands to `flask --app app`."""
    for command in (ledger, import_duties):
        app.cli.add_command(command)


@ledger.command("start")
@click.option("--year", type=int, required=True, help="哪一年的台账")
def start(year: int) -> None:
    """按 data/duties.toml 启用一年的台账；再运行只补缺的。"""
    try:
        with up_to_date().writing() as session:
            made = starting.start(session, year, by=SYSTEM, at=now())
    except (Refused, CatalogueError) as fault:
        click.echo(f"不能启用：{fault}", err=True)
        sys.exit(WRONG)
    _say(year, made)


@ledger.command("roll-over")
def roll_over() -> None:
    """把上一年的条目结转到今年；没有缺的就什么也不做。"""
    year, made = jobs.roll_over(up_to_date(), at=now())
    _say(year, made)


@ledger.command("propose")
@click.argument("file")
def propose_list(file: str) -> None:
    """读一份任务清单，把建议的条目放到“导入清单”页面等人确认。"""
    try:
        found = read(file_bytes(file))
    except NotATaskList as fault:
        click.echo(f"不能读取：{fault}", err=True)
        sys.exit(WRONG)
    with up_to_date().writing() as session:
        kept = proposals.keep(session, found.year, propose(found), found.title, by=SYSTEM, at=now())
    click.echo(f"{found.year}年：新读出{kept.new}条，已有{kept.known}条，请到“任务台账—导入清单”确认")


def _say(year: int, made: Made) -> None:
    click.echo(f"{year}年：新增条目{made.duties}，任务{made.tasks}，计时{made.clocks}")
    for code in sorted(made.unknown):
        click.echo(f"没有代码为{code}的在用单位，有关任务没有分给它；添加后再运行一次")
