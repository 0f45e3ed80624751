"""Bars in rough pictures: cut off, smeared, under texts, at feet that the labels hide."""

from __future__ import annotations

import numpy as np

from air_cli.read.bullets import real_texts
from air_cli.read.legend import find_legend
from air_cli.read.marks.bars_columns import Columns, Segment, _without_foot, arrange
from air_cli.read.marks.bars_cut import Rect, _reach, cut
from air_cli.read.marks.bars_found import find_columns
from air_cli.read.marks.bars_merged import parted_at_feet
from air_cli.read.marks.bars_names import category_names
from air_cli.read.marks.bars_rects import flat_rects
from air_cli.read.marks.bars_ruler import ruler_of
from air_cli.read.marks.bars_series import _in_order, series_names
from air_cli.read.marks.waterfall import floating
from air_cli.read.painted import without_text
from air_cli.read.scene import AxisFit, LegendEntry, Scene
from air_cli.read.slanted import _in_column
from air_cli.records import Text, Tick
from tests.read.test_bar_pictures import BLUE, ORANGE, WHITE, bar, fill, letters, page


def test_a_label_over_the_ends_of_two_bars_leaves_their_tops() -> None:
    rgb = page(200, 120)
    fill(rgb, (40, 60, 80, 115), BLUE)
    fill(rgb, (80, 50, 120, 115), ORANGE)
    letters(rgb, (50, 30, 110, 70))
    clean = without_text(rgb, [Text("28.5%27.5%", (45.0, 30.0, 115.0, 72.0))])
    assert (clean[61:71, 46:78] == BLUE).mean() > 0.95
    assert (clean[52:71, 82:114] == ORANGE).mean() > 0.95
    assert (clean[32:48, 46:114] == WHITE).mean() > 0.95


def test_bars_beyond_the_lowest_tick_are_followed_to_their_ends() -> None:
    rgb = page(400, 400)
    for n, (top, bottom) in enumerate(((60, 100), (100, 330), (40, 100), (100, 240))):
        fill(rgb, (60 + 80 * n, top, 110 + 80 * n, bottom), BLUE)
    scene = Scene(rgb, plot=(40.0, 30.0, 390.0, 150.0), background=WHITE)
    found = find_columns(scene)
    assert found is not None
    assert max(s.rect.bottom for s in found[1].segments) == 330


def test_the_smear_over_a_bar_is_no_segment() -> None:
    rgb = page(500, 300)
    for n in range(5):
        fill(rgb, (40 + 90 * n, 80 + 20 * n, 100 + 90 * n, 280), ORANGE)
    fill(rgb, (220, 115, 280, 120), (239, 239, 239))
    found = find_columns(Scene(rgb, plot=(20.0, 40.0, 490.0, 280.0), background=WHITE))
    assert found is not None and not found[1].stacked


def test_crumbs_of_a_grid_between_bars_make_no_waterfall() -> None:
    bars = [bar(100 * n, 60 + 10 * n, 300, "#0b3c5d") for n in range(6)]
    crumbs = [bar(100 * n + 65, 200, 202, "#2b2c2e") for n in (1, 3)]
    assert floating([*bars, *crumbs], vertical=True) is None


def test_ranges_may_begin_at_nearly_one_level() -> None:
    ends = [(60, 290), (90, 288), (40, 289), (120, 200), (80, 150), (30, 120), (50, 240), (20, 95)]
    found = floating([bar(100 * n, *end, "#66c2a5") for n, end in enumerate(ends)], True)
    assert found is not None and found.form == "range"


def test_bars_on_both_sides_tell_where_zero_is() -> None:
    ticks = tuple(Tick(f"{v}", v, 220.0 - 2 * v) for v in (-50.0, 0.0, 50.0, 100.0))
    fit = AxisFit("y", "linear", -0.5, 110.0, ticks)
    segments = [
        Segment(30 * n, 30 * n + 20, -223.0 - s, -223.0 - s * (20 + n), rect, s)
        for n, s in enumerate((1, -1, 1, -1))
        for rect in [Rect(30 * n, 0, 30 * n + 20, 10, "#1f77b4")]
    ]
    columns = Columns(True, (-223.0,), tuple(segments), 20.0, 1.0)
    scene = Scene(page(200, 400), plot=(0.0, 0.0, 200.0, 400.0), y=fit)
    ruler, _ = ruler_of(scene, columns, {})
    assert ruler is not None and ruler.fit is not None
    assert abs(ruler.fit.px(0.0) - 223.0) < 0.1


