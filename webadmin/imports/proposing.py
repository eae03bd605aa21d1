"""Proposes what the columns of a file mean, by their headings and what they hold; a person looks at it and decides."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from policy.model.document import FieldType, Id, Path
from policy.model.fields import Field
from policy.model.written import Marks, Scalar
from policy.tables import RecordKind, RecordMapping
from policy.tables.document import ColumnOptions, Encoding, FactSource, Replacement
from policy.values import Text
from webadmin import notation
from webadmin.imports.looking import Look, Seen
from webadmin.imports.offered import FACT, Offered
from webadmin.imports.synonyms import ALIKE, FACTS, FIELDS, VALUES, plain
from webadmin.notation import NOWHERE

SPLITS = ("、", ";", "；", "|", ",", "，", "/")

_SELLERS = {plain(each) for each in ("sales agent", "account manager", "sales rep", "客户经理", "业务员", "销售员")}
_OPENING: Mapping[str, str] = {
    "order.id": "id",
    "customer.id": "customer",
    "customer.owner": "owner",
    "requester.id": "owner",
}
"""Facts of a deal that its own fields tell where no column of their own does, so that it can be decided."""

_SHORTEST, _NEAR = 4, 0.8


def proposed(kind: RecordKind, look: Look, offered: Offered, name: str, source: str) -> RecordMapping:
    """Return a first mapping of a file.

    Args:
        kind: What the file holds.
        look: The file.
        offered: The fields of the kind.
        name: The file's name.
        source: The outside system whose ids it carries.
    """
    chosen = dict(_chosen(kind, look, offered))
    for needed, other in (("id", "name"), ("name", "id")):
        if needed in offered.own and needed not in chosen and other in chosen:
            chosen[needed] = chosen[other]
    fields = {Path(each): source_of(offered, each, look.column(column)) for each, column in chosen.items()}
    own = {path: each for path, each in fields.items() if not path.startswith(FACT)}
    facts = {Path(path.removeprefix(FACT)): each for path, each in fields.items() if path.startswith(FACT)}
    own = {name: own[name] for name in map(Path, offered.own) if name in own}
    if kind is RecordKind.PEOPLE and "role" not in own and plain(chosen.get("id", "")) in _SELLERS:
        own[Path("role")] = FactSource(NOWHERE, constant=constant("account-manager"))
    if kind is RecordKind.DEALS and "order.amount" in facts:
        told = {path: own.get(Path(each)) for path, each in _OPENING.items() if path in offered.facts}
        facts |= {Path(path): each for path, each in told.items() if each is not None and path not in facts}
    written = {column: offered.field(each) for each, column in chosen.items()}
    columns = [_column(look.column(column), field) for column, field in written.items()]
    title = re.sub(r"\.\w+\Z", "", name)[:60]
    return RecordMapping(
        place=NOWHERE,
        text="",
        digest="",
        mapping=id_of(name),
        title=Text(title, title),
        encoding=look.encoding or Encoding.UTF_8,
        delimiter=look.delimiter,
        sheet=look.sheet if len(look.sheets) > 1 else None,
        columns=tuple(each for each in columns if each is not None),
        into=kind,
        source=Id(source),
        fields=own,
        facts=facts,
        time_zone="Asia/Shanghai" if kind is RecordKind.EVENTS else None,
        distinct=_repeats(look, chosen.get("id")),
    )


@dataclass(frozen=True, slots=True)
class Doubled:
    """Id and name from one column, although others are not used: one of these may hold the names.

    Attributes:
        column: The one column.
        unused: The others.
    """

    column: str
    unused: tuple[str, ...]


def doubled(mapping: RecordMapping, headings: Iterable[str]) -> Doubled | None:
    """Return whether a mapping takes the id for the name, or the name for the id, and leaves other columns out."""
    own = {str(path): each.column for path, each in mapping.fields.items() if each.join is None}
    used = {each.column for each in (*mapping.fields.values(), *mapping.facts.values())}
    unused = tuple(each for each in headings if each and each not in used)
    column = own.get("id")
    return Doubled(column, unused) if column is not None and column == own.get("name") and unused else None


def constant(text: str, *, plain: bool = False) -> Scalar:
    """Return a value that is the same for every row."""
    return Scalar(text, plain, Marks(NOWHERE.source, ((0, 1, 1),)))


def id_of(name: str) -> Id:
    """Return an id made of a file's name."""
    found = re.sub(r"[^a-z0-9]+", "-", re.sub(r"\.\w+\Z", "", name).lower()).strip("-")
    return Id(found[:60].strip("-") or "file")


