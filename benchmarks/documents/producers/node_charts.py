"""Charts by libraries that run in Node: what `NODE_PATH` offers of them."""

from __future__ import annotations

import dataclasses
import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from benchmarks.documents.specs import Spec


def draw(program: str, specs: Sequence[Spec], folder: Path) -> None:
    """Draw each spec as an SVG by the script `program`.cjs; nothing where Node or the library is
    not installed."""
    node = shutil.which("node")
    script = Path(__file__).with_name(f"{program}.cjs")
    if not node or not specs:
        return
    told = [{**dataclasses.asdict(s), "shape": s.shape, "log": s.log} for s in specs]
    subprocess.run([node, str(script), str(folder)], input=json.dumps(told).encode(),
                   timeout=120, check=False)  # fmt: skip
