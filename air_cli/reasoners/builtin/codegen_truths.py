"""Write questions of yes or no: values compared, marks that pass. Pure."""

from __future__ import annotations

from dataclasses import replace

from air_cli.reasoners.builtin.codegen_values import literal, marks, number, pick, tested
from air_cli.reasoners.builtin.program import Agreed, Compare, Exists, Marks, Names, Number, Pick
from air_cli.reasoners.builtin.writer import Writer

SIGNS = {"gt": ">", "lt": "<", "ge": ">=", "le": "<=", "eq": "=="}


def answer_exists(program: Exists, out: Writer) -> None:
    test = program.of.test
    if test is None:
        raise ValueError("existence needs a condition")
    base = marks(replace(program.of, test=None), out)
    hits = out.name("hits", f"{base}{tested(test)}")
    if program.every:
        out.answer(f"len({hits}) == len({base}), evidence={base}")
    else:
        out.answer(f"len({hits}) > 0, evidence={hits} if len({hits}) else {base}")


def answer_compare(program: Compare, out: Writer) -> None:
    if isinstance(program.a, Names) and isinstance(program.b, Names):
        a, b = (out.name(side, _name_set(part, out)) for side, part in (
            ("left", program.a), ("right", program.b)))  # fmt: skip
        out.answer(f"bool({a} & {b}), evidence=chart.points")
        return
    out.answer(truth(program, out))


def truth(program: Compare, out: Writer) -> str:
    if program.op == "eq" and isinstance(program.a, Pick) and isinstance(program.b, Number):
        return f"says({pick(program.a, out)}, {literal(program.b.value)})"
    a, b = number(program.a, out), number(program.b, out)
    return f"same({a}, {b})" if program.op == "eq" else f"{a} {SIGNS[program.op]} {b}"


def answer_agreed(program: Agreed, out: Writer) -> None:
    out.add(f"verdicts = [{', '.join(truth(one, out) for one in program.of)}]")
    if program.every:
        out.answer("all(verdicts)")
        return
    if program.forced:
        doubt = "len(set(verdicts)) > 1"
        out.add(
            f"others = ['No' if 2 * sum(verdicts) > len(verdicts) else 'Yes'] if {doubt} else []"
        )
        out.answer("2 * sum(verdicts) > len(verdicts), alternatives=others", doubted="others")
        return
    out.add("if len(set(verdicts)) > 1:")
    out.add('    unanswerable("true of some series and not of others: name one")')
    out.add("else:")
    out.answer("verdicts[0]", "    ")


def _name_set(part: Names, out: Writer) -> str:
    if isinstance(part.of, Pick):
        return f"{{{pick(part.of, out)}.{part.dim}}}"
    if not isinstance(part.of, Marks):
        raise ValueError("names need marks")
    return f"{{p.{part.dim} for p in {marks(part.of, out)}}}"
