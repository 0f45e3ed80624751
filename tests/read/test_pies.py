"""Pies and donuts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex

from air_cli.read.legend import find_legend
from air_cli.read.marks import pies
from air_cli.read.marks.pielabels import split_value
from air_cli.read.marks.rounds import find_round
from air_cli.read.scene import LegendEntry, Scene
from air_cli.records import Text
from tests.read.scenes import new_axes, scene_of

NAMES = ("Alpha", "Beta two", "Gamma", "Delta (x)", "Eps", "Zeta")


def _pie(shares: Any, size: float = 5.0, dpi: int = 100, **look: Any) -> Scene:
    figure, axes = new_axes(size, size, dpi)
    legend = look.pop("legend", False)
    names = list(NAMES[: len(shares)])
    axes.pie(shares, labels=None if legend else names, **look)
    axes.set_axis_off()
    if legend:
        axes.legend(names, loc="upper left", bbox_to_anchor=(0.85, 1.1))
    scene = scene_of(figure, axes, "linear")
    scene.x = scene.y = None
    scene.legend = find_legend(scene)
    return scene


@pytest.mark.parametrize("legend", [False, True])
@pytest.mark.parametrize("ring", [False, True])
@pytest.mark.parametrize("edge", [None, "white"])
def test_angles_alone_are_good_to_a_point(legend: bool, ring: bool, edge: str | None) -> None:
    wedge: dict[str, Any] = {"edgecolor": edge, "linewidth": 2} if edge else {}
    wedge |= {"width": 0.4} if ring else {}
    for seed in range(3):
        rng = np.random.default_rng(seed)
        shares = rng.uniform(1, 6, int(rng.integers(2, 7)))
        shares = 100 * shares / shares.sum()
        scene = _pie(shares, legend=legend, startangle=40 * seed, wedgeprops=wedge)
        reading = pies.read(scene)
        assert reading is not None
        assert reading.kind == ("donut" if ring else "pie")
        assert reading.score > 0.8
        found = {mark.category: mark for mark in reading.marks}
        assert set(found) == set(NAMES[: len(shares)])
        for name, share in zip(NAMES, shares, strict=False):
            mark = found[name]
            assert mark.value == pytest.approx(share, abs=1.0)
            assert mark.low is not None and mark.high is not None
            assert mark.low <= share <= mark.high


def test_printed_shares_come_first() -> None:
    shares = [41.0, 23, 19, 12, 5]
    scene = _pie(shares, autopct="%.0f%%", counterclock=False, startangle=90)
    reading = pies.read(scene)
    assert reading is not None
    assert [(m.category, m.value, m.how) for m in reading.marks] == [
        (name, share, "both") for name, share in zip(NAMES, shares, strict=False)
    ]


def test_printed_amounts_are_kept_when_they_fit_the_angles() -> None:
    amounts = [820.0, 410, 205, 205]
    scene = _pie(amounts, autopct=lambda share: f"{share * 16.4:.0f}")
    reading = pies.read(scene)
    assert reading is not None
    assert sorted(m.value or 0 for m in reading.marks) == sorted(amounts)


@pytest.mark.parametrize("legend", [False, True])
def test_amounts_beside_the_names_are_the_values(legend: bool, monkeypatch: Any) -> None:
    amounts = [2.0, 3, 5, 1, 4]
    named = [f"{name} {a:.0f}" for name, a in zip(NAMES, amounts, strict=False)]
    monkeypatch.setattr("tests.read.test_pies.NAMES", named)
    reading = pies.read(_pie(amounts, legend=legend))
    assert reading is not None
    got = {m.category: (m.value, m.how) for m in reading.marks}
    names = ("Alpha", "Beta two", "Gamma", "Delta (x)", "Eps")
    assert got == {n: (a, "both") for n, a in zip(names, amounts, strict=True)}


def test_neighbours_of_one_colour_are_told_apart_by_their_line() -> None:
    wedge = {"edgecolor": "white", "linewidth": 3}
    scene = _pie([30, 30, 40], colors=["#d1a730", "#d1a730", "#9e7e23"], wedgeprops=wedge)
    reading = pies.read(scene)
    assert reading is not None
    assert sorted(m.value or 0 for m in reading.marks) == pytest.approx([30, 30, 40], abs=1)


def test_a_label_that_contradicts_its_angle_is_told() -> None:
    scene = _pie([50, 30, 20], autopct=lambda share: "70%" if share > 45 else f"{share:.0f}%")
    reading = pies.read(scene)
    assert reading is not None
    assert any("disagrees" in problem for problem in reading.problems) or all(
        mark.value != 70 for mark in reading.marks
    )


def test_bars_are_no_pie() -> None:
    figure, axes = new_axes()
    axes.bar([1, 2, 3, 4], [4, 6, 3, 7], color=["red", "green", "blue", "orange"])
    scene = scene_of(figure, axes, "linear")
    assert find_round(scene.rgb, scene.texts) is None
    assert pies.read(scene) is None


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("Name 23%", "Name", 23),
        ("23%", "", 23),
        ("Other: 4.5 %", "Other", 4.5),
        ("Aged 65+ (12%)", "Aged 65+", 12),
        ("Services", "Services", None),
        ("COVID-19", "COVID-19", None),
        ("Exports 1,204", "Exports", 1204),
        ("· Brokers 4%", "Brokers", 4),
        ("- Warner Bros. 2", "Warner Bros.", 2),
        ("Area 51 Films 4", "Area 51 Films", 4),
        ("12%No difference", "No difference", 12),
        ("12 No opinion", "No opinion", 12),
        ("23 million", "", 23),
    ],
)
def test_name_and_value_are_taken_apart(text: str, name: str, value: float | None) -> None:
    got, number, _ = split_value(text)
    assert got == name
    assert (number.value if number else None) == value


@pytest.mark.parametrize("ring", [False, True])
@pytest.mark.parametrize("pulled", [(0, 0.12, 0, 0), (0.06, 0.06, 0.06, 0.06)])
def test_slices_pulled_out_are_measured_in_their_place(
    ring: bool, pulled: tuple[float, ...]
) -> None:
    shares = [38.0, 12, 29, 21]
    wedge = {"width": 0.45} if ring else {}
    reading = pies.read(_pie(shares, explode=pulled, wedgeprops=wedge, legend=True))
    assert reading is not None
    found = {mark.category: mark for mark in reading.marks}
    for name, share in zip(NAMES, shares, strict=False):
        assert found[name].value == pytest.approx(share, abs=1.6)
        assert (found[name].low or 0) <= share <= (found[name].high or 0)


def test_half_a_ring_is_a_whole() -> None:
    figure, axes = new_axes(6, 4, 100)
    shares = [45.0, 35, 20]
    wedges, _ = axes.pie(
        [*shares, 100], startangle=180, counterclock=False, wedgeprops={"width": 0.4}
    )
    wedges[-1].set_visible(False)
    axes.legend(wedges[:3], NAMES[:3], loc="lower center", ncols=3)
    axes.set_axis_off()
    scene = scene_of(figure, axes, "linear")
    scene.x = scene.y = None
    scene.legend = find_legend(scene)
    reading = pies.read(scene)
    assert reading is not None
    found = {mark.category: mark.value for mark in reading.marks}
    assert found == {n: pytest.approx(s, abs=1.0) for n, s in zip(NAMES, shares, strict=False)}


@pytest.mark.parametrize(
    ("text", "name", "value", "printed"),
    [
        ("Retail $92.9M, 38%", "Retail", 38.0, "$92.9M, 38%"),
        ("Retail 38% ($92.9M)", "Retail", 38.0, "38% ($92.9M)"),
        ("Aged 65+ 38%", "Aged 65+", 38.0, "38%"),
    ],
)
def test_of_an_amount_and_a_share_the_share_counts(
    text: str, name: str, value: float, printed: str
) -> None:
    said, number, shown = split_value(text)
    assert (said, number and number.value, shown) == (name, value, printed)


def test_shares_of_more_than_one_answer_need_not_make_a_hundred() -> None:
    shares = [30.0, 20, 10]
    reading = pies.read(_pie(shares, autopct=lambda share: f"{share * 0.6:.0f}%"))
    assert reading is not None
    assert {(m.value, m.how) for m in reading.marks} == {(s, "both") for s in shares}


def test_round_marks_between_two_axes_of_numbers_are_no_pie() -> None:
    figure, axes = new_axes()
    axes.scatter([20, 50, 70], [30, 60, 40], s=4000, c=["#1f77b4", "#ff7f0e", "#2ca02c"])
    axes.set(xlim=(0, 100), ylim=(0, 100))
    assert pies.read(scene_of(figure, axes, "linear")) is None


def test_an_amount_on_a_line_of_its_own_is_no_share() -> None:
    shares = [40.0, 35, 25]
    reading = pies.read(_pie(shares, autopct=lambda share: f"{share:.0f}%", pctdistance=0.75))
    assert reading is not None
    scene = _pie(shares, autopct=lambda share: f"{share:.0f}%", pctdistance=0.75)
    money = []
    for text in scene.texts:
        if text.text.endswith("%"):
            left, top, right, bottom = text.bbox_px
            high = bottom - top
            box = (left, top - 1.2 * high, right, bottom - 1.2 * high)
            money.append(Text(f"${float(text.text[:-1]) / 7:.1f}", box, "label"))
    scene.texts += money
    both = pies.read(scene)
    assert both is not None
    assert [(m.category, m.value) for m in both.marks] == [
        (m.category, m.value) for m in reading.marks
    ]


def test_numbers_under_the_names_of_a_legend_are_its_values() -> None:
    amounts = [281.0, 332, 168, 118]
    figure, axes = new_axes(5, 7)
    wedges, _ = axes.pie(amounts)
    axes.set_axis_off()
    named = [f"{n}\n{a:.0f}" for n, a in zip(NAMES, amounts, strict=False)]
    axes.legend(wedges, named, loc="upper center", bbox_to_anchor=(0.5, 0.0), ncol=2)
    whole = scene_of(figure, axes, "linear")
    texts = []
    for text in whole.texts:
        left, top, right, bottom = text.bbox_px
        middle = (top + bottom) / 2
        lines = [*text.text.split("\n"), ""][:2]
        boxes = (left, top, right, middle), (left, middle, left + 25, bottom)
        texts += [Text(t, b, "label") for t, b in zip(lines, boxes, strict=True) if t]
    scene = Scene(whole.rgb, texts)
    names = [t for t in texts if t.text in NAMES]
    scene.legend = [
        LegendEntry(t.text, to_hex(w.get_facecolor()), t.bbox_px, (0, 0, 5, 5))
        for t, w in zip(names, wedges, strict=True)
    ]
    reading = pies.read(scene)
    assert reading is not None
    assert {m.category: (m.value, m.how) for m in reading.marks} == {
        n: (a, "both") for n, a in zip(NAMES, amounts, strict=False)
    }


def test_a_year_beside_the_pie_is_no_part_of_the_whole() -> None:
    amounts = [751.0, 135, 515]
    scene = _pie(amounts, autopct=lambda share: f"{share * 14.01:.0f}", legend=True)
    scene.texts.append(Text("2020", (230.0, 30.0, 262.0, 44.0), "annotation"))
    reading = pies.read(scene)
    assert reading is not None
    assert sorted(m.value or 0 for m in reading.marks) == sorted(amounts)
    assert {m.how for m in reading.marks} == {"both"}


@pytest.mark.parametrize(("cut", "whole"), [("3.8", 63.8), (".1", 6.1)])
def test_a_label_that_lost_its_first_digit_is_mended_by_its_angle(cut: str, whole: float) -> None:
    amounts = [63.8, 42.1, 28.0, 6.1]
    scene = _pie(amounts, autopct=lambda share: f"{share * 1.4:.1f}")
    scene.texts = [replace(t, text=cut) if t.text == f"{whole}" else t for t in scene.texts]
    reading = pies.read(scene)
    assert reading is not None
    assert sorted(m.value or 0 for m in reading.marks) == pytest.approx(sorted(amounts))
    assert any(f" {cut} was" in p and f"{whole}" in p for p in reading.problems)


def test_labels_around_a_pie_are_no_legend() -> None:
    names = [f"{name} {share}%" for name, share in zip(NAMES, (41, 23, 19, 17), strict=False)]
    figure, axes = new_axes(5, 5)
    wedges, _ = axes.pie([41, 23, 19, 17], labels=names)
    axes.set_axis_off()
    scene = scene_of(figure, axes, "linear")
    boxes = {t.text: t.bbox_px for t in scene.texts}
    scene.legend = [  # as the ends of leader lines are found
        LegendEntry(n, to_hex(w.get_facecolor()), boxes[n], (0, 0, 4, 2))
        for n, w in zip(names, wedges, strict=True)
    ]
    reading = pies.read(replace(scene, x=None, y=None))
    assert reading is not None
    assert [(m.category, m.how) for m in reading.marks if m.value == 41] == [("Alpha", "both")]


def test_shares_of_which_one_was_misread_are_of_a_hundred() -> None:
    scene = _pie((19.0, 56.3, 11.3, 13.4), legend=True, autopct="%.1f%%")
    scene.texts = [replace(t, text=t.text.replace("56.3%", "56.396")) for t in scene.texts]
    reading = pies.read(scene)
    assert reading is not None
    assert [m.value for m in reading.marks] == pytest.approx([19.0, 13.4, 11.3, 56.3], abs=0.6)
