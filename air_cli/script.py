"""`answer.py`: a script that recomputes an answer and needs nothing but Python and pandas.

It reads `chart.csv` beside it, holds the toolkit functions that the steps use, runs the steps that
succeeded in their order and prints the answer as three lines: value (JSON), unit, text.
"""

from __future__ import annotations

import ast
import csv
import io
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from air_cli.records import Chart, Step, Trace, tidy, to_json
from air_cli.script_closure import Closure, Names, Package, import_lines, names_of
from air_cli.script_direct import direct_parts
from air_cli.script_literal import call, literal, quoted

COLUMNS = (
    "figure", "series", "category", "x", "value", "low", "high", "how", "unit", "color",
    "left", "top", "right", "bottom", "label",
)  # fmt: skip
PICTURES = ("reread", "zoom", "show")
PACKAGE = "sandbox.toolkit"

_DATA = '''
ROWS = pd.read_csv(Path(__file__).with_name("chart.csv"), dtype=str, keep_default_na=False)


def rows_of(figure):
    """The rows of one figure in chart.csv."""
    return ROWS[ROWS["figure"] == figure].to_dict("records")
'''

_REREAD = '''
def reread(box, factor=3.0, figure=""):
    """What the reader found in a box when the answer was made, as recorded."""
    key = (figure or DESK.figure, *map(float, box), float(factor))
    if key not in REREADS:
        raise RuntimeError("reread: the reader gave nothing for this box")
    return [dict(text) for text in REREADS[key]]
'''

_ZOOM = '''
def zoom(box, factor=2.0, figure=""):
    """The picture of a box as recorded beside this script (needs Pillow)."""
    from PIL import Image

    name = ZOOMS[(figure or DESK.figure, *map(float, box), float(factor))]
    return Image.open(Path(__file__).with_name(name))
'''

_SHOW = '''
def show(image):
    """Nobody is looking."""
'''

_IMAGE = '''
def figure_image():
    """The figure beside this script (needs Pillow)."""
    from PIL import Image

    return Image.open(Path(__file__).with_name("figure.png"))


chart.image = figure_image()
'''

_PRINT = """
given = DESK.answer
if given is None:
    raise SystemExit("no step gave an answer")
if "unanswerable" in given:
    print("unanswerable:", given["unanswerable"])
else:
    print("value:", json.dumps(given["value"], ensure_ascii=False))
    print("unit:", given["unit"])
    print("text:", given["text"] or shown(given["value"], given["unit"]))
"""


