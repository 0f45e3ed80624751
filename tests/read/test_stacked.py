"""Upright words that were found letter by letter."""

from __future__ import annotations

import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from air_cli.read import ocr
from air_cli.read.scene import Rgb
from air_cli.read.stacked import stacks
from air_cli.records import Text


def _pieces(*words: str, left: float = 40.0, top: float = 20.0) -> list[Text]:
    """Words under each other, 14 pixels wide and 12 high, 2 apart."""
    return [Text(w, (left, top + 14 * n, left + 14, top + 14 * n + 12)) for n, w in
            enumerate(words)]  # fmt: skip


def test_letters_under_each_other_are_a_word() -> None:
    (stack,) = stacks([*_pieces("6", "1", "0", "2", "May"), *_pieces("100", "50", left=200)])
    assert [piece.text for piece in stack] == ["6", "1", "0", "2", "May"]


@pytest.mark.parametrize(
    "texts",
    [
        _pieces("9", "8"),  # too few
        [t for n in range(5) for t in _pieces(str(n), top=20 + 30 * n)],  # ticks of an axis
        _pieces("12%", "30%", "8%"),
    ],
)
def test_what_is_no_word(texts: list[Text]) -> None:
    assert stacks(texts) == []


def test_two_upright_pieces_are_one_label() -> None:
    upright = [
        Text("2017", (40, 20, 60, 70), angle=90.0),
        Text("Mar", (40, 76, 60, 116), angle=90.0),
    ]
    assert [len(stack) for stack in stacks(upright)] == [2]


def _upright(word: str) -> Rgb:
    figure = Figure(figsize=(1.0, 2.0), dpi=100)
    figure.text(0.5, 0.5, word, rotation=90, ha="center", va="center", fontsize=16)
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png")
    return np.asarray(Image.open(drawn).convert("RGB"))


def test_a_word_found_in_letters_is_read_as_one() -> None:
    rgb = _upright("May 2016")
    rows, columns = (np.flatnonzero((rgb < 128).any(axis=(2, side))) for side in (1, 0))
    top, step = float(rows[0]), (rows[-1] + 1 - rows[0]) / 7
    left, right = float(columns[0]), float(columns[-1] + 1)
    pieces = [
        Text(letter, (left, top + n * step, right, top + (n + 1) * step))
        for n, letter in enumerate("6102yaM")
    ]
    engine = ocr.shared()
    (word,) = engine._upright(np.ascontiguousarray(rgb[:, :, ::-1]), pieces)
    assert (word.text, word.angle) == ("May 2016", 90.0)
