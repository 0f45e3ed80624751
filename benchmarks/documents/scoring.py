"""How well a Chart that was read agrees with the Spec that was drawn."""

from __future__ import annotations

from dataclasses import dataclass

from air_cli.records import Chart
from benchmarks.documents.specs import Spec

_SHARE = 0.001


@dataclass
class Score:
    """Counts of one chart: values in the truth, found, and found within .1% of the range; names of
    series and categories (true, found, right)."""

    values: int = 0
    found: int = 0
    right: int = 0
    names: tuple[int, int, int] = (0, 0, 0)
    kind_right: bool = False
    wrong: tuple[str, ...] = ()

    @property
    def names_f1(self) -> float:
        """F1 of the names of series and categories."""
        true, found, right = self.names
        return 2 * right / (true + found) if true + found else 1.0


def score(spec: Spec, chart: Chart | None) -> Score:
    """Score one reading; None counts as nothing found."""
    if spec.points:
        return _score_points(spec, chart)
    truth = true_values(spec)
    wanted = _names(truth)
    if chart is None:
        return Score(len(truth), 0, 0, (len(wanted), 0, 0), False, ("no chart",))
    single = len({series for series, _ in truth}) == 1
    read = {
        ("" if single else mark.series, _plain(mark.category)): mark.value
        for mark in chart.marks
        if mark.value is not None
    }
    low, high = min(0.0, *truth.values()), max(truth.values())
    slack = max(_SHARE * (high - low), 0.006 if spec.shape in ("pie", "donut") else 0.0)
    wrong = []
    right = 0
    for key, value in truth.items():
        got = read.get(key)
        allowed = _SHARE * 7 * abs(value) if spec.log else slack
        if got is not None and abs(got - value) <= allowed:
            right += 1
        else:
            wrong.append(f"{key}: {value:g} read as {got}")
    names = _names(read)
    return Score(
        len(truth),
        len(read),
        right,
        (len(wanted), len(names), len(wanted & names)),
        _same_kind(spec, chart.kind),
        tuple(wrong),
    )


def true_values(spec: Spec) -> dict[tuple[str, str], float]:
    """Value by (series, category); the one series of a chart is named "". Slices in percent."""
    single = len(spec.values) == 1
    table = {
        ("" if single else series, category): value
        for series, row in spec.values.items()
        for category, value in zip(spec.categories, row, strict=True)
    }
    if spec.kind in ("pie", "donut"):
        total = sum(table.values())
        return {key: 100 * value / total for key, value in table.items()}
    return table


def _plain(category: str) -> str:
    return category.strip()


def _names(table: dict[tuple[str, str], float | None] | dict[tuple[str, str], float]) -> set[str]:
    return {f"s:{s}" for s, _ in table if s} | {f"c:{c}" for _, c in table}


def _same_kind(spec: Spec, kind: str) -> bool:
    shape = spec.shape
    if shape in ("grouped-bar", "grouped-barh") and len(spec.values) == 1:
        shape = shape.removeprefix("grouped-")
    return kind == shape


def _score_points(spec: Spec, chart: Chart | None) -> Score:
    truth = [(s, x, y) for s, row in spec.points.items() for x, y in row]
    wanted = set(spec.points) if len(spec.points) > 1 else set()
    if chart is None:
        return Score(len(truth), 0, 0, (len(wanted), 0, 0), False, ("no chart",))
    read = [(m.series, m.x, m.value) for m in chart.marks if m.x is not None]
    xs, ys = [x for _, x, _ in truth], [y for _, _, y in truth]
    wide, high = _SHARE * max(xs), _SHARE * max(ys)
    wrong = []
    for series, x, y in truth:
        allowed = _SHARE * 9 * y if spec.log else high
        if not any(
            (s == series or len(spec.points) == 1)
            and abs(px - x) <= wide
            and py is not None
            and abs(py - y) <= allowed
            for s, px, py in read
        ):
            wrong.append(f"({series}, {x}, {y})")
    names = {s for s, _, _ in read if s}
    return Score(
        len(truth),
        len(read),
        len(truth) - len(wrong),
        (len(wanted), len(names) if wanted else 0, len(wanted & names)),
        chart.kind == "scatter",
        tuple(wrong),
    )
