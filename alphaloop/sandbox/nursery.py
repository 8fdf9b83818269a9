"""The parent's handle of a nursery: start it, ask it for workers, have it end them."""

import os
import socket
import subprocess
from abc import ABC, abstractmethod
from array import array
from collections.abc import Sequence

from alphaloop.errors import Broken
from alphaloop.sandbox import control
from alphaloop.sandbox.allowance import Allowance
from alphaloop.sandbox.clock import cpu_seconds
from alphaloop.sandbox.interpreter import launch

_START_S, _REPLY_S = 60.0, 20.0
"""Wall seconds; the first covers loading numpy from a cold disk."""


class Nursery(ABC):
    """A warm process that forks workers; `line` is the control socket to it."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._owner = os.getpid()

    @property
    @abstractmethod
    def usable(self) -> bool:
        """Whether it lives and is ours: a forked copy of this process must start one of its own."""

    @abstractmethod
    def close(self) -> None:
        """End it with all its workers; in a forked copy of this process, only let go of it."""

    @abstractmethod
    def cpu_s(self, pid: int) -> float | None:
        """CPU seconds that a worker has used, or None where nobody knows."""

    def bear(self, worker_end: socket.socket, core: int, allowance: Allowance) -> int:
        """Fork a worker that holds `worker_end`, pinned to `core` (−1: free); returns its process id."""
        request = control.REQUEST.pack(
            control.BEAR, core, allowance.memory_bytes, max(1, round(allowance.total_s))
        )
        return self._ask(request, (worker_end,))[0]

    def end(self, pid: int) -> int:
        """Kill a worker, wait for it, and return its exit code, negative for a signal."""
        return os.waitstatus_to_exitcode(self._ask(control.REQUEST.pack(control.END, pid, 0, 0))[1])

    @abstractmethod
    def _last_words(self) -> str:
        """End it, and return what it complained of last."""

    def _await_up(self) -> None:
        self._hear(control.UP, _START_S)

    def _ask(self, request: bytes, given: Sequence[socket.socket] = ()) -> tuple[int, int]:
        numbers = array("i", [end.fileno() for end in given])
        beside = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, numbers)] if given else []
        try:
            self._line.sendmsg([request], beside)
        except OSError as error:
            raise self._ended() from error
        return self._hear(request[0], _REPLY_S)

    def _hear(self, verb: int, patience_s: float) -> tuple[int, int]:
        self._line.settimeout(patience_s)
        try:
            packet = self._line.recv(control.REPLY.size)
        except OSError as error:
            raise self._ended() from error
        if len(packet) != control.REPLY.size or packet[0] != verb:
            raise self._ended()
        _, pid, status = control.REPLY.unpack(packet)
        return pid, status

    def _ended(self) -> Broken:
        words = self._last_words()
        self._line.close()
        advice = "run `alphaloop doctor`, then the same command again"
        return Broken(f"the sandbox's nursery ended ({words}); {advice}")


class ForkedNursery(Nursery):
    """One that is a child of this process, whose workers' strings hash by `hash_seed`."""

    def __init__(self, hash_seed: int) -> None:
        ours, inner = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        super().__init__(ours)
        with inner:
            self._child = launch(
                "alphaloop.sandbox.inside.nursery", inner, ("numpy",), [str(self._owner)], hash_seed
            )
        self._await_up()

    @property
    def usable(self) -> bool:
        """Whether it lives and is ours."""
        return self._owner == os.getpid() and self._child.poll() is None

    def cpu_s(self, pid: int) -> float | None:
        """CPU seconds that a worker has used."""
        return cpu_seconds(pid)

    def close(self) -> None:
        """End it with all its workers, or let go of it."""
        self._line.close()
        if self._owner != os.getpid():
            # Not our child: reading or waiting would disturb whose it is.
            self._child.returncode = 0
        else:
            try:
                self._child.wait(_REPLY_S)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
        if self._child.stderr is not None:
            self._child.stderr.close()

    def _last_words(self) -> str:
        self._child.kill()
        _, complaint = self._child.communicate()
        return last_line(complaint)


def last_line(complaint: bytes) -> str:
    """The last line of what a process said before it ended."""
    return (complaint.decode("utf-8", "replace").strip().splitlines()[-1:] or ["without a word"])[0]
