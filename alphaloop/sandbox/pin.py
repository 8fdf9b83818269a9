"""Parent and worker on one core: a step then costs a switch of process, and no wake-up of another core."""

import os

from alphaloop.errors import Misuse
from alphaloop.sandbox.inside.kernel import current_core


class Pin:
    """Holds the calling thread on one core for as long as there are workers, and gives it back afterwards.

    core: which one; None takes the one that the thread runs on when the first worker starts.
    """

    def __init__(self, core: int | None) -> None:
        self._wish = core
        self._before: set[int] = set()
        self._holders = 0
        self._core = -1

    def hold(self) -> int:
        """Stay on the core, and return it; raises Misuse when this process may not use it."""
        if not self._holders:
            self._before = os.sched_getaffinity(0)
            self._core = current_core() if self._wish is None else self._wish
            try:
                os.sched_setaffinity(0, {self._core})
            except OSError as error:
                usable = ", ".join(map(str, sorted(self._before)))
                raise Misuse(f"core {self._core} cannot be used here; choose one of {usable}") from error
        self._holders += 1
        return self._core

    def let_go(self) -> None:
        """One worker fewer; the last one frees the thread."""
        self._holders -= 1
        if not self._holders:
            os.sched_setaffinity(0, self._before)

    def free(self) -> None:
        """No workers any more."""
        if self._holders:
            self._holders = 1
            self.let_go()
