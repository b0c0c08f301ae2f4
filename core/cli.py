"""Commands of the ground floor."""

from collections.abc import Callable

from flask import Flask

from core.db import Database


def init_app(app: Flask) -> None:
    """Add the commands to `flask --app app`."""


def say_first_steps(db: Database, say: Callable[[str], None]) -> None:
    """Tell how to make the first administrator when nobody exists yet."""
