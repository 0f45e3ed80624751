"""One HTTP request with a deadline and a limit of size, over the standard library."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from air_cli.errors import ItemError

SIZE = 8 * 2**20
CONNECT_SECONDS = 10.0


class Unreachable(Exception):
    """Nobody answers at this address."""


class ServerTimeout(Exception):
    """The deadline has passed."""


@dataclass(frozen=True)
class Answer:
    """A server's answer."""

    status: int
    data: bytes

    def json(self) -> dict[str, Any]:
        """The body as an object. Raises `ItemError` (kind `server`) when it is none."""
        try:
            body = json.loads(self.data)
        except (ValueError, RecursionError):
            raise ItemError("the server's answer is not JSON", kind="server") from None
        if not isinstance(body, dict):
            raise ItemError("the server's answer is not a JSON object", kind="server")
        return body

    def said(self) -> str:
        """What the server says of an error, in a line."""
        text = self.data[:2000].decode("utf-8", "replace")
        try:
            body = json.loads(self.data)
            error = body.get("error") or body.get("message") or body.get("detail")
            text = error.get("message", text) if isinstance(error, dict) else str(error or text)
        except (ValueError, AttributeError, RecursionError):
            text = text or "nothing"
        return " ".join(str(text).split())[:300]


class Endpoint:
    """The base address of an API and its key."""

    def __init__(self, url: str, key: str) -> None:
        self._parts = urlsplit(url)
        self._headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"

    def request(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None,
        deadline: float,
        feed: Callable[[bytes], None] | None = None,
    ) -> Answer:
        """One request, the answer read by `deadline` (monotonic); `feed` hears a good one as it
        comes.

        Raises `Unreachable`, `ServerTimeout`, `ItemError` (kind `server`: the connection dropped,
        the answer is too large or no HTTP).
        """
        connection = self._connect(deadline)
        try:
            data = json.dumps(body).encode() if body is not None else None
            connection.request(method, self._parts.path.rstrip("/") + path, data, self._headers)
            sock: socket.socket = connection.sock  # the response takes it over and hides it
            sock.settimeout(_left(deadline))
            response = connection.getresponse()
            heard = feed if response.status == 200 else None
            return Answer(response.status, _read(sock, response, deadline, heard))
        except TimeoutError:
            raise ServerTimeout from None
        except (OSError, http.client.HTTPException) as error:
            said = str(error) or type(error).__name__
            raise ItemError(f"the server dropped the connection: {said}", kind="server") from error
        finally:
            connection.close()

    def _connect(self, deadline: float) -> http.client.HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        seconds = min(CONNECT_SECONDS, _left(deadline))
        if self._parts.scheme == "https":
            context = ssl.create_default_context()
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                host, port, timeout=seconds, context=context
            )
        else:
            connection = http.client.HTTPConnection(host, port, timeout=seconds)
        try:
            connection.connect()
        except (OSError, UnicodeError) as error:  # ssl and socket.gaierror are OSErrors
            raise Unreachable(str(error) or type(error).__name__) from error
        return connection


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise ServerTimeout
    return left


def _read(
    sock: socket.socket,
    response: http.client.HTTPResponse,
    deadline: float,
    feed: Callable[[bytes], None] | None,
) -> bytes:
    """The body in pieces, so that a server that drips cannot outstay the deadline."""
    data = bytearray()
    while not response.isclosed():
        sock.settimeout(_left(deadline))
        piece = response.read1(2**16)
        if not piece:
            break
        data += piece
        if feed is not None:
            feed(piece)
        if len(data) > SIZE:
            raise ItemError(f"the server's answer is larger than {SIZE} bytes", kind="server")
    if response.length:
        raise http.client.IncompleteRead(bytes(data), response.length)
    return bytes(data)
