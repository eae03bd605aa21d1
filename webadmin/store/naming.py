"""What people and customers are called: their names, and their ids in other systems."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import ColumnElement, Connection, Table, and_, func, or_, select, update

from policy.values import Language
from webadmin.spelling import beside, in_turn, is_spelled, letters
from webadmin.store import dated
from webadmin.store.dated import Of
from webadmin.store.tables import CUSTOMERS, DATED, EXTERNAL_IDS, IMPORT_CHANGES, IMPORTS, PEOPLE

SAME_NAME = 20
"""People or customers of one name that are looked for."""

MOST_HOLDING = 100
"""People or customers that are looked for whose name holds what was typed."""

_TABLES = {Of.PERSON: PEOPLE, Of.CUSTOMER: CUSTOMERS}


@dataclass(frozen=True, slots=True)
class Named:
    """A person or customer as lists show them.

    Attributes:
        id: Our own.
        name: None once erased.
        name_en: None where there is none.
    """

    of: Of
    id: str
    name: str | None
    name_en: str | None = None

    def to(self, language: Language) -> str:
        """Return the name in a language, the id where there is none."""
        return (self.name_en if language is Language.EN and self.name_en else self.name) or self.id


def by_name(who: Named, language: Language) -> tuple[bytes, str]:
    """Return what sorts people and customers as a reader looks for them: by pinyin, or by the English name."""
    return in_turn(who.to(language)) or b"", who.id


def turn_of(table: Table, language: Language) -> ColumnElement[bytes]:
    """Return the column that sorts people or customers the same way."""
    return table.c.turn_en if language is Language.EN else table.c.turn


def renew(connection: Connection, table: Table, ids: Collection[str]) -> None:
    """Bring what is kept beside names up to date, after they became different; beside those of teams nothing is."""
    columns = table.c
    for chunk in dated.chunks(ids if "spelled" in columns else ()):
        chosen = select(columns.id, columns.name, columns.name_en).where(columns.id.in_(chunk))
        for row in connection.execute(chosen).all():
            kept = beside(row.name, row.name_en)
            connection.execute(update(table).where(columns.id == row.id).values(kept))


def named(connection: Connection, of: Of, values: Collection[str]) -> dict[str, Named]:
    """Return who is meant by some ids, our own or those of another system; unknown ones are left out."""
    own = {value: value for value in values}
    theirs = EXTERNAL_IDS.c
    for chunk in dated.chunks(values):
        chosen = select(theirs.external, theirs.own_id).where(theirs.of == of, theirs.external.in_(chunk))
        own |= {row.external: row.own_id for row in connection.execute(chosen)}
    table = _TABLES[of]
    found: dict[str, Named] = {}
    for chunk in dated.chunks(set(own.values())):
        chosen = select(table.c.id, table.c.name, table.c.name_en).where(table.c.id.in_(chunk))
        found |= {row.id: Named(of, row.id, row.name, row.name_en) for row in connection.execute(chosen)}
    return {value: found[name] for value, name in own.items() if name in found}


def elsewhere(connection: Connection, of: Of, names: Collection[str]) -> list[str]:
    """Return what other systems call people or customers of ours."""
    columns = EXTERNAL_IDS.c
    return [
        each
        for chunk in dated.chunks(names)
        for each in connection.execute(
            select(columns.external).where(columns.of == of, columns.own_id.in_(chunk))
        ).scalars()
    ]


def every_name(connection: Connection, of: str, value: str) -> list[str]:
    """Return everything somebody or something is called: our id, and what other systems say.

    Args:
        connection: Where from.
        of: `person` or `customer`.
        value: One of these names; another system's may stand behind the system's: `crm:4711`.
    """
    columns = EXTERNAL_IDS.c
    source, colon, external = value.partition(":")
    theirs = columns.external == value
    if colon:
        theirs = or_(theirs, and_(columns.source == source, columns.external == external))
    ours = select(columns.own_id).where(columns.of == of, theirs)
    own = list(dict.fromkeys(connection.execute(ours).scalars()))
    rows = connection.execute(select(columns.external).where(columns.of == of, columns.own_id.in_([*own, value])))
    return list(dict.fromkeys([value, *own, *rows.scalars()]))


def holding(connection: Connection, of: Of, text: str) -> Iterator[Named]:
    """Yield, by id, the people or customers whose id or name holds each word of a text, as `with_words` has it.

    Whom an import added that was taken back is not among them. The connection is held open.
    """
    columns = _TABLES[of].c
    shown = (columns.id, columns.name, columns.name_en)
    fits = [*with_words(of, text), is_there(of)]
    with connection.execute(select(*shown).where(*fits).order_by(columns.id)) as rows:
        yield from (Named(of, *row) for row in rows)


def is_there(of: Of) -> ColumnElement[bool]:
    """Return what holds of all rows but those an import added that was taken back: nothing holds of these any more."""
    columns, changed = _TABLES[of].c, IMPORT_CHANGES.c
    back = select(changed.of_id).join(IMPORTS, IMPORTS.c.id == changed.import_id)
    back = back.where(changed.of == str(of), changed.attribute == "", IMPORTS.c.undone_at.is_not(None))
    holds = select(DATED.c.id).where(DATED.c.of == str(of), DATED.c.of_id == columns.id)
    return or_(columns.id.not_in(back), holds.correlate(_TABLES[of]).exists())


def with_words(of: Of, text: str) -> list[ColumnElement[bool]]:
    """Return what holds of the rows whose id or name holds each word of a text, in any case and order.

    Words may be pinyin, too: syllables or initials, from any character of the name on.
    """
    return [or_(*_holds(_TABLES[of], word)) for word in text.lower().split()]


def _holds(table: Table, word: str) -> Iterator[ColumnElement[bool]]:
    columns = table.c
    for each in (columns.id, columns.name, columns.name_en):
        yield func.lower(each).contains(word, autoescape=True)
    typed = letters(word)
    if typed is not None:
        yield columns.spelled.contains(f" {typed}")


def has_words(who: Named, text: str) -> bool:
    """Say the same of one person or customer."""
    shown = [each.lower() for each in (who.id, who.name, who.name_en) if each]
    return all(any(word in each for each in shown) or is_spelled(who.name, word) for word in text.lower().split())


def called(connection: Connection, of: Of, value: str) -> list[str]:
    """Return every id of the people or customers who have an id, or a name, as it was typed, else a name that holds it.

    Of those whose name only holds it there are at most `MOST_HOLDING`.
    """
    table = _TABLES[of].c
    chosen = select(table.id).where(or_(table.id == value, table.name == value, table.name_en == value))
    own = [value, *connection.execute(chosen.limit(SAME_NAME)).scalars()]
    if len(own) == 1 and not named(connection, of, [value]):
        own += [each.id for each in islice(holding(connection, of, value), MOST_HOLDING)]
    return list(dict.fromkeys(name for each in own for name in every_name(connection, of, each)))
