"""Inside a container: one run of a repository's tests, and a first process that sees its parent end."""

import os
import select
import socket
from array import array
from collections.abc import Sequence

from alphaloop.sandbox import control
from alphaloop.sandbox.inside import run_pytest


def main(arguments: Sequence[str]) -> None:
    """Arguments: the control socket, a pidfd of the parent, CPU seconds, folder, then the test files.

    The first request brings the socket for the report; the only reply says how the runner ended.
    """
    number, watch, *rest = arguments
    line = socket.socket(fileno=int(number))
    line.send(control.REPLY.pack(control.UP, os.getpid(), 0))
    _, ancillary, _, _ = line.recvmsg(control.REQUEST.size, socket.CMSG_LEN(array("i").itemsize))
    (given,) = array("i", ancillary[0][2])
    guard, child = os.getpid(), os.fork()
    if child == 0:
        line.close()
        run_pytest.main([str(given), str(guard), "1", *rest])
        return
    os.close(given)
    if _ended(child, int(watch), line.fileno()):
        line.send(control.REPLY.pack(control.END, child, os.waitpid(child, 0)[1]))


def _ended(child: int, *others: int) -> bool:
    """Wait for the child; False when one of the others, all signs of the parent's end, came first."""
    runner = os.pidfd_open(child)
    poll = select.poll()
    for number in (runner, *others):
        poll.register(number, select.POLLIN)
    return runner in dict(poll.poll())
