"""The fan-out over a Ray cluster: a backend of joblib, and the way to the cluster."""

import logging
import queue
import socket
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, redirect_stdout
from typing import Any, TextIO, cast

import ray
from joblib import Parallel, parallel_config
from joblib.parallel import ParallelBackendBase
from ray.exceptions import RayError, RayTaskError

from alphaloop.errors import Broken, Misuse, Refused
from alphaloop.simulation import machine
from alphaloop.simulation.isolation import settle

REACH_S = 5.0
START_S = 60.0
"""How long the cluster may take to start its players: a node that is busy with others never does."""
UNDER_WAY = 2
"""Calls sent to a player: one that is played, and one that is there when that one is done."""
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes((0, 0, 0, 4, 0, 0, 0, 0, 0))
"""What a client says first to whoever speaks gRPC, as a Ray head does: RFC 9113, section 3.4."""
SETTINGS = 4


@contextmanager
def cluster_at(address: str) -> Iterator[int]:
    """Let joblib play on the cluster whose head is at `address` (HOST:PORT); its number of processors.

    This machine must be a node of it.  Raises Misuse for what is no address, Broken when no cluster answers
    there, Refused when a node is another kind of machine than this one.
    """
    _reach(address)
    with redirect_stdout(cast(TextIO, _OfThisThread(sys.stdout))):
        _attach(address)
        backend = OnRay()
        try:
            with parallel_config(backend=backend):
                yield _processors(address)
        finally:
            _detach(backend)


def _attach(address: str) -> None:
    try:
        with warnings.catch_warnings():
            # Ray tells of what a future release will do about accelerators, of which we ask for none.
            warnings.filterwarnings("ignore", "Tip: In future versions of Ray", FutureWarning)
            ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    except (RayError, RuntimeError, ValueError, ConnectionError) as error:
        raise Broken(f"the Ray cluster at {address} cannot be used from here: {error}") from error


def _detach(backend: "OnRay") -> None:
    with redirect_stdout(sys.stderr):  # for what Ray held back to say it once
        try:
            backend.abort_everything(ensure_ready=False)
        finally:
            ray.shutdown()


def _processors(address: str) -> int:
    count = int(ray.cluster_resources().get("CPU", 0))
    if count < 2:
        raise Misuse(
            f"the Ray cluster at {address} has {count} processors, and one spreads nothing: add a node, or "
            "run without --cluster"
        )
    return count


class _OfThisThread:
    """Standard output for the thread that made it, and standard error for what others print there.

    Ray tells of its nodes from a thread of its own, on the output that a program reads our answers from.
    """

    def __init__(self, ours: TextIO) -> None:
        self._ours = ours
        self._thread = threading.current_thread()

    def write(self, text: str) -> int:
        return (self._ours if threading.current_thread() is self._thread else sys.stderr).write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ours, name)


