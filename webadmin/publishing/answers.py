"""What publishing answers: proposed, approved or refused, each with what there is to say about the texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from policy.errors import Finding, Grade, Problem
from webadmin.publishing.overtaking import Overtaken
from webadmin.publishing.timeline import Course, Stretch
from webadmin.store.refusing import RefusedError
from webadmin.store.revisions import Effective, Period


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding on a document, and the first day of the period on which it holds.

    Attributes:
        finding: Its place names the document as the caller did, or by its own name where it is in effect beside.
    """

    finding: Finding
    day: date


@dataclass(frozen=True, slots=True)
class Change:
    """A document of a proposal that would change what is in effect.

    Attributes:
        document: Its name: `approval.order`, `vocabulary`, `reference/exchange-rate`.
        source: What the caller calls its text.
        before: What is in effect on the first day of the period; None where it is new.
        text: Canonical text.
    """

    document: str
    source: str
    digest: str
    before: Effective | None
    text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What some texts would come to in a period.

    Attributes:
        changes: Sound documents that would change what is in effect, in order of their names.
        unchanged: Names of those that are in effect in all of the period already.
        problems: What speaks against the period or the act.
        remarks: Every error of the set, and warnings and notes on what is proposed, in order of place.
        newest: Number of the latest publication that was seen.
        overtakes: What was to begin later and would not be in effect any more.
    """

    changes: tuple[Change, ...]
    unchanged: tuple[str, ...]
    problems: tuple[Problem, ...]
    remarks: tuple[Remark, ...]
    newest: int
    overtakes: tuple[Overtaken, ...] = ()

    @property
    def is_fit(self) -> bool:
        """Say whether nothing speaks against it."""
        return not self.problems and self.is_sound

    @property
    def is_sound(self) -> bool:
        """Say whether nothing speaks against the texts, whatever does against the period."""
        has_errors = any(each.finding.grade is Grade.ERROR for each in self.remarks)
        return not has_errors and all(each.pointer for each in self.problems)


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was done.

    Attributes:
        problems: What speaks against it that lies in no document; `pointer` names the field, such as `/since`.
        remarks: Findings on the documents; all of them where one of grade error is the reason.
    """

    problems: tuple[Problem, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @classmethod
    def by(cls, error: RefusedError) -> Refused:
        """Return the answer to what the record refuses."""
        return cls((Problem(str(error.why), "", error.values),))

    @classmethod
    def after(cls, checked: Checked) -> Refused:
        """Return the answer to what does not hold."""
        return cls(checked.problems, checked.remarks)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal waits for a second identity, or nothing had to be proposed.

    Attributes:
        proposal: Its id; None where all documents are in effect as they are.
        changes: The documents proposed.
        unchanged: Names of documents that are in effect already.
        remarks: Warnings and notes on the documents proposed.
        is_new: False where the very same was waiting already.
        overtakes: What was to begin later and will not be in effect any more once it is approved.
    """

    proposal: str | None
    changes: tuple[Change, ...]
    unchanged: tuple[str, ...]
    remarks: tuple[Remark, ...]
    is_new: bool
    overtakes: tuple[Overtaken, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A document of a proposal, by number and digest of its revision."""

    document: str
    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody wants in effect; documents and digests never change.

    Attributes:
        state: `open`, `approved`, `declined`, `returned` (changes were asked for) or `withdrawn`.
        base: Number of the latest publication its author had seen.
        retires: Whether its document is to be retired.
        writers: Who has written any of it, its author first: none of them approves it.
    """

    id: str
    items: tuple[Item, ...]
    period: Period
    author: str
    note: str
    state: str
    base: int
    created_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    remark: str | None
    retires: bool
    writers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Returned:
    """A proposal was sent back or taken back: its texts are drafts again, unless there was another draft.

    What was published once and is taken back by its author, as a roll back is, leaves no draft.

    Attributes:
        drafts: Names of the documents whose text is the draft now.
        apart: Names of the documents whose draft is another text: it stays, and so does the proposal's.
    """

    proposal: Proposal
    drafts: tuple[str, ...]
    apart: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Approved:
    """A proposal took effect: all of its documents at once.

    Attributes:
        since: First day in effect.
        publications: Numbers of the publications.
        overtakes: What was to begin later and will not be in effect any more.
    """

    proposal: Proposal
    since: date
    publications: Sequence[int]
    overtakes: tuple[Overtaken, ...] = ()


@dataclass(frozen=True, slots=True)
class Published:
    """One publication of a document.

    Attributes:
        seq: Order over all documents.
        proposal: Id of the proposal it came from; None where there was none.
        is_live: Whether it is what counts on the day asked for.
        retires: Whether nothing is in effect while it counts.
        proposed_at: When it was proposed.
        remark: What the approver said.
        course: What it is by now.
        stretches: The times it was, is and will be in effect.
        overtaken: Number of the revision that took its place before it began; None where it began, or will.
    """

    document: str
    seq: int
    number: int
    digest: str
    since: date
    until: date | None
    author: str
    approver: str
    note: str
    published_at: datetime
    proposal: str | None
    is_live: bool
    retires: bool
    proposed_at: datetime | None
    remark: str | None
    course: Course
    stretches: tuple[Stretch, ...]
    overtaken: int | None
