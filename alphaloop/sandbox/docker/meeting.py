"""Where parent and container meet: a socket in a folder that only this user can reach, then gone."""

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alphaloop.sandbox.docker.orphans import PREFIX, parent

NAME = "line"


@dataclass(frozen=True, slots=True)
class Meeting:
    """A socket that listens as `line` in `folder`."""

    folder: Path
    listener: socket.socket

    def wait(self, seconds: float) -> socket.socket | None:
        """Whoever calls within `seconds`, or None."""
        self.listener.settimeout(seconds)
        try:
            line, _ = self.listener.accept()
        except TimeoutError:
            return None
        return line


@contextmanager
def meeting() -> Iterator[Meeting]:
    """A place to meet one caller; removed at the end, when nobody can call any more."""
    outer = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{parent()}-"))
    # The outer folder keeps everybody out; the inner one is mounted, so its user must get in.
    folder = outer / "d"
    folder.mkdir()
    folder.chmod(0o755)
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
            _bind(listener, folder)
            (folder / NAME).chmod(0o666)
            listener.listen(1)
            yield Meeting(folder, listener)
    finally:
        shutil.rmtree(outer)


def _bind(listener: socket.socket, folder: Path) -> None:
    """Through a descriptor: the path of a temporary folder may be longer than an address can be."""
    opened = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        listener.bind(f"/proc/self/fd/{opened}/{NAME}")
    finally:
        os.close(opened)
