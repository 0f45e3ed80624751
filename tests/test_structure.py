"""Imports go one way, and the command line starts light."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# From the bottom up; a module may import lower layers, and its own layer only where `FREE` says so.
LAYERS: tuple[tuple[str, ...], ...] = (
    (
        "__init__",
        "codec",
        "records",
        "errors",
        "wire",
        "wording",
        "assets",
        "files",
        "settings",
        "gguf",
    ),
    (
        "config",
        "events",
        "output",
        "protocol",
        "policy",
        "read",
        "reasoners",
        "jail",
        "store",
        "cache",
        "render",
        "script",
        "scoring",
        "models",
    ),
    ("loop",),
    ("analyst", "doctor"),
    ("work",),
    ("batch", "verify", "evaluate"),
    ("engines",),
    ("commands",),
    ("cli",),
    ("__main__",),
)
# Layers whose members may know each other: the base, and the entry points.
FREE = {0, 7}
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}


def part(module: str) -> str:
    """The part of air_cli that a dotted module belongs to: `air_cli.read.pdf` -> `read`."""
    pieces = module.split(".")
    return pieces[1].split("_")[0] if len(pieces) > 1 and pieces[1] != "__init__" else "__init__"


def modules(folder: str) -> Iterator[tuple[str, Path]]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        if "_assets" in path.parts:
            continue
        dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        yield dotted.removesuffix(".__init__"), path


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            module = node.module or ""
            yield module
            if module == "air_cli":
                yield from (f"air_cli.{alias.name}" for alias in node.names)


def base_name(module: str) -> str:
    name = module.split(".")[1] if "." in module else "__init__"
    if name in RANK:
        return name
    return part(module)


def test_every_module_has_a_layer() -> None:
    unknown = {base_name(m) for m, _ in modules("air_cli")} - set(RANK)
    assert not unknown, f"put these into LAYERS and docs/architecture.md: {sorted(unknown)}"


def test_imports_go_one_way() -> None:
    wrong = []
    for module, path in modules("air_cli"):
        here = base_name(module)
        for target in imports(path):
            if not target.startswith("air_cli") or target == "air_cli.__version__":
                continue
            there = base_name(target)
            if there == here or there not in RANK:
                continue
            up = RANK[there] > RANK[here]
            sideways = RANK[there] == RANK[here] and RANK[here] not in FREE
            if up or sideways:
                wrong.append(f"{module} imports {target}")
    assert not wrong, "\n".join(wrong)


def test_the_sandbox_knows_only_the_base() -> None:
    wrong = [
        f"{module} imports {target}"
        for module, path in modules("sandbox")
        for target in imports(path)
        if target.startswith("air_cli.") and RANK.get(base_name(target)) != 0
    ]
    assert not wrong, "\n".join(wrong)


def test_the_base_is_standard_library_only() -> None:
    allowed = set(sys.stdlib_module_names) | {"air_cli"}
    wrong = [
        f"{name} imports {target}"
        for name in LAYERS[0]
        for target in imports(ROOT / "air_cli" / f"{name}.py")
        if target.split(".")[0] not in allowed
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("arguments", [["--help"], ["ask", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    program = (
        "import sys\n"
        "from air_cli.cli import main\n"
        f"sys.argv = ['air', *{arguments!r}]\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "heavy = {'numpy', 'PIL', 'pymupdf', 'pandas', 'llama_cpp', 'cv2', 'onnxruntime'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, timeout=60
    )
    assert done.returncode == 0, done.stderr


def test_modules_are_small() -> None:
    large = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for folder in ("air_cli", "sandbox")
        for _, path in modules(folder)
        if (lines := path.read_text().count("\n")) > 350
    ]
    assert not large, "\n".join(large)
