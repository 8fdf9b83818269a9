"""The repository's own tests in the sandbox: failing holds, passing proves nothing, silence is no pass."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.errors import BadConfiguration, Misuse
from alphaloop.ports import Sandbox, TestRun
from alphaloop.sandbox import scratch
from alphaloop.sandbox.lockdown import Lockdown
from alphaloop.sandbox.report import Report, packed, unpacked
from alphaloop.sandbox.repository_tests import judged
from alphaloop.sandbox.unsafe import Unsafe
from alphaloop.sandbox.written_tests import written_tests

STRATEGY = b"""
from alphaloop.contract import Quote

class Strategy:
    def __init__(self, params):
        pass

    def on_book(self, book):
        return [Quote("buy", book.mid, 1.0)]
"""
HONEST = b"""
import numpy as np
import pytest
from alphaloop.contract import Book, Quote
from strategy import Strategy

BOOK = Book(1.0, 99.0, 101.0, 1.0, 1.0, 100.0, 0.0, 0.1)

@pytest.mark.parametrize("tries", [1, 2])
def test_it_quotes(tries):
    assert Strategy({}).on_book(BOOK) == [Quote("buy", 100.0, 1.0)]

class TestMore:
    def test_scratch(self, tmp_path, monkeypatch):
        (tmp_path / "x").write_text("1")
        assert (tmp_path / "x").read_text() == "1"

@pytest.mark.skip(reason="not today")
def test_skipped():
    pass

@pytest.mark.xfail
def test_expected_to_fail():
    assert False
"""


def run(sandbox: Sandbox, files: Mapping[str, str | bytes], seconds: float = 30.0) -> TestRun:
    return sandbox.run_tests(
        {path: text if isinstance(text, bytes) else text.encode() for path, text in files.items()}, seconds
    )


def test_honest_tests_pass_and_leave_nothing_behind(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    done = run(sandbox, {"strategy.py": STRATEGY, "tests/test_strategy.py": HONEST})
    assert (done.finished, done.passed, done.failed) == (True, 3, 0), done.words
    assert done.words.startswith("3 passed, 0 failed, 2 skipped of 5")
    assert list(tmp_path.iterdir()) == []


def test_a_failing_test_is_told_with_its_reason(sandbox: Sandbox) -> None:
    tests = "def test_a():\n    pass\n\ndef test_b():\n    assert 1 == 2, 'caf\\xe9'\n"
    broken = "import nothing_of_that_name\n\ndef test_c():\n    pass\n"
    done = run(sandbox, {"test_a.py": tests, "test_c.py": broken})
    assert (done.finished, done.passed, done.failed) == (True, 1, 2), done.words
    assert "test_a.py::test_b: AssertionError: caf?" in done.words
    assert "nothing_of_that_name" in done.words


def test_errors_around_a_test_are_failures(lockdown: Lockdown) -> None:
    tests = """
import pytest

@pytest.fixture
def before():
    raise ValueError("before")

@pytest.fixture
def after():
    yield
    raise ValueError("after")

def test_a(before): pass
def test_b(after): pass
"""
    done = run(lockdown, {"test_a.py": tests})
    assert (done.finished, done.passed, done.failed) == (True, 0, 2), done.words


ONE = "def test_one():\n    assert False\n"


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"conftest.py": "import os\nos._exit(0)"}, "exit code 0"),
        ({"conftest.py": "def pytest_sessionfinish():\n    import os\n    os._exit(0)"}, "exit code 0"),
        ({"conftest.py": "import sys\nsys.exit(0)"}, "exit code|counts that do not fit"),
        (
            {"conftest.py": "def pytest_configure():\n    import pytest\n    pytest.exit('done', 0)"},
            "do not fit|exit code",
        ),
        (
            {"conftest.py": "def pytest_collection_modifyitems(items):\n    items.clear()"},
            "only 0 were collected",
        ),
        ({"conftest.py": "def pytest_runtest_protocol(item):\n    return True"}, "do not fit"),
        ({"conftest.py": "import os, signal\nos.abort()"}, "killed by SIG"),
        ({"conftest.py": "while True: pass"}, "not finished within 2 s"),
        ({"conftest.py": "import time\ntime.sleep(60)"}, "not finished within 2 s"),
    ],
    ids=str,
)
def test_a_session_without_a_whole_report_is_not_finished(
    lockdown: Lockdown, files: dict[str, str], words: str
) -> None:
    seconds = 2.0 if "within" in words else 30.0
    done = run(lockdown, {"test_one.py": ONE, **files}, seconds)
    assert not done.finished
    assert (done.passed, done.failed) == (0, 0)
    assert any(word in done.words for word in words.split("|")), done.words


HOSTILE = """
import os, socket, subprocess, threading
import pytest
from pathlib import Path

