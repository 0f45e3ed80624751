"""Curves that keep off their data are led back to it; curves through their data are left alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from air_cli.read.marks.splines import _basis_curve, _hermite, _monotone, off_splines
from air_cli.read.marks.strokes import Floats, Line, Stroke

AT = np.linspace(40, 440, 6)
DATA = np.array([120.0, 230, 150, 60, 190, 100])


def _line(ys: Floats) -> Line:
    xs = np.arange(40, 441, dtype=float)
    ys = ys + np.random.default_rng(1).normal(0, 0.15, len(xs))
    return Line(Stroke(xs, ys, ys - 1, ys + 1, 2.0), 0, "#123456")


def test_the_data_of_a_b_spline_are_taken_back() -> None:
    xs = np.arange(40, 441, dtype=float)
    line = _line(np.interp(xs, *_basis_curve(AT, DATA)))
    hidden = np.where((xs > 130) & (xs < 160), 12.0, 0.0)  # where another line lies on top
    line = Line(replace(line.stroke, ys=line.stroke.ys + hidden), 0, "#123456")
    found = off_splines([line], AT + 0.3)[0].stroke
    read = [found.at(float(x)) for x in AT]
    assert [point.y for point in read if point] == pytest.approx(list(DATA), abs=2.0)


def test_curves_through_their_data_and_broken_lines_stay() -> None:
    xs = np.arange(40, 441, dtype=float)
    for slopes in (_monotone(DATA), np.gradient(DATA)):
        line = _line(_hermite(xs, AT, DATA, slopes))
        assert off_splines([line], AT) == [line]
    broken = _line(np.interp(xs, AT, DATA))
    assert off_splines([broken], AT) == [broken]
