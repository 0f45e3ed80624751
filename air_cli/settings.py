"""The shape, defaults and meaning of every setting; `config.py` fills it.

Standard library only and no reading of files or environment, so that every layer may take these
records as arguments. Each key carries its documentation: `air.toml.example` is made of it.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

T = TypeVar("T")


def key(
    default: T,
    doc: str,
    *,
    path: bool = False,
    named: bool = False,
    guarded: bool = False,
    secret: bool = False,
) -> T:
    """A setting: its default and what it means.

    `path`: a file name; relative to the file that names it, `~` is the home directory. `named`: a
    path, or the name of a model. `guarded`: not taken from a project's air.toml, because a folder
    that somebody sent must not lower the protection or send data elsewhere. `secret`: never
    printed.
    """
    marks = {"doc": doc, "path": path or named, "named": named}
    marks |= {"guarded": guarded, "secret": secret}
    made: T = field(default=default, metadata=marks)
    return made


@dataclass(frozen=True)
class ReasonerSettings:
    """Who writes the code."""

    name: Literal["builtin", "llama", "server", "replay"] = key(
        "builtin",
        "builtin needs no model; llama runs a GGUF; server asks an OpenAI-compatible endpoint;"
        " replay repeats recorded replies. When not set: llama if model is set, server if url is.",
    )
    profile: str = key(
        "auto",
        "The prompt profile: air, interpreter, pyvision, deepeyes or thyme; auto: by the model's"
        " name, air for most.",
    )
    model: str = key(
        "", "The GGUF file, or the name of a model that `air models` has here.", named=True
    )
    mmproj: str = key(
        "",
        "Its multimodal projector; empty: that of the named model, or the model gets data only.",
        path=True,
    )
    n_gpu_layers: Literal["auto"] | int = key(
        "auto", "Layers on the GPU; auto: as many as its free memory holds."
    )
    jail: Literal["auto", "always", "never"] = key(
        "auto",
        "The model's process in a jail without network; auto: where no graphics card takes part.",
        guarded=True,
    )
    n_ctx: int = key(8192, "Context window in tokens.")
    n_threads: int = key(0, "Threads of llama.cpp; 0: one for each processor.")
    max_tokens: int = key(2048, "Longest reply, in tokens.")
    temperature: float = key(0.0, "0 is deterministic.")
    seed: int = key(0, "Seed of the sampler.")
    image_max_tokens: int = key(2048, "Tokens that one image may take.")
    seconds: float = key(120.0, "Longest wait for one reply.")
    url: str = key(
        "", "Address of the server's API, such as http://127.0.0.1:8080/v1.", guarded=True
    )
    served_model: str = key("", "Name of the model at the server.")
    api_key: str = key("", "Key of the server; better set AIR_REASONER_API_KEY.", secret=True)
    fallback: Literal["builtin", "none"] = key(
        "builtin", "Who answers when the model fails; the answer says so."
    )
    replies: str = key("", "File of recorded replies for replay.", path=True)


@dataclass(frozen=True)
class ModelSettings:
    """The models that `air models` keeps."""

    dir: str = key("", "Where; empty: $XDG_DATA_HOME/air/models.", path=True)
    hub: str = key(
        "",
        "Where they are pulled from; empty: HF_ENDPOINT, or https://huggingface.co.",
        guarded=True,
    )
    token: str = key("", "For repositories that ask for one; better set HF_TOKEN.", secret=True)


@dataclass(frozen=True)
class PolicySettings:
    """How a question is worked on, and when to stop."""

    mode: Literal["auto", "direct", "code", "reflect", "plan"] = key(
        "auto", "auto chooses by question and reading; the others force one route."
    )
    steps: int = key(10, "Steps for one question.")
    faults: int = key(3, "Faults in a row.")
    seconds: float = key(120.0, "Seconds for one question, without the reading.")
    tokens: int = key(16384, "Generated tokens for one question.")
    samples: int = key(
        1,
        "Attempts of a model at a question, with seeds of their own; the answer that most of them"
        " agree on is taken. Fewer where no other can win or the value is printed.",
    )
    reflections: int = key(2, "Rounds in which a draft answer is checked against the figure.")


@dataclass(frozen=True)
class JailSettings:
    """The jail in which generated code runs."""

    memory_mb: int = key(1024, "Memory of a step; a session and its steps get half as much again.")
    seconds: float = key(10.0, "Longest step.")
    ready: int = key(1, "Jails held ready, started ahead; 0: start when needed.")


@dataclass(frozen=True)
class ReaderSettings:
    """The jail in which documents are opened and charts are read."""

    isolation: Literal["source", "run"] = key(
        "source", "source: a fresh reader for each file; run: one for all files of a run."
    )
    jail: bool = key(
        True,
        "false parses documents without a jail: only for files that you trust, and where no jail"
        " can be made (macOS).",
        guarded=True,
    )
    memory_mb: int = key(2048, "Memory of the reader.")
    seconds: float = key(120.0, "Longest request: one chart, or the figures of a document.")
    password: str = key(
        "", "Password of encrypted PDFs; better set AIR_READER_PASSWORD.", secret=True
    )
    max_items: int = key(200, "Sources and charts after which a reader is replaced.")


@dataclass(frozen=True)
class OutputSettings:
    """What is printed."""

    format: Literal["text", "md", "json"] = key("text", "Format of answers.")
    color: Literal["auto", "always", "never"] = key(
        "auto", "auto: colour on a terminal, unless NO_COLOR is set."
    )


@dataclass(frozen=True)
class CacheSettings:
    """Chart readings that are kept."""

    enabled: bool = key(True, "Keep chart readings for the next question.")
    dir: str = key("", "Where; empty: $XDG_CACHE_HOME/air.", path=True)


@dataclass(frozen=True)
class BatchSettings:
    """Many documents."""

    jobs: int = key(1, "Documents at a time.")
    retries: int = key(1, "Further tries of an item whose jail or model broke.")
    max_failures: int = key(0, "Stop after so many failed items; 0: never.")
    engine: Literal["local", "ray"] = key("local", "What runs the jobs.")


@dataclass(frozen=True)
class Config:
    """Everything that can be set; `Config()` is the defaults."""

    reasoner: ReasonerSettings = field(default_factory=ReasonerSettings)
    models: ModelSettings = field(default_factory=ModelSettings)
    policy: PolicySettings = field(default_factory=PolicySettings)
    jail: JailSettings = field(default_factory=JailSettings)
    reader: ReaderSettings = field(default_factory=ReaderSettings)
    output: OutputSettings = field(default_factory=OutputSettings)
    cache: CacheSettings = field(default_factory=CacheSettings)
    batch: BatchSettings = field(default_factory=BatchSettings)

    def cache_dir(self) -> Path:
        """Where readings are kept. `config.load` always fills `cache.dir`."""
        return Path(self.cache.dir or Path.home() / ".cache" / "air")

    def models_dir(self) -> Path:
        """Where models are kept. `config.load` always fills `models.dir`."""
        return Path(self.models.dir or Path.home() / ".local" / "share" / "air" / "models")


def is_model_name(text: str) -> bool:
    """Whether a value of `reasoner.model` is the name of a model, not a file: `./qwen` is one."""
    return bool(text) and "/" not in text and not text.lower().endswith(".gguf")


@dataclass(frozen=True)
class Key:
    """One setting: `name` is `section.key`; `kind` its type as written in the class."""

    name: str
    default: object
    kind: Any
    doc: str
    path: bool
    named: bool
    guarded: bool
    secret: bool


def sections() -> list[tuple[str, str, Sequence[Key]]]:
    """Name, meaning and keys of every section, in the order of the classes."""
    out: list[tuple[str, str, Sequence[Key]]] = []
    for name, kind in typing.get_type_hints(Config).items():
        hints = typing.get_type_hints(kind)
        keys = [_key(name, f, hints[f.name]) for f in dataclasses.fields(kind)]
        out.append((name, str(kind.__doc__).strip(), keys))
    return out


def keys() -> Iterator[Key]:
    """Every setting."""
    for _, _, found in sections():
        yield from found


def _key(section: str, item: dataclasses.Field[Any], kind: Any) -> Key:
    marks = item.metadata
    flags = {name: bool(marks[name]) for name in ("path", "named", "guarded", "secret")}
    return Key(f"{section}.{item.name}", item.default, kind, str(marks["doc"]), **flags)
