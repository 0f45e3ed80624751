"""Lines that a trace cannot follow: thin dashes, steep ones, hidden ones, colours alike."""

from __future__ import annotations

import numpy as np
import pytest

from air_cli.read.marks import lines
from air_cli.read.marks.glyphs import Glyph
from air_cli.read.scene import LegendEntry, Scene
from tests.read.scenes import new_axes, scene_of

YEARS = list(range(2000, 2012))


def _values(scene: Scene, name: str) -> list[float]:
    reading = lines.read(scene)
    assert reading is not None
    return [m.value or 0.0 for m in reading.marks if m.series == name]


def _drawn(rows: dict[str, list[float]], styles: dict[str, dict[str, object]]) -> Scene:
    figure, axes = new_axes(7, 4.5, 100)
    for name, values in rows.items():
        axes.plot(YEARS, values, **styles[name])  # type: ignore[arg-type]
    axes.set_xticks(YEARS)
    scene = scene_of(figure, axes)
    scene.legend = [
        LegendEntry(name, str(style["color"]), (650, y, 699, y + 14), (620, y + 6, 646, y + 8))
        for y, (name, style) in zip((20.0, 40.0), styles.items(), strict=True)
    ]
    return scene


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_long_dashes_that_jump_up_and_down_are_followed_between_the_years(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = {n: rng.uniform(0, 100, len(YEARS)).round(1).tolist() for n in ("Norway", "Chile")}
    styles: dict[str, dict[str, object]] = {
        "Norway": {"color": "#0b3c5d", "lw": 1.5},
        "Chile": {"color": "#e8702a", "lw": 1.5, "dashes": (6, 7)},
    }
    scene = _drawn(rows, styles)
    for name, values in rows.items():
        read = _values(scene, name)
        assert len(read) == len(values)
        assert np.abs(np.array(read) - values).max() < 2.0


def test_lines_whose_colours_the_legend_tells_apart_are_two() -> None:
    rng = np.random.default_rng(5)
    rows = {n: rng.uniform(0, 100, len(YEARS)).round(1).tolist() for n in ("Norway", "India")}
    styles: dict[str, dict[str, object]] = {
        "Norway": {"color": "#7a5195", "lw": 2, "marker": "s"},
        "India": {"color": "#665191", "lw": 2, "marker": "^"},
    }
    scene = _drawn(rows, styles)
    for name, values in rows.items():
        assert np.abs(np.array(_values(scene, name)) - values).max() < 2.0


def test_greys_that_differ_are_told_by_their_grey_and_not_by_their_markers() -> None:
    rng = np.random.default_rng(6)
    rows = {n: rng.uniform(0, 100, len(YEARS)).round(1).tolist() for n in ("Japan", "Spain")}
    styles: dict[str, dict[str, object]] = {
        "Japan": {"color": "#444444", "lw": 2, "marker": "o"},
        "Spain": {"color": "#999999", "lw": 2, "marker": "^", "ls": "--"},
    }
    scene = _drawn(rows, styles)
    for name, values in rows.items():
        assert np.abs(np.array(_values(scene, name)) - values).max() < 2.5


def test_fine_dots_that_compression_makes_many_shades_of_are_one_line() -> None:
    rng = np.random.default_rng(8)
    figure, axes = new_axes(9, 8, 100)
    rows = {n: rng.uniform(0, 100, len(YEARS)).round(1).tolist() for n in ("Norway", "Chile")}
    axes.plot(YEARS, rows["Norway"], color="#4e79a7", lw=1)
    axes.plot(YEARS, rows["Chile"], color="#e15759", lw=1.5, dashes=(1, 5), marker="o", ms=3.5)
    axes.set_xticks(YEARS)
    scene = scene_of(figure, axes, jpeg=85)
    scene.legend = [
        LegendEntry(name, color, (800, y, 849, y + 14), (770, y + 6, 796, y + 8))
        for name, color, y in (("Norway", "#4e79a7", 20.0), ("Chile", "#e15759", 40.0))
    ]
    for name, values in rows.items():
        read = _values(scene, name)
        assert len(read) == len(values)
        assert np.abs(np.array(read) - values).max() < 2.0


def test_swatches_tell_greys_apart_whatever_a_letter_taken_for_a_marker_looks_like(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(9)
    rows = {n: rng.uniform(0, 100, len(YEARS)).round(1).tolist() for n in ("Japan", "Spain")}
    scene = _drawn(rows, {"Japan": {"color": "#444444"}, "Spain": {"color": "#999999"}})
    shape = np.pad(np.ones((6, 6)), 2)
    letters = [
        Glyph(name, color, shape * (1 - 0.3 * n), (620, 20.0 + 20 * n, 626, 26.0 + 20 * n))
        for n, (name, color) in enumerate((("Japan", "#101010"), ("Spain", "#202020")))
    ]
    monkeypatch.setattr(lines, "legend_glyphs", lambda _: letters)
    for name, values in rows.items():
        assert np.abs(np.array(_values(scene, name)) - values).max() < 2.5
