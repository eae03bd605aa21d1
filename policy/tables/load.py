"""The text of a mapping → the mapping, or every finding."""

from __future__ import annotations

import pathlib

from policy.errors import Finding, Place, SourceError
from policy.reader.leaves import Leaves
from policy.reader.shapes import record
from policy.reader.values import Reading
from policy.tables.document import MappingDocument
from policy.yamltext import Composed, MapNode, canonical, compose, digest
from policy.yamltext.canonical import MOST_BYTES


def load_mapping(source: str | bytes | pathlib.Path) -> MappingDocument:
    """Load a mapping.

    Args:
        source: Its text, its UTF-8 bytes, or the path of a file that is read.

    Raises:
        SourceError: it has errors; carries every finding.
        OSError: the file cannot be read.
    """
    name = str(source) if isinstance(source, pathlib.Path) else "<text>"
    text = canonical(_bytes(source) if isinstance(source, pathlib.Path) else source, name)
    composed = compose(text, name)
    document = _read(composed, text) if isinstance(composed.root, MapNode) else None
    findings = composed.collector.findings
    if document is None or composed.collector.refused:
        raise SourceError(findings or [Finding("table-no-mapping", Place(name, 1, 1))])
    return document


def _bytes(path: pathlib.Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _read(composed: Composed, text: str) -> MappingDocument | None:
    root = composed.root
    if not isinstance(root, MapNode):
        return None
    leaves = Leaves(composed)
    reading = Reading(leaves)
    grammar = record(MappingDocument)
    values = reading.fields(grammar, root, {})
    written = {"place": leaves.place(root), "text": text, "digest": digest(text)}
    document: MappingDocument | None = reading.built(grammar, root, {**written, **values})
    return document
