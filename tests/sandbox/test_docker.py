"""What only containers have: an engine that fails, an image that is another, and what is left behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler
from io import BytesIO
from pathlib import Path
from socketserver import UnixStreamServer
from tarfile import TarFile, TarInfo
from typing import Any

import docker
import pytest

from alphaloop.contract import Quote
from alphaloop.errors import Broken, Misuse, SandboxUnavailable, StrategyFault
from alphaloop.sandbox.allowance import Allowance
from alphaloop.sandbox.docker import container as containers
from alphaloop.sandbox.docker import engine as engines
from alphaloop.sandbox.docker.backend import MOST_WORKERS, Docker
from alphaloop.sandbox.docker.image import image_here, image_id
from alphaloop.sandbox.docker.meeting import Meeting, meeting
from alphaloop.sandbox.docker.orphans import LABEL, PREFIX, parent, sweep
from alphaloop.sandbox.docker.program import program
from alphaloop.sandbox.docker.words import IMAGE, cause
from alphaloop.simulation.isolation import sandbox_named

Source = Callable[..., bytes]
BOOK = (1.0, 99.0, 101.0, 1.0, 1.0, 100.0, 0.0, 0.1, None, None, None)
NOBODY = "sha256:" + "0" * 64


@pytest.fixture
def api(image: str) -> Iterator[docker.APIClient]:
    """The engine itself, to look at what the sandbox asks of it."""
    client = docker.from_env(timeout=30).api
    yield client
    client.close()


def ours(api: docker.APIClient, pid: int | None = None) -> set[str]:
    """The containers of this process, or of another, running or not."""
    here = f"{parent().rsplit('-', 2)[0]}-{pid or os.getpid()}-"
    found = api.containers(all=True, filters={"label": LABEL})
    return {each["Id"] for each in found if str(each["Labels"][LABEL]).startswith(here)}


def test_its_name_says_which_image_and_its_evidence_may_merge(contained: Docker, image: str) -> None:
    assert contained.name == f"docker@{image}"
    assert not contained.tainted


def test_the_environment_names_the_image_and_one_image_has_one_sandbox(
    image: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(IMAGE, image)
    with closing(sandbox_named("docker")) as found:
        assert found.name == f"docker@{image}"
        assert sandbox_named(found.name) is found


def test_without_a_named_image_docker_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(IMAGE, raising=False)
    with pytest.raises(SandboxUnavailable, match=f"no image is named.*{IMAGE}"):
        sandbox_named("docker")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "alphaloop",
        "alphaloop:latest",
        "sha256:abc",
        NOBODY[7:],
        f"{NOBODY}\n",
        f"alphaloop@{NOBODY.upper()}",
        "x@sha512:" + "0" * 64,
        f"--help@{NOBODY}",
    ],
)
def test_an_image_that_could_be_another_tomorrow_is_refused(contained: Docker, name: str) -> None:
    with pytest.raises(Misuse, match="by its digest"):
        Docker(name)


@pytest.mark.parametrize("name", [NOBODY, f"alphaloop@{NOBODY}", f"docker.io/library/python:3@{NOBODY}"])
def test_an_image_that_is_not_there_is_never_pulled(contained: Docker, name: str) -> None:
    with pytest.raises(SandboxUnavailable, match=r"has no image .*Dockerfile"):
        Docker(name)


def test_a_base_without_our_program_is_refused_and_removed(api: docker.APIClient) -> None:
    before = ours(api)
    base = api.inspect_image("alphaloop-base:running-python")["Id"]
    with closing(Docker(base)) as sandbox, pytest.raises(SandboxUnavailable, match="ended before it called"):
        sandbox.start(b"")
    assert ours(api) == before


def test_an_image_with_another_alphaloop_is_refused(image: str, api: docker.APIClient) -> None:
    other = changed(api, image, "opt/alphaloop/alphaloop/contract.py", b"Quote = None\n")
    try:
        with closing(Docker(other)) as sandbox, pytest.raises(SandboxUnavailable, match="another AlphaLoop"):
            sandbox.start(b"")
    finally:
        api.remove_image(other, noprune=True)


def changed(api: docker.APIClient, image: str, path: str, content: bytes) -> str:
    """An image that differs in one file."""
    made = api.create_container(image, ["true"])["Id"]
    packed = BytesIO()
    with TarFile(fileobj=packed, mode="w") as tar:
        member = TarInfo(path)
        member.size, member.mode = len(content), 0o644
        tar.addfile(member, BytesIO(content))
    api.put_archive(made, "/", packed.getvalue())
    committed: str = api.commit(made)["Id"]
    api.remove_container(made)
    return committed


# --- The walls of the container, without those that the workers put up themselves.

BREAKOUTS = {
    "opens a socket of AF_INET": "import socket; socket.socket(socket.AF_INET)",
    "opens a socket of AF_INET6": "import socket; socket.socket(socket.AF_INET6)",
    "opens a socket of AF_NETLINK": "import socket; socket.socket(socket.AF_NETLINK, 3)",
    "opens a socket of AF_VSOCK": "import socket; socket.socket(socket.AF_VSOCK)",
    "opens a socket of AF_ALG": "import socket; socket.socket(socket.AF_ALG, 5)",
    "opens a socket of AF_PACKET": "import socket; socket.socket(socket.AF_PACKET, 3)",
    "asks io_uring": "call(425, 8, 0)",
    "asks the keyring": "call({'x86_64': 250}.get(os.uname().machine, 219), 0, 0)",
    "loads a BPF program": "call({'x86_64': 321}.get(os.uname().machine, 280), 0, 0, 0)",
    "makes a namespace": "call({'x86_64': 272}.get(os.uname().machine, 97), 0x10000000)",
    "forks apart": "call({'x86_64': 56}.get(os.uname().machine, 220), 0x10000000 | 17, 0, 0, 0, 0)",
    "traces": "call({'x86_64': 101}.get(os.uname().machine, 117), 16, 1, 0, 0)",
    "mounts": "call({'x86_64': 165}.get(os.uname().machine, 40), 0, 0, 0, 0, 0)",
    "watches performance": "call({'x86_64': 298}.get(os.uname().machine, 241), 0, 0, -1, -1, 0)",
    "handles page faults": "call({'x86_64': 323}.get(os.uname().machine, 282), 0)",
    "writes to the root": "open('/x', 'w')",
    "writes to the program": "open('/opt/alphaloop/alphaloop/contract.py', 'a')",
    "writes to tmp": "open('/tmp/x', 'w')",
    "writes to shared memory": "open('/dev/shm/x', 'w')",
    "reads a secret": "open('/etc/shadow').read()",
    "reads the kernel's memory": "open('/proc/kcore', 'rb').read(1)",
    "turns a knob of the kernel": "open('/proc/sys/kernel/core_pattern', 'w')",
    "finds the engine": "open('/var/run/docker.sock')",
    "has a way out": "[name for _, name in socket.if_nameindex() if name != 'lo'][0]",
    "becomes root": "os.setuid(0)",
    "bombs with forks": "while True:\n        os.fork() or time.sleep(30)",
}
PROBE = """
import ctypes, os, socket, time
libc = ctypes.CDLL(None, use_errno=True)

