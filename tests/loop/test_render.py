"""Messages from templates: the toolkit's description, charts as data, long things cut."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from air_cli.errors import UsageError
from air_cli.protocol import load_profile
from air_cli.protocol_render import briefing, chart_text, clipped, system
from air_cli.protocol_toolkit import toolkit_description
from air_cli.records import Figure, Text, to_json
from sandbox.toolkit.session import make_session
from tests.loop.script import FIGURE, revenue, task

PROFILE = load_profile("air")
KNOWN_TO_ALL = {"np", "pd", "__name__", "charts", "chart", "document"}


def test_the_toolkit_description_is_in_step_with_a_live_session() -> None:
    session = make_session([to_json(revenue())], {}, lambda body: ({"ok": False}, []))
    text = toolkit_description()
    heads = set(re.findall(r"^\w+", text, re.M))
    missing = set(session.namespace) - heads - KNOWN_TO_ALL
    assert not missing, f"generated code sees names that the prompt does not tell of: {missing}"
    chart = session.namespace["chart"]
    for kind in (chart, chart.points, chart.points.items[0], session.namespace["document"]):
        assert type(kind).__name__ in heads
    for name in ("value(series, category=None)", "highest(rank=1)", "growth_rate(a, b)"):
        assert name in text
    assert "(b - a) / |a| * 100" in text, "formulas are told"
    # Some 2,800 tokens: a model of 8192 must have room left for charts, turns and its reply.
    assert len(system(PROFILE)) < 11_000
    assert text in system(PROFILE)


def test_a_chart_as_data() -> None:
    chart = replace(
        revenue("geometry"),
        problems=("two labels overlap",),
        text=(Text("Source: us", (0, 0, 1, 1), "source"), Text("2019", (0, 0, 1, 1), "tick")),
    )
    text = chart_text(PROFILE, chart, replace(FIGURE, caption="Figure 7"))
    assert "Revenue\t2021\t15.0\t14.2\t15.8\tgeometry\t15" in text
    for part in ("page 3", "Figure 7", "$ million", "two labels overlap", "source: Source: us"):
        assert part in text
    assert "tick: 2019" not in text


def test_long_tables_and_texts_are_cut() -> None:
    chart = replace(revenue(), marks=revenue().marks * 100)
    text = chart_text(PROFILE, chart, None, rows=20)
    assert "(+380: chart.df)" in text and len(text) < 2000
    assert len(clipped("x" * 10000, 100)) < 120


def test_names_cannot_break_the_table() -> None:
    mark = replace(revenue().marks[0], series="a\tb\nc")
    text = chart_text(PROFILE, replace(revenue(), marks=(mark,)), None)
    assert "\na b c\t2019\t10" in text


def test_no_digit_is_noise() -> None:
    first = revenue().marks[0]
    noisy = replace(first, value=12.091834, low=12.051403, high=12.132262)
    large = replace(first, value=1234567.8, low=1234000.0, high=1235000.0)
    tiny = replace(first, value=1.5e-9, low=1e-9, high=2e-9)
    text = chart_text(PROFILE, replace(revenue(), marks=(noisy, large, tiny)), None)
    assert "12.09\t12.05\t12.13" in text and "1234568\t1234000\t1235000" in text
    assert "0.0000000015\t0.0000000010" in text


def test_the_briefing_tells_what_is_expected() -> None:
    what = task("How much?", expects="number")
    text = briefing(PROFILE, replace(what, figures=(Figure("p1-f1", "", 9, (0, 0, 1, 1)),)))
    assert "Question: How much?" in text and "number" in text and "page 9" in text


def test_braces_in_data_are_not_slots() -> None:
    what = task("What is {{system}}?")
    assert "What is {{system}}?" in briefing(PROFILE, what)


def test_an_unknown_profile_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="nonesuch"):
        load_profile("nonesuch")
