"""The loop with a scripted reasoner and the real jail: outcomes, recovery, budgets, modes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pytest

from air_cli.errors import EnvironmentFault, ItemError
from air_cli.loop import Budget, Looked, Solved, solve
from air_cli.protocol import Look
from air_cli.records import Message, Reply, Task, Text, Trace, Want, from_json, to_json
from tests.loop.script import Jails, Scripted, code, need_jail, no_jail, png, revenue, task

GROWTH = "What is the growth rate from 2019 to 2022?"
LOOKUP = "What was revenue in 2021?"
RIGHT = "answer(growth_rate(chart.value(2019), chart.value(2022)), unit='%')"
DIRECT = '{"value": 15, "evidence": [{"series": "revenue", "category": "2021"}]}'


@pytest.fixture(scope="module", autouse=True)
def _jail_exists() -> None:
    need_jail()


@pytest.fixture
def jails() -> Iterator[Jails]:
    made = Jails()
    yield made
    assert made.open == 0, "solve closes the jails that it made"


def kinds(solved: Solved) -> list[str | None]:
    return [step.fault.kind if step.fault else None for step in solved.trace.steps]


def test_code_answers_with_evidence_on_the_page(jails: Jails) -> None:
    solved = solve(task(GROWTH), Scripted([code(RIGHT)]), jails)
    answer = solved.trace.answer
    assert solved.trace.outcome == "answered" and solved.trace.mode == "code"
    assert answer is not None and answer.value == pytest.approx(40.0)
    assert answer.text == "40%" and answer.confidence > 0.9
    assert [(e.category, e.value) for e in answer.evidence] == [("2019", 10.0), ("2022", 14.0)]
    # 20 px at 200 dpi are 7.2 points.
    assert answer.evidence[1].page == 3
    assert answer.evidence[1].bbox_pt == pytest.approx((93.6, 147.6, 97.2, 162.0))


def test_the_trace_survives_json(jails: Jails) -> None:
    trace = solve(task(GROWTH), Scripted([code("1 +"), code(RIGHT)]), jails).trace
    assert from_json(Trace, json.loads(json.dumps(to_json(trace)))) == trace
    assert trace.provenance["answered_by"] == "scripted"


def test_variables_outlive_a_step_but_not_a_failing_one(jails: Jails) -> None:
    script = Scripted(
        [
            code("a = chart.value(2019)\nkept = [a]"),
            code("a = 99\nkept.append(99)\n1 / 0"),
            code("b = chart.value(2022)\nprint(a, kept)"),
            code("answer(growth_rate(a, b), unit='%')"),
        ]
    )
    solved = solve(task(GROWTH), script, jails)
    assert kinds(solved) == [None, "exception", None, None]
    assert "ZeroDivisionError" in script.heard(2)
    assert "10.0 [10.0]" in script.heard(3), "stdout of the third step"
    answer = solved.trace.answer
    assert answer is not None and answer.value == pytest.approx(40.0)
    assert {e.category for e in answer.evidence} == {"2019", "2022"}, "marks of earlier steps too"


def test_a_refused_answer_leaves_neither_variables_nor_evidence(jails: Jails) -> None:
    script = Scripted(
        [
            code("kept = [chart.value(2019)]"),
            code("kept.append(chart.value(2021)); bad = 1\nanswer('fifteen', unit='%')"),
            code("print(kept, 'bad' in globals())"),
            code("answer(growth_rate(kept[0], chart.value(2022)), unit='%')"),
        ]
    )
    solved = solve(task(GROWTH, expects="number"), script, jails)
    assert kinds(solved) == [None, "answer", None, None]
    assert "[10.0] False" in script.heard(3)
    answer = solved.trace.answer
    assert answer is not None and answer.value == pytest.approx(40.0)
    assert {e.category for e in answer.evidence} == {"2019", "2022"}
    assert len(jails.made) == 1, "the session goes on"


@pytest.mark.parametrize(
    ("bad", "kind", "hint"),
    [
        (code("answer(("), "syntax", "line 1"),
        (code("chart.value('Profit', 2020)"), "exception", "Revenue"),
        (code("while True: pass"), "timeout", "1 s"),
        ("just talk", "malformed", "<code>"),
        (code("answer(float('inf'))"), "exception", "finite"),
        (code("answer(3)"), "answer", "evidence"),
        (code("answer(3, evidence={'series': 'Profit', 'category': '2020'})"), "answer", "2021"),
        ("<answer>" + DIRECT + "</answer>", "malformed", "<code>"),
    ],
)
def test_a_fault_is_heard_and_mended(jails: Jails, bad: str, kind: str, hint: str) -> None:
    script = Scripted([bad, code(RIGHT)])
    solved = solve(task(GROWTH), script, jails, Budget(step_seconds=1.0))
    assert kinds(solved) == [kind, None]
    assert hint in script.heard(1)
    assert solved.trace.outcome == "answered"


def test_the_type_of_the_answer_is_checked(jails: Jails) -> None:
    script = Scripted([code("answer('it rose', evidence=chart.point(2019))"), code(RIGHT)])
    solved = solve(task(GROWTH, expects="number"), script, jails)
    assert kinds(solved) == ["answer", None]
    assert "number" in script.heard(1)


def test_faults_in_a_row_end_it_and_a_good_step_resets_the_count(jails: Jails) -> None:
    lines = ["?", "?", code("x = 1"), "?", "?", "?"]
    solved = solve(task(GROWTH), Scripted(lines), jails, Budget(faults=3))
    assert solved.trace.outcome == "malformed"
    assert len(solved.trace.steps) == 6
    assert "3 faults in a row" in solved.trace.error
    failed = solve(task(GROWTH), Scripted([code("1/0")] * 2), jails, Budget(faults=2))
    assert failed.trace.outcome == "failed"


def test_steps_run_out(jails: Jails) -> None:
    solved = solve(task(GROWTH), Scripted([code("x = 1")] * 3), jails, Budget(steps=3))
    assert solved.trace.outcome == "steps" and solved.trace.answer is None


def test_tokens_run_out(jails: Jails) -> None:
    script = Scripted([code("x = 1")] * 3, tokens=40)
    solved = solve(task(GROWTH), script, jails, Budget(tokens=100, reply_tokens=60))
    assert solved.trace.outcome == "tokens"
    assert [want.max_tokens for want in script.wants] == [60, 60, 20]


def test_old_observations_are_shortened_before_turns_are_left_out(jails: Jails) -> None:
    full = ItemError("the conversation is too long", kind="context")
    talk = [code(f"print('{word}' * 600)") for word in "abc"]
    script = Scripted([*talk, full, code("answer(chart.value('Revenue', '2019'))")])
    trace = solve(task(GROWTH), script, jails, mode="code").trace
    assert trace.answer is not None
    assert trace.steps[-1].reason.endswith("2 earlier observations shortened to fit the context")
    before, after = script.histories[-2], script.histories[-1]
    assert len(before) == len(after), "no turn went"
    assert before[-1] == after[-1] and "c" * 600 in after[-1].text, "the last one is whole"
    assert all(len(m.text) < 400 for m in after[2:-1] if m.role == "user")


def test_time_runs_out(jails: Jails) -> None:
    script = Scripted([code("import time\ntime.sleep(3)")] * 3)
    solved = solve(task(GROWTH), script, jails, Budget(seconds=0.8))
    assert solved.trace.outcome == "time"
    assert solved.trace.seconds < 5


def test_a_cut_off_reply_is_not_run(jails: Jails) -> None:
    script = Scripted(["<think>x</think><code>\nanswer(chart.value(2019))", code(RIGHT)])
    solved = solve(task(GROWTH), script, jails, Budget(reply_tokens=10))
    assert kinds(solved) == ["malformed", None]


def test_unanswerable_is_an_answer(jails: Jails) -> None:
    solved = solve(task(GROWTH), Scripted([code("unanswerable('no such series')")]), jails)
    assert solved.trace.outcome == "unanswerable"
    assert solved.trace.answer is not None and solved.trace.answer.unanswerable == "no such series"
    said = '<answer>{"unanswerable": "no costs here"}</answer>'
    assert solve(task(GROWTH), Scripted([said]), jails).trace.outcome == "unanswerable"


def test_a_dead_engine_is_a_failed_item(jails: Jails) -> None:
    solved = solve(task(GROWTH), Scripted([ItemError("it died", kind="crashed")]), jails)
    assert solved.trace.outcome == "failed" and solved.trace.error == "it died"


def test_a_broken_jail_costs_a_step_and_starts_afresh(jails: Jails) -> None:
    def kill(history: Sequence[Message], want: Want) -> str:
        jails.made[0].close()
        return code("y = x")

    script = Scripted([code("x = 1"), kill, code(RIGHT)])
    solved = solve(task(GROWTH), script, jails)
    assert kinds(solved) == [None, "crashed", None]
    assert "without its variables" in script.heard(2)
    assert len(jails.made) == 2 and solved.trace.outcome == "answered"


# --- direct -----------------------------------------------------------------------------------


def test_a_printed_value_needs_no_code_and_no_jail() -> None:
    solved = solve(task(LOOKUP), Scripted([f"<answer>{DIRECT}</answer>"]), no_jail)
    answer = solved.trace.answer
    assert solved.trace.mode == "direct" and answer is not None
    assert (answer.value, answer.unit, answer.text) == (15, "$ million", "$15 million")


def test_a_wrong_claim_sends_auto_to_code(jails: Jails) -> None:
    wrong = DIRECT.replace("15", "51")
    script = Scripted([f"<answer>{wrong}</answer>", code("answer(chart.value(2021))")])
    solved = solve(task(LOOKUP), script, jails)
    assert [step.action for step in solved.trace.steps] == ["direct", "code"]
    assert solved.trace.answer is not None and solved.trace.answer.value == 15.0


def test_a_refusal_without_code_sends_auto_to_code(jails: Jails) -> None:
    said = '<answer>{"unanswerable": "it has to be computed"}</answer>'
    script = Scripted([said, code("answer(chart.value(2021))")])
    solved = solve(task(LOOKUP), script, jails)
    assert "has to be computed" in script.heard(1) and solved.trace.outcome == "answered"
    assert solve(task(LOOKUP), Scripted([said]), no_jail, mode="direct").trace.outcome == (
        "unanswerable"
    )


def test_forced_direct_keeps_a_derived_answer_but_says_how_sure() -> None:
    derived = DIRECT.replace("15", "40")
    solved = solve(task(GROWTH), Scripted([f"<answer>{derived}</answer>"]), no_jail, mode="direct")
    answer = solved.trace.answer
    assert answer is not None and answer.confidence < 0.5 and "without code" in answer.why


def test_direct_refuses_code() -> None:
    solved = solve(task(GROWTH), Scripted([code(RIGHT)] * 2), no_jail, Budget(faults=2),
                   mode="direct")  # fmt: skip
    assert solved.trace.outcome == "malformed"


def test_without_a_jail_code_is_an_environment_fault() -> None:
    with pytest.raises(EnvironmentFault, match="bubblewrap"):
        solve(task(GROWTH), Scripted([code(RIGHT)]), no_jail)


# --- plan, reflect, look ------------------------------------------------------------------------


def test_a_plan_is_answered_in_parts_and_combined_in_code(jails: Jails) -> None:
    script = Scripted(
        [
            '<plan>["revenue in 2019?", "revenue in 2022?"]</plan>',
            code("a = chart.value(2019)\nanswer(a)"),
            code("b = chart.value(2022)\nanswer(b)"),
            code("answer(b - a, evidence=[('Revenue', '2019'), ('Revenue', '2022')])"),
        ]
    )
    solved = solve(task("How much more than in 2019 was it in 2022?"), script, jails, mode="plan")
    assert [s.action for s in solved.trace.steps] == ["plan", "code", "code", "combine"]
    assert [w.question for w in script.wants[1:3]] == ["revenue in 2019?", "revenue in 2022?"]
    assert [a.value for _, a in script.wants[3].parts] == [10.0, 14.0]
    answer = solved.trace.answer
    assert solved.trace.mode == "plan" and answer is not None and answer.value == 4.0
    assert len(answer.evidence) == 2


def test_a_plan_of_one_is_no_plan(jails: Jails) -> None:
    script = Scripted(['<plan>["all of it"]</plan>', code(RIGHT)])
    solved = solve(task(GROWTH), script, jails, mode="plan")
    assert solved.trace.mode == "code" and script.wants[1].question == GROWTH


def test_reflect_confirms(jails: Jails) -> None:
    script = Scripted([code(RIGHT), code(RIGHT)])
    solved = solve(task(GROWTH), script, jails, mode="reflect")
    assert [step.action for step in solved.trace.steps] == ["code", "reflect"]
    assert script.wants[1].draft is not None and "40" in script.heard(1)
    assert solved.trace.answer is not None and "confirmed" in solved.trace.answer.why


def test_reflect_mends_within_its_rounds(jails: Jails) -> None:
    drafts = [code(f"answer(chart.value({year}))") for year in (2019, 2020, 2021, 2022)]
    solved = solve(task(GROWTH), Scripted(drafts), jails, Budget(reflections=2), mode="reflect")
    assert len(solved.trace.steps) == 3
    answer = solved.trace.answer
    assert answer is not None and answer.value == 15.0 and "mended" in answer.why


def test_a_failing_check_leaves_the_draft(jails: Jails) -> None:
    lines = [code(RIGHT), "?", "?", "?"]
    solved = solve(task(GROWTH), Scripted(lines), jails, Budget(faults=3), mode="reflect")
    assert solved.trace.outcome == "answered" and len(solved.trace.steps) == 4
    assert solved.trace.answer is not None and solved.trace.answer.value == pytest.approx(40.0)


def test_an_unsure_draft_is_checked_in_auto(jails: Jails) -> None:
    unsure = revenue("geometry", 0.2)
    solved = solve(task(GROWTH, chart=unsure), Scripted([code(RIGHT)] * 2), jails)
    assert [step.action for step in solved.trace.steps] == ["code", "reflect"]


def test_a_check_shows_the_evidence_to_a_reasoner_that_sees(jails: Jails) -> None:
    asked: list[Look] = []

    def look(wanted: Look) -> Looked:
        asked.append(wanted)
        return Looked(png((9, 9)), (Text("14.0", (1, 2, 3, 4)),))

    script = Scripted([code(RIGHT), "?", code(RIGHT)], sees=True)
    solved = solve(task(GROWTH, image=True), script, jails, mode="reflect", look=look)
    # The marks of 2019 and 2022 with a margin, cut to the figure; once, not at every try.
    assert asked == [Look("p1-f1", (0.0, 0.0, 100.0, 60.0), 2.0)]
    assert "14.0" in script.heard(1) and script.histories[1][-1].images == (png((9, 9)),)
    step = solved.trace.steps[1]
    assert step.images == ("step-02-1.png",) and "read again" in step.reason
    assert solved.images["step-02-1.png"] == png((9, 9))
    blind = Scripted([code(RIGHT), code(RIGHT)])
    solve(task(GROWTH), blind, jails, mode="reflect", look=look)
    assert len(asked) == 1
    refused = solve(
        task(GROWTH), Scripted([code(RIGHT)] * 2, sees=True), jails, mode="reflect", look=_refuse
    )
    assert "cannot be shown: the reader is gone" in refused.trace.steps[1].reason


def test_looking_returns_texts_and_the_image_to_a_reasoner_that_sees(jails: Jails) -> None:
    asked: list[Look] = []

    def look(wanted: Look) -> Looked:
        asked.append(wanted)
        return Looked(png((4, 4), "blue"), (Text("12.4", (1, 2, 3, 4)),))

    lines = ['<look>{"figure": "", "box": [-5, 0, 400, 30], "factor": 3}</look>', code(RIGHT)]
    for sees in (True, False):
        script = Scripted(lines, sees=sees)
        solved = solve(task(GROWTH, image=True), script, jails, look=look)
        assert asked[-1] == Look("p1-f1", (0.0, 0.0, 100.0, 30.0), 3.0)
        assert "12.4" in script.heard(1)
        assert script.histories[1][-1].images == ((png((4, 4), "blue"),) if sees else ())
        assert bool(script.histories[0][-1].images) is sees
        assert solved.trace.steps[0].images == ("step-01-1.png",)
        assert solved.images["step-01-1.png"] == png((4, 4), "blue")


@pytest.mark.parametrize("body", ['"figure": "p9-f9"', '"figure": "", "box": [50, 0, 20, 10]'])
def test_a_look_at_nothing_is_a_fault(jails: Jails, body: str) -> None:
    script = Scripted([f"<look>{{{body}}}</look>", code(RIGHT)])
    solved = solve(task(GROWTH), script, jails, look=lambda wanted: Looked())
    assert kinds(solved) == ["request", None]
    refused = solve(task(GROWTH), Scripted(script.lines), jails, look=_refuse)
    assert kinds(refused) == ["request", None]


def _refuse(wanted: Look) -> Looked:
    raise ItemError("the reader is gone")


def test_shown_images_go_back_to_a_reasoner_that_sees(jails: Jails) -> None:
    show = "show(np.zeros((5, 7, 3), dtype='uint8'))"
    script = Scripted([code(show), code(RIGHT)], sees=True)
    solved = solve(task(GROWTH), script, jails)
    assert len(script.histories[1][-1].images) == 1
    assert solved.images["step-01-1.png"].startswith(b"\x89PNG")


# --- fall-back, events, history -------------------------------------------------------------------


def test_the_fall_back_answers_and_says_so(jails: Jails) -> None:
    heard: list[str] = []
    first = Scripted([code("chart = None"), "?", "?", "?"], name="model")
    second = Scripted([code(RIGHT)], name="other")
    solved = solve(
        task(GROWTH), first, jails, fallback=second, on_event=lambda kind, data: heard.append(kind)
    )
    answer = solved.trace.answer
    assert solved.trace.outcome == "answered" and answer is not None
    assert answer.why.startswith("answered by other, because model failed (malformed")
    assert [(s.n, s.by) for s in solved.trace.steps] == [
        (1, "model"), (2, "model"), (3, "model"), (4, "model"), (5, "other")
    ]  # fmt: skip
    assert solved.trace.provenance["answered_by"] == "other"
    assert heard.count("fallback") == 1 and heard.count("step") == 5
    assert len(jails.made) == 2, "the fall-back starts in a fresh jail"


def test_a_failing_fall_back_leaves_the_first_outcome(jails: Jails) -> None:
    first, second = Scripted(["?"] * 3, name="model"), Scripted([code("1/0")] * 3, name="other")
    solved = solve(task(GROWTH), first, jails, fallback=second)
    assert solved.trace.outcome == "malformed" and len(solved.trace.steps) == 6


def test_history_is_linear(jails: Jails) -> None:
    script = Scripted([code("x = 1"), "?", code(RIGHT)])
    solve(task(GROWTH), script, jails)
    for shorter, longer in zip(script.histories, script.histories[1:], strict=False):
        assert longer[: len(shorter)] == shorter
    assert [m.role for m in script.histories[-1]] == [
        "system", "user", "assistant", "user", "assistant", "user"
    ]  # fmt: skip


def test_a_full_context_drops_the_middle_turns_then_rows_then_pictures(jails: Jails) -> None:
    full = ItemError("too long", kind="context")
    steps = [code(f"x{n} = {n}") for n in range(3)]
    more = tuple(replace(revenue().marks[0], category=f"other {n}") for n in range(140))
    chart = replace(revenue(), marks=revenue().marks + more)
    script = Scripted([*steps, full, full, code(RIGHT)])
    solved = solve(task(GROWTH, chart=chart), script, jails)
    assert solved.trace.outcome == "answered"
    assert "2 earlier turns left out" in solved.trace.steps[3].reason
    assert "cut to 30 rows" in solved.trace.steps[3].reason
    last = script.histories[-1]
    assert [m.role for m in last] == ["system", "user", "assistant", "user"]
    assert len(last[1].text) < len(script.histories[0][1].text) / 2 and "left out" in last[3].text
    seeing = Scripted([full, code(RIGHT)], sees=True)
    solved = solve(task(GROWTH, image=True), seeing, jails)
    assert "pictures left out" in solved.trace.steps[0].reason
    assert [len(history[1].images) for history in seeing.histories] == [1, 0]
    hopeless = solve(task(GROWTH), Scripted([full, full]), jails)
    assert hopeless.trace.outcome == "failed" and hopeless.trace.error == "too long"


class Stalling:
    """A reasoner that cannot work here at all."""

    name, sees = "stalling", False
    facts: Mapping[str, object] = {}

    def open(self, task: Task) -> Stalling:
        raise EnvironmentFault("no model", fix="get one")

    def reply(self, history: Sequence[Message], want: Want) -> Reply:
        raise AssertionError

    def close(self) -> None:
        """Nothing to close."""


def test_an_environment_fault_of_the_reasoner_is_raised(jails: Jails) -> None:
    with pytest.raises(EnvironmentFault):
        solve(task(GROWTH), Stalling(), jails, fallback=Scripted([code(RIGHT)]))
