"""Cores that are claimed from the kernel."""

import os
import subprocess
import sys
import uuid

import pytest

from alphaloop.simulation import core
from alphaloop.simulation.core import free_core

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="claims on a core need Linux")

USABLE = sorted(os.sched_getaffinity(0))
HOLD = """
import sys
from alphaloop.simulation.core import free_core
mine = free_core(sys.argv[1])
print(mine.number, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def among() -> str:
    return f"alphaloop test {uuid.uuid4()}"


def test_claims_go_round_the_cores(among):
    claimed = [free_core(among) for _ in range(2 * len(USABLE))]
    assert [core_.number for core_ in claimed] == USABLE * 2
    for core_ in claimed:
        core_.claim.close()


def test_a_core_is_free_again_when_its_player_is_killed(among):
    command = [sys.executable, "-c", HOLD, among]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert int(other.stdout.readline()) == USABLE[0]
        with free_core(among).claim as ours:
            assert ours.getsockname().endswith(
                f"core {USABLE[1 % len(USABLE)]}, player {1 // len(USABLE)}".encode()
            )
        other.kill()
    again = free_core(among)
    assert again.number == USABLE[0]
    again.claim.close()


def test_where_every_claim_is_taken_a_player_goes_without(among, monkeypatch):
    monkeypatch.setattr(core, "CROWD", 1)
    claimed = [free_core(among) for _ in USABLE]
    assert free_core(among) is None
    for core_ in claimed:
        core_.claim.close()


def test_a_system_without_such_names_gives_no_core(among, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert free_core(among) is None
