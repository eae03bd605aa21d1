"""JSON Schema (2020-12) of the documents, made from the grammar the reader reads by, so that editors complete them."""

from __future__ import annotations

from typing import Any, assert_never

from policy.kinds import SECTIONS
from policy.model.document import FieldOptions, InputItem, Kind, PolicyDocument, ReferenceDocument, VocabularyDocument
from policy.reader.shapes import ExpressionOr, Key, Leaf, ListOf, MapOf, Record, Shape, Word, record
from policy.schema.texts import description
from policy.values import Language

__all__ = ["description", "json_schema"]

_PLAIN: list[str] = ["string", "number", "boolean"]
_ID = "[a-z0-9][a-z0-9-]*"
_LEAVES: dict[Leaf, dict[str, Any]] = {
    Leaf.TEXT: {
        "anyOf": [
            {"type": _PLAIN},
            {
                "type": "object",
                "properties": {"zh": {"type": _PLAIN}, "en": {"type": _PLAIN}},
                "required": ["zh", "en"],
                "additionalProperties": False,
            },
        ]
    },
    Leaf.STRING: {"type": _PLAIN},
    Leaf.ID: {"type": "string", "pattern": f"^{_ID}$"},
    Leaf.POLICY_ID: {"type": "string", "pattern": f"^({'|'.join(Kind)})\\.{_ID}$"},
    Leaf.PATH: {"type": "string"},
    Leaf.EVENT: {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
    Leaf.DURATION: {"type": "string", "pattern": "^P"},
    Leaf.INTEGER: {"type": "integer"},
    Leaf.NUMBER: {"type": "number"},
    Leaf.BOOLEAN: {"type": "boolean"},
    Leaf.DATE: {"type": "string", "format": "date"},
    Leaf.EXPRESSION: {"type": _PLAIN, "format": "feel"},
    Leaf.CONDITION: {"type": [*_PLAIN, "object"], "format": "feel"},
    Leaf.RAW: {"type": [*_PLAIN, "array", "object"]},
    Leaf.ENTRIES: {"type": "object"},
}


def json_schema(kind: Kind | None = None) -> dict[str, Any]:
    """Return the JSON Schema of documents.

    Args:
        kind: The kind of policy it is for; None: every kind, the vocabulary and reference tables too.

    Returns:
        A schema of draft 2020-12; objects are closed, descriptions are in zh and en.
    """
    parts = _Parts()
    if kind is not None:
        return _framed(f"Fairlead policy: {kind}", parts.policy(kind), parts)
    every = [parts.policy(each) for each in Kind]
    every += [parts.part(record(VocabularyDocument)), parts.part(record(ReferenceDocument))]
    return _framed("Fairlead document", {"anyOf": every}, parts)


def _framed(title: str, schema: dict[str, Any], parts: _Parts) -> dict[str, Any]:
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    return {**head, **schema, "$defs": dict(sorted(parts.defined.items()))}


class _Parts:
    """Collects the definitions of the parts a schema refers to.

    Attributes:
        defined: Name of a part → its schema.
    """

    def __init__(self) -> None:
        self.defined: dict[str, Any] = {}

    def policy(self, kind: Kind) -> dict[str, Any]:
        """Return the schema of one kind's documents: the common keys and those of its section."""
        common, section = record(PolicyDocument), record(SECTIONS[kind])
        properties = {**self._properties(common), **self._properties(section)}
        properties["policy"] = {**properties["policy"], "pattern": f"^{kind}\\.{_ID}$"}
        required = [key.name for part in (common, section) for key in part.keys.values() if key.required]
        return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}

    def part(self, grammar: Record) -> dict[str, Any]:
        """Return the schema of a record, which is not referred to by name."""
        required = [key.name for key in grammar.keys.values() if key.required]
        return {
            "type": "object",
            "properties": self._properties(grammar),
            "required": required,
            "additionalProperties": grammar.rest is not None,
        }

    def _properties(self, grammar: Record) -> dict[str, Any]:
        return {name: self._key(grammar.of.__name__, key) for name, key in grammar.keys.items()}

    def _key(self, part: str, key: Key) -> dict[str, Any]:
        text = description(part, key.name)
        schema = {**self._shape(key.shape), "description": f"{text.to(Language.ZH)}\n{text.to(Language.EN)}"}
        if key.least is not None:
            schema[_least(key.shape)] = key.least
        if key.most is not None:
            schema["maximum"] = key.most
        return schema

    def _shape(self, shape: Shape) -> dict[str, Any]:
        match shape:
            case Leaf():
                return dict(_LEAVES[shape])
            case Word():
                return {"enum": [str(word) for word in shape.words]}
            case ListOf():
                return {"type": "array", "items": self._shape(shape.item)}
            case MapOf():
                return self._mapping(shape)
            case ExpressionOr():
                return {"anyOf": [dict(_LEAVES[Leaf.EXPRESSION]), *map(self._shape, shape.records)]}
            case Record():
                return self._input() if shape.of is InputItem else self._reference(shape)
        assert_never(shape)

    def _mapping(self, shape: MapOf) -> dict[str, Any]:
        """Return the schema of a mapping; its keys are told where they are no paths."""
        names = {} if shape.name is Leaf.PATH else {"propertyNames": dict(_LEAVES[shape.name])}
        return {"type": "object", "additionalProperties": self._shape(shape.value), **names}

    def _input(self) -> dict[str, Any]:
        """Return the schema of an item of `inputs`: a path, alone or as the only key of its options."""
        options = self._reference(record(FieldOptions))
        refined = {"type": "object", "additionalProperties": options, "minProperties": 1, "maxProperties": 1}
        return {"anyOf": [{"type": "string"}, refined]}

    def _reference(self, grammar: Record) -> dict[str, Any]:
        name = grammar.of.__name__
        if name not in self.defined:
            self.defined[name] = {}  # first, for parts that hold themselves
            self.defined[name] = self.part(grammar)
        return {"$ref": f"#/$defs/{name}"}


def _least(shape: Shape) -> str:
    if isinstance(shape, ListOf):
        return "minItems"
    return "minProperties" if isinstance(shape, MapOf) else "minimum"
