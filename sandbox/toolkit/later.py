"""Modules that are imported when something of them is first used."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

# A table is shown wide enough to be read.
OPTIONS = ("display.width", 160, "display.max_columns", 40)


class Later(ModuleType):
    """pandas and numpy take most of the time in which a jail starts, and most questions never use
    them."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)  # copying and pickling ask for these: not a use
        module = importlib.import_module(self.__name__)
        if self.__name__ == "pandas":
            module.set_option(*OPTIONS)
        return getattr(module, name)


class Seeded(MetaPathFinder):
    """Seeds numpy's global generator when numpy is imported, by whomever: generated code may use
    it, and must give the same when it is run again."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """numpy's own spec, with the seeding after its loading; nothing for other modules."""
        if name != "numpy":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return spec
        load = spec.loader.exec_module

        def load_and_seed(module: ModuleType) -> None:
            load(module)
            module.random.seed(0)

        spec.loader.exec_module = load_and_seed  # type: ignore[method-assign]
        return spec


def seed_numpy() -> None:
    """Seed numpy's global generator, or see to it that it is seeded once numpy is there."""
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(0)
    else:
        sys.meta_path.insert(0, Seeded())