def call(*numbers):
    if libc.syscall(*map(ctypes.c_long, numbers)) == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

for name, attack in ATTACKS.items():
    try:
        exec(attack)
    except (OSError, IndexError) as error:
        print("denied", name, type(error).__name__)
    else:
        print("LET THROUGH", name)
"""


def inside(api: docker.APIClient, made: str, program_text: str) -> tuple[str, int]:
    """What a program says that runs in a container beside the nursery, and its exit code."""
    asked = api.exec_create(made, ["python3", "-c", program_text])["Id"]
    said: bytes = api.exec_start(asked)
    return said.decode(), api.exec_inspect(asked)["ExitCode"]


def test_the_container_alone_holds_what_breaks_out_of_a_worker(
    image: str, api: docker.APIClient, strategy: Source
) -> None:
    before = ours(api)
    with closing(Docker(image)) as sandbox, closing(sandbox.start(strategy("return []"))) as worker:
        (made,) = ours(api) - before
        said, _ = inside(api, made, f"ATTACKS = {BREAKOUTS!r}\n{PROBE}")
        assert [line for line in said.splitlines() if not line.startswith("denied")] == []
        assert {name for name in BREAKOUTS if f"denied {name} " not in said} == set()
        assert worker.on_book(BOOK) == []


def test_memory_beyond_the_containers_ends_whoever_takes_it(
    image: str, api: docker.APIClient, strategy: Source
) -> None:
    before = ours(api)
    small = Allowance(memory_bytes=16 << 20)
    with (
        closing(Docker(image, allowance=small)) as sandbox,
        closing(sandbox.start(strategy("return []"))) as worker,
    ):
        (made,) = ours(api) - before
        _, code = inside(api, made, "x = b'1' * (1 << 30)")
        assert code == 137
        assert worker.on_book(BOOK) == []


def test_a_container_is_as_narrow_as_the_engine_can_make_it(
    image: str, api: docker.APIClient, strategy: Source
) -> None:
    before = ours(api)
    with closing(Docker(image)) as sandbox, closing(sandbox.start(strategy("return []"))):
        (made,) = ours(api) - before
        facts = api.inspect_container(made)
    host = facts["HostConfig"]
    assert facts["Config"]["User"] == "65532:65532"
    assert facts["NetworkSettings"]["Networks"].keys() <= {"none"}
    assert (host["NetworkMode"], host["IpcMode"], host["ReadonlyRootfs"]) == ("none", "none", True)
    assert (host["CapDrop"], host["CapAdd"], host["Privileged"]) == (["ALL"], None, False)
    assert (host["PidsLimit"], host["NanoCpus"], host["AutoRemove"]) == (64, 10**9, True)
    assert host["Memory"] == (256 << 20) + MOST_WORKERS * (1 << 30)
    assert [mount["RW"] for mount in facts["Mounts"]] == [False]
    assert "no-new-privileges:true" in host["SecurityOpt"]


def test_no_proxy_of_this_machine_reaches_the_container(
    image: str, api: docker.APIClient, strategy: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"proxies": {"default": {"httpProxy": "http://user:canary@example.org"}}}
    (tmp_path / "config.json").write_text(json.dumps(settings))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    before = ours(api)
    with closing(Docker(image)) as sandbox, closing(sandbox.start(strategy("return []"))):
        (made,) = ours(api) - before
        assert "canary" not in json.dumps(api.inspect_container(made))


# --- An engine that fails.


def test_an_engine_that_does_not_run_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    with pytest.raises(SandboxUnavailable, match=r"Docker engine.*none runs there: start it"):
        Docker(NOBODY)


@pytest.mark.parametrize(
    "host", ["tcp://127.0.0.1:2375", "ssh://root@example.org", "http://x", "/run/docker.sock"]
)
def test_an_engine_that_may_be_elsewhere_is_refused(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("DOCKER_HOST", host)
    with pytest.raises(SandboxUnavailable, match="may be another machine"):
        Docker(NOBODY)


def test_an_engine_that_refuses_us_is_told_from_one_that_is_not_there() -> None:
    outer = docker.errors.DockerException("Error while fetching server API version")
    outer.__cause__ = ConnectionError("Connection aborted.", PermissionError(13, "Permission denied"))
    assert "join the group docker" in cause(outer)
    assert "none runs there" in cause(ConnectionError("x", ConnectionRefusedError(111, "refused")))
    assert "does not answer" in cause(TimeoutError("timed out"))


@contextmanager
def impostor(place: Path, answers: dict[str, Any]) -> Iterator[str]:
    """Somebody at the engine's address who answers by the end of a path; 500 to everything else."""

    class Answering(BaseHTTPRequestHandler):
        def address_string(self) -> str:
            return "test"

        def log_message(self, *_: object) -> None:
            return

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._answer()

        def _answer(self) -> None:
            path = self.path.partition("?")[0]
            found = next((answers[each] for each in answers if path.endswith(each)), None)
            body = json.dumps(found if found is not None else {"message": "the disk is full"}).encode()
            self.send_response(200 if found is not None else 500)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with UnixStreamServer(str(place), Answering) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield f"unix://{place}"
        finally:
            server.shutdown()
            serving.join()


