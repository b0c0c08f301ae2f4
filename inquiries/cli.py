"""Commands of the inquiries."""

import sys
from pathlib import Path

import click
from flask import Flask
from flask.cli import with_appcontext

from core.clock import now
from core.web import db
from inquiries.importer import Receipt, import_messages, write_report
from inquiries.lists import channels
from inquiries.sheet_guard import SheetError

SHOWN = 20
WRONG_USAGE = 2


def init_app(app: Flask) -> None:
    """Add the commands to `flask --app app`."""
    app.cli.add_command(import_command)


@click.command("import-messages")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="只检查，不写入")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="把未导入的行写成 CSV")
@click.option("--source", default="import:messages", show_default=True, help="来源；同一来源的编号只导入一次")
@click.option("--channel", type=click.Choice(list(channels())), default="public_mailbox", show_default=True)
@with_appcontext
def import_command(file: Path, *, dry_run: bool, report: Path | None, source: str, channel: str) -> None:
    """导入其他系统导出的留言或工单（.xlsx、.xls、.csv）。全部导入退出码为0，有未导入的行为1，文件不能用为2。"""
    try:
        receipt = import_messages(db(), file, source=source, channel=channel, dry_run=dry_run, at=now())
    except SheetError as fault:
        click.echo(f"不能导入：{fault}", err=True)
        sys.exit(WRONG_USAGE)
    if report is not None:
        write_report(report, receipt)
    _say(receipt, dry_run=dry_run)
    sys.exit(0 if receipt.whole else 1)


def _say(receipt: Receipt, *, dry_run: bool) -> None:
    for line in receipt.unread_sheets:
        click.echo(f"工作表“{line.sheet}”未导入：{line.reason}")
    for line in receipt.refused[:SHOWN]:
        click.echo(f"未导入：工作表“{line.sheet}”第{line.row}行　{line.column}　{line.reason}")
    if len(receipt.refused) > SHOWN:
        click.echo(f"……另有{len(receipt.refused) - SHOWN}行未导入，用 --report 写出全部")
    share = f"（{receipt.on_time / receipt.answered:.1%}）" if receipt.answered else ""
    click.echo("只检查，没有写入" if dry_run else "已导入")
    updated = f"（其中补上答复{receipt.updated}）" if receipt.updated else ""
    click.echo(
        f"共{receipt.rows}行：新增{receipt.new}，已有{receipt.there}{updated}，未导入{len(receipt.refused)}"
    )
    click.echo(f"已答复{receipt.answered}，其中5个工作日内答复{receipt.on_time}{share}；未答复{receipt.open}")
