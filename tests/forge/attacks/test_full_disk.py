"""A disk that is really full: nothing acknowledged is lost, the error says so, and with room all goes on.

By default the sizes at which something else gives way each time; with ALPHALOOP_WHOLE_SWEEP set, every number
of free pages from none up to enough, for every command.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent / "full_disk.py"
WHOLE = "ALPHALOOP_WHOLE_SWEEP" in os.environ
KIB = 2_000
SIZES = {
    "chatter": "30",
    "append": "3",
    "open": "14",
    "merge": "4,11,13",
    "restore": "9",
    "close": "6",
    "sync": "8,16",
    "origin": "5",
    "rotate": "0",
}
"""Free pages of 4 KiB: too few for an object, for the ledger's reference, for main's, for a key."""
EVERY = (*SIZES, "event")


def _namespace(folder: Path) -> list[str]:
    """The command that gives what it starts mounts of its own; skips where none can."""
    mount = f"mount -t tmpfs -o size=64k none {folder}"
    for options in (["--mount"], ["--user", "--map-root-user", "--mount"]):
        command = ["unshare", *options]
        if shutil.which("unshare") is None:
            break
        tried = subprocess.run([*command, "sh", "-c", mount], capture_output=True, timeout=20, check=False)
        if tried.returncode == 0:
            return command
    pytest.skip("no small file system can be mounted here, as root or in a user namespace: no disk is full")


@pytest.mark.timeout(1200 if WHOLE else 120)
def test_on_a_full_disk_nothing_is_lost_and_with_room_the_same_command_goes_on(tmp_path):
    command = [*_namespace(tmp_path), sys.executable, "-B", str(SCRIPT), str(tmp_path), str(KIB)]
    asked = EVERY if WHOLE else [f"{name}:{sizes}" for name, sizes in SIZES.items()]
    filled = subprocess.run(
        [*command, *asked], capture_output=True, text=True, timeout=1000 if WHOLE else 100, check=False
    )
    assert filled.returncode == 0, filled.stderr
    lines = [json.loads(line) for line in filled.stdout.splitlines()]
    assert {line["command"] for line in lines} == set(EVERY if WHOLE else SIZES)
    assert [line for line in lines if line["wrong"]] == []
    refused = [line["answer"]["error"] for line in lines if "error" in line["answer"]]
    assert len(refused) >= len(SIZES)
    assert all("run again" in words or "sync again" in words for words in refused), refused
