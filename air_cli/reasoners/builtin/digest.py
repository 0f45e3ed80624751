"""The key figures of a report: the lines of its statements that people look at first, each from the
table that holds it, in the latest year and against the year before. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from air_cli.reasoners.builtin.joint import holds
from air_cli.reasoners.builtin.lexicon import load as words_of
from air_cli.reasoners.builtin.rules_open import SUMMARY
from air_cli.reasoners.builtin.schema import describe
from air_cli.reasoners.builtin.statements import columns_of, load, row_of, said_in
from air_cli.reasoners.builtin.tokens import tokenise
from air_cli.records import Chart

# Fewer lines make no digest: the document has no statements.
FEWEST = 3
_KEY = frozenset(("figure", "number", "metric", "data", "fact", "financial", "result"))
_MOST_WORDS = 8
_SURE = 0.95


def is_digest(question: str) -> bool:
    """Whether a question asks for the key figures or a summary, and names no line of a statement:
    "key figures?", "Summarise the report."."""
    tokens = tokenise(question)
    words = {token.norm for token in tokens if not token.punctuation}
    named, lines = said_in(tokens, words_of())
    asks = bool(words & SUMMARY) or ("key" in words and bool(words & _KEY))
    return asks and len(words) <= _MOST_WORDS and not lines and not named


def digest_lines() -> tuple[str, ...]:
    """The lines to look for, in the order to give them."""
    return load().key


def digest_code(charts: Sequence[Chart]) -> str:
    """Code that takes each key line from the first table that has it; empty for too few lines."""
    entries = []
    for line in digest_lines():
        place = next((n for n, chart in enumerate(charts) if holds(chart, line, ())), -1)
        if place < 0:
            continue
        row = row_of(line, describe(charts[place], words_of()))
        columns = columns_of([series.name for series in charts[place].series])
        years = sorted(columns, reverse=True)[:2]
        entries.append((place, row, tuple(columns[year] for year in years)))
    if len(entries) < FEWEST:
        return ""
    listed = [f"    (charts[{place}], {row!r}, {years!r})," for place, row, years in entries]
    return (
        "\n".join(
            [
                "# the key lines of the statements: the latest year, and against the year before",
                "lines = [",
                *listed,
                "]",
                "found = {}",
                "said = []",
                "for table, row, years in lines:",
                "    values = [table.value(year, row) for year in years]",
                "    found[row] = values[0]",
                "    moved = len(values) > 1 and values[1] > 0",
                '    rate = f" ({growth_rate(values[1], values[0]):+.1f}%)" if moved else ""',
                '    said.append(f"{row} {years[0]}: {shown(values[0], table.unit)}{rate}")',
                f'answer([f"{{row}}: {{value:.10g}}" for row, value in found.items()], '
                f'text="; ".join(said), sure={_SURE})',
            ]
        )
        + "\n"
    )
