"""The exploration: every start in turns, each path a case, and each broken limit a claim."""

import math
import socket
import sys
from collections.abc import Sequence
from typing import Any

import z3
from crosshair.core import ExceptionFilter, PathOutcome, explore_loop
from crosshair.options import DEFAULT_OPTIONS, AnalysisOptionSet
from crosshair.statespace import CallAnalysis, RootNode, StateSpace, VerificationStatus
from crosshair.tracers import ResumedTracing
from crosshair.util import IgnoreAttempt, NotDeterministic, UnexploredPath

from alphaloop.checks.proof import claim
from alphaloop.checks.proof.claim import Progress
from alphaloop.checks.proof.inside.case import Case
from alphaloop.checks.proof.inside.order import Start, Task
from alphaloop.checks.proof.inside.symbols import Symbols
from alphaloop.contract import Book, Fill, Trade
from alphaloop.sandbox.inside.birth import module_from, strategy_of

MOST_PATHS = 240
"""Paths of one search at most; one of a small strategy takes about 80 ms of CPU."""
_DEEPEST = 3
"""Moves with unknown numbers, one after the other."""
_TURN = 8
"""Paths of a hunt's first turn: counted, not timed, so that the search goes the same way everywhere."""

_CALLBACKS = {Book: "on_book", Trade: "on_trade", Fill: "on_fill"}


class _Hunt:
    """One start, with a number of moves after it, explored as far as its turns allow."""

    def __init__(self, number: int, start: Start, moves: int, silent: bool) -> None:
        self.number, self.start, self.moves, self.silent = number, start, moves, silent
        self.root = RootNode()
        self.exhausted = False


class Exploration:
    """Explores every start in turns, first one move deep, then more; without a line, it tells nobody."""

    def __init__(self, given: Task, line: socket.socket | None) -> None:
        self._given, self._line = given, line
        self._paths = self._lost = self._exhausted = 0
        self._module = module_from(given.source)

    def begin(self) -> None:
        """Explore the first start by one move, for a turn."""
        self._explore(_Hunt(0, self._given.starts[0], 1, True), _TURN)

    def run(self) -> None:
        """Explore, and tell of every claim and of how far it came; ends when all is explored."""
        hunts = self._hunts()
        turn = _TURN
        while hunts:
            for hunt in hunts:
                self._explore(hunt, turn)
                if self._paths >= MOST_PATHS:
                    return
            hunts = [hunt for hunt in hunts if not hunt.exhausted]
            turn *= 2

    def _hunts(self) -> list[_Hunt]:
        """A fresh strategy two moves deep; each start one move deep, silent before or not; then deeper."""
        numbered = list(enumerate(self._given.starts))
        (number, fresh), begun = numbered[0], numbered[1:]
        hunts = [_Hunt(number, fresh, moves, True) for moves in (1, 2)]
        hunts += [_Hunt(number, start, 1, silent) for silent in (True, False) for number, start in begun]
        hunts.append(_Hunt(0, fresh, _DEEPEST, True))
        deeper = range(2, _DEEPEST + 1)
        return hunts + [_Hunt(number, start, moves, False) for moves in deeper for number, start in begun]

    def _explore(self, hunt: _Hunt, paths: int) -> None:
        options = DEFAULT_OPTIONS.overlay(
            AnalysisOptionSet(
                per_condition_timeout=math.inf,
                per_path_timeout=math.inf,
                max_iterations=paths,
                max_uninteresting_iterations=sys.maxsize,
            )
        )
        explored = explore_loop(options, hunt.root, lambda space: self._path(hunt, space))
        hunt.exhausted = explored.exhausted
        self._exhausted += explored.exhausted

    def _path(self, hunt: _Hunt, space: StateSpace) -> PathOutcome:
        self._paths += 1
        try:
            return self._judged(hunt, space)
        except (IgnoreAttempt, UnexploredPath):
            self._lost += 1
            raise
        except (NotDeterministic, z3.Z3Exception):
            self._lost += 1
            return PathOutcome(CallAnalysis())
        finally:
            self._say(claim.packed_progress(self._progress()))

    def _judged(self, hunt: _Hunt, space: StateSpace) -> PathOutcome:
        case = Case(self._given, hunt.start, hunt.silent, Symbols(space))
        strategy = strategy_of(self._module)
        for one in hunt.start.heard:
            _tell(strategy, one)
        told = case.prepare(hunt.moves, callable(getattr(strategy, "on_trade", None)))
        broken = False
        with ExceptionFilter() as failed, ResumedTracing():
            broken = _broken(strategy, told, case)
        if not broken and failed.user_exc is None:
            return PathOutcome(CallAnalysis(VerificationStatus.CONFIRMED))
        with ResumedTracing():
            space.detach_path(failed.user_exc[0] if failed.user_exc is not None else None)
        self._say(claim.packed_claim(hunt.number, case.moves(), self._progress()))
        return PathOutcome(CallAnalysis(VerificationStatus.REFUTED))

    def _say(self, words: bytes) -> None:
        if self._line is not None:
            self._line.sendall(words)

    def _progress(self) -> Progress:
        return Progress(self._paths, self._lost, self._exhausted)


def _broken(strategy: Any, told: Sequence[Sequence[Any]], case: Case) -> bool:
    for heard in told:
        case.asked += 1
        for one in heard[:-1]:
            _tell(strategy, one)
        if case.breaks(strategy.on_book(heard[-1]), heard[-1]):
            return True
    return False


def _tell(strategy: Any, one: Any) -> None:
    """Call what the strategy has for a book, a trade, a fill or a second."""
    name = _CALLBACKS.get(type(one), "on_timer")
    callback = getattr(strategy, name, None)
    if callable(callback):
        callback(one)
