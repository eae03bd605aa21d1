"""What importing a file came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from policy.messages import sentence
from policy.tables import RecordKind, Report
from policy.values import Language
from webadmin.roster.keeping import Kept


@dataclass(frozen=True, slots=True)
class Imported:
    """What importing a file came to.

    Attributes:
        name: Name of the file.
        kind: What its records are.
        report: What became of the rows.
        new: Records that were added.
        changed: Records that were known and have changed.
        unchanged: Records that were known and say nothing else.
        is_dry: Whether nothing was to be written.
        entry: The audit entry that tells of it, which is the id of the import; None where nothing was written.
        by_name: What was found by its name: column, sort, name and our id → in how many rows.
        ids: What the file calls its records, by our ids.
        kept: What stood before of what is different, and what stands now; None where nothing was to be written.
    """

    name: str
    kind: RecordKind
    report: Report
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    is_dry: bool = False
    entry: str | None = None
    by_name: Mapping[tuple[str, str, str, str], int] = field(default_factory=dict)
    kept: Kept | None = None
    ids: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_refused(self) -> bool:
        """Say whether a row was refused, and so nothing was written."""
        return self.report.refused > 0

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        counts = {"new": self.new, "changed": self.changed, "unchanged": self.unchanged}
        outcome = {"written": not (self.is_refused or self.is_dry), "dry_run": self.is_dry}
        entry = {} if self.entry is None or self.is_dry else {"import": self.entry}
        return {
            "file": self.name,
            "into": str(self.kind),
            **self.report.to_data(),
            "record": counts,
            **outcome,
            **entry,
        }

    def to_text(self, language: Language) -> str:
        """Return it for people, one thing per line."""
        lines = [f"{self.name}:", self.report.to_text(language)]
        if self.is_refused:
            lines.append(sentence("imported-refused", {}, language))
            return "\n".join(lines)
        counts = {"new": self.new, "changed": self.changed, "unchanged": self.unchanged}
        lines.append(sentence("imported-counts", counts, language))
        if self.is_dry:
            lines.append(sentence("imported-dry", {}, language))
        elif not self.report.read:
            lines.append(sentence("imported-empty", {}, language))
        elif not self.new and not self.changed:
            lines.append(sentence("imported-nothing", {}, language))
        return "\n".join(lines)
