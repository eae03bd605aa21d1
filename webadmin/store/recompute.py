"""Decides once more what was decided, by the very texts it was decided by."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from policy.errors import PolicyError
from policy.model.canonical import canonical_json
from webadmin.store.catalogue import Catalogue


class Verdict(StrEnum):
    """What deciding once more came to.

    `not-kept`: a text it was decided by is not in the record; `not-loading`: one of them no longer loads.
    """

    SAME = "same"
    DIFFERENT = "different"
    NOT_KEPT = "not-kept"
    NOT_LOADING = "not-loading"


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What deciding once more came to.

    Attributes:
        recorded: Canonical JSON of the decision as it was recorded.
        now: The same, decided now; None where it could not be.
        reason: Why it could not be.
    """

    verdict: Verdict
    recorded: str
    now: str | None = None
    reason: str | None = None


def parsed(body: str) -> dict[str, Any]:
    """Return a canonical body as plain data, every number a decimal."""
    found: dict[str, Any] = json.loads(body, parse_float=Decimal, parse_int=Decimal)
    return found


def recompute(catalogue: Catalogue, connection: Connection, body: Mapping[str, Any]) -> Recomputed:
    """Decide a recorded decision once more.

    Args:
        catalogue: Compiled policies.
        connection: Where texts are read from.
        body: The body of a decision, `parsed`.
    """
    decision = body["decision"]
    recorded = canonical_json(decision)
    closure: dict[str, str] = decision["closure"]
    prepared = catalogue.prepared(connection, closure)
    lacking = sorted(set(closure) - set(prepared.sources))
    if lacking:
        return Recomputed(Verdict.NOT_KEPT, recorded, reason=", ".join(lacking))
    policy = prepared.policies.get(decision["policy"])
    if policy is None:
        return Recomputed(Verdict.NOT_LOADING, recorded, reason="; ".join(map(str, prepared.findings[:3])))
    try:
        made = policy.decide(body["facts"], as_of=decision["as_of"], events=body["events"]).to_json()
    except PolicyError as error:
        return Recomputed(Verdict.DIFFERENT, recorded, reason=str(error))
    return Recomputed(Verdict.SAME if made == recorded else Verdict.DIFFERENT, recorded, made)
