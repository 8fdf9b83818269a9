"""The parent's end of the socket to a worker: bounded reads, bounded patience."""

import socket
from collections.abc import Callable
from struct import Struct
from time import monotonic
from typing import Final

from alphaloop.sandbox import wire
from alphaloop.sandbox.allowance import Allowance
from alphaloop.sandbox.replies import Garbled, Reply, whole_answer, whole_length

_TIMEVAL = Struct("@ll")
_LOOKS = 8
"""How often a late worker is looked at within one `step_s`."""

# Looked up once: it is called twice at every step.
_now_s: Final = monotonic


class HungUp(Exception):
    """The worker closed the socket or died.  The caller says how."""


class Overdue(Exception):
    """The worker did not answer in time.  The caller ends it and says so."""


class Line:
    """A connected stream socket; `cpu_s` tells the CPU seconds that the worker has used, None if unknown."""

    def __init__(
        self, connection: socket.socket, allowance: Allowance, cpu_s: Callable[[], float | None]
    ) -> None:
        self.inbox = memoryview(bytearray(wire.MAX_REPLY + 1))
        self._connection = connection
        self._allowance = allowance
        self._total_s = allowance.total_s
        self._cpu_s = cpu_s
        self._waited_s = 0.0
        # Looked up once: these are called at every step.
        self._sendall, self._recv_into = connection.sendall, connection.recv_into
        # The kernel keeps the time, because asking it before every read would cost a call more per step.
        self._patience(allowance.step_s)

    def ask(self, message: bytes | memoryview) -> Reply:
        """Send one request and wait for its reply, as in `hear`; raises HungUp, Overdue or Garbled."""
        try:
            self._sendall(message)
        except BlockingIOError as error:
            raise Overdue(f"took nothing within {self._allowance.step_s:g} s") from error
        except OSError:
            # It is gone, but it may have said why: hearing finds out.
            return self.hear()
        return self.hear()

    def hear(self) -> Reply:
        """Wait for one whole reply, which is then in `inbox`; returns its header, and an answer's numbers."""
        began = _now_s()
        try:
            size: int = self._recv_into(self.inbox)
        except OSError as error:
            size = self._read_late(0, error)
        reply = whole_answer(self.inbox, size)
        if reply is None:
            reply = self._whole(size, began)
        self._waited_s += _now_s() - began
        if self._waited_s > self._total_s and self.spent_s() > self._total_s / 2:
            raise Overdue(f"used more than its {self._total_s:g} s in total")
        return reply

    def spent_s(self) -> float:
        """Processor seconds that the worker has used; where nobody knows, wall seconds of waiting for it."""
        worked_s = self._cpu_s()
        return self._waited_s if worked_s is None else worked_s

    def rest(self) -> int:
        """How many bytes come, at most an inbox full of them, until a worker that was sent home hangs up."""
        try:
            return self._recv_into(self.inbox)
        except OSError:
            # Too slow to leave: whoever ends the process does not wait for it.
            return 0

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _whole(self, size: int, began: float) -> Reply:
        """A reply of which `size` bytes have come, once all of it is there."""
        while 0 < size < (length := whole_length(self.inbox, size)):
            if _now_s() - began > self._allowance.stall_s:
                raise Overdue(f"gave no whole answer within {self._allowance.stall_s:g} s")
            try:
                more = self._recv_into(self.inbox[size:])
            except OSError as error:
                more = self._read_late(size, error)
            size = size + more if more else 0
        if not size:
            raise HungUp
        if size > length:
            raise Garbled(f"sent {size - length} or more bytes that nobody asked for")
        return whole_answer(self.inbox, size) or wire.HEADER.unpack_from(self.inbox)

    def _read_late(self, offset: int, error: OSError) -> int:
        """Go on waiting while the worker cannot be blamed: the machine may have given it no time to work."""
        step_s, stall_s = self._allowance.step_s, self._allowance.stall_s
        began, worked_s = _now_s(), self._cpu_s()
        self._patience(step_s / _LOOKS)
        while isinstance(error, BlockingIOError):
            now_s = self._cpu_s()
            if worked_s is None or now_s is None or now_s - worked_s > step_s / 2:
                raise Overdue(f"gave no answer within {step_s:g} s")
            if _now_s() - began > stall_s - step_s:
                raise Overdue(f"gave no answer within {stall_s:g} s")
            try:
                size = self._recv_into(self.inbox[offset:])
            except OSError as another:
                error = another
            else:
                self._patience(step_s)
                return size
        raise HungUp from error

    def _patience(self, seconds: float) -> None:
        whole = int(seconds)
        limit = _TIMEVAL.pack(whole, max(int((seconds - whole) * 1e6), 1))
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
