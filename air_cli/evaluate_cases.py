"""Benchmarks in the field's formats: questions on charts with gold answers.

*JSONL*: a line a question with `id`, `image` or `pdf` (relative to the file), `question`,
`answer`, and optionally `kind`, `choices` (letter → text) and `bboxes`, the pixel boxes of the
marks that support the answer (`x1`, `y1`, `x2`, `y2`; a point has no `x2`, `y2`). *ChartQA's JSON*:
a list of objects with `imgname`, `query` and `label`; the images lie in a folder of their own.
A line with a `table` (a CSV file relative to the JSONL, or the CSV itself) and no `question` asks
for the chart's table.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from air_cli import scoring
from air_cli.errors import UsageError
from air_cli.records import Box

LIMIT = 1 << 28


@dataclass(frozen=True)
class Case:
    """A question with its gold answer. `path` is the image or PDF, as it will be opened; `name`
    what the benchmark calls it; `boxes` the gold evidence. Where the question is empty, `gold` is
    the CSV of the chart's table."""

    id: str
    path: str
    question: str
    gold: str
    kind: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    boxes: tuple[Box, ...] = ()


def load_cases(path: Path, images: Path | None = None) -> list[Case]:
    """The cases of a benchmark file, in order. Raises `UsageError` with the line or number."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not UTF-8 text") from error
    if text.lstrip().startswith("["):
        cases = _chartqa(path, text, images)
    else:
        cases = _lines(path, text, images)
    if not cases:
        raise UsageError(f"{path}: no questions")
    seen: set[str] = set()
    for case in cases:
        if case.id in seen:
            raise UsageError(f"{path}: the id {case.id!r} occurs twice")
        seen.add(case.id)
    return cases


def sample(cases: Sequence[Case], limit: int | None, seed: int = 0) -> list[Case]:
    """At most `limit` cases, drawn by `seed`, in their own order. The same on every machine; a
    larger limit draws a superset."""
    if limit is None or limit >= len(cases):
        return list(cases)
    order = list(range(len(cases)))
    random.Random(seed).shuffle(order)
    return [cases[n] for n in sorted(order[:limit])]


def _lines(path: Path, text: str, images: Path | None) -> list[Case]:
    folder = images if images is not None else path.parent
    return [
        _line(line, f"{path}:{number}", number, folder, path.parent)
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip()
    ]


def _line(line: str, where: str, number: int, folder: Path, base: Path) -> Case:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise UsageError(f"{where}: not JSON: {error}") from error
    if not isinstance(record, dict):
        raise UsageError(f"{where}: not an object")
    file = record.get("image") or record.get("pdf")
    if not isinstance(file, str):
        raise UsageError(f"{where}: image or pdf is missing")
    if record.get("table") and not record.get("question"):
        return _table(record, where, number, folder, base)
    choices = record.get("choices") or {}
    if not isinstance(choices, dict):
        raise UsageError(f"{where}: choices must be an object")
    return Case(
        id=str(record.get("id") or number),
        path=str(folder / file),
        question=_required(record, "question", where),
        gold=_gold(record, "answer", where),
        kind=str(record.get("kind") or ""),
        choices={str(key): str(value) for key, value in choices.items()},
        name=file,
        boxes=_boxes(record.get("bboxes") or [], where),
    )


def _table(record: dict[str, Any], where: str, number: int, folder: Path, base: Path) -> Case:
    """A chart with its table. `base` is the folder of the JSONL, `folder` that of the images."""
    table = _required(record, "table", where)
    if "\n" not in table:
        try:
            table = (base / table).read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "not UTF-8 text"
            raise UsageError(f"{where}: {base / table}: cannot be read: {reason}") from error
    file = str(record.get("image") or record.get("pdf"))
    identity, kind = str(record.get("id") or number), str(record.get("kind") or "")
    return Case(identity, str(folder / file), "", table, kind, name=file)


def _boxes(boxes: Any, where: str) -> tuple[Box, ...]:
    try:
        return tuple(
            (
                float(box["x1"]),
                float(box["y1"]),
                float(box.get("x2", box["x1"])),
                float(box.get("y2", box["y1"])),
            )
            for box in boxes
        )
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise UsageError(f"{where}: bboxes must be objects with x1, y1, x2, y2") from error


def _chartqa(path: Path, text: str, images: Path | None) -> list[Case]:
    if images is None:
        raise UsageError(f"{path}: ChartQA's JSON needs the folder of its images (--images DIR)")
    try:
        records = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}: not JSON: {error}") from error
    # ChartQA keeps its two kinds of questions in two files.
    kind = next((kind for kind in ("human", "augmented") if kind in path.stem.lower()), "")
    cases = []
    for number, record in enumerate(records, 1):
        where = f"{path}: question {number}"
        if not isinstance(record, dict):
            raise UsageError(f"{where}: not an object")
        image = _required(record, "imgname", where)
        cases.append(
            Case(
                id=str(record.get("id") or f"{Path(image).stem}-{number}"),
                path=str(images / image),
                question=_required(record, "query", where),
                gold=_gold(record, "label", where),
                kind=str(record.get("kind") or kind),
                name=image,
            )
        )
    return cases


def _required(record: Mapping[str, Any], key: str, where: str) -> str:
    value = record.get(key)
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"{where}: {key} is missing")
    return value.strip()


def _gold(record: Mapping[str, Any], key: str, where: str) -> str:
    value = record.get(key)
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float | list):
        return scoring.bare(value) or ""
    raise UsageError(f"{where}: {key} is missing")
