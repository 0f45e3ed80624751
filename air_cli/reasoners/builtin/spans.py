"""What the words of a question were read as. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from air_cli.reasoners.builtin.tokens import Token


@dataclass(frozen=True)
class Span:
    """Tokens lo..hi (hi excluded) read as something. `kind`: series, category, color, number,
    year (one the chart lacks), or a kind of the lexicon; `tags` its other readings."""

    kind: str
    value: str | float
    lo: int
    hi: int
    score: float = 1.0
    tags: tuple[tuple[str, str], ...] = ()

    def tag(self, kind: str) -> str | None:
        """The value of another reading of the same words."""
        return next((value for name, value in self.tags if name == kind), None)


@dataclass(frozen=True)
class Linked:
    """A question with what its words were read as, in order, without overlaps."""

    text: str
    tokens: tuple[Token, ...]
    spans: tuple[Span, ...]
    loose: tuple[int, ...]

    def between(self, lo: int, hi: int) -> list[Span]:
        """The spans inside a window of tokens."""
        return [span for span in self.spans if lo <= span.lo and span.hi <= hi]
