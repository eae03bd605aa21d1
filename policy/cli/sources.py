"""The documents a command works on, with what they need around them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from policy.cli.frame import WrongUse, progress, say
from policy.values import Language

if TYPE_CHECKING:
    from policy.engine import Policy, Prepared
    from policy.errors import Finding

VOCABULARY = "vocabulary.yaml"


@dataclass(frozen=True, slots=True)
class Selection:
    """Documents prepared together, and which of them were asked for.

    Attributes:
        prepared: Everything that was read: what was asked for and what it needs.
        paths: What was asked for.
    """

    prepared: Prepared
    paths: tuple[Path, ...]

    def holds(self, source: str) -> bool:
        """Say whether a document was asked for."""
        place = Path(source).resolve()
        return any(path == place or path in place.parents for path in (each.resolve() for each in self.paths))

    @property
    def sources(self) -> list[str]:
        """Return the documents asked for."""
        return [source for source in self.prepared.sources if self.holds(source)]

    @property
    def findings(self) -> list[Finding]:
        """Return the findings of the documents asked for."""
        return [finding for finding in self.prepared.findings if self.holds(finding.place.source)]

    @property
    def policies(self) -> list[Policy]:
        """Return the sound policies asked for."""
        return [policy for policy in self.prepared.policies.values() if self.holds(policy.source)]


def select(paths: Sequence[Path], language: Language, *, default: Path = Path("rules")) -> Selection:
    """Prepare documents; a file or folder inside a folder of rules is read with all of that folder.

    Raises:
        WrongUse: a path is not there, or there is no document at any of them.
    """
    from policy import engine

    asked = tuple(paths) or (default,)
    for path in asked:
        if not path.exists():
            raise WrongUse(say("path-missing", language, path=path))
    with progress("checking", language):
        found = Selection(engine.check(_roots(asked)), asked)
    if not found.sources:
        raise WrongUse(say("no-documents", language, path=", ".join(map(str, asked))))
    return found


def _roots(paths: Iterable[Path]) -> list[Path]:
    """Return for each path the folder of rules it lies in: the nearest one with a vocabulary, else the path itself."""
    return list(dict.fromkeys(_root(path) for path in paths))


def _root(path: Path) -> Path:
    for folder in (path, *path.parents):
        if (folder / VOCABULARY).is_file():
            return folder
    for folder in path.absolute().parents:
        if (folder / VOCABULARY).is_file():
            return Path(os.path.relpath(folder))
    return path
