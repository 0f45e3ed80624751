"""Names of lines that recognition passed over, looked for where the line's colour shows them."""

from __future__ import annotations

import numpy as np
import pytest

from air_cli.read.legend import find_legend
from air_cli.read.marks import lines
from air_cli.read.ocr import Ocr
from air_cli.read.scene import LegendEntry, Rgb, Scene
from air_cli.read.unread_names import _as_read, _samples, unread_entries, with_entries
from air_cli.records import Text
from tests.read.scenes import new_axes, scene_of

YEARS = [2018, 2019, 2020, 2021]


class _Told(Ocr):
    """Recognition that says what it is told to and keeps what it was shown."""

    def __init__(self, *said: str):
        self.said, self.shown = list(said), []  # type: ignore[var-annotated]

    def read_line(self, rgb: Rgb) -> tuple[str, float]:
        self.shown.append(rgb)
        return (self.said.pop(0), 0.95) if self.said else ("", 0.0)


def _with_legend(missing: str, second: str = "#9467bd") -> Scene:
    """Three lines and a legend in a row under the plot, one of its names not recognised."""
    figure, axes = new_axes(7, 4, 100)
    for name, color, top in (("A", "#d62728", 9), ("B", second, 6), ("C", "#8c564b", 3)):
        axes.plot(YEARS, [top, top + 1, top - 1, top], color=color, lw=2, marker="s", label=name)
    axes.set_xticks(YEARS)
    names = {"A": "Democrats", "B": "Parents", "C": "Hispanic"}
    figure.subplots_adjust(bottom=0.25)
    axes.legend(list(names.values()), ncol=3, loc="upper center",
                bbox_to_anchor=(0.5, -0.12))  # fmt: skip
    scene = scene_of(figure, axes)
    scene.texts = [t for t in scene.texts if t.text != missing]
    scene.legend = find_legend(scene)
    return scene


@pytest.mark.parametrize("missing", ["Parents", "Democrats", "Hispanic"])
def test_a_name_beside_a_sample_is_read_where_recognition_saw_none(missing: str) -> None:
    scene = _with_legend(missing)
    assert len(scene.legend) == 2
    reading = lines.read(scene)
    assert reading is not None
    told = _Told(missing)
    entries = unread_entries(scene, reading, told)
    assert [e.name for e in entries] == [missing]
    shown = told.shown[0].astype(int)
    assert (shown.max(axis=2) - shown.min(axis=2)).max() < 60  # neither sample is in it
    with_entries(scene, entries)
    again = lines.read(scene)
    assert again is not None
    assert {s.name for s in again.series} == {"Democrats", "Parents", "Hispanic"}


def test_a_sample_nearly_as_dark_as_the_letters_beside_it_is_found() -> None:
    scene = _with_legend("Parents", "#0d233a")
    reading = lines.read(scene)
    assert reading is not None
    entries = unread_entries(scene, reading, _Told("Parents"))
    assert [(e.name, e.color) for e in entries] == [("Parents", "#0d233a")]


def test_the_rim_of_a_sample_is_no_sample_of_the_colour_between_it_and_the_ground() -> None:
    rgb = np.full((60, 120, 3), (27, 30, 35), np.uint8)
    rgb[19:27, 19:57] = (14, 36, 60)
    rgb[20:26, 20:56] = (47, 126, 216)
    rgb[40:46, 20:56] = (13, 35, 58)
    scene = Scene(rgb, background=(27, 30, 35))
    colors = ["#0d233a", "#2f7ed8"]
    tops = [[s.top for s in _samples(scene, color, colors, 20.0)] for color in colors]
    assert tops == [[40], [20]]


def test_a_first_reading_much_the_same_stands_unless_it_holds_the_sample() -> None:
    entry = LegendEntry("Ireiand", "#0b294d", (100, 40, 150, 55), (100, 40, 150, 55))
    scene = Scene(np.zeros((9, 9, 3), np.uint8), [Text("Ireland", (97, 38, 152, 57))])
    assert _as_read(scene, entry).name == "Ireland"
    scene.texts = [Text("ITIreland", (60, 38, 152, 57))]
    assert _as_read(scene, entry).name == "Ireiand"


def test_names_that_overlap_at_the_ends_are_read_by_their_colours() -> None:
    figure, axes = new_axes(7, 4, 100)
    for color, end in (("#2ca02c", 5.0), ("#1f77b4", 5.4)):
        axes.plot(YEARS, [9, end + 3, 7, end], color=color, lw=2)
        axes.annotate(
            "Norway" if end == 5 else "Poland", (2021, end), (8, 0), color=color,
            textcoords="offset points", va="center", fontsize=12,
        )  # fmt: skip
    axes.set_xticks(YEARS)
    axes.set_xlim(2018, 2022)
    scene = scene_of(figure, axes)
    scene.texts = [t for t in scene.texts if t.role == "tick"]
    reading = lines.read(scene)
    assert reading is not None
    told = _Told("Norway", "Poland")
    entries = unread_entries(scene, reading, told)
    assert {e.name for e in entries} == {"Norway", "Poland"}
    for shown in told.shown:
        assert np.ptp(shown.astype(int), axis=2).max() == 0  # one ink, without the other's


def test_a_number_at_the_end_of_a_line_is_no_name() -> None:
    figure, axes = new_axes(7, 4, 100)
    for color, end in (("#2ca02c", 3.0), ("#1f77b4", 7.0)):
        axes.plot(YEARS, [9, end + 1, 7, end], color=color, lw=2)
        axes.annotate(str(end), (2021, end), (8, 0), color=color, textcoords="offset points")
    axes.set_xticks(YEARS)
    axes.set_xlim(2018, 2022)
    scene = scene_of(figure, axes)
    scene.texts = [t for t in scene.texts if t.role == "tick"]
    reading = lines.read(scene)
    assert reading is not None
    assert unread_entries(scene, reading, _Told("3.0", "7.0")) == []
