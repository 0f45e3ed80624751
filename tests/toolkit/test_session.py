"""Steps against the toolkit, as the guest runs them."""

from __future__ import annotations

import pytest

from sandbox.toolkit.names import NoSuch
from tests.toolkit.charts import Json, chart_of, run, session_of

SALES = chart_of(
    {"Revenue": [12.0, 15.5, 18.0], "Costs": [10.0, 11.0, 13.5]},
    ["2021", "2022", "2023"],
    colors=["#2876dd", "#d62728"],
    unit="$M",
)


def test_value_is_answered_with_the_mark_as_evidence() -> None:
    report = run(session_of(SALES), "answer(chart.value('revenue', 2023), unit=chart.unit)")
    assert report.answer is not None
    assert (report.answer["value"], report.answer["unit"]) == (18.0, "$M")
    assert [(e["series"], e["category"]) for e in report.answer["evidence"]] == [
        ("Revenue", "2023")
    ]
    assert report.answer["evidence"][0]["bbox_px"] == [80.0, 100.0, 88.0, 200.0]
    assert report.answer["evidence"][0]["figure_id"] == "p1-f1"


def test_a_step_starts_with_nothing_touched_or_answered() -> None:
    session = session_of(SALES)
    run(session, "answer(chart.value('revenue', 2023))")
    report = run(session, "x = 1")
    assert report.answer is None and report.touched == []


def test_computations_touch_what_they_read_and_filters_do_not() -> None:
    session = session_of(SALES)
    assert len(run(session, "chart.series('costs').sum()").touched) == 3
    assert run(session, "chart.series('costs').above(11)").touched == []
    assert len(run(session, "chart.series('costs').highest()").touched) == 1
    assert run(session, "chart.df['value'].max()").touched == []


def test_numpy_values_become_plain_and_non_finite_ones_raise() -> None:
    session = session_of(SALES)
    report = run(session, "answer([np.float64(1.5), np.int64(2), np.bool_(True)], evidence=[])")
    assert report.answer is not None
    assert report.answer["value"] == [1.5, 2, True]
    assert [type(item) for item in report.answer["value"]] == [float, int, bool]
    for code in ("answer(float('nan'))", "answer(np.inf)", "answer([1.0, np.nan])"):
        with pytest.raises(ValueError, match="finite"):
            run(session, code)
    with pytest.raises(TypeError, match="dict"):
        run(session, "answer({'a': 1})")


def test_the_answer_is_given_once() -> None:
    with pytest.raises(RuntimeError, match="already"):
        run(session_of(SALES), "answer(1); answer(2)")


def test_a_wrong_name_is_told_what_there_is() -> None:
    with pytest.raises(NoSuch, match=r"'Costs', 'Revenue'"):
        run(session_of(SALES), "chart.value('Profit', 2023)")


def test_reread_goes_through_the_request() -> None:
    asked: list[Json] = []

    def reader(body: Json) -> tuple[Json, list[bytes]]:
        asked.append(body)
        return {"ok": True, "texts": [{"text": "18.0", "bbox_px": [1, 2, 3, 4]}]}, []

    session = session_of(SALES, request=reader)
    report = run(session, "p = chart.point('Revenue', 2023); answer(reread(p.box)[0]['text'])")
    assert report.answer is not None and report.answer["value"] == "18.0"
    assert asked == [
        {
            "op": "request", "what": "reread", "figure": "p1-f1",
            "box": [80.0, 100.0, 88.0, 200.0], "factor": 3.0,
        }
    ]  # fmt: skip
    with pytest.raises(RuntimeError, match="no reader"):
        run(session_of(SALES), "zoom((0, 0, 10, 10))")
