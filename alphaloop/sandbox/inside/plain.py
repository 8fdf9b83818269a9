"""A worker without walls, for machines that have none.  Whatever it says is tainted."""

import socket
from collections.abc import Sequence

from alphaloop.sandbox.inside.preload import preload
from alphaloop.sandbox.inside.serve import Server, end_process


def main(arguments: Sequence[str]) -> None:
    """Serve one strategy over the socket whose number is the only argument."""
    line = socket.socket(fileno=int(arguments[0]))
    preload()
    try:
        Server(line).run()
    finally:
        end_process()
