"""Write the programs that need several lines of their own: across, steps, growth, trends. Pure."""

from __future__ import annotations

from air_cli.reasoners.builtin.codegen_truths import SIGNS
from air_cli.reasoners.builtin.codegen_values import OVER_PAIRS, side
from air_cli.reasoners.builtin.program import (
    Across,
    Crosses,
    Direction,
    Expression,
    Growth,
    Holding,
    Leads,
    Marks,
    Moves,
    Outliers,
    Peaks,
    Present,
    Standing,
    Start,
    Steady,
    Steps,
    Summary,
    Together,
    Trend,
)
from air_cli.reasoners.builtin.writer import Writer

# Rows of a table that a summary tells.
MOST_ROWS = 12


def write(program: Expression, out: Writer) -> bool:
    """Write a program of these kinds; False when it is of another kind."""
    if isinstance(program, Across):
        _across(program, out)
    elif isinstance(program, Steps):
        _steps(program, out)
    elif isinstance(program, Growth):
        _growth(program, out)
    elif isinstance(program, Trend):
        _trend(program, out)
    elif isinstance(program, Crosses):
        _crosses(program, out)
    elif isinstance(program, Direction):
        _direction(program, out)
    elif isinstance(program, Peaks):
        _peaks(program, out)
    elif isinstance(program, Leads):
        out.add(f"tops = [row.{program.how}() for row in chart.by_category().values()]")
        out.add(f"mine = chart.series({program.series!r}).names")
        out.answer("all(top.series in mine for top in tops), evidence=tops")
    elif isinstance(program, Standing):
        if not out.chooses:
            raise ValueError("standing needs choices")
        out.add(f"point = standing({_select(program.of)}, options)")
        out.answer("point.value, evidence=[point]")
    elif isinstance(program, Present):
        base = _select(Marks(categories=program.categories, span=program.span))
        out.add(f"places = {base}.categories")
        out.add(f"lines = [chart.series(name) for name in {list(program.series)!r}]")
        out.add("there = [p for line in lines for p in line if p.category in places]")
        every = "all(set(places) <= set(line.categories) for line in lines)"
        out.answer(f"{every}, evidence=there or chart.points")
    elif isinstance(program, Start | Outliers | Steady):
        _shape(program, out)
    elif isinstance(program, Moves) and program.runs:
        out.add(f"runs = runs_of({_select(program.of)}, {program.how!r})")
        out.answer("len(runs), evidence=[point for run in runs for point in run] or chart.points")
    elif isinstance(program, Moves):
        sign = ">" if program.how == "increase" else "<"
        out.add(f"steps = {_select(program.of)}.steps()")
        out.add(f"hits = [step for step in steps if step[1].value {sign} step[0].value]")
        out.answer("len(hits), evidence=[point for step in hits or steps for point in step]")
    elif isinstance(program, Together):
        _together(program, out)
    elif isinstance(program, Holding):
        _holding(program, out)
    elif isinstance(program, Summary):
        _summary(program, out)
    else:
        return False
    return True


def _select(of: Marks) -> str:
    inside = []
    for key, names in (("series", of.series), ("category", () if of.span else of.categories)):
        if names:
            inside.append(f"{key}={names[0]!r}" if len(names) == 1 else f"{key}={list(names)!r}")
    if of.color:
        inside.append(f"color={of.color!r}")
    code = f"chart.select({', '.join(inside)})" if inside else "chart.points"
    if of.span and len(of.categories) == 2:
        code += f".span({of.categories[0]!r}, {of.categories[1]!r})"
    return code


def _key(program: Across) -> str:
    """The number of one name as Python over `a` and `b` (paired) or `group`."""
    if program.a:
        return OVER_PAIRS[program.op]
    if program.op == "range":
        return "max(group.values) - min(group.values)"
    if program.op in ("sum", "mean", "median"):
        return f"group.{program.op}()"
    return f"{program.op}(group.values)"


