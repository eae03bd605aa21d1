"""The text of a document → the document, whole, or every finding that speaks against it.

`read` takes a text apart by the grammar of the dataclasses in `policy.model.document` and `policy.kinds`.
Findings come all at once, in order of place; a document with an error among them is not given out by halves.
What needs other documents or the language (names, types, FEEL) is the linker's.
"""

from __future__ import annotations

import pathlib
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from policy.errors import Finding, Place, SourceError
from policy.kinds import SECTIONS
from policy.model.document import Document, Kind, PolicyDocument, ReferenceDocument, VocabularyDocument
from policy.reader.leaves import Leaves
from policy.reader.shapes import Record, keys_of_kinds, record
from policy.reader.values import Reading
from policy.values import Text
from policy.yamltext import MapNode, Node, ScalarNode, canonical, compose, digest
from policy.yamltext.canonical import MOST_BYTES

__all__ = ["Read", "read"]

_TOP = Text(
    zh="以 policy、vocabulary 或 reference 开头的映射", en="a mapping that begins with policy, vocabulary or reference"
)

_TYPES: Mapping[str, type[Document]] = {
    "policy": PolicyDocument,
    "vocabulary": VocabularyDocument,
    "reference": ReferenceDocument,
}
"""Documents by their top key."""


@dataclass(frozen=True, slots=True)
class Read:
    """What reading a text gave.

    Attributes:
        document: The document; None when a finding is of grade error.
        findings: Every finding, in order of place.
        text: Canonical text; empty when the text has none (not UTF-8, too large, forbidden characters).
        name: What places call the text.
        remains: What could be read in spite of errors, to find what else is wrong; never to be used. None where
            too little is left, and where there is a document.
    """

    document: Document | None
    findings: tuple[Finding, ...]
    text: str
    name: str
    remains: Document | None = None


def read(source: str | bytes | pathlib.Path, *, name: str | None = None) -> Read:
    """Read a policy, a vocabulary or a reference table.

    Args:
        source: The text, its UTF-8 bytes, or the path of a file that is read.
        name: What places call it: by custom the file's path, `<text>` where there is none.

    Raises:
        OSError: the file cannot be read.
    """
    path = source if isinstance(source, pathlib.Path) else None
    name = name or (str(path) if path else "<text>")
    try:
        text = canonical(_bytes(source) if isinstance(source, pathlib.Path) else source, name)
    except SourceError as error:
        return Read(None, error.findings, "", name)
    composed = compose(text, name)
    document = None
    if composed.root is not None:
        document = _Documents(Leaves(composed), text).read(composed.root, path)
    collector = composed.collector
    findings = tuple(sorted(collector.findings, key=lambda finding: finding.place))
    if collector.refused:
        return Read(None, findings, text, name, document)
    return Read(document, findings, text, name)


def _bytes(path: pathlib.Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


class _Documents:
    """Makes a document of a text's nodes."""

    def __init__(self, leaves: Leaves, text: str) -> None:
        self._leaves = leaves
        self._reading = Reading(leaves)
        self._text = text

    def read(self, root: Node, path: pathlib.Path | None) -> Document | None:
        """Return the document of a root node, or None after a finding."""
        if not isinstance(root, MapNode):
            self._leaves.wrong(_TOP, root)
            return None
        top = next((key for key in _TYPES if root.entry(key)), None)
        if top is None:
            first = root.entries[0][0] if root.entries else root
            said = self._leaves.near(first.value, _TYPES) if isinstance(first, ScalarNode) else {}
            self._leaves.find("unknown-document", first, expected=tuple(_TYPES), **said)
            return None
        self._check_file(root, top, path)
        return self._policy(root) if top == "policy" else self._other(root, _TYPES[top])

    def _policy(self, root: MapNode) -> PolicyDocument | None:
        kind = _kind(root)
        if kind is None:
            self._reading.fields(record(PolicyDocument), _without(root, keys_of_kinds()), {})
            return None
        common, section = record(PolicyDocument), record(SECTIONS[kind])
        keys = {**common.keys, **section.keys}
        others = {key: owner for key, owner in keys_of_kinds().items() if key not in keys}
        values = self._reading.fields(Record(PolicyDocument, keys), root, others)
        own = {key.field: values.pop(key.field) for key in section.keys.values() if key.field in values}
        places = {key.value: self._leaves.place(key) for key, _ in root.entries}
        values |= {**self._written(root), "places": MappingProxyType(places)}
        values["section"] = self._reading.built(section, root, own)
        document: PolicyDocument | None = self._reading.built(common, root, values)
        return document

    def _other(self, root: MapNode, of: type[Document]) -> Any:
        grammar = record(of)
        return self._reading.built(grammar, root, {**self._reading.fields(grammar, root, {}), **self._written(root)})

    def _written(self, root: MapNode) -> dict[str, str | Place]:
        return {"place": self._leaves.place(root), "text": self._text, "digest": digest(self._text)}

    def _check_file(self, root: MapNode, top: str, path: pathlib.Path | None) -> None:
        """Note a policy or a reference table that lies in another file than its id says."""
        named = root.get(top)
        if path is None or not isinstance(named, ScalarNode):
            return
        folder = path.absolute().parent.name
        if top == "policy" and folder in list(Kind):
            expected = f"{folder}.{path.stem}"
        elif top == "reference" and folder == "reference":
            expected = path.stem
        else:
            return
        if named.value != expected:
            self._leaves.find("wrong-file", named, found=named.value, expected=expected)


def _kind(root: MapNode) -> Kind | None:
    named = root.get("policy")
    kind = named.value.partition(".")[0] if isinstance(named, ScalarNode) else ""
    return Kind(kind) if kind in list(Kind) else None


def _without(node: MapNode, keys: Container[str]) -> MapNode:
    return replace(node, entries=tuple(entry for entry in node.entries if entry[0].value not in keys))
