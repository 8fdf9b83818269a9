"""A Docker engine of one's own, for tests and benchmarks: in a temporary folder, without a network.

Needs root, dockerd and runc (Debian: docker.io, runc, iptables).  `docker_engine.py COMMAND...` runs a
command with DOCKER_HOST set to it, and leaves nothing.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_S, STOP_S = 30.0, 30.0
PROGRAMS = ("dockerd", "containerd", "runc", "iptables")


class NoEngine(Exception):
    """An engine cannot be had here; the message says why."""


def start() -> Path:
    """A new engine: the folder that it lives in, with `docker.sock`; raises NoEngine."""
    if os.geteuid():
        raise NoEngine("DOCKER_HOST is not set, and only root can start an engine")
    if missing := [name for name in PROGRAMS if shutil.which(name) is None]:
        raise NoEngine(
            f"DOCKER_HOST is not set, and there is no {', '.join(missing)} to start an engine with"
        )
    folder = Path(tempfile.mkdtemp(prefix="engine-"))
    with (folder / "log").open("wb") as log:
        # Nobody's child, and in no terminal's session: it outlives the process that starts it.
        subprocess.run(["setsid", "--fork", *_command(folder)], stdout=log, stderr=log, check=True)
    deadline = time.monotonic() + START_S
    while not _answers(folder):
        if time.monotonic() > deadline or (time.monotonic() > deadline - START_S + 1 and not _pid(folder)):
            last = (folder / "log").read_text(errors="replace").strip().splitlines()[-1:]
            stop(folder)
            raise NoEngine(f"an engine does not start here: {last}")
        time.sleep(0.05)
    return folder


def stop(folder: Path) -> None:
    """End an engine, whoever started it, and remove its folder."""
    deadline = time.monotonic() + STOP_S
    while pid := _pid(folder):
        os.kill(pid, signal.SIGTERM if time.monotonic() < deadline else signal.SIGKILL)
        time.sleep(0.1)
    shutil.rmtree(folder)


@contextmanager
def engine() -> Iterator[str]:
    """The engine that DOCKER_HOST names, else one of our own, as a value for DOCKER_HOST."""
    if host := os.environ.get("DOCKER_HOST"):
        yield host
        return
    folder = start()
    try:
        yield host_in(folder)
    finally:
        stop(folder)


def host_in(folder: Path) -> str:
    """What DOCKER_HOST must be for the engine in a folder."""
    return f"unix://{folder}/docker.sock"


def _command(folder: Path) -> list[str]:
    places = {"data-root": "data", "exec-root": "exec", "pidfile": "docker.pid"}
    # No bridge and no rules of a firewall: containers have no network, and the machine keeps its own.
    without = ("iptables", "ip6tables", "ip-forward", "ip-masq", "userland-proxy")
    return [
        *("dockerd", "--host", host_in(folder), "--bridge=none"),
        *(f"--{name}={folder / place}" for name, place in places.items()),
        *(f"--{name}=false" for name in without),
    ]


def _answers(folder: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        try:
            line.connect(str(folder / "docker.sock"))
        except OSError:
            return False
    return True


def _pid(folder: Path) -> int:
    """The engine's process id, or 0 when it does not run."""
    try:
        pid = int((folder / "docker.pid").read_text())
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, ValueError):
        return 0
    return 0 if state == "Z" else pid


if __name__ == "__main__":
    with engine() as host:
        done = subprocess.run(sys.argv[1:], env={**os.environ, "DOCKER_HOST": host}, check=False)
    sys.exit(done.returncode)
