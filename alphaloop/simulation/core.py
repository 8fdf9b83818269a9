"""One core for each process that does nothing but play, and for the workers of its strategies.

A pool numbers its processes and Ray does not, and neither knows of the other, nor of a second node on the
same machine.  So a core is claimed from the kernel: a name of the abstract socket namespace has one holder,
and is free again when that process ends, however it ends.
"""

import os
import socket
import sys
from dataclasses import dataclass

CROWD = 64
"""So many players share one core before a further one takes whichever it runs on."""


@dataclass(frozen=True, slots=True)
class Core:
    """A core by the kernel's number, and the claim on it, which holds while this object lives."""

    number: int
    claim: socket.socket


def free_core(among: str = "alphaloop") -> Core | None:
    """The usable core that the fewest players of the name `among` have claimed; None without such claims."""
    if sys.platform != "linux":
        return None
    usable = sorted(os.sched_getaffinity(0))
    for others in range(CROWD):
        for number in usable:
            claim = _claimed(f"\0{among} core {number}, player {others}")
            if claim is not None:
                return Core(number, claim)
    return None


def _claimed(name: str) -> socket.socket | None:
    claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        claim.bind(name)
    except OSError:
        claim.close()
        return None
    return claim
