"""The report of an evaluation as Markdown."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from air_cli import scoring
from air_cli.evaluate_cases import Case
from air_cli.evaluate_tables import Tabulated, tables_section
from air_cli.scoring_evidence import Hits
from air_cli.work import Row


@dataclass(frozen=True)
class Scored:
    """A case, what came of it, the answer in the benchmark's spelling, and whether it is right.
    `stage` is where a wrong one went wrong, as far as the trace tells; `evidence` how its boxes met
    the gold's, where the benchmark has some; `published` what the scorer of ChartQA says of the
    bare answer."""

    case: Case
    row: Row
    predicted: str | None
    relaxed: bool
    strict: bool
    stage: str = ""
    evidence: Hits | None = None
    published: bool = False


def report(
    scored: Sequence[Scored],
    counts: Mapping[str, int],
    stopped: str = "",
    tables: Sequence[Tabulated] = (),
) -> str:
    """`REPORT.md`: accuracy by kind, tables, outcomes, calibration, time, and every failure."""
    lines = ["# Evaluation", ""]
    if stopped:
        lines += [f"The run stopped early: {stopped}.", ""]
    if tables:
        lines += [*tables_section(tables), ""]
        if not scored:
            return "\n".join([*lines, *_outcomes(counts)]) + "\n"
    lines += [*_accuracy(scored), "", *_outcomes(counts), ""]
    lines += [*_calibration(scored), "", *_evidence(scored)]
    lines += [*_time(scored), "", *_failures(scored)]
    return "\n".join(lines).rstrip() + "\n"


def tallies(scored: Sequence[Scored]) -> dict[str, scoring.Tally]:
    """Counts by kind, in the order of first appearance."""
    found: dict[str, scoring.Tally] = {}
    for one in scored:
        kind = one.case.kind or "all"
        tally = found.get(kind, scoring.Tally())
        answered = one.predicted is not None
        found[kind] = tally.add(
            answered=answered, relaxed=one.relaxed, strict=one.strict, published=one.published
        )
    return found


def _accuracy(scored: Sequence[Scored]) -> list[str]:
    by_kind = tallies(scored)
    lines = [
        "## Accuracy",
        "",
        "Relaxed: numbers within 5%, with the units that either side writes, lists in any order."
        " Published: the scorer of ChartQA over the bare answer, without units. Strict: within"
        " 0.5%, years and counts exact. A refusal is right where the gold says that there is no"
        " answer, otherwise wrong, as is a failure; precision is among the answered.",
        "",
        "| kind | questions | relaxed | published | strict | answered | precision |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [_accuracy_row(kind, tally) for kind, tally in sorted(by_kind.items())]
    if len(by_kind) > 1:
        total = sum(by_kind.values(), scoring.Tally())
        lines.append(_accuracy_row("**all**", total))
        mean = statistics.fmean(t.relaxed / t.total for t in by_kind.values())
        lines += ["", f"Mean of the kinds, relaxed: {mean:.1%}."]
    return lines


def _accuracy_row(kind: str, tally: scoring.Tally) -> str:
    counts = (tally.relaxed, tally.published, tally.strict, tally.answered)
    shares = [_share(n, tally.total) for n in counts]
    precision = _share(tally.precise, tally.answered)
    return f"| {kind} | {tally.total} | " + " | ".join([*shares, precision]) + " |"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def _outcomes(counts: Mapping[str, int]) -> list[str]:
    rows = [f"| {outcome} | {count} |" for outcome, count in sorted(counts.items())]
    return ["## Outcomes", "", "| outcome | questions |", "|---|---|", *rows]


def _calibration(scored: Sequence[Scored]) -> list[str]:
    pairs = [(one.row.confidence, one.relaxed) for one in scored if one.predicted is not None]
    bins, error = scoring.calibration(pairs, bins=10)
    lines = [
        "## Confidence",
        "",
        "| confidence | answers | mean confidence | right (relaxed) |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {b.low:.1f} to {b.high:.1f} | {b.count} | {b.confidence:.2f} | {b.accuracy:.2f} |"
        for b in bins
    ]
    brier = scoring.brier(pairs)
    return [*lines, "", f"Expected calibration error: {error:.3f}. Brier score: {brier:.3f}."]


def _evidence(scored: Sequence[Scored]) -> list[str]:
    """Boxes of the right answers and of all of them, where the benchmark has gold boxes."""
    compared = [one for one in scored if one.evidence is not None]
    if not compared:
        return []
    lines = [
        "## Evidence",
        "",
        "Gold boxes hit by a reported box (IoU of at least .5), and the reverse.",
        "",
        "| answers | questions | recall | precision | F1 | mean F1 a question |",
        "|---|---|---|---|---|---|",
    ]
    right = [one for one in compared if one.relaxed]
    for name, some in (("right", right), ("all", compared)):
        each = [one.evidence for one in some if one.evidence is not None]
        total = sum(each, Hits())
        mean = statistics.fmean(one.f1 for one in each) if each else 0.0
        shares = f"{total.recall:.2f} | {total.precision:.2f} | {total.f1:.2f} | {mean:.2f}"
        lines.append(f"| {name} | {len(each)} | {shares} |")
    return [*lines, ""]


def _time(scored: Sequence[Scored]) -> list[str]:
    seconds = sorted(one.row.seconds for one in scored)
    if not seconds:
        return ["## Time", "", "Nothing was done."]
    p90 = seconds[min(len(seconds) - 1, int(0.9 * len(seconds)))]
    return [
        "## Time",
        "",
        f"Wall seconds a question: median {statistics.median(seconds):.1f}, 90% within {p90:.1f},"
        f" longest {seconds[-1]:.1f}, total {sum(seconds):.0f}.",
    ]


def _failures(scored: Sequence[Scored]) -> list[str]:
    wrong = [one for one in scored if not one.relaxed]
    lines = [f"## Failures ({len(wrong)})", ""]
    if wrong:
        stages = Counter(one.stage or "unknown" for one in wrong).most_common()
        lines += ["| stage | failures |", "|---|---|"]
        lines += [*(f"| {stage} | {count} |" for stage, count in stages), ""]
    for one in wrong:
        row, case = one.row, one.case
        said = f"`{_plain(one.predicted)}`" if one.predicted is not None else row.outcome
        if one.predicted is None and row.outcome == "answered":
            said = f"`{_plain(str(row.value))}`, which is none of the answers asked for"
        why = row.error or row.why
        link = f" [item]({row.item}/answer.md)" if row.item else ""
        asked = f"{_plain(case.question)} Gold `{_plain(case.gold)}`"
        how = f"{one.stage}; confidence {row.confidence:.2f}, {row.mode or 'no route'};"
        how += f" {_plain(why)}"
        lines.append(f"- **{_plain(case.id)}** {asked}, got {said} ({how}).{link}")
    return lines


def _plain(text: str) -> str:
    """Text on one line; backticks would end the code that it stands in."""
    return "".join(c if c.isprintable() else " " for c in text).replace("`", "'")
