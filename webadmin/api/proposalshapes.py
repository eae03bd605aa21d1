"""The forms of requests and answers about proposals."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from webadmin.api.shapes import LARGEST_PAGE, Digest, Id, Instant
from webadmin.publishing.notes import LONGEST

MOST_DOCUMENTS = 200
"""Documents of a proposal."""

State = Literal["open", "approved", "declined", "returned", "withdrawn"]
Said = Annotated[str, Meta(max_length=LONGEST, description="Why; kept in the record")]
Source = Annotated[str, Meta(min_length=1, max_length=300, description="What remarks shall call the text")]


class ProposeBody(Struct, forbid_unknown_fields=True, kw_only=True):
    """Texts to be in effect together, and the days: otherwise from the day of approval on, without end."""

    documents: Annotated[dict[Source, str], Meta(min_length=1, max_length=MOST_DOCUMENTS)]
    since: date | None = None
    until: Annotated[date | None, Meta(description="First day no longer in effect")] = None
    note: Said = ""


class ApproveBody(Struct, forbid_unknown_fields=True, kw_only=True):
    """What whoever approves says to it."""

    comment: Said = ""


class DeclineBody(Struct, forbid_unknown_fields=True, kw_only=True):
    """Why it is declined; only one's own proposal is withdrawn without a word."""

    comment: Said = ""


class ProposalQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which proposals are sought, the newest first."""

    state: State | None = None
    cursor: Annotated[str, Meta(description="`next` of the page before", max_length=36)] | None = None
    limit: Annotated[int, Meta(ge=1, le=LARGEST_PAGE)] = 50


class RemarkData(Struct):
    """A warning or note on a text, and the first day it holds on."""

    grade: Literal["warning", "note"]
    code: str
    detail: str
    document: str
    line: int
    column: int
    day: date


class ChangeData(Struct):
    """A document proposed; `instead_of` is the number of the revision in effect on its first day, null if it is new."""

    document: str
    source: str
    digest: Digest
    instead_of: int | None


class OvertakenData(Struct):
    """A publication of a later day whose place another one takes; `retires`: it was to retire the document."""

    document: str
    revision: int
    since: date
    retires: bool


class ProposedData(Struct):
    """What came of it: `proposal` is null where all is in effect already; what waits already is not made twice."""

    proposal: Id | None
    is_new: bool
    documents: list[ChangeData]
    unchanged: list[str]
    overtakes: list[OvertakenData]
    remarks: list[RemarkData]


class ItemData(Struct):
    """A document of a proposal, by number and digest of its revision."""

    document: str
    revision: int
    digest: Digest


class ProposalData(Struct):
    """What somebody wants in effect, or retired where `retires` is true, and what became of it."""

    id: Id
    state: State
    documents: list[ItemData]
    since: date | None
    until: date | None
    retires: bool
    author: str
    note: str
    created_at: Instant
    decided_at: Instant | None
    decided_by: str | None
    comment: str | None


class ProposalWhole(ProposalData):
    """A proposal with its texts by name of the document."""

    texts: dict[str, str]


class ProposalPage(Struct):
    """Proposals, the newest first; `next` leads to the page after."""

    items: list[ProposalData]
    next: Id | None


class ApprovedData(Struct):
    """A proposal took effect: its first day, the numbers of its publications, and what it took the place of."""

    proposal: Id
    since: date
    publications: list[int]
    overtakes: list[OvertakenData]
