"""The typed program that a question means: what codegen writes as Python. Pure data.

An expression is a number (`Number`, `Aggregate`, `Binary`, `Pick`), a set of marks (`Marks`), a
name (`Names`), a truth (`Compare`, `Exists`, `Crosses`) or a fact of the chart (`Fact`).
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Test:
    """A condition on the value of a mark: gt, ge, lt, le, eq, between."""

    op: str
    value: float
    upper: float = 0.0


@dataclass(frozen=True)
class Marks:
    """Marks by series, categories and colour; `span` means from the first to the last of two
    categories; `take` keeps some: ("top" | "bottom" | "first" | "last", n)."""

    series: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    color: str = ""
    span: bool = False
    test: Test | None = None
    take: tuple[str, int] | None = None
    without: tuple[str, ...] = ()

    @property
    def named(self) -> bool:
        """Whether anything chooses among the marks."""
        return bool(self.series or self.categories or self.color)


@dataclass(frozen=True)
class Pick:
    """One mark. `how`: only, highest, lowest, nearest, left, right, top, bottom, middle, first,
    last; `rank` counts from 1; `value` is what `nearest` seeks."""

    of: Marks
    how: str = "only"
    rank: int = 1
    value: float = 0.0


@dataclass(frozen=True)
class There:
    """The value of other marks at the category of a chosen one: costs in the year of the highest
    revenue."""

    of: Marks
    where: Pick


@dataclass(frozen=True)
class Number:
    """A number of the question."""

    value: float


@dataclass(frozen=True)
class Aggregate:
    """sum, mean, median, mode, product, range or count over all values of the parts."""

    op: str
    of: tuple[Expression, ...]


@dataclass(frozen=True)
class Binary:
    """difference, minus, plus, times, over, ratio, share, growth, decline (both in percent of a),
    rise (b - a) of two numbers; `over` keeps the unit of a, a ratio has none."""

    op: str
    a: Expression
    b: Expression


@dataclass(frozen=True)
class Names:
    """What marks are called: `dim` is category, series, color or both; `many` asks for all."""

    of: Expression
    dim: str
    many: bool = False


@dataclass(frozen=True)
class Compare:
    """A truth: a op b, with op gt, lt, ge, le or eq."""

    op: str
    a: Expression
    b: Expression


@dataclass(frozen=True)
class Agreed:
    """A truth that must come out the same for each series, as the question names none; `forced`
    takes what most say where they differ."""

    of: tuple[Compare, ...]
    forced: bool = False
    every: bool = False  # each of them must hold


@dataclass(frozen=True)
class Exists:
    """Whether any mark passes, or all of them (`every`)."""

    of: Marks
    every: bool = False


@dataclass(frozen=True)
class Across:
    """For each name of `dim` a number over its marks (`op`: difference, ratio or growth of the
    marks `a` and `b`, or sum, mean, range of all): the name at the extreme, or the number."""

    dim: str
    op: str
    how: str
    a: str = ""
    b: str = ""
    among: Marks = field(default_factory=Marks)
    want: str = "name"  # name, names, first, number, count or every
    rank: int = 1
    test: Test | None = None


@dataclass(frozen=True)
class Choose:
    """Which of some numbers is the largest or smallest, by name."""

    how: str
    options: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True)
class Beyond:
    """The marks above or below (`op`: gt or lt) a number that is itself looked up. `want`: count
    or the dimension whose names are asked for."""

    of: Marks
    op: str
    than: Expression
    want: str = "count"


@dataclass(frozen=True)
class Moves:
    """How often the value rises or falls: from one mark to the next, or from turn to turn (`runs`).
    `how`: increase, decrease."""

    of: Marks
    how: str
    runs: bool = False


@dataclass(frozen=True)
class Start:
    """The category from which on the value goes one way. `how`: increase, decrease."""

    of: Marks
    how: str


@dataclass(frozen=True)
class Peaks:
    """The series whose highest or lowest (`how`) mark is at a category. `want`: count or names."""

    category: str
    how: str
    want: str = "count"


@dataclass(frozen=True)
class Outliers:
    """The names of the marks far from the others."""

    of: Marks
    dim: str


@dataclass(frozen=True)
class Leads:
    """A truth: the series has the highest or lowest (`how`) mark at every category."""

    series: str
    how: str


@dataclass(frozen=True)
class Present:
    """A truth: these series have a mark at each of these categories, or at all of them for none."""

    series: tuple[str, ...]
    categories: tuple[str, ...] = ()
    span: bool = False


@dataclass(frozen=True)
class Standing:
    """The one of the question's choices that is the value of one of these marks."""

    of: Marks


@dataclass(frozen=True)
class Steady:
    """How many series never turn, or (`want` names) which."""

    want: str = "count"


@dataclass(frozen=True)
class Together:
    """The categories at which every one of these series moves as said since the one before:
    (series, "increase" | "decrease") pairs. `want`: names or count."""

    moves: tuple[tuple[str, str], ...]
    want: str = "names"


@dataclass(frozen=True)
class Steps:
    """The neighbours between which the value changes most. `want`: later, both or change."""

    of: Marks
    how: str
    want: str = "later"


@dataclass(frozen=True)
class Growth:
    """Change over the whole period and the compound rate, per series. `want`: both or one, or
    `across`: the change of each category from the first series to the last, which are years; with
    `cagr` in it, the value is the compound rate."""

    of: Marks
    want: str = "both"


@dataclass(frozen=True)
class Trend:
    """The direction of each series over the categories."""

    of: Marks


@dataclass(frozen=True)
class Direction:
    """Whether the marks rise or fall from the first to the last. `want`: increase, decrease,
    always increase, always decrease (truths) or word."""

    of: Marks
    want: str


@dataclass(frozen=True)
class Crosses:
    """Where two series cross. `want`: count, bool or category."""

    a: str
    b: str
    want: str


@dataclass(frozen=True)
class Holding:
    """The series or category whose marks hold all of these values. `want`: name or rest (the
    values that it holds besides)."""

    values: tuple[float, ...]
    want: str


@dataclass(frozen=True)
class Summary:
    """The key figures of each series; `over` "time" with its growth, "across" of rows of years."""

    of: Marks
    over: str = ""


@dataclass(frozen=True)
class Many:
    """Several answers in a list."""

    of: tuple[Expression, ...]


@dataclass(frozen=True)
class Size:
    """How many names of `dim` (category, series, color) there are, or marks (`mark`)."""

    dim: str
    of: Marks = field(default_factory=Marks)


@dataclass(frozen=True)
class Fact:
    """A fact of the chart as text: title, x, y, legend, unit, kind, source, about; `default` where
    the chart does not write it."""

    what: str
    default: str = ""


Expression = (
    Marks
    | Pick
    | There
    | Number
    | Aggregate
    | Binary
    | Names
    | Compare
    | Agreed
    | Exists
    | Across
    | Choose
    | Beyond
    | Moves
    | Start
    | Outliers
    | Peaks
    | Leads
    | Present
    | Standing
    | Steady
    | Together
    | Steps
    | Growth
    | Trend
    | Crosses
    | Direction
    | Holding
    | Summary
    | Many
    | Size
    | Fact
)
