"""Parts of an expression by its tokens: brackets that belong together, and what lies between signs.

The nodes of a tree leave out the brackets around them; to keep every character, parts are cut where signs stand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from policy.feel.lexer import Token, tokens

_OPEN, _CLOSE = frozenset("([{"), frozenset(")]}")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Tokens of a text that follow one another.

    Attributes:
        text: The whole text.
        tokens: At least one, the end of the text not among them.
    """

    text: str
    tokens: Sequence[Token]

    @classmethod
    def of(cls, text: str) -> Stretch:
        """Return all tokens of a text that can be read."""
        return cls(text, tokens(text)[:-1])

    @property
    def start(self) -> int:
        """Return the offset of the first character."""
        return self.tokens[0].start

    @property
    def end(self) -> int:
        """Return the offset after the last character."""
        return self.tokens[-1].end

    @property
    def source(self) -> str:
        """Return its text."""
        return self.text[self.start : self.end]

    def between(self, start: int, end: int) -> Stretch:
        """Return the tokens that begin in a span of the text."""
        return Stretch(self.text, [each for each in self.tokens if start <= each.start < end])

    def is_wrapped(self) -> bool:
        """Say whether one pair of round brackets stands around all of it."""
        return self.tokens[0].text == "(" and self._closing(0) == len(self.tokens) - 1 > 1

    def inner(self) -> Stretch:
        """Return it without the round brackets around all of it."""
        found = self
        while found.is_wrapped():
            found = Stretch(self.text, found.tokens[1:-1])
        return found

    def split(self, is_sign: Callable[[Token], bool]) -> list[Stretch]:
        """Cut it at signs outside of all brackets; parts without tokens are left out."""
        found: list[list[Token]] = [[]]
        depth = 0
        for each in self.tokens:
            depth += _step(each)
            if depth == 0 and is_sign(each):
                found.append([])
            else:
                found[-1].append(each)
        return [Stretch(self.text, part) for part in found if part]

    def _closing(self, at: int) -> int:
        depth = 0
        for number, each in enumerate(self.tokens[at:], at):
            depth += _step(each)
            if depth == 0:
                return number
        return -1


def _step(token: Token) -> int:
    if token.kind != "sign":
        return 0
    return (token.text in _OPEN) - (token.text in _CLOSE)
