"""The Docker engine: every call that is made of it, and every failure of it as one of ours."""

import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import docker
from docker.errors import APIError, DockerException, NotFound

from alphaloop.errors import SandboxUnavailable
from alphaloop.sandbox.docker.words import cause

_PATIENCE_S = 30
"""For one call.  An engine that hangs is an engine that does not run."""

_UNIX, _USUAL, _OLDEST = "unix://", "unix:///var/run/docker.sock", "1.41"

Facts = Mapping[str, Any]
"""What the engine says of a thing, by its own names."""


class Engine:
    """The engine that DOCKER_HOST names, or the usual one; raises SandboxUnavailable whenever it fails.

    Nothing is ever pulled: what is not there is refused.
    """

    def __init__(self) -> None:
        self._connect()

    def version(self) -> str:
        """The engine's own version."""
        with _translated("say its version"):
            return str(self._mine.version()["Version"])

    def limits_swap(self) -> bool:
        """Whether a container's use of swap can be bounded here."""
        with _translated("say what it can"):
            return bool(self._mine.info().get("SwapLimit"))

    def image(self, reference: str) -> Facts | None:
        """What is known of an image, or None when it is not there."""
        with _translated("look for the image"):
            try:
                return dict(self._mine.inspect_image(reference))  # type: ignore[no-untyped-call]
            except NotFound:
                return None

    def create(self, wanted: Facts) -> tuple[str, tuple[str, ...]]:
        """Make a container from the configuration of the engine's API; its id, and the engine's warnings."""
        with _translated("make a container"):
            made = self._mine.create_container_from_config(dict(wanted))  # type: ignore[no-untyped-call]
        return str(made["Id"]), tuple(made.get("Warnings") or ())

    def start(self, container: str) -> None:
        """Start a container."""
        with _translated("start a container"):
            self._mine.start(container)

    def container(self, container: str) -> Facts | None:
        """What is known of a container, or None when it is gone."""
        with _translated("look at a container"):
            try:
                return dict(self._mine.inspect_container(container))
            except NotFound:
                return None

    def containers(self, label: str) -> tuple[Facts, ...]:
        """All containers with a label, running or not."""
        with _translated("list its containers"):
            return tuple(self._mine.containers(all=True, filters={"label": label}))

    def remove(self, container: str) -> None:
        """Kill a container and forget it; one that is gone, or on its way, is as good."""
        with _translated("remove a container"):
            try:
                self._mine.remove_container(container, v=True, force=True)
            except APIError as error:
                if error.status_code not in (404, 409):
                    raise

    def close(self) -> None:
        """Hang up; the next call connects again."""
        self._mine.close()

    @property
    def _mine(self) -> docker.APIClient:
        if self._owner != os.getpid():
            # A forked copy of this process: on one connection the two would read each other's answers.
            self._connect()
        return self._api

    def _connect(self) -> None:
        with _translated("be reached"):
            self._api = docker.APIClient(_address(), _spoken(), _PATIENCE_S)
        self._owner = os.getpid()


def _address() -> str:
    """Where the engine listens; refuses one that could not mount a socket of ours, or is not there."""
    address = os.environ.get("DOCKER_HOST") or _USUAL
    if not address.startswith(_UNIX):
        raise SandboxUnavailable(
            f"DOCKER_HOST is {address[:200]!r}, which may be another machine: name the engine of this one, "
            f"such as {_USUAL}"
        )
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(_PATIENCE_S)
        line.connect(address.removeprefix(_UNIX))
    return address


def _spoken() -> str:
    """The newest version of its interface that the engine speaks."""
    api = docker.APIClient(_address(), _OLDEST, _PATIENCE_S)
    try:
        return str(api.version(api_version=False)["ApiVersion"])
    finally:
        api.close()


@contextmanager
def _translated(deed: str) -> Iterator[None]:
    try:
        yield
    # What requests and the sockets below raise are OSErrors; what the engine answers, DockerExceptions.
    except (DockerException, OSError) as error:
        raise SandboxUnavailable(f"the Docker engine could not {deed}: {cause(error)}") from error
