"""Records as text, Markdown, JSON and CSV, by name; text for a terminal is in `render_rich`."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from air_cli import render_parts as parts
from air_cli.records import Chart, Figure, Trace, tidy, to_json

EVIDENCE_SHOWN = 12


def answer_text(trace: Trace) -> str:
    """An answer as plain text: the answer first, then how sure, the evidence and the code."""
    lines = [parts.headline(trace)]
    answer = trace.answer
    if answer is not None and answer.unanswerable is None:
        lines.append(f"  {confidence(trace)}")
        lines += [f"  or: {parts.printable(other)}" for other in answer.alternatives]
    rows = parts.evidence_rows(trace)
    if rows:
        lines += ["", "evidence"]
        shown = [[r.place, r.name(), r.value, r.box] for r in rows[:EVIDENCE_SHOWN]]
        lines += parts.columns(["figure", "mark", "value", "box (px)"], shown, ["value"], "  ")
        lines += _more(len(rows))
    code = parts.final_code(trace)
    if code:
        lines += ["", "code", *(f"  {line}".rstrip() for line in code.splitlines())]
    if trace.outcome != "answered" and (faults := parts.faults(trace)):
        lines += ["", "faults", *(f"  {line}" for line in faults)]
    if trace.considered:
        lines += ["", "considered", *(f"  {parts.printable(line)}" for line in trace.considered)]
    problems = [p for chart in trace.charts for p in chart.problems]
    if problems:
        lines += ["", "reading", *(f"  {parts.printable(p)}" for p in problems)]
    return "\n".join(lines) + "\n"


def confidence(trace: Trace) -> str:
    """`sure (0.93): printed labels`, or nothing without an answer."""
    answer = trace.answer
    if answer is None:
        return ""
    why = f": {parts.printable(answer.why)}" if answer.why else ""
    return f"{parts.sureness(answer.confidence)} ({answer.confidence:.2f}){why}"


def _more(count: int) -> list[str]:
    return [f"  … and {count - EVIDENCE_SHOWN} more"] if count > EVIDENCE_SHOWN else []


def answer_markdown(trace: Trace) -> str:
    """An answer as a Markdown section."""
    sources = ", ".join(parts.printable(source.path) for source in trace.sources)
    lines = [f"## {_md(trace.question.text)}", "", f"**{_md(parts.headline(trace))}**", ""]
    answer = trace.answer
    if answer is not None and answer.unanswerable is None:
        lines += [f"Confidence: {_md(confidence(trace))}.", ""]
        lines += [f"Or: {_md(other)}.\n" for other in answer.alternatives]
    rows = parts.evidence_rows(trace)
    if rows:
        table = [[r.place, r.series, r.category, r.value, r.box] for r in rows]
        head = ["figure", "series", "category", "value", "box (px)"]
        lines += ["### Evidence", "", *_md_table(head, table), ""]
    if code := parts.final_code(trace):
        fence = "```" if "```" not in code else "~~~~"
        lines += ["### Code", "", f"{fence}python", code, fence, ""]
    if trace.considered:
        lines += ["### Considered", "", *(f"- {_md(line)}" for line in trace.considered), ""]
    problems = [p for chart in trace.charts for p in chart.problems]
    if problems:
        lines += ["### Reading", "", *(f"- {_md(problem)}" for problem in problems), ""]
    lines.append(
        f"Source: {_md(sources)}. Route: {trace.mode}, {parts.counted(len(trace.steps), 'step')}."
    )
    return "\n".join(lines) + "\n"


def _md(text: str) -> str:
    """Text as Markdown that shows it literally."""
    out = parts.printable(text)
    for mark in "\\`*_[]<>|":
        out = out.replace(mark, "\\" + mark)
    return out


def _md_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = ["| " + " | ".join(map(_md, head)) + " |", "|" + " --- |" * len(head)]
    return lines + ["| " + " | ".join(map(_md, row)) + " |" for row in rows]


def answer_json(trace: Trace) -> str:
    """The whole trace, with the answer before everything else."""
    data = to_json(trace)
    first = {name: data.pop(name) for name in ("schema", "outcome", "answer", "question")}
    return _json({**first, **data})


def _json(data: Any) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


ANSWERS: Mapping[str, Callable[[Trace], str]] = {
    "text": answer_text,
    "md": answer_markdown,
    "json": answer_json,
}


def answers(traces: Sequence[Trace], form: str) -> str:
    """Several answers in one format; JSON is an object for one answer, otherwise one a line."""
    return ANSWERS[form](traces[0]) if len(traces) == 1 else one_of_many(traces, form)


def one_of_many(traces: Sequence[Trace], form: str) -> str:
    """Answers as part of a longer output: each says what it answers."""
    if form == "json":
        lines = (json.dumps(to_json(t), ensure_ascii=False, allow_nan=False) for t in traces)
        return "".join(f"{line}\n" for line in lines)
    if form == "text":
        return "".join(f"{question_line(trace)}\n{answer_text(trace)}\n" for trace in traces)
    return "".join(ANSWERS[form](trace) + "\n" for trace in traces)


def question_line(trace: Trace) -> str:
    """Which source and question an answer belongs to."""
    paths = ", ".join(source.path for source in trace.sources)
    return parts.printable(f"# {paths}: {trace.question.text}")


def chart_text(chart: Chart, figure: Figure) -> str:
    """A chart as a plain table with what is known about its reading."""
    lines = [f"{figure.id}, page {figure.page_name}: {parts.chart_head(chart)}"]
    head, rows = parts.table_of(chart)
    if rows:
        lines += ["", *parts.columns(head, rows, head[1:], "  ")]
    lines += ["", f"  {reading_line(chart)}"]
    lines += [f"  ! {parts.printable(problem)}" for problem in chart.problems]
    return "\n".join(lines) + "\n"


def reading_line(chart: Chart) -> str:
    """How the marks were read and how sure that is."""
    counts: dict[str, int] = {}
    for mark in chart.marks:
        counts[mark.how] = counts.get(mark.how, 0) + 1
    words = {
        "label": "from printed labels",
        "geometry": "measured",
        "both": "printed and measured alike",
        "vector": "from the drawing itself",
        "cell": "table cells",
    }
    how = ", ".join(f"{n} {words[name]}" for name, n in counts.items()) or "no values"
    return f"{how}; confidence {chart.confidence:.2f} ({parts.sureness(chart.confidence)})"


def chart_markdown(chart: Chart, figure: Figure) -> str:
    """A chart as a Markdown table."""
    title = f"### {_md(figure.id)}, page {figure.page}: {_md(parts.chart_head(chart))}"
    head, rows = parts.table_of(chart)
    lines = [title, "", *_md_table(head, rows), "", f"{_md(reading_line(chart))}."]
    return "\n".join([*lines, *(f"- {_md(problem)}" for problem in chart.problems)]) + "\n"


def charts_csv(items: Sequence[tuple[Chart, Figure]]) -> str:
    """Tidy CSV: one row a mark; columns figure, page, series, category, value, low, high, how,
    unit."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = ["figure", "page", "series", "category", "value", "low", "high", "how", "unit", "scale"]
    writer.writerow(names)
    for chart, figure in items:
        for m in chart.marks:
            place = [figure.id, figure.page, _cell(m.series), _cell(m.category)]
            read = [_exact(m.value), _exact(tidy(m.low)), _exact(tidy(m.high)), m.how]
            writer.writerow([*place, *read, _cell(chart.unit), _exact(chart.scale)])
    return out.getvalue()


