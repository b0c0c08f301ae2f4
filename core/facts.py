"""Facts: who did what, when, what was before and after. Append-only, chained, written with the act itself.

mac = HMAC(chain key, previous mac + canonical form of this row). The tip row holds the last sequence number, its
mac and a seal, so that cutting the tail is seen as well; an old tip put back is seen only by a checkpoint.
A fact never holds a personal value in clear.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Index, LargeBinary, Text, event, func, select
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from core.db import Base, locked_row, put_rows, vault_of
from core.people import Actor
from core.vault import Vault

Detail = dict[str, Any]
GENESIS = bytes(32)


class Fact(Base):
    __tablename__ = "fact"
    __table_args__ = (
        Index("ix_fact_subject_seq", "subject", "seq"),
    )  # the timeline of one subject, newest first

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    act: Mapped[str]
    subject: Mapped[str]
    by_id: Mapped[int | None]
    by_name: Mapped[str]
    detail: Mapped[str] = mapped_column(Text)
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))


class FactTip(Base):
    __tablename__ = "fact_tip"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))
    seal: Mapped[bytes] = mapped_column(LargeBinary(32))


class ForeignTip(RuntimeError):
    """The record ends with a seal that this key did not make: another host has another key, or the tip was edited."""


@dataclass(frozen=True)
class Entry:
    """One fact to be written: `act` is "subject kind:verb", `subject` is "inquiry:42"."""

    act: str
    subject: str
    by: Actor
    at: datetime
    before: Detail | None = None
    after: Detail | None = None
    note: str = ""


@dataclass(frozen=True)
class Fault:
    """What `verify` found: the row and what is wrong with it."""

    seq: int
    problem: str


@dataclass(frozen=True)
class Checkpoint:
    """How the chain ended at one moment; kept outside, it proves that nothing before it was made anew since."""

    seq: int
    mac: bytes
    count: int

    @property
    def text(self) -> str:
        """The line of a checkpoint file: number, mac in hex, number of rows."""
        return f"{self.seq} {self.mac.hex()} {self.count}"

    @classmethod
    def of(cls, text: str) -> "Checkpoint":
        """Read such a line; ValueError when it is none."""
        seq, mac, count = text.split()
        return cls(int(seq), bytes.fromhex(mac), int(count))


def record(session: Session, entry: Entry) -> None:
    """Add one fact to the caller's transaction; all of them are chained together just before the commit."""
    if not session.in_transaction():
        session.begin()  # so that a rollback before the first query is heard of too
    session.info.setdefault("facts", []).append(entry)


@event.listens_for(Session, "after_soft_rollback")
def _forget_recorded(session: Session, ended: SessionTransaction) -> None:
    if not ended.nested:
        session.info.pop("facts", None)


@event.listens_for(Session, "before_commit")
def _write_recorded(session: Session) -> None:
    record_many(session, session.info.pop("facts", []))


def record_many(session: Session, entries: Sequence[Entry]) -> None:
    """Write facts in order, now; the tip row is locked, so concurrent writers queue here until commit.

    Raises ForeignTip, so that a host with a wrong key writes nothing at all.
    """
    if not entries:
        return
    session.flush()
    vault, rows = vault_of(session), [_row(entry) for entry in entries]
    tip = locked_row(session, FactTip, {"id": 1}, {"seq": 0, "mac": GENESIS, "seal": b""})
    if not _is_ours(vault, tip):
        raise ForeignTip(f"fact_tip, seq {tip.seq}")
    _chain(vault, tip.seq, tip.mac, rows)
    put_rows(session, Fact, rows)
    tip.seq, tip.mac = rows[-1]["seq"], rows[-1]["mac"]
    tip.seal = _tip_seal(vault, tip.seq, tip.mac)
    session.flush()


def _row(entry: Entry) -> Detail:
    """Everything of a fact but its place in the chain: made before the tip is locked."""
    parts = {"before": entry.before, "after": entry.after, "note": entry.note or None}
    detail = _spell({name: value for name, value in parts.items() if value is not None})
    row = {"seq": 0, "at": entry.at, "act": entry.act, "subject": entry.subject}
    return row | {"by_id": entry.by.id, "by_name": entry.by.name, "detail": detail, "mac": b""}