def _chosen(kind: RecordKind, look: Look, offered: Offered) -> Iterator[tuple[str, str]]:
    """Yield field and column: what the record has of its own before facts, of each the surest headings first.

    A heading that could be both is the record's own: the `owner` of a deal is who is paid for it.
    """
    free = {plain(each.name): each.name for each in reversed(look.columns)}
    wanted = [(each, (*FIELDS[kind].get(each, ()), *offered.called(each))) for each in offered.own]
    wanted += [(f"{FACT}{path}", (*FACTS.get(kind, {}).get(path, ()), *_called(path, field)))
               for path, field in offered.facts.items()]  # fmt: skip
    ranked = sorted(
        (field.startswith(FACT), rank, order, field, heading)
        for order, (field, headings) in enumerate(wanted)
        for rank, heading in enumerate(map(plain, headings))
        if heading in free
    )
    taken: set[str] = set()
    for _, _, _, field, heading in ranked:
        if field not in taken and heading in free:
            taken.add(field)
            yield field, free.pop(heading)


def _called(path: str, field: Field) -> tuple[str, ...]:
    labels = () if field.label is None else (field.label.zh, field.label.en)
    return (path, *labels) if path.endswith(".id") else (path, *labels, path.rpartition(".")[2])


def source_of(offered: Offered, name: str, seen: Seen | None) -> FactSource:
    """Return how a column becomes a field: words translated, lists split."""
    field = offered.field(name)
    column = None if seen is None else seen.name
    if field is None or seen is None:
        return FactSource(NOWHERE, column=column)
    path = name.removeprefix(FACT)
    split = _split(seen) if field.type is FieldType.LIST else None
    values = tuple(_translated(path, field, seen.words(split)))
    return FactSource(NOWHERE, column=column, values=values, split=split)


def _translated(path: str, field: Field, words: Iterable[str]) -> Iterator[Replacement]:
    """Yield what words are taken for: by the names of the vocabulary, then by what files often say.

    What is known by neither stays as it is, so that somebody looks at it: near words count only where few are allowed.
    """
    allowed = field.known
    said = VALUES.get(ALIKE.get(path, path), {})
    known = {plain(word): value for value, synonyms in said.items() for word in synonyms if value in allowed}
    known |= {plain(text): value for text, value in field.meanings.items()}
    known |= {plain(str(value)): str(value) for value in allowed}
    for text in words:
        if text in allowed:
            continue
        is_close = field.one_of is not None and len(text) >= _SHORTEST
        near = get_close_matches(plain(text), known, 1, _NEAR) if is_close else []
        found = known.get(plain(text)) or (known[near[0]] if near else None)
        if found is not None:
            yield Replacement(NOWHERE, text, found)


def _split(seen: Seen) -> str:
    counts = {each: sum(each in value for value in seen.values) for each in SPLITS}
    return max(SPLITS, key=lambda each: counts[each])


def _column(seen: Seen | None, field: Field | None) -> ColumnOptions | None:
    if seen is None or field is None:
        return None
    if field.type in (FieldType.DATE, FieldType.DATE_TIME):
        pattern = next(iter(notation.day_patterns(seen.values)), None)
        return None if pattern is None else ColumnOptions(NOWHERE, seen.name, date=pattern)
    if field.type is FieldType.NUMBER:
        number = notation.number_options(seen.values)
        return None if number is None else ColumnOptions(NOWHERE, seen.name, number=number)
    return None


def _repeats(look: Look, column: str | None) -> bool:
    seen = None if column is None else look.column(column)
    return seen is not None and any(count > 1 for count in seen.values.values())


def in_effect(mapping: RecordMapping, look: Look) -> bool:
    """Say whether a file has every column a mapping reads from it."""
    names = {each.name for each in look.columns}
    used = {each.column for each in (*mapping.fields.values(), *mapping.facts.values()) if each.join is None}
    return {each for each in used if each is not None} <= names


def rewritten(mapping: RecordMapping, look: Look) -> RecordMapping:
    """Return a mapping for a file that is written otherwise: letters, separators, sheet."""
    return dataclasses.replace(
        mapping,
        encoding=look.encoding or mapping.encoding,
        delimiter=look.delimiter,
        sheet=look.sheet if len(look.sheets) > 1 else None,
    )
