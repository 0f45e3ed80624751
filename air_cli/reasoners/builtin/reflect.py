"""Code that checks a draft answer against the figure before giving it again. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from air_cli.records import Answer, Chart, Evidence

MOST = 40


def checking_code(draft: Answer, code: str, charts: Sequence[Chart]) -> str:
    """Re-read the marks of the draft's evidence, mend the chart where a printed label corrects the
    geometry, and run the draft's own code on it again. Without that code the draft is given again
    as it is."""
    lines = [f"# check the draft {draft.text or draft.value!r}: read its marks again"]
    marks = [item for item in draft.evidence if item.series or item.category][:MOST]
    if not marks:
        lines += ["# the draft rests on no mark: nothing can be read again"]
    for figure in dict.fromkeys(item.figure_id for item in marks):
        lines += _checks(figure, [m for m in marks if m.figure_id == figure], charts)
    if code:
        return "\n".join(lines) + "\n" + code
    return "\n".join([*lines, _again(draft)]) + "\n"


def _checks(figure: str, marks: Sequence[Evidence], charts: Sequence[Chart]) -> list[str]:
    place = next((n for n, chart in enumerate(charts) if chart.figure_id == figure), 0)
    wanted = [(item.series, item.category) for item in marks]
    stacked = bool(charts) and charts[place].kind.startswith("stacked")
    stacks = list(dict.fromkeys(item.category for item in marks))
    totals = [f"chart = totalled(chart, {stacks!r})"] if stacked else []
    return [
        f"chart = charts[{place}]",
        f"wanted = {wanted!r}",
        "rests_on = [p for p in chart.points if (p.series, p.category) in wanted]",
        "checks = recheck_all(rests_on, chart)",
        'print("\\n".join(map(str, checks)))',
        "chart = mended(chart, checks)",
        *totals,
    ]


def _again(draft: Answer) -> str:
    evidence = [
        {"figure_id": e.figure_id, "series": e.series, "category": e.category,
         "bbox_px": list(e.bbox_px)}
        for e in draft.evidence
    ]  # fmt: skip
    return (
        f"answer({draft.value!r}, unit={draft.unit!r}, evidence={evidence!r}, text={draft.text!r})"
    )
