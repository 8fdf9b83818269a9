"""The same seeds on a real Ray cluster: two nodes of one processor each, on loopback."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from alphaloop.errors import Broken, Misuse, Refused, SandboxUnavailable
from alphaloop.simulation import machine
from alphaloop.simulation.fan_out import AHEAD, fanned_out
from alphaloop.simulation.isolation import own_core, sandbox_named
from alphaloop.simulation.pairs import play_pairs
from alphaloop.simulation.venue import Venue

ENVIRONMENT = {
    "RAY_USAGE_STATS_ENABLED": "0",
    # Or Ray takes this machine's address instead of loopback's.
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
}
SOURCE = b"""
from alphaloop.contract import Quote


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        pass

    def on_book(self, book):
        return [Quote("buy", book.mid * 0.9995, 1.0), Quote("sell", book.mid * 1.0005, 1.0)]
"""
WIDER = SOURCE.replace(b"0.9995", b"0.9992").replace(b"1.0005", b"1.0008")
DRIVER = """
import sys, time
from alphaloop.simulation.cluster import cluster_at
from alphaloop.simulation.fan_out import fanned_out

def pid(seed):
    import os, time
    time.sleep(0.1)
    return os.getpid()

with cluster_at(sys.argv[1]) as processors:
    print(*set(fanned_out(pid, range(8), processors)), flush=True)
    time.sleep(100)
"""


@dataclass(frozen=True)
class TwoNodes:
    """A cluster that stands; `process` takes its second node away when it is told a line."""

    address: str
    process: "subprocess.Popen[str]"


@pytest.fixture(scope="module")
def patch() -> Iterator[pytest.MonkeyPatch]:
    """What Ray is told before it is first imported, here and in the cluster."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        pytest.importorskip("ray", reason="ray is not installed: pip install 'alphaloop[ray]'")
        yield patch


@pytest.fixture(scope="module")
def nodes(patch: pytest.MonkeyPatch) -> Iterator[TwoNodes]:
    """One cluster for all tests of this module; none of its processes or files outlives it."""
    # Not pytest's own folder, whose path is too long for the sockets that Ray keeps in it.
    folder = tempfile.mkdtemp(prefix="ray")
    patch.setenv("RAY_TMPDIR", folder)
    command = [sys.executable, str(Path(__file__).with_name("two_nodes.py"))]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            address = process.stdout.readline().strip()
            assert address, "the cluster did not start"
            yield TwoNodes(address, process)
            process.stdin.close()
            process.wait(60)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            shutil.rmtree(folder)


@pytest.fixture
def processors(nodes: TwoNodes) -> Iterator[int]:
    """How many the cluster has, while joblib plays on it."""
    from alphaloop.simulation.cluster import cluster_at

    with cluster_at(nodes.address) as count:
        yield count


@pytest.fixture
def venue(market, limits) -> Venue:
    try:
        sandbox_named("lockdown")
    except SandboxUnavailable as error:
        pytest.skip(f"no lockdown here: {error}")
    return Venue(market, limits, "lockdown")


def whereabouts(seed: int) -> tuple[str, int, int | None]:
    """Node, process and core of a player."""
    import ray

    time.sleep(0.05)
    return ray.get_runtime_context().get_node_id(), os.getpid(), own_core()


def test_pairs_on_two_nodes_are_those_of_this_machine_to_the_last_bit(venue, processors):
    assert processors == 2
    seeds = [2**63 + number for number in range(6)]
    there = list(play_pairs(WIDER, SOURCE, seeds, venue, processors))
    here = list(play_pairs(WIDER, SOURCE, seeds, venue, cores=1))
    assert there == here
    assert repr(there) == repr(here)
    assert len({pair.candidate.digest for pair in there}) == len(seeds)
    assert all(pair.gain is not None and not pair.candidate.fault for pair in there)


def test_both_nodes_play_and_each_player_has_a_core_of_its_own(processors):
    players = set(fanned_out(whereabouts, range(12), processors))
    assert len({node for node, _, _ in players}) == 2
    assert len({process for _, process, _ in players}) == 2
    assert os.getpid() not in {process for _, process, _ in players}
    cores = {core for _, _, core in players}
    assert None not in cores
    assert len(cores) == min(2, len(os.sched_getaffinity(0)))


