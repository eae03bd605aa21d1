"""Writes decisions as tables: CSV for spreadsheets, JSON Lines for programs."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import chain, islice
from typing import Any, TextIO

from policy.model.canonical import canonical_json
from policy.model.decision import Decision
from policy.tables.report import Row
from policy.values import plain

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_LIST_JOINT = "; "
_LOOKED_AT = 1000
_MORE = "more"
_ALWAYS = ("row", "key", "policy", "as_of", "status", "hits", "missing")


def flat(row: Row, decision: Decision) -> dict[str, Any]:
    """Return a decision as one record of a table.

    Args:
        row: Where its facts came from.
        decision: The decision.

    Returns:
        `row`, `key`, `policy`, `as_of` and `status`; then every output as `outcome.<name>`, every part of the
        result as `result.<name>`, and `hits` and `missing`. What is no single value stays a list or mapping.
    """
    record: dict[str, Any] = {"row": row.number, "key": row.key, "policy": decision.policy}
    record |= {"as_of": decision.as_of, "status": str(decision.status)}
    if isinstance(decision.outcome, dict):
        record |= {f"outcome.{name}": value for name, value in decision.outcome.items()}
    elif decision.outcome is not None:
        record["outcome"] = decision.outcome
    if decision.result is not None:
        record |= {f"result.{name}": value for name, value in decision.result.to_data().items()}
    return {**record, "hits": decision.hits, "missing": decision.missing}


def write_csv(stream: TextIO, records: Iterable[Mapping[str, Any]]) -> int:
    """Write records as CSV.

    A text that a spreadsheet would take for a formula gets an apostrophe in front. Lists of texts are joined by `; `,
    other nested values are JSON.

    Args:
        stream: A text file opened with `newline=""`; as `utf-8-sig`, so that spreadsheets read Chinese.
        records: Records; the keys of the first thousand make the columns, in order of appearance. Keys that come
            up later are written as JSON into a last column `more`.

    Returns:
        Rows written, the header left out.
    """
    remaining = iter(records)
    first = [dict(record) for record in islice(remaining, _LOOKED_AT)]
    columns = list(dict.fromkeys(name for record in first for name in record)) or list(_ALWAYS)
    if len(first) == _LOOKED_AT:
        columns.append(_MORE)
    writer = csv.writer(stream)
    writer.writerow([_cell(name) for name in columns])
    count = 0
    for record in chain(first, remaining):
        more = {name: value for name, value in record.items() if name not in columns}
        writer.writerow([_cell(record.get(name)) if name != _MORE else _cell(more or None) for name in columns])
        count += 1
    return count


def write_jsonl(stream: TextIO, records: Iterable[Mapping[str, Any]]) -> int:
    """Write records as canonical JSON, one per line.

    Returns:
        Lines written.
    """
    count = 0
    for record in records:
        stream.write(canonical_json(record) + "\n")
        count += 1
    return count


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return _cell(_LIST_JOINT.join(value))
    text = canonical_json(value)
    return _cell(text[1:-1]) if text.startswith('"') else text
