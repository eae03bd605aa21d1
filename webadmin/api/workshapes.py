"""The forms in which jobs are asked for, one for each kind."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

LARGEST_COUNT = 10**12
LONGEST_TEXT = 1_000_000
"""Characters of the text of a policy."""

PolicyName = Annotated[
    str, Meta(description="Id of a policy", pattern=r"^[a-z0-9._-]{1,200}$", examples=["approval.order"])
]
_INSTANT = {"format": "date-time"}
Since = Annotated[
    str, Meta(description="Recorded at this instant or later; with offset", max_length=40, extra_json_schema=_INSTANT)
]
Until = Annotated[
    str, Meta(description="Recorded before this instant; with offset", max_length=40, extra_json_schema=_INSTANT)
]


class VerifyJob(Struct, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="verify"):
    """Prove the record."""

    recompute: (
        Annotated[int, Meta(description="Decisions to decide once more; all without it", ge=0, le=LARGEST_COUNT)] | None
    ) = None


class RecomputeJob(Struct, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="recompute"):
    """Decide recorded decisions once more, each under the texts it was made by."""

    policy: PolicyName | None = None
    since: Since | None = None
    until: Until | None = None


class ReevaluateJob(Struct, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="reevaluate"):
    """Decide recorded decisions of a policy under another of its texts: a revision, a draft, or the one in effect."""

    policy: PolicyName
    since: Since | None = None
    until: Until | None = None
    revision: Annotated[int, Meta(description="Number of a revision", ge=1, le=LARGEST_COUNT)] | None = None
    text: Annotated[str, Meta(description="A draft", max_length=LONGEST_TEXT)] | None = None


JobBody = VerifyJob | RecomputeJob | ReevaluateJob
"""What is asked for; `kind` says which."""
