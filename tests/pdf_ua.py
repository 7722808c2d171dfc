"""Our own reading of what PDF/UA-1 wants, beside the validator: `faults(content)` names what is missing.

It knows pypdf only, so it judges the file and not the program that wrote it.
"""

import io
import itertools
import re
from collections.abc import Iterator

from pypdf import PdfReader
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject

PAINTS = {b"Tj", b"TJ", b"'", b'"', b"f", b"F", b"f*", b"S", b"s", b"B", b"B*", b"b", b"b*", b"Do", b"sh"}
BEGINS, ENDS = {b"BDC", b"BMC"}, b"EMC"


def faults(content: bytes) -> list[str]:
    reader = PdfReader(io.BytesIO(content))
    root = reader.trailer["/Root"]
    if "/StructTreeRoot" not in root:
        return ["no structure tree"]
    nodes = list(_nodes(root["/StructTreeRoot"]))
    return [
        *_document(root, reader),
        *_headings([node["/S"] for node in nodes if re.fullmatch(r"/H[1-6]", str(node.get("/S", "")))]),
        *_elements(nodes),
        *(
            f"page {number}: {said}"
            for number, sheet in enumerate(reader.pages, 1)
            for said in _unmarked(reader, sheet)
        ),
    ]


def _document(root, reader: PdfReader) -> Iterator[str]:
    if not root.get("/MarkInfo", {}).get("/Marked"):
        yield "not marked as tagged"
    if not root.get("/Lang"):
        yield "no language"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "the title is not shown"
    if not (reader.metadata and reader.metadata.title):
        yield "no title"
    xmp = root["/Metadata"].get_object().get_data().decode() if "/Metadata" in root else ""
    if not re.search(r"pdfuaid:part(>|=[\"'])1", xmp):
        yield "does not say that it is PDF/UA-1"
    for number, sheet in enumerate(reader.pages, 1):
        if "/StructParents" not in sheet or sheet.get("/Tabs") != "/S":
            yield f"page {number}: not tied to the structure"


def _nodes(node) -> Iterator[DictionaryObject]:
    """Every element of the structure, from the top, in reading order."""
    for kid in _kids(node):
        yield kid
        yield from _nodes(kid)


def _kids(node) -> list[DictionaryObject]:
    """The elements right below; marked content and references are none."""
    held = _held(node, "/K")
    found = [kid.get_object() for kid in (held if isinstance(held, ArrayObject) else [held])]
    return [kid for kid in found if isinstance(kid, DictionaryObject) and "/S" in kid]


def _headings(found: list[str]) -> Iterator[str]:
    levels = [int(name[-1]) for name in found]
    if levels[:1] != [1] or levels.count(1) != 1:
        yield f"headings begin with {levels[:1]}, and there are {levels.count(1)} of level 1"
    for above, level in itertools.pairwise(levels):
        if level > above + 1:
            yield f"a heading of level {level} follows one of level {above}"


def _elements(nodes: list[DictionaryObject]) -> Iterator[str]:
    headers = {str(node["/ID"]) for node in nodes if node["/S"] == "/TH" and "/ID" in node}
    for node in nodes:
        kind, below = node["/S"], {str(kid["/S"]) for kid in _kids(node)}
        if kind == "/Figure" and not node.get("/Alt"):
            yield "a figure without a text"
        if kind == "/TD" and not _names_headers(node, headers):
            yield "a table cell that does not say what its headers are"
        if kind == "/TH" and not any("/Scope" in held for held in _attributes(node)):
            yield "a table header without a scope"
        if kind == "/Table" and below - {"/TR", "/THead", "/TBody", "/TFoot", "/Caption"}:
            yield f"a table holds {sorted(below)}"
        if kind == "/L" and below - {"/LI", "/Caption", "/L"}:
            yield f"a list holds {sorted(below)}"


def _names_headers(cell: DictionaryObject, known: set[str]) -> bool:
    named = {str(name) for held in _attributes(cell) for name in held.get("/Headers", [])}
    return bool(named) and named <= known


def _held(node: DictionaryObject, key: str):
    """What stands under the key itself, which `get` leaves as a reference."""
    return node[key] if key in node else []  # noqa: SIM401


def _attributes(node: DictionaryObject) -> list:
    held = _held(node, "/A")
    return [one.get_object() for one in held] if isinstance(held, ArrayObject) else [held]


def _unmarked(reader: PdfReader, sheet) -> Iterator[str]:
    """Painting outside of any marked content: neither read aloud nor said to be decoration."""
    depth = 0
    for _operands, operator in ContentStream(sheet.get_contents(), reader).operations:
        depth += (operator in BEGINS) - (operator == ENDS)
        if operator in PAINTS and depth == 0:
            yield f"{operator.decode()} outside of marked content"
            return
