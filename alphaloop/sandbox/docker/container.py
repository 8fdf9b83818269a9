"""One container: made as narrow as Docker can, met on one socket, and gone when it is closed."""

import json
import os
import socket
from array import array
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from struct import Struct
from time import monotonic, sleep
from typing import Any, BinaryIO

from alphaloop.errors import SandboxUnavailable
from alphaloop.sandbox.docker import seccomp
from alphaloop.sandbox.docker.arrival import LARGEST_GREETING, WELCOME
from alphaloop.sandbox.docker.engine import Engine, Facts
from alphaloop.sandbox.docker.meeting import Meeting, meeting
from alphaloop.sandbox.docker.orphans import LABEL, parent
from alphaloop.sandbox.docker.program import Program, program
from alphaloop.sandbox.docker.words import BUILD
from alphaloop.sandbox.nursery import last_line
from alphaloop.sandbox.wire import printable

USER = "65532:65532"
"""Somebody who owns nothing, on any system."""

_CALL_HOME, _SOCKET_AT = "alphaloop.sandbox.docker.arrival", "/run/alphaloop"
_PEER = Struct("@iII")
_START_S, _LOOK_S, _GONE_S, _GOING_S = 60.0, 0.2, 20.0, 0.01
_PROCESSES, _FILES, _CORE_NS = 64, 256, 10**9
_MOST_WORDS, _LONGEST = 1 << 14, 200


@dataclass(frozen=True, slots=True)
class Plan:
    """What runs in a container.

    image: its id; module and arguments: see arrival; memory_bytes: of all its processes together; shown:
    folders of this machine by the path where they can be read; scratch: path → options of a tmpfs.
    """

    image: str
    hash_seed: int
    module: str
    arguments: tuple[str, ...]
    memory_bytes: int
    shown: Mapping[str, str] = field(default_factory=dict)
    scratch: Mapping[str, str] = field(default_factory=dict)


