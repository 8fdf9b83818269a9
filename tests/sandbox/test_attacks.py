"""Hostile strategies.  The static stage stops most of these; here it is assumed to have been gone around."""

import os
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from textwrap import dedent, indent

import pytest

from alphaloop.contract import Quote
from alphaloop.errors import StrategyFault
from alphaloop.ports import Sandbox, Worker

Source = Callable[..., bytes]
BOOK = (1.0, 99.0, 101.0, 1.0, 1.0, 100.0, 0.0, 0.1, None, None, None)
SECRET = "canary-3f1d"

EITHER = "no answer|raised"
"""For what may be too slow to be denied in time: the answer, or this fault."""

DENIED = [Quote("buy", 1.0, 1.0)]
"""What an attack answers that failed with an exception; one that succeeds answers 2."""

SYSCALL = "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"

KEYCTL, BPF = {"x86_64": (250, 321)}.get(os.uname().machine, (219, 280))

# What is denied goes on, what kills ends the worker: (name, code, how the fault reads, or "" for denied).
ATTACKS = [
    ("opens a host file", "open(CANARY).read()", ""),
    ("opens /etc/passwd", "open('/etc/passwd').read()", ""),
    ("opens with os", "import os; os.open('/', os.O_RDONLY)", ""),
    ("lists a folder", "import os; os.listdir('/')", ""),
    ("looks whether a file is there", "import os; os.stat('/etc/passwd')", ""),
    ("reads a link", "import os; os.readlink('/proc/self/exe')", ""),
    ("reads its environment", "open('/proc/self/environ').read()", ""),
    ("reads the parent's memory", "open(f'/proc/{PARENT}/mem', 'rb').read(1)", ""),
    ("writes a file", "open(TARGET, 'w').write('x')", ""),
    (
        "finds a secret in the environment",
        f"import os; assert any('{SECRET}' in v for v in os.environ.values())",
        "",
    ),
    ("imports what was not preloaded", "import sqlite3", ""),
    ("asks for random bytes", "import os; os.urandom(8)", ""),
    ("sleeps", "import time; time.sleep(60)", ""),
    ("raises its own limits", "import resource as r; r.setrlimit(r.RLIMIT_NOFILE, (9, 9))", ""),
    ("writes on the socket", "import os; os.write(3, b'x' * 32)", ""),
    ("reads another descriptor", "import os; [os.read(n, 1) for n in (0, 1, 2, 4, 5, 6, 7, 8)]", ""),
    ("removes a file", "import os; os.unlink(CANARY)", "SIGSYS"),
    ("makes a folder", "import os; os.mkdir(TARGET)", "SIGSYS"),
    ("truncates a file", "import os; os.truncate(CANARY, 0)", "SIGSYS"),
    ("changes a mode", "import os; os.chmod(CANARY, 0o777)", "SIGSYS"),
    ("forks", "import os; os.fork()", "SIGSYS"),
    ("bombs with forks", "import os\nwhile True: os.fork()", "SIGSYS"),
    ("starts a thread", "import _thread; _thread.start_new_thread(print, ())", "SIGSYS"),
    ("becomes another program", "import os; os.execv('/bin/sh', ['sh', '-c', 'true'])", "SIGSYS"),
    ("kills the parent", "import os; os.kill(PARENT, 9)", "SIGSYS"),
    ("kills the nursery", "import os; os.kill(os.getppid(), 9)", "SIGSYS"),
    ("kills everything", "import os; os.kill(-1, 9)", "SIGSYS"),
    ("makes a pipe", "import os; os.pipe()", "SIGSYS"),
    ("opens a memory file", "import os; os.memfd_create('x')", "SIGSYS"),
    ("leaves with exit code 0", "import os; os._exit(0)", "left without an answer, with exit code 0"),
    ("aborts", "import os; os.abort()", "killed by SIG"),
    ("crashes the interpreter", "import ctypes; ctypes.string_at(0)", "SIGSEGV"),
    ("goes round for ever", "while True: pass", "no answer within"),
    ("never ends one multiplication", "x = 7 ** (10 ** 10)", "no answer within"),
    (
        "catches everything for ever",
        "while True:\n    try: 1 / 0\n    except BaseException: pass",
        "no answer within",
    ),
    ("eats eight gigabytes", "x = bytearray(8 << 30)", ""),
    ("eats memory in pieces", "x = []\nwhile True: x.append(bytearray(1 << 24))", EITHER),
    ("exits", "raise SystemExit(0)", "on_book raised SystemExit"),
    ("interrupts", "raise KeyboardInterrupt", "on_book raised KeyboardInterrupt"),
    ("recurses", "f = lambda: f()\nf()", ""),
    (
        "recurses without a limit",
        "import sys; sys.setrecursionlimit(10 ** 9)\nf = lambda n: repr([f(n + 1)])\nf(0)",
        "died|raised|no answer",
    ),
    ("makes memory executable", SYSCALL + "libc.mmap(None, 4096, 7, 0x22, -1, 0)", "SIGSYS"),
    ("asks io_uring", SYSCALL + "libc.syscall(425, 8, None)", "SIGSYS"),
    ("traces the parent", SYSCALL + "libc.ptrace(16, PARENT, 0, 0)", "SIGSYS"),
    ("traces itself", SYSCALL + "libc.ptrace(0, 0, 0, 0)", "SIGSYS"),
    (
        "reads the parent's memory by call",
        SYSCALL + "libc.process_vm_readv(PARENT, None, 0, None, 0, 0)",
        "SIGSYS",
    ),
    ("makes a namespace", SYSCALL + "libc.unshare(0x10000000)", "SIGSYS"),
    ("mounts", SYSCALL + "libc.mount(b'none', b'/', b'tmpfs', 0, None)", "SIGSYS"),
    ("asks the keyring", SYSCALL + f"libc.syscall({KEYCTL}, 0, 0)", "SIGSYS"),
    ("loads a BPF program", SYSCALL + f"libc.syscall({BPF}, 0, None, 0)", "SIGSYS"),
    ("becomes dumpable again", SYSCALL + "libc.prctl(4, 1, 0, 0, 0)", "SIGSYS"),
    ("changes the clock", SYSCALL + "libc.clock_settime(0, b'\\0' * 16)", "SIGSYS"),
    ("gets a socket passed on", "import _socket; LINE.recvmsg(1, 64)", "SIGSYS"),
    ("sends out-of-band bytes", "LINE.send(b'x', 1)", "SIGSYS"),
    ("peeks with flags", "LINE.recv(1, 2)", "SIGSYS"),
]
FAMILIES = [
    name
    for name in (
        "AF_UNIX",
        "AF_INET",
        "AF_INET6",
        "AF_NETLINK",
        "AF_VSOCK",
        "AF_PACKET",
        "AF_ALG",
        "AF_CAN",
        "AF_BLUETOOTH",
        "AF_TIPC",
    )
    if hasattr(socket, name)
]
ATTACKS += [
    (f"opens a socket of {name}", f"import socket; socket.socket(socket.{name}, 2)", "SIGSYS")
    for name in FAMILIES
]

