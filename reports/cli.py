"""`flask --app app score`: the score sheet of a period on the command line."""

import json

import click
from flask import Flask
from flask.cli import with_appcontext

from core.cli import up_to_date
from core.clock import now
from escalation.cli import OFFICE
from reports.period import Period
from reports.sheet import live
from reports.table import head, notes, plain, rows
from reports.words import sentence


class PeriodParam(click.ParamType[Period]):
    """A month, a quarter or a year: 2026-09, 2026-Q3, 2026."""

    name = "PERIOD"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        try:
            return Period.of(value)
        except ValueError as fault:
            self.fail(str(fault), param, ctx)


@click.command("score")
@click.option("--period", type=PeriodParam(), required=True, help="2026-09、2026-Q3 或 2026")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@with_appcontext
def score_command(period: Period, as_json: bool) -> None:
    """考核得分表：各单位一行，口径随后。"""
    at = now()
    with up_to_date().reading() as session:
        sheet = live(session, OFFICE, period, at=at)
    if as_json:
        click.echo(json.dumps(plain(sheet), ensure_ascii=False, indent=1))
        return
    click.echo("".join(text for text, _strong in sentence(sheet, "全县")))
    for cells in [head(sheet), *rows(sheet)]:
        click.echo("\t".join(cells))
    for name, words in notes(sheet):
        click.echo(f"{name}：{words}")


def init_app(app: Flask) -> None:
    """Add the command to `flask --app app`."""
    app.cli.add_command(score_command)
