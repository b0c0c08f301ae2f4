"""Evidence is known by its bytes, never by its name."""

import io
import threading
import zipfile
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from core import downloads, files
from core.db import Database
from core.files import EXCEL, WORD, BadFile, File

AT = datetime(2026, 9, 22, tzinfo=UTC)
PDF, PNG, JPEG = b"%PDF-1.7 x", b"\x89PNG\r\n\x1a\n x", b"\xff\xd8\xff\xe0 x"


def office(*parts: str, filler: int = 0) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in ("[Content_Types].xml", *parts):
            archive.writestr(part, "<x/>")
        if filler:
            archive.writestr("filler", bytes(filler))
    return made.getvalue()


@pytest.mark.parametrize(
    ("data", "media"),
    [
        (PDF, "application/pdf"),
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (office("word/document.xml"), WORD),
        (office("xl/workbook.xml"), EXCEL),
    ],
)
def test_the_kind_is_read_from_the_bytes(data: bytes, media: str) -> None:
    assert files.kind_of("随便.exe", data) == media


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空文件"),
        (b"<html><script>alert(1)</script>", "不是可以接收的文件"),
        (b"MZ\x90\x00", "不是可以接收的文件"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "不是可以接收的文件"),
        (b"PK\x03\x04 broken", "已损坏"),
        (office("other.xml"), "不是可以接收的文件"),
        (office("word/document.xml", "word/vbaProject.bin"), "带有宏"),
        (office("word/document.xml", filler=30_000_000), "解压后过大"),
        (b"%PDF-" + bytes(files.LARGEST), "超过10MB"),
    ],
)
def test_what_is_no_evidence_is_refused_with_a_reason(data: bytes, words: str) -> None:
    with pytest.raises(BadFile, match=words):
        files.kind_of("附件.pdf", data)


def test_equal_files_are_kept_once(db: Database) -> None:
    with db.writing() as session:
        first, second = files.keep(session, "a.pdf", PDF, at=AT), files.keep(session, "b.pdf", PDF, at=AT)
    assert first.id == second.id


def test_two_who_upload_the_same_file_at_once_share_it(db: Database) -> None:
    def upload() -> None:
        with db.writing() as session:
            files.keep(session, "a.pdf", PDF, at=AT)

    threads = [threading.Thread(target=upload) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.reading() as session:
        assert len(session.scalars(select(File)).all()) == 1


def test_the_bytes_come_back_as_they_were(db: Database) -> None:
    with db.writing() as session:
        made = files.keep(session, "a.pdf", PDF, at=AT)
    with db.reading() as session:
        assert session.get_one(File, made.id).content == PDF


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("现场照片", "现场照片.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("a\r\nSet-Cookie: x.PDF", "aSet-Cookie x.PDF"),
        ("\u202egpj.exe", "gpj.exe.pdf"),
        ("", "附件.pdf"),
        ("长" * 300, "长" * 80 + ".pdf"),
    ],
)
def test_a_download_has_a_harmless_name(name: str, shown: str) -> None:
    from urllib.parse import unquote

    answer = downloads.send(File(media="application/pdf", content=PDF), name)
    assert unquote(answer.headers["Content-Disposition"]).partition("UTF-8''")[2] == shown
