"""The work of `air models pull`."""

from __future__ import annotations

import contextlib
import difflib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from air_cli.config import Config
from air_cli.errors import EnvironmentFault, UsageError
from air_cli.events import NORMAL, reporter
from air_cli.files import write_fault
from air_cli.models import Store, Stored, check_pair, free_bytes
from air_cli.models_catalogue import ANY, Known, catalogue
from air_cli.models_hub import SPARE, Hub, HubFile, Listing, Tell, pick

HUB = "https://huggingface.co"


class Pull:
    """One pull: choose the files, fetch them, check them, keep them."""

    def __init__(
        self,
        config: Config,
        name: str,
        file: str | None = None,
        projector: str | None = None,
        called: str = "",
        revision: str = "main",
    ) -> None:
        known = _known(name)
        if file:
            known = replace(known, files=(file,))
        if projector:
            known = replace(known, projectors=() if projector == "none" else (projector,))
        self._known, self._must_see = known, projector not in (None, "none")
        self._revision = revision
        self._name = called or known.name
        self._store = Store(config.models_dir())
        self._folder = self._store.folder(self._name)
        self._hub = Hub(config.models.hub or HUB, config.models.token)

    def run(self) -> Stored:
        """Raises `UsageError` for what is not there, `EnvironmentFault` when it cannot be had."""
        listing = self._hub.listing(self._known.repo, self._revision)
        files = self._files(listing)
        if self._is_here(listing, files):
            reporter.note(f"air: {self._name} is here already")
            return self._store.get(self._name)
        self._room(files)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise write_fault(self._folder, error) from error
        sums: dict[str, str] = {}
        for file in files:
            target = self._folder / Path(file.path).name
            with _telling(target.name) as tell:
                sums[target.name] = self._hub.fetch(listing, file, target, tell)
        return self._keep(listing, files, sums)

    def _files(self, listing: Listing) -> list[HubFile]:
        model = pick(listing, self._known.files, projector=False)
        if model is None:
            wanted = " or ".join(self._known.files)
            raise UsageError(f"{listing.repo}: no file in one part fits {wanted}")
        eyes = pick(listing, self._known.projectors, projector=True)
        if eyes is None and self._must_see:
            raise UsageError(f"{listing.repo}: no projector fits {self._known.projectors[0]}")
        return [model, *([eyes] if eyes else [])]

    def _is_here(self, listing: Listing, files: list[HubFile]) -> bool:
        if not self._store.has(self._name):
            return False
        stored = self._store.get(self._name)
        if stored.linked or stored.repo != listing.repo:
            raise UsageError(
                f"there is a model {self._name!r} already: --as NAME, or air models rm {self._name}"
            )
        same = {Path(file.path).name: file.sha256 for file in files} == dict(stored.files)
        return same and all((self._folder / name).is_file() for name in stored.files)

    def _room(self, files: list[HubFile]) -> None:
        """All of it must fit before any of it is fetched."""
        needed = sum(file.size for file in files) + SPARE
        parts = self._folder.glob(".*.part") if self._folder.is_dir() else ()
        had = sum(path.stat().st_size for path in parts)
        free = free_bytes(self._folder)
        if free < needed - had:
            message = f"{self._store.root}: {free / 1e9:.1f} GB are free, {needed / 1e9:.1f} needed"
            raise EnvironmentFault(message, fix="free some space, or set models.dir")

    def _keep(self, listing: Listing, files: list[HubFile], sums: dict[str, str]) -> Stored:
        names = [Path(file.path).name for file in files]
        found = check_pair(*(self._folder / name for name in names))
        stored = Stored(
            name=self._name,
            model=names[0],
            mmproj="".join(names[1:]),
            files=sums,
            size=sum(file.size for file in files),
            repo=listing.repo,
            revision=listing.commit,
            licence=listing.licence or self._known.licence,
        )
        self._store.keep(stored)
        licence = f"licence: {stored.licence or 'see its page'}"
        reporter.note(f"air: {self._name}: {stored.size / 1e9:.2f} GB, {found}; {licence}")
        reporter.note(f"air: use it with --model {self._name}, or air models default {self._name}")
        return stored


def _known(name: str) -> Known:
    listed = {one.name: one for one in catalogue()}
    if name in listed:
        return listed[name]
    owner, slash, repo = name.partition("/")
    if slash and owner and repo and "/" not in repo:
        short = repo.lower().removesuffix("-gguf").removesuffix("-instruct")
        return replace(ANY, name=short, repo=name)
    close = difflib.get_close_matches(name, listed, 1)
    hint = f"perhaps you meant {close[0]}?" if close else "air models lists them; or OWNER/REPO"
    raise UsageError(f"the catalogue has no model {name!r}: {hint}")


@contextlib.contextmanager
def _telling(name: str) -> Iterator[Tell]:
    """Progress on a terminal; elsewhere a line for every tenth."""
    if reporter.level >= NORMAL and reporter.stderr().isatty():
        from rich.console import Console
        from rich.progress import DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

        columns = (*Progress.get_default_columns()[:3], DownloadColumn(), TransferSpeedColumn())
        console = Console(file=reporter.stderr())
        with Progress(*columns, TimeRemainingColumn(), console=console) as bar:
            task = bar.add_task(name)
            yield lambda done, size: bar.update(task, completed=done, total=size)
        return
    told = -1

    def tell(done: int, size: int) -> None:
        nonlocal told
        tenth = 10 * done // max(size, 1)
        if tenth > told:
            told = tenth
            reporter.note(f"air: {name}: {tenth * 10}% of {size / 1e9:.2f} GB")

    yield tell
