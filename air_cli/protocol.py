"""The profile's protocol: render messages, parse replies, check answers. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from air_cli.records import Box


@dataclass(frozen=True)
class Look:
    """A second look that a reasoner asks for. `box` in pixels of the figure (None: all of it)."""

    figure: str
    box: Box | None = None
    factor: float = 2.0
