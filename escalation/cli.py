"""Commands of the clocks: what the scheduler calls, for cron, for systemd and for people."""

import json
import signal
import socket
import threading
from collections.abc import Mapping
from datetime import datetime

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from core.cli import up_to_date
from core.clock import now
from core.people import SYSTEM, Actor, Role
from core.web import config
from escalation import guard, jobs
from escalation.drafting import draft_due
from escalation.sweep import sweep
from escalation.whatif import what_if

OFFICE = Actor(
    None, "命令行", roles=frozenset({Role.SUPERVISOR})
)  # whoever runs commands on the host sees all units


class Instant(click.ParamType[datetime]):
    """An ISO instant with its zone: 2026-09-30T09:00+08:00."""

    name = "ISO"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"看不懂的时间：{value}，应如 2026-09-30T09:00+08:00", param, ctx)
        if moment.tzinfo is None:
            self.fail(f"时间须带时区：{value}+08:00", param, ctx)
        return moment


@click.command("sweep")
@click.option("--at", type=Instant(), help="按这一时刻扫描，默认现在")
@with_appcontext
def sweep_command(at: datetime | None) -> None:
    """发出到时的通知，起草应发的督办文书，可重复执行，也可同时执行。"""
    db = up_to_date()
    if at is None:
        _say(jobs.run_sweep(db).as_dict() | {"papers": jobs.run_draft(db, config()).as_dict()})
        return
    counts = sweep(db, at=at).as_dict()
    _say(counts | {"papers": draft_due(db, jobs.issuer_of(config()), at=at).as_dict()})


clock = AppGroup("clock", help="本机时钟：时间跳变后暂停发通知，由人确认")


@clock.command("confirm")
def confirm_command() -> None:
    """确认本机时间正确，恢复发通知。"""
    db, at = up_to_date(), now()
    with db.writing() as session:
        done = guard.confirm(session, socket.gethostname(), guard.read_clock(at), by=SYSTEM, at=at)
    click.echo("已确认，恢复发通知" if done else "没有被暂停，无须确认")


@click.command("what-if")
@click.option("--workdays", type=click.IntRange(1, 60), required=True, help="假设的时限，工作日")
@click.option("--year", type=click.IntRange(2004, 2100), help="哪一年收到的件，默认去年")
@click.option("--purpose", default="inquiry.reply", help="哪一种计时")
@with_appcontext
def what_if_command(workdays: int, year: int | None, purpose: str) -> None:
    """假如时限是N个工作日，那一年会有多少件超期，按单位列出。"""
    at = now()
    with up_to_date().reading() as session:
        rows = what_if(session, OFFICE, purpose=purpose, year=year or at.year - 1, workdays=workdays, at=at)
    for row in rows:
        click.echo(
            f"{row.unit}：{row.total}件，实际超期{row.late}件，假如{workdays}个工作日则{row.would_be}件"
        )


@click.command("deliver")
@with_appcontext
def deliver_command() -> None:
    """发送待发的邮件。"""
    _say(jobs.run_deliver(up_to_date(), config()).as_dict())


@click.command("jobs")
@with_appcontext
def jobs_command() -> None:
    """只运行定时任务，直到收到停止信号。"""
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda _number, _frame: stopped.set())
    scheduler = jobs.scheduler(up_to_date(), config(), current_app.extensions["huiyin.jobs"])
    scheduler.start()
    stopped.wait()
    scheduler.shutdown()


def _say(counts: Mapping[str, object]) -> None:
    click.echo(json.dumps(counts))


def init_app(app: Flask) -> None:
    """Add the commands to `flask --app app`."""
    for command in (sweep_command, deliver_command, jobs_command, what_if_command, clock):
        app.cli.add_command(command)
