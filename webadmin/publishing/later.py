"""Publications that begin on a later day: as none is ever taken away, another one for their days calls them off."""

from __future__ import annotations

from sqlalchemy import Connection

from webadmin.publishing import service
from webadmin.publishing.answers import Proposed, Refused
from webadmin.store import published, revisions
from webadmin.store.record import Record
from webadmin.store.refusing import RefusedError
from webadmin.store.revisions import Act, Period, Refusal


def call_off(record: Record, document: str, seq: int, note: str, act: Act) -> Proposed | Refused:
    """Propose for the days of a publication that has not begun what would be in effect without it.

    Args:
        record: Where it is.
        document: Its name.
        seq: Number of the publication.
        note: Why.
        act: Who proposes, and when.

    Raises:
        BusyError: nothing was written; trying again may help.
    """
    with record.reading() as connection:
        found = without(connection, document, seq, act)
    if found is None:
        return Refused.by(RefusedError(Refusal.NOTHING_EARLIER, document=document))
    text, period = found
    return service.propose(record, {document: text}, period, note, act)


def without(connection: Connection, document: str, seq: int, act: Act) -> tuple[str, Period] | None:
    """Return the text that would be in effect without a publication that has not begun, and on which days.

    None where one proposal cannot call it off: it has begun, is overtaken, or there would be no text or several.
    """
    row = next((each for each in published.history(connection, document) if each.seq == seq), None)
    if row is None or row.since <= act.today:
        return None
    days = revisions.boundaries(connection, row.since, row.until)
    live = [revisions.standing(connection, day).get(document) for day in days]
    counts = [each is not None and each.seq == seq for each in live]
    last = counts.index(False) if False in counts else len(days)
    if not last or any(counts[last:]):
        return None
    under = [revisions.in_effect(connection, day, seq - 1).get(document) for day in days[:last]]
    digests = {None if each is None else each.digest for each in under}
    digest = digests.pop()
    if digest is None or digests:
        return None
    text = revisions.texts(connection, {document: digest}).get(document)
    return None if text is None else (text, Period(row.since, days[last] if last < len(days) else row.until))
