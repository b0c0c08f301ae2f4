"""The record: written with the act, one chain, and every way of tampering is named."""

import json
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from core import facts
from core.db import Database
from core.facts import Checkpoint, Entry, Fact, FactTip
from core.people import SYSTEM, Counter
from core.vault import Vault
from tests.builders import a_call
from tests.core.together import at_once
from tests.people import People

EDITED = "内容被改动、调换，或其前一条被改动"


def entry(at: datetime, number: int = 0, **changes: object) -> Entry:
    given = {"act": "test:act", "subject": f"test:{number}", "by": SYSTEM, "at": at} | changes
    return Entry(**given)  # type: ignore[arg-type]


def write(db: Database, at: datetime, count: int) -> None:
    with db.writing() as session:
        for number in range(count):
            facts.record(
                session, entry(at + timedelta(seconds=number), number, after={"n": number, "due": at})
            )


def faults(db: Database) -> list[tuple[int, str]]:
    with db.reading() as session:
        return [(fault.seq, fault.problem) for fault in facts.verify(session)]


def tamper(db: Database, act: Callable[[Session], object]) -> None:
    """What somebody can do who owns the database file: take the guards away, then write."""
    with db.writing() as session:
        for verb in ("update", "delete"):
            on = "" if db.is_sqlite else " ON fact"
            session.execute(text(f"DROP TRIGGER fact_no_{verb}{on}"))
        act(session)
        for verb in ("update", "delete"):
            body = (
                "BEGIN SELECT RAISE(ABORT, 'fact is append-only'); END"
                if db.is_sqlite
                else "EXECUTE FUNCTION append_only()"
            )
            session.execute(text(f"CREATE TRIGGER fact_no_{verb} BEFORE {verb.upper()} ON fact {body}"))


def set_row(seq: int, **values: object) -> Callable[[Session], object]:
    return lambda session: session.execute(update(Fact).where(Fact.seq == seq).values(**values))


def swap(session: Session) -> None:
    for old, new in ((3, 99), (4, 3), (99, 4)):
        session.execute(update(Fact).where(Fact.seq == old).values(seq=new))


def remake(db: Database, at: datetime) -> Callable[[Session], object]:
    """The whole chain anew, with the key: another story, well told."""

    def act(session: Session) -> None:
        session.execute(delete(Fact))
        session.execute(delete(FactTip))
        session.expunge_all()
        facts.record_many(session, [entry(at, number, note="另一个故事") for number in range(6)])

    return act


def cut_tail(session: Session) -> None:
    session.execute(delete(Fact).where(Fact.seq > 4))


def cut_tail_and_mend_the_tip(session: Session) -> None:
    """With the key in hand the tip is sealed again."""
    session.execute(delete(Fact).where(Fact.seq > 3))
    mac = session.scalars(select(Fact.mac).where(Fact.seq == 3)).one()
    tip = session.get_one(FactTip, 1)
    tip.seq, tip.mac, tip.seal = 3, mac, facts._tip_seal(facts.vault_of(session), 3, mac)


def test_an_untouched_record_has_no_fault(db: Database, at: datetime) -> None:
    write(db, at, 6)
    assert faults(db) == []


def test_an_empty_record_has_no_fault(db: Database) -> None:
    assert faults(db) == []


def test_a_fact_reads_back_as_it_was_written(db: Database, at: datetime) -> None:
    with db.writing() as session:
        facts.record(session, entry(at, before={"b": 2, "a": "甲"}, note="因为"))
    with db.reading() as session:
        fact = session.scalars(select(Fact)).one()
    assert fact.detail == '{"before":{"a":"甲","b":2},"note":"因为"}'
    assert (fact.seq, fact.at, fact.by_name, fact.by_id) == (1, at, "系统", None)