VERSION = {"/version": {"ApiVersion": "1.41", "Version": "20.10.24"}}


def test_an_engine_that_takes_another_image_for_ours_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = "sha256:" + "1" * 64
    for name, known in ((NOBODY, [f"x@{NOBODY}"]), (f"x@{NOBODY}", [f"x@{other}"]), (f"x@{NOBODY}", None)):
        facts = {"Id": other, "RepoDigests": known}
        with impostor(tmp_path / "sock", {**VERSION, "/json": facts}) as host:
            monkeypatch.setenv("DOCKER_HOST", host)
            with pytest.raises(SandboxUnavailable, match="which it is not"):
                Docker(name)
        (tmp_path / "sock").unlink()


def test_an_image_named_by_its_digest_in_a_registry_is_known_by_its_id(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    here = "sha256:" + "1" * 64
    with impostor(
        tmp_path / "sock", {**VERSION, "/json": {"Id": here, "RepoDigests": [f"x@{NOBODY}"]}}
    ) as host:
        monkeypatch.setenv("DOCKER_HOST", host)
        monkeypatch.setenv(IMAGE, f"x@{NOBODY}")
        assert image_here() == here
        with closing(engines.Engine()) as engine:
            assert image_id(engine, f"x@{NOBODY}") == here


def test_what_an_engine_answers_is_told_and_what_it_cannot_limit_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    known = {**VERSION, f"{NOBODY}/json": {"Id": NOBODY}, "containers/json": [], "/info": {}}
    with impostor(tmp_path / "full", known) as host:
        monkeypatch.setenv("DOCKER_HOST", host)
        full = pytest.raises(SandboxUnavailable, match="could not make a container: the disk is full")
        with closing(Docker(NOBODY)) as sandbox, full:
            sandbox.start(b"")
    warned = {"Id": "abc", "Warnings": ["Your kernel does not support memory limit capabilities"]}
    with impostor(tmp_path / "weak", {**known, "/create": warned}) as host:
        monkeypatch.setenv("DOCKER_HOST", host)
        weak = pytest.raises(
            SandboxUnavailable, match="cannot isolate here: Your kernel does not support memory"
        )
        with closing(Docker(NOBODY)) as sandbox, weak as refused:
            sandbox.start(b"")
    assert "could not remove a container" in refused.value.__notes__[0]


def test_an_engine_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(engines, "_PATIENCE_S", 0.2)
    with socket.socket(socket.AF_UNIX) as mute:
        mute.bind(str(tmp_path / "sock"))
        mute.listen()
        monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/sock")
        with pytest.raises(SandboxUnavailable, match="engine could not be reached"):
            Docker(NOBODY)


def test_a_container_that_the_engine_made_wider_is_refused(
    image: str, api: docker.APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, honest = ours(api), engines.Engine.container

    def wider(engine: engines.Engine, made: str) -> engines.Facts | None:
        facts = honest(engine, made)
        return facts and {**facts, "HostConfig": {**facts["HostConfig"], "PidsLimit": None}}

    monkeypatch.setattr(engines.Engine, "container", wider)
    with closing(Docker(image)) as sandbox, pytest.raises(SandboxUnavailable, match="did not set PidsLimit"):
        sandbox.start(b"")
    assert ours(api) == before


def test_a_stranger_who_calls_first_is_found_out(
    image: str, api: docker.APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ours(api)

    @contextmanager
    def watched() -> Iterator[Meeting]:
        with meeting() as place, socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as thief:
            thief.connect(str(place.folder / "line"))
            yield place

    monkeypatch.setattr(containers, "meeting", watched)
    with (
        closing(Docker(image)) as sandbox,
        pytest.raises(SandboxUnavailable, match="not the container's own"),
    ):
        sandbox.start(b"")
    assert ours(api) == before


# --- The life of a container.


def test_a_killed_container_is_the_platforms_fault_and_the_next_start_makes_another(
    image: str, api: docker.APIClient, strategy: Source
) -> None:
    before = ours(api)
    with closing(Docker(image)) as sandbox:
        worker = sandbox.start(strategy("return []"))
        (made,) = ours(api) - before
        api.kill(made)
        with pytest.raises(Broken, match="nursery ended"):
            worker.on_book(BOOK)
        with closing(sandbox.start(strategy("return []"))) as another:
            assert another.on_book(BOOK) == []
    assert ours(api) == before


def test_a_warm_container_serves_every_worker_and_closing_leaves_nothing(
    image: str, api: docker.APIClient, strategy: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = ours(api)
    sandbox = Docker(image)
    for _ in range(3):
        with closing(sandbox.start(strategy("return []"))) as worker:
            assert worker.on_book(BOOK) == []
    assert len(ours(api) - before) == 1
    with closing(sandbox.start(strategy("return []"), hash_seed=7)):
        assert len(ours(api) - before) == 2
    assert list(tmp_path.iterdir()) == []
    sandbox.close()
    assert ours(api) == before
    with closing(sandbox), closing(sandbox.start(strategy("return []"))) as worker:
        assert worker.on_book(BOOK) == []


def test_more_workers_than_its_memory_is_for_are_refused(contained: Docker, strategy: Source) -> None:
    workers = [contained.start(strategy("return []")) for _ in range(MOST_WORKERS)]
    with pytest.raises(Misuse, match="at once"):
        contained.start(strategy("return []"))
    for worker in workers:
        worker.close()


def test_a_worker_that_had_no_time_to_work_is_not_at_fault(contained: Docker, strategy: Source) -> None:
    """Whether it worked is asked of its own clock, found from outside of the container."""
    late = pytest.raises(StrategyFault, match=r"no answer within (0\.3|1\.5) s")
    with closing(contained.start(strategy("while True: pass"))) as worker, late:
        worker.on_book(BOOK)
    nursery = contained._nursery(0)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        pid = nursery.bear(theirs, -1, Allowance())
        assert nursery.cpu_s(pid) is not None
        assert nursery.cpu_s(pid + 1) is None
        nursery.end(pid)
        assert nursery.cpu_s(pid) is None


CHILD = """
import sys, time
from alphaloop.sandbox.docker.backend import Docker
worker = Docker(sys.argv[1]).start(b"class Strategy:\\n    def on_book(self, book):\\n        return []\\n")
print("up", flush=True)
time.sleep(600)
"""


def test_containers_end_when_their_parent_is_killed(image: str, api: docker.APIClient) -> None:
    with subprocess.Popen([sys.executable, "-c", CHILD, image], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"up\n"
        assert len(ours(api, child.pid)) == 1
        child.send_signal(signal.SIGKILL)
    until(lambda: ours(api, child.pid) == set())


def test_what_a_killed_parent_never_started_is_swept_up_by_the_next(
    image: str, api: docker.APIClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    boot, space, user, pid, began = parent().split("-")
    names = {
        "ended": f"{boot}-{space}-{user}-{pid}-1",
        "earlier boot": f"0-{space}-{user}-{pid}-{began}",
        "running": parent(),
        "another user's": f"{boot}-{space}-{user}1-{pid}-1",
        "another namespace's": f"{boot}-{space}1-{user}-{pid}-1",
        "no name": "x",
    }
    made = {}
    for what, name in names.items():
        made[what] = api.create_container(image, ["true"], labels={LABEL: name})["Id"]
        (tmp_path / f"{PREFIX}{name}-abc").mkdir()
    with closing(engines.Engine()) as engine:
        assert sweep(engine) == 2
    there = {each["Id"] for each in api.containers(all=True, filters={"label": LABEL})}
    kept = {"running", "another user's", "another namespace's", "no name"}
    assert {what for what in made if made[what] in there} == kept
    assert {path.name for path in tmp_path.iterdir()} == {f"{PREFIX}{names[what]}-abc" for what in kept}
    for what in kept:
        api.remove_container(made[what])


def test_a_forked_copy_has_containers_of_its_own(image: str, api: docker.APIClient, strategy: Source) -> None:
    before = ours(api)
    with closing(Docker(image)) as sandbox, closing(sandbox.start(strategy("return []"))) as worker:
        copy = os.fork()
        if copy == 0:
            code = 1
            try:
                with closing(sandbox), closing(sandbox.start(strategy("return []"))) as own:
                    code = len(own.on_book(BOOK)) + (len(ours(api)) != 1)
            finally:
                os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1]) == 0
        assert worker.on_book(BOOK) == []
    assert ours(api) == before


def test_a_session_of_tests_that_lies_or_hangs_is_not_finished(
    contained: Docker, api: docker.APIClient
) -> None:
    before = ours(api)
    one = b"def test_one():\n    assert False\n"
    gone = contained.run_tests({"test_one.py": one, "conftest.py": b"import os\nos._exit(0)"}, 30.0)
    assert (gone.finished, gone.passed) == (False, 0)
    assert "exit code 0" in gone.words
    hung = contained.run_tests({"test_one.py": one, "conftest.py": b"while True: pass"}, 1.0)
    assert (hung.finished, "within 1 s" in hung.words) == (False, True)
    killed = contained.run_tests({"test_one.py": one, "conftest.py": b"import os\nos.abort()"}, 30.0)
    assert "killed by SIG" in killed.words
    assert ours(api) == before


def test_both_sides_are_one_program(contained: Docker, strategy: Source) -> None:
    with closing(contained.start(strategy('return [Quote("buy", 1.0, 1.0)]'))) as worker:
        assert worker.on_book(BOOK) == [Quote("buy", 1.0, 1.0)]
    assert contained.libraries == program().libraries


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, "it does not come to pass"
        time.sleep(0.05)
