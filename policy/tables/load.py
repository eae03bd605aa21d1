"""The text of a mapping → the mapping, or every finding."""

from __future__ import annotations

import pathlib
from typing import TypeVar

from policy.errors import Finding, Place, SourceError
from policy.reader.leaves import Leaves
from policy.reader.shapes import record
from policy.reader.values import Reading
from policy.tables.document import FileOptions, MappingDocument, RecordMapping
from policy.yamltext import Composed, MapNode, canonical, compose, digest
from policy.yamltext.canonical import MOST_BYTES

_Loaded = TypeVar("_Loaded", bound=FileOptions)


def load_mapping(source: str | bytes | pathlib.Path) -> MappingDocument:
    """Load a mapping into the facts of a policy (`for`).

    Args:
        source: Its text, its UTF-8 bytes, or the path of a file that is read.

    Raises:
        SourceError: it has errors; carries every finding.
        OSError: the file cannot be read.
    """
    return _load(source, MappingDocument, "for", "into")


def load_record_mapping(source: str | bytes | pathlib.Path, *, name: str | None = None) -> RecordMapping:
    """Load a mapping into records (`into`).

    Args:
        source: Its text, its UTF-8 bytes, or the path of a file that is read.
        name: What places call it; otherwise its path, `<text>` where there is none.

    Raises:
        SourceError: it has errors; carries every finding.
        OSError: the file cannot be read.
    """
    return _load(source, RecordMapping, "into", "for", name)


def _load(
    source: str | bytes | pathlib.Path, of: type[_Loaded], own: str, other: str, name: str | None = None
) -> _Loaded:
    name = name or (str(source) if isinstance(source, pathlib.Path) else "<text>")
    text = canonical(mapping_bytes(source) if isinstance(source, pathlib.Path) else source, name)
    composed = compose(text, name)
    root = composed.root
    if isinstance(root, MapNode) and root.get(own) is None and root.get(other) is not None:
        raise SourceError([Finding("table-other-mapping", Place(name, 1, 1), {"found": other, "expected": own})])
    document = _read(composed, root, text, of) if isinstance(root, MapNode) else None
    findings = composed.collector.findings
    if document is None or composed.collector.refused:
        raise SourceError(findings or [Finding("table-no-mapping", Place(name, 1, 1))])
    return document


def mapping_bytes(path: pathlib.Path) -> bytes:
    """Return the bytes of a mapping, no more than show that it is too large.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _read(composed: Composed, root: MapNode, text: str, of: type[_Loaded]) -> _Loaded | None:
    leaves = Leaves(composed)
    reading = Reading(leaves)
    grammar = record(of)
    values = reading.fields(grammar, root, {})
    written = {"place": leaves.place(root), "text": text, "digest": digest(text)}
    document: _Loaded | None = reading.built(grammar, root, {**written, **values})
    return document
