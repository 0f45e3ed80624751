"""Describe the toolkit that generated code sees, from its sources, without importing them. Pure.

`sandbox/toolkit/session.py` decides what the names are: the strings of its upper-case tuples and
the keys of its dictionaries. A test compares the description with a live session.
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from pathlib import Path

from air_cli.assets import asset

# The classes whose objects code meets, in the order in which they are described.
CLASSES = ("ChartView", "Points", "Point", "Document")


@lru_cache(maxsize=1)
def toolkit_description() -> str:
    """Signatures and docstrings of what code may call, a line each."""
    folder = asset("sandbox") / "toolkit"
    nodes = _definitions(folder)
    names = [*CLASSES, *_offered(folder / "session.py")]
    lines = [line for name in names if name in nodes for line in _node_lines(nodes[name], "")]
    return "\n".join(_once(lines))


def _once(lines: list[str]) -> list[str]:
    """What was said of a name already, in another class, is not said again."""
    said: set[tuple[str, str]] = set()
    kept: list[str] = []
    for line in lines:
        head, _, doc = line.partition(": ")
        key = (head.split("(")[0].strip(), doc)
        kept.append(head if key in said else line)
        said.add(key)
    return kept


def _definitions(folder: Path) -> dict[str, ast.stmt]:
    """The top-level functions and classes of the toolkit by name."""
    found: dict[str, ast.stmt] = {}
    for path in sorted(folder.glob("*.py")):
        for node in ast.parse(path.read_text("utf-8"), str(path)).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                found.setdefault(node.name, node)
    return found


def _offered(session: Path) -> list[str]:
    """The names that the session puts into the namespace of the steps."""
    names: dict[str, None] = {}
    for node in ast.walk(ast.parse(session.read_text("utf-8"), str(session))):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
            target = node.targets[0]
            if isinstance(target, ast.Name) and target.id.isupper():
                names.update(dict.fromkeys(_strings(node.value.elts)))
        if isinstance(node, ast.Dict):
            names.update(dict.fromkeys(_strings([key for key in node.keys if key is not None])))
    return list(names)


def _strings(nodes: list[ast.expr]) -> list[str]:
    return [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def _node_lines(node: ast.stmt, indent: str) -> list[str]:
    """A line for a function; for a class a line and one, indented, for each public method."""
    if isinstance(node, ast.FunctionDef):
        # A method's further sentences say how it picks and what it records; of a function the
        # first one says it all.
        doc = _doc(node) if indent else re.split(r"\.\s+(?=[A-Z])", _doc(node))[0]
        return [f"{indent}{_signature(node)}: {doc}"]
    if isinstance(node, ast.ClassDef):
        inner = [child for child in node.body if _is_public(child)]
        lines = [line for child in inner for line in _node_lines(child, indent + " ")]
        return [f"{indent}{node.name}: {_doc(node)}", *lines]
    return []


def _is_public(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and not node.name.startswith("_")


def _signature(node: ast.FunctionDef) -> str:
    is_property = any(getattr(d, "id", "") == "property" for d in node.decorator_list)
    if is_property:
        return node.name
    arguments = ast.unparse(_bare(node.args))
    return f"{node.name}({arguments.removeprefix('self').removeprefix(', ')})"


def _bare(arguments: ast.arguments) -> ast.arguments:
    """The same arguments without annotations: shorter, and enough to call it."""
    for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
        argument.annotation = None
    for argument in filter(None, (arguments.vararg, arguments.kwarg)):
        argument.annotation = None
    return arguments


def _doc(node: ast.FunctionDef | ast.ClassDef) -> str:
    """The first paragraph of the docstring, as one line."""
    text = (ast.get_docstring(node) or "").split("\n\n")[0]
    return " ".join(text.split()).removesuffix(".")
