"""Figures that two statements make together: investments in percent of revenue, return on assets.

Which two lines a question needs is told without any chart, so that the tables which hold them can
be looked for; the code then takes each line from its own table. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from air_cli.reasoners.builtin.lexicon import load as words_of
from air_cli.reasoners.builtin.schema import describe
from air_cli.reasoners.builtin.statements import (
    RATIO,
    Ratio,
    columns_of,
    load,
    row_of,
    said_in,
    years_in,
)
from air_cli.reasoners.builtin.tokens import tokenise
from air_cli.reasoners.builtin.yearly import every_said
from air_cli.records import Chart

SURE = 0.8
_PERCENT = ("share", "percentage", "percent", "proportion", "fraction", "%")
_MEANS = ("average", "mean", "avg")
REVENUE = "revenue"
# Words that ask for more than the ratio itself.
_MOVES = {"growth", "grow", "grew", "increase", "decrease", "change", "rise", "fall", "difference",
          "highest", "lowest", "compare", "trend"}  # fmt: skip


@dataclass(frozen=True)
class Joint:
    """A ratio of two lines for some years (none: the latest that both tables have); `mean` asks for
    the average over them, `every` all years."""

    name: str
    ratio: Ratio
    years: tuple[str, ...]
    mean: bool = False
    every: bool = False

    @property
    def lines(self) -> tuple[str, str]:
        """The two lines."""
        return self.ratio.a, self.ratio.b


def joint_of(question: str) -> Joint | None:
    """The two lines that a question puts together; None where it does not."""
    tokens = tokenise(question)
    words = [token.norm for token in tokens]
    named, items = said_in(tokens, words_of())
    ratios = [span for span in named if span.kind == RATIO]
    years = years_in(tokens, question)
    mean = any(word in _MEANS for word in words)
    every = every_said(words, ("year",))
    if _MOVES & set(words):
        return None
    if len(ratios) == 1 and (
        "margin" not in words or "margin" in words[ratios[0].lo : ratios[0].hi]
    ):
        name = ratios[0].value
        return Joint(str(name), load().ratios[str(name)], years, mean, every)
    lines = list(dict.fromkeys(str(span.value) for span in items))
    if len(lines) == 2:
        at = next((n for n in range(len(words) - 1) if words[n] in _PERCENT), -1)
        second = next(span for span in items if span.value == lines[1])
        if at >= 0 and words[at + 1] == "of" and at < second.lo:
            first = next(span for span in items if span.value == lines[0])
            # "What percentage of revenue is capex?" names the whole first.
            a, b = lines if first.lo < at else lines[::-1]
            return Joint(f"{a} in percent of {b}", Ratio("share", a, b), years, mean, every)
        if "ratio" in words:
            return Joint(f"{lines[0]} to {lines[1]}", Ratio("ratio", *lines), years, mean, every)
    if len(lines) == 1 and lines[0] != REVENUE and "margin" in words:
        return Joint(f"{lines[0]} margin", Ratio("share", lines[0], REVENUE), years, mean, every)
    return None


def wording(line: str) -> str:
    """What a line is mostly called, to look for its table."""
    return " ".join(load().rows[line][0])


def holds(chart: Chart, line: str, years: Sequence[str]) -> bool:
    """Whether a table has this line, and every one of the years (any, where none is named)."""
    schema = describe(chart, words_of())
    columns = _columns_of(chart)
    return bool(schema.kind == "table" and row_of(line, schema) and columns) and all(
        year in columns for year in years
    )


def joint_code(joint: Joint, charts: Sequence[Chart]) -> str:
    """Code that takes each line from the first table that has it; empty where one is missing."""
    places = [
        next((n for n, chart in enumerate(charts) if holds(chart, line, joint.years)), -1)
        for line in joint.lines
    ]
    if min(places) < 0:
        return ""
    columns = [_columns_of(charts[place]) for place in places]
    common = sorted(set(columns[0]) & set(columns[1]))
    years = joint.years or tuple(common if joint.every else common[-1:])
    if not years:
        return ""
    rows = [
        row_of(line, describe(charts[place], words_of()))
        for line, place in zip(joint.lines, places, strict=True)
    ]
    notes = [f"# {joint.name}: {joint.ratio.op} of {rows[0]!r} and {rows[1]!r}"]
    body = [f"first, second = charts[{places[0]}], charts[{places[1]}]", "found = {}"]
    for year in years:
        a, b = (f"{name}.point({columns[n][year]!r}, {rows[n]!r}).value"
                for n, name in enumerate(("first", "second")))  # fmt: skip
        body.append(f"found[{year!r}] = {_put(joint, a, b)}")
    return "\n".join([*notes, *body, *_answer(joint, len(years))]) + "\n"


def _put(joint: Joint, a: str, b: str) -> str:
    """What is paid stands as a negative number in some statements: its size counts."""
    a, b = (
        f"abs({side})" if line in load().paid else side
        for line, side in zip(joint.lines, (a, b), strict=True)
    )
    known = {"share": f"share({a}, {b})", "ratio": f"ratio({a}, {b})", "plus": f"{a} + {b}"}
    return known.get(joint.ratio.op, f"{a} - {b}")


def _answer(joint: Joint, count: int) -> list[str]:
    unit = {"share": '"%"', "ratio": '""'}.get(joint.ratio.op, "first.unit")
    if count == 1:
        return [f"answer(*found.values(), unit={unit}, sure={SURE})"]
    if joint.mean:
        return [f"answer(mean(found.values()), unit={unit}, sure={SURE})"]
    return [
        f"""said = "; ".join(f'{{year}}: {{shown(x, {unit})}}' for year, x in found.items())""",
        f"answer(list(found.values()), unit={unit}, text=said, sure={SURE})",
    ]


def _columns_of(chart: Chart) -> dict[str, str]:
    return columns_of([series.name for series in chart.series])
