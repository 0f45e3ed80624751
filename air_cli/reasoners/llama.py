"""The GGUF reasoner: llama.cpp through llama-cpp-python, in a warm child process of its own.

The child's death or hang is an `ItemError` for one question; the next one gets a new child.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from air_cli.errors import EnvironmentFault, ItemError
from air_cli.reasoners.llama_fit import free_memory
from air_cli.reasoners.llama_process import ModelProcess, Plain, Started
from air_cli.records import Message, Reply, Size, Task, Want

if TYPE_CHECKING:
    from air_cli.reasoners import Settings

INSTALL = 'pip install "air-cli[llama]", or `make llama` in a checkout; it builds llama.cpp'
LOAD_SECONDS = 600.0
# On top of the time for a reply, in which the child ends it by itself.
GRACE_SECONDS = 20.0
MEASURE_SECONDS = 60.0


@dataclass(frozen=True)
class ModelSettings:
    """What the child is told when it loads."""

    model: str
    mmproj: str = ""
    n_ctx: int = 8192
    n_gpu_layers: int | str = "auto"
    n_threads: int = 0
    image_max_tokens: int = 0
    seconds: float = 120.0


class Llama:
    """A GGUF, with or without its multimodal projector."""

    name = "llama"
    varies = True

    def __init__(self, settings: ModelSettings, start: Callable[[], Started] | None = None) -> None:
        """Checks what can be checked at once and starts loading in the background, in a process
        that `start` makes (in a jail, say).

        Raises `EnvironmentFault` without the package or a file that can be a GGUF.
        """
        if importlib.util.find_spec("llama_cpp") is None:
            raise EnvironmentFault("llama-cpp-python is not installed", fix=INSTALL)
        self._settings, self._starter = settings, start
        for path in filter(None, (settings.model, settings.mmproj)):
            check_file(Path(path))
            check_unchanged(Path(path))
        self._hashes: dict[str, str] = {}
        self._hashing = threading.Thread(target=self._hash, daemon=True, name="air-sha256")
        self._hashing.start()
        self._process: ModelProcess | None = None
        self._loaded: dict[str, Any] | None = None
        self._start()

    def _hash(self) -> None:
        for key in ("model", "mmproj"):
            path = getattr(self._settings, key)
            if path:
                self._hashes[f"{key}_sha256"] = sha256_of(Path(path))

    @property
    def sees(self) -> bool:
        return bool(self._settings.mmproj) and bool(self._load()["sees"])

    @property
    def facts(self) -> Mapping[str, object]:
        self._hashing.join()
        return self.known

    @property
    def known(self) -> Mapping[str, object]:
        """The facts that can be had at once: without the sha256 of files still being read."""
        loaded = self._loaded or {}
        file = {"file": Path(self._settings.model).name}
        jail = {"jail": self._starter is not None}
        return {**file, **self._hashes.copy(), **loaded.get("facts", {}), **jail}

    @property
    def pid(self) -> int | None:
        """The child's process id, None between a death and the next start."""
        return self._process.pid if self._process is not None else None

    def open(self, task: Task) -> LlamaConversation:
        """A conversation; the child's context is shared by all of them, one at a time."""
        self._load()
        return LlamaConversation(self)

    def close(self) -> None:
        """End the child."""
        if self._process is not None:
            self._process.close()
            self._process = None

    def _start(self) -> ModelProcess:
        self._process, self._loaded = ModelProcess(self._starter or Plain), None
        settings = vars(self._settings)
        self._process.send({"op": "load", "memory": free_memory(), **settings})
        return self._process

    def _load(self) -> dict[str, Any]:
        """The child's word that it has loaded, starting a new one when the last is gone."""
        process = self._process
        if process is None or not process.alive:
            self.close()
            process = self._start()
        if self._loaded is None:
            try:
                loaded = process.receive(LOAD_SECONDS)
            except ItemError as error:
                self._process = None
                message = f"{self._settings.model}: cannot be loaded: {error}"
                raise EnvironmentFault(message, fix=LOAD_FIX) from error
            if not loaded.get("ok"):
                self.close()
                raise EnvironmentFault(loaded["error"]["message"], fix=LOAD_FIX)
            self._loaded = loaded
        return self._loaded

    def ask(
        self, history: Sequence[Message], want: Want, on_piece: Callable[[str], None] | None = None
    ) -> Reply:
        """One reply; `on_piece` hears it while it is written.

        Raises `ItemError` when the child dies, hangs or cannot take the prompt.
        """
        seconds = min(want.seconds, self._settings.seconds)
        limits = {
            "max_tokens": want.max_tokens,
            "seconds": seconds,
            "stream": on_piece is not None,
        }
        sampling = {"temperature": want.temperature, "seed": want.seed, "grammar": want.grammar}
        request = {"op": "reply", **limits, **sampling}
        body = self._asked(request, history, seconds + GRACE_SECONDS, on_piece)
        return Reply(
            body["text"],
            body["tokens"],
            body["seconds"],
            body["logprob"],
            cut=body["finish"] != "end",
            evaluated=body["evaluated"],
        )

    def measure(self, history: Sequence[Message]) -> Size:
        """What a conversation takes of the context; nothing of it is evaluated.

        Raises `ItemError` as `ask` does.
        """
        body = self._asked({"op": "measure"}, history, MEASURE_SECONDS)
        names = (item.name for item in fields(Size))
        return Size(**{name: int(body[name]) for name in names})

    def _asked(
        self,
        request: dict[str, Any],
        history: Sequence[Message],
        seconds: float,
        on_piece: Callable[[str], None] | None = None,
    ) -> dict[str, Any]:
        """The child's word on a conversation."""
        self._load()
        assert self._process is not None
        sees = self.sees
        messages = [
            {"role": m.role, "text": m.text, "images": len(m.images) if sees else 0}
            for m in history
        ]
        blobs = [image for m in history for image in m.images] if sees else []
        try:
            self._process.send({**request, "messages": messages}, blobs)
            body = self._process.receive(seconds, on_piece)
        except BaseException:
            # A reply that is still on its way would be taken for the next one.
            self.close()
            raise
        if not body.get("ok"):
            error = body["error"]
            raise ItemError(
                f"{Path(self._settings.model).name}: {error['message']}", kind=error["kind"]
            )
        return body


