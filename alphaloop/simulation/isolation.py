"""Sandboxes by name, one of each in a process, kept warm."""

import atexit
import multiprocessing
import os
import re
from functools import cache

from alphaloop.errors import Misuse
from alphaloop.ports import Sandbox
from alphaloop.sandbox.lockdown import Lockdown
from alphaloop.sandbox.unsafe import Unsafe


def sandbox_named(name: str) -> Sandbox:
    """This process's sandbox of a name; raises Misuse or SandboxUnavailable where there is none."""
    return _made(name, os.getpid())


@cache
def _made(name: str, _pid: int) -> Sandbox:
    # The process id is part of the key: what a forked copy inherits belongs to the original.
    made: Sandbox
    if name == "lockdown":
        made = Lockdown(_core())
    elif name == "unsafe":
        made = Unsafe()
    else:
        raise Misuse(f"there is no sandbox {name!r}; choose lockdown or unsafe")
    atexit.register(made.close)
    return made


def _core() -> int | None:
    """A core for this process and its workers: by turns in a pool, so that no two share one; else None."""
    number = re.fullmatch(r"LokyProcess-(\d+)", multiprocessing.current_process().name)
    if number is None:
        return None
    usable = sorted(os.sched_getaffinity(0))
    return usable[int(number[1]) % len(usable)]
