"""Publishes what ships: the documents of a folder, by the actor `system`, from a day in the past on.

What has errors is left out, and told. What somebody else has published since is left alone. A policy that may hurt a
person and carries no record of its consultation becomes a draft; one that does takes effect from the day on which it
is published.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection

from policy.engine import NamedText, Prepared, check, documents_in, prepare
from policy.errors import Finding, Grade, Place, SourceError
from policy.messages import Said
from policy.model.document import Document, Kind, PolicyDocument, VocabularyDocument
from policy.yamltext import canonical
from webadmin.store import drafts, revisions
from webadmin.store.record import Record
from webadmin.store.revisions import SYSTEM, Act, Effective, Period, Signed
from webadmin.store.writer import Transaction

BEGINNING = date(2000, 1, 1)
"""First day of what ships: decisions about the past need policies, too."""

FOLDER = "."
"""What the folder itself is called among what was left out."""

Left = dict[str, tuple[Finding, ...]]
"""Name of a document → the errors that keep it out."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """What became of the documents: names by what was done; none where all of them were known to the letter.

    Attributes:
        left: What was left out, with the errors that keep it out; `FOLDER` for the folder itself.
    """

    published: tuple[str, ...]
    drafted: tuple[str, ...]
    unchanged: tuple[str, ...]
    left: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)


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
    """Publish the documents of a folder that are new, sound, and load with everything else that is in effect.

    What has errors, or would keep from loading what is in effect and works, is left out; nothing is raised for it.

    Args:
        record: Where to.
        folder: Of the shipped documents.
        act: The instant and the day; its actor must be `system`.
    """
    trouble = _trouble(folder)
    if not folder.is_dir():
        return Shipped((), (), (), {FOLDER: trouble})
    with record.engine.connect() as connection:
        effective, before = revisions.in_effect(connection, act.today), _before(connection, act)
        known = {each.digest for each in before.values()}
        known |= {revisions.digest_of(text) for text in drafts.beginnings(connection)}
    if not trouble and _are_known(folder, known):
        return Shipped((), (), ())
    sound, left = _sound(check([folder]))
    changed = {name: each for name, each in sound.items() if _fate(before, name, each) is Fate.PUBLISHED}
    with record.engine.connect() as connection:
        working = record.catalogue.policies(connection, act.today)
        digests = {each.document: each.digest for each in effective.values()}
        misfits = _misfits(changed, working, lambda names: _texts(connection, digests, names))
    documents = [(name, each) for name, each in sound.items() if name not in misfits]
    left = {**misfits, **left, **({FOLDER: trouble} if trouble else {})}
    if not documents:
        return Shipped((), (), (), left)
    done = record.writer.write(lambda transaction: _published(transaction, documents, act))
    return replace(done, left=left)


def _trouble(folder: Path) -> tuple[Finding, ...]:
    """Return why a folder, or one in it, cannot be read, or that it holds no document."""
    found: list[OSError] = []
    for _ in os.walk(folder, onerror=found.append):
        pass
    if found:
        places = ((Place(str(each.filename), 1, 1), each.strerror or str(each)) for each in found)
        return tuple(Finding("folder-unreadable", place, {"why": why}) for place, why in places)
    return () if documents_in([folder]) else (Finding("folder-empty", Place(str(folder), 1, 1)),)


def _are_known(folder: Path, known: Collection[str]) -> bool:
    """Say whether all documents of a folder are in the record as they stand: nothing has to be read then.

    Every start of a server comes here, and compiling takes longer than all else it does.
    """
    try:
        texts = [canonical(each.read_bytes(), str(each)) for each in documents_in([folder])]
    except (OSError, SourceError):
        return False
    return bool(texts) and all(revisions.digest_of(text) in known for text in texts)


def _sound(prepared: Prepared) -> tuple[dict[str, Document], Left]:
    """Return the documents that load with what they use, and the errors of the others."""
    errors = _errors(prepared)
    broken = tuple(sorted(prepared.unread.values()))
    sound: dict[str, Document] = {}
    left: Left = {}
    for each in prepared.policies.documents:
        name, wrong = name_of(each), errors.pop(each.place.source, ())
        if wrong or (isinstance(each, PolicyDocument) and name not in prepared.policies):
            left[name] = wrong or (Finding("not-alone", each.place, {"names": broken}),)
        else:
            sound[name] = each
    left |= {prepared.unread.get(source, source): wrong for source, wrong in errors.items()}
    return sound, left


def _misfits(
    changed: Mapping[str, Document], working: Collection[str], others: Callable[[Collection[str]], dict[str, str]]
) -> Left:
    """Return which documents do not load with the rest, or keep from loading what works, and why.

    Args:
        changed: What is about to be published.
        working: Policies that are in effect and load.
        others: Gives the texts in effect of all documents but some.
    """
    kept, left = dict(changed), Left()
    while kept:
        texts = {**others(kept), **{name: each.text for name, each in kept.items()}}
        prepared = prepare(NamedText(name, text) for name, text in sorted(texts.items()))
        errors, loading = _errors(prepared), prepared.policies
        failing = {name for name in kept if name in errors or ("." in name and name not in loading)}
        stopped = sorted(set(working) - set(loading) - failing)
        if failing:
            names = tuple(sorted(errors))
            reasons = {name: errors.get(name, (_finding("not-alone", kept[name], names=names),)) for name in failing}
        elif stopped:
            shared = [name for name in kept if "." not in name]
            reasons = {name: (_finding("not-fitting", kept[name], name=stopped[0]),) for name in shared or kept}
        else:
            break
        left |= reasons
        kept = {name: each for name, each in kept.items() if name not in reasons}
    return left


def _finding(code: str, document: Document, **values: Said) -> Finding:
    return Finding(code, document.place, values)


def _errors(prepared: Prepared) -> Left:
    """Return the errors by the name of their text."""
    found: Left = {}
    for each in prepared.findings:
        if each.grade is Grade.ERROR:
            found[each.place.source] = (*found.get(each.place.source, ()), each)
    return found


def _texts(connection: Connection, digests: Mapping[str, str], but: Collection[str]) -> dict[str, str]:
    """Return the texts in effect of all documents but some."""
    return dict(revisions.texts(connection, {name: each for name, each in digests.items() if name not in but}))


class Fate(StrEnum):
    """What becomes of a document of the folder."""

    PUBLISHED = "published"
    DRAFTED = "drafted"
    UNCHANGED = "unchanged"


def _before(connection: Connection, act: Act) -> dict[str, Effective]:
    """Return how documents stand: what people have retired, or will, the folder does not bring back."""
    return {**revisions.standing(connection, act.today), **revisions.retiring(connection, act.today)}


def _fate(before: Mapping[str, Effective], name: str, document: Document) -> Fate:
    stands = before.get(name)
    if stands is not None and (stands.digest == document.digest or stands.approver != SYSTEM):
        return Fate.UNCHANGED
    return Fate.DRAFTED if needs_consultation(document) else Fate.PUBLISHED


def _published(transaction: Transaction, documents: Iterable[tuple[str, Document]], act: Act) -> Shipped:
    done: dict[Fate, list[str]] = {each: [] for each in Fate}
    before = _before(transaction.connection, act)
    for name, document in documents:
        fate = _fate(before, name, document)
        if fate is Fate.PUBLISHED:
            revision = revisions.add(transaction, name, document.text, act)
            is_first = name not in before
            since = BEGINNING if is_first and not _can_hurt(document) else act.today
            revisions.publish(transaction, name, revision.id, Period(since), Signed(SYSTEM, SYSTEM, "shipped"), act)
        elif fate is Fate.DRAFTED and not _draft(transaction, name, document, act):
            fate = Fate.UNCHANGED
        done[fate].append(name)
    published, drafted, unchanged = (tuple(done[each]) for each in Fate)
    return Shipped(published, drafted, unchanged)


def _can_hurt(document: Document) -> bool:
    """Say whether a document never takes effect for days that have passed, whoever publishes it."""
    return isinstance(document, PolicyDocument) and document.kind is Kind.PENALTY


def _draft(transaction: Transaction, name: str, document: Document, act: Act) -> bool:
    """Keep a document as a draft unless there is one; say whether it was kept."""
    if drafts.find(transaction.connection, name) is not None:
        return False
    drafts.begin(transaction, name, document.text, act)
    return True
