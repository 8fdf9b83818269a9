"""Unsafe: the same conversation with a plain subprocess, for machines that have nothing better."""

import socket
import subprocess
from collections.abc import Mapping
from functools import partial

from alphaloop.ports import TestRun
from alphaloop.sandbox.allowance import Allowance
from alphaloop.sandbox.clock import cpu_seconds
from alphaloop.sandbox.endings import ending
from alphaloop.sandbox.interpreter import launch
from alphaloop.sandbox.line import Line
from alphaloop.sandbox.repository_tests import run_repository_tests
from alphaloop.sandbox.worker import SocketWorker


class Unsafe:
    """Asked for by name only: strategy code can do all that you can, and its evidence can never merge."""

    name = "unsafe"
    tainted = True
    holds_prover = True

    def __init__(self, allowance: Allowance | None = None) -> None:
        self._allowance = allowance or Allowance()
        self._workers: dict[int, SocketWorker] = {}

    def start(self, source: bytes, hash_seed: int = 0) -> SocketWorker:
        """A fresh process that holds `Strategy(PARAMS)`; raises StrategyFault when that cannot be made."""
        ours, theirs = socket.socketpair()
        with theirs:
            child = launch("alphaloop.sandbox.inside.plain", theirs, ("numpy",), (), hash_seed)
        line = Line(ours, self._allowance, partial(cpu_seconds, child.pid))
        worker = self._workers[child.pid] = SocketWorker(line, partial(self._end, child))
        worker.await_walls()
        worker.be_born(source)
        return worker

    def run_tests(self, files: Mapping[str, bytes], seconds: float) -> TestRun:
        """Run the pytest files among `files` without walls; see repository_tests."""
        return run_repository_tests(files, seconds, walls=False)

    def close(self) -> None:
        """End every worker."""
        for worker in list(self._workers.values()):
            worker.abandon()

    def _end(self, child: subprocess.Popen[bytes]) -> str:
        del self._workers[child.pid]
        child.kill()
        child.communicate()
        return ending(child.returncode)
