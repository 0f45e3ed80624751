"""Render the messages of a profile from its templates (`prompts/<profile>/*.md`). Pure text.

No prose lives here: what a reasoner reads comes from the templates, the toolkit's docstrings and
the data.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence

from air_cli.protocol_profile import Profile
from air_cli.protocol_toolkit import toolkit_description
from air_cli.records import Answer, Axis, Chart, Fault, Figure, Mark, Ran, Task, Text

ROWS = 150
FEW_ROWS = 30
TEXTS = 40
OUTPUT = 4000


def system(profile: Profile) -> str:
    """The system prompt with the toolkit's description."""
    return profile.fill("system", toolkit=toolkit_description())


def briefing(profile: Profile, task: Task, rows: int = ROWS) -> str:
    """What the question is about: every chart as data (at most `rows` marks), the question."""
    figures = {figure.id: figure for figure in task.figures}
    charts = [
        chart_text(profile, chart, figures.get(chart.figure_id), rows) for chart in task.charts
    ]
    question = task.question
    return profile.fill(
        "briefing",
        charts="\n\n".join(charts),
        question="\n- ".join((question.text, *question.choices)),
        expects=question.expects,
        unit=question.unit or "-",
    )


def chart_text(profile: Profile, chart: Chart, figure: Figure | None, rows: int = ROWS) -> str:
    """One chart as data: axes, marks with intervals, texts, problems; long tables are cut."""
    return profile.fill(
        "chart",
        figure=chart.figure_id,
        page=str(figure.page if figure else 1),
        size="×".join(map(str, chart.size_px)),
        kind=chart.kind,
        title=" / ".join(filter(None, (chart.title, chart.subtitle))) or "-",
        caption=(figure.caption if figure else "") or "-",
        unit=chart.unit or "-",
        scale=f"{chart.scale:g}",
        axes="\n".join(map(_axis, chart.axes)) or "-",
        series=", ".join(f"{s.name or '-'} ({s.color or '?'})" for s in chart.series) or "-",
        confidence=f"{chart.confidence:.2f}",
        problems="; ".join(chart.problems) or "-",
        marks=_marks(chart.marks, rows),
        texts=_texts(chart.text),
    )


def _axis(axis: Axis) -> str:
    ticks = [tick.text for tick in axis.ticks]
    shown = ticks if len(ticks) <= 12 else [*ticks[:6], "…", *ticks[-5:]]
    head = f"{axis.role}: {axis.kind}"
    parts = [head, axis.title, axis.unit, f"×{axis.scale:g}" if axis.scale != 1 else ""]
    return f"{', '.join(filter(None, parts))}: {' | '.join(shown)}"


def _marks(marks: Sequence[Mark], rows: int) -> str:
    lines = ["series\tcategory\tvalue\tlow\thigh\thow\tlabel"]
    lines += ["\t".join(_cells(mark)) for mark in marks[:rows]]
    if len(marks) > rows:
        lines.append(f"(+{len(marks) - rows}: chart.df)")
    return "\n".join(lines)


def _cells(mark: Mark) -> list[str]:
    numbers = [number(each, _decimals(mark)) for each in (mark.value, mark.low, mark.high)]
    return [_cell(mark.series), _cell(mark.category), *numbers, mark.how, _cell(mark.label)]


def _decimals(mark: Mark) -> int | None:
    """As many decimals as the reading interval supports, so that no digit is noise; None when the
    value is exact."""
    if mark.low is None or mark.high is None or not mark.high > mark.low:
        return None
    return max(0, -math.floor(math.log10((mark.high - mark.low) / 2)))


def _cell(text: str) -> str:
    return " ".join(text.split())


def number(value: float | None, decimals: int | None = None) -> str:
    """A number with so many decimals, or in at most seven significant digits; `-` for none."""
    if value is None:
        return "-"
    return f"{value:.7g}" if decimals is None else f"{value:.{min(decimals, 12)}f}"


def _texts(texts: Sequence[Text]) -> str:
    useful = [text for text in texts if text.role not in ("tick", "label")]
    lines = [f"{text.role}: {_cell(text.text)}" for text in useful[:TEXTS]]
    if len(useful) > TEXTS:
        lines.append(f"(+{len(useful) - TEXTS}: chart.text)")
    return "\n".join(lines) or "-"


def observation(profile: Profile, ran: Ran, images: int) -> str:
    """What a step of code did."""
    return profile.fill(
        "observation",
        stdout=clipped(ran.stdout) or "-",
        stderr=clipped(ran.stderr) or "-",
        value=clipped(ran.value) or "-",
        images=str(images),
    )


def looked(profile: Profile, texts: Sequence[Text], image: bool) -> str:
    """What a second look gave."""
    lines = [f"{_cell(t.text)}\t{[round(edge) for edge in t.bbox_px]}" for t in texts[:TEXTS]]
    return profile.fill("looked", texts="\n".join(lines) or "-", images=str(int(image)))


def fault_text(profile: Profile, fault: Fault, stdout: str = "") -> str:
    """A fault as an observation."""
    message = clipped(fault.message)
    return profile.fill("fault", kind=fault.kind, message=message, stdout=clipped(stdout) or "-")


def draft_text(answer: Answer) -> str:
    """An answer as JSON, for the prompts that quote it."""
    if answer.unanswerable is not None:
        return json.dumps({"unanswerable": answer.unanswerable}, ensure_ascii=False)
    data = {"value": answer.value, "unit": answer.unit, "confidence": round(answer.confidence, 2)}
    return json.dumps({**data, "why": answer.why}, ensure_ascii=False)


def clipped(text: str, limit: int = OUTPUT) -> str:
    """`text` with its middle left out when it is long."""
    text = text.strip("\n")
    if len(text) <= limit:
        return text
    left_out = len(text) - limit
    return f"{text[: limit // 2]}\n[… {left_out} …]\n{text[-limit // 2 :]}"
