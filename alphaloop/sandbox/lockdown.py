"""Lockdown: isolation by the Linux kernel alone, without root, user namespaces or Docker."""

import os
import socket
import sys
from collections.abc import Mapping
from functools import partial

from alphaloop.errors import AlphaLoopError, SandboxUnavailable
from alphaloop.ports import TestRun
from alphaloop.sandbox.allowance import Allowance
from alphaloop.sandbox.clock import cpu_seconds
from alphaloop.sandbox.endings import ending
from alphaloop.sandbox.inside import landlock, seccomp
from alphaloop.sandbox.line import Line
from alphaloop.sandbox.nursery import Nursery
from alphaloop.sandbox.pin import Pin
from alphaloop.sandbox.repository_tests import run_repository_tests
from alphaloop.sandbox.worker import SocketWorker


class Lockdown:
    """Workers behind resource limits, Landlock and seccomp, forked from one warm nursery per hash seed.

    core: what this process and its workers share while workers live; None keeps the one that it runs on.
    Runs in parallel each take a core of their own.  One thread may use it at a time.
    """

    name = "lockdown"
    tainted = False

    def __init__(self, core: int | None = None, allowance: Allowance | None = None) -> None:
        if missing := missing_here():
            raise SandboxUnavailable(
                f"untrusted code cannot be isolated here: {'; '.join(missing)}; run `alphaloop doctor`, "
                "and use a Linux machine that has what is missing"
            )
        self._core = core
        self._allowance = allowance or Allowance()
        self._begin()

    def start(self, source: bytes, hash_seed: int = 0) -> SocketWorker:
        """A fresh worker that holds `Strategy(PARAMS)`; raises StrategyFault when that cannot be made."""
        if self._owner != os.getpid():
            # A forked copy: what is running belongs to the original, and closing only lets go of it.
            self.close()
        nursery = self._nursery(hash_seed)
        core = self._pin.hold()
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                pid = nursery.bear(theirs, core, self._allowance)
        except AlphaLoopError:
            ours.close()
            self._pin.let_go()
            raise
        line = Line(ours, self._allowance, partial(cpu_seconds, pid))
        worker = self._workers[pid] = SocketWorker(line, partial(self._end, nursery, pid))
        worker.await_walls()
        worker.be_born(source)
        return worker

    def run_tests(self, files: Mapping[str, bytes], seconds: float) -> TestRun:
        """Run the pytest files among `files` behind walls with a scratch folder; see repository_tests."""
        return run_repository_tests(files, seconds, walls=True)

    def close(self) -> None:
        """End every worker and nursery."""
        for worker in self._workers.values():
            worker.forget()
        for nursery in self._nurseries.values():
            nursery.close()
        # A forked copy of this process inherited the core too.
        self._pin.free()
        self._begin()

    def _begin(self) -> None:
        self._owner = os.getpid()
        self._pin = Pin(self._core)
        self._nurseries: dict[int, Nursery] = {}
        self._workers: dict[int, SocketWorker] = {}

    def _nursery(self, hash_seed: int) -> Nursery:
        nursery = self._nurseries.get(hash_seed)
        if nursery is not None and not nursery.usable:
            nursery.close()
            nursery = None
        if nursery is None:
            nursery = self._nurseries[hash_seed] = Nursery(hash_seed)
        return nursery

    def _end(self, nursery: Nursery, pid: int) -> str:
        self._pin.let_go()
        del self._workers[pid]
        return ending(nursery.end(pid))


def missing_here() -> tuple[str, ...]:
    """What this machine lacks for lockdown, in words; () when nothing."""
    if sys.platform != "linux":
        return (f"{sys.platform} is not Linux",)
    lacks = []
    try:
        landlock.version()
    except OSError as error:
        lacks.append(f"the kernel has no Landlock ({error.strerror})")
    if not seccomp.available():
        lacks.append("the kernel has no seccomp filters, or the machine is neither x86_64 nor aarch64")
    if not hasattr(os, "pidfd_open"):
        lacks.append("this Python has no pidfd_open")
    return tuple(lacks)