def _exact(value: float | None) -> str:
    return "" if value is None else repr(int(value) if value == int(value) else value)


def _cell(text: str) -> str:
    """Text for a spreadsheet: what it would take for a formula gets an apostrophe."""
    clean = parts.printable(text)
    return f"'{clean}" if clean[:1] in ("=", "+", "-", "@") and not _is_number(clean) else clean


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "").rstrip("%"))
    except ValueError:
        return False
    return True


def charts(items: Sequence[tuple[Chart, Figure]], form: str) -> str:
    """Charts as text, Markdown, JSON (an object, or a list of them) or CSV."""
    if form == "csv":
        return charts_csv(items)
    if form == "json":
        made = [{"figure": to_json(f), "chart": to_json(c)} for c, f in items]
        return _json(made[0] if len(made) == 1 else made)
    one = {"text": chart_text, "md": chart_markdown}[form]
    return "\n".join(one(chart, figure) for chart, figure in items)


def figures(items: Sequence[tuple[str, Figure]], form: str, several: bool = False) -> str:
    """Figures as text, JSON or CSV; text names the document where there are several."""
    if form == "json":
        return _json([{"source": path, **to_json(figure)} for path, figure in items])
    head = ["source", "figure", "page", "kind", "drawn as", "box (pt)", "caption", "image"]
    rows = [
        [
            parts.printable(path),
            figure.id,
            figure.page_name,
            figure.kind,
            "vector" if figure.vector else "image",
            parts.box(figure.bbox_pt),
            parts.figure_name(figure),
            figure.image or "",
        ]
        for path, figure in items
    ]
    if form == "csv":
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerows([head, *([_cell(cell) for cell in row] for row in rows)])
        return out.getvalue()
    return _figures_text(head, rows, several)


def _figures_text(head: list[str], rows: list[list[str]], several: bool) -> str:
    """The table without the columns that say nothing."""
    for row in rows:
        row[6] = row[6] if len(row[6]) <= 70 else row[6][:69] + "…"
    kept = [i for i in range(len(head)) if (i > 0 or several) and any(row[i] for row in rows)]
    table = [[row[i] for i in kept] for row in rows]
    return "\n".join(parts.columns([head[i] for i in kept], table, ["page"])) + "\n" if rows else ""
