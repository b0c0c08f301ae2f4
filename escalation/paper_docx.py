"""A paper as a Word file: the office's template filled with facts. Pure: the same facts give the same bytes."""

import hashlib
import io
import unicodedata
import zipfile
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from escalation.paper_facts import PaperFacts
from escalation.paper_kinds import PaperKind
from escalation.paper_ruler import ruler_xml
from escalation.paper_zip import cleaned
from escalation.ruler import SimpleRuler

DELIVERED = Path(__file__).resolve().parent.parent / "data" / "papers"
MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TRACKED = (b"<w:ins ", b"<w:del ", b"<w:moveFrom ", b"<w:commentReference ")
# docxtpl looks at what it has put in once more: a citizen's own braces must stay what they are
BRACES = {"{": "&#123;", "}": "&#125;", "%": "&#37;"}


class BadTemplate(ValueError):
    """The office's own template cannot be used; says in Chinese why."""


def render(kind: PaperKind, facts: PaperFacts, *, own: Path | None = None) -> bytes:
    """The paper of this kind; a template in `own` is used before the delivered one. Raises BadTemplate."""
    from docxtpl import DocxTemplate  # a tenth of the start of a program that rarely prints

    path = template_path(kind, own)
    _refuse_tracked(path)
    paper = DocxTemplate(io.BytesIO(path.read_bytes()))
    jinja = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    try:
        paper.render(_context(facts), jinja, autoescape=True)
    except TemplateError as fault:
        raise BadTemplate(f"模板{path.name}不能使用：{fault}") from fault
    out = io.BytesIO()
    paper.save(out)
    return cleaned(out.getvalue())


def template_path(kind: PaperKind, own: Path | None = None) -> Path:
    """The template in force for a kind."""
    path = own / f"{kind}.docx" if own else None
    return path if path and path.is_file() else DELIVERED / f"{kind}.docx"


def digest(content: bytes) -> str:
    """SHA-256 in hex: what a receipt names and anybody can compute again."""
    return hashlib.sha256(content).hexdigest()


def _refuse_tracked(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as package:
            body = package.read("word/document.xml")
    except (zipfile.BadZipFile, KeyError) as fault:
        raise BadTemplate(f"模板{path.name}不是Word文档（.docx）") from fault
    if any(mark in body for mark in TRACKED):
        raise BadTemplate(f"模板{path.name}含有修订或批注，请先在Word中接受修订、删除批注")


def _context(facts: PaperFacts) -> dict[str, Any]:
    return {field.name: _plain(getattr(facts, field.name)) for field in fields(facts)}


def _plain(value: Any) -> Any:
    """Facts as the template sees them: marked-up text, lists, and groups of such."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, SimpleRuler):
        return Markup(ruler_xml(value))  # noqa: S704  # made here; its texts are escaped one by one
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value


def _text(text: str) -> Markup:
    """Text without what XML cannot hold and without anything that Word or docxtpl would take for a command."""
    line = "".join(_held(char) for char in text)
    found = str(escape(line))
    for brace, entity in BRACES.items():
        found = found.replace(brace, entity)
    return Markup(found)  # noqa: S704  # escaped just above


def _held(char: str) -> str:
    if char in "\n\t":
        return " "
    broken = unicodedata.category(char) in ("Cc", "Cs") or ord(char) & 0xFFFE == 0xFFFE
    return "" if broken else char
