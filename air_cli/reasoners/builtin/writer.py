"""Lines of code with short, unique variable names."""

from __future__ import annotations

import ast
import re

_WIDTH = 92
DOUBTED = 0.5


def _call(line: str) -> list[str]:
    """A call in one line, or with an argument a line where it would be long."""
    if len(line) <= _WIDTH:
        return [line]
    call = ast.parse(line, mode="eval").body
    assert isinstance(call, ast.Call)
    given = [ast.get_source_segment(line, one) for one in call.args]
    given += [f"{one.arg}={ast.get_source_segment(line, one.value)}" for one in call.keywords]
    return [line[: line.index("(") + 1], *(f"    {one}," for one in given), ")"]


class Writer:
    """Collects lines; the same right-hand side gets the same variable."""

    def __init__(self, head: list[str], sure: float = 1.0, options: tuple[str, ...] = ()) -> None:
        """`sure` says how well the question is understood and goes with the answer, as do the
        `options` that the question leaves."""
        self._lines = [*head, *([f"options = {list(options)!r}"] if options else [])]
        self.chooses = bool(options)
        self._names: dict[str, str] = {}
        self.colors: dict[str, str] = {}
        self._sure = sure
        self._options = ", options=options" if options else ""

    def answer(self, arguments: str, indent: str = "", doubted: str = "") -> None:
        """Add the call of `answer` with these arguments and what goes with every answer; `doubted`
        is what takes half of the sureness when it is true."""
        sure = f", sure={self._sure:.2g}" if self._sure < 0.95 else ""
        if doubted:
            sure = f", sure={self._sure * DOUBTED:.2g} if {doubted} else {self._sure:.2g}"
        self._lines += [
            indent + line for line in _call(f"answer({arguments}{sure}{self._options})")
        ]

    def add(self, line: str) -> None:
        """Add a line as it is."""
        self._lines.append(line)

    def tell_apart(self, colors: list[str]) -> None:
        """Several colours of a question are told apart together, each under a variable."""
        self.colors = {color: f"{color.replace(' ', '_')}_color" for color in colors}
        listed = ", ".join(map(repr, colors))
        self._lines.append(f"{', '.join(self.colors.values())} = chart.tell_apart({listed})")

    def color(self, name: str) -> str:
        """A colour as Python: its variable, or its name as a string."""
        return self.colors.get(name, repr(name))

    def name(self, wish: str, code: str) -> str:
        """A variable that holds `code`; simple names are used as they are."""
        if re.fullmatch(r"[\w.]+", code):
            return code
        if code in self._names:
            return self._names[code]
        taken = set(self._names.values())
        name, n = wish, 1
        while name in taken or name in ("mean", "median", "mode", "sum", "product"):
            n += 1
            name = f"{wish}_{n}"
        self._names[code] = name
        self._lines.append(f"{name} = {code}")
        return name

    def text(self) -> str:
        """The code, ending in a line break."""
        return "\n".join(self._lines) + "\n"
