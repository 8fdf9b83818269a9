"""What is tested of the listed modules holds of their compiled form too: the same tests, played once more.

Those that start clusters, containers and long tables are left out, and of the sandbox those that ask what its
walls let through, so that the default run stays short; `ALPHALOOP_WHOLE_COMPILED=1` takes all.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from alphaloop.compiled.switch import SWITCH

REPOSITORY = Path(__file__).resolve().parents[2]
WHOLE = bool(os.environ.get("ALPHALOOP_WHOLE_COMPILED"))
LONG = "test_fan_out or test_anchor or test_controls"
SHORT = f"not ({LONG})"
SAMPLES = {
    "trading": SHORT,
    "simulation": SHORT,
    "sandbox": "test_lies or test_lockdown or test_newborn",
    "checks/test_proof_search.py": "crosshair",
}


@pytest.mark.timeout(1_800 if WHOLE else 300)
@pytest.mark.parametrize("place", SAMPLES)
def test_the_tests_of_a_room_hold_of_the_compiled_form(compiled, place):
    # Of the copy, so that nobody's edit in the meantime makes another program of it.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    again = subprocess.run(
        [sys.executable, "-P", "-m", "pytest", f"tests/{place}", "-n", "0", "-p", "no:cacheprovider"]
        + ([] if WHOLE else ["-k", SAMPLES[place]]),
        cwd=REPOSITORY,
        env={**kept, "PYTHONPATH": str(compiled.parent), SWITCH: "", "HYPOTHESIS_PROFILE": "ci"},
        capture_output=True,
        text=True,
        timeout=1_700 if WHOLE else 280,
        check=False,
    )
    assert "alphaloop: the compiled form plays" in again.stdout
    assert again.returncode == 0, again.stdout[-6_000:]
