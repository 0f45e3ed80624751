"""Check raw answers and resolve their evidence to places on the page. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from air_cli.errors import ReasonerFault
from air_cli.protocol_words import answer_text, calibrated, fold, judged
from air_cli.records import Answer, Box, Chart, Evidence, Mark, Question, Task, Value

EVIDENCE_LIMIT = 200
TEXT_LIMIT = 4000

_NUMBER = re.compile(r"[-+−]?\s*[$€£¥]?\s*[-+−]?\d[\d,\u00a0 ]*(\.\d+)?(e[-+]?\d+)?\s*%?\Z", re.I)
_BOOLS = {"yes": True, "true": True, "no": False, "false": False}


def check_answer(
    raw: Mapping[str, Any], touched: Sequence[Mapping[str, Any]], task: Task, *, computed: bool
) -> Answer:
    """Turn a raw answer (`Ran.answer`, or the JSON of `<answer>`) into a record.

    `touched` is the evidence that the code touched: used when the answer names none. `computed`
    says whether code computed the value. Raises `ReasonerFault` (kind `answer`) when the value is
    missing, not finite or of another type than asked for, or when its evidence does not exist.
    """
    if "unanswerable" in raw:
        return _refusal(raw["unanswerable"])
    if "value" not in raw:
        raise _fault("the answer has no value")
    unit = _text(raw.get("unit"), "unit")
    value, unit = _typed(raw["value"], unit, task.question)
    refs = _list(raw.get("evidence"), "evidence") or list(touched)
    evidence = tuple(resolve(task, ref) for ref in refs[:EVIDENCE_LIMIT])
    if not evidence:
        raise _fault("the answer has no evidence: name the figure, series and category it rests on")
    unit = unit or _shown_unit(value, evidence, task.charts)
    confidence, why = judged(evidence, task.charts, value, computed=computed)
    confidence, why = _tempered(confidence, why, raw.get("sure"))
    text = _text(raw.get("text"), "text") or answer_text(value, unit, task.question)
    return Answer(
        value=value,
        unit=unit,
        text=text,
        confidence=confidence,
        why=why,
        evidence=tuple(dict.fromkeys(evidence)),
        alternatives=tuple(map(str, _list(raw.get("alternatives"), "alternatives")))[:8],
    )


def _tempered(confidence: float, why: str, sure: object) -> tuple[float, str]:
    """Less confident where the reasoner says (`sure`, 0..1) that it understood the question only
    in part; anything else in its place is ignored."""
    if isinstance(sure, bool) or not isinstance(sure, int | float) or not 0.0 <= sure < 1.0:
        return confidence, why
    confidence = calibrated(confidence * sure)
    return confidence, f"{why}; the question was understood in part ({sure:.2f})"


def _shown_unit(value: Value, evidence: Sequence[Evidence], charts: Sequence[Chart]) -> str:
    """The chart's unit for a number that is the value of one of the marks it rests on."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    for item in evidence:
        if item.value is not None and math.isclose(item.value, value, rel_tol=1e-9):
            return next((c.unit for c in charts if c.figure_id == item.figure_id), "")
    return ""


def _fault(message: str) -> ReasonerFault:
    return ReasonerFault(message, kind="answer")


def _refusal(reason: object) -> Answer:
    text = reason.strip() if isinstance(reason, str) else ""
    if not text:
        raise _fault("unanswerable needs a reason")
    return Answer(None, text=f"not answerable: {text}", why=text, unanswerable=text[:TEXT_LIMIT])


def _text(value: object, what: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > TEXT_LIMIT:
        raise _fault(f"the answer's {what} must be a short text")
    return value.strip()


def _list(value: object, what: str) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, list | tuple):
        return list(value)
    if what == "evidence" and isinstance(value, Mapping):
        return [value]
    raise _fault(f"the answer's {what} must be a list")


def _typed(value: object, unit: str, question: Question) -> tuple[Value, str]:
    """`value` as the type that the question expects, mended where that is safe."""
    expects = question.expects
    if isinstance(value, float) and not math.isfinite(value):
        raise _fault(f"the answer's value is {value}, which is not a finite number")
    if expects == "number":
        return _as_number(value, unit or question.unit)
    if expects == "bool":
        return _as_bool(value), unit
    if expects == "list":
        return _as_list(value), unit
    if expects == "text":
        return _as_text(value), unit
    return _as_any(value), unit


def _as_number(value: object, unit: str) -> tuple[Value, str]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value, unit
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        digits = re.sub(r"[^\d.eE+-]", "", value.replace("−", "-"))
        number = float(digits)
        unit = unit or ("%" if value.strip().endswith("%") else "")
        if math.isfinite(number):
            return number, unit
    raise _fault(f"the question asks for a number, and the answer's value is {value!r:.80}")


