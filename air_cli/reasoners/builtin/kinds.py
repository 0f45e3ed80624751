"""The type of a program's answer: number, text, bool or list. Pure."""

from __future__ import annotations

from air_cli.reasoners.builtin.asked import Asked
from air_cli.reasoners.builtin.program import (
    Across,
    Aggregate,
    Agreed,
    Beyond,
    Choose,
    Compare,
    Crosses,
    Direction,
    Exists,
    Expression,
    Fact,
    Growth,
    Holding,
    Leads,
    Many,
    Marks,
    Names,
    Outliers,
    Peaks,
    Present,
    Start,
    Steady,
    Steps,
    Summary,
    Together,
    Trend,
)


def kind_of(program: Expression) -> str:
    """What type `program` answers with."""
    if isinstance(program, Aggregate) and program.op == "range":
        return "text"
    if isinstance(program, Start | Outliers):
        return "text" if isinstance(program, Start) else "list"
    if isinstance(program, Steady | Peaks):
        return "number" if program.want == "count" else "list"
    if isinstance(program, Beyond):
        return "number" if program.want == "count" else "list"
    if isinstance(program, Direction):
        return "text" if program.want == "word" else "bool"
    if isinstance(program, Agreed | Compare | Exists | Leads | Present):
        return "bool"
    if isinstance(program, Marks | Many):
        return "list"
    if isinstance(program, Names):
        return "list" if program.many else "text"
    if isinstance(program, Holding):
        return "text" if program.want == "name" else "number"
    if isinstance(program, Choose | Fact | Trend | Summary):
        return "text"
    if isinstance(program, Across):
        names = {"name": "text", "first": "text", "names": "list", "every": "bool", "any": "bool"}
        return names.get(program.want, "number")
    if isinstance(program, Together):
        return "list" if program.want == "names" else "number"
    if isinstance(program, Steps):
        return "text" if program.want == "later" else "number"
    if isinstance(program, Crosses):
        return {"bool": "bool", "count": "number"}.get(program.want, "text")
    return "number"


def suits(program: Expression, expects: str) -> float:
    """How well the type suits what the question expects, as a factor."""
    if expects == "auto" or kind_of(program) == expects:
        return 1.0
    if {kind_of(program), expects} == {"list", "text"}:
        return 0.9
    return 0.5


def possible(program: Expression, want: Asked, amount: bool, expects: str) -> bool:
    """Whether `program` can answer at all: its type must be the one that the question's head or
    the caller (`expects`) asks for. `amount` says that the question asks how much or how many."""
    kind = kind_of(program)
    vague = isinstance(program, Fact | Trend | Growth | Summary)
    numeric = kind == "number" or isinstance(program, Marks | Many) or vague
    if expects in ("number", "bool"):
        return kind == expects
    if want.kind == "bool":
        return kind == "bool" or isinstance(program, Choose) or _word(program)
    if want.kind == "count" or amount:
        return numeric
    if want.dim == "color":
        return isinstance(program, Choose) or (
            isinstance(program, Names) and program.dim == "color"
        )
    if want.kind == "value":
        return numeric or isinstance(program, Aggregate | Choose | Holding)
    return True


def _word(program: Expression) -> bool:
    """ "Does it rise or fall?" is answered by a word."""
    return isinstance(program, Direction) and program.want == "word"
