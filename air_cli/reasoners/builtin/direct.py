"""Answers without code: a value or a name that stands at one mark. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from air_cli.reasoners.builtin.lexicon import load
from air_cli.reasoners.builtin.magnitudes import asked_in
from air_cli.reasoners.builtin.program import Expression, Names, Pick
from air_cli.reasoners.builtin.sureness import sureness
from air_cli.reasoners.builtin.writing import ranked
from air_cli.records import Chart, Mark


def direct_answer(question: str, charts: Sequence[Chart]) -> dict[str, Any]:
    """The JSON of `<answer>`: a value with its mark as evidence, or a refusal with its reason."""
    magnitude = asked_in(question, load())
    for chart, read in ranked(question, charts)[:1]:
        if read.refusal:
            return {"unanswerable": read.refusal}
        if magnitude and load().magnitudes[magnitude] != read.context.schema.scale > 1.0:
            break  # what is printed has to be put in that magnitude
        for candidate in read.candidates[:1]:
            mark = _mark(candidate.program, chart)
            if mark is not None:
                sure = sureness(candidate.program, candidate.score, read.context, chart)
                said = {"sure": round(sure, 2)} if sure < 0.95 else {}
                return {**_answer(candidate.program, mark, chart), **said}
    return {"unanswerable": "the answer does not stand at one mark: it has to be computed"}


def _answer(program: Expression, mark: Mark, chart: Chart) -> dict[str, Any]:
    evidence = {"figure_id": chart.figure_id, "series": mark.series, "category": mark.category}
    if isinstance(program, Names):
        name = mark.series if program.dim == "series" else mark.category
        return {"value": name, "evidence": [evidence]}
    return {"value": mark.value, "unit": chart.unit, "evidence": [evidence]}


def _mark(program: Expression, chart: Chart) -> Mark | None:
    """The mark that a program without arithmetic means."""
    if isinstance(program, Names) and isinstance(program.of, Pick) and program.dim != "color":
        return _mark(program.of, chart)
    if not isinstance(program, Pick) or program.of.color or program.of.test or program.of.span:
        return None
    of = program.of
    found = [
        mark
        for mark in chart.marks
        if mark.value is not None
        and (not of.series or mark.series in of.series)
        and (not of.categories or mark.category in of.categories)
        and mark.category not in of.without
        and mark.series not in of.without
    ]
    if program.how == "only":
        return found[0] if len(found) == 1 else None
    if program.how in ("highest", "lowest") and 1 <= program.rank <= len(found):
        found.sort(key=lambda m: m.value or 0.0, reverse=program.how == "highest")
        return found[program.rank - 1]
    if program.how == "nearest" and found:
        return min(found, key=lambda m: abs((m.value or 0.0) - program.value))
    return None
