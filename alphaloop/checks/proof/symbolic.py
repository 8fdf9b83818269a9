"""The symbolic search: a process behind walls looks into the strategy with CrossHair, and claims.

That process holds strategy and searcher in one interpreter, so nothing that it says is believed.  A claim is
played again by a fresh isolated worker and judged by the real risk engine; silence, a crash or a lie of the
prover only means that nothing was found.
"""

import math
import os
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from time import monotonic

from alphaloop.checks.proof import claim
from alphaloop.checks.proof.beginnings import Beginning
from alphaloop.checks.proof.claim import Progress
from alphaloop.checks.proof.play import Heard
from alphaloop.checks.proof.reach import Reach
from alphaloop.contract import Book, Fill, Trade
from alphaloop.errors import SandboxUnavailable
from alphaloop.facts.history import History
from alphaloop.sandbox.endings import ending
from alphaloop.sandbox.interpreter import launch

MOST_CLAIMS = 24
"""Claims that are listened to; a prover that has more to say repeats itself, or lies."""
LEAST_PATHS = 24
"""Paths that are waited for on a busy machine."""
_MOST_MESSAGES = 10_000
_START_S = 30.0
"""Wall seconds until the walls must stand; loading the solver takes 0.5 s on an idle machine."""
PROVER = "alphaloop.checks.proof.inside.prover"
_LIBRARIES = ("numpy", "crosshair", "z3")


class Prover:
    """A prover at work; progress: how far it says that it came; ended: how it ended, "" while it works."""

    def __init__(
        self, child: subprocess.Popen[bytes], line: socket.socket, begun: Sequence[Beginning]
    ) -> None:
        self.progress = Progress()
        self.ended = ""
        self._child, self._line, self._begun = child, line, begun

    def await_walls(self) -> None:
        """Wait until it is locked in; no strategy code has run, so a failure is the platform's."""
        if self._heard(1, monotonic() + _START_S) != claim.WALLS_STAND:
            self._child.kill()
            _, words = self._child.communicate()
            last = words.decode("utf-8", "replace").strip().splitlines()[-1:] or ["it said nothing"]
            raise SandboxUnavailable(f"the prover could not be locked in ({last[0]}); run `alphaloop doctor`")

    def claims(self, deadline_s: float, patience_s: float) -> Iterator[History]:
        """The histories that it claims to break a limit, until it ends or the deadline (of `monotonic`).

        On a busy machine it is waited for until it has come some way, for up to `patience_s` more.
        """
        for _ in range(_MOST_MESSAGES):
            until_s = deadline_s + (patience_s if self.progress.paths < LEAST_PATHS else 0.0)
            head = self._heard(claim.SAID.size, until_s)
            if len(head) < claim.SAID.size:
                return
            kind, number, count, *progress = claim.SAID.unpack(head)
            self.progress = Progress(*progress)
            if kind == claim.CLAIM and number < len(self._begun) and 0 < count <= claim.MOST_CLAIMED:
                body = self._heard(count * claim.MOVE.size, until_s)
                if len(body) < count * claim.MOVE.size:
                    return
                yield self._begun[number].history + claim.unpacked_moves(body)
            elif kind != claim.PROGRESS:
                self.ended = "it sent what no prover sends"
                return

    def _heard(self, size: int, deadline_s: float) -> bytes:
        """So many bytes, fewer when it hung up or time was up; what has come already is heard in any case."""
        parts = b""
        while len(parts) < size:
            self._line.settimeout(max(deadline_s - monotonic(), 0.0))
            try:
                part = self._line.recv(size - len(parts))
            except (TimeoutError, BlockingIOError):
                break
            except ConnectionResetError:
                part = b""
            if not part:
                self.ended = self._how()
                break
            parts += part
        return parts

    def _how(self) -> str:
        """How it ended, once it hung up."""
        try:
            code = self._child.wait(1.0)
        except subprocess.TimeoutExpired:
            return "it hung up"
        return "it had explored all that it was given" if code == 0 else ending(code)


@contextmanager
def prover(
    source: bytes, reach: Reach, begun: Sequence[Beginning], seconds: float, walls: bool
) -> Iterator[Prover]:
    """A prover at work until the block ends.  Raises SandboxUnavailable where nothing locks it in."""
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            arguments = [str(os.getpid()), str(int(walls)), str(math.ceil(seconds) + 5)]
            # A number that is not known yet is an object, and compiled code takes nothing but numbers.
            child = launch(PROVER, theirs, _LIBRARIES, arguments, from_source=True)
        try:
            ours.settimeout(_START_S)
            ours.sendall(claim.packed_order(_order(source, reach, begun)))
            started = Prover(child, ours, begun)
            started.await_walls()
            yield started
        finally:
            child.kill()
            if child.stderr is not None and not child.stderr.closed:
                child.communicate()


def _order(source: bytes, reach: Reach, begun: Sequence[Beginning]) -> dict[str, object]:
    return {
        "source": source.decode(),
        "instrument": asdict(reach.instrument),
        "limits": asdict(reach.limits),
        "capital": reach.capital,
        "level": reach.start_ticks,
        "low_ticks": reach.low_ticks,
        "high_ticks": reach.high_ticks,
        "widest_ticks": reach.widest_ticks,
        "sway": reach.sway,
        "most_lots": reach.most_lots,
        "streams": reach.streams,
        "starts": [_start(one) for one in begun],
    }


def _start(begun: Beginning) -> dict[str, object]:
    return {
        "heard": [_told(one) for one in begun.heard],
        "position_lots": begun.position_lots,
        "open": begun.open,
        "now_ns": begun.now_ns,
        "second_ns": begun.second_ns,
        "volatility": begun.volatility,
        "floor": begun.floor,
    }


def _told(one: Heard) -> list[object]:
    if isinstance(one, float):
        return ["second", one]
    word = {Book: "book", Trade: "trade", Fill: "fill"}[type(one)]
    return [word, *(getattr(one, name) for name in type(one).__slots__)]