class Container:
    """A running container whose first process has called home; `line` leads to it.

    pid: of that process, as this machine numbers it.  Raises SandboxUnavailable when anything about it is not
    as it was asked for.
    """

    def __init__(self, engine: Engine, plan: Plan) -> None:
        self._engine = engine
        self._ours = ExitStack()
        with meeting() as place, ExitStack() as undoing:
            shown = {_SOCKET_AT: str(place.folder), **plan.shown}
            self._id, warnings = engine.create(_configured(plan, shown, engine.limits_swap()))
            undoing.push(self._undo)
            _refuse_warnings(warnings)
            engine.start(self._id)
            self.line = self._ours.enter_context(self._met(place))
            self.pid = self._checked(plan)
            self.libraries = self._greeted()
            self._complaints = self._welcome()
            undoing.pop_all()

    def last_words(self) -> str:
        """What its processes complained of last; ends it."""
        self._engine.remove(self._id)
        words = last_line(self._complaints.read(_MOST_WORDS))
        self.close()
        return words

    def close(self) -> None:
        """End everything in it, and wait until the engine has forgotten it."""
        self.forget()
        self._engine.remove(self._id)
        deadline = monotonic() + _GONE_S
        while self._engine.container(self._id) is not None:
            if monotonic() > deadline:
                raise SandboxUnavailable(f"container {self._id[:12]} does not go away: `docker rm -f` it")
            sleep(_GOING_S)

    def forget(self) -> None:
        """Let go of it, in a forked copy of the process whose it is."""
        self._ours.close()

    def _undo(self, _: object, wrong: BaseException | None, __: object) -> None:
        """Leave nothing of a container that could not be had."""
        try:
            self.close()
        except SandboxUnavailable as too:
            # What went wrong first is what the caller must hear of.
            if wrong is not None:
                wrong.add_note(str(too))

    def _met(self, place: Meeting) -> socket.socket:
        """The socket on which the container called."""
        deadline = monotonic() + _START_S
        while monotonic() < deadline:
            if (line := place.wait(_LOOK_S)) is not None:
                return line
            facts = self._engine.container(self._id)
            if facts is None or not facts["State"]["Running"]:
                raise SandboxUnavailable(f"the container ended before it called; is its image ours? {BUILD}")
        raise SandboxUnavailable(f"no container called within {_START_S:g} s; use an engine on this machine")

    def _checked(self, plan: Plan) -> int:
        """Its process id; refuses a container that is another, is configured otherwise, or did not call."""
        facts = self._engine.container(self._id) or {}
        pid = int(facts.get("State", {}).get("Pid", 0))
        if facts.get("Image") != plan.image:
            raise SandboxUnavailable(f"the engine ran the image {facts.get('Image')}, not {plan.image}")
        if loosened := _loosened({**facts["HostConfig"], **facts["Config"]}, plan):
            raise SandboxUnavailable(f"the engine did not set {', '.join(loosened)} of a container")
        caller, _, _ = _PEER.unpack(self.line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size))
        if not pid or caller != pid:
            raise SandboxUnavailable(f"process {caller} called, which is not the container's own, {pid}")
        return pid

    def _greeted(self) -> str:
        """What libraries it has; refuses one whose AlphaLoop is another than ours."""
        self.line.settimeout(_START_S)
        try:
            told = Program(**json.loads(self.line.recv(LARGEST_GREETING)))
        except (OSError, ValueError, TypeError) as error:
            raise SandboxUnavailable(f"the container did not greet as ours do ({error}): {BUILD}") from error
        if told.source != program().source:
            raise SandboxUnavailable(f"the image holds another AlphaLoop than this one: {BUILD}")
        return printable(str(told.libraries), _LONGEST)

    def _welcome(self) -> BinaryIO:
        """Let it see when we end, and tell us what it complains of."""
        heard, told = os.pipe()
        complaints = self._ours.enter_context(os.fdopen(heard, "rb"))
        watch = os.pidfd_open(os.getpid())
        try:
            self.line.sendmsg([WELCOME], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", [watch, told]))])
        except OSError as error:
            raise SandboxUnavailable(f"the container left when it was welcomed ({error})") from error
        finally:
            os.close(watch)
            os.close(told)
        return complaints


def _configured(plan: Plan, shown: Mapping[str, str], limits_swap: bool) -> dict[str, Any]:
    """The container as the engine's API has it."""
    mounts = [
        {"Type": "bind", "Source": here, "Target": there, "ReadOnly": True}
        for there, here in sorted(shown.items())
    ]
    return {
        "Image": plan.image,
        "User": USER,
        "WorkingDir": "/",
        "Entrypoint": ["python3", "-s", "-P", "-B", "-W", "ignore", "-m", _CALL_HOME],
        "Cmd": [f"{_SOCKET_AT}/line", str(plan.hash_seed), plan.module, *plan.arguments],
        "Healthcheck": {"Test": ["NONE"]},
        "NetworkDisabled": True,
        "AttachStdin": False,
        "Labels": {LABEL: parent()},
        "HostConfig": {**_walls(plan), "Mounts": mounts, "Tmpfs": dict(plan.scratch)}
        | ({"MemorySwap": plan.memory_bytes} if limits_swap else {}),
    }


def _walls(plan: Plan) -> dict[str, Any]:
    """What stands around the container; each is looked at again once it runs."""
    return {
        "AutoRemove": True,
        "CapDrop": ["ALL"],
        "CgroupnsMode": "private",
        "IpcMode": "none",
        "LogConfig": {"Type": "none", "Config": {}},
        "Memory": plan.memory_bytes,
        "NanoCpus": _CORE_NS,
        "NetworkMode": "none",
        "PidsLimit": _PROCESSES,
        "Privileged": False,
        "ReadonlyRootfs": True,
        "SecurityOpt": ["no-new-privileges:true", f"seccomp={seccomp.profile()}"],
        "Ulimits": [
            {"Name": "nofile", "Soft": _FILES, "Hard": _FILES},
            {"Name": "core", "Soft": 0, "Hard": 0},
        ],
    }


def _loosened(found: Facts, plan: Plan) -> list[str]:
    wanted = {**_walls(plan), "User": USER}
    return [name for name in wanted if found.get(name) != wanted[name]]


def _refuse_warnings(warnings: tuple[str, ...]) -> None:
    # An engine that cannot set a limit says so here, and goes on without it.
    if warnings:
        raise SandboxUnavailable(f"the engine cannot isolate here: {'; '.join(warnings)}")