TEMPLATE = """
from alphaloop.contract import Quote

PARENT, CANARY, TARGET = {parent}, {canary!r}, {target!r}


def line():
    import gc, socket
    return next(item for item in gc.get_objects() if isinstance(item, socket.socket) and item.fileno() == 3)


class Strategy:
    def __init__(self, params):
        self.line = line()

    def on_book(self, book):
        LINE = self.line
        try:
{attack}
        except Exception:
            return [Quote("buy", 1.0, 1.0)]
        return [Quote("buy", 2.0, 1.0)]
"""


@pytest.fixture
def canary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A secret in a file and in the environment, which nothing may read, change or remove."""
    monkeypatch.setenv("ALPHALOOP_TEST_SECRET", SECRET)
    place = tmp_path / "canary"
    place.write_text(SECRET)
    place.chmod(0o600)
    yield place
    assert place.read_text() == SECRET
    assert place.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["canary"]


@pytest.mark.parametrize(("attack", "how"), [pytest.param(*rest, id=name) for name, *rest in ATTACKS])
def test_a_strategy_that_attacks_is_denied_or_at_fault(
    sandbox: Sandbox, canary: Path, attack: str, how: str
) -> None:
    fields = {"parent": os.getpid(), "canary": str(canary), "target": str(canary.with_name("target"))}
    source = TEMPLATE.format(attack=indent(dedent(attack), " " * 12), **fields).encode()
    with closing(sandbox.start(source)) as worker:
        if how == EITHER:
            heard = fault_or_answer(worker)
            assert heard == DENIED or re.search(how, str(heard))
        elif how:
            with pytest.raises(StrategyFault, match=how) as fault:
                worker.on_book(BOOK)
            assert SECRET not in str(fault.value)
        else:
            assert worker.on_book(BOOK) == DENIED


def fault_or_answer(worker: Worker) -> str | list[Quote]:
    try:
        return worker.on_book(BOOK)
    except StrategyFault as fault:
        return str(fault)


LOADING = [
    ("no python", b"def (:", r"strategy\.py:1: loading raised SyntaxError"),
    ("not UTF-8", b"x = '\xff'", "loading raised UnicodeDecodeError"),
    ("another coding", b"# coding: latin-1\nx = '\xe4'", "UnicodeDecodeError"),
    ("zero bytes", b"x = 1\0", "loading raised"),
    ("raises when loaded", b"\n\n1 / 0\n", r"strategy\.py:3: loading raised ZeroDivisionError"),
    (
        "raises when made",
        b"class Strategy:\n  def __init__(self, p):\n    p['x']",
        r":3: loading raised KeyError: 'x'",
    ),
    ("no class", b"x = 1", "defines no class Strategy"),
    ("no on_book", b"class Strategy:\n  def __init__(self, p): pass", "has no method on_book"),
    ("params no dict", b"PARAMS = [1]\nclass Strategy: pass", "PARAMS is a list"),
    ("hangs when loaded", b"while True: pass", "no answer within"),
    ("exits when loaded", b"import os; os._exit(3)", "exit code 3"),
    ("imports a file", b"import json.tool", "loading raised"),
    ("nested too deep", b"x = " + b"(" * 5000 + b")" * 5000, "raised|died"),
    ("too large", b"#" * (2 << 20), "at most 1048576"),
]


@pytest.mark.parametrize(("source", "how"), [pytest.param(*rest, id=name) for name, *rest in LOADING])
def test_a_file_that_makes_no_strategy_is_at_fault(sandbox: Sandbox, source: bytes, how: str) -> None:
    with pytest.raises(StrategyFault, match=how):
        sandbox.start(source)


def test_the_memory_of_the_parent_is_nowhere_in_the_worker(sandbox: Sandbox) -> None:
    """The tape, the seeds and the keys of the parent were never in this process, so no hunt finds them."""
    source = b"""
