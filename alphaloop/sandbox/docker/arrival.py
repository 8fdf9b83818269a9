"""In the container, first thing: call home, and begin again as an interpreter that knows nothing else.

Process 1 starts with the image's environment.  It says which program it is, is given one descriptor by which
to see its parent end and another to complain into, and becomes by exec what lockdown starts too: the same
flags, the same environment.
"""

import json
import os
import socket
import sys
from array import array
from collections.abc import Sequence
from dataclasses import asdict

from alphaloop.sandbox.docker.program import program
from alphaloop.sandbox.interpreter import command, environment

LIBRARIES = ("numpy", "pytest")
LARGEST_GREETING = 1024
WELCOME = b"\1"


def main(arguments: Sequence[str]) -> None:
    """Arguments: the mounted socket, a hash seed, a module of the program, and further arguments of its."""
    place, hash_seed, module, *others = arguments
    line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    line.connect(place)
    line.send(json.dumps(asdict(program())).encode())
    welcome, ancillary, _, _ = line.recvmsg(len(WELCOME), socket.CMSG_LEN(2 * array("i").itemsize))
    if welcome != WELCOME:
        return
    watch, complaints = array("i", ancillary[0][2])
    os.dup2(complaints, sys.stderr.fileno())
    for number in (line.fileno(), watch):
        os.set_inheritable(number, True)
    fresh = command(module, LIBRARIES, [str(line.fileno()), str(watch), *others])
    os.execve(fresh[0], fresh, environment(int(hash_seed)))  # noqa: S606  # nosec B606


if __name__ == "__main__":
    main(sys.argv[1:])
