"""A scripted reasoner, a chart with known numbers, and the real jail."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from PIL import Image

from air_cli.errors import EnvironmentFault
from air_cli.jail.code import CodeJail
from air_cli.records import Chart, Figure, Mark, Message, Question, Reply, Series, Task, Want

VALUES = {"2019": 10.0, "2020": 12.0, "2021": 15.0, "2022": 14.0}
Line = str | Callable[[Sequence[Message], Want], str] | Exception


def png(size: tuple[int, int] = (8, 6), color: str = "red") -> bytes:
    """A picture of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", size, color).save(buffer, "PNG")
    return buffer.getvalue()


def revenue(how: str = "both", confidence: float = 0.95) -> Chart:
    """A bar chart of VALUES, read in a certain way."""
    spread = 0.0 if how in ("label", "both") else 0.8
    marks = tuple(
        Mark(
            "Revenue", year, value, value - spread, value + spread, how,  # type: ignore[arg-type]
            (20.0 * n, 10.0, 20.0 * n + 10, 50.0), "#2060a0", f"{value:g}", float(year),
        )
        for n, (year, value) in enumerate(VALUES.items())
    )  # fmt: skip
    return Chart(
        "p1-f1", "bar", title="Revenue by year", series=(Series("Revenue", "#2060a0"),),
        categories=tuple(VALUES), marks=marks, unit="$ million", confidence=confidence,
        size_px=(100, 60),
    )  # fmt: skip


FIGURE = Figure("p1-f1", "0" * 64, 3, (72.0, 144.0, 108.0, 165.6), dpi=200.0, size_px=(100, 60))


def task(
    text: str, *, expects: str = "auto", chart: Chart | None = None, image: bool = False
) -> Task:
    """A question on the chart of revenue."""
    images = {"p1-f1": png((100, 60), "white")} if image else {}
    return Task(Question("q1", text, expects), (FIGURE,), (chart or revenue(),), images)


def code(text: str, thought: str = "compute") -> str:
    return f"<think>{thought}</think>\n<code>\n{text}\n</code>"


@dataclass
class Scripted:
    """Gives out its lines in turn and remembers what it was asked; an exception is raised."""

    lines: Sequence[Line]
    sees: bool = False
    name: str = "scripted"
    tokens: int = 10
    wants: list[Want] = field(default_factory=list)
    histories: list[tuple[Message, ...]] = field(default_factory=list)

    @property
    def facts(self) -> Mapping[str, object]:
        return {"lines": len(self.lines)}

    def open(self, task: Task) -> Scripted:
        return self

    def close(self) -> None:
        """Nothing to close."""

    def reply(self, history: Sequence[Message], want: Want) -> Reply:
        line = self.lines[len(self.wants)]
        self.wants.append(want)
        self.histories.append(tuple(history))
        if isinstance(line, Exception):
            raise line
        return Reply(line if isinstance(line, str) else line(history, want), self.tokens)

    def heard(self, n: int) -> str:
        """The last message before reply `n` (from 0)."""
        return self.histories[n][-1].text


class Jails:
    """Makes real jails and counts them."""

    def __init__(self) -> None:
        self.made: list[CodeJail] = []

    def __call__(self) -> CodeJail:
        self.made.append(CodeJail())
        return self.made[-1]

    @property
    def open(self) -> int:
        return sum(jail.alive for jail in self.made)


def no_jail() -> CodeJail:
    """For a machine without one."""
    raise EnvironmentFault("bubblewrap is missing", fix="install bubblewrap")


def need_jail() -> None:
    """Skip where no jail can be made, unless AIR_REQUIRE_JAIL says that this is a failure."""
    try:
        with CodeJail() as jail:
            jail.wait_ready()
    except EnvironmentFault as fault:
        if os.environ.get("AIR_REQUIRE_JAIL"):
            raise
        pytest.skip(str(fault))
