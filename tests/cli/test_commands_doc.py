"""`docs/commands.md` says what the commands say of themselves."""

from __future__ import annotations

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_command_reference_is_in_step() -> None:
    made = runpy.run_path(str(ROOT / "scripts" / "commands_doc.py"))["reference"]()
    written = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert made == written, "run: python scripts/commands_doc.py"
