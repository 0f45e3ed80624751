"""Fetch model files from the hub: resumed, checked against their sha256, within the free space.

Only what the hub's plain protocol has: the listing of a repository at a revision with sizes and
sha256, and files by HTTP ranges. (`huggingface_hub` 2 throws partial files away, warns of a full
disk rather than stop, and does not hold the bytes against their sum.)
"""

from __future__ import annotations

import fnmatch
import hashlib
import http.client
import json
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from air_cli.errors import EnvironmentFault, UsageError
from air_cli.files import write_fault
from air_cli.models import free_bytes

SECONDS = 30.0
RETRIES, PAUSE = 5, 1.0
PIECE = 2**20
LISTING = 16 * 2**20
SPARE = 64 * 2**20
LOCAL = ("localhost", "127.0.0.1", "::1")
# Of an OSError: the connection's, not the disk's.
WIRE = (ConnectionError, TimeoutError, urllib.error.URLError, ssl.SSLError)
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class HubFile:
    """A file of a repository; `sha256` is empty for small files that are no LFS objects."""

    path: str
    size: int
    sha256: str = ""


@dataclass(frozen=True)
class Listing:
    """A repository at one commit."""

    repo: str
    commit: str
    licence: str
    files: tuple[HubFile, ...]


class Hub:
    """A hub by its address. Raises `UsageError` for an address that cannot be one, or that would
    carry the token unencrypted over a network."""

    def __init__(self, endpoint: str, token: str = "") -> None:
        parts = urlsplit(endpoint)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError(f"models.hub: {endpoint!r} is not an http:// or https:// address")
        if token and parts.scheme == "http" and parts.hostname not in LOCAL:
            raise UsageError(f"models.hub: {endpoint} would send the token unencrypted")
        self._endpoint, self._token = endpoint.rstrip("/"), token
        self._opener = urllib.request.build_opener(_Redirects())

    def listing(self, repo: str, revision: str = "main") -> Listing:
        """The files of a repository. Raises `UsageError` when there is none, `EnvironmentFault`
        when the hub cannot be used."""
        path = f"/api/models/{quote(repo)}/revision/{quote(revision, safe='')}?blobs=true"
        try:
            with self._open(path, repo) as response:
                data = response.read(LISTING)
        except (OSError, http.client.HTTPException) as error:
            raise self._broken(str(error) or type(error).__name__) from None
        try:
            body = json.loads(data)
            files = tuple(map(_file, body["siblings"]))
            licence = (body.get("cardData") or {}).get("license", "")
            return Listing(repo, str(body["sha"]), str(licence), files)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            message = f"{self._endpoint}: its answer on {repo} is no listing of files"
            raise EnvironmentFault(message, fix="check models.hub (HF_ENDPOINT)") from None

    def fetch(self, listing: Listing, file: HubFile, target: Path, tell: Tell) -> str:
        """Fetch a file to `target`, going on where an earlier try stopped; returns its sha256.

        `tell(done, size)` hears of the progress. Raises `EnvironmentFault` when the disk is too
        small, the connection fails again and again, or the sum is another.
        """
        part = target.with_name(f".{target.name}.{(file.sha256 or listing.commit)[:12]}.part")
        _check_space(target.parent, file, part)
        tries = 0
        while True:
            before = _size(part)
            try:
                self._rest(listing, file, part, tell)
                break
            except (OSError, http.client.HTTPException) as error:
                if isinstance(error, OSError) and not isinstance(error, WIRE):
                    raise write_fault(part, error) from error
                tries = 0 if _size(part) > before else tries + 1
                if tries >= RETRIES:
                    raise self._broken(f"{file.path}: {error or type(error).__name__}") from error
                time.sleep(PAUSE * tries)
        sha256 = _checked(part, file)
        part.replace(target)
        return sha256

    def _rest(self, listing: Listing, file: HubFile, part: Path, tell: Tell) -> None:
        """What is missing of the file, appended to `part`. Raises `OSError` and
        `HTTPException` when the connection breaks."""
        start = _size(part)
        if start > file.size:
            part.unlink()
            start = 0
        if start == file.size and part.exists():
            return
        path = f"/{quote(listing.repo)}/resolve/{quote(listing.commit)}/{quote(file.path)}"
        with self._open(path, file.path, {"Range": f"bytes={start}-"}) as response:
            resumed = response.status == 206
            with part.open("ab" if resumed else "wb") as out:
                done = start if resumed else 0
                tell(done, file.size)
                while piece := response.read(PIECE):
                    done += len(piece)
                    if done > file.size:
                        raise self._broken(f"{file.path}: more than its {file.size} bytes came")
                    out.write(piece)
                    tell(done, file.size)
        if done < file.size:
            raise http.client.HTTPException(f"the connection ended after {done} bytes")

    def _open(self, path: str, what: str, headers: dict[str, str] | None = None) -> Any:
        request = urllib.request.Request(self._endpoint + path, headers=headers or {})
        request.add_header("User-Agent", "air-cli")
        request.add_header("Accept-Encoding", "identity")
        if self._token:
            request.add_unredirected_header("Authorization", f"Bearer {self._token}")
        try:
            return self._opener.open(request, timeout=SECONDS)
        except urllib.error.HTTPError as error:
            error.close()
            raise self._refusal(error.code, what) from None
        except urllib.error.URLError as error:
            if headers:  # in the middle of files: worth another try
                raise ConnectionError(str(error.reason)) from error
            raise self._broken(str(error.reason)) from None
        except TimeoutError as error:
            if headers:
                raise
            raise self._broken("no answer in time") from error

    def _refusal(self, status: int, what: str) -> Exception:
        if status == 404:
            return UsageError(f"{self._endpoint}: there is no {what}")
        if status in (401, 403):
            return EnvironmentFault(
                f"{self._endpoint}: {what} is not open to everybody ({status})",
                fix="accept its licence on its page and set HF_TOKEN, or check its name",
            )
        if status == 429 or status >= 500:
            return http.client.HTTPException(f"the hub says {status}")
        return self._broken(f"{what}: the hub says {status}")

    def _broken(self, reason: str) -> EnvironmentFault:
        fix = "check the network and models.hub (HF_ENDPOINT); pull again to go on"
        return EnvironmentFault(f"{self._endpoint}: {reason}", fix=fix)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows the hub to its storage, but never from an encrypted address to an open one. The
    token is an unredirected header: it stays with the hub."""

    def redirect_request(
        self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> Any:
        if req.full_url.startswith("https:") and not newurl.startswith("https:"):
            raise urllib.error.URLError(f"it redirects to the unencrypted {newurl[:80]}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _file(item: Any) -> HubFile:
    lfs = item.get("lfs") or {}
    size = lfs.get("size", item.get("size"))
    return HubFile(str(item["rfilename"]), int(size or 0), str(lfs.get("sha256", "")).lower())


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _check_space(folder: Path, file: HubFile, part: Path) -> None:
    needed, free = file.size - _size(part) + SPARE, free_bytes(folder)
    if free < needed:
        message = (
            f"{folder}: {free / 1e9:.1f} GB are free; {file.path} needs {needed / 1e9:.1f} GB more"
        )
        raise EnvironmentFault(message, fix="free some space, or set models.dir to another disk")


def _checked(part: Path, file: HubFile) -> str:
    with part.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    if file.sha256 and sha256 != file.sha256:
        part.unlink()
        message = f"{file.path}: its sha256 is {sha256}, the hub says {file.sha256}"
        raise EnvironmentFault(message, fix="it was thrown away; pull it again")
    return sha256


def pick(listing: Listing, patterns: Sequence[str], *, projector: bool) -> HubFile | None:
    """The first file that fits the first pattern that any file fits; projectors begin with
    `mmproj` (or contain it)."""
    files = [f for f in listing.files if f.path.lower().endswith(".gguf")]
    sort = [f for f in files if ("mmproj" in f.path.lower()) == projector]
    for pattern in patterns:
        found = [
            f for f in sort if fnmatch.fnmatch(f.path.lower(), pattern.lower()) and _whole(f.path)
        ]
        if found:
            return min(found, key=lambda f: (len(f.path), f.path))
    return None


def _whole(path: str) -> bool:
    return "-of-0" not in path
