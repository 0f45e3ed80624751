"""Answers of models that speak other marks: a text without evidence (`12.5%`). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from air_cli.protocol_words import supported
from air_cli.records import Chart

_BOXED = re.compile(r"\\boxed\s*\{(.*)\}", re.S)
_LATEX = re.compile(r"\\(?:text|mathrm|mathbf)\s*\{([^{}]*)\}")
_NUMBER = re.compile(r"([$€£¥]?)\s*([-+−]?\d[\d,]*(?:\.\d+)?|[-+−]?\.\d+)\s*(%?)")
_REFUSAL = re.compile(
    r"(unanswerable|not answerable|cannot be (determined|answered)|not (shown|given|provided)"
    r"|(un)?known from the chart)\b.*",
    re.I | re.S,
)
NAMED = 3


def bare_answer(text: str) -> dict[str, Any]:
    """The raw answer that a text means: a number with its unit, a refusal, or the text itself."""
    body = text.strip()
    found = _BOXED.search(body)
    body = found[1] if found else body
    body = _LATEX.sub(r"\1", body).replace("\\%", "%").replace("\\$", "$").strip().rstrip(".")
    if _REFUSAL.fullmatch(body):
        return {"unanswerable": body}
    number = _NUMBER.fullmatch(body)
    if number is None:
        return {"value": body}
    unit = number[1] or number[3]
    value = float(number[2].replace(",", "").replace("−", "-"))
    return {"value": int(value) if value.is_integer() else value, "unit": unit}


def with_evidence(
    raw: Mapping[str, Any], touched: Sequence[Mapping[str, Any]], charts: Sequence[Chart]
) -> dict[str, Any]:
    """A bare answer with what it rests on: the marks that its code touched, or those that show
    its value, or else the figures as a whole."""
    if "unanswerable" in raw or raw.get("evidence"):
        return dict(raw)
    value = raw["value"]
    shown = [
        {"figure": chart.figure_id, "series": mark.series, "category": mark.category}
        for chart in charts
        for mark in chart.marks
        if supported(value, [mark])
    ]
    whole = [{"figure": c.figure_id, "box": [0.0, 0.0, *map(float, c.size_px)]} for c in charts]
    return {**raw, "evidence": list(touched) or shown[:NAMED] or whole}
