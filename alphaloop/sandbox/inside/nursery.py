"""The nursery: a process with everything preloaded and nothing worth stealing, which forks the workers.

It was started by exec with an empty environment, so that no tape, seed or key of the parent was ever in its
memory.  It ends when the parent does, and its workers end with it.
"""

import gc
import os
import select
import signal
import socket
import sys
from array import array
from collections.abc import Sequence

from alphaloop.sandbox import control, wire
from alphaloop.sandbox.inside import walls
from alphaloop.sandbox.inside.preload import preload
from alphaloop.sandbox.inside.serve import Server, end_process, fault_reply

_WORKER_SOCKET = 3


def main(arguments: Sequence[str]) -> None:
    """Serve the parent: arguments are the control socket's number and the parent's process id."""
    parent = int(arguments[1])
    line = socket.socket(fileno=int(arguments[0]))
    watch = os.pidfd_open(parent)
    if os.getppid() == parent:
        tend(line, watch)


def tend(line: socket.socket, watch: int) -> None:
    """Load what a strategy may use, say so, and fork workers until the process behind `watch` has ended."""
    preload()
    gc.collect()
    # Children share the preloaded pages for as long as nobody writes to them.
    gc.freeze()
    line.send(control.REPLY.pack(control.UP, os.getpid(), 0))
    children: set[int] = set()
    try:
        while _hears(line, watch) and _obey(line, children):
            pass
    finally:
        for child in children:
            _end(child)


def _hears(line: socket.socket, watch: int) -> bool:
    """Wait for a request; False when the parent has ended."""
    poll = select.poll()
    poll.register(line.fileno(), select.POLLIN)
    poll.register(watch, select.POLLIN)
    return watch not in dict(poll.poll())


def _obey(line: socket.socket, children: set[int]) -> bool:
    packet, ancillary, _, _ = line.recvmsg(control.REQUEST.size, socket.CMSG_LEN(array("i").itemsize))
    if len(packet) != control.REQUEST.size:
        return False
    verb, number, memory_bytes, cpu_s = control.REQUEST.unpack(packet)
    if verb == control.BEAR:
        (given,) = array("i", ancillary[0][2])
        child = _fork(given, number, memory_bytes, cpu_s)
        os.close(given)
        children.add(child)
        line.send(control.REPLY.pack(verb, child, 0))
    elif number in children:
        children.remove(number)
        line.send(control.REPLY.pack(verb, number, _end(number)))
    return True


def _fork(given: int, core: int, memory_bytes: int, cpu_s: int) -> int:
    nursery = os.getpid()
    child = os.fork()
    if child:
        return child
    try:
        _live(given, nursery, core, memory_bytes, cpu_s)
    finally:
        end_process()


def _end(child: int) -> int:
    """Kill a worker if it still lives, and return its wait status.  Until then its id is nobody else's."""
    os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def _live(given: int, nursery: int, core: int, memory_bytes: int, cpu_s: int) -> None:
    """Be a worker, from the fork to the end."""
    walls.die_with_parent(nursery)
    line = _only_socket(given)
    try:
        if core >= 0:
            os.sched_setaffinity(0, {core})
        walls.around_strategy(memory_bytes, cpu_s)
    except OSError as error:
        line.sendall(fault_reply(0, wire.UNAVAILABLE, 0, "", "OSError", str(error)))
        return
    Server(line).run()
    # While the socket is held: Python asks one that it lets go for its name, and the walls kill for that.
    end_process()


def _only_socket(given: int) -> socket.socket:
    """Close every file but `given`, which gets a number of its own; what a strategy prints goes nowhere."""
    for name in ("stdin", "stdout", "stderr"):
        setattr(sys, name, None)
    os.dup2(given, _WORKER_SOCKET)
    os.closerange(0, _WORKER_SOCKET)
    os.closerange(_WORKER_SOCKET + 1, os.sysconf("SC_OPEN_MAX"))
    return socket.socket(fileno=_WORKER_SOCKET)
