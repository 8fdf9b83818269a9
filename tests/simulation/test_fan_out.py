"""Seeds over real processes."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from alphaloop.errors import Broken, Misuse
from alphaloop.simulation import fan_out
from alphaloop.simulation.fan_out import AHEAD, fanned_out
from alphaloop.simulation.isolation import own_core
from alphaloop.wiring import desk_at

ALONE = """
import os, sys, time
from alphaloop.simulation.fan_out import fanned_out

def pid(seed):
    time.sleep(0.05)
    return os.getpid()

answers = fanned_out(pid, range(1000), 2)
print(*{next(answers) for _ in range(8)}, flush=True)
"""


def process_of(seed: int) -> int:
    time.sleep(0.02)
    return os.getpid()


def test_answers_come_in_the_order_of_the_seeds_whoever_is_ready_first() -> None:
    def slow_first(seed: int) -> int:
        time.sleep(0.2 if seed == 9 else 0.0)
        return seed * 10

    assert list(fanned_out(slow_first, [9, 1, 5, 2, 7, 3], cores=2)) == [90, 10, 50, 20, 70, 30]


def test_many_seeds_come_in_order_however_long_each_takes_and_however_slow_the_caller_is() -> None:
    def uneven(seed: int) -> int:
        time.sleep(seed * 7919 % 13 / 1000)
        return seed

    met = []
    for answer in fanned_out(uneven, range(150), cores=2):
        met.append(answer)
        time.sleep(0.03 if answer % 37 == 0 else 0.0)
    assert met == list(range(150))


def test_no_seeds_are_no_answers() -> None:
    assert list(fanned_out(abs, [], cores=2)) == []


@pytest.mark.parametrize("cores", [1, 2])
def test_a_caller_that_has_seen_enough_leaves_the_rest_unplayed(tmp_path: Path, cores: int) -> None:
    def leave_a_trace(seed: int) -> int:
        (tmp_path / str(seed)).touch()
        return seed

    answers = fanned_out(leave_a_trace, range(100), cores)
    assert [next(answers) for _ in range(5)] == [0, 1, 2, 3, 4]
    time.sleep(0.3)  # a caller that thinks for long is not played ahead of
    answers.close()
    assert list(fanned_out(abs, [-1], cores)) == [1]
    assert 5 <= len(list(tmp_path.iterdir())) <= 5 + AHEAD * cores


def test_an_abandoned_run_leaves_its_processes_to_the_next_one() -> None:
    answers = fanned_out(process_of, range(100), cores=2)
    before = {next(answers) for _ in range(20)}
    del answers
    assert set(fanned_out(process_of, range(20), cores=2)) == before
    assert os.getpid() not in before


def test_a_run_may_be_abandoned_by_another_thread() -> None:
    answers = [fanned_out(process_of, range(100), cores=2)]
    next(answers[0])
    ending = threading.Thread(target=answers.clear)
    ending.start()
    ending.join(60)
    assert not ending.is_alive()
    assert list(fanned_out(abs, [-1, -2], cores=2)) == [1, 2]


def test_a_seed_that_nobody_waits_for_any_more_does_not_hold_the_caller(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fan_out, "LINGER_S", 0.2)
    answers = fanned_out(lambda seed: time.sleep(100 if seed else 0), [0, 1, 2], cores=2)
    next(answers)
    began = time.monotonic()
    answers.close()
    assert time.monotonic() - began < 50
    assert list(fanned_out(abs, [-1, -2], cores=2)) == [1, 2]


def test_a_seed_that_takes_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fan_out, "ANSWER_WALL_S", 0.5)
    with pytest.raises(Broken, match=r"one seed took over 0\.5 s"):
        list(fanned_out(time.sleep, [100, 0], cores=2))
    monkeypatch.undo()
    assert list(fanned_out(abs, [-1, -2], cores=2)) == [1, 2]


def test_a_process_that_dies_is_told_and_the_next_call_has_others() -> None:
    with pytest.raises(Broken, match="a process that played episodes died"):
        list(fanned_out(os._exit, [1, 2, 3], cores=2))
    assert list(fanned_out(abs, [-1, -2], cores=2)) == [1, 2]


def test_a_process_that_is_killed_in_the_middle_is_told() -> None:
    answers = fanned_out(process_of, range(1000), cores=2)
    os.kill(next(answers), signal.SIGKILL)
    with pytest.raises(Broken, match="a process that played episodes died"):
        list(answers)


def test_what_is_raised_in_a_process_is_raised_here() -> None:
    def refuse(seed: int) -> int:
        raise Broken(f"seed {seed} cannot be played")

    with pytest.raises(Broken, match="seed 4 cannot be played"):
        list(fanned_out(refuse, [4], cores=2))


def test_of_two_failures_the_first_seeds_is_raised_though_the_second_was_earlier() -> None:
    def refuse(seed: int) -> int:
        time.sleep(0.3 if seed == 1 else 0.0)
        raise Broken(f"seed {seed} cannot be played")

    with pytest.raises(Broken, match="seed 1 cannot be played"):
        list(fanned_out(refuse, [1, 2, 3, 4], cores=2))


def test_a_program_that_ends_in_the_middle_ends_silently_and_leaves_nobody() -> None:
    command = [sys.executable, "-c", ALONE]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert (ended.returncode, ended.stderr) == (0, "")
    _all_gone(ended.stdout)


def test_players_end_when_the_one_that_they_play_for_is_killed() -> None:
    script = f"{ALONE}\ntime.sleep(100)"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        players = run.stdout.readline()
        run.kill()
    _all_gone(players)


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="one core is nobody's own")
def test_no_two_players_share_a_core_while_there_is_another() -> None:
    players = dict(fanned_out(_process_and_core, range(20), cores=2))
    assert len(set(players.values())) == len(players) == 2


def test_a_cluster_without_ray_says_what_to_install(null, copied, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    desk = desk_at(copied(null), lambda words: None, cluster="127.0.0.1:6379")
    with pytest.raises(Misuse, match=r"pip install 'alphaloop\[ray\]'"), desk:
        pass


def _process_and_core(seed: int) -> tuple[int, int]:
    time.sleep(0.02)
    core = own_core()
    assert core is not None
    return os.getpid(), core


def _all_gone(players: str) -> None:
    left = {int(player) for player in players.split()}
    assert left
    until = time.monotonic() + 60
    while left and time.monotonic() < until:
        left = {player for player in left if _lives(player)}
        time.sleep(0.05)
    assert not left


def _lives(process: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