ATTACKS = {
    "reads": lambda: Path(CANARY).read_text(),
    "lists": lambda: os.listdir("/"),
    "environ": lambda: Path("/proc/self/environ").read_text(),
    "parent": lambda: Path(f"/proc/{os.getppid()}/environ").read_text(),
    "writes": lambda: Path(CANARY).with_name("new").write_text("x"),
    "sources": lambda: Path("test_hostile.py").write_text("x"),
    "sources new": lambda: Path("new.py").write_text("x"),
    "judge": lambda: Path("../judge/pytest.ini").write_text("x"),
    "removes": lambda: os.unlink("strategy.py"),
    "renames": lambda: os.rename("strategy.py", "other.py"),
    "truncates": lambda: os.truncate("strategy.py", 0),
    "modes": lambda: os.chmod("strategy.py", 0),
    "times": lambda: os.utime("strategy.py", (0, 0)),
    "socket": lambda: socket.socket(),
    "pair": lambda: socket.socketpair(),
    "unix": lambda: socket.socket(socket.AF_UNIX),
    "program": lambda: subprocess.run(["/bin/true"]),
    "exec": lambda: os.execv("/bin/true", ["true"]),
    "fork": lambda: os.fork(),
    "thread": lambda: threading.Thread(target=print).start(),
    "kill": lambda: os.kill(os.getppid(), 9),
    "limits": lambda: __import__("resource").setrlimit(7, (99, 99)),
    "memory": lambda: bytearray(8 << 30),
    "device": lambda: os.mknod(os.environ["TMPDIR"] + "/x"),
    "home": lambda: Path(os.path.expanduser("~root")).joinpath(".ssh").iterdir().__next__(),
    "one file too large": lambda: Path(os.environ["TMPDIR"], "big").write_bytes(bytes(20 << 20)),
    "secret": lambda: [os.environ["ALPHALOOP_TEST_SECRET"]],
}

@pytest.mark.parametrize("name", ATTACKS)
def test_is_denied(name):
    with pytest.raises((OSError, RuntimeError, MemoryError, KeyError, StopIteration, ValueError)):
        ATTACKS[name]()
"""


def test_hostile_tests_reach_nothing(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALPHALOOP_TEST_SECRET", "canary")
    canary = tmp_path / "canary"
    canary.write_text("canary")
    tests = f"CANARY = {str(canary)!r}\n{HOSTILE}"
    done = run(sandbox, {"strategy.py": STRATEGY, "test_hostile.py": tests})
    assert (done.finished, done.failed) == (True, 0), done.words
    assert done.passed == HOSTILE.count("lambda:")
    assert [path.name for path in tmp_path.iterdir()] == ["canary"]


DEEP = """
    import os
    os.chdir(tmp_path)
    for n in range(100_000):
        os.mkdir("d" * 20)
        os.chdir("d" * 20)
