"""The cache: round trip, corruption is a miss, pruning by last use, unwritable root."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from air_cli.cache import Cache
from air_cli.records import canonical, digest

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)


def key(n: int) -> dict[str, Any]:
    return {"sha": f"{n:064x}", "figure": "p1-f1", "reader": "1"}


@given(st.dictionaries(st.text(max_size=5), JSON, max_size=5))
def test_the_order_of_keys_does_not_matter(value: dict[str, Any]) -> None:
    assert canonical(value) == canonical(dict(reversed(value.items())))


def test_a_value_comes_back_and_other_keys_miss(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    value = {"kind": "bar", "values": [1.5, None, "Café"]}
    assert cache.get(key(1)) is None
    assert cache.put(key(1), value)
    assert Cache(tmp_path).get(key(1)) == value
    assert cache.get(key(2)) is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"value": 1}', b"\xff\xfe", b"null"])
def test_a_torn_or_foreign_entry_is_a_miss_and_can_be_replaced(
    tmp_path: Path, content: bytes
) -> None:
    cache = Cache(tmp_path)
    cache.put(key(1), [1])
    (path,) = tmp_path.rglob("*.json")
    path.write_bytes(content)
    assert cache.get(key(1)) is None
    assert cache.put(key(1), [2])
    assert cache.get(key(1)) == [2]


def test_a_changed_value_is_a_miss(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(key(1), {"value": 41.5})
    (path,) = tmp_path.rglob("*.json")
    path.write_text(path.read_text().replace("41.5", "42.5"))
    assert cache.get(key(1)) is None


def test_the_entry_used_longest_ago_goes_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path, max_bytes=4_000)
    for n in range(3):
        cache.put(key(n), "x" * 1_000)
    for path in tmp_path.rglob("*.json"):
        os.utime(path, (1_000, 1_000))
    assert cache.get(key(0)) is not None
    cache.put(key(3), "x" * 1_000)
    assert cache.get(key(0)) is not None
    assert cache.get(key(3)) is not None
    assert cache.get(key(1)) is None
    assert cache.size() <= 4_000


def test_an_unwritable_root_is_reported_not_raised(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file")
    assert cache.put(key(1), 1) is False
    assert "cannot write" in cache.problem
    assert cache.get(key(1)) is None


def test_no_temporary_file_remains(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(key(1), [1])
    assert [path.suffix for path in tmp_path.rglob("*") if path.is_file()] == [".json"]
    assert digest({"a": 1}) == digest({"a": 1})