def _as_bool(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().casefold() in _BOOLS:
        return _BOOLS[value.strip().casefold()]
    raise _fault(f"the question asks for yes or no, and the answer's value is {value!r:.80}")


def _as_list(value: object) -> list[Any]:
    items = list(value) if isinstance(value, list | tuple) else [value]
    if not items or len(items) > EVIDENCE_LIMIT:
        raise _fault("the question asks for a list of names or numbers")
    return [_scalar(item) for item in items]


def _as_text(value: object) -> str:
    item = _scalar(value)
    if isinstance(item, bool):
        return "Yes" if item else "No"
    if isinstance(item, float) and item.is_integer():
        item = int(item)
    return str(item)  # without separators: it may be a year


def _as_any(value: object) -> Value:
    return _as_list(value) if isinstance(value, list | tuple) else _scalar(value)


def _scalar(value: object) -> str | int | float | bool:
    if isinstance(value, str) and value.strip() and len(value) <= TEXT_LIMIT:
        return value.strip()
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    raise _fault(f"the answer's value {value!r:.80} is not a number, a text or a yes or no")


# --- evidence -------------------------------------------------------------------------------


def resolve(task: Task, ref: object) -> Evidence:
    """A reference as `Evidence` with its box in pixels and points.

    A reference names a figure (may be left out when there is one chart) and either a mark by
    series and category or a region by `box`/`bbox_px`. Raises `ReasonerFault` (kind `answer`).
    """
    if not isinstance(ref, Mapping):
        raise _fault("each evidence must name a figure, a series and a category")
    chart = _chart(task.charts, ref.get("figure_id", ref.get("figure")))
    series, category = _name(ref.get("series")), _name(ref.get("category"))
    region = ref.get("bbox_px", ref.get("box"))
    if isinstance(region, list | tuple) and not any(region):
        region = None  # the toolkit's word for no box
    if series or category:
        mark = _mark(chart, series, category, region)
        if mark is not None:
            value = mark.value
            box = mark.bbox_px
            return _placed(task, chart, box, mark.series, mark.category, value)
        if region is None:
            raise _fault(_no_mark(chart, series, category))
    return _placed(task, chart, _region(chart, region), series, category, None)


def _name(value: object) -> str:
    return "" if value is None else str(value).strip()


def _chart(charts: Sequence[Chart], figure: object) -> Chart:
    if not figure and len(charts) == 1:
        return charts[0]
    for chart in charts:
        if chart.figure_id == figure:
            return chart
    known = ", ".join(chart.figure_id for chart in charts) or "none"
    raise _fault(f"evidence names the figure {figure!r:.60}; there is {known}")


def _mark(chart: Chart, series: str, category: str, region: object) -> Mark | None:
    """The mark that the names mean; of several, the one whose box is `region`."""
    found = [m for m in chart.marks if (m.series, m.category) == (series, category)]
    if not found:
        found = [
            mark
            for mark in chart.marks
            if (not series or fold(mark.series) == fold(series))
            and (not category or fold(mark.category) == fold(category))
        ]
    if len(found) > 1 and isinstance(region, list | tuple):
        same = [m for m in found if all(abs(a - b) < 1 for a, b in _pairs(m.bbox_px, region))]
        found = same or found
    return found[0] if found else None


def _pairs(box: Box, region: Sequence[object]) -> list[tuple[float, float]]:
    numbers = [n for n in region if isinstance(n, int | float)]
    return list(zip(box, numbers, strict=True)) if len(numbers) == 4 else [(0.0, math.inf)]


def _no_mark(chart: Chart, series: str, category: str) -> str:
    names = sorted({mark.series for mark in chart.marks})[:8]
    categories = list(dict.fromkeys(mark.category for mark in chart.marks))[:12]
    return (
        f"evidence names series {series!r:.60} and category {category!r:.60}, which"
        f" {chart.figure_id} does not have: series {names}, categories {categories}"
    )


def _region(chart: Chart, region: object) -> Box:
    if isinstance(region, list | tuple) and len(region) == 4:
        numbers = [float(n) for n in region if isinstance(n, int | float) and math.isfinite(n)]
        width, height = chart.size_px
        if len(numbers) == 4 and numbers[0] <= numbers[2] and numbers[1] <= numbers[3]:
            inside = numbers[0] >= -1 and numbers[1] >= -1
            if inside and (not width or (numbers[2] <= width + 1 and numbers[3] <= height + 1)):
                return numbers[0], numbers[1], numbers[2], numbers[3]
    raise _fault(f"evidence needs a series and category, or a box inside {chart.figure_id}")


def _placed(
    task: Task, chart: Chart, box: Box, series: str, category: str, value: float | None
) -> Evidence:
    figure = next((f for f in task.figures if f.id == chart.figure_id), None)
    page, on_page = figure.place(box) if figure else (1, None)
    return Evidence(
        figure_id=chart.figure_id,
        page=page,
        bbox_px=box,
        series=series,
        category=category,
        value=value,
        bbox_pt=on_page,
    )