def _across(program: Across, out: Writer) -> None:
    if program.a:
        a, b = (side(name, out) for name in (program.a, program.b))
        out.add(f"pairs = chart.pairs({a}, {b})")
        if program.among.span:
            out.add(f"places = {_select(program.among)}.categories")
            out.add("pairs = [(a, b) for a, b in pairs if a.category in places]")
        out.add(f"numbers = {{a.{program.dim}: {_key(program)} for a, b in pairs}}")
        out.add(f"marks = {{a.{program.dim}: [a, b] for a, b in pairs}}")
    else:
        out.add(f"chosen = {_select(program.among)}")
        out.add(f"marks = chosen.groups({program.dim!r})")
        out.add(f"numbers = {{name: {_key(program)} for name, group in marks.items()}}")
    if out.chooses and program.want == "name":
        out.add("numbers = {name: numbers[name] for name in offered_names(numbers, options)}")
    if program.want in ("count", "names", "first", "every", "any"):
        test = program.test
        sign, value = (SIGNS[test.op], test.value) if test else (">", 0.0)
        out.add(f"hits = [name for name, number in numbers.items() if number {sign} {value!r}]")
        if program.want == "count":
            out.answer("len(hits), evidence=[m for found in marks.values() for m in found]")
            return
        if program.want in ("every", "any"):
            passed = "len(hits) == len(numbers)" if program.want == "every" else "bool(hits)"
            out.answer(f"{passed}, evidence=chart.points")
            return
        if program.want == "first":
            out.add("order = [name for name in chart.points.in_order().groups('category')]")
            out.add("later = [b for a, b in zip(order, order[1:]) if b in hits and a not in hits]")
            out.add("hits = (later or hits)[:1]")
        out.add("hits = [bare_name(name) for name in hits] or ['none']")
        out.answer("hits[0] if len(hits) == 1 else hits, evidence=chart.points")
        return
    if program.how == "nearest" and program.test is not None:
        out.add(
            f"best = min(numbers, key=lambda name: abs(numbers[name] - {program.test.value!r}))"
        )
    else:
        order = ", reverse=True" if program.how == "highest" else ""
        out.add(f"best = sorted(numbers, key=numbers.__getitem__{order})[{program.rank - 1}]")
    if program.want == "name":
        text = 'text=f"{best} ({shown(numbers[best])})"'
        out.answer(f"bare_name(best), evidence=marks[best], {text}")
    else:
        out.answer(f"numbers[best], unit={_across_unit(program)}, evidence=marks[best]")


def _across_unit(program: Across) -> str:
    return {"share": '"%"', "growth": '"%"', "decline": '"%"', "ratio": '""'}.get(
        program.op if program.a else "", "chart.unit"
    )


def _steps(program: Steps, out: Writer) -> None:
    if out.chooses and program.want == "later":
        out.add(f"earlier, later = largest_change({_select(program.of)}, {program.how!r}, options)")
        out.answer("[earlier.category, later.category]")
        return
    call = "largest_decrease" if program.how == "decrease" else "largest_increase"
    out.add(f"earlier, later = {_select(program.of)}.{call}()")
    if program.want == "change":
        out.answer("difference(later.value, earlier.value), unit=chart.unit")
    else:
        text = 'text=f"{later.category} (from {shown(earlier.value)} to {shown(later.value)})"'
        out.answer(f"bare_name(later.category), {text}")


def _peaks(program: Peaks, out: Writer) -> None:
    out.add(f"tops = {{n: line.{program.how}() for n, line in chart.by_series().items()}}")
    out.add(f"there = {program.category!r}")
    out.add("hits = [name for name, top in tops.items() if likeness(top.category, there) > 0.9]")
    said = "len(hits)" if program.want == "count" else "hits or ['none']"
    out.answer(f"{said}, evidence=[tops[name] for name in hits or tops]")


def _shape(program: Start | Outliers | Steady, out: Writer) -> None:
    """Where a line turns, which marks stand out, which lines never turn."""
    if isinstance(program, Start):
        out.add(f"start = start_of({_select(program.of)}, {program.how!r})")
        out.answer("bare_name(start.category)")
    elif isinstance(program, Outliers):
        out.add(f"far = outliers({_select(program.of)})")
        out.add(f"names = list(dict.fromkeys(bare_name(p.{program.dim}) for p in far))")
        out.answer("names[0] if len(names) == 1 else names, evidence=far")
    else:
        out.add("lines = chart.by_series()")
        out.add("steady = [name for name, line in lines.items() if is_steady(line)]")
        if program.want == "count":
            out.answer("len(steady), evidence=chart.points")
        else:
            out.add("steady = steady or ['none']")
            out.answer("steady[0] if len(steady) == 1 else steady, evidence=chart.points")


def _together(program: Together, out: Writer) -> None:
    out.add("moved = []")
    for name, how in program.moves:
        sign = ">" if how == "increase" else "<"
        out.add(f"steps = chart.select(series={name!r}).steps()")
        out.add(f"moved.append([b.category for a, b in steps if b.value {sign} a.value])")
    out.add("both = [name for name in moved[0] if all(name in names for names in moved)]")
    if program.want == "count":
        out.answer("len(both), evidence=chart.points")
        return
    out.add("names = [bare_name(name) for name in both] or ['none']")
    out.answer("names[0] if len(names) == 1 else names, evidence=chart.points")


def _growth(program: Growth, out: Writer) -> None:
    by, call = (
        ("category", "growth_across") if "across" in program.want else ("series", "growth_of")
    )
    out.add(f"lines = {_select(program.of)}.groups({by!r})")
    out.add(f"found = {{name: {call}(line) for name, line in lines.items()}}")
    known = "rate is not None" + (
        " and rate.compound is not None" if "cagr" in program.want else ""
    )
    out.add(f"rates = {{name: rate for name, rate in found.items() if {known}}}")
    out.add("if not rates:")
    out.add('    unanswerable("growth needs two values in order, the first of them above zero")')
    out.add("else:")
    if "cagr" in program.want:
        out.add("    values = [rate.compound for rate in rates.values()]")
    else:
        out.add("    values = [rate.total for rate in rates.values()]")
    out.add('    said = "; ".join(f"{name}: {r}" if name else str(r) for name, r in rates.items())')
    out.add("    value = values[0] if len(values) == 1 else values")
    out.answer('value, unit="%", text=said', "    ")


