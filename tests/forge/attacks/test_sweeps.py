"""Every command of the forge, killed or failed at its system calls: said again, it is as if nothing had been.

By default one call for each fault, of the commands that contain the others; with ALPHALOOP_WHOLE_SWEEP set,
every call of every command.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SWEEP = Path(__file__).parent / "sweep.py"
WHOLE = "ALPHALOOP_WHOLE_SWEEP" in os.environ
COMMANDS = ("append", "event", "open", "merge", "restore", "close") if WHOLE else ("open", "merge", "close")
FAULTS = ("kill", "crash", "ENOSPC", "EIO")
EVERY = 1 if WHOLE else 1_000
"""By default one call for each fault."""


def _traceable() -> bool:
    if shutil.which("strace") is None:
        return False
    command = ["strace", "-o", "/dev/null", "true"]
    return subprocess.run(command, capture_output=True, timeout=10, check=False).returncode == 0


@pytest.mark.skipif(not _traceable(), reason="strace is missing or may not trace here")
@pytest.mark.timeout(3600 if WHOLE else 120)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_fault_at_a_system_call_loses_doubles_and_blocks_nothing(command):
    swept = subprocess.run(
        [sys.executable, str(SWEEP), command, str(EVERY), *FAULTS],
        capture_output=True,
        text=True,
        timeout=3000 if WHOLE else 100,
        check=False,
    )
    assert swept.returncode == 0, swept.stderr
    lines = [json.loads(line) for line in swept.stdout.splitlines()]
    assert all(line["points"] > 15 for line in lines if "points" in line)
    tried = [line for line in lines if "point" in line]
    assert {line["fault"] for line in tried} == set(FAULTS)
    assert [line for line in tried if line["wrong"]] == []
