"""Thousands, millions, billions: what a chart counts in and an answer is asked in. Pure."""

from __future__ import annotations

import re

from air_cli.reasoners.builtin.codegen_units import SHOWN, unit_of
from air_cli.reasoners.builtin.lexicon import Lexicon
from air_cli.reasoners.builtin.program import Aggregate, Binary, Expression, Number, Pick, There
from air_cli.reasoners.builtin.tokens import forms
from air_cli.records import Chart


def scale_of(chart: Chart, lexicon: Lexicon) -> float:
    """The factor that a chart's words imply: 1e6 where it is in millions, 1 where they say none."""
    if chart.scale != 1.0:
        return chart.scale
    values = [axis.title for axis in chart.axes if axis.kind in ("linear", "log")]
    said = [word for text in (chart.unit, *values) for word in forms(text)]
    named = {word for word in said if len(word) > 1 and word in lexicon.magnitudes}
    return lexicon.magnitudes[named.pop()] if len(named) == 1 else 1.0


def in_scale(value: float, factor: float, scale: float, top: float) -> float | None:
    """A number with its magnitude (`factor`) in the unit of a chart whose values reach up to `top`:
    "2 billion" is 2000 where it counts millions. None where the chart says no magnitude."""
    if value * factor <= 10.0 * top:
        return value * factor
    return value * factor / scale if scale > 1.0 else None


def asked_in(question: str, lexicon: Lexicon) -> str:
    """The magnitude that the answer is asked in: "in billions", "how many million dollars"; empty
    where the question names none, or puts a number before it."""
    words = "|".join(word for word in lexicon.magnitudes if len(word) > 1)
    pattern = rf"\b(?:in|how many)\s+(?:the\s+)?(?:u\.?s\.?\s?)?[$€£]?\s?({words})s?\b"
    found = re.search(pattern, question, re.I)
    return found[1].casefold() if found else ""


def told_in(program: Expression, wanted: str, scale: float, lexicon: Lexicon) -> Expression | None:
    """The program with its number in the magnitude that is asked for; None where it gives no amount
    in the chart's unit, or is in that magnitude already."""
    factor = lexicon.magnitudes.get(wanted, scale) / scale
    amount = isinstance(program, Pick | Aggregate | Binary | There)
    amount = amount and not (isinstance(program, Aggregate) and program.op in ("range", "mode"))
    if scale <= 1.0 or factor == 1.0 or not amount or unit_of(program) != SHOWN:
        return None
    return Binary("over", program, Number(factor))


def unit_in(unit: str, wanted: str, lexicon: Lexicon) -> str:
    """The chart's unit with the magnitude that is asked for: "$ millions" in billions is "$
    billions"."""
    words = "|".join(word for word in lexicon.magnitudes if len(word) > 1)
    told, count = re.subn(rf"\b(?:{words})(?=s?\b)", wanted, unit, flags=re.I)
    return told if count else f"{wanted} {unit}".strip()
