"""Split a question into parts and put their answers together. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from air_cli.records import Answer
from air_cli.wording import without_form

MOST = 8
_SENTENCE = re.compile(r"(?<=[?;])\s+")
_ASKING = (
    r"(?:in |by |for |at )?(?:what|which|when|where|who|how (?:many|much)|is|are|does|do|did)\b"
)
_JOINED = re.compile(rf"[,;]?\s+(?:and|&|as well as)\s+(?={_ASKING})", re.I)


_POINTING = re.compile(
    r"((?:in |at |for )?(?:which|what) \w+|when|where)"
    r"(?:,? (?:was|is|did|does|were|has|had)? ?(?:that|this|it|they|these)(?: \w+)?)?",
    re.I,
)
_SUBJECT = re.compile(r"^(?:what|which) (?:was|is|were|are) ", re.I)
# "On the slide that starts with …, how much …": where to look, which is not what is asked.
_PLACE = re.compile(
    r"^\s*(?:on|in|at|from|by|looking at|according to|based on|as shown (?:in|on)|using|for)\s+"
    r"(?:the\s+)?(?:[\w-]+\s+){0,3}?(?:slide|page|figure|table|chart|graph|exhibit|diagram)\b"
    rf"(?P<which>.*?),\s*(?={_ASKING})", re.I | re.S,
)  # fmt: skip
_RELATIVE = re.compile(r"^\s*(?:that|which|with|where|titled|called|named|whose)\b", re.I)
_DATED = re.compile(r"\b(?:19|20)\d\d\b")
_ASKS = re.compile(_ASKING, re.I)
# "and what was it?" after "Which region had the highest revenue in 2023".
_VALUE_OF = re.compile(
    r"(?:what|how much|how many) (?:was|is|were|are) "
    r"(?:it|that|its value|the value|the amount|this|the number)|what value", re.I,
)  # fmt: skip
_HAD = re.compile(r"\b(?:had|has|have|recorded|reached|showed|shows) (.+)", re.I)
# What the first part is about: "How much did Asia grow …".
_ABOUT = re.compile(
    r"\b(?:did|does|do|was|were|is|are|has|had)\s+(.+?)\s+(?:grow|grew|increas|decreas|ris|rose|fall|"
    r"fell|declin|chang|drop|reach|peak|from|in|between|over|during|by|at)\w*\b", re.I,
)  # fmt: skip
# "Which region was larger in 2021, and by how much?": larger than the next.
_BY_HOW_MUCH = re.compile(r"by how (?:much|many)\b.*", re.I)
_LEADS = re.compile(
    r"\b(?:which|what) (?P<noun>[\w' -]+?) (?:was|is|were|are|had|has|have) (?:the )?"
    r"(?:(?P<most>larger|largest|higher|highest|bigger|biggest|greater|greatest|more|most|ahead)"
    r"|(?:smaller|smallest|lower|lowest|less|least|fewer|fewest))\b(?P<rest>.*)", re.I,
)  # fmt: skip
_IT = re.compile(r"\b(?:it|they)\b", re.I)
_WHO = re.compile(r"(?:who|whose|whom)\b", re.I)
_OF_WHOM = re.compile(r"\w\s+(?:who|whose|whom)\b", re.I)
_LETTERED = re.compile(r"(?:^|[\s;,])\(?([A-H])[).:]\s+(.+?)(?=[\s;,]+\(?[A-H][).:]\s|$)", re.S)


def choices_in(question: str) -> tuple[str, tuple[str, ...]]:
    """A question without its choices, and the choices: "…? A) 3 B) 4", lettered from A on."""
    found = list(_LETTERED.finditer(question))
    letters = "".join(match[1] for match in found)
    if len(found) < 2 or not "ABCDEFGH".startswith(letters):
        return question, ()
    return question[: found[0].start()].strip(), tuple(match[2].strip(" ,;") for match in found)


def asking(question: str) -> str:
    """A question without where to look for its answer ("On page 3, …") and without the sentences on
    its form ("Round to one decimal."). A year said of the place may be what is asked for."""
    place = _PLACE.match(question)
    if place and (_RELATIVE.match(place["which"]) or not _DATED.search(place["which"])):
        question = question[place.end() :]
    return without_form(question)


def parts_of(question: str) -> list[str]:
    """The sub-questions of a question, in order; a simple one is its only part."""
    parts = [
        part.strip(" ,;")
        for sentence in _SENTENCE.split(asking(question).strip())
        for part in _joined_parts(sentence)
        if part.strip(" ,;?") and not part.lstrip().startswith("(")
    ]
    parts = [parts[0], *(_resolved(part, parts[0]) for part in parts[1:])] if parts else []
    whole = [part if part.endswith("?") else f"{part}?" for part in parts]
    return whole[:MOST] or [question]


def _joined_parts(sentence: str) -> list[str]:
    """A sentence cut where "and" joins two questions, not where it joins two relative clauses:
    "people who say A and who say B"."""
    parts = [""]
    end = 0
    for found in _JOINED.finditer(sentence):
        parts[-1] += sentence[end : found.start()]
        if _WHO.match(sentence[found.end() :]) and _OF_WHOM.search(parts[-1]):
            parts[-1] += found[0]
        else:
            parts.append("")
        end = found.end()
    parts[-1] += sentence[end:]
    return parts


def _resolved(part: str, first: str) -> str:
    """A part that points back at the first one, with what it points at: "in which year was that?"
    after "What was the highest share …" asks in which year the highest share was."""
    pointing = _POINTING.fullmatch(part.strip(" ?"))
    asked = first.strip(" ?")
    subject = _SUBJECT.sub("", asked)
    if _VALUE_OF.fullmatch(part.strip(" ?")) and (had := _HAD.search(asked)):
        return f"What was {had[1]}?"
    if pointing is not None and (subject != asked or not _ASKS.match(asked)):
        return f"{pointing[1]} was {subject}?"
    if _BY_HOW_MUCH.fullmatch(part.strip(" ?")) and (leads := _LEADS.search(asked)):
        most = "largest" if leads["most"] else "smallest"
        pair = f"between the {most} and the second {most} {leads['noun']}"
        return f"What was the difference {pair}{leads['rest']}?"
    about = _ABOUT.search(asked)
    if about is not None and (said := _IT.search(part)):
        return f"{part[: said.start()]}{about[1]}{part[said.end() :]}"
    return part


def combined_code(parts: Sequence[tuple[str, Answer]]) -> str:
    """Code that answers with the answers of the parts: one as it is, several as a list."""
    known = [(asked, answer) for asked, answer in parts if answer.unanswerable is None]
    if not known:
        reasons = "; ".join(answer.unanswerable or "" for _, answer in parts)
        return f"unanswerable({reasons or 'no part has an answer'!r})\n"
    lines = [f"# {' '.join(asked.split())}: {answer.text}" for asked, answer in parts]
    values = [value for _, answer in known for value in _values(answer)]
    evidence = [
        {"figure_id": e.figure_id, "series": e.series, "category": e.category,
         "bbox_px": list(e.bbox_px)}
        for _, answer in known
        for e in answer.evidence
    ]  # fmt: skip
    units = {answer.unit for _, answer in known}
    unit = units.pop() if len(units) == 1 else ""
    value = values[0] if len(values) == 1 else values
    text = "; ".join(
        answer.text if answer.unanswerable is None else f"“{asked}” is not answered"
        for asked, answer in parts
    )
    sure = min(answer.confidence for _, answer in known)
    lines.append(
        f"answer({value!r}, unit={unit!r}, evidence={evidence!r}, text={text!r}, sure={sure!r})"
    )
    return "\n".join(lines) + "\n"


def _values(answer: Answer) -> list[object]:
    return list(answer.value) if isinstance(answer.value, list) else [answer.value]
