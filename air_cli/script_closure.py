"""The definitions of a package that some code needs, as source that stands alone.

A closure over the top-level definitions of the modules in a folder (no sub-packages): what the code
names, what that names, and so on. Of a class, only the methods whose name occurs somewhere in the
closure are kept (reachability by name, as in rapid type analysis, Bacon & Sweeney 1996), so that a
look-up does not bring a whole library along. Works on the source text: comments and layout stay.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

Definition = ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign
Import = ast.Import | ast.ImportFrom


@dataclass
class Module:
    """A parsed module: its lines, its definitions and imports by the name they bind."""

    name: str
    lines: list[str]
    definitions: dict[str, Definition] = field(default_factory=dict)
    imports: dict[str, tuple[Import, ast.alias]] = field(default_factory=dict)
    uses: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Names:
    """What a piece of code names: variables, attributes that it calls, attributes that it reads
    otherwise, and texts that could be names (for `getattr`)."""

    variables: frozenset[str]
    called: frozenset[str]
    read: frozenset[str]
    texts: frozenset[str] = frozenset()

    def __or__(self, other: Names) -> Names:
        return Names(
            self.variables | other.variables,
            self.called | other.called,
            self.read | other.read,
            self.texts | other.texts,
        )


def names_of(node: ast.AST) -> Names:
    """All names in `node`."""
    variables, called, read, texts = set(), set(), set(), set()
    functions = {id(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}
    for child in ast.walk(node):
        if isinstance(child, ast.Name):
            variables.add(child.id)
        elif isinstance(child, ast.Attribute) and id(child) in functions:
            called.add(child.attr)
        elif isinstance(child, ast.Attribute) and isinstance(child.ctx, ast.Load):
            read.add(child.attr)
        elif isinstance(child, ast.Constant) and isinstance(child.value, str):
            texts.add(child.value)
    return Names(frozenset(variables), frozenset(called), frozenset(read), frozenset(texts))


class Package:
    """The modules of a folder, ready for closures over their definitions."""

    def __init__(self, folder: Path, package: str) -> None:
        """`package` is the name under which the modules import each other."""
        self._package = package
        parsed = {path.stem: _parse(path, package) for path in sorted(folder.glob("*.py"))}
        self.modules = {name: parsed[name] for name in _in_import_order(parsed)}

    def holds(self, name: str) -> bool:
        """Whether some module defines `name` at its top level."""
        return any(name in module.definitions for module in self.modules.values())

    def closure(self, roots: Iterable[str], code: Names, replaced: Iterable[str] = ()) -> Closure:
        """What `roots` (names of definitions) need when `code` uses them. `replaced` are names that
        the script defines itself: they are not followed, `Closure.asked` has those that are used.

        Raises `ValueError` when two modules define a name that both are needed.
        """
        made = Closure(self, code, frozenset(replaced))
        for root in roots:
            for module in self.modules.values():
                if root in module.definitions:
                    made.need(module, root)
        made.settle()
        return made

    def target(self, module: Module, name: str) -> tuple[Module, str] | None:
        """Where the package defines what `module` calls `name`; None when it does not."""
        if name in module.definitions:
            return module, name
        node, alias = module.imports.get(name, (None, None))
        if isinstance(node, ast.ImportFrom) and alias is not None:
            source = (node.module or "").removeprefix(self._package).lstrip(".")
            if (node.module or "").startswith(self._package) and source in self.modules:
                return self.modules[source], alias.name
        return None


class Closure:
    """Definitions that are needed, and the text they make."""

    def __init__(self, package: Package, code: Names, replaced: frozenset[str]) -> None:
        self._package = package
        self._replaced = replaced
        self.asked: set[str] = set(code.variables & replaced)
        # Code that is not ours may do anything with a method: hand it on uncalled, or getattr it.
        dynamic = code.texts if "getattr" in code.variables else frozenset()
        self.called = set(code.called | code.read | dynamic)
        self.read = set(self.called)
        self.needed: dict[str, Module] = {}
        self.imports: dict[str, tuple[Import, ast.alias]] = {}

    def need(self, module: Module, name: str) -> None:
        """Add one definition; `settle` then adds what it needs."""
        known = self.needed.setdefault(name, module)
        if known is not module:
            raise ValueError(f"{known.name} and {module.name} both define {name}")

    def settle(self) -> None:
        """Add definitions and methods until nothing is missing."""
        while True:
            size = self._size()
            for name, module in list(self.needed.items()):
                for part in self._parts(module.definitions[name]):
                    self._follow(module, names_of(part))
            if size == self._size():
                return

    def _size(self) -> tuple[int, ...]:
        return len(self.needed), len(self.called), len(self.read), len(self.imports)

    def _follow(self, module: Module, names: Names) -> None:
        self.called |= names.called
        self.read |= names.read
        for name in sorted(names.variables):
            found = self._package.target(module, name)
            if found is not None and found[1] in self._replaced:
                self.asked.add(found[1])
            elif found is not None:
                self.need(*found)
            elif name in module.imports:
                self.imports[name] = module.imports[name]

    def _parts(self, node: Definition) -> Iterator[ast.AST]:
        """The parts of a definition that are kept: a class without its unused methods."""
        if not isinstance(node, ast.ClassDef):
            yield node
            return
        yield from (*node.bases, *node.decorator_list)
        yield from (child for child in node.body if self._keeps(child))

    def _keeps(self, child: ast.stmt) -> bool:
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            return True
        dunder = child.name.startswith("__") and child.name.endswith("__")
        plain = not child.decorator_list
        return dunder or child.name in self.called or (not plain and child.name in self.read)

    def blocks(self) -> list[tuple[bool, str]]:
        """(whether it is a function or class, source) of the definitions, in an order in which
        they can be executed."""
        found = []
        for module in self._package.modules.values():
            kept = [n for n, owner in self.needed.items() if owner is module]
            nodes = {id(module.definitions[n]): module.definitions[n] for n in kept}
            for node in sorted(nodes.values(), key=lambda n: n.lineno):
                big = isinstance(node, ast.FunctionDef | ast.ClassDef)
                found.append((big, self._source(module, node)))
        return found

    def _source(self, module: Module, node: Definition) -> str:
        first, last = _extent(module, node)
        dropped: set[int] = set()
        if isinstance(node, ast.ClassDef):
            for child in node.body:
                if not self._keeps(child):
                    start, end = _extent(module, child)
                    # With the blank lines above, so that the rest keeps its spacing.
                    while not module.lines[start - 2].strip():
                        start -= 1
                    dropped |= set(range(start, end + 1))
        kept = [n for n in range(first, last + 1) if n not in dropped]
        return "\n".join(module.lines[n - 1] for n in kept).rstrip()


def _parse(path: Path, package: str) -> Module:
    text = path.read_text("utf-8")
    module = Module(path.stem, text.splitlines())
    for node in ast.parse(text, str(path)).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            module.definitions[node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for name in {n for target in targets for n in names_of(target).variables}:
                module.definitions[name] = node
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                bound = (alias.asname or alias.name).split(".")[0]
                module.imports[bound] = (node, alias)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(package):
                short = (node.module or "").removeprefix(package).lstrip(".")
                module.uses += [short] if short else [alias.name for alias in node.names]
    return module


def _in_import_order(modules: dict[str, Module]) -> list[str]:
    """Module names, each after those that it imports."""
    done: list[str] = []
    seen: set[str] = set()

    def visit(name: str) -> None:
        if name in modules and name not in seen:
            seen.add(name)
            for used in modules[name].uses:
                visit(used)
            done.append(name)

    for name in sorted(modules):
        visit(name)
    return done


def _extent(module: Module, node: ast.stmt) -> tuple[int, int]:
    """First and last line of a statement, with its decorators and the comment right above."""
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(d.lineno for d in decorators)])
    indent = " " * node.col_offset + "#"
    while first > 1 and module.lines[first - 2].startswith(indent):
        first -= 1
    return first, node.end_lineno or node.lineno


def import_lines(imports: Iterable[tuple[Import, ast.alias]]) -> str:
    """Import statements in the order of isort: standard library, blank line, the rest."""
    plain: set[tuple[bool, str]] = set()
    members: dict[tuple[bool, str], set[str]] = {}
    for node, alias in imports:
        text = alias.name + (f" as {alias.asname}" if alias.asname else "")
        if isinstance(node, ast.Import):
            plain.add((_foreign(alias.name), f"import {text}"))
        elif node.module != "__future__":
            members.setdefault((_foreign(node.module or ""), node.module or ""), set()).add(text)
    sections = []
    for foreign in (False, True):
        lines = sorted(line for which, line in plain if which is foreign)
        lines += [
            f"from {name} import {', '.join(sorted(found, key=_member_order))}"
            for (which, name), found in sorted(members.items())
            if which is foreign
        ]
        sections.append("\n".join(lines))
    return "\n\n".join(section for section in sections if section)


def _foreign(module: str) -> bool:
    return module.split(".")[0] not in sys.stdlib_module_names


def _member_order(name: str) -> tuple[int, str]:
    """As isort: constants, then classes, then the rest."""
    return (0 if name.isupper() else 1 if name[:1].isupper() else 2), name
