"""One reasoner's attempt at a question: decide, ask, act, observe, until the policy stops it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from air_cli import policy
from air_cli import protocol_render as render
from air_cli.errors import ItemError
from air_cli.loop_acts import Acted, Acts
from air_cli.loop_history import History
from air_cli.loop_types import (
    INTERRUPTED,
    Conversation,
    Measuring,
    Reasoner,
    Setup,
    Streaming,
    Varying,
)
from air_cli.protocol import load_profile, same_answer, weighed
from air_cli.records import Answer, Fault, Outcome, Reply, Step, Want


@dataclass(frozen=True)
class Ended:
    """How an attempt ended and why; `answer` for the outcomes answered and unanswerable."""

    outcome: Outcome
    reason: str
    answer: Answer | None = None


class Attempt:
    """The state of one attempt."""

    def __init__(self, setup: Setup, reasoner: Reasoner, first_step: int = 1) -> None:
        self.task, self.budget, self.mode = setup.task, setup.budget, setup.mode
        self.reasoner, self._setup = reasoner, setup
        self.profile = load_profile(setup.profile)
        self.steps: list[Step] = []
        self.images: dict[str, bytes] = {}
        self.history = History(self.profile, self.task)
        self._emit = setup.on_event or (lambda kind, data: None)
        self._first = first_step
        self._started, self._ended = time.monotonic(), 0.0
        model = isinstance(reasoner, Varying) and reasoner.varies
        self._acts = Acts(self.task, self.profile, setup.make_jail, setup.look, claims=model)
        self._pending: list[str] = [render.briefing(self.profile, self.task)]
        self._pictures: tuple[bytes, ...] = (
            tuple(self.task.images.values()) if reasoner.sees else ()
        )
        self._features = policy.features(self.task.question.text)
        self._reading = policy.reading(self.task.charts)
        self._parts: tuple[str, ...] = ()
        self._answers: list[Answer] = []
        self._draft: Answer | None = None
        self._planned = self._confirmed = self._direct_failed = self._evidence_shown = False
        self._shown: tuple[bytes, ...] = ()  # to the reasoner, by the loop, in this turn
        self._reflections = self._looks = self._faults = 0
        self._last_fault: Fault | None = None

    @property
    def elapsed(self) -> float:
        """Wall seconds that the attempt has taken."""
        return (self._ended or time.monotonic()) - self._started

    def run(self) -> Ended:
        """Work until the policy stops. Raises `EnvironmentFault` alone."""
        try:
            conversation = self.reasoner.open(self.task)
            if self._setup.on_event is not None and isinstance(conversation, Streaming):
                conversation.listen(lambda text: self._emit("piece", {"text": text}))
            self._started = time.monotonic()  # loading a model is not the question's time
            while True:
                decision = self._spoken(policy.decide(self._state()))
                if decision.action == "stop":
                    return Ended(decision.outcome or "failed", decision.reason, self._draft)
                self._turn(conversation, decision)
        except ItemError as error:
            if self._draft is not None:
                outcome: Outcome = "unanswerable" if self._draft.unanswerable else "answered"
                reason = f"the draft stands unchecked: {error}"
                return Ended(outcome, reason, replace(self._draft, why=_and(self._draft, reason)))
            return Ended("failed", str(error))
        finally:
            self._ended = time.monotonic()
            self._acts.close()

    def _spoken(self, decision: policy.Decision) -> policy.Decision:
        """The decision in the marks of the profile: where answers are texts, one may follow code
        that ran."""
        ran = any(step.code and step.fault is None for step in self.steps)
        if self.profile.bare and ran and decision.allowed and "answer" not in decision.allowed:
            return replace(decision, allowed=(*decision.allowed, "answer"))
        return decision

    def _state(self) -> policy.State:
        return policy.State(
            question=self.task.question,
            mode=self.mode,
            features=self._features,
            reading=self._reading,
            sees=self.reasoner.sees,
            can_look=self._acts.can_look,
            can_plan="plan" in self.profile.actions,
            looks=self._looks,
            planned=self._planned,
            parts=len(self._parts),
            parts_done=len(self._answers),
            draft=self._draft,
            checkable=self.reasoner.sees or self._measured() or self._refused(),
            confirmed=self._confirmed,
            reflections=self._reflections,
            reflections_left=self.budget.reflections - self._reflections,
            faults=self._faults,
            last_fault=self._last_fault,
            direct_failed=self._direct_failed,
            faults_left=self.budget.faults - self._faults,
            steps_left=self.budget.steps - len(self.steps),
            seconds_left=self.budget.seconds - self.elapsed,
            tokens_left=self.budget.tokens - sum(step.tokens for step in self.steps),
        )

    def _refused(self) -> bool:
        """Whether something that the reasoner did was refused: it may think better of it."""
        return any(step.fault is not None for step in self.steps)

    def _measured(self) -> bool:
        """Whether the draft rests on a mark whose value was measured, not printed."""
        named = self._draft.evidence if self._draft is not None else ()
        held = {(item.figure_id, item.series, item.category) for item in named}
        return any(
            mark.how == "geometry" and (chart.figure_id, mark.series, mark.category) in held
            for chart in self.task.charts
            for mark in chart.marks
        )

    def _turn(self, conversation: Conversation, decision: policy.Decision) -> None:
        n = self._first + len(self.steps)
        self._emit("decision", {"n": n, "action": decision.action, "reason": decision.reason})
        began = time.monotonic()
        want = self._want(decision)
        if decision.action == "reflect" and self.reasoner.sees:
            decision = self._show_evidence(decision)
        text = "\n\n".join([*self._pending, self._instruction(decision, want)])
        self.history.say(text, self._pictures)
        reply, note = self._reply(conversation, want)
        self._emit("reply", {"n": n, "text": reply.text})
        decision = replace(decision, reason=decision.reason + note)
        self.history.hear(reply.text)
        try:
            acted = self._act(decision, want, reply)
        except KeyboardInterrupt:  # the trace shows what it was busy with
            stopped = Acted(fault=Fault(INTERRUPTED, "it was stopped while this step was done"))
            self._observe(n, decision, reply, stopped, time.monotonic() - began)
            raise
        self._observe(n, decision, reply, acted, time.monotonic() - began)

    def _show_evidence(self, decision: policy.Decision) -> policy.Decision:
        """Before a check: the draft's evidence at twice the size and its texts read again, once."""
        if self._draft is None or self._evidence_shown or not self._acts.can_look:
            return decision
        self._evidence_shown = True
        seen = self._acts.look_at_evidence(self._draft)
        if seen is None:
            return decision
        if seen.fault is not None:
            why = f"; its evidence cannot be shown: {seen.fault.message}"
            return replace(decision, reason=decision.reason + why)
        self._pending.append(seen.observation)
        self._pictures += seen.images
        self._shown = seen.images
        return replace(decision, reason=decision.reason + "; its evidence was read again")

    def _reply(self, conversation: Conversation, want: Want) -> tuple[Reply, str]:
        """The next reply and what was left out for it, planned where the reasoner can measure the
        conversation, else when it refuses it: old observations are shortened first, then go the
        middle turns, rows of the charts, pictures."""
        note = ""
        if isinstance(conversation, Measuring):
            gone = self.history.fit(conversation.measure, want.max_tokens)
            note = f"; {gone}" if gone else ""
        while True:
            try:
                return conversation.reply(self.history.messages, want), note
            except ItemError as error:
                left_out = self.history.condense() if error.kind == "context" else ""
                if not left_out:
                    raise
                note += f"; {left_out} to fit the context"

    def _want(self, decision: policy.Decision) -> Want:
        budget, state = self.budget, self._state()
        in_part = decision.action == "code" and len(self._answers) < len(self._parts)
        parts = zip(self._parts, self._answers, strict=False)
        return Want(
            action=decision.action,
            question=self._parts[len(self._answers)] if in_part else self.task.question.text,
            draft=self._draft,
            parts=tuple(parts),
            grammar=self.profile.grammar_for(
                decision.allowed, budget.thought_chars, budget.code_lines
            ),
            max_tokens=max(1, min(budget.reply_tokens, state.tokens_left)),
            seconds=max(0.1, state.seconds_left),
            temperature=self._setup.temperature,
            seed=self._setup.seed,
            stop=self.profile.results,
        )

    def _instruction(self, decision: policy.Decision, want: Want) -> str:
        in_part = want.question != self.task.question.text and decision.action == "code"
        answers = [f"{text}: {render.draft_text(answer)}" for text, answer in want.parts]
        return self.profile.fill(
            "part" if in_part else decision.action,
            question=want.question,
            allowed=" or ".join(f"<{name}>" for name in decision.allowed),
            draft=render.draft_text(self._draft) if self._draft else "",
            part=str(len(self._answers) + 1),
            parts=str(len(self._parts)),
            answers="\n".join(answers),
        )

    def _act(self, decision: policy.Decision, want: Want, reply: Reply) -> Acted:
        left = self.budget.seconds - self.elapsed
        seconds = max(0.1, min(self.budget.step_seconds, left))
        acted = self._acts.act(decision, want, reply, seconds)
        if acted.answer is not None:
            acted = replace(acted, answer=weighed(acted.answer, reply.logprob))
        if decision.action == "direct" and self.mode == "auto" and not acted.code:
            return self._acts.insist_on_agreement(acted)
        return acted

    def _observe(
        self, n: int, decision: policy.Decision, reply: Reply, acted: Acted, seconds: float
    ) -> None:
        """Record the step, and what of it the reasoner hears next."""
        images = self._shown + acted.images
        names = tuple(f"step-{n:02d}-{i}.png" for i in range(1, len(images) + 1))
        self.images.update(zip(names, images, strict=True))
        self._shown = ()
        self._pictures = acted.images if self.reasoner.sees else ()
        step = Step(
            n=n,
            action=decision.action,
            reason=decision.reason,
            reply=reply.text,
            thought=acted.thought,
            code=acted.code,
            stdout=acted.stdout,
            stderr=acted.stderr,
            value=acted.value,
            images=names,
            seconds=round(seconds, 4),
            tokens=reply.tokens,
            fault=acted.fault,
            answer=acted.answer,
            by=self.reasoner.name,
            logprob=reply.logprob,
            evaluated=reply.evaluated,
        )
        self.steps.append(step)
        self._integrate(decision, acted)
        self._emit("step", {"step": step})

    def _integrate(self, decision: policy.Decision, acted: Acted) -> None:
        self._pending = [acted.observation] if acted.observation else []
        self._looks += acted.looked
        if acted.fault is not None:
            self._faults += 1
            self._last_fault = acted.fault
            self._direct_failed |= decision.action == "direct"
            self._pending = [render.fault_text(self.profile, acted.fault, acted.stdout)]
            return
        self._faults = 0
        if acted.plan:
            self._planned = True
            self._parts = acted.plan if len(acted.plan) > 1 else ()
        if acted.answer is not None:
            self._accept(decision, acted.answer)

    def _accept(self, decision: policy.Decision, answer: Answer) -> None:
        if decision.action == "code" and len(self._answers) < len(self._parts):
            self._answers.append(answer)
            return
        if decision.action != "reflect" or self._draft is None:
            self._draft = answer
            return
        self._reflections += 1
        self._confirmed = same_answer(self._draft, answer)
        if self._confirmed:
            # Said again it is no surer: what spoke against the draft still does.
            weaker = min(self._draft, answer, key=lambda each: each.confidence)
            self._draft = replace(weaker, why=_and(weaker, "a check of the draft confirmed it"))
        else:
            before = self._draft.text or str(self._draft.value)
            self._draft = replace(answer, why=_and(answer, f"a check mended it from {before}"))


def _and(answer: Answer, note: str) -> str:
    return f"{answer.why}; {note}" if answer.why else note
