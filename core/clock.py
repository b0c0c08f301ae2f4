"""The only place that asks the time. Called at the edge: a view, a job, a command."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)
