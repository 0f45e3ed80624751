"""The one piece of state: what the running step touched, showed and answered.

`DESK` is explicit so that a stand-alone script needs nothing else: without a session the answer is
printed, and `reread` finds nothing, because the figure is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Request = Callable[[dict[str, Any]], tuple[dict[str, Any], list[bytes]]]


@dataclass
class Desk:
    """What one step leaves behind. `touched` maps (figure, series, category, box) to evidence."""

    request: Request | None = None
    live: bool = False
    figure: str = ""
    touched: dict[tuple[Any, ...], dict[str, Any]] = field(default_factory=dict)
    answer: dict[str, Any] | None = None
    images: list[bytes] = field(default_factory=list)

    def touch(self, evidence: dict[str, Any]) -> None:
        """Remember a mark that the computation read; the order of first use is kept."""
        key = (
            evidence["figure_id"],
            evidence["series"],
            evidence["category"],
            tuple(evidence["bbox_px"]),
        )
        self.touched.setdefault(key, evidence)

    def clear(self) -> None:
        """Forget the step before this one."""
        self.touched = {}
        self.answer = None
        self.images = []

    def ask(self, what: str, **details: Any) -> tuple[dict[str, Any], list[bytes]]:
        """Ask the reader something through the host. Raises `RuntimeError` when it refuses."""
        if self.request is None:
            raise RuntimeError(f"{what} needs the figure, which is not here")
        reply, blobs = self.request({"op": "request", "what": what, **details})
        if not reply.get("ok"):
            error = reply.get("error")
            said = error.get("message") if isinstance(error, Mapping) else error
            raise RuntimeError(f"{what}: {said or 'the reader refused'}")
        return reply, blobs


DESK = Desk()
