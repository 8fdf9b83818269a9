"""What of the sandbox works on this machine, as facts for `alphaloop doctor`."""

import os
from contextlib import closing
from dataclasses import dataclass
from time import perf_counter

from alphaloop.errors import AlphaLoopError
from alphaloop.ports import Sandbox
from alphaloop.sandbox.inside import landlock, seccomp
from alphaloop.sandbox.lockdown import Lockdown

_STRATEGY = b"""
class Strategy:
    def __init__(self, params):
        pass

    def on_book(self, book):
        return []
"""
_BOOK = (0.0, 99.0, 101.0, 1.0, 1.0, 100.0, 0.0, 0.0, None, None, None)
_STEPS = 2_000


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing, whether it works here, and in words how or why not."""

    name: str
    works: bool
    words: str


def probe() -> tuple[Fact, ...]:
    """Try each part; nothing is left running."""
    return (_landlock(), _seccomp(), _pidfd(), _cores(), _lockdown(), _docker())


def _landlock() -> Fact:
    try:
        version = landlock.version()
    except OSError as error:
        return Fact("landlock", False, f"the kernel has none ({error.strerror})")
    return Fact("landlock", True, f"version {version} of its interface")


def _seccomp() -> Fact:
    machine = os.uname().machine
    if seccomp.available():
        return Fact("seccomp", True, f"filters that kill, for {machine}")
    return Fact("seccomp", False, f"no filters that kill, or no table of system calls for {machine}")


def _pidfd() -> Fact:
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError) as error:
        return Fact("pidfd", False, str(error))
    return Fact("pidfd", True, "a nursery sees when its parent ends")


def _cores() -> Fact:
    if not hasattr(os, "sched_getaffinity"):
        return Fact("cores", False, "this system does not let a process choose its core; steps will be slow")
    usable = sorted(os.sched_getaffinity(0))
    return Fact("cores", True, f"{len(usable)} usable: {', '.join(map(str, usable))}")


def _lockdown() -> Fact:
    try:
        with closing(Lockdown()) as sandbox:
            words = _round_trips(sandbox)
    except AlphaLoopError as error:
        return Fact("lockdown", False, str(error))
    return Fact("lockdown", True, words)


def _docker() -> Fact:
    # What is said when it fails says what to do; `alphaloop run` asks for it only with --sandbox docker.
    from alphaloop.sandbox.docker.backend import Docker
    from alphaloop.sandbox.docker.engine import Engine
    from alphaloop.sandbox.docker.image import image_here
    from alphaloop.sandbox.docker.program import program

    running = ""
    try:
        with closing(Engine()) as engine:
            running = f"engine {engine.version()}; "
        with closing(Docker(image_here())) as sandbox:
            words = _round_trips(sandbox)
            inside = sandbox.libraries
    except AlphaLoopError as error:
        return Fact("docker", False, f"{running}{error}")
    alike = "as here" if inside == program().libraries else "not as here, so numbers may differ in the end"
    return Fact("docker", True, f"{running}{sandbox.name} with {inside}, {alike}; {words}")


def _round_trips(sandbox: Sandbox) -> str:
    """What a real worker's steps cost, in words."""
    with closing(sandbox.start(_STRATEGY)) as worker:
        began = perf_counter()
        for _ in range(_STEPS):
            worker.on_book(_BOOK)
        step_us = (perf_counter() - began) / _STEPS * 1e6
    return f"a step takes {step_us:.0f} us"
