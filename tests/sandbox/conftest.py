"""One warm sandbox of each kind for all of these tests, and the strategies that they are about."""

import fcntl
import json
import os
import runpy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest

from alphaloop.ports import Sandbox
from alphaloop.sandbox.allowance import Allowance
from alphaloop.sandbox.docker.backend import Docker
from alphaloop.sandbox.lockdown import Lockdown, missing_here

# Short, so that what hangs is soon over; the stall is what a sleeping worker costs.
QUICK = Allowance(step_s=0.3, stall_s=1.5, total_s=20.0, memory_bytes=256 << 20)
TOOLS = Path(__file__).resolve().parents[2] / "tools"


@pytest.fixture(scope="session")
def lockdown() -> Iterator[Lockdown]:
    if missing := missing_here():
        pytest.skip(f"no lockdown here: {'; '.join(missing)}")
    sandbox = Lockdown(allowance=QUICK)
    yield sandbox
    sandbox.close()


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The id of the sandbox's image, in an engine that DOCKER_HOST names as long as the tests run."""
    common = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        common = common.parent
    named = os.environ.get("DOCKER_HOST")
    host, made = joined(common / "engine.json")
    os.environ["DOCKER_HOST"] = host
    yield made
    if named is None:
        del os.environ["DOCKER_HOST"]
    left(common / "engine.json")


@pytest.fixture(scope="session")
def contained(image: str) -> Iterator[Docker]:
    sandbox = Docker(image, allowance=QUICK)
    yield sandbox
    sandbox.close()


@pytest.fixture(scope="session", params=["lockdown", "docker"])
def sandbox(request: pytest.FixtureRequest) -> Sandbox:
    """Every backend that is there, one after the other."""
    found: Sandbox = request.getfixturevalue({"docker": "contained"}.get(request.param, request.param))
    return found


@pytest.fixture(scope="session")
def strategy() -> Callable[[str], bytes]:
    """Make the source of a strategy whose `on_book` has the given body, with `more` as further methods."""

    def source(body: str, more: str = "", top: str = "") -> bytes:
        head = f"from alphaloop.contract import Quote\n{dedent(top)}\n\nclass Strategy:\n"
        init = "    def __init__(self, params):\n        self.params = params\n        self.seen = []\n"
        on_book = "    def on_book(self, book):\n" + indent(dedent(body), " " * 8) + "\n"
        return (head + init + on_book + indent(dedent(more), " " * 4)).encode()

    return source


def joined(place: Path) -> tuple[str, str]:
    """DOCKER_HOST, and the image: the first of the test processes starts the engine for all of them."""
    with shared(place) as state:
        if not state:
            state.update(begun())
        if "why" in state:
            pytest.skip(f"no docker here: {state['why']}")
        state["users"] += 1
        return state["host"], state["image"]


def left(place: Path) -> None:
    """The last of them stops it."""
    with shared(place) as state:
        state["users"] -= 1
        if state["users"]:
            return
        if state["own"]:
            runpy.run_path(str(TOOLS / "docker_engine.py"))["stop"](Path(state["own"]))
        else:
            runpy.run_path(str(TOOLS / "sandbox_image.py"))["removed"](state["image"])
        state.clear()


@contextmanager
def shared(place: Path) -> Iterator[dict[str, Any]]:
    """What the test processes know together; one of them at a time."""
    with place.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        state = json.loads(file.read() or "{}")
        try:
            yield state
        finally:
            file.seek(0)
            file.truncate()
            json.dump(state, file)
            file.flush()


def begun() -> dict[str, Any]:
    """An engine with the image in it, or why there is none."""
    tool = runpy.run_path(str(TOOLS / "docker_engine.py"))
    host, folder = os.environ.get("DOCKER_HOST"), None
    if host is None:
        try:
            folder = tool["start"]()
        except tool["NoEngine"] as none:
            return {"why": str(none)}
        host = tool["host_in"](folder)
        os.environ["DOCKER_HOST"] = host
    try:
        image: str = runpy.run_path(str(TOOLS / "sandbox_image.py"))["built"]()
    except BaseException:
        if folder is not None:
            tool["stop"](folder)
        raise
    return {"host": host, "image": image, "own": str(folder or ""), "users": 0}
