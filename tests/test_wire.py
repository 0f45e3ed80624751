"""Frames arrive whole or are refused."""

from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from air_cli.wire import Closed, Limits, WireError, receive, send

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), json_values, max_size=4), st.lists(st.binary(), max_size=4))
def test_a_frame_arrives_as_sent(body: dict[str, object], blobs: list[bytes]) -> None:
    stream = io.BytesIO()
    send(stream, body, blobs)
    send(stream, {}, [])
    stream.seek(0)
    frame = receive(stream)
    assert (frame.body, frame.blobs) == (body, blobs)
    assert receive(stream).body == {}
    with pytest.raises(Closed):
        receive(stream)


@given(st.binary(min_size=1, max_size=200))
def test_garbage_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        receive(io.BytesIO(data))


@given(st.integers(0, 60))
def test_a_frame_cut_short_is_refused(keep: int) -> None:
    stream = io.BytesIO()
    send(stream, {"op": "open", "name": "chart.png"}, [b"x" * 20])
    with pytest.raises(WireError):
        receive(io.BytesIO(stream.getvalue()[:keep]))


def framed(header: bytes) -> io.BytesIO:
    return io.BytesIO(struct.pack(">I", len(header)) + header)


@pytest.mark.parametrize(
    "header",
    [
        b"[]",
        b'{"body": {}}',
        b'{"blobs": [-1], "body": {}}',
        b'{"blobs": [true], "body": {}}',
        b'{"blobs": ["1"], "body": {}}',
        b'{"blobs": [], "body": []}',
        b'{"blobs": [999999999999], "body": {}}',
        b"[" * 100_000,
    ],
)
def test_a_hostile_header_is_refused(header: bytes) -> None:
    with pytest.raises(WireError):
        receive(framed(header))


def test_the_limits_come_before_the_memory() -> None:
    with pytest.raises(WireError, match="limit"):
        receive(io.BytesIO(struct.pack(">I", 2**32 - 1)))
    stream = io.BytesIO()
    send(stream, {}, [b"x" * 100])
    stream.seek(0)
    with pytest.raises(WireError, match="limit"):
        receive(stream, Limits(blobs=99))
