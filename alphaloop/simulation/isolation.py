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
    """This process's sandbox of a name; raises Misuse or SandboxUnavailable where there is none.

    "docker" is the image that the environment names; docker@sha256:… that very one, and what it calls itself.
    """
    return _made(_whole(name), os.getpid())


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


def _whole(name: str) -> str:
    if name != "docker":
        return name
    from alphaloop.sandbox.docker.image import image_here

    # So that one image has one sandbox, whoever names it how.
    return f"docker@{image_here()}"


@cache
def _made(name: str, _pid: int) -> Sandbox:
    # The process id is part of the key: what a forked copy inherits belongs to the original.
    made: Sandbox
    if name == "lockdown":
        made = Lockdown(own_core())
    elif name == "unsafe":
        made = Unsafe()
    elif name.startswith("docker@"):
        from alphaloop.sandbox.docker.backend import Docker

        made = Docker(name.removeprefix("docker@"), own_core())
    else:
        raise Misuse(f"there is no sandbox {name!r}; choose lockdown, docker or unsafe")
    atexit.register(made.close)
    return made
