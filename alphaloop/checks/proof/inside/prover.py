"""Inside the walls: let CrossHair look for moves after which a strategy's own quotes break a limit.

All of this is within reach of the strategy's code.  What it says is a claim, which the parent plays again.
"""

import gc
import os
import socket
import sys
from collections.abc import Sequence
from dataclasses import replace

from crosshair import core_and_libs, statespace

from alphaloop.checks.proof import claim
from alphaloop.checks.proof.inside.exploration import Exploration
from alphaloop.checks.proof.inside.order import Task, task
from alphaloop.checks.proof.inside.symbols import keep_symbolic
from alphaloop.sandbox.inside import walls
from alphaloop.sandbox.inside.preload import preload

TAUGHT = core_and_libs
"""To be imported is all that it is for: it teaches CrossHair the standard library."""
_MEMORY_BYTES = 1 << 30
_WORK = 2_000_000
"""What the solver may spend on one question, in its own units.  Not time: that needs a thread, and a machine
that is busy would answer otherwise."""

_OURS = b"""
import math
from alphaloop.contract import Quote


class Strategy:
    def on_book(self, book):
        lots = math.floor(round(book.bid_size / 0.003) + abs(book.bid - book.ask))
        if sorted([lots, 3, 1])[0] > 2 and book.volatility > 0:
            return [Quote("buy", book.bid / (lots - 7), 1.0)]
        return []

    def on_trade(self, trade):
        self.seen = max(trade.size, 1.0) // 2
"""


def main(arguments: Sequence[str]) -> None:
    """Arguments: the socket's number, the parent's process id, walls (0 or 1), CPU seconds."""
    number, parent, locked, cpu_s = map(int, arguments)
    line = socket.socket(fileno=number)
    given = task(_received(line))
    preload()
    _warm(given)
    if locked:
        walls.die_with_parent(parent)
        walls.around_strategy(_MEMORY_BYTES, cpu_s)
    line.sendall(claim.WALLS_STAND)
    Exploration(given, line).run()
    # Without what the strategy may have registered for the end.
    os._exit(0)


def _received(line: socket.socket) -> bytes:
    (size,) = claim.LENGTH.unpack(_exactly(line, claim.LENGTH.size))
    return _exactly(line, size)


def _exactly(line: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = line.recv(size - len(parts))
        if not part:
            sys.exit(1)
        parts += part
    return bytes(parts)


def _warm(given: Task) -> None:
    """Explore a strategy of our own: what is loaded late must be loaded while files can still be opened."""
    statespace.CROSSHAIR_SMT_RLIMIT = _WORK
    keep_symbolic()
    Exploration(replace(given, source=_OURS, starts=given.starts[:1]), None).begin()
    gc.collect()
