"""Whether the holder of a claim has ended: known on its own machine, and nowhere else."""

import subprocess
import sys

import pytest

from alphaloop.agents import claiming

HOLDER = """
import sys
from alphaloop.agents.claiming import _process
print(_process(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other():
    """Another process that names itself as the holder of a claim, and lives until it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield process, f"{process.stdout.readline().strip()}:nonce"
    finally:
        process.kill()
        process.communicate()


def test_a_process_that_lives_is_at_its_step_and_one_that_was_killed_is_not(other):
    process, holder = other
    assert not claiming.gone(holder)
    process.kill()
    # Not waited for: its remains stand in the table of processes, and it is gone all the same.
    for _ in range(1_000):
        if claiming.gone(holder):
            break
    assert claiming.gone(holder)
    process.wait()
    assert claiming.gone(holder)


def test_a_process_of_another_machine_is_never_known_to_have_ended(other):
    _, holder = other
    _, _, rest = holder.partition(":")
    assert not claiming.gone(f"{'0' * 16}:{rest}")
    assert not claiming.gone(f":{rest}")


@pytest.mark.parametrize("holder", ["", "x", ":::", "a:b:c:d", "a:../../etc:1:n", "0:1:2"])
def test_a_name_that_nobody_would_give_himself_keeps_its_claim_until_it_expires(holder):
    assert not claiming.gone(holder)


def test_this_process_has_ended_what_it_is_not_at():
    assert claiming.gone(f"{claiming._process()}:nonce")