def test_a_caller_that_has_seen_enough_leaves_the_rest_unplayed_there_too(processors, tmp_path):
    def leave_a_trace(seed: int) -> int:
        (tmp_path / str(seed)).touch()
        return os.getpid()

    answers = fanned_out(leave_a_trace, range(200), processors)
    before = {next(answers) for _ in range(5)}
    answers.close()
    after = set(fanned_out(leave_a_trace, [1000, 1001, 1002, 1003], processors))
    assert after & before
    assert 5 <= len([path for path in tmp_path.iterdir() if int(path.name) < 1000]) <= 5 + AHEAD * 2


def test_a_player_that_is_killed_is_told_and_the_next_call_has_others(processors):
    answers = fanned_out(whereabouts, range(1000), processors)
    os.kill(next(answers)[1], signal.SIGKILL)
    with pytest.raises(Broken, match="a process of the Ray cluster that played episodes died"):
        list(answers)
    assert list(fanned_out(abs, [-1, -2], processors)) == [1, 2]


def test_what_is_raised_on_a_node_is_raised_here(processors):
    def refuse(seed: int) -> int:
        raise Broken(f"seed {seed} cannot be played")

    with pytest.raises(Broken, match="seed 4 cannot be played"):
        list(fanned_out(refuse, [4, 5], processors))


@pytest.mark.parametrize("differing", ["processor", "where", "judge"])
def test_a_node_of_another_kind_is_refused_before_it_plays(processors, monkeypatch, tmp_path, differing):
    monkeypatch.setattr(machine, differing, lambda: "another kind")
    with pytest.raises(Refused, match=r"may not play for this verdict: its .* here it is another kind"):
        list(fanned_out(lambda seed: (tmp_path / str(seed)).touch(), [1, 2], processors))
    assert not list(tmp_path.iterdir())
    monkeypatch.undo()
    assert list(fanned_out(abs, [-1, -2], processors)) == [1, 2]


def test_players_end_when_the_one_that_they_play_for_is_killed(nodes):
    command = [sys.executable, "-c", DRIVER, nodes.address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
        players = [Path("/proc", player) for player in run.stdout.readline().split()]
        assert all(player.exists() for player in players)
        run.kill()
    assert len(players) == 2
    until = time.monotonic() + 60
    while any(player.exists() for player in players) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(player.exists() for player in players)


@pytest.mark.parametrize(
    "address", ["head", "ray://head:10001", "head:0", "head:70000", "", ":6379", "head:x"]
)
def test_what_is_no_address_is_refused(patch, address):
    from alphaloop.simulation.cluster import cluster_at

    with pytest.raises(Misuse, match="give HOST:PORT"), cluster_at(address):
        pass


def test_a_cluster_that_is_not_there_is_told_within_seconds(patch, monkeypatch):
    from alphaloop.simulation import cluster

    monkeypatch.setattr(cluster, "REACH_S", 0.5)
    began = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = closed.getsockname()[1]
    with pytest.raises(Broken, match="no Ray cluster answers"), cluster.cluster_at(f"127.0.0.1:{nobody}"):
        pass
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(Broken, match="no Ray cluster answers"), cluster.cluster_at(address):
            pass
    assert time.monotonic() - began < 20


def test_what_is_no_ray_head_is_told(patch):
    from alphaloop.simulation.cluster import cluster_at

    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as peer:
        del peer
        command = (
            "import socket, sys; line, _ = socket.socket(fileno=0).accept(); line.sendall(b'SSH-2.0-x\\r\\n')"
        )
        with subprocess.Popen([sys.executable, "-c", command], stdin=server):
            address = f"127.0.0.1:{server.getsockname()[1]}"
            with pytest.raises(Broken, match="is no Ray head"), cluster_at(address):
                pass


def test_a_node_that_dies_in_the_middle_breaks_the_run_and_reorders_nothing(nodes, capsys):
    """The last test of this module: from here on the cluster has one node."""
    from alphaloop.simulation.cluster import cluster_at

    def slow(seed: int) -> int:
        time.sleep(0.1)
        return seed

    # Not the fixture: pytest gives standard output back between a test's fixtures and the test.
    with cluster_at(nodes.address) as processors:
        answers = fanned_out(slow, range(500), processors)
        met = [next(answers) for _ in range(4)]
        nodes.process.stdin.write("\n")
        nodes.process.stdin.flush()
        with pytest.raises(Broken, match="a process of the Ray cluster that played episodes died"):
            met.extend(answers)
        sys.stdout.write("an answer\n")
    assert met == list(range(len(met)))
    assert capsys.readouterr().out == "an answer\n"
