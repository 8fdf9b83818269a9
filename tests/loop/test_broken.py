"""A failure of the platform ends the run with exit code 3, approves nothing, and the next run goes on."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from alphaloop.facts.entry import Kind
from alphaloop.forge.local import LocalForge
from alphaloop.rules.entries.lessons import turn_of

pytestmark = pytest.mark.timeout(400)
RUN = (sys.executable, "-c", "from alphaloop.doors.cli import main; main()", "run", "--seed", "1")


def _children(parent: int) -> list[int]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            fields = (process / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == parent and fields[0] != "Z":
            found.append(int(process.name))
    return found


def _entries(folder):
    forge = LocalForge(folder)
    try:
        return forge.ledger.entries()
    finally:
        forge.shut()


def _isolators(run: int) -> list[int]:
    """The processes in which strategies live: the run's own nursery, or the processes that hold one each."""
    words = {child: Path(f"/proc/{child}/cmdline").read_bytes() for child in _children(run)}
    return [child for child, said in words.items() if b"LokyProcess" in said or b"nursery" in said]


def test_a_platform_that_dies_under_a_test_breaks_the_run_and_the_next_one_goes_on(leaning, copied):
    folder = copied(leaning)
    with (folder.parent / "said.txt").open("w") as said:
        process = subprocess.Popen(RUN, cwd=folder, stdout=said, stderr=said)
    forge = LocalForge(folder)
    try:
        until = time.monotonic() + 150
        while process.poll() is None and time.monotonic() < until:
            if any(entry.kind is Kind.TEST_OPENED for entry in forge.ledger.entries()):
                for child in _isolators(process.pid):
                    os.kill(child, signal.SIGKILL)
                break
            time.sleep(0.01)
        ended = process.wait(timeout=60)
    finally:
        forge.shut()
        process.kill()
        process.wait(timeout=20)
    words = (folder.parent / "said.txt").read_text()
    assert ended == 3, words
    assert "Traceback" not in words
    kinds = [entry.kind for entry in _entries(folder)]
    assert Kind.DECISION not in kinds
    assert Kind.LESSON not in kinds

    again = subprocess.run(RUN, cwd=folder, capture_output=True, text=True, timeout=150, check=False)
    assert again.returncode == 0, again.stderr
    entries = _entries(folder)
    assert [turn_of(entry).decision for entry in entries if entry.kind is Kind.LESSON] == ["merged"]
    assert sum(entry.kind is Kind.TEST_OPENED for entry in entries) == 1
