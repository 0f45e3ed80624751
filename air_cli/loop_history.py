"""What a reasoner is told, and how it is made to fit the model's context: ahead, not on overflow.

Before each reply an engine that can measure says how many tokens the conversation takes. When they
would not leave room for the reply, the oldest observations are shortened first, and somewhat more
than needed: each change makes the engine read again what comes after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from air_cli import protocol_render as render
from air_cli.protocol import Profile
from air_cli.records import Message, Size, Task

# Characters that are left of an old observation.
BRIEF = 300
# Of the context: at most this much is kept free for a reply, and this much for what comes next.
REPLY, NEXT = 8, 8

Measure = Callable[[tuple[Message, ...]], Size]


class History:
    """The messages of one attempt: linear, and growing until they must be made fewer."""

    def __init__(self, profile: Profile, task: Task) -> None:
        self._profile, self._task = profile, task
        self._rows = render.ROWS
        self._messages = [Message("system", render.system(profile))]
        # The largest conversation that was measured.
        self.largest: Size | None = None

    @property
    def messages(self) -> tuple[Message, ...]:
        return tuple(self._messages)

    def say(self, text: str, pictures: tuple[bytes, ...] = ()) -> None:
        """Tell the reasoner."""
        self._messages.append(Message("user", text, pictures))

    def hear(self, text: str) -> None:
        """Note what the reasoner said."""
        self._messages.append(Message("assistant", text))

    def fit(self, measure: Measure, max_tokens: int) -> str:
        """Make room for a reply of `max_tokens`, as far as the context allows; says what went and
        why, or nothing. What the reasoner cannot do without goes only when a reply of the least
        size (`Size.least`) would not fit."""
        first = size = self._measured(measure)
        reply = min(max_tokens, size.limit // REPLY)
        if size.prompt + reply <= size.limit:
            return ""
        gone: list[str] = []
        wanted = size.limit - reply - size.limit // NEXT
        shortened = 0
        for _ in self._shorten():
            shortened += 1
            size = self._measured(measure)
            if size.prompt <= wanted:
                break
        if shortened:
            gone.append(_shortened(shortened))
        for step, room in (
            (self._leave_out, reply),
            (self._cut, size.least),
            (self._blind, size.least),
        ):
            if size.prompt + room > size.limit and (said := step()):
                gone.append(said)
                size = self._measured(measure)
        if not gone:
            return ""
        pictures = f" ({first.pictures} of them pictures)" if first.pictures else ""
        return (
            f"{', '.join(gone)}: beside the conversation's {first.prompt} tokens{pictures} a reply"
            f" of {reply} would not fit the context of {size.limit}"
        )

    def _measured(self, measure: Measure) -> Size:
        size = measure(self.messages)
        if self.largest is None or size.prompt > self.largest.prompt:
            self.largest = size
        return size

    def condense(self) -> str:
        """Make the history shorter after the engine refused it; says what went, or nothing when
        nothing can go."""
        shortened = sum(1 for _ in self._shorten())
        if shortened:
            return _shortened(shortened)
        return self._leave_out() or self._cut() or self._blind()

    def _shorten(self) -> Iterator[None]:
        """Shorten the observations before the last one, the oldest first, one at a time."""
        for n in range(2, len(self._messages) - 1):
            message = self._messages[n]
            if message.role == "user" and (len(message.text) > 2 * BRIEF or message.images):
                text = render.clipped(message.text, BRIEF)
                self._messages[n] = replace(message, text=text, images=())
                yield

    def _leave_out(self) -> str:
        """Leave out the turns between the briefing and the last reply."""
        if len(self._messages) <= 4:
            return ""
        turns = (len(self._messages) - 4) // 2
        last = self._messages[-1]
        text = self._profile.fill("condensed", turns=str(turns)) + "\n\n" + last.text
        self._messages = [*self._messages[:2], self._messages[-2], replace(last, text=text)]
        return f"{turns} earlier turn{'s' if turns > 1 else ''} left out"

    def _cut(self) -> str:
        """Cut the charts' tables to few rows; the code still has them whole."""
        if self._rows <= render.FEW_ROWS:
            return ""
        full = render.briefing(self._profile, self._task, self._rows)
        self._rows = render.FEW_ROWS
        short = render.briefing(self._profile, self._task, self._rows)
        if len(short) >= len(full):
            return ""
        first = self._messages[1]
        self._messages[1] = replace(first, text=first.text.replace(full, short, 1))
        return f"charts cut to {self._rows} rows"

    def _blind(self) -> str:
        """Leave out the pictures: the charts' data say nearly all of them."""
        if not any(message.images for message in self._messages):
            return ""
        self._messages = [replace(message, images=()) for message in self._messages]
        return "pictures left out"


def _shortened(count: int) -> str:
    return f"{count} earlier observation{'s' if count > 1 else ''} shortened"
