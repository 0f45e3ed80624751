"""Replies taken apart: what is accepted, what is mended, what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from air_cli.errors import ReasonerFault
from air_cli.protocol import ACTIONS, Look, parse

CODE = "answer(1)\n"


@pytest.mark.parametrize(
    ("reply", "repairs"),
    [
        ("<think>why</think>\n<code>\nanswer(1)\n</code>", ()),
        ("<code>answer(1)</code>", ()),
        ("why</think><code>answer(1)</code>", ("opened the thought",)),
        ("<think>why\n<code>answer(1)</code>", ("closed the thought",)),
        ("<think>why</think><code>\nanswer(1)", ("closed <code>",)),
        ("<think>why</think>\n```python\nanswer(1)\n```\n", ("took the fenced block as code",)),
        ("<code>\n```python\nanswer(1)\n```\n</code>", ()),
        ("<code>answer(1)</code>\nDone.", ("dropped text after the action",)),
    ],
)
def test_code_is_found_and_mended(reply: str, repairs: tuple[str, ...]) -> None:
    parsed = parse(reply)
    assert (parsed.action, parsed.code, parsed.repairs) == ("code", CODE, repairs)


def test_the_thought_may_mention_tags() -> None:
    parsed = parse("<think>I will write <code> and <answer></think><code>x = '<b>'</code>")
    assert parsed.thought == "I will write <code> and <answer>"
    assert parsed.code == "x = '<b>'\n"


def test_looks_plans_and_answers() -> None:
    parsed = parse('<look>{"figure": "p1-f1", "box": [1, 2, 30, 40], "factor": 3}</look>')
    assert parsed.look == Look("p1-f1", (1.0, 2.0, 30.0, 40.0), 3.0)
    assert parse('<plan>["a?", " b? "]</plan>').plan == ("a?", "b?")
    assert parse('<answer>{"value": [1, 2]}</answer>').answer == {"value": [1, 2]}


@pytest.mark.parametrize(
    ("reply", "hint"),
    [
        ("", "<code>"),
        ("no action at all", "<code>"),
        ("<code>a</code><code>b</code>", "more than one"),
        ("<code>a</code><answer>{}</answer>", "more than one"),
        ("<code>a</answer>", "not closed"),
        ("<code>  \n </code>", "empty"),
        ("<answer>12</answer>", "object"),
        ('<answer>{"value": NaN}</answer>', "NaN"),
        ("<answer>{'value': 1}</answer>", "JSON"),
        ("<answer>" + "[" * 100000 + "</answer>", "answer"),
        ("<plan>[]</plan>", "1 to"),
        ('<plan>["a", 3]</plan>', "1 to"),
        ('<look>{"box": [1, 2, 3]}</look>', "box"),
        ('<look>{"box": [1, 2, 3, true]}</look>', "box"),
        ('<look>{"factor": 99}</look>', "factor"),
        ("<code>" + "x = 1\n" * 10000 + "</code>", "limit"),
    ],
)
def test_anything_else_is_malformed_and_helps(reply: str, hint: str) -> None:
    with pytest.raises(ReasonerFault, match=hint) as caught:
        parse(reply)
    assert caught.value.kind == "malformed"


def test_only_what_is_allowed() -> None:
    with pytest.raises(ReasonerFault, match="<answer>"):
        parse("<code>x</code>", ("answer",))


TAGS = [f"<{s}{name}>" for name in ("think", *ACTIONS) for s in ("", "/")]
PIECES = st.one_of(
    st.sampled_from([*TAGS, "```python\n", "```", '{"value": 1}', "[", '"', "\n", "NaN", "1e999"]),
    st.text(max_size=20),
)


@given(st.lists(PIECES, max_size=12).map("".join), st.sets(st.sampled_from(ACTIONS)))
def test_parse_raises_nothing_but_a_malformed_fault(reply: str, allowed: set[str]) -> None:
    try:
        parsed = parse(reply, allowed)
    except ReasonerFault as fault:
        assert fault.kind == "malformed" and str(fault)
    else:
        assert parsed.action in allowed
