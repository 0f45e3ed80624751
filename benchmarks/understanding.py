"""How well the builtin reasoner understands questions when the true table is given.

    python -m benchmarks.understanding QUESTIONS.jsonl [--limit N] [--seed S] [--half a|b]
        [--failures FILE] [--colours]

Every line of QUESTIONS holds `id`, `question`, `answer` (one or a list), `table` (a CSV relative to
the file: the first column the categories, one column a series) and may hold `kind`. Each table
becomes a Chart, the reasoner's first candidate that runs is executed with the toolkit in this
process (no jail: the code is AIR's own), and the answer is scored by what it means with its unit
(`scoring_meant`), and by the published scorer.

`--half` keeps the questions of one half of the charts, so that one half can be developed on and the
other confirm. A zero among values that are all far from zero is a gap of the table (that is how the
tables of ChartQA write one). Reported besides: the questions on colours, which a table does not
hold. With `--colours` the charts of such questions are given the colours (and the kind) that are
read in their picture (`image` in each line), and no more of it.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import random
import statistics
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from air_cli.policy import features
from air_cli.reasoners.builtin import attempts
from air_cli.reasoners.builtin.parts import parts_of
from air_cli.reasoners.builtin.questions import context_of
from air_cli.records import Axis, Chart, Mark, Series, to_json
from air_cli.scoring import bare, relaxed_match
from air_cli.scoring_meant import meant_match
from benchmarks.picture_colours import with_colours
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
    sure: float
    published: bool


def chart_of_table(path: Path) -> Chart:
    """A CSV as a chart: the first column names the rows, every other column is a series. The rows
    stand from the left to the right and from the bottom to the top, as plotting programs place
    upright and lying bars."""
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = [row for row in csv.reader(file) if any(cell.strip() for cell in row)]
    names = [name.strip() for name in head[1:]]
    held = [value for row in rows for cell in row[1:] if (value := abs(_number(cell) or 0.0))]
    columns = [_column(rows, n + 1, held) for n in range(len(names))]
    marks = []
    for k, row in enumerate(rows):
        for n, name in enumerate(names):
            value = columns[n][k]
            low = 20.0 * (len(rows) - k)
            box = (20.0 * k + n, low - 10.0, 20.0 * k + n + 1.0, low)
            series = name if len(names) > 1 else ""
            marks.append(Mark(series, _name(row[0]), value, value, value, "cell", box))
    return Chart(
        figure_id="p1-f1",
        kind="unknown",
        axes=(Axis("x", "category", title=head[0]), Axis("y", "linear", title=" ".join(names[:1]))),
        series=tuple(Series(name) for name in names) if len(names) > 1 else (),
        categories=tuple(dict.fromkeys(_name(row[0]) for row in rows)),
        marks=tuple(marks),
        unit="%" if any("%" in cell for row in rows for cell in row[1:]) else "",
        confidence=1.0,
    )


def _column(rows: Sequence[Sequence[str]], n: int, held: list[float]) -> list[float | None]:
    """The values of a column; a zero is a gap where no other value is anywhere near zero (of the
    column, or of the table where the column has no two), or where all of its row are zero, but not
    at the end of a sorted column."""
    values = [_number(row[n] if n < len(row) and _holds(row) else "") for row in rows]
    others = [abs(value) for value in values if value]
    ends = values == sorted(values, key=lambda value: -(value or 0.0)) and None not in values
    if others and ends:
        return values
    near = others if len(others) > 1 else held
    if len(near) < 2 or min(near) < 0.2 * statistics.median(near):
        return values
    return [value or None for value in values]


def _holds(row: Sequence[str]) -> bool:
    return len(row) <= 2 or any(_number(cell) for cell in row[1:])


def _name(cell: str) -> str:
    text = cell.strip()
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text


def _number(cell: str) -> float | None:
    try:
        value = float(cell.replace(",", "").replace("%", ""))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


Said = tuple[Any, str, str, float, str]


def ask(question: str, chart: Chart) -> Said:
    """The answer (None for a refusal), the code that gave it, the note of the last fault, and how
    well the question was understood, and its unit; of several parts the answers of all of them."""
    parts = parts_of(question)
    if len(parts) == 1 or not features(question).parts:
        return _ask(question, chart)
    answers = [_ask(part, chart) for part in parts]
    values = [value for given in answers for value in _listed(given[0])]
    codes, notes = ("\n".join(given[n] for given in answers) for n in (1, 2))
    return values or None, codes, notes, min(given[3] for given in answers), answers[0][4]


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _ask(question: str, chart: Chart) -> Said:
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
            note = given.get("unanswerable", note)
            sure, unit = float(given.get("sure", 1.0)), str(given.get("unit") or "")
            return given.get("value"), code, note, sure, unit
    return None, "", note or "no candidate", 0.0, ""


def _no_reader(body: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    return {"ok": False, "error": {"message": f"no reader for {body.get('what')}"}}, []


def results(
    questions: Path, limit: int, seed: int, half: str = "", colours: bool = False
) -> Iterator[Result]:
    """Ask every question that has a table, or a sample of them, or those of one half."""
    rows = [json.loads(line) for line in questions.read_text("utf-8").splitlines() if line.strip()]
    rows = [row for row in rows if row.get("table") and half in ("", half_of(row["table"]))]
    if limit:
        rows = random.Random(seed).sample(rows, min(limit, len(rows)))
    for row in rows:
        chart = chart_of_table(questions.parent / row["table"])
        about = _about_colours(row["question"], chart)
        if colours and about and row.get("image"):
            chart = with_colours(chart, questions.parent / row["image"])
        yield replace(result_of(row, chart), colours=about)


def half_of(name: str) -> str:
    """The half, a or b, to which a chart belongs."""
    return "ab"[zlib.crc32(name.encode()) % 2]


def result_of(row: Mapping[str, Any], chart: Chart) -> Result:
    """Ask one question and score the answer."""
    value, code, note, sure, unit = ask(row["question"], chart)
    gold = row["answer"] if isinstance(row["answer"], str) else bare(row["answer"]) or ""
    said = bare(value)
    return Result(
        id=row["id"],
        kind=row.get("kind", ""),
        question=row["question"],
        gold=gold,
        answer=said,
        right=value is not None and meant_match(gold, value, unit),
        code=code,
        note=note,
        colours=_about_colours(row["question"], chart),
        sure=sure,
        published=relaxed_match(gold, said),
    )


def _about_colours(question: str, chart: Chart) -> bool:
    """Whether a question needs colours, which a table does not hold."""
    spans = context_of(question, chart).linked.spans
    return any(span.kind == "color" or span.tag("dimension") == "colour" for span in spans)


def report(found: Sequence[Result]) -> None:
    """Print accuracy, refusals and wrong answers by kind, and by how sure the answers were."""
    total, right, refused = Counter[str](), Counter[str](), Counter[str]()
    for result in found:
        for kind in (result.kind, "all", "about colours" if result.colours else "no colours"):
            total[kind] += 1
            right[kind] += result.right
            refused[kind] += result.answer is None
    for kind in total:
        wrong = total[kind] - right[kind] - refused[kind]
        print(
            f"{kind or '-'}: {right[kind]}/{total[kind]} right ({right[kind] / total[kind]:.1%}), "
            f"{refused[kind]} refused, {wrong} wrong"
        )
    print(f"by the published scorer: {sum(result.published for result in found)}")
    for low, high in ((0.9, 2.0), (0.7, 0.9), (0.5, 0.7), (0.0, 0.5)):
        sure = [r.right for r in found if r.answer is not None and low <= r.sure < high]
        if sure:
            print(f"sure {low:.1f} or more: {sum(sure)}/{len(sure)} right")


def main() -> None:
    """Ask the questions of a file and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--half", choices=("a", "b"), default="")
    parser.add_argument("--failures", type=Path)
    parser.add_argument("--colours", action="store_true", help="read the pictures' colours")
    options = parser.parse_args()
    found = list(
        results(options.questions, options.limit, options.seed, options.half, options.colours)
    )
    report(found)
    if options.failures:
        text = "\n".join(
            f"{f.id} {f.question}\n  gold {f.gold!r}, said {f.answer!r} {f.note}\n{f.code}"
            for f in found
            if not f.right
        )
        options.failures.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
