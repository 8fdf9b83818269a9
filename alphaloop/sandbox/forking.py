"""What every sandbox does that forks its workers from a warm nursery, wherever the nursery stands."""

import os
import socket
from abc import ABC, abstractmethod
from contextlib import ExitStack
from functools import partial

from alphaloop.errors import AlphaLoopError
from alphaloop.sandbox.allowance import Allowance
from alphaloop.sandbox.endings import ending
from alphaloop.sandbox.line import Line
from alphaloop.sandbox.nursery import Nursery
from alphaloop.sandbox.pin import Pin
from alphaloop.sandbox.worker import SocketWorker


class Forking(ABC):
    """One nursery per hash seed, and one core that this process and its workers share while workers live.

    core: which one; None keeps the one that this process runs on.  Runs in parallel each take a core of
    their own.  One thread may use it at a time.
    """

    def __init__(self, core: int | None = None, allowance: Allowance | None = None) -> None:
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
        line = Line(ours, self._allowance, partial(nursery.cpu_s, pid))
        # By nursery too: two of them may number their processes alike.
        worker = self._workers[nursery, pid] = SocketWorker(line, partial(self._end, nursery, pid))
        worker.await_walls()
        worker.be_born(source)
        return worker

    def close(self) -> None:
        """End every worker and nursery, all of them even if one cannot be ended."""
        with ExitStack() as ends:
            ends.callback(self._begin)
            # A forked copy of this process inherited the core too.
            ends.callback(self._pin.free)
            for nursery in self._nurseries.values():
                ends.callback(nursery.close)
            for worker in self._workers.values():
                ends.callback(worker.forget)

    @abstractmethod
    def _opened(self, hash_seed: int) -> Nursery:
        """A new nursery whose workers' strings hash by `hash_seed`."""

    def _begin(self) -> None:
        self._owner = os.getpid()
        self._pin = Pin(self._core)
        self._nurseries: dict[int, Nursery] = {}
        self._workers: dict[tuple[Nursery, int], SocketWorker] = {}

    def _nursery(self, hash_seed: int) -> Nursery:
        nursery = self._nurseries.get(hash_seed)
        if nursery is not None and not nursery.usable:
            nursery.close()
            nursery = None
        if nursery is None:
            nursery = self._nurseries[hash_seed] = self._opened(hash_seed)
        return nursery

    def _end(self, nursery: Nursery, pid: int) -> str:
        self._pin.let_go()
        del self._workers[nursery, pid]
        return ending(nursery.end(pid))
