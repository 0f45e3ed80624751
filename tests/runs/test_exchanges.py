"""Recording what code asks of the reader, and replaying it."""

from __future__ import annotations

from typing import Any

from air_cli.exchanges import Recorder, Replayer
from air_cli.records import Trace, from_json, to_json
from tests.runs.traces import trace

REREAD = {"op": "request", "what": "reread", "figure": "p1-f1", "box": [1, 2, 3, 4], "factor": 3}
ZOOM = {**REREAD, "what": "zoom", "factor": 2.0}
WRONG = {**REREAD, "figure": "p9-f9"}


def reader(request: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    if request["figure"] != "p1-f1":
        return {"op": "reply", "ok": False, "error": {"kind": "request", "message": "no p9-f9"}}, []
    if request["what"] == "zoom":
        return {"op": "reply", "ok": True}, [b"png"]
    text = {"text": "42", "bbox_px": [1, 2, 3, 4], "role": "label", "confidence": 0.9}
    return {"op": "reply", "ok": True, "texts": [text]}, []


def test_a_replay_says_what_the_reader_said() -> None:
    recorder = Recorder(reader)
    said = [recorder(dict(request)) for request in (REREAD, ZOOM, WRONG, REREAD)]
    assert len(recorder.exchanges) == 3
    stored = from_json(Trace, to_json(trace(exchanges=tuple(recorder.exchanges))))
    replay = Replayer(stored.exchanges, recorder.images)
    for request, (body, blobs) in zip((REREAD, ZOOM, WRONG), said[:3], strict=True):
        again, pictures = replay(dict(request))
        assert pictures == blobs
        assert again["ok"] == body["ok"]
        assert again.get("texts", []) == body.get("texts", [])
        assert again.get("error") == body.get("error")


def test_what_was_never_asked_is_refused() -> None:
    body, blobs = Replayer((), {})(dict(ZOOM))
    assert (body["ok"], blobs) == (False, [])
