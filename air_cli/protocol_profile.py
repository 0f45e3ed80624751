"""Prompt profiles: templates, grammar and marks, one folder of `prompts/` each."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from air_cli.assets import asset
from air_cli.errors import EnvironmentFault, UsageError

DEFAULT = "air"
TEMPLATES = (
    *("system", "briefing", "chart", "direct", "code", "look", "plan", "part", "combine"),
    *("reflect", "observation", "looked", "fault", "condensed"),
)

_SLOT = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True)
class Profile:
    """The templates, the grammar and the marks of one profile.

    `actions`: what its replies may do. `answer`: how `<answer>` is written: `json`, `text` or
    `boxed`. `results`: what begins the result of code, which a reply must never hold.
    """

    name: str
    templates: Mapping[str, str]
    grammar: str
    actions: tuple[str, ...] = ("code", "look", "plan", "answer")
    answer: str = "json"
    results: tuple[str, ...] = ()

    @property
    def bare(self) -> bool:
        """Whether its answers are texts without evidence."""
        return self.answer != "json"

    @property
    def sha256(self) -> str:
        """Over all the files, for the provenance."""
        texts = json.dumps([dict(self.templates), self.grammar], sort_keys=True)
        return hashlib.sha256(texts.encode()).hexdigest()

    def fill(self, template: str, **slots: str) -> str:
        """`template` with its `{{slots}}` filled. Raises `KeyError` for a slot without a value."""
        return _SLOT.sub(lambda found: slots[found.group(1)], self.templates[template]).strip()

    def grammar_for(self, allowed: Sequence[str], thought_chars: int, code_lines: int) -> str:
        """The GBNF of replies that use one of the `allowed` marks, free parts bounded."""
        root = "root ::= think ( " + " | ".join(allowed) + " )\n"
        slots = {"thought": str(thought_chars), "lines": str(code_lines)}
        return root + _SLOT.sub(lambda found: slots[found.group(1)], self.grammar)


@lru_cache(maxsize=8)
def load_profile(name: str) -> Profile:
    """Read a profile's files; templates that it lacks are those of its `base`.

    Raises `UsageError` for a name without a folder, `EnvironmentFault` when a file is missing.
    """
    folder = asset("prompts") / name
    if not re.fullmatch(r"[\w-]+", name) or not folder.is_dir():
        known = ", ".join(sorted(path.parent.name for path in _profiles()))
        raise UsageError(f"reasoner.profile: there is no profile {name!r:.60}; there is {known}")
    try:
        marks = _marks(folder)
        base = asset("prompts") / str(marks.get("base", name))
        texts = {stem: _text(folder, base, f"{stem}.md") for stem in TEMPLATES}
        grammar = _text(folder, base, "grammar.gbnf")
    except (OSError, tomllib.TOMLDecodeError) as error:
        cause = f"the prompts of profile {name!r} cannot be read: {error}"
        raise EnvironmentFault(cause, fix="reinstall air-cli or correct reasoner.profile") from None
    return Profile(
        name,
        texts,
        grammar,
        tuple(marks.get("actions", Profile.actions)),
        str(marks.get("answer", "json")),
        tuple(marks.get("results", ())),
    )


def profile_for(model: str) -> str:
    """The profile whose models' names are in the name of a model; the default for all others."""
    for path in _profiles():
        if any(word in model.lower() for word in _marks(path.parent).get("models", ())):
            return path.parent.name
    return DEFAULT


def _profiles() -> list[Path]:
    return sorted(asset("prompts").glob("*/profile.toml"))


def _marks(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "profile.toml").read_text("utf-8"))


def _text(folder: Path, base: Path, name: str) -> str:
    path = folder / name
    return (path if path.is_file() else base / name).read_text("utf-8")
