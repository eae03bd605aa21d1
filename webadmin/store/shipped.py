"""Publishes what ships: the documents of a folder, by the actor `system`, from a day in the past on.

What somebody else has published since is left alone. A policy that may hurt a person and carries no record of its
consultation becomes a draft; one that does takes effect from the day on which it is published.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from policy.engine import check, documents_in
from policy.errors import SourceError
from policy.model.document import Document, Kind, PolicyDocument, VocabularyDocument
from policy.yamltext import canonical
from webadmin.store import drafts, revisions
from webadmin.store.record import Record
from webadmin.store.revisions import SYSTEM, Act, Period, Signed
from webadmin.store.writer import Transaction

BEGINNING = date(2000, 1, 1)
"""First day of what ships: decisions about the past need policies, too."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """What became of the documents: names by what was done; none where all of them were known to the letter."""

    published: tuple[str, ...]
    drafted: tuple[str, ...]
    unchanged: tuple[str, ...]


def name_of(document: Document) -> str:
    """Return the name a document is known by: `approval.order`, `vocabulary`, `reference/exchange-rate`."""
    if isinstance(document, PolicyDocument):
        return document.policy
    return "vocabulary" if isinstance(document, VocabularyDocument) else f"reference/{document.reference}"


def needs_consultation(document: Document) -> bool:
    """Say whether a document may not be published because it carries no record of a consultation."""
    if not isinstance(document, PolicyDocument) or document.kind is not Kind.PENALTY:
        return False
    return getattr(document.section, "consultation", None) is None


def publish_folder(record: Record, folder: Path, act: Act) -> Shipped:
    """Publish the documents of a folder that are new.

    Args:
        record: Where to.
        folder: Of the shipped documents.
        act: The instant and the day; its actor must be `system`.

    Raises:
        SourceError: a document has errors; carries every finding, and nothing was published.
    """
    with record.engine.connect() as connection:
        known = {each.digest for each in revisions.in_effect(connection, act.today).values()}
        known |= {revisions.digest_of(text) for text in drafts.beginnings(connection)}
    if _are_known(folder, known):
        return Shipped((), (), ())
    prepared = check([folder])
    if not prepared.is_sound:
        raise SourceError(prepared.findings)
    texts = {name_of(each): each for each in prepared.policies.documents}
    return record.writer.write(lambda transaction: _published(transaction, texts.items(), act))


def _are_known(folder: Path, known: Collection[str]) -> bool:
    """Say whether all documents of a folder are in the record as they stand: nothing has to be read then.

    Every start of a server comes here, and compiling takes longer than all else it does.
    """
    try:
        texts = [canonical(each.read_bytes(), str(each)) for each in documents_in([folder])]
    except (OSError, SourceError):
        return False
    return bool(texts) and all(revisions.digest_of(text) in known for text in texts)


def _published(transaction: Transaction, documents: Iterable[tuple[str, Document]], act: Act) -> Shipped:
    done: dict[str, list[str]] = {"published": [], "drafted": [], "unchanged": []}
    effective = revisions.in_effect(transaction.connection, act.today)
    for name, document in documents:
        before = effective.get(name)
        if before is not None and (before.digest == document.digest or before.approver != SYSTEM):
            done["unchanged"].append(name)
        elif needs_consultation(document):
            done["drafted" if _draft(transaction, name, document, act) else "unchanged"].append(name)
        else:
            revision = revisions.add(transaction, name, document.text, act)
            since = BEGINNING if before is None and not _can_hurt(document) else act.today
            signed = Signed(SYSTEM, SYSTEM, "shipped")
            revisions.publish(transaction, name, revision.id, Period(since), signed, act)
            done["published"].append(name)
    return Shipped(tuple(done["published"]), tuple(done["drafted"]), tuple(done["unchanged"]))


def _can_hurt(document: Document) -> bool:
    """Say whether a document never takes effect for days that have passed, whoever publishes it."""
    return isinstance(document, PolicyDocument) and document.kind is Kind.PENALTY


def _draft(transaction: Transaction, name: str, document: Document, act: Act) -> bool:
    """Keep a document as a draft unless there is one; say whether it was kept."""
    if drafts.find(transaction.connection, name) is not None:
        return False
    drafts.begin(transaction, name, document.text, act)
    return True