def test_bars_read_as_large_letters_are_no_text_beside_upright_names() -> None:
    names = [Text("Denmark", (20.0 * n, 170.0, 20.0 * n + 16, 240.0), angle=90.0) for n in range(8)]
    assert real_texts([*names, Text("II", (60.0, 40.0, 130.0, 123.0))]) == names


def test_the_title_under_a_legend_is_no_part_of_its_last_name() -> None:
    rgb = page(400, 200)
    texts = []
    for n, (name, color) in enumerate((("2018", BLUE), ("2019", ORANGE))):
        top = 10 + 26 * n
        fill(rgb, (100, top + 3, 130, top + 17), color)
        letters(rgb, (140, top, 176, top + 20))
        texts.append(Text(name, (140.0, top, 176.0, top + 20.0)))
    letters(rgb, (142, 60, 330, 84))
    texts.append(Text("GDP growth by reason", (142.0, 60.0, 330.0, 84.0)))
    entries = find_legend(Scene(rgb, texts, plot=(20.0, 90.0, 390.0, 190.0)))
    assert [e.name for e in entries] == ["2018", "2019"]


def test_the_lowest_value_stays_although_a_slanted_name_covers_it() -> None:
    column = [Text(f"{v},000", (24.0, y, 70.0, y + 18)) for v, y in ((2, 240.0), (1, 310.0))]
    assert _in_column(Text("0", (54.0, 385.0, 69.0, 402.0)), column)
    assert not _in_column(Text("Online", (20.0, 385.0, 70.0, 402.0)), column)


def test_compression_varies_a_fill_little_by_little() -> None:
    shades = [(77, 121, 170), (79, 121, 164), (82, 119, 158), (85, 118, 152), (88, 118, 147)]
    fills = np.array([(*shade, 400.0 - 40 * n) for n, shade in enumerate(shades)])
    assert _reach(np.array(shades[0]), fills) == 20
    apart = np.array([(77, 121, 170, 400.0), (77, 110, 192, 390.0)])
    assert _reach(np.array(shades[0]), apart) < 20


def test_the_meshes_of_a_hatching_are_not_looked_at_one_by_one() -> None:
    rgb = page(500, 500)
    rgb[::6, :] = rgb[:, ::6] = 0
    upright, lying = flat_rects(cut(255 - rgb, (0.0, 0.0, 500.0, 500.0), [(0, 0, 0)]))
    assert max(len(upright), len(lying)) <= 300


def test_names_read_as_one_text_are_parted_whatever_they_were_taken_for() -> None:
    rgb = page(460, 260)
    for n in range(6):
        fill(rgb, (20 + 70 * n, 60 + 10 * n, 70 + 70 * n, 200), BLUE)
    texts = [
        Text("Chile France Norway", (30.0, 210.0, 210.0, 226.0), "axis-title"),
        Text("Spain", (238.0, 210.0, 272.0, 226.0), "source"),
        Text("Greece Ireland", (300.0, 210.0, 420.0, 226.0), "source"),
    ]
    scene = Scene(rgb, texts, plot=(10.0, 40.0, 450.0, 205.0), background=WHITE)
    found = find_columns(scene)
    assert found is not None
    names = category_names(scene, found[1])
    assert names == ["Chile", "France", "Norway", "Spain", "Greece", "Ireland"]


def test_the_ends_of_a_thick_base_line_are_no_bars() -> None:
    rgb = page(600, 600)
    fill(rgb, (20, 560, 590, 566), (38, 38, 38))
    for n in range(6):
        fill(rgb, (70 + 80 * n, 60 + 40 * n, 120 + 80 * n, 560), BLUE)
    found = find_columns(Scene(rgb, plot=(20.0, 20.0, 590.0, 560.0), background=WHITE))
    assert found is not None and len(found[1].segments) == 6


def test_sorted_bars_on_both_sides_of_zero_make_no_waterfall() -> None:
    ends = [-40, -20, 2, 4, 8, 12, 15, 20, 24, 30, 33, 37]
    bars = [
        Rect(min(200, 200 + v), 12 * n, max(200, 200 + v), 12 * n + 9, "#179fdb")
        for n, v in enumerate(3 * v for v in ends)
    ]
    assert floating(bars, vertical=False) is None