def chart_csv(charts: Sequence[Chart]) -> str:
    """`chart.csv`: one row a mark of all `charts`, columns as COLUMNS; values as read, in the unit
    the chart shows; boxes in pixels of the figure; an empty cell where something is unknown."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for chart in charts:
        colors = {series.name: series.color for series in chart.series}
        for mark in chart.marks:
            color = mark.color or colors.get(mark.series, "")
            numbers = (mark.x, mark.value, tidy(mark.low), tidy(mark.high))
            cells = (chart.figure_id, mark.series, mark.category, *numbers, mark.how, chart.unit)
            writer.writerow([*cells, color, *mark.bbox_px, mark.label])
    return out.getvalue()


def replayed_steps(trace: Trace) -> list[Step]:
    """The steps that lead to the trace's answer and hold code, in order; empty where the answer
    was given without code.

    They begin in a fresh jail, so only the steps of the reasoner that gave the answer count. Failed
    steps are among them: they change nothing when they fail again.
    """
    if trace.answer is None:
        return []
    giving = [
        step
        for step in trace.steps
        if step.code
        and step.fault is None
        and step.answer is not None
        and (step.answer.value, step.answer.unit, step.answer.unanswerable)
        == (trace.answer.value, trace.answer.unit, trace.answer.unanswerable)
    ]
    if not giving:
        return []
    last = giving[-1]
    return [s for s in trace.steps if s.code and s.by == last.by and s.n <= last.n]


def make_script(trace: Trace, toolkit: Path) -> str:
    """The text of `answer.py` for a trace; `toolkit` is the folder `sandbox/toolkit`.

    Of a trace without an answer it is a script that says so and ends with status 1.
    """
    if trace.answer is None:
        reason = f"no answer: {trace.error or trace.outcome}"
        return f"{_header(trace)}\n\nraise SystemExit({quoted(reason)})\n"
    steps = [step for step in replayed_steps(trace) if step.fault is None]
    if not steps:
        return "\n\n".join([_header(trace), *direct_parts(trace)]) + "\n"
    codes = [(f"Step {s.n}: {s.reason}", s.code) for s in steps]
    used = names_of(ast.parse("\n".join(code for _, code in codes)))
    package = Package(toolkit, PACKAGE)
    roots = {name for name in used.variables if package.holds(name)} - set(PICTURES)
    closure = package.closure(
        sorted(roots | {"ChartView", "DESK", "shown"} | _document(used)),
        used | names_of(ast.parse("DESK.clear()")),
        PICTURES,
    )
    parts = [
        _header(trace),
        "from __future__ import annotations",
        _imports(closure, used),
        _rule("What the steps use of AIR's toolkit"),
        _join(closure.blocks()),
        _rule("The charts"),
        _charts(trace, closure.read | used.read | used.called, used),
        _recorded(trace, closure.asked),
    ]
    for title, code in codes:
        parts += [_rule(title), "DESK.clear()", code.strip("\n")]
    parts += [_rule("The answer"), _PRINT.strip()]
    return _assemble([part for part in parts if part])


def _document(used: Names) -> set[str]:
    return {"Document", "FigureNote"} if "document" in used.variables else set()


def _header(trace: Trace) -> str:
    answer = trace.answer
    recorded = "no answer" if answer is None else answer.text or str(answer.value)
    lines = [
        "Recomputes an answer of AIR from chart.csv beside this file; needs only pandas.",
        "",
        f"Question: {trace.question.text}",
        *(f"Source:   {source.path} (sha256 {source.sha256})" for source in trace.sources),
        f"AIR:      {_version(trace)}",
        f"Recorded: {recorded}",
    ]
    return "\n".join(f"# {_one_line(line)}".rstrip() for line in lines)


def _version(trace: Trace) -> str:
    versions = trace.provenance.get("versions")
    return str(versions.get("air", "unknown")) if isinstance(versions, dict) else "unknown"


def _one_line(text: str) -> str:
    """`text` without line breaks and other characters that could end a comment."""
    return "".join(c if c.isprintable() else " " for c in text)


def _rule(title: str) -> str:
    return f"# --- {' '.join(_one_line(title).split())} ---"


def _imports(closure: Closure, used: Names) -> str:
    tree = ast.parse(
        "import json\nfrom pathlib import Path\nimport pandas as pd\nimport numpy as np"
    )
    found = dict(closure.imports)
    for node in tree.body:
        assert isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names:
            name = alias.asname or alias.name
            if name != "np" or "np" in used.variables:
                found.setdefault(name, (node, alias))
    return import_lines(found.values())


def _charts(trace: Trace, read: frozenset[str] | set[str], used: Names) -> str:
    calls = [
        "    " + call("ChartView", [f"rows_of({quoted(c.figure_id)})"], _facts(c, read), 4) + ","
        for c in trace.charts
    ]
    text = _DATA.strip("\n") + "\n\n\ncharts = [\n" + "\n".join(calls) + "\n]\n"
    text += "chart = charts[0]\nDESK.live, DESK.figure = True, chart.figure"
    if "document" in used.variables:
        notes = [
            call(
                "FigureNote",
                [],
                {"id": f.id, "page": f.page, "caption": f.caption, "kind": f.kind},
                4,
            )
            for f in trace.figures
            if f.id in {chart.figure_id for chart in trace.charts}
        ]
        text += "\nNOTES = [\n" + "".join(f"    {note},\n" for note in notes) + "]\n"
        text += "document = Document(tuple(NOTES), tuple(charts))"
    if "image" in used.read:
        text += "\n\n\n" + _IMAGE.strip("\n")
    return text


def _facts(chart: Chart, read: frozenset[str] | set[str]) -> dict[str, Any]:
    """The facts of a chart that are not in chart.csv; the bulky ones only where they are read."""
    facts: dict[str, Any] = {
        "figure": chart.figure_id,
        "title": chart.title,
        "kind": chart.kind,
        "unit": chart.unit,
        "scale": chart.scale,
        "names": [series.name for series in chart.series],
        "categories": list(chart.categories),
    }
    bulky = {
        "subtitle": chart.subtitle,
        "axes": to_json(chart.axes),
        "text": to_json(chart.text),
        "problems": list(chart.problems),
        "size": tuple(chart.size_px),
    }
    return {**facts, **{name: value for name, value in bulky.items() if name in read}}


def _recorded(trace: Trace, asked: set[str]) -> str:
    """What the reader told the steps, and the functions that give it again."""
    parts = []
    for what, name, source in (("reread", "REREADS", _REREAD), ("zoom", "ZOOMS", _ZOOM)):
        if what in asked:
            said = {
                (e.figure, *(e.box or ()), e.factor): to_json(e.texts)
                if what == "reread"
                else e.image
                for e in trace.exchanges
                if e.what == what and not e.error
            }
            parts += [f"{name} = {literal(said, 0, len(name) + 3)}", source.strip("\n")]
    if "show" in asked:
        parts.append(_SHOW.strip("\n"))
    return "\n\n\n".join(parts)


def _join(blocks: Sequence[tuple[bool, str]]) -> str:
    """Definitions with two blank lines around functions and classes, none between constants."""
    text = ""
    for n, (big, source) in enumerate(blocks):
        gap = "" if n == 0 else "\n\n\n" if big or blocks[n - 1][0] else "\n"
        text += gap + source
    return text


def _assemble(parts: Sequence[str]) -> str:
    """The parts with two blank lines between them; a step's code stands right under its heading."""
    text = parts[0]
    for before, part in pairwise(parts):
        heading = before.startswith("# ---") and not part.startswith(("@", "class", "def", "#"))
        near = heading or part.startswith("from __future__") or before.startswith("from __future__")
        imports = before.startswith("import ") and part.startswith("# ---")
        gap = "\n" if before == "DESK.clear()" else "\n\n" if near or imports else "\n\n\n"
        text += gap + part
    return text + "\n"
