"""Where the development data is, when it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def shared_data() -> Path:
    """The folder of shared data; skips the test where there is none.

    Found by `AIR_SHARED_DATA`, or as `shared/data` beside the repository or one level up.
    """
    root = Path(__file__).resolve().parent.parent
    places = [root.parent / "shared" / "data", root.parent.parent / "shared" / "data"]
    if named := os.environ.get("AIR_SHARED_DATA"):
        places.insert(0, Path(named))
    for place in places:
        if place.is_dir():
            return place
    pytest.skip("no shared data")