@pytest.mark.parametrize(
    "values",
    [
        {"detail": "{}"},
        {"act": "test:other"},
        {"subject": "test:other"},
        {"by_name": "别人"},
        {"by_id": 7},
        {"at": datetime.fromisoformat("2026-09-01T00:00:00+00:00")},
        {"mac": bytes(32)},
    ],
    ids=["detail", "act", "subject", "name", "person", "backdated", "mac"],
)
def test_an_edited_row_is_named(db: Database, at: datetime, values: dict[str, object]) -> None:
    write(db, at, 6)
    tamper(db, set_row(3, **values))
    assert (3, EDITED) in faults(db)


def test_a_deleted_row_is_named(db: Database, at: datetime) -> None:
    write(db, at, 6)
    tamper(db, lambda session: session.execute(delete(Fact).where(Fact.seq.in_([3, 4]))))
    assert faults(db) == [(5, "第3条至第4条记录缺失"), (5, EDITED)]


def test_a_deleted_first_row_is_named(db: Database, at: datetime) -> None:
    write(db, at, 6)
    tamper(db, lambda session: session.execute(delete(Fact).where(Fact.seq == 1)))
    assert faults(db)[0] == (2, "第1条至第1条记录缺失")


def test_swapped_rows_are_named(db: Database, at: datetime) -> None:
    write(db, at, 6)
    tamper(db, swap)
    assert {seq for seq, _problem in faults(db)} == {3, 4, 5}


def test_a_row_put_in_without_the_key_is_named(db: Database, at: datetime) -> None:
    write(db, at, 6)
    row = {
        "seq": 7,
        "at": at,
        "act": "a",
        "subject": "s",
        "by_name": "系统",
        "detail": "{}",
        "mac": bytes(32),
    }
    tamper(db, lambda session: session.add(Fact(**row)))
    assert (7, EDITED) in faults(db)


def test_a_cut_tail_is_named(db: Database, at: datetime) -> None:
    write(db, at, 6)
    tamper(db, cut_tail)
    assert faults(db) == [(6, "链尾应为第6条，实有第4条")]


def test_a_record_emptied_with_its_tip_left_is_named(db: Database, at: datetime) -> None:
    write(db, at, 6)
    tamper(db, lambda session: session.execute(delete(Fact)))
    assert faults(db) == [(6, "链尾应为第6条，实有第0条")]


def test_a_removed_tip_is_named(db: Database, at: datetime) -> None:
    write(db, at, 6)
    tamper(db, lambda session: session.execute(delete(FactTip)))
    assert faults(db) == [(6, "链尾登记缺失")]


def test_an_edited_tip_is_named(db: Database, at: datetime) -> None:
    write(db, at, 6)
    tamper(db, lambda session: session.execute(update(FactTip).values(seq=5)))
    assert (5, "链尾登记被改动") in faults(db)


def kept(db: Database) -> list[Checkpoint]:
    with db.reading() as session:
        return [Checkpoint.of(facts.checkpoint(session).text)]


def against(db: Database, points: list[Checkpoint]) -> list[tuple[int, str]]:
    with db.reading() as session:
        return [(fault.seq, fault.problem) for fault in facts.verify_against(session, points)]


def test_a_checkpoint_fits_the_record_that_grew_since(db: Database, at: datetime) -> None:
    write(db, at, 6)
    points = kept(db)
    write(db, at, 3)
    assert against(db, points + kept(db)) == []


def test_a_checkpoint_of_an_empty_record_fits(db: Database, at: datetime) -> None:
    points = kept(db)
    write(db, at, 1)
    assert against(db, points) == []


def test_a_chain_made_anew_with_the_key_is_found_by_the_checkpoint_only(db: Database, at: datetime) -> None:
    write(db, at, 6)
    points = kept(db)
    tamper(db, remake(db, at))
    assert faults(db) == []
    assert against(db, points) == [(6, "与检查点不符：此前的记录被整体改写")]


def test_a_tail_cut_with_the_key_is_found_by_the_checkpoint_only(db: Database, at: datetime) -> None:
    write(db, at, 6)
    points = kept(db)
    tamper(db, cut_tail_and_mend_the_tip)
    assert faults(db) == []
    assert against(db, points) == [(6, "检查点上的记录已不存在：后段被截掉")]


