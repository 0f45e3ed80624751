"""How well the builtin reasoner understands questions when the true table is given.

    python -m benchmarks.understanding QUESTIONS.jsonl [--limit N] [--seed S] [--failures FILE]

Every line of QUESTIONS holds `id`, `question`, `answer`, `table` (a CSV relative to the file: the
first column the categories, one column a series) and may hold `kind`. Each table becomes a Chart,
the reasoner's first candidate that runs is executed with the toolkit in this process (no jail: the
code is AIR's own), and the answer is scored by relaxed accuracy.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from air_cli.reasoners.builtin import attempts
from air_cli.reasoners.builtin.questions import understand
from air_cli.records import Axis, Chart, Mark, Series, to_json
from air_cli.scoring import bare, relaxed_match
from sandbox.toolkit.session import make_session


@dataclass(frozen=True)
class Result:
    """What became of one question."""

    id: str
    kind: str
    question: str
    gold: str
    answer: str | None
    right: bool
    code: str
    note: str
    colours: bool


def chart_of_table(path: Path) -> Chart:
    """A CSV as a chart: the first column names the rows, every other column is a series."""
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = [row for row in csv.reader(file) if any(cell.strip() for cell in row)]
    names = [name.strip() for name in head[1:]]
    marks = []
    for k, row in enumerate(rows):
        for n, name in enumerate(names):
            value = _number(row[n + 1] if n + 1 < len(row) else "")
            box = (20.0 * k + n, 0.0, 20.0 * k + n + 1.0, 10.0)
            series = name if len(names) > 1 else ""
            marks.append(Mark(series, _name(row[0]), value, value, value, "cell", box))
    return Chart(
        figure_id="p1-f1",
        kind="unknown",
        axes=(Axis("x", "category", title=head[0]), Axis("y", "linear", title=" ".join(names[:1]))),
        series=tuple(Series(name) for name in names) if len(names) > 1 else (),
        categories=tuple(dict.fromkeys(_name(row[0]) for row in rows)),
        marks=tuple(marks),
        confidence=1.0,
    )


def _name(cell: str) -> str:
    text = cell.strip()
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text


def _number(cell: str) -> float | None:
    try:
        value = float(cell.replace(",", "").replace("%", ""))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def ask(question: str, chart: Chart) -> tuple[Any, str, str]:
    """The answer (None for a refusal), the code that gave it, and the note of the last fault."""
    note = ""
    for attempt in attempts(question, (chart,)):
        code = attempt.code
        session = make_session([to_json(chart)], {}, _no_reader)
        session.begin()
        try:
            exec(compile(code, "<step>", "exec"), session.namespace)
        except Exception as error:  # noqa: BLE001 - the loop's boundary, reported as a note
            note = f"{type(error).__name__}: {error}"
            continue
        given = session.end().answer
        if given is not None:
            return given.get("value"), code, given.get("unanswerable", note)
    return None, "", note or "no candidate"


def _no_reader(body: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    return {"ok": False, "error": {"message": f"no reader for {body.get('what')}"}}, []


def results(questions: Path, limit: int, seed: int) -> Iterator[Result]:
    """Ask every question that has a table, or a sample of them."""
    rows = [json.loads(line) for line in questions.read_text("utf-8").splitlines() if line.strip()]
    rows = [row for row in rows if row.get("table")]
    if limit:
        rows = random.Random(seed).sample(rows, min(limit, len(rows)))
    for row in rows:
        chart = chart_of_table(questions.parent / row["table"])
        value, code, note = ask(row["question"], chart)
        said = None if value is None else bare(value)
        right = relaxed_match(row["answer"], said)
        kind = row.get("kind", "")
        colours = _about_colours(row["question"], chart)
        yield Result(
            row["id"], kind, row["question"], row["answer"], said, right, code, note, colours
        )


def _about_colours(question: str, chart: Chart) -> bool:
    """Whether a question needs colours, which a table does not hold."""
    spans = understand(question, chart).context.linked.spans
    return any(span.kind == "color" or span.tag("dimension") == "colour" for span in spans)


def main() -> None:
    """Run and print a table of accuracy, refusals and wrong answers by kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--failures", type=Path)
    options = parser.parse_args()
    total, right, refused = Counter[str](), Counter[str](), Counter[str]()
    failures = []
    for result in results(options.questions, options.limit, options.seed):
        for kind in (result.kind, "all", "about colours" if result.colours else "no colours"):
            total[kind] += 1
            right[kind] += result.right
            refused[kind] += result.answer is None
        if not result.right:
            failures.append(result)
    for kind in total:
        wrong = total[kind] - right[kind] - refused[kind]
        print(
            f"{kind or '-'}: {right[kind]}/{total[kind]} right ({right[kind] / total[kind]:.1%}), "
            f"{refused[kind]} refused, {wrong} wrong"
        )
    if options.failures:
        text = "\n".join(
            f"{f.id} {f.question}\n  gold {f.gold!r}, said {f.answer!r} {f.note}\n{f.code}"
            for f in failures
        )
        options.failures.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
