"""Reasons (`because`): texts with `{path}` where a value stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policy.errors import Place, did_you_mean
from policy.linker.log import Log
from policy.linker.scope import Scope
from policy.values import Text

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
"""One `{path}` of a reason."""


def placeholders(because: Text) -> Iterator[str]:
    """Yield the paths a reason shows, in either language, without doubles."""
    found = [match.group(1).strip() for text in (because.zh, because.en) for match in PLACEHOLDER.finditer(text)]
    yield from dict.fromkeys(found)


def check_reason(because: Text | None, scope: Scope, place: Place, log: Log) -> None:
    """Note the paths of a reason that nothing declares."""
    for path in placeholders(because) if because is not None else ():
        if scope.type_at(path) is None:
            log.add("unknown-placeholder", place, found=path, **did_you_mean(path, scope.paths()))
