"""Profiles: the marks of other models are spoken, read and held to the same rules."""

from __future__ import annotations

import pytest

from air_cli.analyst_facts import profile as chosen
from air_cli.errors import ReasonerFault, UsageError
from air_cli.loop import Budget, solve
from air_cli.protocol import load_profile, parse, profile_for
from air_cli.protocol_bare import bare_answer
from air_cli.protocol_render import briefing, system
from air_cli.settings import ReasonerSettings
from tests.loop.script import Jails, Scripted, need_jail, no_jail, task

NAMES = ["air", "deepeyes", "interpreter", "pyvision", "thyme"]
FOREIGN = ["deepeyes", "pyvision", "thyme"]


@pytest.mark.parametrize("name", NAMES)
def test_a_profile_is_whole(name: str) -> None:
    profile = load_profile(name)
    assert "{{" not in system(profile) and "highest(rank=1)" in system(profile)
    assert "Question: Q?" in briefing(profile, task("Q?"))
    for mark in profile.results:
        heard = profile.fill("observation", stdout="7", stderr="", value="", images="0")
        assert heard.startswith(mark) and mark in system(profile)
    grammar = profile.grammar_for(profile.actions, 50, 3)
    assert grammar.startswith("root ::= ") and "{{" not in grammar


def test_a_profile_that_is_none() -> None:
    for name in ("nothing", "../air", ""):
        with pytest.raises(UsageError, match="air, deepeyes, interpreter, pyvision, thyme"):
            load_profile(name)


@pytest.mark.parametrize(
    ("model", "name"),
    [("Thyme-RL-7B.Q4_K_M", "thyme"), ("DeepEyesV2-7B", "deepeyes"), ("PyVision-RL", "pyvision"),
     ("Qwen2.5-VL-7B", "air"), ("", "air")],
)  # fmt: skip
def test_the_models_name_chooses(model: str, name: str) -> None:
    assert profile_for(model) == name
    assert chosen(ReasonerSettings("server", served_model=model)) == name
    assert chosen(ReasonerSettings("server", "air", served_model=model)) == "air"
    assert chosen(ReasonerSettings("llama", model=f"/nowhere/{model}.gguf")) == name


REPLIES = {
    "pyvision": (
        "The values are in the chart.\n<code>\n```python\n{code}\n```\n</code>",
        "So it is.\n<answer>\n\\boxed{{{value}}}\n</answer>",
    ),
    "deepeyes": (
        "<think>compute</think>\n<code>\n```python\n{code}\n```\n</code>",
        "<think>done</think>\n<answer>{value}</answer>",
    ),
    "thyme": (
        "<think>compute</think><code>\n```python\n{code}\n```\n</code>",
        "<think>done</think><answer>{value}</answer>",
    ),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_code_then_an_answer_in_words(name: str) -> None:
    """What such a model does: it prints, hears, and answers with a text."""
    need_jail()
    code, answer = REPLIES[name]
    line = "a = chart.value('Revenue', '2019'); b = chart.value('Revenue', '2022'); print(b - a)"
    reasoner = Scripted([code.format(code=line), answer.format(value="4.0")])
    solved = solve(task("What is the difference of 2022 and 2019?", expects="number"),
                   reasoner, Jails(), Budget(), mode="code", profile=name)  # fmt: skip
    trace = solved.trace
    assert trace.answer is not None and trace.answer.value == 4, [s.fault for s in trace.steps]
    assert {e.category for e in trace.answer.evidence} == {"2019", "2022"}, "what the code touched"
    mark = load_profile(name).results[0]
    assert reasoner.heard(1).startswith(mark) and "4.0" in reasoner.heard(1)
    assert "answer" not in (reasoner.wants[0].grammar or "").splitlines()[0]
    assert "answer" in (reasoner.wants[1].grammar or "").splitlines()[0]
    assert trace.provenance["profile"] == name


@pytest.mark.parametrize("name", FOREIGN)
def test_a_printed_value_is_found_again_in_the_chart(name: str) -> None:
    line = REPLIES[name][1].format(value="$15 million" if name == "thyme" else "15")
    reasoner = Scripted([line])
    trace = solve(task("What was revenue in 2021?"), reasoner, no_jail, mode="direct",
                  profile=name).trace  # fmt: skip
    assert trace.answer is not None
    if name != "thyme":
        assert [e.category for e in trace.answer.evidence] == ["2021"]
    else:  # no mark shows this text: the figure as a whole, and far less sure
        assert trace.answer.evidence[0].bbox_px == (0, 0, 100, 60)
        assert trace.answer.confidence < 0.5


@pytest.mark.parametrize("name", FOREIGN)
def test_invented_results_are_cut_off(name: str) -> None:
    profile = load_profile(name)
    code, answer = REPLIES[name]
    invented = f"{code.format(code='print(1)')}\n{profile.results[0]}\n1\n{answer.format(value=9)}"
    parsed = parse(invented, ("code", "answer"), profile)
    assert parsed.action == "code" and parsed.code == "print(1)\n"
    assert "cut off an invented result" in parsed.repairs
    with pytest.raises(ReasonerFault, match="more than one action"):
        parse(f"{code.format(code='x')}\n{answer.format(value=9)}", ("code", "answer"), profile)


@pytest.mark.parametrize("name", FOREIGN)
def test_plans_and_looks_are_not_asked_of_a_model_that_knows_none(name: str) -> None:
    need_jail()
    code = REPLIES[name][0].format(code="answer(chart.value('Revenue', '2021'))")
    reasoner = Scripted([code])
    question = task("What was revenue in 2019? And what was it in 2021?")
    trace = solve(question, reasoner, Jails(), profile=name).trace
    assert [want.action for want in reasoner.wants] == ["code"] and trace.answer is not None


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        ("12.5%", {"value": 12.5, "unit": "%"}),
        (" \\boxed{1,234} ", {"value": 1234, "unit": ""}),
        ("so \\boxed{12.5\\%}.", {"value": 12.5, "unit": "%"}),
        ("\\boxed{\\text{Germany}}", {"value": "Germany"}),
        ("\u22123", {"value": -3, "unit": ""}),
        ("$4.2", {"value": 4.2, "unit": "$"}),
        ("Yes.", {"value": "Yes"}),
        ("2019 to 2021", {"value": "2019 to 2021"}),
        ("Unanswerable: no such bar", {"unanswerable": "Unanswerable: no such bar"}),
    ],
)
def test_bare_answers(text: str, raw: dict[str, object]) -> None:
    assert bare_answer(text) == raw
