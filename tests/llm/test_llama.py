"""The GGUF reasoner on real llama.cpp with tiny models of random weights."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from air_cli.errors import EnvironmentFault, ItemError
from air_cli.jail.code import CodeJail
from air_cli.loop import Budget, Reasoner, solve
from air_cli.protocol import load_profile, parse
from air_cli.reasoners import llama as module
from air_cli.reasoners.llama import Llama
from air_cli.records import Message, Reply, Want
from tests.llm.models import Make, needs_llama, settings
from tests.loop.script import Jails, png, task

pytestmark = needs_llama
PROFILE = load_profile("air")
GROWTH = "What is the growth rate from 2019 to 2022?"
HISTORY = (Message("system", "You are exact."), Message("user", "How much? <|im_end|> & more"))


def want(*allowed: str, seed: int = 0, temperature: float = 1.0, seconds: float = 30.0) -> Want:
    grammar = PROFILE.grammar_for(allowed or ("code", "answer"), 60, 3)
    return Want(
        "code", "?", grammar=grammar, max_tokens=3000, seconds=seconds,
        temperature=temperature, seed=seed,
    )  # fmt: skip


def reply(llama: Llama, history: Sequence[Message] = HISTORY, what: Want | None = None) -> Reply:
    return llama.open(task("?")).reply(history, what or want())


@pytest.mark.parametrize("arch", ["llama", "qwen2", "qwen2vl"])
def test_random_weights_must_speak_the_protocol(make: Make, arch: str) -> None:
    llama = make(arch)
    for seed, allowed in enumerate([("code",), ("answer",), ("look",), ("plan",)] * 3):
        text = reply(llama, what=want(*allowed, seed=seed)).text
        parsed = parse(text, allowed)
        assert parsed.action == allowed[0] and not parsed.repairs


@pytest.mark.parametrize("name", ["deepeyes", "interpreter", "pyvision", "thyme"])
def test_random_weights_must_speak_every_profile(make: Make, name: str) -> None:
    profile, llama = load_profile(name), make("qwen2")
    for seed, action in enumerate(profile.actions * 2):
        grammar = profile.grammar_for((action,), 60, 3)
        what = Want("code", "?", grammar=grammar, max_tokens=3000, temperature=1.0, seed=seed)
        parsed = parse(reply(llama, what=what).text, (action,), profile)
        assert parsed.action == action and not parsed.repairs


def test_tokens_and_log_probability(make: Make) -> None:
    given = reply(make("qwen2"))
    assert given.tokens > 20 and given.seconds > 0
    assert given.logprob is not None and -20 < given.logprob < 0


@pytest.mark.parametrize("temperature", [0.0, 0.8])
def test_a_seed_gives_the_same_text_twice(make: Make, temperature: float) -> None:
    what = want("answer", seed=7, temperature=temperature)
    texts = {reply(make("qwen2"), what=what).text for _ in range(2)}
    assert len(texts) == 1
    other = reply(make("qwen2"), what=want("answer", seed=8, temperature=temperature)).text
    assert (other in texts) is (temperature == 0.0)


def test_a_rewound_context_says_the_same_as_a_fresh_one(make: Make) -> None:
    warm, what = make("qwen2"), want("answer", temperature=0.0)
    first = reply(warm, what=what)
    longer = (*HISTORY, Message("assistant", first.text), Message("user", "Again."))
    reply(warm, longer, what)
    reply(warm, (HISTORY[0], Message("user", "Something else.")), what)
    assert reply(warm, longer, what).text == reply(make("qwen2"), longer, what).text


def test_facts_name_the_file(make: Make) -> None:
    llama = make("qwen2")
    llama.open(task("?"))
    facts = llama.facts
    assert facts["file"] == "qwen2.gguf" and len(str(facts["model_sha256"])) == 64
    assert facts["gpu_layers"] == 0 or facts["gpu_offload"]
    assert not llama.sees


PAIRS = [("qwen2", "mlp"), ("qwen2", "gemma3"), ("qwen2vl", "qwen2vl_merger")]


@pytest.mark.parametrize(("arch", "kind"), PAIRS)
def test_images_reach_the_model(make: Make, arch: str, kind: str) -> None:
    llama, what = make(arch, kind), want("answer", temperature=0.0)
    assert llama.sees
    texts = {}
    for color in ("red", "blue"):
        history = (HISTORY[0], Message("user", "What is this?", (png((90, 70), color),)))
        texts[color] = reply(llama, history, what).text
        grown = (*history, Message("assistant", texts[color]), Message("user", "", (png(),)))
        parse(reply(llama, grown, what).text, ("answer",))
        # Rewound to before the second image, the same comes again.
        assert reply(llama, history, what).text == texts[color]
    assert texts["red"] != texts["blue"]


def test_an_image_that_is_none_is_an_item_error(make: Make) -> None:
    llama = make("qwen2", "mlp")
    with pytest.raises(ItemError, match="image"):
        reply(llama, (HISTORY[0], Message("user", "?", (b"\x89PNG\r\n\x1a\nnonsense",))))
    reply(llama)


def test_a_prompt_that_is_too_long_says_so(make: Make) -> None:
    llama = make("qwen2", n_ctx=512)
    with pytest.raises(ItemError, match=r"reasoner\.n_ctx") as caught:
        reply(llama, (HISTORY[0], Message("user", "x" * 2000)))
    assert caught.value.kind == "context"
    assert reply(llama).tokens > 0, "the child lives on"


def test_a_prompt_must_leave_room_for_the_reply(make: Make) -> None:
    """So that the loop shortens the conversation rather than hear replies that are cut off."""
    llama = make("qwen2", n_ctx=1024)
    nearly = (Message("user", "x" * 900),)
    with pytest.raises(ItemError, match="needs 128") as caught:
        reply(llama, nearly, Want("code", "?", grammar='root ::= "a"', max_tokens=1000))
    assert caught.value.kind == "context"
    assert reply(llama, nearly, Want("code", "?", grammar='root ::= "a"', max_tokens=9)).text == "a"


def test_a_bad_grammar_is_an_error_and_no_crash(make: Make) -> None:
    llama = make("qwen2")
    for grammar in ("root ::= root", "root ::= (", "nothing"):
        with pytest.raises(ItemError, match="grammar"):
            reply(llama, what=Want("code", "?", grammar=grammar))
    assert reply(llama).tokens > 0


def test_the_time_for_a_reply_is_kept(make: Make) -> None:
    llama = make("qwen2")
    endless = Want("code", "?", grammar='root ::= "a" root', max_tokens=10**6, seconds=0.3)
    began = time.monotonic()
    given = reply(llama, what=endless)
    assert time.monotonic() - began < 3 and set(given.text) <= {"a"}
    assert reply(llama).tokens > 0


# --- failures -----------------------------------------------------------------------------------


def _killed_soon(llama: Llama) -> None:
    time.sleep(0.4)
    assert llama.pid is not None
    os.kill(llama.pid, signal.SIGKILL)


def test_a_child_killed_in_mid_generation_is_one_item_error(make: Make) -> None:
    llama = make("qwen2")
    first = llama.open(task("?")) and llama.pid
    killer = threading.Thread(target=_killed_soon, args=(llama,))
    killer.start()
    endless = Want("code", "?", grammar='root ::= "a" root', max_tokens=10**6, seconds=30)
    with pytest.raises(ItemError, match="SIGKILL") as caught:
        reply(llama, what=endless)
    killer.join()
    assert caught.value.kind == "crashed"
    assert reply(llama).tokens > 0 and llama.pid != first, "the next question gets a new child"


def test_a_hanging_child_is_ended(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    llama = make("qwen2")
    llama.open(task("?"))
    assert llama.pid is not None
    os.kill(llama.pid, signal.SIGSTOP)
    monkeypatch.setattr(module, "GRACE_SECONDS", 0.2)
    with pytest.raises(ItemError, match="no answer") as caught:
        reply(llama, what=want(seconds=0.2))
    assert caught.value.kind == "timeout"
    assert reply(llama).tokens > 0


def broken(models: Path, tmp_path: Path, what: str) -> Path:
    data = bytearray((models / "qwen2.gguf").read_bytes())
    if what == "truncated":
        data = data[: len(data) // 2]
    elif what == "header":
        data[8:16] = b"\xff" * 8
    elif what == "foreign":
        data = data.replace(b"qwen2", b"qwyn2")
    else:
        data = bytearray(b"not a model at all")
    path = tmp_path / f"{what}.gguf"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("truncated", "incomplete"),
        ("header", "cannot load it: "),
        ("foreign", "unknown model architecture: 'qwyn2'"),
        ("text", "not a GGUF file"),
    ],
)
def test_a_broken_file_is_one_clear_line(
    models: Path, tmp_path: Path, what: str, reason: str
) -> None:
    path = broken(models, tmp_path, what)
    with pytest.raises(EnvironmentFault, match=reason) as caught:
        llama = Llama(settings(path))
        try:
            llama.open(task("?"))
        finally:
            llama.close()
    assert path.name in str(caught.value) and "\n" not in str(caught.value)


def test_a_projector_that_does_not_fit_is_an_environment_fault(make: Make) -> None:
    with pytest.raises(EnvironmentFault, match=r"qwen2\.gguf"):
        make("llama", "qwen2").open(task("?"))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match=r"none\.gguf: No such file"):
        Llama(settings(tmp_path / "none.gguf"))


def test_a_missing_package_names_the_install_line(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(EnvironmentFault, match=r'pip install "air-cli\[llama\]"'):
        Llama(settings(models / "qwen2.gguf"))


# --- through the loop -----------------------------------------------------------------------------


@pytest.mark.parametrize(("arch", "kind"), [("qwen2", ""), ("qwen2vl", "qwen2vl_merger")])
def test_the_whole_loop_ends_cleanly_with_random_weights(
    make: Make, monkeypatch: pytest.MonkeyPatch, arch: str, kind: str
) -> None:
    # One token a byte: the description of the toolkit would be most of the work.
    monkeypatch.setattr("air_cli.protocol_render.toolkit_description", lambda: "-")
    reasoner: Reasoner = make(arch, kind, n_ctx=16384)
    budget = Budget(steps=2, faults=9, thought_chars=40, code_lines=2)
    jails = Jails()
    question = task(GROWTH, image=bool(kind))
    trace = solve(question, reasoner, jails, budget, mode="code", temperature=1.0, seed=3).trace
    assert trace.outcome in ("answered", "unanswerable", "steps")
    assert not any(s.fault and s.fault.kind == "malformed" for s in trace.steps)
    assert all(s.code for s in trace.steps) and len(jails.made) == 1
    assert trace.provenance["reasoner"]["file"] == f"{arch}.gguf"


def test_the_second_question_on_a_figure_costs_only_its_own_tokens(make: Make) -> None:
    """Prompt, toolkit, picture and chart are in the context already."""
    reasoner = make("qwen2vl", "qwen2vl_merger", n_ctx=16384)
    budget = Budget(steps=1, thought_chars=8, code_lines=1)

    def evaluated(question: str, samples: int = 1) -> list[int]:
        what = task(question, image=True)
        trace = solve(
            what, reasoner, no_jail_needed, budget, mode="plan", seed=1, samples=samples
        ).trace
        assert trace.provenance["tokens"]["written"] > 0
        told = trace.provenance.get("samples")
        return [s["evaluated"] for s in told] if told else [s.evaluated for s in trace.steps]

    first = evaluated(GROWTH)
    second = evaluated("Which year was the highest of all?")
    # One token a byte here: the question, the sentence around it, and the instruction.
    assert first[0] > 6000 and second[0] < 700, (first, second)
    # Samples rewind to the end of the prompt: no token of it is read again.
    assert evaluated("And which was the lowest?", samples=3)[1:] == [1, 1]


def no_jail_needed() -> CodeJail:
    raise AssertionError("a plan needs no jail")


def test_a_reply_is_told_while_it_is_written(make: Make) -> None:
    llama = make("qwen2")
    conversation = llama.open(task("?"))
    told: list[tuple[float, str]] = []
    conversation.listen(lambda text: told.append((time.monotonic(), text)))
    want = Want(
        "code", "?", grammar='root ::= ("a" | "ä" | "漢"){2000}', max_tokens=1500, seconds=20
    )
    given = conversation.reply([Message("user", "go")], want)
    whole = given.text.removesuffix("\N{REPLACEMENT CHARACTER}")  # cut within a character
    assert "".join(text for _, text in told) == whole
    if given.seconds > 0.5:
        assert len(told) > 2 and told[-1][0] - told[0][0] > 0.2


def test_an_absurd_context_is_said_and_not_tried_for_ever(models: Path) -> None:
    llama = Llama(settings(models / "qwen2.gguf", n_ctx=2**40))
    try:
        llama.open(task("?"))
        assert llama.facts["n_ctx"] == 16384, "no more than the model was trained for"
    finally:
        llama.close()


def test_a_context_that_memory_cannot_hold_is_refused_at_once(tmp_path: Path) -> None:
    """A file may claim any length; llama.cpp would fill the machine's memory."""
    from tests.llm.tiny_gguf import write_text

    llama = Llama(settings(write_text(tmp_path / "long.gguf", context=2**31 - 1), n_ctx=2**31 - 1))
    try:
        with pytest.raises(EnvironmentFault, match=r"2,147,483,647 tokens needs 512\.0 GiB"):
            llama.open(task("?"))
    finally:
        llama.close()
