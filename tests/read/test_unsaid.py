"""What a question names and a document never says."""

from __future__ import annotations

import pytest

from air_cli.read.unsaid import unsaid

TEXT = (
    "The survey of 2013 asked seniors in Boston and Chicago how often they go online. "
    "In FY15 the share rose. GPT-4 on average scored 71 in PhysicsBench. Recruiter A viewed 40 "
    "profiles and Recruiter B viewed 21. The market code is AR01, AR02 or CA03. "
) * 4


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("How many seniors went online in 2022?", ("2022",)),
        ("What was the share in 2015?", ()),
        ("What did seniors in Bostan say?", ()),
        ("What did seniors in Madrid say?", ("Madrid",)),
        ("What score did GPT-4o reach on PhysicsBench?", ("GPT-4o",)),
        ("What is the market with the code AR03?", ("AR03",)),
        ("How many more profiles did Recruiter A view than Recruiter C?", ("Recruiter C",)),
        ("How many more profiles did Recruiter A view than Recruiter B?", ()),
        ("What was the EBITDA in Q3 2013?", ()),
        ("Please answer the question about Chicago.", ()),
    ],
)
def test_what_is_never_said(question: str, wanted: tuple[str, ...]) -> None:
    assert unsaid(question, [TEXT]) == wanted


def test_a_scan_says_nothing_about_what_it_lacks() -> None:
    assert unsaid("How many in Madrid in 2022?", ["", " "]) == ()
