"""What a policy may take from the vocabulary as its inputs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from policy.model.document import Document, FieldClass, FieldOptions, VocabularyDocument

Fields = Mapping[str, FieldOptions]
"""Path → what the vocabulary declares."""


def choosable(vocabulary: VocabularyDocument | None) -> Fields:
    """Return the fields a policy may take from a vocabulary, in its order, without what no rule may ask for."""
    if vocabulary is None:
        return {}
    return {path: each for path, each in vocabulary.fields.items() if each.class_ is not FieldClass.FORBIDDEN}


def among(documents: Iterable[Document]) -> Fields:
    """Return the fields a policy may take from the vocabulary among some documents."""
    return choosable(next((each for each in documents if isinstance(each, VocabularyDocument)), None))


def closed(wanted: Collection[str], fields: Fields) -> list[str]:
    """Return inputs with the lists their items are in and the inputs that hold their currency, lists first."""
    found: dict[str, None] = {}
    waiting = sorted(wanted)
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found[path] = None
        declared = fields.get(path)
        unit = None if declared is None else declared.unit
        waiting += [path.rpartition("[]")[0]] if "[]" in path else []
        waiting += [unit] if unit is not None and unit in fields else []
    order = {path: at for at, path in enumerate(fields)}
    return sorted(found, key=lambda path: (order.get(path, len(order)), path))
