"""The policies of one folder as the pages show them, read anew when a file changes.

A file that no longer loads never takes a working policy away: the policy that loaded last stays, marked, with the
findings of the present text beside it. A file that is gone takes its policy with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock

from policy.engine import Policy, TestReport, check
from policy.errors import Finding

Fingerprint = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one reading of the folder gave.

    Attributes:
        policies: By id, in order of id.
        kept: Ids of policies whose file no longer loads and that stand as they loaded last.
        findings: Of the files as they are now.
        sources: Name of every document found, as findings name it → its path in the folder, with `/`.
        trouble: Why the folder could not be read again just now; what is shown is from before. None where it could.
        reports: Id → what its own tests say, filled when first asked for.
    """

    policies: Mapping[str, Policy]
    kept: frozenset[str]
    findings: tuple[Finding, ...]
    sources: Mapping[str, str]
    trouble: str | None = None
    reports: dict[str, TestReport] = field(default_factory=dict)

    def report(self, policy: Policy) -> TestReport:
        """Return what the policy's own tests say."""
        if policy.id not in self.reports:
            self.reports[policy.id] = policy.test()
        return self.reports[policy.id]

    def findings_of(self, source: str) -> tuple[Finding, ...]:
        """Return the findings of one document, in order of place."""
        return tuple(sorted((each for each in self.findings if each.place.source == source), key=lambda it: it.place))

    def unread(self) -> tuple[str, ...]:
        """Return the documents with findings that are not the text of a policy shown as it is now."""
        current = {each.source for each in self.policies.values() if each.id not in self.kept}
        return tuple(sorted({each.place.source for each in self.findings} - current))


class Folder:
    """A folder of policies on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()
        self._seen: Fingerprint | None = None
        self._shelf = Shelf({}, frozenset(), (), {})

    def shelf(self) -> Shelf:
        """Return the policies, read anew if a file has changed since the last time."""
        seen = fingerprint(self.path)
        with self._lock:
            if seen == self._seen:
                return self._shelf
            try:
                self._shelf = read(self.path, [Path(name) for name, _, _ in seen], self._shelf)
            except OSError as error:  # a file went or may not be read; the next request tries again
                return replace(self._shelf, trouble=str(error))
            self._seen = seen
            return self._shelf


def fingerprint(path: Path) -> Fingerprint:
    """Return name, time of change and size of every document in a folder."""
    found = []
    for file in sorted(path.rglob("*.yaml")):
        with suppress(FileNotFoundError):  # gone since the folder was read: the next look sees it
            state = file.stat()
            found.append((str(file), state.st_mtime_ns, state.st_size))
    return tuple(found)


def read(folder: Path, documents: Sequence[Path], before: Shelf) -> Shelf:
    """Read the documents of a folder; policies whose file no longer loads stay as `before` has them.

    Raises:
        OSError: a document cannot be opened.
    """
    prepared = check(documents)
    sources = {name: Path(name).relative_to(folder).as_posix() for name in prepared.sources}
    kept = {
        each.id: each
        for each in before.policies.values()
        if each.id not in prepared.policies and each.source in sources
    }
    policies = dict(sorted({**prepared.policies, **kept}.items()))
    return Shelf(policies, frozenset(kept), prepared.findings, sources)
