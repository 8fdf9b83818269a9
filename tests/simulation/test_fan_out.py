"""Seeds over real processes."""

import os
import time
from pathlib import Path

import pytest

from alphaloop.errors import Broken
from alphaloop.simulation.fan_out import AHEAD, fanned_out


def test_answers_come_in_the_order_of_the_seeds_whoever_is_ready_first() -> None:
    def slow_first(seed: int) -> int:
        time.sleep(0.2 if seed == 9 else 0.0)
        return seed * 10

    assert list(fanned_out(slow_first, [9, 1, 5, 2, 7, 3], cores=2)) == [90, 10, 50, 20, 70, 30]


@pytest.mark.parametrize("cores", [1, 2])
def test_a_caller_that_has_seen_enough_leaves_the_rest_unplayed(tmp_path: Path, cores: int) -> None:
    def leave_a_trace(seed: int) -> int:
        (tmp_path / str(seed)).touch()
        return seed

    answers = fanned_out(leave_a_trace, range(100), cores)
    assert [next(answers) for _ in range(5)] == [0, 1, 2, 3, 4]
    answers.close()
    assert list(fanned_out(abs, [-1], cores)) == [1]
    assert 5 <= len(list(tmp_path.iterdir())) <= 5 + AHEAD * cores


def test_a_process_that_dies_is_told_and_the_next_call_has_others() -> None:
    with pytest.raises(Broken, match="a process that played episodes died"):
        list(fanned_out(os._exit, [1, 2, 3], cores=2))
    assert list(fanned_out(abs, [-1, -2], cores=2)) == [1, 2]


def test_what_is_raised_in_a_process_is_raised_here() -> None:
    def refuse(seed: int) -> int:
        raise Broken(f"seed {seed} cannot be played")

    with pytest.raises(Broken, match="seed 4 cannot be played"):
        list(fanned_out(refuse, [4], cores=2))
