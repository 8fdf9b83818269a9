"""Seeds over processes: each is played where there is a core, and the answers come back in their order."""

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from multiprocessing import TimeoutError as Overdue
from typing import Any, Generic, TypeVar, cast
from weakref import WeakSet

from joblib import Parallel, delayed

from alphaloop.errors import AlphaLoopError, Broken
from alphaloop.sandbox.inside import kernel
from alphaloop.simulation.isolation import settle

SENT = 2
"""Seeds under way for each core: one that is played, and one that waits so that the core never does."""
AHEAD = 4
"""Seeds given out and not yet asked for, for each core: one slow episode does not make the others wait."""
ANSWER_WALL_S = 1_200.0
LINGER_S = 5.0
"""How long to wait for what was under way when nobody asks any more; then its processes are killed."""

Played = TypeVar("Played")

_running: WeakSet[Parallel] = WeakSet()


def fanned_out(play: Callable[[int], Played], seeds: Sequence[int], cores: int) -> Iterator[Played]:
    """`play` of every seed, in their order, on up to `cores` processes; one core plays here.

    The processes are of this machine, or of the cluster that `joblib.parallel_config` names around the call.
    Lazy: a caller that has seen enough leaves the rest unplayed, but for a few that were given out.  What
    the first seed that fails raises is raised here; Broken when a process dies or takes too long.
    """
    if cores <= 1:
        yield from map(play, seeds)
        return
    parallel = _processes(cores)
    ration = _Ration(play, seeds, AHEAD * cores)
    _running.add(parallel)
    answers: Iterator[_Told[Played]] = iter(())
    try:
        while not ration.all_given:
            answers = parallel(ration.tasks())
            _end_all_at_exit()
            for answer in answers:
                ration.taken += 1
                yield answer.or_raise()
    except BrokenProcessPool as error:
        raise Broken("a process that played episodes died; is there memory left?") from error
    except Overdue as error:
        raise Broken(f"one seed took over {ANSWER_WALL_S:g} s; free this machine, run again") from error
    finally:
        ration.end()
        parallel.timeout = LINGER_S
        with suppress(BrokenProcessPool, Overdue, Broken):
            deque(answers, maxlen=0)


@cache
def _end_all_at_exit() -> None:
    """Give nothing out when the program ends in the middle of a run, as it does on an error or on Ctrl-C.

    What is under way is then waited for, and joblib would tell of every further task that it cannot start.
    `atexit` comes after that wait; these hooks come before it, the latest first, so that this is called
    when joblib has registered its own.
    """
    threading._register_atexit(_end_all)  # type: ignore[attr-defined]


def _end_all() -> None:
    for parallel in list(_running):
        # joblib holds this lock while it sends a task off, and sends no more without an iterator; it has
        # taken a few from the ration beforehand.
        with parallel._lock:
            parallel._iterating, parallel._original_iterator = False, None


def _processes(cores: int) -> Parallel:
    """Processes that stay for the next call: starting one and warming its sandbox takes a second."""
    return Parallel(
        n_jobs=cores,
        return_as="generator",
        pre_dispatch=SENT * cores,
        batch_size=1,
        timeout=ANSWER_WALL_S,
        max_nbytes=None,
        initializer=_end_with,
        initargs=(os.getpid(),),
    )


@dataclass(frozen=True, slots=True)
class _Told(Generic[Played]):
    """What a process answers.  A failure travels as an answer, so that the first seed's is the one raised."""

    played: Played | None
    failure: AlphaLoopError | None

    def or_raise(self) -> Played:
        if self.failure is not None:
            raise self.failure
        return cast(Played, self.played)


def _told(play: Callable[[int], Played], seed: int) -> _Told[Played]:
    try:
        return _Told(play(seed), None)
    except AlphaLoopError as failure:
        return _Told(None, failure)


class _Ration(Generic[Played]):
    """Gives seeds out, and none while the caller is far behind.

    joblib asks for the next task when one is done, whether or not somebody wants its answer.  The giving
    happens in a thread of joblib and the taking in the caller's, so each has a number of its own.
    """

    def __init__(self, play: Callable[[int], Played], seeds: Sequence[int], most_ahead: int) -> None:
        self._play = play
        self._seeds = seeds
        self._most_ahead = most_ahead
        self._given = 0
        self._ended = False
        self.taken = 0

    @property
    def all_given(self) -> bool:
        return self._ended or self._given == len(self._seeds)

    def tasks(self) -> Iterator[Any]:
        """Tasks until the caller is too far behind, or there are none left."""
        while not self.all_given and self._given - self.taken < self._most_ahead:
            number = self._given
            self._given = number + 1
            yield delayed(_told)(self._play, self._seeds[number])

    def end(self) -> None:
        """Give nothing out any more; from any thread."""
        self._ended = True


def _end_with(parent: int) -> None:
    """Let this process end when the one that it plays for is killed, and not only when it was idle long."""
    if sys.platform == "linux":
        kernel.control(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
    settle()
