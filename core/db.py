"""Engines and sessions. `reading()` cannot write; `writing()` is one transaction that commits at its end.

SQLite: BEGIN IMMEDIATE for writers (a deferred BEGIN loses updates or fails under load), a host-wide lock so that no
writer starves, WAL only on a library without the WAL-reset fault (fixed in 3.51.3, 3.50.7 and 3.44.6).
"""

import importlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar, TypeVar, cast

from sqlalchemy import DateTime, Engine, Enum, MetaData, Table, create_engine, event, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from core.vault import Vault

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
PAGE = 50  # rows of one INSERT with RETURNING: psycopg reads a long statement in the square of its parameters
PG_TIMEOUTS = "-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000"


class UtcInstant(TypeDecorator[datetime]):
    """An instant: aware on both sides, UTC in the database. A naive datetime is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """SQLite's own way costs more than the insert it is for, and the rows of a batch share few instants."""
        return _spelled if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime is not an instant")
        return value.astimezone(UTC).replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@lru_cache(maxsize=4096)
def _spelled(value: datetime | None) -> str | None:
    """An instant as SQLite keeps it: UTC, to the microsecond."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a naive datetime is not an instant")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


def _values(members: type[StrEnum]) -> list[str]:
    return [member.value for member in members]


BY_VALUE = Enum(StrEnum, values_callable=_values, native_enum=False, create_constraint=False, length=32)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {datetime: UtcInstant, StrEnum: BY_VALUE}


Row = TypeVar("Row", bound=Base)


def sqlite_module() -> ModuleType:
    """The SQLite driver: the packaged recent library where its wheel exists, else the one of Python."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return importlib.import_module("sqlite3")


def journal_mode(version: tuple[int, ...]) -> str:
    """WAL only where the WAL-reset fault is mended; elsewhere the slower rollback journal."""
    safe = version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
    return "WAL" if safe else "DELETE"


class Database:
    """One database with its vault; `Session.info["vault"]` carries the keys to whoever seals or chains."""

    def __init__(self, url: str, vault: Vault) -> None:
        self.url = make_url(url)
        self.vault = vault
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.lock_path = Path(f"{self.url.database}.lock") if self.is_sqlite else None
        self.engine = self._engine(read_only=False)
        self._read_engine = self._engine(read_only=True)

    def _engine(self, *, read_only: bool) -> Engine:
        if self.is_sqlite:
            return _sqlite_engine(str(self.url), read_only=read_only)
        engine = create_engine(
            self.url,
            pool_pre_ping=True,
            hide_parameters=True,
            insertmanyvalues_page_size=PAGE,
            connect_args={"options": PG_TIMEOUTS},
        )
        # one snapshot for all queries of a page or a check, as SQLite gives it anyway
        snapshot = {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
        return engine.execution_options(**snapshot) if read_only else engine

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that cannot write; nothing is committed."""
        with self._session(self._read_engine) as session:
            session.connection()
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: commits when the block ends, rolls back when it raises."""
        with write_lock(self.lock_path), self._session(self.engine) as session:
            session.connection()  # begun before anything is computed: what is read is what is written upon
            yield session
            session.commit()

    def _session(self, engine: Engine) -> Session:
        return Session(engine, expire_on_commit=False, info={"vault": self.vault})

    def dispose(self) -> None:
        """Close pooled connections (before a fork, at the end of a test)."""
        self.engine.dispose()
        self._read_engine.dispose()


def vault_of(session: Session) -> Vault:
    """The keys that this session carries."""
    vault: Vault = session.info["vault"]
    return vault


def insert_of(session: Session) -> Any:
    """The `insert` of this session's database, which knows ON CONFLICT."""
    return (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert


def put_rows(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert many whole rows of the same columns at the speed of the driver.

    For a batch of rows SQLAlchemy spends several times what the database does on the parameters of each single row.
    """
    if not rows:
        return
    session.flush()
    connection = session.connection()
    written = _written(cast(Table, model.__table__), tuple(rows[0]), connection.dialect)
    columns = [
        [bind(row[name]) for row in rows] if bind else [row[name] for row in rows]
        for name, bind in written.bindings
    ]
    values: Any = list(zip(*columns, strict=True))
    if not written.positional:
        names = [name for name, _bind in written.bindings]
        values = [dict(zip(names, row, strict=True)) for row in values]
    connection.exec_driver_sql(written.statement, values)


@dataclass(frozen=True)
class _Insert:
    """An insert as the driver takes it: how each parameter is made, in the order of the statement."""

    statement: str
    positional: bool
    bindings: tuple[tuple[str, Callable[[Any], Any] | None], ...]


@lru_cache(maxsize=64)
def _written(table: Table, columns: tuple[str, ...], dialect: Dialect) -> _Insert:
    compiled = insert(table).compile(dialect=dialect, column_keys=columns)
    names = compiled.positiontup or columns
    types = {name: table.c[name].type.dialect_impl(dialect) for name in names}
    bindings = tuple((name, kind.bind_processor(dialect)) for name, kind in types.items())
    return _Insert(str(compiled), compiled.positional, bindings)


def locked_row(session: Session, model: type[Row], key: dict[str, Any], first: dict[str, Any]) -> Row:
    """The row of this key, fresh and locked until the commit; made from `first` when it is not there yet.

    Two who make it at once end with one row: the second waits, then finds the row of the first.
    """
    place = tuple(key.values())
    found = session.get(model, place, with_for_update=True, populate_existing=True)
    if found is None:
        session.execute(insert_of(session)(model).values(**key, **first).on_conflict_do_nothing())
        found = session.get_one(model, place, with_for_update=True, populate_existing=True)
    return found


@contextmanager
def write_lock(path: Path | None) -> Iterator[None]:
    """Queue the writers of one host fairly: SQLite's own waiting lets a busy writer starve the others for seconds.

    Windows has no flock; there the waiting of SQLite must do.
    """
    if path is None or find_spec("fcntl") is None:
        yield
        return
    fcntl = importlib.import_module("fcntl")
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _sqlite_engine(url: str, *, read_only: bool) -> Engine:
    module = sqlite_module()
    engine = create_engine(url, module=module, hide_parameters=True)
    pragmas = [
        f"journal_mode={journal_mode(module.sqlite_version_info)}",
        "synchronous=FULL",
        "busy_timeout=5000",
        "foreign_keys=ON",
        "secure_delete=ON",
        "trusted_schema=OFF",
        f"query_only={'ON' if read_only else 'OFF'}",
    ]

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # stops the driver's own late BEGIN
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine
