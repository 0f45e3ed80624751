"""questions.yaml: what to ask of every document of a batch.

::

    questions:
      - id: growth
        ask: By how many percent did revenue grow?
        expects: number          # auto, number, text, bool, list
        unit: "%"
        match: "*.pdf"           # or a list; without it, every document
        pages: 3-5,8             # of a PDF

A bare list of questions, or a mapping of ids to questions, will do as well; a question that is only
text is written as text. Mistakes are named with their line.
"""

from __future__ import annotations

import difflib
import fnmatch
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from air_cli.errors import UsageError
from air_cli.records import Question

KEYS = ("id", "ask", "expects", "unit", "match", "pages")
EXPECTS = ("auto", "number", "text", "bool", "list")
LIMIT = 1 << 20


@dataclass(frozen=True)
class Ask:
    """A question and the documents it is for: `match` are patterns for the path below the folder
    or for the name; none matches everything. `pages` count from 1."""

    question: Question
    match: tuple[str, ...] = ()
    pages: tuple[int, ...] | None = None

    def fits(self, name: str) -> bool:
        """Whether it is asked of the document `name` (relative path)."""
        last = name.rsplit("/", 1)[-1]
        return not self.match or any(
            fnmatch.fnmatch(text, pattern) for pattern in self.match for text in (name, last)
        )


class _Wrong(Exception):
    """A mistake at a node of the file."""

    def __init__(self, node: Any, message: str) -> None:
        super().__init__(message)
        self.line = node.start_mark.line + 1


def load_questions(path: Path) -> list[Ask]:
    """The questions of a file, in order. Raises `UsageError` with file and line."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from error
    if len(data) > LIMIT:
        raise UsageError(f"{path}: larger than {LIMIT // 1024} KiB")
    try:
        return parse_questions(data.decode("utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: the questions are not UTF-8 text") from error


def parse_questions(text: str, name: str = "questions") -> list[Ask]:
    """The questions in `text`. Raises `UsageError` with `name` and the line."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        asks = [] if root is None else [_ask(number, *one) for number, one in _listed(root)]
        if not asks:
            raise UsageError(f"{name}: no questions")
        _distinct(asks)
        return [ask for _, ask in asks]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark is not None else ""
        problem = getattr(error, "problem", None) or "not YAML"
        raise UsageError(f"{name}{line}: not valid YAML: {problem}") from error
    except _Wrong as wrong:
        raise UsageError(f"{name}:{wrong.line}: {wrong}") from wrong
    except RecursionError as error:
        raise UsageError(f"{name}: nested too deeply") from error


def _listed(root: Any) -> Iterator[tuple[int, tuple[str, Any]]]:
    """(number, (id or nothing, node)) of every question."""
    if isinstance(root, yaml.MappingNode):
        keys = [_text(key, "a key") for key, _ in root.value]
        if "questions" in keys:
            if len(keys) > 1:
                extra = next(key for key in keys if key != "questions")
                raise _Wrong(root, f"{extra!r} stands beside questions:")
            yield from _listed(root.value[0][1])
            return
        if "ask" in keys:
            raise _Wrong(root, "a single question needs a list: begin its first line with '- '")
        pairs = zip(keys, (node for _, node in root.value), strict=True)
        yield from enumerate(pairs, 1)
    elif isinstance(root, yaml.SequenceNode):
        yield from enumerate((("", node) for node in root.value), 1)
    else:
        raise _Wrong(root, "expected a list of questions")


def _ask(number: int, id: str, node: Any) -> tuple[Any, Ask]:
    if isinstance(node, yaml.ScalarNode):
        return node, Ask(Question(id or f"q{number}", _question(node)))
    if not isinstance(node, yaml.MappingNode):
        raise _Wrong(node, "a question is a text or has the keys " + ", ".join(KEYS))
    found: dict[str, Any] = {}
    for key, value in node.value:
        name = _text(key, "a key")
        if name not in KEYS:
            raise _Wrong(key, f"unknown key {name!r}{_near(name, KEYS)}")
        if name in found:
            raise _Wrong(key, f"{name} is there twice")
        found[name] = value
    if "ask" not in found:
        raise _Wrong(node, "a question needs ask:")
    expects = _text(found["expects"], "expects") if "expects" in found else "auto"
    if expects not in EXPECTS:
        raise _Wrong(found["expects"], f"expects: {expects!r} is not one of {', '.join(EXPECTS)}")
    named = _text(found["id"], "id") if "id" in found else id or f"q{number}"
    unit = _text(found["unit"], "unit") if "unit" in found else ""
    question = Question(named, _question(found["ask"]), expects, unit)
    return node, Ask(question, _patterns(found.get("match")), _pages(found.get("pages")))


def _question(node: Any) -> str:
    text = " ".join(_text(node, "ask").split())
    if not text:
        raise _Wrong(node, "the question is empty")
    return text


def _text(node: Any, what: str) -> str:
    if not isinstance(node, yaml.ScalarNode) or node.tag.endswith(":null"):
        raise _Wrong(node, f"{what} must be a text")
    return str(node.value).strip()


def _patterns(node: Any) -> tuple[str, ...]:
    if node is None:
        return ()
    nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
    return tuple(_text(one, "match") for one in nodes)


def _pages(node: Any) -> tuple[int, ...] | None:
    if node is None:
        return None
    nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
    pages: set[int] = set()
    for part in ",".join(_text(one, "pages") for one in nodes).split(","):
        found = re.fullmatch(r"\s*(\d{1,6})\s*(?:-\s*(\d{1,6})\s*)?", part)
        low, high = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if low < 1 or high < low:
            raise _Wrong(node, f"pages: {part.strip()!r} is not a page or a range such as 3-5")
        pages |= set(range(low, high + 1))
    return tuple(sorted(pages))


def _near(word: str, words: Sequence[str]) -> str:
    close = difflib.get_close_matches(word, words, 1, 0.4)
    return f": perhaps you meant {close[0]}?" if close else f"; there is {', '.join(words)}"


def _distinct(asks: Sequence[tuple[Any, Ask]]) -> None:
    seen: dict[str, Any] = {}
    for node, ask in asks:
        if ask.question.id in seen:
            raise _Wrong(node, f"the id {ask.question.id!r} was given before")
        seen[ask.question.id] = node
