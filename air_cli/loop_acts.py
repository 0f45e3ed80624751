"""What a reply asks for is done here: code in the jail, a second look, a plan, an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from air_cli import protocol_render as render
from air_cli.errors import ItemError, ReasonerFault
from air_cli.loop_types import Jail, JailMaker, Looker
from air_cli.policy import Decision, features
from air_cli.protocol import (
    Look,
    Parsed,
    Profile,
    agreement,
    check_answer,
    disputed,
    doubted,
    parse,
    says_a_number,
    with_evidence,
)
from air_cli.records import Answer, Fault, Ran, Reply, Task, Want

# Around the evidence, so that its labels are in the picture: a share of its size, and pixels.
MARGIN, EDGE_PX = 0.15, 24.0
LOST = "the session broke and starts afresh, without its variables"


@dataclass(frozen=True)
class Acted:
    """What a turn did. `observation` is what the reasoner hears of it (a fault speaks for
    itself)."""

    thought: str = ""
    code: str = ""
    stdout: str = ""
    stderr: str = ""
    value: str = ""
    images: tuple[bytes, ...] = ()
    plan: tuple[str, ...] = ()
    looked: bool = False
    answer: Answer | None = None
    fault: Fault | None = None
    observation: str = ""


class Acts:
    """Carries out replies; owns the jail of the attempt, made when first needed."""

    def __init__(
        self,
        task: Task,
        profile: Profile,
        make_jail: JailMaker,
        look: Looker | None,
        *,
        claims: bool = False,
    ) -> None:
        """`claims`: the reasoner may claim numbers of its own, which are held against the
        measured ones."""
        self._task, self._profile = task, profile
        self._make_jail, self._look = make_jail, look
        self._jail: Jail | None = None
        # Marks that earlier steps touched: an answer computed from variables rests on them too.
        self._touched: tuple[Mapping[str, Any], ...] = ()
        self._claims, self._disputed = claims, False

    @property
    def can_look(self) -> bool:
        return self._look is not None and "look" in self._profile.actions

    def close(self) -> None:
        """Close the jail, if one was made."""
        if self._jail is not None:
            jail, self._jail = self._jail, None
            jail.close()

    def act(self, decision: Decision, want: Want, reply: Reply, seconds: float) -> Acted:
        """Do what the reply says, code within `seconds`; whatever is wrong with it is in
        `Acted.fault`. Raises `EnvironmentFault` when code is due and no jail can be made."""
        try:
            parsed = _parsed(decision, want, reply, self._profile)
        except ReasonerFault as error:
            return Acted(fault=_fault(error))
        acted = Acted(thought=parsed.thought, code=parsed.code)
        if parsed.action == "code":
            # A check or a combination repeats values that were computed before.
            fresh = decision.action not in ("reflect", "combine")
            return self._run(acted, seconds, held=self._claims and fresh)
        if parsed.look is not None:
            return self._second_look(acted, parsed.look)
        if parsed.action == "plan":
            return replace(acted, plan=parsed.plan)
        if self._profile.bare:
            raw = with_evidence(parsed.answer, self._touched, self._task.charts)
            return self._answered(acted, raw, (), computed=bool(self._touched))
        return self._answered(acted, parsed.answer, (), computed=False)

    def insist_on_agreement(self, acted: Acted) -> Acted:
        """A fault when the answer, given without code, is not what the marks it names show, or is
        a refusal: what cannot be read off may still be computed."""
        if acted.answer is None:
            return acted
        if acted.answer.unanswerable is not None:
            message = f"{acted.answer.unanswerable}: try in code before you give it up"
            return replace(acted, answer=None, fault=Fault("answer", message))
        if agreement(acted.answer, self._task.charts):
            return acted
        shown = [render.number(item.value) for item in acted.answer.evidence[:6]]
        message = f"the answer {acted.answer.text} is not what its evidence shows: {shown}"
        return replace(acted, answer=None, fault=Fault("answer", message))

    def _run(self, acted: Acted, seconds: float, *, held: bool) -> Acted:
        if self._jail is None:
            self._jail = self._make_jail()
            self._jail.load(self._task.charts, self._task.images)
        try:
            ran = self._jail.run(acted.code, seconds)
        except ItemError as error:
            self.close()
            return replace(acted, fault=Fault("crashed", f"{error}; {LOST}"))
        acted = replace(
            acted, stdout=ran.stdout, stderr=ran.stderr, value=ran.value, images=ran.images
        )
        if ran.fault is not None:
            return replace(acted, fault=ran.fault)
        earlier, self._touched = self._touched, self._touched + ran.touched
        if ran.answer is not None:
            touched = self._touched
            answered = self._answered(acted, _with(ran, earlier), touched, computed=True)
            if held and (not touched or says_a_number(acted.code)):
                answered = self._held_against_the_measured(answered)
            return answered if answered.fault is None else self._undone(answered, earlier)
        heard = render.observation(self._profile, ran, len(ran.images))
        return replace(acted, observation=heard)

    def _held_against_the_measured(self, acted: Acted) -> Acted:
        """For code that looked nothing up, or answers with a number that it wrote itself: what is
        not as measured is for the reasoner to resolve, once; if it insists, the answer is less
        sure and says why."""
        if acted.answer is None or features(self._task.question.text).task == "count":
            return acted
        dispute = disputed(acted.code, acted.answer, self._task.charts)
        if not dispute:
            return acted
        if self._disputed:
            return replace(acted, answer=doubted(acted.answer, dispute))
        self._disputed = True
        message = f"{dispute}. Resolve it: use chart, look again, or insist with a reason"
        return replace(acted, answer=None, fault=Fault("answer", message))

    def _undone(self, refused: Acted, earlier: tuple[Mapping[str, Any], ...]) -> Acted:
        """A refused answer is a failed step: neither its variables nor its marks stay."""
        assert self._jail is not None and refused.fault is not None
        self._touched = earlier
        try:
            self._jail.undo()
        except ItemError as error:
            self.close()
            message = f"{refused.fault.message}; {error}; {LOST}"
            return replace(refused, fault=replace(refused.fault, message=message))
        return refused

    def _answered(
        self,
        acted: Acted,
        raw: Mapping[str, Any],
        touched: Sequence[Mapping[str, Any]],
        *,
        computed: bool,
    ) -> Acted:
        try:
            answer = check_answer(raw, touched, self._task, computed=computed)
        except ReasonerFault as error:
            return replace(acted, fault=_fault(error))
        self._touched = ()
        return replace(acted, answer=answer)

    def look_at_evidence(self, answer: Answer) -> Acted | None:
        """A second look at the region that holds an answer's evidence (of its first figure), or
        None when it has none."""
        if not answer.evidence:
            return None
        figure = answer.evidence[0].figure_id
        boxes = [item.bbox_px for item in answer.evidence if item.figure_id == figure]
        left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
        right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
        across, down = MARGIN * (right - left) + EDGE_PX, MARGIN * (bottom - top) + EDGE_PX
        region = (left - across, top - down, right + across, bottom + down)
        return self._second_look(Acted(), Look(figure, region, 2.0))

    def _second_look(self, acted: Acted, look: Look) -> Acted:
        acted = replace(acted, looked=True)
        try:
            wanted = self._checked(look)
            if self._look is None:
                raise ReasonerFault("no second look can be had here", kind="request")
            looked = self._look(wanted)
        except ReasonerFault as error:
            return replace(acted, fault=_fault(error))
        except ItemError as error:
            return replace(acted, fault=Fault("request", str(error)))
        images = (looked.image,) if looked.image is not None else ()
        heard = render.looked(self._profile, looked.texts, bool(images))
        return replace(acted, images=images, observation=heard)

    def _checked(self, look: Look) -> Look:
        """The look with its figure found and its box inside it."""
        figures = {figure.id: figure for figure in self._task.figures}
        name = look.figure or (next(iter(figures)) if len(figures) == 1 else "")
        if name not in figures:
            known = ", ".join(figures) or "none"
            raise ReasonerFault(f"there is no figure {name!r:.60}: {known}", kind="request")
        box = look.box
        if box is not None:
            width, height = figures[name].size_px
            right = min(box[2], float(width)) if width else box[2]
            bottom = min(box[3], float(height)) if height else box[3]
            box = (max(0.0, box[0]), max(0.0, box[1]), right, bottom)
            if box[2] - box[0] < 1 or box[3] - box[1] < 1:
                message = f"the box has no area inside {name}, which is {width}×{height} px"
                raise ReasonerFault(message, kind="request")
        return replace(look, figure=name, box=box)


def _with(ran: Ran, earlier: tuple[Mapping[str, Any], ...]) -> Mapping[str, Any]:
    """The raw answer; where it names just what its step touched, with the earlier steps' marks."""
    raw = ran.answer or {}
    named = raw.get("evidence")
    if isinstance(named, list) and earlier and named == [dict(item) for item in ran.touched]:
        return {**raw, "evidence": [*earlier, *named]}
    return raw


def _fault(error: ReasonerFault) -> Fault:
    return Fault(error.kind, str(error))


def _parsed(decision: Decision, want: Want, reply: Reply, profile: Profile) -> Parsed:
    """The reply taken apart. A refusal is always allowed; a cut-off reply is not mended."""
    cut = reply.cut or 0 < want.max_tokens <= reply.tokens
    try:
        parsed = parse(reply.text, {*decision.allowed, "answer"}, profile)
        if parsed.action == "answer" and "unanswerable" not in parsed.answer:
            parse(reply.text, decision.allowed, profile)
    except ReasonerFault as error:
        raise _cut_off(reply) if cut else error from None
    if cut and any(repair.startswith("closed") for repair in parsed.repairs):
        raise _cut_off(reply)
    return parsed


def _cut_off(reply: Reply) -> ReasonerFault:
    return ReasonerFault(f"the reply was cut off after {reply.tokens} tokens: be briefer")
