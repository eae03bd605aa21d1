"""Collects findings while documents are put together."""

from __future__ import annotations

from policy.errors import Finding, Grade, Place
from policy.feel.checker import Remark
from policy.messages import Said
from policy.model.written import Marks


class Log:
    """Findings so far, in the order they were made.

    Attributes:
        findings: All of them.
    """

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def add(self, code: str, place: Place, length: int = 0, /, **values: Said) -> None:
        """Note one finding."""
        self.findings.append(Finding(code, place, values, length))

    def remark(self, remark: Remark, marks: Marks) -> None:
        """Note a remark on an expression at its place in the document."""
        self.findings.append(
            Finding(remark.code, marks.at(remark.start), remark.values, max(0, remark.end - remark.start))
        )

    def extend(self, findings: list[Finding]) -> None:
        """Note several findings."""
        self.findings.extend(findings)

    @property
    def errors(self) -> int:
        """Count the findings that refuse a document."""
        return sum(finding.grade is Grade.ERROR for finding in self.findings)
