"""Names of marks without a label: one form, known to the reader, the reasoner and the toolkit."""

from __future__ import annotations

import pytest

from air_cli.wording import is_placeholder, name_between, nameless
from sandbox.toolkit.answers import PLACEHOLDER


@pytest.mark.parametrize("name", [nameless(3), name_between("2019", "2020")])
def test_what_the_reader_makes_up_is_known_as_no_name(name: str) -> None:
    assert is_placeholder(name)
    assert PLACEHOLDER.fullmatch(name), "the toolkit's copy must refuse it as an answer"


@pytest.mark.parametrize("name", ["Unnamed sources", "between jobs", "2019"])
def test_names_of_the_chart_are_names(name: str) -> None:
    assert not is_placeholder(name)
    assert not PLACEHOLDER.fullmatch(name)