LOAD_FIX = "check reasoner.model and reasoner.mmproj; a smaller model or n_ctx needs less memory"


class LlamaConversation:
    """One question's exchange with the model."""

    def __init__(self, llama: Llama) -> None:
        self._llama = llama
        self._on_piece: Callable[[str], None] | None = None

    def listen(self, on_piece: Callable[[str], None]) -> None:
        """Let `on_piece` hear replies while they are written."""
        self._on_piece = on_piece

    def measure(self, history: Sequence[Message]) -> Size:
        """What a history takes of the context."""
        return self._llama.measure(history)

    def reply(self, history: Sequence[Message], want: Want) -> Reply:
        """The model's next message; only what is new in `history` is evaluated."""
        return self._llama.ask(history, want, self._on_piece)


def check_file(path: Path) -> None:
    """Raises `EnvironmentFault` unless `path` is a readable file that begins as a GGUF does."""
    fix = "set reasoner.model to a GGUF file"
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise EnvironmentFault(f"{path}: {error.strerror or error}", fix=fix) from None
    if magic != b"GGUF":
        raise EnvironmentFault(f"{path}: not a GGUF file", fix=fix)


def sha256_of(path: Path) -> str:
    """A file's sha256: as recorded beside it (`air models`) since it was last written, or anew."""
    recorded = recorded_sha256(path)
    if recorded and _sidecar(path).stat().st_mtime_ns >= path.stat().st_mtime_ns:
        return recorded
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_unchanged(path: Path) -> None:
    """Raises `EnvironmentFault` when a file whose sha256 was recorded has been written since and
    is no longer the same."""
    recorded = recorded_sha256(path)
    if recorded and sha256_of(path) != recorded:
        message = f"{path}: it is not the file that was pulled or added: its sha256 is another"
        raise EnvironmentFault(message, fix="pull or add it again; air models")


def recorded_sha256(path: Path) -> str:
    """What `FILE.sha256` beside a file says, or nothing."""
    try:
        text = _sidecar(path).read_text("ascii")
    except (OSError, ValueError):
        return ""
    found = re.match(r"[0-9a-f]{64}\b", text)
    return found[0] if found else ""


def _sidecar(path: Path) -> Path:
    return path.with_name(path.name + ".sha256")


def make(settings: Settings, start: Callable[[], Started] | None = None) -> Llama:
    """The reasoner of the configuration; `start` makes its process."""
    if not settings.model:
        raise EnvironmentFault(
            "no model is set", fix="set reasoner.model to a GGUF file, or a name of `air models`"
        )
    return Llama(
        ModelSettings(
            model=settings.model,
            mmproj=settings.mmproj,
            n_ctx=settings.n_ctx,
            n_gpu_layers=settings.n_gpu_layers,
            n_threads=settings.n_threads,
            image_max_tokens=settings.image_max_tokens,
            seconds=settings.seconds,
        ),
        start,
    )
