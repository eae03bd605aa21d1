"""Who acts in a command on revisions, and what they may: the token of an application, else the system's user."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from policy.cli.frame import Refused
from policy.values import Language, Text
from webadmin.cli.opening import act

if TYPE_CHECKING:
    from webadmin.access.scopes import Scope
    from webadmin.access.tokens import Holder
    from webadmin.store.record import Record
    from webadmin.store.revisions import Act

VARIABLE = "FAIRLEAD_TOKEN"

UNKNOWN = Text(
    "FAIRLEAD_TOKEN 中的令牌无效：不存在、已撤销或已过期",
    "the token in FAIRLEAD_TOKEN opens nothing: it is unknown, revoked or past its end",
)
LACKING = Text(
    "令牌没有权限 {scopes}：请另行生成，例如 fairlead token create NAME --scope {first}",
    "the token has no scope {scopes}: make another, such as with fairlead token create NAME --scope {first}",
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who acts.

    Attributes:
        act: The actor, the instant and the day.
        holder: What comes with a token; None for the system's user, who may publish and approve but not back-date.
    """

    act: Act
    holder: Holder | None

    @property
    def may_backdate(self) -> bool:
        """Say whether an effective period may begin in the past: that takes a token with the scope `admin`."""
        from webadmin.access.scopes import Scope

        return self.holder is not None and Scope.ADMIN in self.holder.scopes

    def needing(self, scopes: Collection[Scope], language: Language) -> Identity:
        """Return this identity if it has one of some scopes.

        Raises:
            Refused: it comes with a token that has none of them.
        """
        if self.holder is not None and not self.holder.may(scopes):
            names = sorted(map(str, scopes))
            raise Refused(LACKING.to(language).format(scopes=" / ".join(names), first=names[0]))
        return self


def identity(record: Record, language: Language) -> Identity:
    """Return who acts.

    Raises:
        Refused: there is a token, and it opens nothing.
    """
    from webadmin.access import tokens

    acting, secret = act(), os.environ.get(VARIABLE, "")
    if not secret:
        return Identity(acting, None)
    with record.engine.connect() as connection:
        holder = tokens.holder(connection, secret, acting.now)
    if holder is None:
        raise Refused(UNKNOWN.to(language))
    return Identity(replace(acting, actor=holder.actor), holder)
