"""The table of `make bench`, over benchmarks that behave and benchmarks that do not."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
SAYS = "from figure import figure, unable\n\nif __name__ == '__main__':\n    ".replace("'", '"')
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def table(tmp_path: Path) -> Run:
    """Run benchmarks of these bodies, by name."""
    for name in ("__main__.py", "figure.py"):
        shutil.copy(BENCHMARKS / name, tmp_path)

    def run(*names: str, **bodies: str) -> "subprocess.CompletedProcess[str]":
        for name, body in bodies.items():
            (tmp_path / f"{name}.py").write_text(SAYS + body)
        command = [sys.executable, str(tmp_path), *names]
        return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)

    return run


def _rows(said: str) -> list[str]:
    return [" ".join(line.split()) for line in said[said.rindex("---") :].splitlines()[1:]]


def test_a_row_says_what_was_measured_and_whether_it_is_what_was_wanted(table):
    body = (
        "figure('fast', '1 s', '2 s', 2.0, '>= 0.7'); figure('slow', '3 s', '2 s', 1.5, '<= 1.2'); "
        "figure('read', '3 s', '2 s', 1.5)"
    )
    ended = table(one=body, other="figure('edge', '6', '5', 1.2, '<= 1.2')")
    assert ended.returncode == 0
    assert _rows(ended.stdout) == [
        "fast 1 s 2 s 2.00 >= 0.7 met",
        "slow 3 s 2 s 1.50 <= 1.2 NOT MET",
        "read 3 s 2 s 1.50",
        "edge 6 5 1.20 <= 1.2 met",
    ]


def test_what_could_not_run_says_why(table):
    ended = table(one="unable('ingest', '>= 1', 'no recorded market data')")
    assert ended.returncode == 0
    assert _rows(ended.stdout) == ["ingest >= 1 NOT RUN: no recorded market data"]


@pytest.mark.parametrize(
    ("body", "trouble"),
    [
        ("pass", "said nothing for the table"),
        ("raise SystemExit(3)", "exit code 3"),
        ("import os; os.kill(os.getpid(), 9)", "killed"),
        ("figure('x', '1', '2', 0.5); raise ValueError", "exit code 1"),
        ("figure('x', '1', '2', float('nan'))", "exit code 1"),
        ("figure('x', '1', '2', 0.5, 'fast')", "exit code 1"),
        ("figure('x', '1', '2', 0.5); figure('x', '1', '2', 2.0)", "said 'x' twice"),
        ("print('figure: [')", "Expecting value"),
        ("""print('figure: {"name": "x"}')""", "not a row of the table"),
        ("""print('figure: {"name":"x","ours":"","peer":"","ratio":"1","wanted":""}')""", "not a row"),
    ],
)
def test_a_benchmark_that_fails_or_says_nothing_is_broken(table, body, trouble):
    ended = table(good="figure('good', '1', '2', 0.5)", bad=body)
    assert ended.returncode == 1
    assert [row for row in _rows(ended.stdout) if row.startswith("bad BROKEN: ") and trouble in row]
    assert "good 1 2 0.50" in _rows(ended.stdout)


def test_a_helper_is_no_benchmark_and_an_unknown_name_is_refused(table):
    ended = table("helper", good="pass")
    assert ended.returncode == 2
    assert "there is no benchmark helper; there are good" in ended.stderr
