"""What a machine without walls gets: a refusal, and the unsafe backend when it asks for it by name."""

import re
import socket
from collections.abc import Callable
from contextlib import closing

import pytest

from alphaloop.contract import Quote, Trade
from alphaloop.errors import SandboxUnavailable, StrategyFault
from alphaloop.ports import Sandbox, Worker
from alphaloop.sandbox.allowance import Allowance
from alphaloop.sandbox.docker.backend import Docker
from alphaloop.sandbox.docker.words import IMAGE
from alphaloop.sandbox.inside import landlock, seccomp, walls
from alphaloop.sandbox.line import Line
from alphaloop.sandbox.lockdown import Lockdown
from alphaloop.sandbox.probe import probe
from alphaloop.sandbox.unsafe import Unsafe
from alphaloop.sandbox.worker import SocketWorker

Source = Callable[..., bytes]
BOOK = (1.0, 99.0, 101.0, 1.0, 1.0, 100.0, 0.0, 0.1, None, None, None)


def no_system(*_: object) -> int:
    raise OSError(38, "Function not implemented")


def test_without_landlock_lockdown_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "version", no_system)
    with pytest.raises(SandboxUnavailable, match=r"no Landlock \(Function not implemented"):
        Lockdown()


def test_without_seccomp_lockdown_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seccomp, "available", lambda: False)
    with pytest.raises(SandboxUnavailable, match="no seccomp"):
        Lockdown()


def test_on_another_system_lockdown_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    with pytest.raises(SandboxUnavailable, match="darwin is not Linux"):
        Lockdown()


def test_a_wall_that_cannot_be_put_up_ends_the_worker_before_the_strategy_runs(
    strategy: Source, sandbox: Lockdown | Docker
) -> None:
    nursery = sandbox._nursery(0)
    ours, theirs = socket.socketpair()
    with theirs:
        # There is no core of that number, so the worker fails while it locks itself in.
        pid = nursery.bear(theirs, 100_000, Allowance())
    worker = SocketWorker(Line(ours, Allowance(), lambda: None), lambda: str(nursery.end(pid)))
    with pytest.raises(SandboxUnavailable, match="could not be locked in"):
        worker.await_walls()


def test_a_worker_that_is_sent_home_leaves_and_is_not_killed_by_its_walls(
    strategy: Source, sandbox: Lockdown | Docker
) -> None:
    nursery = sandbox._nursery(0)
    ours, theirs = socket.socketpair()
    with theirs:
        pid = nursery.bear(theirs, -1, Allowance())
    codes: list[int] = []
    worker = SocketWorker(Line(ours, Allowance(), lambda: None), lambda: str(codes.append(nursery.end(pid))))
    worker.await_walls()
    worker.be_born(strategy("return []"))
    worker.close()
    assert codes == [0]


def test_a_kernel_that_takes_rules_and_ignores_them_is_found_out() -> None:
    with pytest.raises(OSError, match="can still be opened"):
        walls._must_not_open(walls.Path("/"))


def test_unsafe_speaks_the_same_and_is_tainted(strategy: Source) -> None:
    body = 'return [Quote("buy", float(len(self.seen)), 1.0)]'
    sandbox = Unsafe()
    with (
        closing(sandbox),
        closing(sandbox.start(strategy(body, "def on_trade(self, t): self.seen.append(t)"))) as worker,
    ):
        worker.on_trade(Trade("buy", 1.0, 1.0, 1.0))
        assert worker.on_book(BOOK) == [Quote("buy", 1.0, 1.0)]
    assert (sandbox.name, sandbox.tainted) == ("unsafe", True)


def test_unsafe_names_faults_and_ends_its_workers(strategy: Source) -> None:
    with closing(Unsafe(Allowance(step_s=0.3))) as sandbox:
        with pytest.raises(StrategyFault, match=r"strategy\.py:1: loading raised"):
            sandbox.start(b"1 / 0")
        worker = sandbox.start(strategy("while True: pass"))
        with pytest.raises(StrategyFault, match="no answer within"):
            worker.on_book(BOOK)
        sandbox.start(strategy("return []"))


def test_the_backends_are_what_the_port_asks_for() -> None:
    backends: list[type[Sandbox]] = [Lockdown, Docker, Unsafe]
    assert [each.tainted for each in backends] == [False, False, True]
    assert {name for name in vars(Worker) if not name.startswith("_")} == {
        "abandon",
        "close",
        "on_book",
        "on_fill",
        "on_timer",
        "on_trade",
        "spent_s",
        "watch",
    }


@pytest.mark.parametrize("field", ["step_s", "stall_s", "total_s", "memory_bytes"])
@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf")])
def test_an_allowance_that_bounds_nothing_is_refused(field: str, value: float) -> None:
    with pytest.raises(ValueError, match=field):
        Allowance(**{field: value})  # type: ignore[arg-type]


def test_the_probe_tries_what_it_says_works(lockdown: Lockdown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///none/docker.sock")
    facts = {fact.name: fact for fact in probe()}
    assert set(facts) == {"landlock", "seccomp", "pidfd", "cores", "lockdown", "docker"}
    assert facts["lockdown"].works
    assert not facts["docker"].works
    assert "none runs there: start it" in facts["docker"].words


def test_the_probe_makes_a_round_trip_in_docker(image: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(IMAGE, image)
    docker = {fact.name: fact for fact in probe()}["docker"]
    assert docker.works
    assert re.fullmatch(
        rf"engine \S+; docker@{image} with .*, python 3.*, numpy .*, as here; a step takes \d+ us",
        docker.words,
    )


def test_the_probe_says_what_to_do_for_an_image(image: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(IMAGE, raising=False)
    docker = {fact.name: fact for fact in probe()}["docker"]
    assert not docker.works
    assert docker.words.startswith("engine ")
    assert "Dockerfile" in docker.words
    assert IMAGE in docker.words


def test_the_probe_says_why_lockdown_does_not_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "version", no_system)
    facts = {fact.name: fact for fact in probe()}
    assert not facts["landlock"].works
    assert not facts["lockdown"].works
    assert "no Landlock" in facts["lockdown"].words
