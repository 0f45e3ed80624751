"""The conversation is made to fit ahead of a reply, by what the engine measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from air_cli.loop import Budget, solve
from air_cli.loop_history import BRIEF, History
from air_cli.protocol import load_profile
from air_cli.records import Message, Size, to_json
from tests.loop.script import Jails, Scripted, code, png, revenue, task

PICTURE = 1000


@dataclass
class Measured(Scripted):
    """One token a character and PICTURE a picture, in a context of `limit`."""

    limit: int = 20_000
    least: int = 128

    def open(self, task: object) -> Measured:
        return self

    def measure(self, history: Sequence[Message]) -> Size:
        pictures = PICTURE * sum(len(message.images) for message in history)
        prompt = pictures + sum(len(message.text) for message in history)
        return Size(prompt, self.limit, self.least, pictures, prompt)


def long_history(observations: int, length: int = 3000) -> tuple[History, Measured]:
    history = History(load_profile("air"), task("?"))
    history.say("the question", (png(),))
    for n in range(observations):
        history.hear("<code>x</code>")
        history.say(str(n) * length, (png(),) if n == 0 else ())
    measured = Measured([])
    measured.limit = measured.measure(history.messages).prompt + 2000
    return history, measured


def test_what_fits_is_left_alone() -> None:
    history, measured = long_history(3)
    before = history.messages
    assert history.fit(measured.measure, 2000) == "" and history.messages == before
    assert history.largest == measured.measure(before)


def test_only_as_many_old_observations_go_as_are_needed_the_oldest_first() -> None:
    history, measured = long_history(4)
    said = history.fit(measured.measure, 2100)
    size = history.largest
    assert size is not None and said == (
        f"1 earlier observation shortened: beside the conversation's {size.prompt} tokens (2000 of"
        f" them pictures) a reply of 2100 would not fit the context of {measured.limit}"
    )
    texts = [m.text for m in history.messages if m.role == "user"][1:]
    assert len(texts[0]) < BRIEF + 20 and all(len(text) == 3000 for text in texts[1:])
    assert not history.messages[3].images and history.messages[1].images
    left = measured.limit - measured.measure(history.messages).prompt
    assert left >= 2100 + measured.limit // 8, "the next observation has room as well"
    assert history.fit(measured.measure, 2100) == "", "and nothing changes until it is full again"


def test_the_last_observation_and_the_picture_stay_while_a_reply_of_the_least_size_fits() -> None:
    history, measured = long_history(1, 4000)
    before = history.messages
    measured.limit = measured.measure(before).prompt + measured.least
    assert history.fit(measured.measure, 2000) == "" and history.messages == before
    measured.limit -= 1
    assert history.fit(measured.measure, 2000).startswith("pictures left out: ")
    assert not any(message.images for message in history.messages)


def test_turns_then_rows_then_pictures() -> None:
    more = tuple(replace(revenue().marks[0], category=f"other {n}") for n in range(140))
    what = task("?", chart=replace(revenue(), marks=revenue().marks + more), image=True)
    script = Measured([code("x = 1"), code("y = 2"), code("answer(chart.value(2019))")], sees=True)
    first = len(History(load_profile("air"), what).messages[0].text)
    script.limit, script.least = first + 3500, 1500
    trace = solve(what, script, Jails(), Budget(reply_tokens=400), mode="code").trace
    assert trace.outcome == "answered", trace.error
    assert "charts cut to 30 rows, pictures left out: " in trace.steps[0].reason
    said = trace.provenance["context"]
    assert said["limit"] == script.limit and said["prompt"] > script.limit and said["pictures"]
    assert to_json(trace)["provenance"]["context"] == said
