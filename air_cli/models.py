"""Models that AIR keeps by name: a folder for each, with its files, their sha256 and their origin.

<root>/<name>/about.json           what it is and where it came from
<root>/<name>/<file>.gguf          pulled, or a link to a file that was added
<root>/<name>/<file>.gguf.sha256   as `sha256sum` writes it; the reasoner holds files against it
"""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from air_cli.errors import EnvironmentFault, UsageError
from air_cli.files import write_atomic, write_fault
from air_cli.gguf import GGUFError, Head, read_head
from air_cli.settings import Config, is_model_name

ABOUT = "about.json"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class Stored:
    """A model that is here. `files` maps file names to their sha256; `linked`: added, not pulled.

    `repo`, `revision` (a commit) and `licence` are what the hub said when it was pulled.
    """

    name: str
    model: str
    mmproj: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    size: int = 0
    repo: str = ""
    revision: str = ""
    licence: str = ""
    linked: bool = False


class Store:
    """The folder of models."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, name: str) -> Path:
        """Where a model of this name is kept. Raises `UsageError` for what cannot be a name."""
        if not _NAME.fullmatch(name) or not is_model_name(name):
            raise UsageError(f"{name!r:.80} is no name for a model: letters, digits, . _ -")
        return self.root / name

    def all(self) -> list[Stored]:
        """Every model that is here, by name."""
        found = sorted(self.root.glob(f"*/{ABOUT}")) if self.root.is_dir() else []
        return [self.get(path.parent.name) for path in found]

    def has(self, name: str) -> bool:
        return bool(_NAME.fullmatch(name)) and (self.root / name / ABOUT).is_file()

    def get(self, name: str) -> Stored:
        """Raises `UsageError` when there is no such model."""
        path = self.folder(name) / ABOUT
        try:
            data = json.loads(path.read_text("utf-8"))
            known = {item.name for item in dataclasses.fields(Stored)}
            return Stored(**{k: v for k, v in data.items() if k in known})
        except FileNotFoundError:
            here = [found.parent.name for found in self.root.glob(f"*/{ABOUT}")]
            close = difflib.get_close_matches(name, here, 1)
            hint = f"perhaps you meant {close[0]}?" if close else f"air models pull {name}"
            raise UsageError(f"there is no model {name!r} here: {hint}") from None
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise UsageError(f"{path}: cannot be read: {error}; air models rm {name}") from None

    def paths(self, stored: Stored) -> tuple[Path, Path | None]:
        """The model file and the projector."""
        folder = self.folder(stored.name)
        return folder / stored.model, folder / stored.mmproj if stored.mmproj else None

    def add(self, name: str, model: Path, mmproj: Path | None = None) -> Stored:
        """Know files that are elsewhere under a name; they stay where they are.

        Raises `UsageError` for a name that is taken, or a file that is not a whole GGUF of the
        right sort.
        """
        folder = self._free(name)
        given = [model.absolute(), *([mmproj.absolute()] if mmproj else [])]
        check_pair(*given)
        if len({path.name for path in given}) != len(given):
            raise UsageError("model and projector have the same file name")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for path in given:
                (folder / path.name).unlink(missing_ok=True)
                (folder / path.name).symlink_to(path)
        except OSError as error:
            raise write_fault(folder, error) from error
        sums = {path.name: sha256_of(path) for path in given}
        size = sum(path.stat().st_size for path in given)
        names = [path.name for path in given]
        return self.keep(Stored(name, names[0], "".join(names[1:]), sums, size, linked=True))

    def _free(self, name: str) -> Path:
        if self.has(name):
            raise UsageError(f"there is a model {name!r} already: air models rm {name}")
        return self.folder(name)

    def keep(self, stored: Stored) -> Stored:
        """Write what is known of a model whose files are in its folder."""
        folder = self.folder(stored.name)
        for name, sha256 in stored.files.items():
            write_atomic(folder / f"{name}.sha256", f"{sha256}  {name}\n")
        text = json.dumps(dataclasses.asdict(stored), indent=2, ensure_ascii=False)
        write_atomic(folder / ABOUT, text + "\n")
        return stored

    def remove(self, name: str) -> int:
        """Forget a model and delete what was pulled of it; returns the bytes that are free now."""
        folder = self.folder(name)
        if not folder.is_dir():
            self.get(name)  # says that there is none
        size = sum(p.lstat().st_size for p in folder.iterdir() if p.is_file() or p.is_symlink())
        try:
            shutil.rmtree(folder)
        except OSError as error:
            raise EnvironmentFault(f"{folder}: cannot be removed: {error.strerror}") from error
        return size


def resolve(config: Config) -> Config:
    """The configuration with the name of a model replaced by its files.

    Raises `UsageError` when the name is not known here.
    """
    settings = config.reasoner
    if settings.name != "llama" or not is_model_name(settings.model):
        return config
    store = Store(config.models_dir())
    model, mmproj = store.paths(store.get(settings.model))
    named = dataclasses.replace(
        settings, model=str(model), mmproj=settings.mmproj or str(mmproj or "")
    )
    return dataclasses.replace(config, reasoner=named)


def sha256_of(path: Path) -> str:
    """Raises `UsageError` when the file cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from None


def head_of(path: Path) -> Head:
    """The head of a model file. Raises `UsageError` when it is not a whole GGUF."""
    try:
        return read_head(path)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from None
    except GGUFError as error:
        raise UsageError(f"{path}: {error}") from None


def check_pair(model: Path, mmproj: Path | None = None) -> str:
    """Hold a model and its projector against one another; says in words what was found.

    Raises `UsageError` when a file is none of its sort, or they cannot belong together.
    """
    head = head_of(model)
    if head.architecture in ("", "clip"):
        raise UsageError(f"{model}: not a language model but {head.architecture or 'no model'}")
    if mmproj is None:
        return "no projector: it gets the charts as data, not as pictures"
    eyes = head_of(mmproj)
    if eyes.architecture != "clip":
        raise UsageError(f"{mmproj}: not a projector but a model ({eyes.architecture or '?'})")
    if not eyes.metadata.get("clip.has_vision_encoder"):
        raise UsageError(f"{mmproj}: a projector without a vision encoder")
    width = head.number("embedding_length")
    given = projector_width(eyes)
    kind = eyes.metadata.get("clip.projector_type") or eyes.metadata.get(
        "clip.vision.projector_type", "?"
    )
    if width and given and given % width:
        raise UsageError(
            f"{mmproj}: this projector is for another model: it gives {given} numbers a token,"
            f" {model.name} takes {width}"
        )
    return f"projector {kind} matches: {given or '?'} numbers a token"


def projector_width(head: Head) -> int:
    """Numbers that a projector gives for each token, 0 when its head does not say."""
    value: Any = head.metadata.get("clip.vision.projection_dim", 0)
    return value if type(value) is int else 0


def free_bytes(folder: Path) -> int:
    """Bytes that can be written below `folder`, which need not exist yet."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(os.fspath(folder)).free
