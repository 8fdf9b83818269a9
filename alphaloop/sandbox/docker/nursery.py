"""The nursery as the first process of a container."""

import os
import select
from functools import partial
from pathlib import Path

from alphaloop.sandbox.clock import cpu_seconds
from alphaloop.sandbox.docker.container import Container, Plan
from alphaloop.sandbox.docker.engine import Engine
from alphaloop.sandbox.nursery import Nursery


class ContainedNursery(Nursery):
    """One whose workers live in the same container and nowhere else."""

    def __init__(self, engine: Engine, plan: Plan) -> None:
        self._container = Container(engine, plan)
        super().__init__(self._container.line)
        self.libraries = self._container.libraries
        self._await_up()

    @property
    def usable(self) -> bool:
        """Whether it lives and is ours."""
        if self._owner != os.getpid() or self._line.fileno() < 0:
            return False
        poll = select.poll()
        poll.register(self._line.fileno(), 0)
        return not poll.poll(0)

    def cpu_s(self, pid: int) -> float | None:
        """CPU seconds that a worker has used, or None where its process is not found."""
        found = _outside(self._container.pid, pid)
        return None if found is None else cpu_seconds(found)

    def close(self) -> None:
        """End it with all its workers, or let go of it."""
        if self._owner == os.getpid():
            self._container.close()
        else:
            self._container.forget()

    def _last_words(self) -> str:
        return self._container.last_words()


def _outside(nursery: int, pid: int) -> int | None:
    """The number by which we know the child of `nursery` that is `pid` in its own namespace.

    Looked for only when a worker is late, because the kernel keeps no list of children for us.
    """
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(map(partial(str.split, sep=":\t", maxsplit=1), status.read_text().splitlines()))
        except (OSError, ValueError):
            # It has ended since it was listed.
            continue
        if lines.get("PPid") == str(nursery) and lines.get("NSpid", "").split()[-1:] == [str(pid)]:
            return int(status.parent.name)
    return None
