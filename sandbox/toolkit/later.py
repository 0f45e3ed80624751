"""A module that is imported when something of it is first used."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

# A table is shown wide enough to be read.
OPTIONS = ("display.width", 160, "display.max_columns", 40)


class Later(ModuleType):
    """pandas takes most of the time in which a jail starts, and most questions never use it."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)  # copying and pickling ask for these: not a use
        module = importlib.import_module(self.__name__)
        module.set_option(*OPTIONS)
        return getattr(module, name)
