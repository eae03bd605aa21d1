"""Looks whether the paths that hold currencies are declared beside the amounts they are for."""

from __future__ import annotations

from collections.abc import Mapping

from policy.errors import Place, did_you_mean
from policy.linker.log import Log
from policy.linker.scope import Scope
from policy.model.fields import Field


def check_units(fields: Mapping[str, Field], scope: Scope, place: Place, log: Log) -> None:
    """Note units that are paths of nothing.

    Args:
        fields: By path.
        scope: What stands beside them.
        place: Where they are declared.
        log: Takes the findings.
    """
    for path, field in fields.items():
        if field.unit is not None and "." in field.unit and scope.type_at(field.unit) is None:
            known = did_you_mean(field.unit, fields)
            log.add("unknown-unit-path", place, name=path, found=field.unit, **known)
