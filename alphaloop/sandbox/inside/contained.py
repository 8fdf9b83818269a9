"""Inside a container: the nursery as its first process, so that whatever it leaves ends with it."""

import socket
from collections.abc import Sequence

from alphaloop.sandbox.inside.nursery import tend


def main(arguments: Sequence[str]) -> None:
    """Serve the parent: arguments are the control socket's number, and that of a pidfd of the parent."""
    tend(socket.socket(fileno=int(arguments[0])), int(arguments[1]))
