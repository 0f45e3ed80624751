"""The calls that end a question: `answer` and `unanswerable`."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sandbox.toolkit.desk import DESK
from sandbox.toolkit.options import option_of
from sandbox.toolkit.points import Point

# What the reader calls marks that have no label of their own.
PLACEHOLDER = re.compile(r"unnamed \d+|between .+ and .+")


def answer(
    value: Any,
    unit: str = "",
    evidence: Any = None,
    text: str = "",
    alternatives: Iterable[str] = (),
    sure: float = 1.0,
    options: Sequence[str] = (),
) -> None:
    """Give the answer: a number, text, True/False or a list, in the chart's unit.

    `evidence` are the marks it rests on (points, or dicts with series and category); left out, it
    is the marks that look-ups touched. `text` is a phrase for people; `alternatives` other
    answers that the question allows; `sure` (0..1) how well the question was understood;
    `options` the choices that the question leaves: the value becomes the one it means (NoSuch when
    it is none of them). Raises ValueError when the value is not finite or a name is none that the
    chart shows, TypeError when it is no such value, RuntimeError on a second call.
    """
    if DESK.answer is not None:
        raise RuntimeError("the answer was given already")
    if isinstance(value, str) and PLACEHOLDER.fullmatch(value):
        raise ValueError(f"the chart shows no name there ({value})")
    value, unit = (option_of(plain(value), options), "") if options else (value, unit)
    marks = list(DESK.touched.values()) if evidence is None else evidence_of(evidence)
    given = {"value": plain(value), "unit": str(unit), "evidence": marks, "text": str(text)}
    others = [str(other) for other in alternatives]
    if others:
        given["alternatives"] = others
    if sure < 1.0:
        given["sure"] = max(float(sure), 0.0)
    DESK.answer = given
    if not DESK.live:
        print(text or shown(given["value"], unit))


def unanswerable(reason: str) -> None:
    """Say that the chart does not hold the answer, and what it holds instead."""
    if DESK.answer is not None:
        raise RuntimeError("the answer was given already")
    if not str(reason).strip():
        raise ValueError("unanswerable() needs a reason")
    DESK.answer = {"unanswerable": str(reason).strip()}
    if not DESK.live:
        print(f"unanswerable: {reason}")


def plain(value: Any) -> Any:
    """numpy and pandas scalars as Python values, arrays as lists.

    Raises ValueError for what is not finite and TypeError for what is no value.
    """
    if isinstance(value, Point):
        raise TypeError("answer with point.value or point.category, not with the whole point")
    if getattr(value, "ndim", None) == 0 and hasattr(value, "item"):
        value = value.item()  # a scalar of numpy, which need not have been imported for this
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} is not a finite number")
        return value
    if isinstance(value, bool | int | str):
        return value
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple | set | dict) or hasattr(value, "keys"):
        if isinstance(value, Mapping):
            raise TypeError("a dict is no answer: give its values as a list, or name one")
        items = [plain(item) for item in value]
        if not items:
            raise ValueError("an empty list is no answer")
        return items
    raise TypeError(f"{type(value).__name__} is no answer: give a number, text, bool or list")


def evidence_of(given: Any) -> list[dict[str, Any]]:
    """What was passed as evidence as a list of records."""
    if isinstance(given, Point):
        return [given.evidence()]
    if isinstance(given, Mapping):
        return [evidence_record(given)]
    if isinstance(given, tuple) and len(given) == 2 and all(isinstance(x, str) for x in given):
        return [evidence_record({"series": given[0], "category": given[1]})]
    if isinstance(given, Iterable) and not isinstance(given, str | bytes):
        return [record for item in given for record in evidence_of(item)]
    raise TypeError(f"{type(given).__name__} is no evidence: give points or dicts with series")


def evidence_record(given: Mapping[str, Any]) -> dict[str, Any]:
    """A dict with at least series or category as a record; an unknown key is an error."""
    known = {"figure_id", "series", "category", "bbox_px", "value"}
    unknown = {str(key) for key in given} - known
    if unknown or not (given.get("series") or given.get("category") or given.get("bbox_px")):
        raise ValueError(f"evidence needs series and category, not {sorted(map(str, given))}")
    value = given.get("value")
    return {
        "figure_id": str(given.get("figure_id") or DESK.figure),
        "series": str(given.get("series", "")),
        "category": str(given.get("category", "")),
        "bbox_px": [float(side) for side in given.get("bbox_px", (0.0, 0.0, 0.0, 0.0))],
        "value": None if value is None else plain(value),
    }


def shown(value: Any, unit: str = "") -> str:
    """A value as people write it, with at least four digits: True is Yes, 1234.56 is 1,234.6, a
    percent sign sticks."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        parts = [shown(item, unit) for item in value]
        return ("; " if any("," in part for part in parts) else ", ").join(parts)
    if isinstance(value, str):
        return value
    digits = (
        0 if value == 0 or abs(value) >= 1e4 else max(3 - math.floor(math.log10(abs(value))), 1)
    )
    number = f"{value:,.{digits}f}" if abs(value) >= 1e-4 or value == 0 else f"{value:.3g}"
    number = number.rstrip("0").rstrip(".") if "." in number else number
    if not unit:
        return number
    if unit[0] in "$€£¥":
        minus = "-" if number.startswith("-") else ""
        return f"{minus}{unit[0]}{number.lstrip('-')} {_counted(unit[1:].strip())}".strip()
    return f"{number}{unit}" if unit == "%" else f"{number} {_counted(unit)}"


def _counted(unit: str) -> str:
    """The unit as it stands after a number: 12 "millions of dollars" are 12 million dollars."""
    return re.sub(
        r"(?i)\b(thousand|million|billion|trillion)s\b(?: of\b)?", lambda m: m[1].lower(), unit
    )
