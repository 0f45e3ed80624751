"""Write a program as Python against the toolkit, readable as an audit trail. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import replace

from air_cli.reasoners.builtin import codegen_special as special
from air_cli.reasoners.builtin.codegen_truths import (
    answer_agreed,
    answer_compare,
    answer_exists,
    truth,
)
from air_cli.reasoners.builtin.codegen_units import unit_of
from air_cli.reasoners.builtin.codegen_values import (
    TESTS,
    marks,
    number,
    pick,
    size,
    tested,
)
from air_cli.reasoners.builtin.kinds import kind_of
from air_cli.reasoners.builtin.program import (
    Aggregate,
    Agreed,
    Beyond,
    Binary,
    Choose,
    Compare,
    Exists,
    Expression,
    Fact,
    Many,
    Marks,
    Names,
    Number,
    Pick,
    Size,
)
from air_cli.reasoners.builtin.writer import Writer


def write(
    program: Expression,
    notes: list[str],
    sure: float = 1.0,
    others: Sequence[Expression] = (),
    options: tuple[str, ...] = (),
) -> str:
    """The code that computes `program` and calls `answer`; `notes` become comments at its head.

    `sure` (0..1) is how well the program explains the question; `others` other readings,
    whose answers are given as alternatives; `options` the choices that the question leaves. Raises
    `ValueError` when a program cannot be written.
    """
    out = Writer([f"# {note}" for note in notes], sure, options)
    colors = colors_of(program)
    if len(colors) > 1:
        out.tell_apart(colors)
    plain = [_plain(one, out) for one in (program, *others)] if others else []
    if plain and all(plain):
        _answer_doubted(program, plain, out)
    elif not special.write(program, out):
        _answer(program, out)
    return out.text()


def _plain(program: Expression, out: Writer) -> str:
    """One value as Python: a number, a truth or a name; empty for other programs."""
    if isinstance(program, Compare) and not isinstance(program.a, Names):
        return f"({truth(program, out)})"
    if isinstance(program, Names) and isinstance(program.of, Pick) and program.dim != "color":
        return f"bare_name({pick(program.of, out)}.{program.dim})"
    if isinstance(program, Pick | Aggregate | Binary) and kind_of(program) == "number":
        return number(program, out)
    return ""


def _answer_doubted(program: Expression, plain: Sequence[str], out: Writer) -> None:
    """The answer of the first reading, those of the others as alternatives where they differ: then
    it is not sure."""
    unit = unit_of(program) if kind_of(program) == "number" else '""'
    first = out.name("first", plain[0])
    out.add(f"others = [shown(x, {unit}) for x in [{', '.join(plain[1:])}]]")
    out.add(f"others = [x for x in dict.fromkeys(others) if x != shown({first}, {unit})]")
    out.answer(f"{first}, unit={unit}, alternatives=others", doubted="others")


def colors_of(program: object) -> list[str]:
    """The colour names in a program, each once."""
    if isinstance(program, Marks):
        return [program.color] if program.color else []
    if isinstance(program, str) and program.startswith("color:"):
        return [program.removeprefix("color:")]
    parts: list[object] = []
    if dataclasses.is_dataclass(program):
        parts = [getattr(program, field.name) for field in dataclasses.fields(program)]
    elif isinstance(program, tuple):
        parts = list(program)
    return list(dict.fromkeys(color for part in parts for color in colors_of(part)))


def _answer(program: Expression, out: Writer) -> None:
    if isinstance(program, Names):
        _answer_names(program, out)
    elif isinstance(program, Exists):
        answer_exists(program, out)
    elif isinstance(program, Choose):
        _answer_choice(program, out)
    elif isinstance(program, Size):
        _answer_size(program, out)
    elif isinstance(program, Fact):
        _answer_fact(program, out)
    elif isinstance(program, Beyond):
        _answer_beyond(program, out)
    elif isinstance(program, Aggregate) and program.op == "range":
        _answer_range(program, out)
    elif isinstance(program, Compare):
        answer_compare(program, out)
    elif isinstance(program, Agreed):
        answer_agreed(program, out)
    elif isinstance(program, Aggregate) and program.op == "count":
        _answer_count(program, out)
    elif isinstance(program, Many):
        _answer_many(program, out)
    elif isinstance(program, Marks):
        out.answer(f"{marks(program, out)}.values, unit=chart.unit")
    else:
        _answer_number(program, out)


def _answer_many(program: Many, out: Writer) -> None:
    """Several values, each with what sets it apart from the others."""
    units = {unit_of(part) for part in program.of}
    unit = units.pop() if len(units) == 1 else '""'
    values = [number(part, out) for part in program.of]
    out.add(f"values = [{', '.join(values)}]")
    picks = [next(_picks(part), Marks()) for part in program.of]
    rows = tuple(" ".join(of.categories) for of in picks)
    sides = (rows, tuple(" ".join(of.series) for of in picks))
    names = next((side for side in sides if len(set(side)) == len(values) and all(side)), ())
    said = ""
    if names:
        out.add(f"said = [f'{{name}}: {{shown(x, {unit})}}' for name, x in zip({names!r}, values)]")
        said = ', text="; ".join(said)'
    out.answer(f"values, unit={unit}{said}")


def _picks(program: object) -> Iterator[Marks]:
    """The marks that a program looks up, first ones first."""
    if isinstance(program, Pick):
        yield program.of
    elif isinstance(program, Binary):
        yield from _picks(program.a)
        yield from _picks(program.b)
    elif isinstance(program, Aggregate) and isinstance(program.of[0], Marks):
        yield program.of[0]


def _answer_number(program: Expression, out: Writer) -> None:
    value = number(program, out)
    shown = unit_of(program)
    evidence = "" if _touches(program) else ", evidence=chart.points"
    out.answer(f"{value}, unit={shown}{evidence}")


def _touches(program: Expression) -> bool:
    if isinstance(program, Number):
        return False
    if isinstance(program, Binary):
        return _touches(program.a) or _touches(program.b)
    if isinstance(program, Aggregate):
        return any(_touches(part) for part in program.of)
    return True


def _answer_names(program: Names, out: Writer) -> None:
    if program.dim == "color":
        point = _first(program.of, out)
        out.answer(f"colour_name({point}.color), evidence=[{point}]")
        return
    if isinstance(program.of, Pick):
        point = _offered_pick(program, program.of, out)
        text = f'text=f"{{{point}.{program.dim}}} ({{shown({point}.value, chart.unit)}})"'
        out.answer(f"bare_name({point}.{program.dim}), evidence=[{point}], {text}")
        return
    if not isinstance(program.of, Marks):
        raise ValueError("a name needs marks")
    chosen = marks(program.of, out)
    names = out.name("names", f"list(dict.fromkeys(bare_name(p.{program.dim}) for p in {chosen}))")
    out.answer(f"{names}[0] if len({names}) == 1 else {names}, evidence={chosen}")


def _offered_pick(program: Names, of: Pick, out: Writer) -> str:
    """The choice of a mark; with choices to choose from, an extreme is one among them."""
    if not out.chooses or of.how not in ("highest", "lowest"):
        return pick(of, out)
    base = out.name("offered_marks", f"offered({marks(of.of, out)}, {program.dim!r}, options)")
    return out.name(of.how, f"{base}.{of.how}({of.rank if of.rank > 1 else ''})")


def _first(of: Expression, out: Writer) -> str:
    if isinstance(of, Pick):
        return pick(of, out)
    if isinstance(of, Marks):
        return out.name("point", f"{marks(of, out)}[0]")
    raise ValueError("a colour needs a mark")


def _answer_count(program: Aggregate, out: Writer) -> None:
    of = program.of[0]
    if not isinstance(of, Marks) or of.test is None:
        out.answer(f"{number(program, out)}")
        return
    base = marks(replace(of, test=None), out)
    hits = out.name("hits", f"{base}{tested(of.test)}")
    # A count rests on every mark that was held against the limit, those below it too.
    out.answer(f"len({hits}), evidence={base}")


def _answer_beyond(program: Beyond, out: Writer) -> None:
    limit = out.name("limit", number(program.than, out))
    base = marks(program.of, out)
    hits = out.name("hits", f"{base}.{TESTS[program.op]}({limit})")
    if program.want == "count":
        out.answer(f"len({hits}), evidence={base}")
        return
    names = out.name("names", f"[bare_name(p.{program.want}) for p in {hits}] or ['none']")
    evidence = f"[*{hits}, *{base}.equal_to({limit})]"
    out.answer(f"{names}[0] if len({names}) == 1 else {names}, evidence={evidence}")


def _answer_range(program: Aggregate, out: Writer) -> None:
    if len(program.of) != 1 or not isinstance(program.of[0], Marks):
        _answer_number(program, out)
        return
    base = marks(program.of[0], out)
    out.add(f"low, high = {base}.lowest(), {base}.highest()")
    out.add('sign = "%" if chart.unit == "%" else ""')
    text = 'text=f"{said}, a span of {shown(high.value - low.value, chart.unit)}"'
    out.add('said = f"{neat(low):.10g}{sign} to {neat(high):.10g}{sign}"')
    out.answer(f"said, evidence=[low, high], {text}")


def _answer_choice(program: Choose, out: Writer) -> None:
    entries = [f"{name!r}: {number(part, out)}" for name, part in program.options]
    options = out.name("options", "{" + ", ".join(entries) + "}")
    call = "max" if program.how == "highest" else "min"
    out.answer(f"{call}({options}, key={options}.get)")


def _answer_size(program: Size, out: Writer) -> None:
    if program.dim == "same":
        chosen = marks(program.of, out)
        out.add(f"hits = {chosen}.where(lambda p: len({chosen}.equal_to(p.value)) > 1)")
        out.answer(f"len(hits), evidence=hits if len(hits) else {chosen}")
        return
    part = program.dim == "mark" or program.of.test is not None
    chosen = marks(program.of, out) if part else "chart.points"
    if program.of.test is not None:
        chosen = f"{chosen} if len({chosen}) else chart.points"
    out.answer(f"{size(program, out)}, evidence={chosen}")


def _answer_fact(program: Fact, out: Writer) -> None:
    if program.what == "legend":
        out.answer("chart.names, evidence=chart.points")
        return
    if program.what == "about":
        out.answer("about(chart), evidence=chart.points")
        return
    code = {
        "title": "chart.title",
        "unit": "chart.unit",
        "kind": "chart.kind",
        "x": 'chart.axis_title("x")',
        "y": 'chart.axis_title("y")',
        "source": 'next((t["text"] for t in chart.text if t["role"] == "source"), "")',
    }[program.what]
    fact = out.name("fact", f"{code} or {program.default!r}" if program.default else code)
    out.add(f"if not {fact}:")
    out.add(f'    unanswerable("the chart shows no {program.what}")')
    out.add("else:")
    out.answer(f"{fact}, evidence=chart.points", "    ")
