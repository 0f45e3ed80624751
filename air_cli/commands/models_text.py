"""What `air models` prints."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence

from air_cli.config import Config
from air_cli.models import Store
from air_cli.models_catalogue import Known


def as_text(store: Store, known: Sequence[Known], config: Config) -> str:
    """Two tables: the models that are here (`*`: the default), and those to be had."""
    here = store.all()
    lines = [f"here, in {store.root}:" if here else "no model is here yet; air models pull NAME"]
    for one in here:
        mark = "*" if one.name == config.reasoner.model else " "
        sees = "sees pictures" if one.mmproj else "data only"
        where = "linked" if one.linked else one.licence or one.repo
        lines.append(f"{mark} {one.name:<18}{one.size / 1e9:>6.1f} GB  {sees:<14}  {where}")
    names = {one.name for one in here}
    rest = [one for one in known if one.name not in names]
    if rest:
        lines += [
            "",
            "to be had (about so large, memory it needs; its page decides on the licence):",
        ]
    for item in rest:
        licence = item.licence or "see its page"
        sizes = f"{f'~{item.size:.1f}':>6} GB {f'~{item.memory:g}':>4} GB"
        lines += [f"  {item.name:<18}{sizes}  {licence}", f"  {'':<18}{item.suits}"]
    return "\n".join(lines) + "\n"


def as_json(store: Store, known: Sequence[Known], config: Config) -> str:
    """The same as data."""
    body = {
        "folder": str(store.root),
        "default": config.reasoner.model,
        "here": [dataclasses.asdict(one) for one in store.all()],
        "catalogue": [{**dataclasses.asdict(one), "approximate": True} for one in known],
    }
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"
