"""Holds revisions, proposals, publications and signals, no chains of their own, against the audit entries of them.

Each of these entries names the revision with number, digest, author and instant; so whatever was proposed or published
is proven by the chain of audit entries. Every state of a signal is such an entry, too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, or_, select

from policy.model.canonical import canonical_json
from webadmin.store import signals
from webadmin.store.audit import Action
from webadmin.store.raw import columns, digest_bytes, raw, same, sha
from webadmin.store.recompute import parsed
from webadmin.store.report import Finding, Open, Report, Wrong
from webadmin.store.tables import AUDIT, ENTRIES, PROPOSALS, PUBLICATIONS, REVISIONS, SIGNALS

_SIGNALS = frozenset({Action.SIGNALLED, Action.SIGNAL_CHANGED})
_ENDED = {
    Action.APPROVED: "approved",
    Action.DECLINED: "declined",
    Action.RETURNED: "returned",
    Action.WITHDRAWN: "withdrawn",
}


@dataclass(slots=True)
class _Told:
    """What sound audit entries tell: id or number of a row → its columns.

    Attributes:
        erasable: Ids of signals whose entry lost a name to an erasure, which removes those about the person.
    """

    revisions: dict[Any, dict[str, Any]] = field(default_factory=dict)
    publications: dict[Any, dict[str, Any]] = field(default_factory=dict)
    proposals: dict[Any, dict[str, Any]] = field(default_factory=dict)
    signals: dict[Any, dict[str, Any]] = field(default_factory=dict)
    erasable: set[str] = field(default_factory=set)


def check(connection: Connection, report: Report) -> frozenset[tuple[str, str]]:
    """Check revisions, publications, proposals and signals.

    Returns:
        Names and digests of the documents whose text is what its digest says.
    """
    told = _told(connection)
    kept = _revisions(connection, told, report)
    _rows(connection, PUBLICATIONS, "seq", told.publications, report)
    _rows(connection, PROPOSALS, "id", told.proposals, report)
    _signals(connection, told, report)
    return kept


def _told(connection: Connection) -> _Told:
    told = _Told()
    for entry, is_redacted in _entries(connection):
        what, act = entry["what"], {"at": datetime.fromisoformat(entry["recorded_at"]), "by": entry["actor"]}
        action = Action(entry["action"])
        if action in _SIGNALS:
            _add_signal(told, entry, act["at"], is_redacted=is_redacted)
        elif action is Action.PUBLISHED:
            told.publications[int(what["publication"])] = _publication(entry, what, act["at"])
        elif action is Action.PROPOSED:
            told.proposals[what["proposal"]] = _proposal(entry, what, act)
        elif what["proposal"] in told.proposals:
            state = {"state": _ENDED[action], "decided_at": act["at"], "decided_by": act["by"]}
            told.proposals[what["proposal"]] |= state | {"remark": what["remark"]}
        if "revision" in what and action not in _SIGNALS:
            told.revisions[what["revision"]] = _revision(entry, what)
    return told


def _entries(connection: Connection) -> Iterator[tuple[dict[str, Any], bool]]:
    """Yield the bodies of sound audit entries about what is no chain, in order, and whether each lost a name."""
    actions = {Action.PROPOSED, Action.PUBLISHED, *_ENDED, *_SIGNALS}
    about = or_(*(AUDIT.c.body.contains(f'"action":"{each}"', autoescape=True) for each in sorted(actions)))
    chosen = (
        select(raw(AUDIT.c.salt), raw(AUDIT.c.body), raw(AUDIT.c.erased_by), raw(ENTRIES.c.digest))
        .join(ENTRIES, ENTRIES.c.row_id == AUDIT.c.id)
        .where(ENTRIES.c.chain == "audit", about)
        .order_by(ENTRIES.c.seq)
    )
    for row in connection.execute(chosen):
        if sha(digest_bytes(row.salt, row.body)) == row.digest or _is_redacted(row):
            body = parsed(row.body)
            if body["action"] in actions:
                yield body, _is_redacted(row)


def _add_signal(told: _Told, entry: Mapping[str, Any], at: datetime, *, is_redacted: bool) -> None:
    name = entry["object"]
    before = told.signals.get(name, {"created_at": at})
    told.signals[name] = {**before, **signals.columns_of(entry["what"]), "changed_at": at}
    told.erasable |= {name} if is_redacted else set()


def _is_redacted(row: Any) -> bool:
    """Say whether an entry lost a name to an erasure; its own digest is then checked with its chain."""
    return row.salt is not None and row.body is not None and row.erased_by is not None


def _revision(entry: Mapping[str, Any], what: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "document": entry["object"],
        "number": int(what["number"]),
        "digest": what["digest"],
        "author": what["written_by"],
        "created_at": datetime.fromisoformat(what["written_at"]),
    }


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _publication(entry: Mapping[str, Any], what: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    return {
        "document": entry["object"],
        "revision_id": what["revision"],
        "since": _day(what["since"]),
        "until": _day(what["until"]),
        "retires": what.get("retires", False),
        "author": what["author"],
        "approver": what["approver"],
        "note": what["note"],
        "published_at": at,
        "proposal_id": what["proposal"],
    }


def _proposal(entry: Mapping[str, Any], what: Mapping[str, Any], act: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "batch": what["batch"],
        "base": int(what["base"]),
        "revision_id": what["revision"],
        "document": entry["object"],
        "since": _day(what["since"]),
        "until": _day(what["until"]),
        "retires": what.get("retires", False),
        "author": act["by"],
        "written_by": canonical_json(what.get("writers", [])),
        "note": what["note"],
        "created_at": act["at"],
        "state": "open",
        "decided_at": None,
        "decided_by": None,
        "remark": None,
    }


def _revisions(connection: Connection, told: _Told, report: Report) -> frozenset[tuple[str, str]]:
    kept, loose = set(), 0
    expected = dict(told.revisions)
    chosen = select(*columns(REVISIONS)).order_by(REVISIONS.c.document, REVISIONS.c.number)
    for row in connection.execute(chosen, execution_options={"yield_per": 100}).mappings():
        report.checked["revisions"] += 1
        text = str(row["text"]).encode("utf-8", "surrogateescape")
        if row["digest"] == f"sha256:{hashlib.sha256(text).hexdigest()}":
            kept.add((row["document"], row["digest"]))
        else:
            report.add(Finding("revisions", Wrong.TEXT_ALTERED, None, str(row["id"]), {"document": row["document"]}))
        loose += row["id"] not in expected
        _compare("revisions", row, expected.pop(row["id"], {}), report)
    for name, values in expected.items():
        report.add(Finding("revisions", Wrong.ROW_MISSING, None, name, {"document": values["document"]}))
    if loose:
        report.leave_open(Open.UNANCHORED, count=loose)
    return frozenset(kept)


def _rows(connection: Connection, table: Table, key: str, told: Mapping[Any, dict[str, Any]], report: Report) -> None:
    """Hold each row of a table against its audit entry, and each entry against its row."""
    place, expected = table.name, dict(told)
    for row in connection.execute(select(*columns(table)).order_by(table.c[key])).mappings():
        report.checked[place] += 1
        values = expected.pop(row[key], None)
        if values is None:
            report.add(_finding(place, Wrong.UNDOCUMENTED, row[key]))
        else:
            _compare(place, row, values, report)
    for name in expected:
        report.add(_finding(place, Wrong.ROW_MISSING, name))


def _signals(connection: Connection, told: _Told, report: Report) -> None:
    """Hold signals against their entries; those about a person who was erased are gone, and their entries say so."""
    there = set(connection.execute(select(SIGNALS.c.id)).scalars())
    told_of = {name: values for name, values in told.signals.items() if name in there or name not in told.erasable}
    _rows(connection, SIGNALS, "id", told_of, report)


def _compare(place: str, row: Mapping[Any, Any], expected: Mapping[str, Any], report: Report) -> None:
    for column, value in expected.items():
        if not same(row[column], value):
            name = row["seq"] if "seq" in row else row["id"]
            report.add(_finding(place, Wrong.COLUMN_ALTERED, name, column=column))


def _finding(place: str, wrong: Wrong, name: Any, **values: str) -> Finding:
    return Finding(place, wrong, name if isinstance(name, int) else None, str(name), values)
