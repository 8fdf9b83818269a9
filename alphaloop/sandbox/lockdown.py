"""Lockdown: isolation by the Linux kernel alone, without root, user namespaces or Docker."""

import os
import sys
from collections.abc import Mapping

from alphaloop.errors import SandboxUnavailable
from alphaloop.ports import TestRun
from alphaloop.sandbox.allowance import Allowance
from alphaloop.sandbox.forking import Forking
from alphaloop.sandbox.inside import landlock, seccomp
from alphaloop.sandbox.nursery import ForkedNursery
from alphaloop.sandbox.repository_tests import run_repository_tests


class Lockdown(Forking):
    """Workers behind resource limits, Landlock and seccomp, forked from a child of this process."""

    name = "lockdown"
    tainted = False
    holds_prover = True

    def __init__(self, core: int | None = None, allowance: Allowance | None = None) -> None:
        if missing := missing_here():
            raise SandboxUnavailable(
                f"untrusted code cannot be isolated here: {'; '.join(missing)}; run `alphaloop doctor`, "
                "and use a Linux machine that has what is missing"
            )
        super().__init__(core, allowance)

    def run_tests(self, files: Mapping[str, bytes], seconds: float) -> TestRun:
        """Run the pytest files among `files` behind walls with a scratch folder; see repository_tests."""
        return run_repository_tests(files, seconds, walls=True)

    def _opened(self, hash_seed: int) -> ForkedNursery:
        return ForkedNursery(hash_seed)


def missing_here() -> tuple[str, ...]:
    """What this machine lacks for lockdown, in words; () when nothing."""
    if sys.platform != "linux":
        return (f"{sys.platform} is not Linux",)
    lacks = []
    try:
        landlock.version()
    except OSError as error:
        lacks.append(f"the kernel has no Landlock ({error.strerror})")
    if not seccomp.available():
        lacks.append("the kernel has no seccomp filters, or the machine is neither x86_64 nor aarch64")
    if not hasattr(os, "pidfd_open"):
        lacks.append("this Python has no pidfd_open")
    return tuple(lacks)
