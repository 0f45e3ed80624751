"""Axes of time: labels that name years, quarters, months or days."""

from __future__ import annotations

import difflib
import itertools
import re
import statistics
from collections.abc import Sequence
from dataclasses import replace

from air_cli.read.consensus import Agreed, Label, centre, consensus, label_of, solve
from air_cli.read.scene import AxisFit
from air_cli.read.times import in_one_style, parse_time, restyled
from air_cli.records import Text, Tick

_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_TICKED = re.compile(r"^[-–—]\s?((?:1[5-9]|20)\d\d)$")


def fit_time(role: str, labels: Sequence[Text], tick_px: Sequence[float]) -> AxisFit | None:
    """The time axis of these labels (ordered along it), or None where they are no evenly spaced
    times. Up to a quarter of them may be something else ("Q3 YTD"): ticks without a value, unless
    they look like a misread time, which is put right and told in `problems`.
    """
    # "98 00 02 04": years without their century; numbers are not written with a leading zero.
    labels = _unticked(labels) if role == "x" else labels
    short = all(re.fullmatch(r"\d\d", label.text) for label in labels) and role == "x"
    mark = "'" if short and any(label.text[0] == "0" for label in labels) else ""
    times = [(label, parse_time(mark + label.text)) for label in labels]
    named = [(label, time) for label, time in times if time is not None]
    if len(named) < 2 or len(named) < 0.75 * len(labels):
        return None
    if len({time for _, time in named}) < len(named) and len(named) < 4:
        return None
    entries = [label_of(label, role, (time,)) for label, time in named]
    agreed = consensus(entries, log=False)
    if len(agreed) < 2 or len(agreed) < 0.7 * len(labels) or _uneven(entries, agreed):
        return None
    fit = solve(role, "time", entries, agreed, tick_px)
    if fit is None:
        return None
    known = {id(named[one.nth][0]) for one in agreed}
    others = [label for label in labels if id(label) not in known]
    return _in_style(_with_others(fit, role, others))


def _unticked(labels: Sequence[Text]) -> list[Text]:
    """The labels without the dash that a tick mark beside an upright year is read as, where years
    without one stand among them: no axis runs from -2003 to 2004."""
    plain = [_TICKED.sub(r"\1", label.text.strip()) for label in labels]
    years = [int(text) for text in plain if _YEAR.fullmatch(text)]
    bare = any(_YEAR.fullmatch(label.text.strip()) for label in labels)
    rising = all(a < b for a, b in itertools.pairwise(years))
    if not bare or not rising or len(years) < max(3, 0.75 * len(labels)):
        return list(labels)
    return [replace(label, text=text) for label, text in zip(labels, plain, strict=True)]


def _uneven(entries: Sequence[Label], agreed: Sequence[Agreed]) -> bool:
    """Whether the labels that disagree are times in their right order: then the places are not to
    scale (1990, 2000, 2005, 2006 at equal distances), and the years are names."""
    used = {one.nth for one in agreed}
    order = sorted(entries, key=lambda e: e.px)
    values = [e.values[0] for e in order]
    in_order = all(a < b for a, b in itertools.pairwise(values))
    gaps = [b.px - a.px for a, b in itertools.pairwise(order)]
    even = bool(gaps) and max(gaps) - min(gaps) < 0.25 * statistics.median(gaps)
    return len(used) < len(entries) and in_order and even and len(entries) > 3


def _with_others(fit: AxisFit, role: str, others: Sequence[Text]) -> AxisFit:
    """The axis with the labels that did not fit as further ticks."""
    ticks, problems = list(fit.ticks), list(fit.problems)
    step = min((b.px - a.px for a, b in itertools.pairwise(ticks)), default=0.0)
    known = sorted(tick.value for tick in ticks if tick.value is not None)
    unit = min((b - a for a, b in itertools.pairwise(known) if b > a), default=0.0)
    for label in others:
        px = centre(label, role)
        near = min(fit.ticks, key=lambda tick: abs(tick.px - px))
        if not label.text.strip() or abs(near.px - px) < 0.4 * step:
            continue
        value = fit.value(px)
        first = near.value or 0.0
        steps = first + round((value - first) / unit) * unit if unit else value
        meant = restyled(near.text, steps)
        alike = difflib.SequenceMatcher(None, label.text, meant).ratio()
        scrap = len(label.text.strip()) < 0.6 * len(meant)  # "0" is what was seen of "2002"
        if meant and abs(steps - value) < 0.3 * abs(step * fit.slope) and (alike > 0.7 or scrap):
            problems.append(f'{role} axis: the label "{label.text}" was read as "{meant}"')
            ticks.append(Tick(meant, steps, px))
        else:
            ticks.append(Tick(label.text, None, px))
    ticks.sort(key=lambda tick: tick.px)
    return replace(fit, ticks=tuple(ticks), problems=tuple(problems))


def _in_style(fit: AxisFit) -> AxisFit:
    texts = in_one_style([tick.text for tick in fit.ticks])
    ticks = [replace(tick, text=text) for tick, text in zip(fit.ticks, texts, strict=True)]
    return replace(fit, ticks=tuple(ticks))
