"""Seeds over processes: each is played where there is a core, and the answers come back in their order."""

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from typing import TypeVar

from joblib.externals.loky import get_reusable_executor
from joblib.externals.loky.process_executor import BrokenProcessPool

from alphaloop.errors import Broken
from alphaloop.sandbox.inside import kernel

AHEAD = 2
"""Seeds under way for each core: one that is played, and one that waits so that the core never does."""
ANSWER_WALL_S = 1_200.0
IDLE_S = 300.0
"""Processes outlive the time between two calls: starting one and warming its sandbox takes a second."""

Played = TypeVar("Played")


def fanned_out(play: Callable[[int], Played], seeds: Sequence[int], cores: int) -> Iterator[Played]:
    """`play` of every seed, in their order, on up to `cores` processes; one core plays here.

    Lazy: a caller that has seen enough leaves the rest unplayed, but for the few that are under way.  Raises
    Broken when a process dies or takes too long.
    """
    if cores <= 1:
        yield from map(play, seeds)
        return
    pool = get_reusable_executor(
        max_workers=cores, timeout=IDLE_S, initializer=_end_with, initargs=(os.getpid(),)
    )
    under_way: deque[Future[Played]] = deque()
    try:
        for seed in seeds:
            under_way.append(pool.submit(play, seed))
            if len(under_way) == AHEAD * cores:
                yield under_way.popleft().result(ANSWER_WALL_S)
        while under_way:
            yield under_way.popleft().result(ANSWER_WALL_S)
    except BrokenProcessPool as error:
        raise Broken("a process that played episodes died; is there memory left?") from error
    except TimeoutError as error:
        pool.shutdown(kill_workers=True)
        raise Broken(f"one seed took over {ANSWER_WALL_S:g} s; free this machine, run again") from error


def _end_with(parent: int) -> None:
    """Let this process end when the one that it plays for is killed, and not only when it was idle long."""
    if sys.platform == "linux":
        kernel.control(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
