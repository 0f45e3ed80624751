"""Fixtures: a jail to attack, and the same Python outside of it for the control."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from air_cli.errors import EnvironmentFault
from air_cli.jail.code import CodeJail
from air_cli.jail.probe import require_jail


@pytest.fixture(scope="session")
def jail_here() -> None:
    """Skips where no jail can be made; fails where one is promised (AIR_REQUIRE_JAIL=1, in CI)."""
    try:
        require_jail()
    except EnvironmentFault as error:
        if os.environ.get("AIR_REQUIRE_JAIL") == "1":
            pytest.fail(f"AIR_REQUIRE_JAIL is set, but: {error}")
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def jail(jail_here: None) -> Iterator[CodeJail]:
    """A session that the tests of a module share: attacks leave nothing behind."""
    with CodeJail() as made:
        made.load([], {})
        yield made


@pytest.fixture
def fresh(jail_here: None) -> Iterator[CodeJail]:
    """A session of one's own, for what breaks a jail."""
    with CodeJail() as made:
        made.load([], {})
        yield made
