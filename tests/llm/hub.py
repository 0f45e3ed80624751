"""A hub on a free port of this machine: just enough of its protocol, and its usual mishaps."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMIT = "c0ffee" + "0" * 34


class Handler(BaseHTTPRequestHandler):
    """Lists repositories and serves their files by ranges, by way of a redirect to a storage."""

    server: FakeHub

    def do_GET(self) -> None:
        self.server.seen.append((self.path, dict(self.headers)))
        path = self.path.partition("?")[0]
        if self.server.status:
            self.send_error(self.server.status)
        elif found := re.fullmatch(r"/api/models/([^/]+/[^/]+)/revision/\w+", path):
            self.listing(found[1])
        elif found := re.fullmatch(rf"/([^/]+/[^/]+)/resolve/{COMMIT}/(.+)", path):
            self.send_response(302)
            self.send_header("Location", f"/storage/{found[1]}/{found[2]}")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif found := re.fullmatch(r"/storage/([^/]+/[^/]+)/(.+)", path):
            self.file(self.server.repos[found[1]][found[2]])
        else:
            self.send_error(404)

    def listing(self, repo: str) -> None:
        if repo not in self.server.repos:
            self.send_error(404)
            return
        files = [
            {
                "rfilename": name,
                "size": len(data),
                "lfs": {
                    "sha256": hashlib.sha256(data).hexdigest(),
                    "size": len(data),
                    "pointerSize": 134,
                },
            }
            for name, data in self.server.repos[repo].items()
        ]
        body = {"id": repo, "sha": COMMIT, "siblings": files, "cardData": {"license": "apache-2.0"}}
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def file(self, data: bytes) -> None:
        start = int(re.sub(r"\D", "", self.headers.get("Range", "0")) or 0)
        part = data[start:]
        self.send_response(206 if "Range" in self.headers else 200)
        self.send_header("Content-Length", str(len(part)))
        self.end_headers()
        if self.server.drops:
            part = part[: self.server.drops.pop(0)]
        if self.server.flip:
            part = bytes([part[0] ^ 1]) + part[1:]
        self.wfile.write(part)
        self.server.sent += len(part)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class FakeHub(ThreadingHTTPServer):
    """`drops`: bytes after which the next answers break off; `flip`: a bit is wrong; `status`:
    what is answered to everything."""

    daemon_threads = True

    def __init__(self, repos: dict[str, dict[str, bytes]]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.repos = repos
        self.drops: list[int] = []
        self.flip, self.status, self.sent = False, 0, 0
        self.seen: list[tuple[str, dict[str, str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def serving(repos: dict[str, dict[str, bytes]]) -> Iterator[FakeHub]:
    """A hub with these repositories."""
    with FakeHub(repos) as hub:
        thread = threading.Thread(target=hub.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield hub
        finally:
            hub.shutdown()
            thread.join()
