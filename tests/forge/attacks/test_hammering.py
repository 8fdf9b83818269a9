"""Six processes talk in one pull request at once, and every event is there exactly once."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from alphaloop.forge.verify import verify

HAMMER = Path(__file__).parent / "hammer.py"
SECONDS = 60.0 if "ALPHALOOP_WHOLE_SWEEP" in os.environ else 0.7


def test_six_processes_in_one_pull_request_lose_and_double_nothing(desk, repository):
    desk.open("quant", "Widen", "It pays.", {"strategy.py": b"HALF = 2\n"}, "turn:1")
    command = [sys.executable, str(HAMMER), str(repository)]
    running = [
        subprocess.Popen([*command, str(name), str(SECONDS)], stdout=subprocess.PIPE, text=True)
        for name in range(6)
    ]
    acknowledged = [line for process in running for line in process.communicate(timeout=120)[0].splitlines()]
    assert [process.returncode for process in running] == [0] * 6
    said = [event.text for event in desk.conversation(1)[1:]]
    assert len(acknowledged) >= 6
    assert Counter(said) == Counter(set(acknowledged))
    for name in map(str, range(6)):
        own = [text for text in said if text.startswith(f"{name} ")]
        assert own == [f"{name} says {place}" for place in range(len(own))]
    assert verify(repository).sound