class OnRay(ParallelBackendBase):  # type: ignore[misc]  # joblib tells no types
    """Players on the nodes of the cluster that this process is attached to, kept from call to call.

    Not Ray's own backend of joblib, which returns no generators, starts its processes anew for every call and
    waits for them without end: docs/decisions/0115.
    """

    supports_retrieve_callback = True
    default_n_jobs = -1

    def __init__(self) -> None:
        super().__init__(nesting_level=0)
        self._players: list[Any] = []
        self._free: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._threads: ThreadPoolExecutor | None = None

    def effective_n_jobs(self, n_jobs: int) -> int:
        """As many as are asked for; all processors of the cluster when that is -1."""
        return n_jobs if n_jobs > 0 else int(ray.cluster_resources().get("CPU", 1))

    def configure(self, n_jobs: int = 1, parallel: Parallel | None = None, **_local: object) -> int:
        """Have players; what joblib would tell the processes of this machine means nothing to them."""
        self.parallel = parallel
        wanted = self.effective_n_jobs(n_jobs)
        if len(self._players) != wanted:
            self.abort_everything(ensure_ready=False)
            self._players = _started(wanted)
            self._threads = ThreadPoolExecutor(UNDER_WAY * wanted, thread_name_prefix="alphaloop-ray")
            for player in self._players * UNDER_WAY:
                self._free.put(player)
        return wanted

    def submit(
        self, func: Callable[[], Any], callback: Callable[[Future[Any]], None] | None = None
    ) -> Future[Any]:
        """Let the next free player play; `callback` hears of the end in a thread of ours."""
        if self._threads is None:
            raise Broken("the processes on the Ray cluster are gone; run again")
        future = self._threads.submit(self._play, func, self._free)
        if callback is not None:
            future.add_done_callback(callback)
        return future

    def retrieve_result_callback(self, out: Future[Any]) -> Any:
        """What was played; raises Broken when the player or its node is gone."""
        try:
            return out.result()
        except RayTaskError:
            raise
        except RayError as error:
            first = str(error).splitlines()[0]
            raise Broken(
                f"a process of the Ray cluster that played episodes died: {first} "
                "Look at that node (`ray status`, is there memory left?), then run again"
            ) from error

    def abort_everything(self, ensure_ready: bool = True) -> None:
        """End the players and whatever they play."""
        for player in self._players:
            ray.kill(player)
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
        self._players, self._threads, self._free = [], None, queue.SimpleQueue()
        if ensure_ready and self.parallel is not None:
            self.configure(self.parallel.n_jobs, self.parallel)

    @staticmethod
    def _play(func: Callable[[], Any], free: "queue.SimpleQueue[Any]") -> Any:
        player = free.get()
        try:
            return ray.get(player.play.remote(func))
        finally:
            free.put(player)


class Player:
    """A process of the cluster that does nothing but play."""

    def __init__(self) -> None:
        settle()

    def kind(self) -> tuple[str, dict[str, str]]:
        """The node that this is, and what its numbers depend on."""
        return ray.util.get_node_ip_address(), machine.kind()

    def play(self, func: Callable[[], Any]) -> Any:
        """Answer the call."""
        return func()


# Never restarted: a player could come back on a node that nobody looked at.
ON_A_NODE = ray.remote(num_cpus=1, max_restarts=0, max_task_retries=0, scheduling_strategy="SPREAD")(Player)


def _started(count: int) -> list[Any]:
    """Players that answer, each on a machine of our own kind."""
    players = [ON_A_NODE.remote() for _ in range(count)]
    try:
        asked = [player.kind.remote() for player in players]
        ready, late = ray.wait(asked, num_returns=count, timeout=START_S)
        if late:
            raise Broken(
                f"{len(late)} of {count} processes did not start on the Ray cluster within {START_S:g} s: it "
                "is busy, or a node cannot import alphaloop; look at `ray status`, then run again"
            )
        for node, kind in ray.get(ready):
            _refuse_another(node, kind)
    except RayError as error:
        _kill(players)
        raise Broken(f"a process did not start on the Ray cluster: {error}") from error
    except (Broken, Refused):
        _kill(players)
        raise
    return players


def _refuse_another(node: str, theirs: Mapping[str, str]) -> None:
    """Raise Refused when a node's numbers may differ from ours: a verdict is bound to one platform."""
    for name, ours in machine.kind().items():
        if theirs.get(name) != ours:
            raise Refused(
                f"node {node} of the Ray cluster may not play for this verdict: its {name} is "
                f"{theirs.get(name)}, here it is {ours}; take the node out, or make it the same"
            )


def _kill(players: list[Any]) -> None:
    for player in players:
        ray.kill(player)


def _reach(address: str) -> None:
    """Raise at once when no Ray head can be at `address`: ray.init itself goes on trying for minutes."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or "/" in host or not 0 < int(port) < 65536:
        raise Misuse(f"{address!r} is no address of a Ray head: give HOST:PORT, as `ray start` prints it")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), REACH_S) as line:
            line.settimeout(REACH_S)
            line.sendall(PREFACE)
            answer = line.recv(9)
    except OSError as error:
        raise Broken(
            f"no Ray cluster answers at {address} ({error}): start its head, or correct --cluster"
        ) from error
    if len(answer) < 4 or answer[3] != SETTINGS:
        raise Broken(f"what answers at {address} is no Ray head: correct --cluster")
