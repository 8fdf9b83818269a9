"""The walls around untrusted code, put up by the process itself before it reads a byte of it.

Each is there in case another has a hole.  Any that cannot be put up raises OSError: half a sandbox is none.
"""

import os
import resource
import signal
from collections.abc import Iterable
from pathlib import Path

from alphaloop.sandbox.inside import kernel, landlock, profiles, seccomp

_PAGE = os.sysconf("SC_PAGE_SIZE")


def around_strategy(memory_bytes: int, cpu_s: int) -> None:
    """Leave the calling process memory, clocks and the files that it has open; it may open no more."""
    preloaded = _address_space()
    _no_way_back()
    landlock.restrict()
    _must_not_open(Path("/"))
    _limit(preloaded + memory_bytes, cpu_s, largest_file=0, open_files=0)
    seccomp.install(profiles.STRATEGY)
    _must_not_open(Path("/"))


def around_tests(readable: Iterable[Path], writable: Path, memory_bytes: int, cpu_s: int) -> None:
    """Let the calling process read `readable` and work in `writable`."""
    preloaded = _address_space()
    _no_way_back()
    granted = [(path, landlock.READ) for path in readable]
    granted.append((Path("/dev/null"), landlock.READ | landlock.WRITE_FILE))
    granted.append((Path("/dev/urandom"), landlock.READ))
    landlock.restrict([*granted, (writable, landlock.SCRATCH)])
    _must_not_open(Path("/"))
    _limit(preloaded + memory_bytes, cpu_s, largest_file=16 << 20, open_files=256)
    seccomp.install(profiles.TESTS)
    _must_not_open(Path("/"))


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when the process `parent` ends."""
    kernel.control(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    # It may have ended before we asked.
    if os.getppid() != parent:
        os._exit(1)


def _limit(address_space: int, cpu_s: int, largest_file: int, open_files: int) -> None:
    limits = {
        resource.RLIMIT_AS: address_space,
        resource.RLIMIT_FSIZE: largest_file,
        resource.RLIMIT_NOFILE: open_files,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    for which, limit in limits.items():
        resource.setrlimit(which, (limit, limit))
    # The soft limit sends a signal that names the reason, the hard one a signal that cannot be caught.
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))


def _address_space() -> int:
    """Bytes of address space in use: what was preloaded does not count as the strategy's."""
    # Not through Path: in a process that was just forked, a text file costs a millisecond of copied pages.
    statm = os.open("/proc/self/statm", os.O_RDONLY)
    try:
        return int(os.read(statm, 64).split()[0]) * _PAGE
    finally:
        os.close(statm)


def _no_way_back() -> None:
    kernel.drop_capabilities()
    kernel.control(kernel.PR_SET_DUMPABLE, 0)
    kernel.control(kernel.PR_SET_NO_NEW_PRIVS, 1)


def _must_not_open(path: Path) -> None:
    """Try each wall once: a kernel that accepts rules and does not apply them is no sandbox."""
    try:
        opened = os.open(path, os.O_RDONLY)
    except PermissionError:
        return
    os.close(opened)
    raise OSError(f"the walls stand and {path} can still be opened")
