"""Commands of the clocks: what the scheduler calls, for cron, for systemd and for people."""

import json
import signal
import threading
from datetime import datetime

import click
from flask import Flask
from flask.cli import with_appcontext

from core.cli import up_to_date
from core.clock import now
from core.web import config
from escalation import jobs
from escalation.outbox import channels_of
from escalation.sweep import sweep


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
    """发出到时的通知，可重复执行，也可同时执行。"""
    _say(sweep(up_to_date(), at=at or now(), channels=channels_of(config())).as_dict())


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
    scheduler = jobs.scheduler(up_to_date(), config())
    scheduler.start()
    stopped.wait()
    scheduler.shutdown()


def _say(counts: dict[str, int]) -> None:
    click.echo(json.dumps(counts))


def init_app(app: Flask) -> None:
    """Add the commands to `flask --app app`."""
    for command in (sweep_command, deliver_command, jobs_command):
        app.cli.add_command(command)