def test_bars_a_pixel_apart_are_told_apart() -> None:
    rgb = page(300, 120)
    for n in range(8):
        fill(rgb, (60, 10 + 10 * n, 160, 19 + 10 * n), BLUE)
        fill(rgb, (60, 19 + 10 * n, 160, 20 + 10 * n), (143, 187, 217))
    _, lying = flat_rects(cut(rgb, (0.0, 0.0, 300.0, 120.0), [WHITE]))
    assert len([r for r in lying if r.right - r.left > 90 and r.bottom - r.top > 5]) == 8


def test_names_written_upright_along_the_bars_are_theirs() -> None:
    rgb = page(400, 300)
    texts = []
    for n, name in enumerate(("Wales", "Scotland", "North East", "London")):
        left = 40 + 85 * n
        fill(rgb, (left, 60 + 30 * n, left + 70, 280), BLUE)
        for k, word in enumerate(name.split()):
            box = (left + 25.0, 225.0 - 60 * k, left + 45.0, 275.0 - 60 * k)
            texts.append(Text(word, box, "annotation", angle=90.0))
    scene = Scene(rgb, texts, plot=(30.0, 40.0, 390.0, 281.0), background=WHITE)
    found = find_columns(scene)
    assert found is not None
    assert category_names(scene, found[1]) == ["Wales", "Scotland", "North East", "London"]


def test_a_name_may_come_again_in_another_colour_of_the_legend() -> None:
    rgb = page(400, 160)
    colors, names = (BLUE, BLUE, ORANGE, ORANGE), ("Trade", "Mining", "Trade", "Mining")
    texts = []
    for n, (name, color) in enumerate(zip(names, colors, strict=True)):
        fill(rgb, (100, 20 + 30 * n, 200 + 40 * n, 40 + 30 * n), color)
        texts.append(Text(name, (40.0, 22.0 + 30 * n, 94.0, 38.0 + 30 * n), "annotation"))
    far = (900.0, 0.0, 910.0, 10.0)
    legend = [LegendEntry("India", "#1f77b4", far, far), LegendEntry("China", "#ff7f0e", far, far)]
    scene = Scene(rgb, texts, plot=(100.0, 10.0, 390.0, 150.0), background=WHITE, legend=legend)
    found = find_columns(scene)
    assert found is not None
    categories = category_names(scene, found[1])
    assert categories == list(names)
    series, own, _ = series_names(scene, found[1], categories)
    assert [s.name for s in series] == ["India", "China"]
    assert own == ["India", "India", "China", "China"]


def test_a_sentence_over_a_stack_names_no_series() -> None:
    rgb = page(400, 200)
    for n in range(3):
        fill(rgb, (100, 60 + 40 * n, 180, 85 + 40 * n), BLUE)
        fill(rgb, (180, 60 + 40 * n, 300, 85 + 40 * n), ORANGE)
    texts = [
        Text("of the way they handle it", (40.0, 20.0, 330.0, 36.0), "annotation"),
        Text("Disapprove", (105.0, 38.0, 175.0, 54.0), "annotation"),
        Text("Approve", (200.0, 38.0, 260.0, 54.0), "annotation"),
    ]
    scene = Scene(rgb, texts, plot=(100.0, 50.0, 390.0, 180.0), background=WHITE)
    found = find_columns(scene)
    assert found is not None
    series, _, _ = series_names(scene, found[1], ["a", "a", "b", "b", "c", "c"])
    assert [s.name for s in series] == ["Disapprove", "Approve"]


def test_a_thick_pale_line_between_the_feet_is_no_series() -> None:
    rgb = page(560, 300)
    fill(rgb, (20, 279, 550, 284), (210, 210, 210))
    for n in range(8):
        fill(rgb, (40 + 64 * n, 60 + 20 * n, 74 + 64 * n, 281), BLUE)
    found = find_columns(Scene(rgb, plot=(20.0, 40.0, 550.0, 281.0), background=WHITE))
    assert found is not None
    assert {s.color for s in found[1].segments} == {"#1f77b4"}


