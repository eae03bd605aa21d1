"""Resolves declared fields: the vocabulary's, a policy's refinements of them, and local declarations."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from policy.errors import Place, did_you_mean
from policy.linker.log import Log
from policy.model import reading
from policy.model.document import FieldClass, FieldOptions, FieldType, InputItem, VocabularyDocument
from policy.model.fields import Field
from policy.model.written import Raw

_PLAIN = {str(each) for each in FieldType} - {"list", "context"}


def vocabulary(document: VocabularyDocument, log: Log) -> dict[str, Field]:
    """Resolve the fields of the vocabulary.

    Returns:
        Path → field, items of `of: <group>` lists written out. Fields with findings are left out.
    """
    found: dict[str, Field] = {}
    for path, options in document.fields.items():
        resolved = declared(path, options, log, vocabulary=True)
        if resolved is not None:
            found[path] = resolved
    return found


def declared(path: str, options: FieldOptions, log: Log, *, vocabulary: bool = False) -> Field | None:
    """Resolve a field declared from scratch; None when it has no type."""
    if options.class_ is FieldClass.FORBIDDEN:
        return Field(path, FieldType.STRING, class_=FieldClass.FORBIDDEN, vocabulary=vocabulary)
    if options.type is None:
        log.add("field-without-type", options.place, name=path, expected=tuple(FieldType))
        return None
    return _with_options(Field(path, options.type, vocabulary=vocabulary), options, log)


def refined(base: Field, options: FieldOptions, log: Log) -> Field:
    """Resolve a policy's refinement of a vocabulary field; it may narrow it, never widen it."""
    if options.type is not None and options.type is not base.type:
        log.add("type-clash", options.place, name=base.path, found=str(options.type), expected=str(base.type))
        return base
    result = _with_options(base, options, log)
    for wider in _widened(base, result):
        log.add("refinement-widens", options.place, name=base.path, key=wider)
    return result


def _widened(base: Field, result: Field) -> list[str]:
    wider = []
    if base.one_of is not None and not set(result.one_of or ()) <= set(base.one_of):
        wider.append("one_of")
    if base.scale is not None and (result.scale or 0) > base.scale:
        wider.append("scale")
    if base.min is not None and result.min < base.min:
        wider.append("min")
    if base.max is not None and result.max > base.max:
        wider.append("max")
    if base.class_ is not FieldClass.OPEN and result.class_ is not base.class_:
        wider.append("class")
    if base.unit is not None and result.unit != base.unit:
        wider.append("unit")
    return wider


def _with_options(field: Field, options: FieldOptions, log: Log) -> Field:
    _fitting(field, options, log)
    changes: dict[str, Any] = {
        name: value
        for name, value in (
            ("unit", options.unit),
            ("scale", options.scale),
            ("class_", options.class_),
            ("label", options.label),
            ("optional", options.optional),
        )
        if value is not None
    }
    if options.of is not None and options.of in _PLAIN:
        changes["of"] = FieldType(options.of)
    field = dataclasses.replace(field, **changes)
    bare = dataclasses.replace(field, one_of=None, min=None, max=None)
    if options.one_of is not None:
        values = [_literal(each, _item(bare), log) for each in options.one_of]
        field = dataclasses.replace(field, one_of=tuple(value for value in values if value is not None))
    for name, raw in (("min", options.min), ("max", options.max)):
        if raw is not None:
            field = dataclasses.replace(field, **{name: _literal(raw, bare, log)})
    if options.default is not None:
        field = dataclasses.replace(field, has_default=True, default=_literal(options.default, field, log))
    return field


def _fitting(field: Field, options: FieldOptions, log: Log) -> None:
    """Note options that mean nothing for the field's type."""
    numeric = FieldType.NUMBER in (field.type, field.of) or options.of == "number"
    wrong = []
    if not numeric:
        wrong += [name for name in ("unit", "scale") if getattr(options, name) is not None]
    if field.type in (FieldType.BOOLEAN, FieldType.CONTEXT) and options.one_of is not None:
        wrong.append("one_of")
    if field.type in (FieldType.BOOLEAN, FieldType.CONTEXT, FieldType.LIST, FieldType.STRING):
        wrong += [name for name in ("min", "max") if getattr(options, name) is not None]
    if field.type is not FieldType.LIST and options.of is not None:
        wrong.append("of")
    for name in wrong:
        log.add("option-unfit", options.place, name=field.path, key=name, found=str(field.type))
    if options.scale is not None and options.scale < 0:
        log.add("scale-negative", options.place, name=field.path, found=options.scale)
    if options.optional and options.default is not None:
        log.add("optional-with-default", options.place, name=field.path)


