"""What this machine has and lacks for AIR: one finding a fact, with the fix."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from air_cli.assets import PACKAGE, asset
from air_cli.cache import Cache
from air_cli.config import Resolved
from air_cli.errors import AirError, EnvironmentFault
from air_cli.jail.probe import Finding, examine
from air_cli.models import resolve
from air_cli.settings import ReasonerSettings

__all__ = ["Finding", "examine_all"]

MIB = 2**20
LLAMA_INSTALL = "pip install 'air-cli[llama]' (needs a C++ compiler), or `make llama`"
CUDA = "CMAKE_ARGS=-DGGML_CUDA=on pip install --force-reinstall --no-cache-dir llama-cpp-python"
# A child: importing llama.cpp prints, takes a second, and may crash on a foreign processor.
_LLAMA = """
import json, sys, llama_cpp
info = llama_cpp.llama_print_system_info()
json.dump({"gpu": bool(llama_cpp.llama_supports_gpu_offload()), "info": info.decode()}, sys.stdout)
"""
_PACKAGES = ("numpy", "pandas", "pillow", "matplotlib", "pymupdf", "opencv-python-headless")


def examine_all(resolved: Resolved) -> list[Finding]:
    """Everything `air doctor` looks at. A check that breaks is a finding, not an error."""
    config = resolved.config
    wanted = config.reasoner.name in ("llama", "server") or bool(config.reasoner.model)
    checks: list[Callable[[], list[Finding]]] = [
        _platform,
        _complete,
        examine,
        _packages,
        _ocr,
        _fonts,
        lambda: _llama(config.reasoner.name == "llama", config.reasoner.n_gpu_layers),
        lambda: _model(resolve(config).reasoner) if wanted else [],
        lambda: _speed(resolve(config).reasoner) if wanted else [],
        lambda: _cache(Cache(config.cache_dir()), config.cache.enabled),
        lambda: _memory(config.reader.memory_mb + config.jail.memory_mb),
        _disk,
    ]
    findings: list[Finding] = []
    for check in checks:
        try:
            findings += check()
        except (AirError, OSError) as error:
            findings.append(Finding("doctor", None, f"a check failed: {error}"))
    return findings


def version(package: str) -> str:
    """The installed version of a package, or an empty string."""
    with contextlib.suppress(metadata.PackageNotFoundError):
        return metadata.version(package)
    return ""


def _platform() -> list[Finding]:
    name = f"Python {sys.version.split()[0]} on {sys.platform}"
    if sys.platform.startswith("linux"):
        return [Finding("system", True, name)]
    works = "without a jail: `air figures`, `air read` and printed values, and only with"
    return [
        Finding(
            "system",
            None,
            f"{name}: no generated code here, because the jail needs Linux; {works}"
            " AIR_READER_JAIL=false, for files that you trust",
            "run air in a Linux virtual machine for the rest",
        )
    ]


def _complete() -> list[Finding]:
    """Whether AIR's own files are all there."""
    try:
        for name in ("prompts", "sandbox", "air.toml.example"):
            asset(name)
    except EnvironmentFault as error:
        return [Finding("air", False, error.cause, error.fix)]
    return [Finding("air", True, "all files are there")]


def _packages() -> list[Finding]:
    missing = [name for name in _PACKAGES if not version(name)]
    if missing:
        return [Finding("packages", False, f"missing: {', '.join(missing)}", "pip install air-cli")]
    found = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return [Finding("packages", True, found)]


def _ocr() -> list[Finding]:
    """rapidocr carries its models in its wheel; a stripped installation would try to download."""
    spec = importlib.util.find_spec("rapidocr")
    if spec is None or spec.origin is None or not version("onnxruntime"):
        return [Finding("ocr", False, "rapidocr or onnxruntime is missing", "pip install air-cli")]
    models = list((Path(spec.origin).parent / "models").glob("*.onnx"))
    kinds = {kind for kind in ("det", "rec") if any(kind in path.name for path in models)}
    if kinds != {"det", "rec"}:
        return [
            Finding(
                "ocr",
                False,
                "rapidocr's models are missing",
                "pip install --force-reinstall rapidocr",
            )
        ]
    return [Finding("ocr", True, f"rapidocr {version('rapidocr')}, {len(models)} models")]


def _fonts() -> list[Finding]:
    """matplotlib brings DejaVu; it is what code in the jail draws with."""
    spec = importlib.util.find_spec("matplotlib")
    folder = Path(spec.origin).parent / "mpl-data/fonts/ttf" if spec and spec.origin else None
    if folder is None or not (folder / "DejaVuSans.ttf").is_file():
        fix = "pip install --force-reinstall matplotlib"
        return [Finding("fonts", None, "DejaVu Sans is missing: overlays lack text", fix)]
    return [Finding("fonts", True, "DejaVu Sans, with matplotlib")]


