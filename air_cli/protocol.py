"""The protocol between loop and reasoner: the one door to its three parts. Pure.

`protocol_parse` reads replies, `protocol_render` writes messages from the templates of a profile,
`protocol_check` turns raw answers into `Answer` records.
"""

from __future__ import annotations

from air_cli.protocol_bare import with_evidence
from air_cli.protocol_check import check_answer
from air_cli.protocol_claims import disputed, says_a_number
from air_cli.protocol_parse import ACTIONS, Look, Parsed, parse
from air_cli.protocol_profile import Profile, load_profile, profile_for
from air_cli.protocol_words import agreement, doubted, same_answer, weighed

__all__ = [
    "ACTIONS",
    "Look",
    "Parsed",
    "Profile",
    "agreement",
    "check_answer",
    "disputed",
    "doubted",
    "load_profile",
    "parse",
    "profile_for",
    "same_answer",
    "says_a_number",
    "weighed",
    "with_evidence",
]
