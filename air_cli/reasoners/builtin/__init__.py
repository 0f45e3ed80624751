"""The reasoner that needs no weights: a small semantic parser that writes Python.

question → tokens → spans linked to the chart (`entities`, `mentions`) → heads and quantities
(`heads`, `quantity`) → candidate programs (`questions`, `rules_*`), ranked by how completely they
explain the words (`explained`), by what the choices are (`offer`) and by the measure that is
meant where no series is named (`measures`) → code (`codegen`, `writing`) with how sure it is
(`sureness`) → replies in the marks of the protocol (`conversation`).
"""

from __future__ import annotations

from air_cli.reasoners.builtin.conversation import Builtin, make
from air_cli.reasoners.builtin.writing import attempts

__all__ = ["Builtin", "attempts", "make"]
