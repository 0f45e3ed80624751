"""Write numbers, marks and the choice of a mark as Python. Pure."""

from __future__ import annotations

from air_cli.reasoners.builtin.program import (
    Across,
    Aggregate,
    Binary,
    Expression,
    Marks,
    Number,
    Pick,
    Size,
    Test,
    There,
)
from air_cli.reasoners.builtin.writer import Writer

TESTS = {"gt": "above", "lt": "below", "ge": "at_least", "le": "at_most", "eq": "equal_to"}

INFIX = {"minus": "-", "plus": "+", "times": "*", "over": "/"}


def number(expression: Expression, out: Writer) -> str:
    """Write what `expression` needs; the result is Python for its number."""
    if isinstance(expression, Number):
        return literal(expression.value)
    if isinstance(expression, Pick):
        return f"{pick(expression, out)}.value"
    if isinstance(expression, Marks):
        return f"{marks(expression, out)}.sum()"
    if isinstance(expression, Aggregate):
        return _aggregate(expression, out)
    if isinstance(expression, Binary):
        return _binary(expression, out)
    if isinstance(expression, Size):
        return size(expression, out)
    if isinstance(expression, There):
        where = pick(expression.where, out)
        there = f"{marks(expression.of, out)}.at({where}.category)"
        return f"{out.name('there', there)}.value"
    if isinstance(expression, Across):
        return _across(expression, out)
    raise ValueError(f"{type(expression).__name__} is no number")


OVER_PAIRS = {
    "difference": "difference(a.value, b.value)",
    "minus": "a.value - b.value",
    "ratio": "ratio(a.value, b.value)",
    "share": "share(a.value, b.value)",
    "growth": "growth_rate(a.value, b.value)",
    "decline": "-growth_rate(a.value, b.value)",
}


def _across(program: Across, out: Writer) -> str:
    """The extreme of the numbers of all names, as one operand among others."""
    if program.a:
        a, b = side(program.a, out), side(program.b, out)
        found = out.name("numbers", f"[{OVER_PAIRS[program.op]} for a, b in chart.pairs({a}, {b})]")
    else:
        groups = f"{marks(program.among, out)}.groups({program.dim!r}).values()"
        found = out.name("numbers", f"[group.{program.op}() for group in {groups}]")
    order = ", reverse=True" if program.how == "highest" else ""
    return out.name("extreme", f"sorted({found}{order})[{program.rank - 1}]")


def side(name: str, out: Writer) -> str:
    """A series of a pair as Python: by name, or by colour."""
    if name.startswith("color:"):
        return f"chart.color({out.color(name[6:])}).names[0]"
    return repr(name)


def literal(value: float) -> str:
    """A number as Python, whole numbers without a point."""
    return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _aggregate(expression: Aggregate, out: Writer) -> str:
    parts = expression.of
    if (
        len(parts) == 1
        and isinstance(parts[0], Marks)
        and expression.op in ("sum", "mean", "median")
    ):
        return out.name(expression.op, f"{marks(parts[0], out)}.{expression.op}()")
    listed = [_listed(part, out) for part in parts]
    values = listed[0][1:] if len(listed) == 1 and listed[0][0] == "*" else f"[{', '.join(listed)}]"
    if expression.op == "range":
        values = out.name("values", values)
        return out.name("spread", f"max({values}) - min({values})")
    if expression.op == "count":
        return f"len({values})"
    call = "sum" if expression.op == "sum" else expression.op
    return out.name(f"the_{expression.op}", f"{call}({values})")


def _listed(part: Expression, out: Writer) -> str:
    if isinstance(part, Marks):
        return f"*{marks(part, out)}.values"
    return number(part, out)


def _binary(expression: Binary, out: Writer) -> str:
    a, b = number(expression.a, out), number(expression.b, out)
    if expression.op == "rise":
        return out.name("change", f"{b} - {a}")
    if expression.op == "decline":
        return out.name("decline", f"-growth_rate({a}, {b})")
    if expression.op in INFIX:
        return out.name("result", f"{a} {INFIX[expression.op]} {b}")
    call = "growth_rate" if expression.op == "growth" else expression.op
    name = "the_" + expression.op
    return out.name(name, f"{call}({a}, {b})")


def pick(expression: Pick, out: Writer) -> str:
    """Write the choice of one mark; the result is the name of its variable."""
    of, how = expression.of, expression.how
    if how == "only":
        if len(of.series) == 1 and len(of.categories) == 1 and not of.color:
            return out.name("point", f"chart.point({of.series[0]!r}, {of.categories[0]!r})")
        return out.name("point", f"{marks(of, out)}.only()")
    base = marks(of, out)
    rank = expression.rank
    if how in ("highest", "lowest"):
        inside = str(rank) if rank > 1 else ""
        return out.name(how, f"{base}.{how}({inside})")
    if how == "nearest":
        return out.name("nearest", f"{base}.nearest({expression.value!r})")
    if how == "middle":
        return out.name("middle", f"{base}.middle()")
    if how in ("first", "last"):
        place = rank - 1 if how == "first" else -rank
        return out.name("point", f"{base}.in_order()[{place}]")
    return out.name("point", f"{base}.order({how!r})[{rank - 1}]")


def marks(of: Marks, out: Writer) -> str:
    """Write the choice of marks; the result is the name of its variable."""
    inside = []
    if of.series:
        inside.append(f"series={_names(of.series)}")
    if of.categories and not of.span:
        inside.append(f"category={_names(of.categories)}")
    if of.color:
        inside.append(f"color={out.color(of.color)}")
    code = f"chart.select({', '.join(inside)})" if inside else "chart.points"
    if of.span and len(of.categories) == 2:
        code += f".span({of.categories[0]!r}, {of.categories[1]!r})"
    if of.without:
        code += f".without({', '.join(map(repr, of.without))})"
    if of.test is not None:
        code += tested(of.test)
    if of.take is not None:
        code += f".{of.take[0]}({of.take[1]})"
    return out.name("marks", code)


def _names(names: tuple[str, ...]) -> str:
    return repr(names[0]) if len(names) == 1 else repr(list(names))


def tested(test: Test) -> str:
    """A condition as a method call on marks."""
    if test.op == "between":
        return f".between({literal(test.value)}, {literal(test.upper)})"
    return f".{TESTS[test.op]}({literal(test.value)})"


def size(program: Size, out: Writer) -> str:
    of = program.of
    if program.dim == "mark":
        return f"len({marks(of, out)})"
    if program.dim == "color":
        return "len(chart.colors)"
    if of.test is not None or (of.categories and program.dim == "category"):
        return f"len({marks(of, out)}.groups({program.dim!r}))"
    return f"len(chart.{'names' if program.dim == 'series' else 'categories'})"
