"""Parse a reply of profile `air`: a thought, then exactly one action. Pure.

Whatever the text, the result is a `Parsed` or a `ReasonerFault` of kind `malformed` whose message
tells the reasoner what to write instead.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from air_cli.errors import ReasonerFault
from air_cli.protocol_bare import bare_answer
from air_cli.protocol_profile import Profile
from air_cli.records import Box

ACTIONS = ("code", "look", "plan", "answer")
PLAN_LIMIT = 8
CODE_LIMIT = 20_000
FACTOR_LIMIT = 8.0

_OPEN = re.compile(r"<(code|look|plan|answer)>")
_TAG = re.compile(r"</?(?:think|code|look|plan|answer)>")
_FENCE = re.compile(r"\A\s*```[\w+-]*[ \t]*\n(.*?)(?:\n?```\s*)?\Z", re.S)
_FENCES = re.compile(r"```(?:python|py)[ \t]*\n(.*?)\n?```", re.S)


@dataclass(frozen=True)
class Look:
    """A second look that a reasoner asks for. `box` in pixels of the figure (None: all of it)."""

    figure: str
    box: Box | None = None
    factor: float = 2.0


@dataclass(frozen=True)
class Parsed:
    """A reply taken apart. One of `code`, `look`, `plan`, `answer` is set, as `action` says.

    `answer` is the raw JSON object; `repairs` names what was mended while parsing.
    """

    action: str
    thought: str = ""
    code: str = ""
    look: Look | None = None
    plan: tuple[str, ...] = ()
    answer: dict[str, Any] = field(default_factory=dict)
    repairs: tuple[str, ...] = ()


def parse(reply: str, allowed: Collection[str] = ACTIONS, profile: Profile | None = None) -> Parsed:
    """Take a reply apart. Raises `ReasonerFault` (kind `malformed`), nothing else.

    What a reply invents as the result of its own code (`profile.results`) is cut off, with all
    that follows from it.
    """
    reply, invented = _own(reply, profile.results if profile else ())
    thought, rest, repairs = _split_thought(reply)
    action, body, more = _action(rest, allowed)
    if action not in allowed:
        raise _fault(f"<{action}> is not expected here: write {_choice(allowed)}")
    bare = profile is not None and profile.bare
    return _build(action, body, thought, (*invented, *repairs, *more), bare=bare)


def _own(reply: str, results: Sequence[str]) -> tuple[str, list[str]]:
    """The reply up to where it begins to invent a result."""
    starts = [at for mark in results if (at := reply.find(mark)) >= 0]
    if not starts or not _OPEN.search(reply[: min(starts)]):
        return reply, []
    return reply[: min(starts)], ["cut off an invented result"]


def _fault(message: str) -> ReasonerFault:
    return ReasonerFault(message, kind="malformed")


def _choice(allowed: Collection[str]) -> str:
    return " or ".join(f"<{name}>…</{name}>" for name in ACTIONS if name in allowed)


def _split_thought(reply: str) -> tuple[str, str, list[str]]:
    """The thought, what follows it, and repairs. A template may open the thought itself."""
    text = reply.strip()
    head = text.removeprefix("<think>")
    thought, mark, rest = head.partition("</think>")
    if mark:
        return thought.strip(), rest, [] if head is not text else ["opened the thought"]
    found = _OPEN.search(head)
    start = found.start() if found else _fence_start(head)
    repairs = ["closed the thought"] if text.startswith("<think>") else []
    return head[:start].strip(), head[start:], repairs


def _fence_start(text: str) -> int:
    found = _FENCES.search(text)
    return found.start() if found else len(text)


def _action(rest: str, allowed: Collection[str]) -> tuple[str, str, list[str]]:
    """The action's name, its body, and repairs."""
    found = _OPEN.search(rest)
    if found is None:
        fences = _FENCES.findall(rest)
        if len(fences) == 1:
            return "code", fences[0], ["took the fenced block as code"]
        raise _fault(f"the reply has no action: end it with {_choice(allowed)}")
    name = found.group(1)
    body, closing, tail = rest[found.end() :].partition(f"</{name}>")
    if _OPEN.search(tail):
        raise _fault("the reply has more than one action: write one and wait for its result")
    if closing:
        return name, body, ["dropped text after the action"] if tail.strip() else []
    if _TAG.search(body):
        raise _fault(f"<{name}> is not closed by </{name}>")
    return name, body, [f"closed <{name}>"]


def _build(action: str, body: str, thought: str, repairs: tuple[str, ...], *, bare: bool) -> Parsed:
    if action == "code":
        return Parsed("code", thought, code=_code(body), repairs=repairs)
    if action == "answer" and bare and not body.lstrip().startswith("{"):
        if not body.strip():
            raise _fault("<answer> is empty")
        return Parsed("answer", thought, answer=bare_answer(body), repairs=repairs)
    data = _json(action, body)
    if action == "look":
        return Parsed("look", thought, look=_look(data), repairs=repairs)
    if action == "plan":
        return Parsed("plan", thought, plan=_plan(data), repairs=repairs)
    if not isinstance(data, dict):
        raise _fault('<answer> must hold a JSON object such as {"value": 12.5, "unit": "%"}')
    return Parsed("answer", thought, answer=data, repairs=repairs)


def _unfenced(body: str) -> str:
    found = _FENCE.match(body)
    return found.group(1) if found else body


def _code(body: str) -> str:
    code = _unfenced(body).strip("\n").rstrip()
    if not code.strip():
        raise _fault("<code> is empty: write Python that ends by calling answer(…)")
    if len(code) > CODE_LIMIT:
        raise _fault(f"<code> has {len(code)} characters; the limit is {CODE_LIMIT}")
    return code + "\n"


def _json(action: str, body: str) -> object:
    try:
        return json.loads(_unfenced(body), parse_constant=_no_constant)
    except RecursionError:
        raise _fault(f"<{action}> is nested too deeply") from None
    except ValueError as error:
        raise _fault(f"<{action}> does not hold valid JSON: {error}") from None


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number in JSON")


def _look(data: object) -> Look:
    if not isinstance(data, dict):
        raise _fault('<look> must hold a JSON object: {"figure": id, "box": [left, top, right, …]}')
    figure, factor = data.get("figure", ""), data.get("factor", 2.0)
    if not isinstance(figure, str):
        raise _fault('<look>: "figure" must be the id of a figure')
    if not _is_number(factor) or not 0.1 <= factor <= FACTOR_LIMIT:
        raise _fault(f'<look>: "factor" must be a number from 0.1 to {FACTOR_LIMIT:g}')
    return Look(figure, _box(data.get("box")), float(factor))


def _box(data: object) -> Box | None:
    if data is None:
        return None
    if not isinstance(data, list) or len(data) != 4 or not all(map(_is_number, data)):
        raise _fault('<look>: "box" must be [left, top, right, bottom] in pixels')
    left, top, right, bottom = (float(number) for number in data)
    return left, top, right, bottom


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= 1e9 if isinstance(value, int) else math.isfinite(value)


def _plan(data: object) -> tuple[str, ...]:
    parts = data if isinstance(data, list) else []
    texts = tuple(part.strip() for part in parts if isinstance(part, str) and part.strip())
    if not texts or len(texts) != len(parts) or len(texts) > PLAN_LIMIT:
        raise _fault(f"<plan> must hold a JSON list of 1 to {PLAN_LIMIT} sub-questions")
    return texts
