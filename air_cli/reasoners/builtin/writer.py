"""Lines of code with short, unique variable names."""

from __future__ import annotations

import re


class Writer:
    """Collects lines; the same right-hand side gets the same variable."""

    def __init__(self, head: list[str]) -> None:
        self._lines = list(head)
        self._names: dict[str, str] = {}

    def add(self, line: str) -> None:
        """Add a line as it is."""
        self._lines.append(line)

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
