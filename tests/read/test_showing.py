"""Pictures that are no charts are refused by name; charts are not refused."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from air_cli.read.chart import read_chart
from air_cli.read.scene import MarkReading, Rgb, Scene
from air_cli.read.showing import refusal
from air_cli.records import Mark, Text
from tests.charts import make_chart

Made = tuple[Rgb, list[Text]]


def _write(draw: ImageDraw.ImageDraw, x: float, y: float, words: str) -> Text:
    font = ImageFont.load_default(14)
    draw.text((x, y), words, "black", font)
    left, top, right, bottom = draw.textbbox((x, y), words, font)
    return Text(words, (float(left), float(top), float(right), float(bottom)))


def photograph() -> Made:
    rng = np.random.default_rng(4)
    noise = Image.fromarray(rng.integers(0, 256, (30, 40, 3), dtype=np.uint8))
    large = noise.resize((640, 480), Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(6))
    return np.asarray(large).copy(), []


def page_of_text() -> Made:
    image = Image.new("RGB", (700, 500), "white")
    draw = ImageDraw.Draw(image)
    line = "The company was founded long ago and has grown ever since, year after year."
    texts = [_write(draw, 40, 30 + 24 * i, line[i:]) for i in range(16)]
    return np.asarray(image).copy(), texts


def flow_chart() -> Made:
    image = Image.new("RGB", (700, 420), "white")
    draw = ImageDraw.Draw(image)
    texts = []
    for i, word in enumerate(("Order", "Check", "Pack", "Ship", "Invoice", "Archive")):
        x, y = 40 + 220 * (i % 3), 60 + 190 * (i // 3)
        draw.rounded_rectangle((x, y, x + 150, y + 80), 8, fill=(190, 215, 240), outline="navy")
        draw.line((x + 150, y + 40, x + 220, y + 40), fill="navy", width=3)
        texts.append(_write(draw, x + 45, y + 30, word))
    return np.asarray(image).copy(), texts


def logo() -> Made:
    image = Image.new("RGB", (300, 300), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((40, 40, 260, 260), fill=(20, 90, 160))
    draw.polygon([(150, 70), (230, 220), (70, 220)], fill=(240, 180, 20))
    return np.asarray(image).copy(), [_write(draw, 120, 270, "ACME")]


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (photograph, "a photograph"),
        (page_of_text, "a page of text"),
        (flow_chart, "a diagram"),
        (logo, "a logo"),
    ],
)
def test_what_is_no_chart_is_named(make: Callable[[], Made], name: str) -> None:
    rgb, texts = make()
    chart, _ = read_chart(rgb, texts=texts)
    assert chart.kind == "unknown" and not chart.marks
    assert any(f"seems to be {name}" in problem for problem in chart.problems)


@pytest.mark.parametrize("kind", ["bar", "line", "pie", "scatter"])
def test_charts_are_not_refused(kind: str) -> None:
    import io

    data, _ = make_chart(kind, 2)
    chart, _ = read_chart(np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).copy())
    assert chart.kind != "unknown"
    assert not any("not a chart" in problem for problem in chart.problems)


@pytest.mark.parametrize("how", ["label", "both"])
def test_the_cells_of_a_table_are_no_bars(how: str) -> None:
    texts, marks = [], []
    for n in range(12):
        x, y = 100.0 + 100 * (n % 4), 40.0 + 90 * (n // 4)
        texts.append(Text(f"{3000 + 7 * n}", (x, y, x + 40, y + 14), "label"))
        value = float(3000 + 7 * n)
        marks.append(Mark("", f"row {n // 4}", value, value, value, how, (x, y, x + 90, y + 80)))  # type: ignore[arg-type]
    scene = Scene(np.full((300, 500, 3), 255, np.uint8), texts)
    refused = refusal(scene, MarkReading("stacked-barh", tuple(marks), score=0.85))
    assert refused == ("this seems to be a table, not a chart" if how == "label" else "")
