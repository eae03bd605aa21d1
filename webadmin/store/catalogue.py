"""The policies in effect on a day, compiled; and any policy of the past, by what a decision says it was made by.

Compiled sets are kept by the digests of their texts, so several processes need no word between them: each looks up
what is in effect and compiles what it has not met. What is compiled belongs to the texts, not to a database.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import date
from threading import Lock

from sqlalchemy import Connection, Engine

from policy.engine import NamedText, Policies, Policy, Prepared, prepare
from policy.errors import Finding
from webadmin.store import revisions
from webadmin.store.revisions import Effective

MOST_SETS = 12
"""Compiled sets that are kept."""

MOST_DAYS = 400
"""Days whose publications are kept."""


class Unloadable(Exception):  # noqa: N818 - it is a state of the record, not a slip
    """A policy is in effect, and its text does not load with the others of its day.

    Attributes:
        prepared: Every finding.
    """

    def __init__(self, name: str, prepared: Prepared) -> None:
        super().__init__(name)
        self.prepared = prepared


class Catalogue:
    """Policies by day and by closure; safe to share between threads.

    Args:
        engine: The database.

    Attributes:
        left: What the folder of policies holds and could not be published when this process started: name of the
            document → its errors.
    """

    def __init__(self, engine: Engine) -> None:
        self.left: Mapping[str, tuple[Finding, ...]] = {}
        self._engine = engine
        self._lock = Lock()
        self._newest = -1
        self._days: OrderedDict[date, dict[str, Effective]] = OrderedDict()

    def in_effect(self, connection: Connection, day: date) -> dict[str, Effective]:
        """Return what is in effect on a day."""
        newest = revisions.newest(connection)
        with self._lock:
            if newest != self._newest:
                self._days.clear()
                self._newest = newest
            found = self._days.get(day)
        if found is None:
            found = revisions.in_effect(connection, day)
            with self._lock:
                self._days[day] = found
                while len(self._days) > MOST_DAYS:
                    self._days.popitem(last=False)
        return found

    def policies(self, connection: Connection, day: date) -> Policies:
        """Return the policies in effect on a day that load."""
        return self.prepared(connection, _digests(self.in_effect(connection, day).values())).policies

    def policy(self, connection: Connection, name: str, day: date) -> Policy | None:
        """Return a policy in effect on a day, None where there is none.

        Raises:
            Unloadable: there is one, and it does not load.
        """
        effective = self.in_effect(connection, day)
        if name not in effective or "." not in name:
            return None
        prepared = self.prepared(connection, _digests(effective.values()))
        if name not in prepared.policies:
            raise Unloadable(name, prepared)
        return prepared.policies[name]

    def of_closure(self, connection: Connection, name: str, closure: Mapping[str, str]) -> Policy | None:
        """Return the policy a decision was made by, None where one of its texts is not kept or does not load."""
        prepared = self.prepared(connection, closure)
        return prepared.policies.get(name)

    def prepared(self, connection: Connection, digests: Mapping[str, str]) -> Prepared:
        """Return the kept texts of some documents, compiled together."""
        key = frozenset(digests.items())
        found = _COMPILED.get(key)
        if found is None:
            with _COMPILING:  # those who come meanwhile wait for one compilation instead of making their own
                found = _COMPILED.get(key) or _compiled(connection, digests, key)
        return found


_COMPILING = Lock()


def _compiled(connection: Connection, digests: Mapping[str, str], key: _Key) -> Prepared:
    texts = revisions.texts(connection, digests)
    found = prepare(NamedText(name, text) for name, text in sorted(texts.items()))
    if len(texts) == len(digests):
        _COMPILED.keep(key, found)
    return found


_Key = frozenset[tuple[str, str]]


class _Compiled:
    """Compiled sets by the names and digests of their texts, those used last."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sets: OrderedDict[_Key, Prepared] = OrderedDict()

    def get(self, key: _Key) -> Prepared | None:
        with self._lock:
            found = self._sets.get(key)
            if found is not None:
                self._sets.move_to_end(key)
            return found

    def keep(self, key: _Key, prepared: Prepared) -> None:
        with self._lock:
            self._sets[key] = prepared
            while len(self._sets) > MOST_SETS:
                self._sets.popitem(last=False)


_COMPILED = _Compiled()


def _digests(effective: Iterable[Effective]) -> dict[str, str]:
    return {each.document: each.digest for each in effective}
