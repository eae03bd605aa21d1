"""What each role may do. A page asks for one right; kinds of policies and teams narrow it further."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from policy.model.document import FieldClass
from webadmin.store.logins import Role


class Right(StrEnum):
    """Something a login may do.

    Attributes:
        READ: Read the policies and try them.
        EDIT: Change drafts and propose them.
        APPROVE: Approve or decline what somebody else proposes, and roll back.
        SIMULATE: Compare revisions and plan reassignments.
        APPLY: Carry a reassignment out.
        TEAM: See people, customers, decisions and signals: those of the own teams, or all.
        CASES: Open a case from a signal.
        CONTESTS: Read what others contest, and what they were answered.
        ANSWER: Answer what somebody else contests.
        IMPORT: Load files into the record.
        PROVE: Recompute decisions and verify the record.
        LOGINS: Make and change logins and tokens.
        OWN: See what concerns oneself, and contest it.
    """

    READ = "read"
    EDIT = "edit"
    APPROVE = "approve"
    SIMULATE = "simulate"
    APPLY = "apply"
    TEAM = "team"
    CASES = "cases"
    CONTESTS = "contests"
    ANSWER = "answer"
    IMPORT = "import"
    PROVE = "prove"
    LOGINS = "logins"
    OWN = "own"


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.ADMIN: frozenset(Right),
    Role.MANAGER: frozenset(
        (
            *(Right.READ, Right.APPROVE, Right.SIMULATE, Right.APPLY, Right.TEAM),
            *(Right.CASES, Right.CONTESTS, Right.ANSWER, Right.PROVE, Right.OWN),
        )
    ),
    Role.ACCOUNT_MANAGER: frozenset((Right.READ, Right.OWN)),
    Role.AUDITOR: frozenset((Right.READ, Right.TEAM, Right.CONTESTS, Right.PROVE, Right.OWN)),
}
"""Role → what it gives."""

ALL_TEAMS = frozenset((Role.ADMIN, Role.AUDITOR))
"""Roles that see everybody, unless teams are named."""

CLASSES: Mapping[Role, frozenset[FieldClass]] = {
    Role.ADMIN: frozenset((FieldClass.OPEN, FieldClass.PERSONAL, FieldClass.PAY)),
    Role.MANAGER: frozenset((FieldClass.OPEN, FieldClass.PERSONAL, FieldClass.PAY)),
    Role.ACCOUNT_MANAGER: frozenset((FieldClass.OPEN,)),
    Role.AUDITOR: frozenset((FieldClass.OPEN, FieldClass.PERSONAL, FieldClass.PAY)),
}
"""Role → classes of values it reads in what it may see; of oneself one sees all but who reported it."""