def _llama(needed: bool, layers: str | int) -> list[Finding]:
    ok = False if needed else None
    installed = version("llama-cpp-python")
    if not installed:
        said = "not installed; the builtin reasoner works without it"
        return [Finding("llama.cpp", ok if needed else True, said, LLAMA_INSTALL if needed else "")]
    try:
        done = subprocess.run(
            [sys.executable, "-c", _LLAMA], capture_output=True, text=True, timeout=60, check=False
        )
        facts = json.loads(done.stdout.strip().splitlines()[-1]) if done.stdout.strip() else None
    except (subprocess.TimeoutExpired, ValueError):
        done, facts = None, None
    if facts is None:
        said = (done.stderr.strip().splitlines() or ["no word"])[-1] if done else "it hung"
        detail = f"llama-cpp-python {installed} cannot be loaded: {said[:200]}"
        return [
            Finding("llama.cpp", ok, detail, "build it again on this machine: " + LLAMA_INSTALL)
        ]
    built = _build(str(facts["info"]))
    found = [Finding("llama.cpp", True, f"llama-cpp-python {installed}, built for {built}")]
    if facts["gpu"]:
        return [*found, Finding("gpu", True, "llama.cpp can offload layers")]
    wanted = isinstance(layers, int) and layers > 0
    detail = "llama.cpp was built without GPU offload: models run on the processor"
    return [*found, Finding("gpu", None if wanted else True, detail, CUDA if _has_gpu() else "")]


def _build(info: str) -> str:
    """The names of what a build uses, out of `AVX2 = 1 | …`."""
    names = [part.split("=")[0].split(":")[-1].strip() for part in info.split("|") if "= 1" in part]
    return ", ".join(dict.fromkeys(name for name in names if name)) or "a plain processor"


def _has_gpu() -> bool:
    return Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi") is not None


def _model(settings: ReasonerSettings) -> list[Finding]:
    if not settings.model:
        return [Finding("model", None, "none is configured", "air models; or set AIR_MODEL")]
    named = (("model", settings.model), ("projector", settings.mmproj))
    return [_gguf(name, path) for name, path in named if path]


def _speed(settings: ReasonerSettings) -> list[Finding]:
    """How fast the model is read by the processor, and by the card: a timing, not a flag."""
    if settings.name != "llama" or not Path(settings.model).is_file():
        return []
    slow = _timed(settings.model, 0)
    if slow is None:
        return [Finding("speed", None, "the model cannot be timed", "run air ask -v with it")]
    alone = f"{slow['speed']:,.0f} tokens a second read by the processor"
    fast = _timed(settings.model, 999)
    if fast is None or not fast["layers"]:
        return [Finding("speed", True, alone)]
    ratio = fast["speed"] / max(slow["speed"], 1e-9)
    detail = f"{alone}, {fast['speed']:,.0f} with {fast['layers']} layers on the card"
    if ratio < 1.5:
        return [Finding("speed", None, f"{detail}: the card does not help", CUDA)]
    return [Finding("speed", True, f"{detail}: {ratio:.1f} times as fast")]


def _timed(model: str, layers: int) -> dict[str, float] | None:
    """What `llama_probe` says in a process of its own, None when it fails."""
    argv = [sys.executable, "-m", "air_cli.reasoners.llama_probe", model, str(layers)]
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    try:
        done = subprocess.run(
            argv, capture_output=True, text=True, timeout=180, check=False, env=environment
        )
        found: dict[str, float] = json.loads(done.stdout)
        return found
    except (subprocess.TimeoutExpired, ValueError):
        return None


def _gguf(name: str, path: str) -> Finding:
    """Only the head of the file: whether it loads is for the child that loads it."""
    try:
        with open(path, "rb") as stream:
            magic = stream.read(4)
        size = Path(path).stat().st_size
    except OSError as error:
        return Finding(name, False, f"{path}: {error.strerror}", "correct reasoner.model")
    if magic != b"GGUF":
        return Finding(name, False, f"{path}: not a GGUF file", "download it again")
    return Finding(name, True, f"{path}, {size / MIB:,.0f} MiB")


def _cache(cache: Cache, enabled: bool) -> list[Finding]:
    root = cache.root.parent
    if not enabled:
        return [Finding("cache", True, "switched off")]
    try:
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=root) as stream:
            stream.write(b"x" * 4096)
    except OSError as error:
        detail = f"{root}: cannot be written: {error.strerror}; every chart is read anew"
        return [Finding("cache", None, detail, "set cache.dir or AIR_CACHE_DIR")]
    return [Finding("cache", True, f"{root}, {cache.size() / MIB:.1f} MiB")]


def _memory(needed: int) -> list[Finding]:
    free = _free_memory()
    if free is None:
        return [Finding("memory", None, "the free memory is not known")]
    detail = f"{free:,} MiB free; a reader and a step may take {needed:,} MiB"
    # A reader of ordinary charts stays below half a gigabyte.
    if free < 700:
        return [Finding("memory", False, detail, "close other programs")]
    return [Finding("memory", True if free > needed else None, detail)]


def _free_memory() -> int | None:
    """MiB that can be had without swapping, within the limit of the container."""
    amounts = []
    try:
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                amounts.append(int(line.split()[1]) // 1024)
        limit = Path("/sys/fs/cgroup/memory.max").read_text().strip()
        used = int(Path("/sys/fs/cgroup/memory.current").read_text())
        if limit != "max":
            amounts.append((int(limit) - used) // MIB)
    except (OSError, ValueError):
        return min(amounts) if amounts else None
    return min(amounts)


def _disk() -> list[Finding]:
    folder = Path(tempfile.gettempdir())
    free = shutil.disk_usage(folder).free // MIB
    if not os.access(folder, os.W_OK):
        raise EnvironmentFault(f"{folder}: cannot be written", fix="set TMPDIR")
    detail = f"{free:,} MiB free in {folder}"
    return [
        Finding("disk", True if free > 200 else None, detail, "" if free > 200 else "free some")
    ]
