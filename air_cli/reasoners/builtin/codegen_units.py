"""The unit of what a program computes, as an expression of the code. Pure."""

from __future__ import annotations

from air_cli.reasoners.builtin.program import Aggregate, Binary, Expression, Pick

PERCENT, NONE, SHOWN = '"%"', '""', "chart.unit"
# Of a statement in millions what is told per share is not in millions.
PER_SHARE, _PER_SHARE = '("$" if "$" in chart.unit else chart.unit)', "per share"
POINTS = '"percentage points"'
_PERCENT, _UNITLESS = ("growth", "decline", "share"), ("ratio", "times", "product")
_APART = ("difference", "minus", "rise")


def unit_of(program: Expression) -> str:
    """Source text of the unit: of a share or growth percent, of the difference of two shares
    percentage points, of a ratio none, else that of the chart."""
    if isinstance(program, Binary) and program.op in _PERCENT:
        return PERCENT
    if isinstance(program, Binary) and program.op in _UNITLESS:
        return NONE
    if isinstance(program, Binary) and isinstance(program.a, Binary):
        inner = unit_of(program.a)
        return POINTS if inner == PERCENT and program.op in _APART else inner
    if isinstance(program, Pick) and any(_PER_SHARE in n.casefold() for n in program.of.categories):
        return PER_SHARE
    if isinstance(program, Aggregate) and program.op in ("product", "count"):
        return NONE
    if isinstance(program, Aggregate) and program.of:
        return unit_of(program.of[0])
    return SHOWN
