"""Hold the numbers that a reasoner claims to see against those that were measured. Pure."""

from __future__ import annotations

import ast
import math
from collections.abc import Sequence

from air_cli.protocol_words import evidence_mark, within
from air_cli.records import Answer, Chart, Mark

# Numbers of formulas rather than of charts: counts, indices, percent.
COMMON = frozenset(range(-2, 13)) | {100, 1000, 1_000_000}
SHOWN = 4


def disputed(code: str, answer: Answer, charts: Sequence[Chart]) -> str:
    """What the code takes for values of its evidence although other values were measured, in
    words; nothing when they agree or the code claims no numbers.

    For code that looked nothing up or answers with a number of its own: that comes from the
    picture, or from nowhere.
    """
    claimed = _numbers(code)
    if not claimed:
        return ""
    marks = [m for item in answer.evidence if (m := evidence_mark(item, charts)) is not None]
    missed = [
        mark
        for mark in marks
        if mark.value is not None and not any(_fits(number, mark) for number in claimed)
    ]
    if not missed:
        return ""
    told = "; ".join(map(_told, missed[:SHOWN]))
    return f"the code uses {', '.join(f'{n:g}' for n in claimed[:SHOWN])}, but measured was: {told}"


def says_a_number(code: str) -> bool:
    """Whether the code calls `answer` with a number that is written in it, not computed."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "answer"
        and any(_is_number(first) for first in node.args[:1])
        for node in _nodes(code)
    )


def _is_number(node: ast.AST) -> bool:
    value = node.value if isinstance(node, ast.Constant) else None
    return isinstance(value, int | float) and not isinstance(value, bool)


def _nodes(code: str) -> list[ast.AST]:
    try:
        return list(ast.walk(ast.parse(code)))
    except (SyntaxError, ValueError, RecursionError):
        return []


def _numbers(code: str) -> list[float]:
    """The numbers written in the code that can be values of a chart."""
    constants = [node for node in _nodes(code) if isinstance(node, ast.Constant)]
    numbers = [float(node.value) for node in constants if _is_number(node)]  # type: ignore[arg-type]
    return [n for n in dict.fromkeys(numbers) if math.isfinite(n) and n not in COMMON]


def _fits(number: float, mark: Mark) -> bool:
    return within(number, mark) or within(-number, mark)


def _told(mark: Mark) -> str:
    name = " ".join(filter(None, (mark.series, mark.category)))
    spread = ""
    if mark.low is not None and mark.high is not None and mark.high > mark.low:
        spread = f" ({mark.low:g} to {mark.high:g})"
    return f"{name or 'a mark'} {mark.value:g}{spread}, {mark.how}"