def _item(field: Field) -> Field:
    if field.type is FieldType.LIST and field.of is not None:
        return dataclasses.replace(field, type=field.of, of=None)
    return field


def _literal(raw: Raw, field: Field, log: Log) -> Any:
    value, findings = reading.from_raw(field, raw)
    log.extend(findings)
    return value


class Inputs:
    """Resolves the inputs of one policy.

    Attributes:
        fields: Path → field, in order.
    """

    def __init__(self, shared: Mapping[str, Field], log: Log) -> None:
        self.fields: dict[str, Field] = {}
        self._places: dict[str, Place] = {}
        self._shared = shared
        self._forbidden = {path for path, field in shared.items() if field.class_ is FieldClass.FORBIDDEN}
        self._log = log

    def add(self, items: Iterable[InputItem]) -> None:
        """Resolve the items of `inputs`."""
        for item in items:
            if item.path in self.fields:
                self._log.add("input-twice", item.place, name=item.path, line=self._places[item.path].line)
                continue
            self._places[item.path] = item.place
            resolved = self._resolved(item)
            if resolved is not None:
                self._include(resolved)
                self._include_group(resolved, item)

    def _resolved(self, item: InputItem) -> Field | None:
        if self._is_forbidden(item):
            self._log.add("input-forbidden", item.place, name=item.path)
            return None
        base = self._shared.get(item.path)
        if base is not None:
            return refined(base, item.options, self._log)
        if item.options.type is None and self._is_list_of_items(item.path):
            return _with_options(Field(item.path, FieldType.LIST), item.options, self._log)
        if item.options.type is None:
            known = did_you_mean(item.path, [*self._shared, *self.fields])
            self._log.add("unknown-input", item.place, len(item.path), found=item.path, **known)
            return None
        return declared(item.path, item.options, self._log)

    def _is_forbidden(self, item: InputItem) -> bool:
        if item.options.class_ is FieldClass.FORBIDDEN:
            return True
        plain = item.path.replace("[]", "")
        names = plain.split(".")
        prefixes = {".".join(names[: end + 1]) for end in range(len(names))}
        singular = {f"person.{names[-1]}"} if len(names) > 1 else set()
        return bool((prefixes | singular) & self._forbidden)

    def _is_list_of_items(self, path: str) -> bool:
        return any(known.startswith(f"{path}[].") for known in (*self._shared, *self._later))

    _later: tuple[str, ...] = ()

    def announce(self, items: Iterable[InputItem]) -> None:
        """Tell which paths will come, so that a list may stand before the fields of its items."""
        self._later = tuple(item.path for item in items)

    def _include(self, field: Field) -> None:
        self.fields[field.path] = field

    def _include_group(self, field: Field, item: InputItem) -> None:
        """Write out `of: <group>`: every shared field under that name becomes a field of the items."""
        of = item.options.of or self._group_of(field)
        if field.type is not FieldType.LIST or of is None or of in _PLAIN or of in ("list", "context"):
            return
        prefix = f"{of}."
        members = [each for path, each in self._shared.items() if path.startswith(prefix)]
        if not members:
            groups = {path.partition(".")[0] for path in self._shared if "." in path}
            self._log.add("unknown-group", item.place, found=of, **did_you_mean(of, [*_PLAIN, *groups]))
        for each in members:
            path = f"{field.path}[].{each.path.removeprefix(prefix)}"
            self.fields.setdefault(path, dataclasses.replace(each, path=path))

    def _group_of(self, field: Field) -> str | None:
        return self._groups.get(field.path)

    _groups: Mapping[str, str] = {}

    def know_groups(self, document: VocabularyDocument | None) -> None:
        """Learn the groups that lists of the vocabulary are made of."""
        if document is not None:
            self._groups = {path: options.of for path, options in document.fields.items() if options.of is not None}