"""


@pytest.mark.parametrize(
    "fill",
    [
        "    for n in range(1000):\n        (tmp_path / str(n)).write_bytes(bytes(8 << 20))\n",
        "    for n in range(10_000_000):\n        (tmp_path / str(n)).touch()\n",
        DEEP,
    ],
    ids=["bytes", "files", "depth"],
)
def test_tests_that_fill_the_disk_are_stopped_and_swept_up(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fill: str
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(scratch, "MAX_BYTES", 24 << 20)
    seconds = 20.0 if sandbox.name == "lockdown" else 3.0
    done = run(sandbox, {"test_fill.py": f"def test_fill(tmp_path):\n{fill}    while True: pass\n"}, seconds)
    if sandbox.name == "lockdown":
        assert not done.finished
        assert "were stopped" in done.words
    else:
        # There the disk is a small one of their own, and what does not fit fails.
        assert not done.finished or (done.failed == 1 and "No space left" in done.words)
    assert done.passed == 0
    assert list(tmp_path.iterdir()) == []


def test_a_repository_without_tests_has_passed_none(lockdown: Lockdown) -> None:
    assert run(lockdown, {"strategy.py": STRATEGY}) == TestRun(True, 0, 0, "there are no tests")


def test_our_configuration_rules_not_the_repositorys(sandbox: Sandbox) -> None:
    files = {
        "test_one.py": ONE,
        "pytest.ini": "[pytest]\naddopts = --deselect test_one.py::test_one\n",
        "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '--co'\n",
        "tox.ini": "[pytest]\naddopts = --co\n",
        "conftest.py": "collect_ignore = ['test_one.py']\n",
    }
    done = run(sandbox, files)
    assert (done.finished, done.failed) == (True, 1), done.words


@pytest.mark.parametrize(
    "path", ["../test_x.py", "/tmp/test_x.py", "a/../../test_x.py", "test_x.py/../../test_y.py"]
)
def test_a_path_that_leads_outside_is_refused(lockdown: Lockdown, path: str) -> None:
    with pytest.raises(BadConfiguration, match="no path inside a repository"):
        run(lockdown, {path: ONE})


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan"), float("inf")])
def test_a_time_that_is_none_is_refused(lockdown: Lockdown, seconds: float) -> None:
    with pytest.raises(Misuse, match="seconds"):
        run(lockdown, {"test_one.py": ONE}, seconds)


def test_without_walls_the_same_tests_run_too() -> None:
    done = Unsafe().run_tests({"strategy.py": STRATEGY, "tests/test_strategy.py": HONEST}, 30.0)
    assert (done.finished, done.passed, done.failed) == (True, 3, 0), done.words


@given(st.binary(max_size=120))
def test_no_bytes_but_a_report_are_ever_taken_for_one(message: bytes) -> None:
    report = unpacked(message)
    assert report is None or packed(report)[:24] == message[:24]


@given(*[st.integers(0, 5)] * 5, st.integers(-15, 6))
def test_a_session_is_never_finished_unless_counts_code_and_text_agree(
    collected: int, passed: int, failed: int, skipped: int, expected: int, code: int
) -> None:
    done = judged(Report(collected, passed, failed, skipped, ""), code, expected)
    if done.finished and not done.failed:
        assert passed + skipped == collected >= expected
        assert code == (0 if collected else 5)
    if done.finished and done.failed:
        assert code == 1


def test_tests_are_counted_as_pytest_would_collect_them() -> None:
    source = b"""
def test_a(): pass
def test_a(): pass
async def test_b(): pass
def helper(): pass
class TestC:
    def test_d(self): pass
    def helper(self): pass
class TestWithConstructor:
    def __init__(self): pass
    def test_e(self): pass
class TestNot:
    __test__ = False
    def test_f(self): pass
class Other:
    def test_g(self): pass
"""
    assert written_tests(source) == 3
    assert written_tests(b"def (") == 0
    assert written_tests(b"\0") == 0


def test_a_runner_that_outlives_its_time_is_gone_at_once(lockdown: Lockdown) -> None:
    assert not run(lockdown, {"test_a.py": "while True: pass"}, 1.0).finished
    assert not [child for child in children() if b"run_pytest" in text_of(child / "cmdline")]


def children() -> list[Path]:
    """This process's own: others on the machine may be running tests of theirs."""
    parent = f"PPid:\t{os.getpid()}\n".encode()
    return [folder for folder in Path("/proc").glob("[0-9]*") if parent in text_of(folder / "status")]


def text_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
