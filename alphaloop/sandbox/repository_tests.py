"""Run a repository's pytest tests, which are code of the candidate like any other, where they can do no harm.

They share an interpreter with pytest and so can report what they like: that they pass proves nothing.  What
holds is that they *fail*, and that a session counts as finished only with one whole report: every test that
the files visibly hold was collected, each has an outcome, and counts and exit code agree.
"""

import math
import os
import socket
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from alphaloop.errors import Misuse, SandboxUnavailable
from alphaloop.ports import TestRun
from alphaloop.sandbox.endings import ending
from alphaloop.sandbox.interpreter import launch
from alphaloop.sandbox.report import LARGEST, WALLS_STAND, Report, unpacked
from alphaloop.sandbox.scratch import laid_out, overflow
from alphaloop.sandbox.written_tests import is_test_file, written_tests

_LOOK_S = 0.05
"""How often the scratch folder is looked at, seconds of wall time."""

Session = Callable[[Path, list[str], float], tuple[bytes, str, int]]
"""Runs the named test files of a folder that is laid out, for at most so many seconds of wall time.

Answers the report's bytes, why it was cut short ("" if not), and the exit code, negative for a signal.
"""

_GOOD_EXITS = {0: "passed", 1: "failed", 5: "none"}


def run_repository_tests(files: Mapping[str, bytes], seconds: float, walls: bool) -> TestRun:
    """Run the pytest files among `files` (path → content) for at most `seconds` of wall time."""
    return run_in(partial(_session, walls=walls), files, seconds)


def run_in(session: Session, files: Mapping[str, bytes], seconds: float) -> TestRun:
    """What the pytest files among `files` come to in a session."""
    if not (math.isfinite(seconds) and seconds > 0):
        raise Misuse(f"tests were given {seconds} s; give a positive number of seconds")
    tests = sorted(path for path in files if is_test_file(path))
    if not tests:
        return TestRun(finished=True, passed=0, failed=0, words="there are no tests")
    with laid_out(files) as folder:
        message, complaint, code = session(folder, tests, seconds)
    if complaint:
        return TestRun(finished=False, passed=0, failed=0, words=complaint)
    return judged(unpacked(message), code, sum(written_tests(files[path]) for path in tests))


def judged(report: Report | None, code: int, expected: int) -> TestRun:
    """What a session came to.

    `code` is the runner's exit code (negative for a
    signal), `expected` how many tests its files visibly hold.
    """
    if report is None:
        return _unfinished(f"the session ended without a whole report: {ending(code)}")
    told = "failed" if report.failed else "passed" if report.collected else "none"
    if _GOOD_EXITS.get(code) != told or not report.adds_up:
        return _unfinished(f"pytest left with exit code {code} and counts that do not fit: {_counts(report)}")
    if not report.failed and report.collected < expected:
        return _unfinished(f"{expected} tests are written and only {report.collected} were collected")
    words = "\n".join(filter(None, [_counts(report), report.words]))
    return TestRun(finished=True, passed=report.passed, failed=report.failed, words=words)


def _unfinished(words: str) -> TestRun:
    return TestRun(finished=False, passed=0, failed=0, words=words)


def _counts(report: Report) -> str:
    return f"{report.passed} passed, {report.failed} failed, {report.skipped} skipped of {report.collected}"


def _session(folder: Path, tests: list[str], seconds: float, walls: bool) -> tuple[bytes, str, int]:
    """Run pytest over `tests`: the report's bytes, why it was cut short ("" if not), and the exit code."""
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            arguments = [str(os.getpid()), str(int(walls)), str(math.ceil(seconds) + 1), str(folder), *tests]
            child = launch("alphaloop.sandbox.inside.run_pytest", theirs, ("pytest", "numpy"), arguments)
        try:
            message, complaint = heard(ours, folder / "scratch", seconds)
        finally:
            child.kill()
            _, words = child.communicate()
    return report_in(message, complaint, words), complaint, child.returncode


def report_in(message: bytes, complaint: str, words: bytes) -> bytes:
    """The report in what was heard; raises SandboxUnavailable, with the runner's `words`, without walls."""
    if not message.startswith(WALLS_STAND) and not complaint:
        last = words.decode("utf-8", "replace").strip().splitlines()[-1:] or ["it said nothing"]
        raise SandboxUnavailable(f"the tests could not be locked in ({last[0]}); run `alphaloop doctor`")
    return message[len(WALLS_STAND) :]


def heard(ours: socket.socket, scratch: Path, seconds: float) -> tuple[bytes, str]:
    """Read until the runner hangs up, and look after time and disk meanwhile."""
    message = b""
    deadline = time.monotonic() + seconds
    ours.settimeout(_LOOK_S)
    while len(message) <= LARGEST:
        if time.monotonic() > deadline:
            return message, f"the tests were not finished within {seconds:g} s"
        try:
            part = ours.recv(LARGEST + 1)
        except TimeoutError:
            if too_much := overflow(scratch):
                return message, f"the tests were stopped: {too_much}"
            continue
        except ConnectionResetError:
            part = b""
        if not part:
            return message, ""
        message += part
    return message, "the tests sent more than a report"
