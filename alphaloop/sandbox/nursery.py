"""The parent's handle of a nursery: start it, ask it for workers, have it end them."""

import os
import socket
import subprocess
from array import array
from collections.abc import Sequence

from alphaloop.errors import Broken
from alphaloop.sandbox import control
from alphaloop.sandbox.allowance import Allowance
from alphaloop.sandbox.interpreter import launch

_START_S, _REPLY_S = 60.0, 20.0
"""Wall seconds; the first covers loading numpy from a cold disk."""


class Nursery:
    """A warm process that forks workers whose strings hash by `hash_seed`."""

    def __init__(self, hash_seed: int) -> None:
        self._line, inner = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._owner = os.getpid()
        with inner:
            self._child = launch(
                "alphaloop.sandbox.inside.nursery", inner, ("numpy",), [str(self._owner)], hash_seed
            )
        self._hear(control.UP, _START_S)

    @property
    def usable(self) -> bool:
        """Whether it lives and is ours: a forked copy of this process must start one of its own."""
        return self._owner == os.getpid() and self._child.poll() is None

    def bear(self, worker_end: socket.socket, core: int, allowance: Allowance) -> int:
        """Fork a worker that holds `worker_end`, pinned to `core` (−1: free); returns its process id."""
        request = control.REQUEST.pack(
            control.BEAR, core, allowance.memory_bytes, max(1, round(allowance.total_s))
        )
        return self._ask(request, (worker_end,))[0]

    def end(self, pid: int) -> int:
        """Kill a worker, wait for it, and return its exit code, negative for a signal."""
        return os.waitstatus_to_exitcode(self._ask(control.REQUEST.pack(control.END, pid, 0, 0))[1])

    def close(self) -> None:
        """End it with all its workers; in a forked copy of this process, only let go of it."""
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

    def _ask(self, request: bytes, given: Sequence[socket.socket] = ()) -> tuple[int, int]:
        numbers = array("i", [end.fileno() for end in given])
        beside = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, numbers)] if given else []
        try:
            self._line.sendmsg([request], beside)
        except OSError as error:
            raise Broken(self._last_words()) from error
        return self._hear(request[0], _REPLY_S)

    def _hear(self, verb: int, patience_s: float) -> tuple[int, int]:
        self._line.settimeout(patience_s)
        try:
            packet = self._line.recv(control.REPLY.size)
        except OSError as error:
            raise Broken(self._last_words()) from error
        if len(packet) != control.REPLY.size or packet[0] != verb:
            raise Broken(self._last_words())
        _, pid, status = control.REPLY.unpack(packet)
        return pid, status

    def _last_words(self) -> str:
        self._child.kill()
        _, complaint = self._child.communicate()
        self._line.close()
        last = complaint.decode("utf-8", "replace").strip().splitlines()[-1:] or ["without a word"]
        return f"the sandbox's nursery ended ({last[0]}); run `alphaloop doctor`, then the same command again"
