"""Charts by libraries that run in Node: what `NODE_PATH` offers of them."""

from __future__ import annotations

import dataclasses
import json
import shutil
import subprocess
import sys
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
    done = subprocess.run(
        [node, str(script), str(folder)],
        input=json.dumps(told),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        why = next((line for line in said if "Error" in line), "no reason given")
        print(f"{program}: nothing drawn: {why.strip()}", file=sys.stderr)