@pytest.mark.parametrize("table", ["fact", "deadline"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET at = at", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_history(
    db: Database, people: People, at: datetime, table: str, verb: str
) -> None:
    with db.writing() as session:
        a_call(session, people.operator, at)
    with pytest.raises(DatabaseError, match="append-only"), db.writing() as session:
        session.execute(text(verb.format(table)))


def test_a_rolled_back_act_leaves_no_fact(db: Database, at: datetime) -> None:
    with pytest.raises(ZeroDivisionError), db.writing() as session:
        facts.record(session, entry(at))
        facts.record_many(session, [entry(at)])
        raise ZeroDivisionError
    assert kept(db)[0].count == 0


def test_what_was_rolled_back_is_not_written_by_the_next_act(db: Database, at: datetime) -> None:
    with db.writing() as session:
        facts.record(session, entry(at, 1))
        session.rollback()
        facts.record(session, entry(at, 2))
    with db.reading() as session:
        assert session.scalars(select(Fact.subject)).all() == ["test:2"]


def test_an_act_that_fails_at_the_commit_leaves_no_fact(db: Database, at: datetime) -> None:
    with db.writing() as session:
        session.add(Counter(name="taken", value=1))
    with pytest.raises(DatabaseError), db.writing() as session:
        facts.record(session, entry(at))
        session.add(Counter(name="taken", value=2))
    assert kept(db)[0].count == 0


def test_one_session_may_commit_twice(db: Database, at: datetime) -> None:
    with db.writing() as session:
        facts.record(session, entry(at, 1))
        session.commit()
        facts.record(session, entry(at, 2))
    assert faults(db) == []


def test_many_writers_at_once_make_one_chain_without_gap(db: Database, at: datetime) -> None:
    def writer(number: int) -> None:
        for _ in range(10):
            with db.writing() as session:
                facts.record(session, entry(at, number))

    at_once(8, writer)
    with db.reading() as session:
        assert session.scalars(select(Fact.seq).order_by(Fact.seq)).all() == list(range(1, 81))
    assert faults(db) == []


def test_a_check_beside_a_busy_writer_reports_nothing(db: Database, at: datetime) -> None:
    write(db, at, 50)
    done = threading.Event()

    def writer() -> None:
        while not done.is_set():
            write(db, at, 1)

    thread = threading.Thread(target=writer)
    thread.start()
    try:
        found = [fault for _ in range(20) for fault in faults(db)]
    finally:
        done.set()
        thread.join()
    assert found == []


@pytest.mark.parametrize("line", ["", "1", "x y z", "1 zz 1", "1 00 1 1"])
def test_a_line_that_is_no_checkpoint_is_refused(line: str) -> None:
    with pytest.raises(ValueError):
        Checkpoint.of(line)


def test_a_host_with_another_key_writes_nothing(db: Database, at: datetime) -> None:
    write(db, at, 3)
    stranger = Database(db.url.render_as_string(hide_password=False), Vault(bytes(32)))
    with pytest.raises(facts.ForeignTip):
        write(stranger, at, 1)
    stranger.dispose()
    assert (kept(db)[0].count, faults(db)) == (3, [])


def test_a_record_tells_whether_the_key_is_its_own(db: Database, at: datetime) -> None:
    write(db, at, 3)
    with db.reading() as session:
        assert facts.key_fits(session)
        session.info["vault"] = Vault(bytes(32))
        assert not facts.key_fits(session)


@pytest.mark.parametrize("word", ['甲"乙', "a\\b", "行\n\t末", "\x00\x1f\u2028", "😀"])
@pytest.mark.parametrize("by_id", [None, 7])
def test_the_sealed_form_of_a_fact_is_a_json_list(at: datetime, word: str, by_id: int | None) -> None:
    row = {"seq": 3, "at": at, "act": "test:act", "subject": word, "by_id": by_id, "by_name": word}
    parts = [3, at.isoformat(timespec="microseconds"), "test:act", word, by_id, word, word]
    assert facts._payload(row | {"detail": word}).decode() == json.dumps(parts, ensure_ascii=False)
