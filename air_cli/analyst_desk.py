"""The documents that are open, each in a reader; charts come from the cache where they can."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from air_cli.analyst_facts import reader_version
from air_cli.analyst_inputs import Input
from air_cli.cache import Cache
from air_cli.errors import ItemError, UsageError
from air_cli.jail.reader import Reader, ReaderLimits
from air_cli.jail.recipe import READER, sized
from air_cli.records import (
    Box,
    Chart,
    Excerpt,
    Figure,
    Page,
    Ranked,
    Source,
    Text,
    from_json,
    to_json,
)
from air_cli.settings import ReaderSettings


@dataclass(frozen=True)
class Reading:
    """A figure read into data. `seconds` by stage; `cached` when nothing had to be read."""

    figure: Figure
    chart: Chart
    seconds: dict[str, float] = field(default_factory=dict)
    cached: bool = False


class Document:
    """One input and its reader. With several inputs in one reader, the input is opened again when
    its turn comes."""

    def __init__(self, item: Input, desk: Desk, cache: Cache | None) -> None:
        self.input = item
        self._desk, self._cache = desk, cache
        self._source: Source | None = None
        self._figures: dict[tuple[int, ...] | None, list[Figure]] = {}
        self._charts: dict[str, Reading] = {}
        # What its reader left out (a damaged page) or guessed, in plain words.
        self.problems: tuple[str, ...] = ()
        self.unsaid: tuple[str, ...] = ()

    @property
    def source(self) -> Source:
        """Raises `ItemError` when the file cannot be opened."""
        self.open()
        assert self._source is not None
        return self._source

    def open(self) -> None:
        """Have the reader open it, where nothing has yet. Raises `ItemError`."""
        if self._source is None:
            self._reader()

    def figures(self, pages: Sequence[Page] | None = None) -> list[Figure]:
        """The figures on these pages. Raises `ItemError` and `UsageError` (no such page)."""
        wanted = self.numbers(pages)
        if wanted not in self._figures:
            kept = self._kept_figures(wanted)
            if kept is None:
                reader = self._reader()
                kept = reader.figures(wanted)
                self.problems = reader.problems
                if self._cache is not None and self._is_image():
                    self._cache.put(self._figures_key(wanted), to_json(kept))
            self._figures[wanted] = kept
        return self._figures[wanted]

    def _is_image(self) -> bool:
        return self.source.kind == "image"

    def _kept_figures(self, pages: tuple[int, ...] | None) -> list[Figure] | None:
        """An image's figures from the cache: finding panels takes recognising the texts."""
        if self._cache is None or not self._is_image():
            return None
        value = self._cache.get(self._figures_key(pages))
        try:
            return None if value is None else [from_json(Figure, one) for one in value]
        except (TypeError, ValueError):  # written by a version with other records
            return None

    def _figures_key(self, pages: tuple[int, ...] | None) -> dict[str, object]:
        return {
            "what": "figures",
            "input": self.input.sha256,
            "pages": list(pages) if pages is not None else "all",
            "reader": reader_version(),
        }

    def rank(self, question: str, pages: Sequence[Page] | None = None) -> list[Ranked]:
        """The figures that may answer the question, best first."""
        wanted = self.numbers(pages)
        if self._is_image():
            figures = self.figures(pages)
            if len(figures) == len({figure.page for figure in figures}):
                return [Ranked(f, 1.0 / f.page, "the image itself") for f in figures]
        reader = self._reader()
        ranked = reader.rank(question, wanted)
        self.problems, self.unsaid = reader.problems, reader.unsaid
        return ranked

    def excerpts(self, question: str, pages: Sequence[Page] | None = None) -> list[Excerpt]:
        """Sentences of the document that speak of what is asked, the fittest first."""
        wanted = self.numbers(pages)
        return [] if self._is_image() else self._reader().excerpts(question, wanted)

    def reading(self, figure: Figure) -> Reading:
        """The figure as data, from memory, the cache or the reader."""
        if figure.id not in self._charts:
            self._charts[figure.id] = self._from_cache(figure) or self._from_reader(figure)
        return self._charts[figure.id]

    def image(self, figure: str, box: Box | None = None, factor: float = 1.0) -> bytes:
        """The figure, or a box of it, as PNG."""
        return self._reader().image(figure, box, factor)

    def reread(self, figure: str, box: Box | None, factor: float) -> list[Text]:
        """The texts in a box of the figure, read again."""
        return self._reader().reread(figure, box, factor)

    def overlay(self, reading: Reading, highlight: Sequence[Box] = ()) -> bytes:
        """A picture (PNG) with what was recognised drawn over the figure."""
        return self._reader().overlay(reading.figure.id, reading.chart, highlight)

    def numbers(self, pages: Sequence[Page] | None) -> tuple[int, ...] | None:
        """Pages by their numbers, those called by what is printed on them too, None for all.

        "F-12..F-15" are the pages from the one to the other. Raises `UsageError` for a page that
        the document does not have.
        """
        if pages is None:
            return None
        ends = {page: page.split("..") for page in pages if isinstance(page, str)}
        labels = list(dict.fromkeys(label for found in ends.values() for label in found))
        called = self._reader().pages(labels) if labels else {}
        found: dict[int, Page] = {}
        for page in pages:
            if isinstance(page, int):
                found[page] = page
                continue
            first, last = (called.get(label, 0) for label in (ends[page][0], ends[page][-1]))
            if 0 < last < first:
                raise UsageError(f"{self.input.name}: {page}: the last page comes before the first")
            found |= dict.fromkeys(range(first, last + 1) if first and last else [0], page)
        count = self.source.pages
        for number, page in found.items():
            if not 1 <= number <= count:
                has = "1 page" if count == 1 else f"{count} pages"
                raise UsageError(f"{self.input.name}: has {has}; there is no page {page}")
        return tuple(sorted(found))

    def pick(self, name: str, pages: Sequence[Page] | None = None) -> Figure:
        """The figure called `name`: its id (`p3-f1`), its label (`Figure 2`), the
        number in its label, or its place in the document.

        Raises `UsageError` with what there is.
        """
        wanted = name.strip().lower()
        named = re.fullmatch(r"p([1-9]\d*)-[a-z]\d+", wanted)
        if named and pages is None and int(named[1]) <= self.source.pages:
            # One page alone is looked at whole: its tables too.
            pages = (int(named[1]),)
        figures = self.figures(pages)
        for figure in figures:
            if figure.id.lower() == wanted or (figure.label and figure.label.lower() == wanted):
                return figure
        labelled = [f for f in figures if wanted and f.label.lower().split()[-1:] == [wanted]]
        if len(labelled) == 1:
            return labelled[0]
        if wanted.isdecimal() and 1 <= int(wanted) <= len(figures):
            return figures[int(wanted) - 1]
        ids = ", ".join(figure.id for figure in figures[:12]) + (" …" if len(figures) > 12 else "")
        many = "there is one" if len(figures) == 1 else f"there are {len(figures)}"
        there = f"{many}: {ids}" if figures else "no figure was found"
        raise UsageError(f"{self.input.name}: no figure {name!r}; {there}")

    def _reader(self) -> Reader:
        reader, source = self._desk.at(self.input)
        if self._source is None:
            self._source = replace(source, path=self.input.name, sha256=self.input.sha256)
        return reader

    def _key(self, figure: Figure) -> dict[str, object]:
        return {
            "what": "chart",
            "input": self.input.sha256,
            "figure": figure.id,
            "reader": reader_version(),
        }

    def _from_cache(self, figure: Figure) -> Reading | None:
        value = self._cache.get(self._key(figure)) if self._cache is not None else None
        if value is None:
            return None
        try:
            return Reading(figure, from_json(Chart, value), cached=True)
        except ValueError:  # written by a version with other records under the same key
            return None

    def _from_reader(self, figure: Figure) -> Reading:
        start = time.perf_counter()
        reader = self._reader()
        chart = reader.chart(figure.id)
        seconds = {stage: round(spent, 3) for stage, spent in reader.seconds.items()}
        seconds["total"] = round(time.perf_counter() - start, 3)
        if self._cache is not None:
            self._cache.put(self._key(figure), to_json(chart))
        return Reading(figure, chart, seconds)


