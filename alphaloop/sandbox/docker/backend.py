"""Docker: a container around the walls of lockdown, for those who ask for it by name."""

import os
from collections.abc import Mapping
from functools import partial

from alphaloop.errors import AlphaLoopError, Misuse
from alphaloop.ports import TestRun
from alphaloop.sandbox.allowance import Allowance
from alphaloop.sandbox.docker.container import Plan
from alphaloop.sandbox.docker.engine import Engine
from alphaloop.sandbox.docker.image import image_id
from alphaloop.sandbox.docker.nursery import ContainedNursery
from alphaloop.sandbox.docker.orphans import sweep
from alphaloop.sandbox.docker.repository_tests import session
from alphaloop.sandbox.forking import Forking
from alphaloop.sandbox.repository_tests import run_in
from alphaloop.sandbox.worker import SocketWorker

MOST_WORKERS = 4
"""At once: a container's memory is theirs together, and nobody may fail for what another one ate."""

_NURSERY_BYTES = 256 << 20
_MODULE = "alphaloop.sandbox.inside.contained"


class Docker(Forking):
    """Workers behind the walls of lockdown, in a container per hash seed that stays warm.

    image: named by its digest, sha256:… or NAME@sha256:…; its id is a part of this sandbox's name, and so of
    all evidence; libraries: what it computes with, "" until it does.  Raises SandboxUnavailable whenever the
    engine fails, Misuse for an image without a digest.
    """

    tainted = False
    holds_prover = False

    def __init__(self, image: str, core: int | None = None, allowance: Allowance | None = None) -> None:
        super().__init__(core, allowance)
        self._engine = Engine()
        try:
            self._image = image_id(self._engine, image)
            sweep(self._engine)
        except AlphaLoopError:
            self._engine.close()
            raise
        self.name = f"docker@{self._image}"
        self.libraries = ""

    def start(self, source: bytes, hash_seed: int = 0) -> SocketWorker:
        """A fresh worker that holds `Strategy(PARAMS)`; see Forking."""
        if len(self._workers) >= MOST_WORKERS and self._owner == os.getpid():
            raise Misuse(f"a docker sandbox runs {MOST_WORKERS} workers at once; close one first")
        return super().start(source, hash_seed)

    def run_tests(self, files: Mapping[str, bytes], seconds: float) -> TestRun:
        """Run the pytest files among `files` in a container of their own; see repository_tests."""
        return run_in(partial(session, self._engine, self._image), files, seconds)

    def close(self) -> None:
        """End every worker and container."""
        super().close()
        self._engine.close()

    def _opened(self, hash_seed: int) -> ContainedNursery:
        memory_bytes = _NURSERY_BYTES + MOST_WORKERS * self._allowance.memory_bytes
        opened = ContainedNursery(self._engine, Plan(self._image, hash_seed, _MODULE, (), memory_bytes))
        self.libraries = opened.libraries
        return opened
