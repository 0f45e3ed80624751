"""Which option of a question a value means."""

from __future__ import annotations

import pytest

from sandbox.toolkit.names import NoSuch
from sandbox.toolkit.options import option_of

TREND = ["It rose steadily.", "It remained constant.", "It fell.", "It fluctuated."]


@pytest.mark.parametrize(
    ("value", "options", "wanted"),
    [
        (15.8, ["$13.9 million", "$17.0 million", "$15.6 million"], 2),
        (1200.0, ["$1.2 billion", "$2.4 billion", "$900 million"], 0),
        (-2.0, ["$0.5", "$2.3", "$(2.0)"], 2),
        (12.0, ["0-10%", "10-15%", "15-20%"], 1),
        (-5.5, ["It fell from $50.2M to $44.7M", "It rose from $44.7M to $50.2M"], 0),
        ("Q4 2013", ["1Q'13", "4Q'13", "4Q'14"], 1),
        ("United States", ["U.K.", "Brazil", "U.S."], 2),
        ("increasing", TREND, 0),
        ("fluctuating", TREND, 3),
        (["2017", "2020"], ["2011 and 2015", "2017 and 2020", "2020 and 2021"], 1),
        (True, ["Yes", "No"], 0),
    ],
)
def test_the_option_that_is_meant(value: object, options: list[str], wanted: int) -> None:
    assert option_of(value, options) == options[wanted]


@pytest.mark.parametrize(
    ("value", "options"),
    [
        (50.0, ["$13.9 million", "$17.0 million"]),
        ("2001", ["2011 and 2015", "2017 and 2020"]),
        ("Asia", ["Europe", "Africa"]),
        ("Asia", ["Asia", "asia"]),
    ],
)
def test_none_or_several_are_refused(value: object, options: list[str]) -> None:
    with pytest.raises(NoSuch):
        option_of(value, options)
