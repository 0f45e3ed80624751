"""What the choices of a question say about the kind of its answer. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from air_cli.reasoners.builtin.tokens import forms
from air_cli.records import Chart

_DIRECTION = re.compile(
    r"increas|decreas|declin|ris(?:e|ing)|rose|fell|fall|grew|grow|drop|constant|stable|flat|"
    r"unchanged|fluctuat|plateau|same|equal|remain",
    re.I,
)
_NUMBER = re.compile(r"\d")
LIKE = 0.5


@dataclass(frozen=True)
class Offer:
    """The choices; `dim` is what most of them name (series or category), or nothing; `moves` says
    that they describe how values move, `numbers` that they are numbers."""

    options: tuple[str, ...] = ()
    dim: str = ""
    moves: bool = False
    numbers: bool = False


NO_OFFER = Offer()


def offer_of(options: Sequence[str], chart: Chart) -> Offer:
    """What the choices say, held against the names of a chart."""
    if not options:
        return NO_OFFER
    moving = sum(bool(_DIRECTION.search(option)) for option in options)
    names = {
        "series": [s.name for s in chart.series if s.name.strip()],
        "category": list(chart.categories),
    }
    named = {
        dim: sum(any(_alike(option, name) for name in pool) for option in options)
        for dim, pool in names.items()
    }
    dim = max(named, key=lambda one: named[one])
    clear = named[dim] >= 2 and sum(count == named[dim] for count in named.values()) == 1
    plain = [option for option in options if not _DIRECTION.search(option)]
    numbers = len(plain) >= 2 and all(_NUMBER.search(option) for option in plain)
    return Offer(tuple(options), dim if clear else "", moving >= max(2, len(options) - 1), numbers)


def _alike(option: str, name: str) -> bool:
    """Whether most words of one are in the other, what stands in brackets apart; numbers must be
    the same."""
    a, b = (set(forms(re.sub(r"\(.*?\)", " ", text))) for text in (option, name))
    if not a or not b or {w for w in a if w.isdigit()} ^ {w for w in b if w.isdigit()}:
        return False
    return len(a & b) / min(len(a), len(b)) > LIKE and len(a & b) / max(len(a), len(b)) >= LIKE
