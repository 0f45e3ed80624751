"""First thing that runs in a jail: take the limits on, then become the module.

`python inside.py '{"RLIMIT_AS": …}' module`. Limits are set here and not before bubblewrap, because
RLIMIT_NPROC would count the user's other processes out there.
"""

from __future__ import annotations

import json
import resource
import runpy
import sys


def take_on(limits: dict[str, int]) -> None:
    """Set soft and hard limits; a limit that is already lower stays."""
    for name, wanted in limits.items():
        which = getattr(resource, name, None)
        if which is None:  # not every limit exists on every system
            continue
        _, hard = resource.getrlimit(which)
        value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(which, (value, value))


if __name__ == "__main__":
    take_on(json.loads(sys.argv[1]))
    sys.argv = sys.argv[2:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
