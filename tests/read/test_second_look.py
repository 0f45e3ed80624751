"""A label that was misread and that the bar contradicts is read again."""

from __future__ import annotations

from dataclasses import replace

from air_cli.read import ocr
from air_cli.read.chart import read_chart
from air_cli.read.scene import MarkReading, Rgb
from air_cli.read.second_look import reread_labels
from air_cli.records import Mark, Text
from tests.charts import Style, make_chart
from tests.read.test_bars import pixels


def picture() -> tuple[Rgb, list[Text], Mark]:
    rgb = pixels(make_chart("barh", 4, Style(labels=True))[0])
    chart, _ = read_chart(rgb)
    mark = next(m for m in chart.marks if m.how == "both")
    return rgb, list(chart.text), mark


def test_a_misread_label_is_mended() -> None:
    rgb, texts, mark = picture()
    wrong = [replace(t, text="77777") if t.text == mark.label else t for t in texts]
    doubtful = replace(mark, label="77777", how="geometry")
    again = reread_labels(rgb, wrong, MarkReading("barh", (doubtful,)), ocr.shared())
    assert again is not None
    assert mark.label in {t.text for t in again} and "77777" not in {t.text for t in again}


def test_nothing_doubtful_nothing_read() -> None:
    rgb, texts, mark = picture()
    assert reread_labels(rgb, texts, MarkReading("barh", (mark,)), ocr.shared()) is None