def test_a_piece_of_the_axis_as_wide_as_a_bar_is_none() -> None:
    grey = "#777777"
    bars = [Rect(94, 10 + 40 * n, 300 + 30 * n, 48 + 40 * n, grey) for n in (0, 1, 3, 4)]
    axis = [Rect(94, top, 96, bottom, grey) for top, bottom in ((0, 9), (92, 128), (212, 230))]
    columns = arrange([*bars, *axis], vertical=False)
    assert columns is not None and len(columns.segments) == 4


def test_bars_go_on_where_the_plot_was_found_too_narrow() -> None:
    rgb = page(800, 400)
    for n in range(6):
        left, top = 66 + 95 * n, 130 - 12 * n
        fill(rgb, (left, top, left + 82, 240), ORANGE)
        fill(rgb, (left, 240, left + 82, 320), BLUE)
    found = find_columns(Scene(rgb, plot=(66.0, 60.0, 337.0, 320.0), background=WHITE))
    assert found is not None and len(found[1].segments) == 12


def test_names_side_by_side_over_a_row_go_in_order() -> None:
    colors = ("#b9774a", "#d9b44a")
    long = Segment(50.0, 70.0, 100.0, 302.0, Rect(100, 50, 302, 70, colors[0]))
    short = Segment(50.0, 70.0, 305.0, 311.0, Rect(305, 50, 311, 70, colors[1]))
    heads = [
        Text("Hispanic", (251.0, 20.0, 302.0, 34.0)),
        Text("Non-Hispanic", (312.0, 20.0, 384.0, 34.0)),
    ]
    assert _in_order([long, short], colors, heads) == dict(
        zip(colors, ("Hispanic", "Non-Hispanic"), strict=True)
    )
    assert _in_order([long, short], colors, heads[:1]) is None


def test_a_name_read_together_with_the_number_in_its_bar() -> None:
    read = [
        Text("Nigeria-6,219", (35.0, 67.0, 107.0, 82.0), "annotation"),
        Text("New Zealand - 17%", (8.0, 201.0, 108.0, 215.0), "annotation"),
        Text("Under 30", (30.0, 100.0, 81.0, 115.0), "annotation"),
        Text("In 2020 and 2021", (20.0, 300.0, 180.0, 315.0), "source"),
    ]
    parted = [(t.text, t.bbox_px[0], t.bbox_px[2]) for t in parted_at_feet(read, 82.0)]
    assert parted[:4] == [
        ("Nigeria", 35.0, 82.0), ("6,219", 82.0, 107.0),
        ("New Zealand", 8.0, 82.0), ("17%", 82.0, 108.0),
    ]  # fmt: skip
    assert [text for text, *_ in parted[4:]] == ["Under 30", "In 2020 and 2021"]


def test_a_stack_whose_lowest_segment_is_too_thin_to_be_seen() -> None:
    stacks = []
    for n, foot in enumerate((300, 300, 293, 300)):
        left = 20 + 60 * n
        stacks += [
            Rect(left, 200 - 20 * n, left + 40, foot, "#1f77b4"),
            Rect(left, 80 - 11 * n, left + 40, 200 - 20 * n, "#ff7f0e"),
        ]
    columns = arrange(stacks, vertical=True)
    assert columns is not None and len(columns.baselines) == 1 and len(columns.segments) == 8
    assert [s.level for s in columns.segments if s.rect.left == 140] == [1, 2]


def test_pieces_of_grid_lines_at_several_heights_are_no_axis_line() -> None:
    """In the gaps of lying bars: only those at one place would be an axis line's."""
    bars = [Rect(100, 40 * n, 300 + 10 * n, 40 * n + 20, "#3366cc") for n in range(6)]
    pieces = [
        Rect(x, 40 * n + at, x + 2, 40 * n + at + high, "#ecebeb")
        for x in (340, 420, 500)
        for n in range(6)
        for at, high in ((0, 20), (20, 8), (28, 12))
    ]
    spans = [(r.top, r.bottom, r.left, r.right, r) for r in [*bars, *pieces]]
    kept = [s for s in spans if s[1] - s[0] == 20]
    assert _without_foot(kept, spans) == kept
    one = [s for s in spans if s[4].color == "#3366cc" or s[2] == 340]
    assert all(s[4].color == "#3366cc" for s in _without_foot([s for s in one if s in kept], one))
