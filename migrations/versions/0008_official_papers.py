"""Official papers: the record, talks, the cases of a circular, issued files"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

INSTANT = sa.DateTime(timezone=True)
PARTIAL = {
    "ix_paper_drafted": (["id"], "stage = 'drafted'"),
    "ix_paper_running": (["stage", "id"], "stage IN ('issued', 'signed', 'feedback')"),
    "ix_paper_clock_id": (["clock_id", "id"], "clock_id IS NOT NULL"),
}


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _who_and_when(*acts: str) -> list[sa.Column]:
    columns = []
    for act in acts:
        columns += [sa.Column(f"{act}_by_id", sa.Integer(), nullable=True)]
        columns += [sa.Column(f"{act}_at", INSTANT, nullable=True)]
    return columns


def upgrade() -> None:
    _paper()
    _around()
    _keep_files()


def _paper() -> None:
    op.create_table(
        "paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("clock_id", sa.Integer(), nullable=True),
        sa.Column("notice_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        *_words("title", "grounds", "copies_to"),
        *_text("basis", "body", "requirements", "decision", "statement", "feedback", "ruling"),
        sa.Column("reply_due", sa.Date(), nullable=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("serial", sa.Integer(), nullable=True),
        sa.Column("drafter_id", sa.Integer(), nullable=True),
        sa.Column("drafted_at", INSTANT, nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=True),
        sa.Column("statement_due", sa.Date(), nullable=True),
        *_who_and_when("statement", "approved", "issued", "signed", "feedback", "lifted"),
        sa.ForeignKeyConstraint(["clock_id"], ["clock.id"], name=op.f("fk_paper_clock_id_clock")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_paper_notice_id_notice")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_paper_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint("notice_id", name=op.f("uq_paper_notice_id")),
        sa.UniqueConstraint("word", "year", "serial", name=op.f("uq_paper_word_year_serial")),
    )
    op.create_index("ix_paper_unit_id_id", "paper", ["unit_id", "id"])
    for name, (columns, condition) in PARTIAL.items():
        where = sa.text(condition)
        op.create_index(name, "paper", columns, sqlite_where=where, postgresql_where=where)


def _around() -> None:
    op.create_table(
        "paper_talk",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        *_words("object", "place", "talkers", "materials", "signers"),
        *_text("problem", "attitude"),
        sa.Column("held_at", INSTANT, nullable=True),
        sa.Column("rectify_by", sa.Date(), nullable=True),
        *_who_and_when("recorded"),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_paper_talk_paper_id_paper")),
        sa.PrimaryKeyConstraint("paper_id", name=op.f("pk_paper_talk")),
    )
    op.create_table(
        "paper_case",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("clock_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_paper_case_paper_id_paper")),
        sa.ForeignKeyConstraint(["clock_id"], ["clock.id"], name=op.f("fk_paper_case_clock_id_clock")),
        sa.PrimaryKeyConstraint("paper_id", "clock_id", name=op.f("pk_paper_case")),
    )
    op.create_table(
        "paper_file",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_paper_file_paper_id_paper")),
        sa.PrimaryKeyConstraint("paper_id", name=op.f("pk_paper_file")),
    )


def _keep_files() -> None:
    """What was issued is never changed or dropped: the database itself refuses."""
    for verb in ("UPDATE", "DELETE"):
        name = f"paper_file_no_{verb.lower()}"
        if op.get_bind().dialect.name == "sqlite":
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {verb} ON paper_file "
                "BEGIN SELECT RAISE(ABORT, 'paper_file is append-only'); END"
            )
        else:
            op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON paper_file EXECUTE FUNCTION append_only()")


def downgrade() -> None:
    for table in ("paper_file", "paper_case", "paper_talk"):
        op.drop_table(table)
    for name, (_columns, condition) in PARTIAL.items():
        where = sa.text(condition)
        op.drop_index(name, table_name="paper", sqlite_where=where, postgresql_where=where)
    op.drop_index("ix_paper_unit_id_id", table_name="paper")
    op.drop_table("paper")