import gc, sys
from alphaloop.contract import Quote

class Strategy:
    def __init__(self, params):
        pass

    def on_book(self, book):
        frame, depth = sys._getframe(), 0
        while frame.f_back is not None:
            frame, depth = frame.f_back, depth + 1
        lists = [item for item in gc.get_objects() if isinstance(item, (list, tuple))]
        # Joined, so that the word does not stand among this code's own constants.
        known = any("".join(["canary-in", "-parent"]) in item for item in lists)
        rooms = [name for name in sys.modules if name.startswith("alphaloop.")]
        inside = ("alphaloop.compiled", "alphaloop.contract", "alphaloop.errors", "alphaloop.sandbox")
        strangers = [name for name in rooms if not name.startswith(inside)]
        outer = [name for name in rooms if name in ("alphaloop.sandbox.lockdown", "alphaloop.sandbox.worker")]
        return [Quote("buy", float(known), float(len(strangers) + len(outer)))]
"""
    secret = ["canary-in-parent"]
    with closing(sandbox.start(source)) as worker:
        assert worker.on_book(BOOK) == [Quote("buy", 0.0, 0.0)]
    assert secret


def test_the_environment_of_the_worker_holds_only_what_pins_its_numbers(sandbox: Sandbox) -> None:
    source = b"""
import os
raise KeyError(" ".join(sorted(os.environ)))
"""
    pinned = "NPY_DISABLE_CPU_FEATURES OMP_NUM_THREADS OPENBLAS_CORETYPE OPENBLAS_NUM_THREADS PYTHONHASHSEED"
    with pytest.raises(StrategyFault, match=f"KeyError: '(ALPHALOOP_COMPILED )?(LC_CTYPE )?{pinned}'"):
        sandbox.start(source)
