"""Evidence kept by its content: the kind is read from the bytes, never from the name; equal files are kept once.

The bytes stand in the database, so that a file and the act it proves are one transaction and every host sees both.
"""

import hashlib
import io
import zipfile
from datetime import datetime

from sqlalchemy import LargeBinary, select
from sqlalchemy.orm import Mapped, Session, deferred, mapped_column

from core.db import Base, insert_of

MEGABYTE = 1024 * 1024
LARGEST = 10 * MEGABYTE
MAX_UNPACKED = 100 * MEGABYTE
MAX_RATIO = 100  # above one megabyte; office files pack less
MAX_ENTRIES = 2000
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUFFIX = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", WORD: ".docx", EXCEL: ".xlsx"}
_STARTS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
ALLOWED = "PDF、PNG、JPG、Word（.docx）、Excel（.xlsx）"


class BadFile(ValueError):
    """Not taken; says in Chinese why."""


class File(Base):
    __tablename__ = "file"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(unique=True)
    media: Mapped[str]
    size: Mapped[int]
    kept_at: Mapped[datetime]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))


def keep(session: Session, name: str, data: bytes, *, at: datetime) -> File:
    """The row of these bytes, new or already there. Raises BadFile; `name` only makes the refusal readable."""
    media = kind_of(name, data)
    digest = hashlib.sha256(data).hexdigest()
    known = select(File).where(File.sha256 == digest)
    found = session.scalar(known)
    if found is None:
        row = {"sha256": digest, "media": media, "size": len(data), "kept_at": at, "content": data}
        # two people may upload the same file at the same moment
        session.execute(insert_of(session)(File).values(**row).on_conflict_do_nothing())
        found = session.scalars(known).one()
    return found


def kind_of(name: str, data: bytes) -> str:
    """The media type by content. Raises BadFile."""
    shown = f"“{name[:60]}”" if name else "文件"
    if not data:
        raise BadFile(f"{shown}是空文件")
    if len(data) > LARGEST:
        raise BadFile(f"{shown}超过{LARGEST // MEGABYTE}MB，请压缩图片或拆成几个文件")
    for start, media in _STARTS:
        if data.startswith(start):
            return media
    if data.startswith(b"PK\x03\x04"):
        return _office_kind(shown, data)
    raise BadFile(f"{shown}不是可以接收的文件，请上传{ALLOWED}")


def _office_kind(shown: str, data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as fault:
        raise BadFile(f"{shown}已损坏或不完整，请另存后再上传") from fault
    names = {entry.filename.lower() for entry in entries}
    unpacked, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or unpacked > max(MEGABYTE, MAX_RATIO * packed):
        raise BadFile(f"{shown}解压后过大，为安全起见不予接收")
    if any(name.endswith("vbaproject.bin") or "/activex/" in name for name in names):
        raise BadFile(f"{shown}带有宏，请另存为不带宏的文件")
    for part, media in (("word/document.xml", WORD), ("xl/workbook.xml", EXCEL)):
        if part in names and "[content_types].xml" in names:
            return media
    raise BadFile(f"{shown}不是可以接收的文件，请上传{ALLOWED}")