class Desk:
    """The one warm reader and which input lies open in it."""

    def __init__(self, config: ReaderSettings) -> None:
        self._settings = config
        self._reader: Reader | None = None
        self._open: tuple[str, Source] | None = None

    def warm(self) -> None:
        """Start the reader ahead of its first use. Raises `EnvironmentFault`."""
        self._made().start()

    def at(self, item: Input) -> tuple[Reader, Source]:
        """The reader with this input open. Raises `ItemError` when it cannot be opened."""
        reader = self._made()
        if self._open is None or self._open[0] != item.sha256:
            self._open = None
            self._open = (item.sha256, self._opened(reader, item))
        return reader, self._open[1]

    def _opened(self, reader: Reader, item: Input) -> Source:
        try:
            return reader.open_bytes(item.data, item.name, self._settings.password or None)
        except ItemError as error:
            if error.kind != "encrypted":
                raise
            raise ItemError(f"{error} (AIR_READER_PASSWORD sets it)", kind=error.kind) from error

    def close(self) -> None:
        if self._reader is not None:
            self._reader.close()
        self._reader = self._open = None

    def _made(self) -> Reader:
        if self._reader is None:
            settings = self._settings
            self._reader = Reader(
                isolation=settings.isolation,
                limits=ReaderLimits(seconds=settings.seconds, items=settings.max_items),
                profile=sized(READER, settings.memory_mb),
                jailed=settings.jail,
            )
        return self._reader