def _chain(vault: Vault, seq: int, mac: bytes, rows: Sequence[Detail]) -> None:
    for row in rows:
        seq += 1
        row["seq"] = seq
        mac = row["mac"] = vault.mac(mac + _payload(row))


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value)


# One spelling for one value, instants and dates as ISO text; made once, because json.dumps with options makes
# a new encoder for every fact.
_spell = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain).encode
_quote = json.encoder.encode_basestring  # of an encoder that keeps Chinese as it is


def _payload(row: Detail) -> bytes:
    """The row as a JSON list, put together by hand: this is done for every fact while all other writers wait."""
    quoted = [_quote(row[name]) for name in ("act", "subject", "by_name", "detail")]
    by_id = "null" if row["by_id"] is None else row["by_id"]
    act, subject, by_name, detail = quoted
    return f'[{row["seq"]}, "{_utc(row["at"])}", {act}, {subject}, {by_id}, {by_name}, {detail}]'.encode()


@lru_cache(maxsize=1024)
def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _is_ours(vault: Vault, tip: FactTip | None) -> bool:
    return tip is None or tip.seq == 0 or tip.seal == _tip_seal(vault, tip.seq, tip.mac)


def key_fits(session: Session) -> bool:
    """Whether the record was written with this key; nothing can be written upon one that was not."""
    return _is_ours(vault_of(session), session.get(FactTip, 1))


def _tip_seal(vault: Vault, seq: int, mac: bytes) -> bytes:
    return vault.mac(b"tip|" + str(seq).encode() + mac)


def verify(session: Session) -> Iterator[Fault]:
    """Walk the whole chain; yields a fault for every row that was edited, removed, swapped or backdated.

    The order is that of the commits: an act that waited for the lock may be older than the fact before it.
    """
    vault, seq, mac = vault_of(session), 0, GENESIS
    for fact in session.execute(select(Fact.__table__).order_by(Fact.seq)).yield_per(5000):
        row = dict(fact._mapping)
        if row["seq"] != seq + 1:
            yield Fault(row["seq"], f"第{seq + 1}条至第{row['seq'] - 1}条记录缺失")
        if row["mac"] != vault.mac(mac + _payload(row)):
            yield Fault(row["seq"], "内容被改动、调换，或其前一条被改动")
        seq, mac = row["seq"], row["mac"]
    yield from _verify_tip(session, vault, seq, mac)


def holds(session: Session, fact: Fact) -> bool:
    """Whether one row's mac still follows from its content and from the row before it."""
    before = session.scalar(select(Fact.mac).where(Fact.seq == fact.seq - 1)) if fact.seq > 1 else GENESIS
    row = {column.name: getattr(fact, column.name) for column in Fact.__table__.columns}
    return before is not None and fact.mac == vault_of(session).mac(before + _payload(row))


def _verify_tip(session: Session, vault: Vault, seq: int, mac: bytes) -> Iterator[Fault]:
    tip = session.get(FactTip, 1)
    if tip is None:
        if seq:
            yield Fault(seq, "链尾登记缺失")
        return
    if not _is_ours(vault, tip):
        yield Fault(tip.seq, "链尾登记被改动")
    if (tip.seq, tip.mac) != (seq, mac):
        yield Fault(tip.seq, f"链尾应为第{tip.seq}条，实有第{seq}条")


def checkpoint(session: Session) -> Checkpoint:
    """The present end of the chain."""
    last = session.execute(select(Fact.seq, Fact.mac).order_by(Fact.seq.desc()).limit(1)).first()
    seq, mac = last if last else (0, GENESIS)
    return Checkpoint(seq, mac, session.scalar(select(func.count()).select_from(Fact)) or 0)


def verify_against(session: Session, kept: Iterable[Checkpoint]) -> Iterator[Fault]:
    """What `verify` cannot see: a cut tail with an old tip put back, or a chain made anew with the key."""
    for point in kept:
        if point.seq == 0:
            continue
        mac = session.scalar(select(Fact.mac).where(Fact.seq == point.seq))
        count = session.scalar(select(func.count()).where(Fact.seq <= point.seq))
        if mac is None:
            yield Fault(point.seq, "检查点上的记录已不存在：后段被截掉")
        elif mac != point.mac:
            yield Fault(point.seq, "与检查点不符：此前的记录被整体改写")
        elif count != point.count:
            yield Fault(point.seq, f"到此应有{point.count}条，实有{count}条")
