"""What a step with an isolated strategy costs, against a bare ping-pong over a socketpair in the same run.

Both pairs of processes share one core, and take turns, so that a busy machine slows both alike.
"""

import os
import socket
import statistics
import time
from collections.abc import Callable
from contextlib import closing

from figure import figure

from alphaloop.contract import Quote
from alphaloop.sandbox.lockdown import Lockdown

ROUNDS, STEPS, BIRTHS = 15, 4_000, 50
REQUEST_BYTES, REPLY_BYTES = 96, 56
BOOK = (1.0, 99.0, 101.0, 1.0, 1.0, 100.0, 0.0, 0.1, None, None, None)
QUOTES = [Quote("buy", 99.5, 1.0), Quote("sell", 100.5, 1.0)]
SOURCE = b"""
from alphaloop.contract import Quote

class Strategy:
    def __init__(self, params):
        pass

    def on_book(self, book):
        return [Quote("buy", book.mid - 0.5, 1.0), Quote("sell", book.mid + 0.5, 1.0)]
"""


def bare_step(line: socket.socket) -> Callable[[], object]:
    """One request and one reply of the same sizes, with nothing in them."""
    request, reply = bytes(REQUEST_BYTES), bytearray(4096)

    def step() -> None:
        line.send(request)
        line.recv_into(reply)

    return step


def echo(line: socket.socket) -> None:
    """Be the other end of the bare ping-pong."""
    request, reply = bytearray(4096), bytes(REPLY_BYTES)
    while line.recv_into(request):
        line.send(reply)


def step_us(step: Callable[[], object]) -> float:
    """Microseconds per step."""
    began = time.perf_counter()
    for _ in range(STEPS):
        step()
    return (time.perf_counter() - began) / STEPS * 1e6


def birth_ms(sandbox: Lockdown) -> float:
    """Milliseconds to start a worker, ask it once and end it."""
    began = time.perf_counter()
    for _ in range(BIRTHS):
        with closing(sandbox.start(SOURCE)) as worker:
            assert worker.on_book(BOOK) == QUOTES
    return (time.perf_counter() - began) / BIRTHS * 1e3


def main() -> None:
    """Measure and print."""
    ours, theirs = socket.socketpair()
    with closing(Lockdown()) as sandbox, closing(sandbox.start(SOURCE)) as worker:
        # Forked now, the peer inherits the core that the worker pinned us to.
        peer = os.fork()
        if peer == 0:
            ours.close()
            echo(theirs)
            os._exit(0)
        theirs.close()
        bare = bare_step(ours)
        pairs = [(step_us(bare), step_us(lambda: worker.on_book(BOOK))) for _ in range(ROUNDS)]
        ours.close()
        os.waitpid(peer, 0)
        birth = birth_ms(sandbox)
    bare_us, step = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(asked / plain for plain, asked in pairs)
    best_bare, best_step = (min(column) for column in zip(*pairs, strict=True))
    print(f"best of {ROUNDS}: {best_bare:.1f} us, {best_step:.1f} us")
    print(f"a worker from birth to end {birth:.1f} ms")
    figure("a step in lockdown against a bare ping-pong", f"{step:.1f} us", f"{bare_us:.1f} us", ratio)


if __name__ == "__main__":
    main()
