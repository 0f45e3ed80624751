"""What a chart is about, in a sentence."""

from __future__ import annotations

from sandbox.toolkit.chart import ChartView

LISTED = 4


def about(chart: ChartView) -> str:
    """The title, and what is shown: the kind, the series, the categories, the unit."""
    kind = "" if chart.kind in ("unknown", "") else f"{chart.kind.replace('-', ' ')} chart of "
    values = chart.axis_title("y") or chart.axis_title("x")
    series = [name for name in chart.names if name]
    lines = f" of {_listed(series)}" if series else ""
    rows = [name for name in chart.categories if name]
    ends = f" for {_listed(rows)}" if rows else ""
    unit = f", in {chart.unit}" if chart.unit else ""
    shown = f"{kind}{values or 'values'}{lines and ':' + lines[3:]}{ends}{unit}"
    titles = ". ".join(text for text in (chart.title, chart.subtitle) if text)
    return f"{titles} ({shown})" if titles else shown


def _listed(names: list[str]) -> str:
    if len(names) <= LISTED:
        return ", ".join(names)
    return f"{names[0]} to {names[-1]} ({len(names)})"
