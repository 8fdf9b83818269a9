"""Containers whose parent was killed: whose they are is written on them, and the next start sweeps them up.

A container that runs sees its parent end and ends by itself.  What can be left is one that was made and never
started, and the folder where it was to be met.
"""

import os
import shutil
import tempfile
from pathlib import Path

from alphaloop.sandbox.docker.engine import Engine

LABEL = "org.alphaloop.sandbox.parent"
PREFIX = "alphaloop-docker-"


def parent() -> str:
    """This process, as no other one here was or will be named: boot, pid namespace, user, process."""
    return "-".join((*_here(), str(os.getpid()), _began(os.getpid())))


def sweep(engine: Engine) -> int:
    """Remove what processes of this user left that are no more; how many containers those were."""
    left = [each for each in engine.containers(LABEL) if _orphaned(str(each["Labels"][LABEL]))]
    for each in left:
        engine.remove(str(each["Id"]))
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if _orphaned(folder.name.removeprefix(PREFIX).rpartition("-")[0]):
            shutil.rmtree(folder, ignore_errors=True)
    return len(left)


def _orphaned(named: str) -> bool:
    """Whether the process of that name has ended.

    False for what is no name, and for one of another user or pid namespace: nobody can look those up here.
    """
    said = named.split("-")
    if len(said) != len(_here()) + 2 or not said[-2].isdecimal():
        return False
    # A mounted socket binds the engine to this machine, so an earlier boot was one of this machine's.
    if said[0] != _here()[0]:
        return True
    return tuple(said[:-2]) == _here() and _began(int(said[-2])) != said[-1]


def _here() -> tuple[str, str, str]:
    """Boot, pid namespace, user."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip().replace("-", "")
    return boot[:12], str(Path("/proc/self/ns/pid").stat().st_ino), str(os.getuid())


def _began(pid: int) -> str:
    """When a process began, in the kernel's ticks since boot; "" when there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
