"""The words files of records are read by: the vocabulary in effect in the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from policy.engine import Policies
from policy.errors import FactsError, Problem, did_you_mean
from policy.model.document import VocabularyDocument
from policy.model.events import EventType
from webadmin.roster.wording import currency_of
from webadmin.store.record import Record


class NoVocabularyError(Exception):
    """No vocabulary is in effect, so nobody can say what a column may hold."""


@dataclass(frozen=True, slots=True)
class Words:
    """What can be said.

    Attributes:
        vocabulary: The fields all policies share.
        events: Name → type of event.
        currency: Of deals that say none; None: not known.
    """

    vocabulary: VocabularyDocument
    events: Mapping[str, EventType]
    currency: str | None = None

    @classmethod
    def of(cls, policies: Policies) -> Words:
        """Return the words of documents that were loaded together.

        Raises:
            NoVocabularyError: there is no vocabulary among them.
        """
        found = next((each for each in policies.documents if isinstance(each, VocabularyDocument)), None)
        if found is None:
            raise NoVocabularyError
        return cls(found, policies.events, currency_of(policies, {}))

    @classmethod
    def on(cls, record: Record, day: date) -> Words:
        """Return what is in effect in a record on a day.

        Raises:
            NoVocabularyError: no vocabulary is.
        """
        with record.engine.connect() as connection:
            return cls.of(record.catalogue.policies(connection, day))

    def problems(self, name: str, data: Mapping[str, Any]) -> list[Problem]:
        """Return what does not fit in the data of an event."""
        declared = self.events.get(name)
        if declared is None:
            return [Problem("unknown-event", "/type", {"found": name[:60], **did_you_mean(name, self.events)})]
        try:
            declared.read(data)
        except FactsError as error:
            return list(error.problems)
        return []
