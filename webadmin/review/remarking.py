"""Which remarks on a text are made of what is in effect, too: whoever reviews it looks at the others first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection

from policy.errors import Finding
from policy.values import Language
from webadmin import library
from webadmin.publishing.answers import Remark


def known(
    connection: Connection, remarks: Iterable[Remark], names: Iterable[str], day: date
) -> tuple[Remark, ...] | None:
    """Return those remarks that are made of the texts in effect as well, in their order; None where none is in effect.

    Args:
        connection: To the record.
        remarks: What is said of texts that are proposed.
        names: The documents these are.
        day: On which the others are in effect.
    """
    looks = [look for name in names if (look := library.look(connection, name, day, library.LIVE)) is not None]
    if not looks:
        return None
    said = {_said(each) for look in looks for each in look.findings}
    return tuple(each for each in remarks if _said(each.finding) in said)


def _said(finding: Finding) -> tuple[str, str]:
    """Return what a finding says, wherever it stands: lines move with every change."""
    return finding.code, finding.text(Language.EN)
