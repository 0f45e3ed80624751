"""Which figure of a document to ask, and what to say about the others."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from air_cli.analyst_desk import Document
from air_cli.analyst_inputs import Input
from air_cli.errors import ItemError
from air_cli.read.rank import score_texts
from air_cli.reasoners.builtin.digest import FEWEST, digest_lines, is_digest
from air_cli.reasoners.builtin.joint import holds, joint_of, wording
from air_cli.records import Chart, Figure, Page, Question, Ranked, Source, Trace

# Figures tried for one question, how near to the best one's score, and how many are told of.
ATTEMPTS, CLOSE, CONSIDERED = 3, 0.6, 6
# An answer less sure than SETTLED is held against those of the other figures, which must be surer
# by MARGIN: the question may be half understood here and wholly there.
SETTLED, MARGIN = 0.85, 0.08
# Of a document with several figures, an answer less sure than this is told as a refusal: where the
# right figure was found, right answers are surer.
DOUBTED = 0.5
# Below this, what the running text says is told beside the answer.
TOLD = 0.5
# A score below MATCH means that no word of the question is in or near the figure; this much of the
# confidence is left then.
MATCH, ACCIDENT = 0.1, 0.5
# Tables that are looked at for a line of a statement.
LOOKED = 8
_STATEMENT = re.compile(r"\b(?:statements?|balance sheets?|income)\b", re.IGNORECASE)
# Figures that are read to find the right one when the document's text does not tell (scans).
SCANNED = 6


def candidates(
    document: Document,
    question: Question,
    pages: Sequence[Page] | None,
    figure: str | None,
    seconds: float,
) -> list[Ranked]:
    """The figures that may answer, best first; the named one alone. Never empty.

    Where the document's own text shares no word with the question, as in scans and slides, up to
    SCANNED figures are read, for at most `seconds`, and ranked by what is written in them.
    Raises `ItemError` (`no-figure`), `UsageError` (no such page or figure).
    """
    if figure is not None:
        return [Ranked(document.pick(figure, pages), 1.0)]
    ranked = document.rank(question.text, pages)
    if not ranked:
        raise no_figure(document.input, document.source, pages)
    if len(ranked) == 1 or ranked[0].score >= MATCH:
        return ranked
    return _by_content(document, question, ranked, seconds)


def _by_content(
    document: Document, question: Question, ranked: list[Ranked], seconds: float
) -> list[Ranked]:
    deadline = time.monotonic() + seconds
    read: list[tuple[Ranked, str]] = []
    failure: ItemError | None = None
    for one in ranked[:SCANNED]:
        if time.monotonic() > deadline:
            break
        try:
            read.append((one, _words(document.reading(one.figure).chart)))
        except ItemError as error:
            failure = error
    if not read:
        raise failure or no_figure(document.input, document.source, None)
    scores = score_texts(question.text, [words for _, words in read])
    why = "its own text fits the question"
    scored = [
        replace(one, score=score, why=why) if score >= MATCH else one
        for (one, _), score in zip(read, scores, strict=True)
    ]
    rest = [one for one in ranked if all(one is not known for known, _ in read)]
    return [*sorted(scored, key=lambda one: -one.score), *rest]


def _words(chart: Chart) -> str:
    """Everything that is written in a chart."""
    names = [series.name for series in chart.series]
    return " ".join([chart.title, *names, *chart.categories, *(text.text for text in chart.text)])


def rounds(
    ranked: Sequence[Sequence[Ranked]], together: bool = False
) -> Iterator[tuple[Figure, ...]]:
    """The best figure of every document; then, for one document, those that fit about as well, in
    case the best turns out not to hold the answer. One that shares no word with the question is
    never tried after another: its answer would be an accident. `together` asks all of one
    document at once."""
    if together:
        yield tuple(one.figure for one in ranked[0])
        return
    yield tuple(found[0].figure for found in ranked)
    if len(ranked) == 1:
        least = max(CLOSE * ranked[0][0].score, MATCH)
        for other in ranked[0][1:ATTEMPTS]:
            if other.score >= least:
                yield (other.figure,)


def statements(
    documents: Sequence[Document],
    question: Question,
    pages: Sequence[Page] | None,
    figure: str | None,
) -> tuple[Figure, ...]:
    """The tables that hold the two lines which a question puts together (investments in percent of
    revenue); empty where it asks for no such thing, names a figure, or a line is missing."""
    joint = joint_of(question.text)
    if joint is None or not _one_report(documents, figure):
        return ()
    # Looking for the lines would forget that the question names what the document never mentions.
    if documents[0].unsaid:
        return ()
    found: dict[str, Figure] = {}
    for line in joint.lines:
        one = _holding(documents[0], line, joint.years, pages, ())
        if one is None:
            return ()
        found[one.id] = one
    return tuple(found.values())


def digest(
    documents: Sequence[Document],
    question: Question,
    pages: Sequence[Page] | None,
    figure: str | None,
) -> list[Ranked]:
    """The statements of a report that hold its key figures, where a question asks for these; empty
    for any other question, and for a document without statements."""
    if not is_digest(question.text) or not _one_report(documents, figure):
        return []
    found: dict[str, Figure] = {}
    held = 0
    for line in digest_lines():
        one = _holding(documents[0], line, (), pages, tuple(found.values()))
        if one is not None:
            held += 1
            found[one.id] = one
    if held < FEWEST:
        return []
    return [Ranked(one, 1.0, "it holds key figures") for one in found.values()]


def _one_report(documents: Sequence[Document], figure: str | None) -> bool:
    """Whether tables may be looked for: one document that is no image, and no figure is named."""
    return figure is None and len(documents) == 1 and documents[0].source.kind != "image"


def _holding(
    document: Document,
    line: str,
    years: Sequence[str],
    pages: Sequence[Page] | None,
    known: Sequence[Figure],
) -> Figure | None:
    """The table that holds a line of a statement for these years: one that is known, else the
    first of those that fit best."""
    for table in known:
        if holds(document.reading(table).chart, line, years):
            return table
    wanted = " ".join((wording(line), *years))
    tables = [r.figure for r in document.rank(wanted, pages) if r.figure.kind == "table"]
    # The statements themselves before the summaries and notes that repeat some lines.
    tables = sorted(tables[:LOOKED], key=lambda table: not _STATEMENT.search(table.caption))
    return next((t for t in tables if holds(document.reading(t).chart, line, years)), None)


def settled(trace: Trace) -> bool:
    """Whether no other figure need be tried."""
    if trace.outcome == "unanswerable":
        return False
    return trace.answer is None or trace.answer.confidence >= SETTLED


def surest(traces: Sequence[Trace]) -> int:
    """The place of the trace to keep: the first, unless a later one has a clearly surer answer."""
    best = 0
    for place, trace in enumerate(traces):
        if _confidence(trace) > _confidence(traces[best]) + (
            MARGIN if _answered(traces[best]) else 0
        ):
            best = place
    return best


def doubted(trace: Trace) -> bool:
    """Whether the best that several figures give is more likely wrong than right."""
    return _answered(trace) and _confidence(trace) < DOUBTED


def refused(trace: Trace) -> Trace:
    """The trace as a refusal that tells the doubtful answer."""
    draft = trace.answer
    if draft is None:
        return trace
    said = f"{draft.text or draft.value} ({draft.confidence:.2f} sure)"
    reason = f"no figure of the document answers it surely; the likeliest answer is {said}"
    answer = replace(draft, value=None, unit="", text="", confidence=0.0, unanswerable=reason)
    return replace(trace, outcome="unanswerable", answer=answer)


def _answered(trace: Trace) -> bool:
    return trace.outcome == "answered"


def _confidence(trace: Trace) -> float:
    return trace.answer.confidence if _answered(trace) and trace.answer else -1.0


def considered(ranked: Sequence[Sequence[Ranked]], trace: Trace, attempts: int) -> Iterator[str]:
    """A line for each figure that was weighed, where there was a choice."""
    used = [(*figure.bbox_pt, figure.page) for figure in trace.figures]
    for found in ranked:
        for place, one in enumerate(found[:CONSIDERED] if len(found) > 1 else ()):
            figure = one.figure
            tried = (
                "tried: it does not hold the answer, or less surely"
                if place < attempts
                else "not used"
            )
            what = "used" if (*figure.bbox_pt, figure.page) in used else tried
            name = figure.label or figure.caption or figure.kind
            why = f": {one.why}" if one.why else ""
            yield f"{figure.id} (page {figure.page_name}, {name[:80]}), {what}{why}"


def related(ranked: Sequence[Sequence[Ranked]], trace: Trace) -> Trace:
    """The trace, its answer less sure where it comes from one of several figures and none of them
    shares a word with the question: "how many employees" is no count of a chart's bars."""
    answer = trace.answer
    by_accident = len(ranked) == 1 and len(ranked[0]) > 1 and ranked[0][0].score < MATCH
    if answer is None or not by_accident or trace.outcome != "answered":
        return trace
    why = f"{answer.why}; no word of the question is in or near the figure"
    return replace(
        trace, answer=replace(answer, confidence=round(answer.confidence * ACCIDENT, 3), why=why)
    )


def told(
    documents: Sequence[Document], question: Question, pages: Sequence[Page] | None, trace: Trace
) -> Iterator[str]:
    """What the running text says of it, where no chart or table gives a sure answer: to read on."""
    if trace.outcome == "answered" and _confidence(trace) >= TOLD:
        return
    if trace.outcome not in ("answered", "unanswerable"):
        return
    for document in documents:
        name = f"{document.input.name}, " if len(documents) > 1 else ""
        try:
            found = document.excerpts(question.text, pages)
        except ItemError as error:
            yield f"{name}its text could not be searched: {error}"
            continue
        yield from (f"{name}page {item.page} says: “{item.text}”" for item in found)


def no_figure(item: Input, source: Source, pages: Sequence[Page] | None) -> ItemError:
    """The error for a document without a chart or table."""
    if source.kind == "image":
        where = "in the image"
    elif pages is not None:
        where = "on " + ("page " if len(pages) == 1 else "pages ") + ", ".join(map(str, pages))
    else:
        where = f"on its {source.pages} pages" if source.pages > 1 else "on its page"
    return ItemError(f"{item.name}: no chart or table was found {where}", kind="no-figure")