def _trend(program: Trend, out: Writer) -> None:
    if out.chooses:
        out.add(f"lines = {_select(program.of)}.groups('series').values()")
        out.add("said = {described(line, options) for line in lines if len(line) > 1}")
        out.add("if len(said) != 1:")
        out.add('    raise NoSuch("the series go different ways: name one")')
        out.answer("said.pop()")
        return
    out.add(f"lines = {_select(program.of)}.groups('series')")
    out.add("words = {name: trend(line.values) for name, line in lines.items() if len(line) > 1}")
    out.add("if not words:")
    out.add('    unanswerable("a trend needs two values in order, and there are fewer")')
    out.add("else:")
    out.add('    said = "; ".join(f"{name}: {w}" if name else w for name, w in words.items())')
    out.add("    values = list(words.values())")
    out.answer("values[0] if len(values) == 1 else values, text=said", "    ")


def _crosses(program: Crosses, out: Writer) -> None:
    a, b = (side(name, out) for name in (program.a, program.b))
    out.add(f"pairs = chart.pairs({a}, {b})")
    out.add("found = crossings([a.value - b.value for a, b in pairs])")
    out.add("evidence = [m for pair in pairs for m in pair]")
    if program.want == "count":
        out.answer("len(found), evidence=evidence")
    elif program.want == "bool":
        out.answer("len(found) > 0, evidence=evidence")
    else:
        out.add("if not found:")
        out.add('    unanswerable("the two do not cross")')
        out.add("else:")
        out.answer("pairs[found[0]][0].category, evidence=pairs[found[0]]", "    ")


def _direction(program: Direction, out: Writer) -> None:
    out.add(f"line = {_select(program.of)}.in_order()")
    if program.want == "word" and out.chooses:
        out.answer("described(line, options)")
        return
    if program.want.startswith("always"):
        sign = ">" if program.want.endswith("increase") else "<"
        out.add(f"goes = [later.value {sign} earlier.value for earlier, later in line.steps()]")
        out.answer("all(goes), evidence=line")
        return
    out.add("first, last = line[0], line[-1]")
    if program.want == "word":
        out.add('word = "increase" if last.value > first.value else "decrease"')
        out.answer("word")
    else:
        sign = ">" if program.want == "increase" else "<"
        out.answer(f"last.value {sign} first.value")


def _holding(program: Holding, out: Writer) -> None:
    out.add(f"wanted = {list(program.values)!r}")
    out.add("groups = [*chart.by_category().items(), *chart.by_series().items()]")
    out.add("found = [")
    out.add("    (name, group) for name, group in groups")
    out.add("    if name and all(len(group.equal_to(value)) for value in wanted)")
    out.add("]")
    out.add("name, group = found[0]  # an IndexError: nothing holds all of these values")
    if program.want == "name":
        out.answer("bare_name(name), evidence=group")
        return
    out.add("rest = group.where(lambda p: all(p not in group.equal_to(v).items for v in wanted))")
    out.add('printed = rest.where(lambda p: p.how != "geometry")')
    out.add("rest = printed if len(printed) else rest")
    out.add("values = rest.values")
    out.answer("values[0] if len(values) == 1 else values, unit=chart.unit, evidence=rest")


def _summary(program: Summary, out: Writer) -> None:
    if program.over == "across":
        _summary_of_rows(program, out)
        return
    out.add(f"lines = {_select(program.of)}.groups('series')")
    out.add("said = []")
    out.add("for name, line in lines.items():")
    out.add("    top, low = line.highest(), line.lowest()")
    out.add('    head = f"{name}: " if name else ""')
    out.add('    said.append(f"{head}highest {top.category} ({shown(top.value, chart.unit)}), "')
    out.add('        f"lowest {low.category} ({shown(low.value, chart.unit)}), "')
    out.add('        f"average {shown(line.mean(), chart.unit)} over {len(line)} values")')
    if program.over:
        out.add("    if rate := growth_of(line):")
        out.add('        said[-1] += f"; {rate}"')
    out.answer('said[0] if len(said) == 1 else said, text="; ".join(said)')


def _summary_of_rows(program: Summary, out: Writer) -> None:
    """Rows of years: different things, each told by its latest value, and no highest of them."""
    out.add(f"rows = {_select(program.of)}.groups('category')")
    out.add("said = []")
    out.add(f"for name, row in list(rows.items())[:{MOST_ROWS}]:")
    out.add("    last = max(row, key=lambda p: p.series).touch()")
    out.add("    rate = growth_across(row)")
    out.add('    told = f" ({rate})" if rate else ""')
    out.add('    said.append(f"{name}: {shown(last.value, chart.unit)} in {last.series}{told}")')
    out.answer('said[0] if len(said) == 1 else said, text="; ".join(said)')
