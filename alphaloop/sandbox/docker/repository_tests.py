"""One run of a repository's tests in a container of its own: sources to read, a small scratch to write."""

import math
import os
import socket
from array import array
from contextlib import closing
from pathlib import Path

from alphaloop.errors import SandboxUnavailable
from alphaloop.sandbox import control
from alphaloop.sandbox.docker.container import USER, Container, Plan
from alphaloop.sandbox.docker.engine import Engine
from alphaloop.sandbox.repository_tests import heard, report_in
from alphaloop.sandbox.scratch import MAX_BYTES, MAX_ENTRIES

_MODULE = "alphaloop.sandbox.inside.contained_tests"
_FOLDER = "/run/alphaloop-tests"
_MEMORY_BYTES = 3 << 30
_REPLY_S = 20.0
_KILLED = -9


def session(
    engine: Engine, image: str, folder: Path, tests: list[str], seconds: float
) -> tuple[bytes, str, int]:
    """Run the tests of a folder that is laid out; see repository_tests.Session."""
    _open_to_read(folder)
    owner, group = USER.split(":")
    bounds = f"size={MAX_BYTES},nr_inodes={MAX_ENTRIES},noexec,nosuid,nodev"
    plan = Plan(
        image=image,
        hash_seed=0,
        module=_MODULE,
        arguments=(str(math.ceil(seconds) + 1), _FOLDER, *tests),
        memory_bytes=_MEMORY_BYTES,
        shown={f"{_FOLDER}/{name}": str(folder / name) for name in ("judge", "sources")},
        scratch={f"{_FOLDER}/scratch": f"{bounds},mode=0700,uid={owner},gid={group}"},
    )
    with closing(Container(engine, plan)) as container:
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                _hand_over(theirs, container)
            message, complaint = heard(ours, folder / "scratch", seconds)
        code = _KILLED if complaint else _code(container)
        words = b"" if message or complaint else container.last_words().encode()
    return report_in(message, complaint, words), complaint, code


def _hand_over(theirs: socket.socket, container: Container) -> None:
    """Give the runner its end of the socket for the report, once it is up."""
    beside = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", [theirs.fileno()]))]
    try:
        container.line.recv(control.REPLY.size)
        container.line.sendmsg([control.REQUEST.pack(control.BEAR, -1, 0, 0)], beside)
    except OSError as error:
        raise SandboxUnavailable(
            f"the tests' container ended ({container.last_words()}); run `alphaloop doctor`"
        ) from error


def _code(container: Container) -> int:
    """How the runner ended: an exit code, negative for a signal.  One that never says so was killed."""
    container.line.settimeout(_REPLY_S)
    try:
        packet = container.line.recv(control.REPLY.size)
    except OSError:
        return _KILLED
    if len(packet) != control.REPLY.size or packet[0] != control.END:
        return _KILLED
    return os.waitstatus_to_exitcode(control.REPLY.unpack(packet)[2])


def _open_to_read(folder: Path) -> None:
    """Let the container's user read what is mounted; the folder around it keeps everybody else out."""
    for name in ("judge", "sources"):
        for path in (folder / name, *(folder / name).rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
