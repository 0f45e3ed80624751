"""Random conversations with random weights: a valid outcome each, no malformed reply, no crash.

A thousand of them are `python -m benchmarks.llama_random`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.llm.models import needs_llama

pytestmark = [*needs_llama, pytest.mark.slow]


def test_random_conversations_end_well(tmp_path: Path) -> None:
    from benchmarks.llama_random import conversations, wrong

    pairs = (("llama", ""), ("qwen2vl", "qwen2vl_merger"))
    ended = list(conversations(tmp_path, 8, seed=7, pairs=pairs))
    assert not [said for one in ended if (said := wrong(one))]
    assert len({one.pid for one in ended}) == len(pairs), "no child died"
    assert len({one.trace.outcome for one in ended}) > 1
    for pair in pairs:
        sizes = [one.memory for one in ended if one.pair == pair]
        assert sizes[-1] < sizes[1] + 64, "the child does not grow"
