"""Charts of a spreadsheet, exported to PDF by LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.documents.specs import Spec

_LEFT_OUT = ("box",)
_TYPES = {"pie": "pie", "donut": "doughnut", "scatter": "scatter", "line": "line"}

_INKS = ("#4472C4", "#ED7D31", "#70AD47", "#7030A0")


def draw(specs: Sequence[Spec], folder: Path) -> None:
    """Write workbooks with one chart sheet each and let LibreOffice print them."""
    office = shutil.which("soffice")
    if not office:
        return
    books = []
    for spec in specs:
        if spec.kind not in _LEFT_OUT:
            books.append(str(workbook(spec, folder / f"{spec.id}.xlsx")))
    if not books:
        return
    command = [office, "--headless", f"-env:UserInstallation=file://{folder}/profile",
               "--convert-to", "pdf", "--outdir", str(folder), *books]  # fmt: skip
    subprocess.run(command, check=True, timeout=900, capture_output=True)


def workbook(spec: Spec, path: Path) -> Path:
    """An .xlsx with the data on a hidden sheet and the chart on a sheet of its own."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    chart_sheet = book.add_chartsheet("Chart")
    sheet = book.add_worksheet("Data")
    sheet.hide()
    chart = book.add_chart(_type(spec))
    for item in _written(spec, sheet):
        chart.add_series(item)
    if spec.kind == "combo":
        _combine(book, chart, spec)
    chart.set_title({"name": spec.title})
    axis: dict[str, Any] = {"name": spec.unit}
    if spec.log:
        axis["log_base"] = 10
    (chart.set_x_axis if "barh" in spec.kind else chart.set_y_axis)(axis)
    if len(spec.values) < 2 and len(spec.points) < 2 and spec.shape not in ("pie", "donut"):
        chart.set_legend({"none": True})
    chart_sheet.set_chart(chart)
    chart_sheet.activate()
    book.close()
    return path


def _type(spec: Spec) -> dict[str, str]:
    stacked = {"subtype": "stacked"} if spec.shape.startswith("stacked") else {}
    if "bar" in spec.shape or spec.kind == "combo":
        return {"type": "bar" if "barh" in spec.kind else "column", **stacked}
    if spec.kind.endswith("area"):
        return {"type": "area", **stacked}
    return {"type": _TYPES[spec.shape]}


def _written(spec: Spec, sheet: Any) -> list[dict[str, Any]]:
    """Fill the sheet; the series' definitions."""
    series: list[dict[str, Any]] = []
    for n, (name, row) in enumerate(spec.points.items()):
        sheet.write(0, 2 * n + 1, name)
        for k, (x, y) in enumerate(row, 1):
            sheet.write(k, 2 * n, x)
            sheet.write(k, 2 * n + 1, y)
        last = len(row)
        series.append({"name": ["Data", 0, 2 * n + 1],
                       "categories": ["Data", 1, 2 * n, last, 2 * n],
                       "values": ["Data", 1, 2 * n + 1, last, 2 * n + 1]})  # fmt: skip
    for k, category in enumerate(spec.categories, 1):
        sheet.write(k, 0, category)
    count = len(spec.categories)
    for n, (name, row) in enumerate(spec.values.items(), 1):
        sheet.write(0, n, name)
        sheet.write_column(1, n, row)
        item: dict[str, Any] = {"name": ["Data", 0, n], "categories": ["Data", 1, 0, count, 0],
                                "values": ["Data", 1, n, count, n]}  # fmt: skip
        if spec.kind == "smooth-line":
            item["smooth"] = True
        if spec.kind == "marker-line":
            item["marker"] = {"type": "circle"}
        if spec.kind == "labelled-bar":
            item["data_labels"] = {"value": True}
        if spec.kind == "hatched-bar":
            pattern = ("wide_upward_diagonal", "small_grid", "dark_horizontal", "divot")[n % 4]
            item["pattern"] = {"pattern": pattern, "fg_color": _INKS[n % 4]}
        if spec.kind != "combo" or n == 1:
            series.append(item)
    return series


def _combine(book: Any, chart: Any, spec: Spec) -> None:
    line = book.add_chart({"type": "line"})
    count = len(spec.categories)
    line.add_series({"name": ["Data", 0, 2], "categories": ["Data", 1, 0, count, 0],
                     "values": ["Data", 1, 2, count, 2], "y2_axis": True})  # fmt: skip
    chart.combine(line)
