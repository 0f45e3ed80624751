"""What an item leaves on disk besides its trace: answer, chart, pictures, the script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from air_cli import render, script
from air_cli.assets import asset
from air_cli.errors import ItemError

if TYPE_CHECKING:
    from air_cli.analyst import Result


def item_files(result: Result) -> dict[str, bytes | str]:
    """The files of an item's folder by name (`store.RunStore.save` adds trace and steps).

    The overlay is drawn by the reader: call this while the Analyst is open. An overlay that cannot
    be drawn is left out; the trace does not depend on it.
    """
    trace = result.trace
    files: dict[str, bytes | str] = {
        "answer.md": render.answer_markdown(trace),
        "chart.csv": script.chart_csv(trace.charts),
        "answer.py": script.make_script(trace, asset("sandbox") / "toolkit"),
        **result.images,
    }
    for number, image in enumerate(result.figures.values(), 1):
        files["figure.png" if number == 1 else f"figure-{number}.png"] = image
    try:
        files["overlay.png"] = result.overlay()
    except ItemError as error:
        files["overlay.txt"] = f"no overlay: {error}\n"
    return files
