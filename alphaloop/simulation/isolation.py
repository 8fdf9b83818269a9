"""Sandboxes by name, one of each in a process, kept warm."""

import atexit
import os
from functools import cache

from alphaloop.errors import Misuse
from alphaloop.ports import Sandbox
from alphaloop.sandbox.lockdown import Lockdown
from alphaloop.sandbox.unsafe import Unsafe
from alphaloop.simulation.core import Core, free_core

_settled: dict[int, Core | None] = {}
"""Where each process settled, by its id; the claim holds while it stands here."""


def sandbox_named(name: str) -> Sandbox:
    """This process's sandbox of a name; raises Misuse or SandboxUnavailable where there is none."""
    return _made(name, os.getpid())


def settle() -> None:
    """Give this process a core that no other player has; for processes that do nothing but play.

    It shares the core with its strategies' workers, whoever started it: a pool here, or a node of a cluster.
    """
    if os.getpid() not in _settled:
        _settled[os.getpid()] = free_core()


def own_core() -> int | None:
    """The core that this process settled on, or None when it plays for nobody."""
    core = _settled.get(os.getpid())
    return None if core is None else core.number


@cache
def _made(name: str, _pid: int) -> Sandbox:
    # The process id is part of the key: what a forked copy inherits belongs to the original.
    made: Sandbox
    if name == "lockdown":
        made = Lockdown(own_core())
    elif name == "unsafe":
        made = Unsafe()
    else:
        raise Misuse(f"there is no sandbox {name!r}; choose lockdown or unsafe")
    atexit.register(made.close)
    return made
