"""The package of a .docx: the same parts give the same bytes, and nothing in it tells who made it.

Word writes names, times, revision ids and comments into a file; none of that leaves the office with a paper.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
CORE_RELATION = f"{PACKAGE}/relationships/metadata/core-properties"
FIRST = "[Content_Types].xml"
CORE = (
    f'{DECLARATION}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:language>zh-CN</dc:language></cp:coreProperties>'
)
APP = f'{DECLARATION}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
# parts that Word adds and a paper must not carry: comments and their authors, custom properties, a thumbnail
HIDDEN = re.compile(
    r"docProps/(?!core\.xml|app\.xml)|word/(comments|people|commentsExt|commentsIds)|customXml/|custom\.xml"
)
REVISION = re.compile(
    r'\sw:rsid\w*="[^"]*"|\sw14:(?:paraId|textId)="[^"]*"|<w:rsids>.*?</w:rsids>', re.DOTALL
)
MOMENT = (1980, 1, 1, 0, 0, 0)
PLAIN_FILE = 0o600 << 16
PART_TYPES = {"document.xml": "document.main", "fontTable.xml": "fontTable"}


def packed(parts: Mapping[str, str]) -> bytes:
    """A new package of these word/ parts, with the parts that every package must have."""
    names = [name for name in parts if name != "word/document.xml"]
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATION}/{_role(name)}" Target={quoteattr(name.removeprefix("word/"))}/>'
        for n, name in enumerate(names, 1)
    )
    root = f'<Relationship Id="rId1" Type="{RELATION}/officeDocument" Target="word/document.xml"/>'
    root += f'<Relationship Id="rId2" Type="{CORE_RELATION}" Target="docProps/core.xml"/>'
    root += f'<Relationship Id="rId3" Type="{RELATION}/extended-properties" Target="docProps/app.xml"/>'
    around = {FIRST: _content_types(parts), "_rels/.rels": _relations(root)}
    around["word/_rels/document.xml.rels"] = _relations(relations)
    own = {name: DECLARATION + text for name, text in parts.items()}
    return _zipped({**around, **own, "docProps/core.xml": CORE, "docProps/app.xml": APP})


def cleaned(package: bytes) -> bytes:
    """The same paper without authors, times, comments, custom properties and revision ids."""
    kept: dict[str, str | bytes] = {}
    with zipfile.ZipFile(io.BytesIO(package)) as found:
        for name in found.namelist():
            if HIDDEN.match(name):
                continue
            data = found.read(name)
            kept[name] = _quiet(name, data.decode("utf-8")) if name.endswith((".xml", ".rels")) else data
    return _zipped(kept | {"docProps/core.xml": CORE, "docProps/app.xml": APP})


def _quiet(name: str, text: str) -> str:
    """One part without marks of revision; lists of parts without what was left out."""
    if name == FIRST:
        return re.sub(r"<Override\b[^>]*/>", lambda m: "" if _is_hidden(m[0], 'PartName="/') else m[0], text)
    if name.endswith(".rels"):
        return re.sub(r"<Relationship\b[^>]*/>", lambda m: "" if _leads_away(m[0]) else m[0], text)
    return REVISION.sub("", text)


def _is_hidden(element: str, before: str) -> bool:
    return HIDDEN.match(element.partition(before)[2]) is not None


def _leads_away(relation: str) -> bool:
    target = re.search(r'Target="/?(?:\.\./)?([^"]*)"', relation)
    name = target[1] if target else ""
    return bool(HIDDEN.match(name) or HIDDEN.match(f"word/{name}"))


def _role(name: str) -> str:
    return re.sub(r"\d*\.xml$", "", name.removeprefix("word/"))


def _relations(inner: str) -> str:
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'


def _content_types(parts: Mapping[str, str]) -> str:
    kinds = {name: f"{TYPES}.{PART_TYPES.get(name.removeprefix('word/'), _role(name))}+xml" for name in parts}
    kinds["docProps/core.xml"] = "application/vnd.openxmlformats-package.core-properties+xml"
    kinds["docProps/app.xml"] = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
    rows = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in kinds.items())
    return (
        f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{rows}</Types>'
    )


def _zipped(files: Mapping[str, str | bytes]) -> bytes:
    """Sorted entries of one fixed moment: a package depends on its content alone."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as made:
        for name in sorted(files, key=lambda name: (name != FIRST, name)):
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.compress_type, entry.external_attr, entry.create_system = (
                zipfile.ZIP_DEFLATED,
                PLAIN_FILE,
                3,
            )
            made.writestr(entry, files[name])
    return out.getvalue()
