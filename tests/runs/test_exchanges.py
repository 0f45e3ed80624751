"""Recording what code asks of the reader, and replaying it."""

from __future__ import annotations

from typing import Any

import pytest

from air_cli.errors import ItemError
from air_cli.records import Text, Trace, from_json, to_json
from air_cli.store_exchanges import Recorder, Replayer
from tests.runs.traces import trace

REREAD = {"what": "reread", "figure": "p1-f1", "box": [1.0, 2.0, 3.0, 4.0], "factor": 3.0}
ZOOM = {**REREAD, "what": "zoom", "box": None, "factor": 2.0}
WRONG = {**REREAD, "figure": "p9-f9"}


def reader(request: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    if request["figure"] != "p1-f1":
        raise ItemError("no figure p9-f9 here", kind="request")
    if request["what"] == "zoom":
        return {}, [b"png"]
    return {"texts": [to_json(Text("42", (1.0, 2.0, 3.0, 4.0), "label", 0.9))]}, []


def test_a_replay_says_what_the_reader_said() -> None:
    recorder = Recorder(reader)
    said = [recorder(dict(request)) for request in (REREAD, ZOOM, REREAD)]
    with pytest.raises(ItemError):
        recorder(dict(WRONG))
    assert len(recorder.exchanges) == 3
    stored = from_json(Trace, to_json(trace(exchanges=recorder.exchanges)))
    replay = Replayer(stored.exchanges, recorder.images)
    assert [replay(dict(request)) for request in (REREAD, ZOOM, REREAD)] == said
    with pytest.raises(ItemError, match="no figure p9-f9 here"):
        replay(dict(WRONG))


def test_what_was_never_asked_is_refused() -> None:
    with pytest.raises(ItemError, match="holds no such request"):
        Replayer((), {})(dict(ZOOM))


def test_a_picture_that_is_gone_is_named() -> None:
    recorder = Recorder(reader)
    recorder(dict(ZOOM))
    with pytest.raises(ItemError, match=r"exchange-01\.png is not beside the trace"):
        Replayer(recorder.exchanges, {})(dict(ZOOM))
