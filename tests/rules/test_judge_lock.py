"""judge.lock: what is written reads back, and what is not plainly right is refused with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.errors import BadConfiguration
from alphaloop.facts.judge import Examined, Judge
from alphaloop.rules.constitution.judge import examined, judge, judge_lock

PINNED = Judge("0.1.0", f"sha256:{'a' * 64}", "3.11")
FOUND = Examined("static", 1839, 0, 0, 200, 30, 0)
WRITTEN = judge_lock(PINNED, FOUND)


@pytest.mark.parametrize("found", [None, FOUND, Examined("stress", 3, 1, 2, 5, 1, 5)])
def test_what_is_written_reads_back(found):
    content = judge_lock(PINNED, found)
    assert judge(content) == PINNED
    assert examined(content) == found


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b"sha256:", b"sha512:", "is no program"),
        (b"a" * 64, b"A" * 64, "is no program"),
        (b"a" * 64, b"a" * 63, "is no program"),
        (b'"3.11"', b'"3.11.2"', "is no python"),
        (b'"3.11"', b'"4.0"', "is no python"),
        (b'"0.1.0"', b'"0.1.0\\nx"', "is no version"),
        (b'"0.1.0"', b'""', "judge.lock:4: write text here"),
        (b"version:", b"versions:", "did you mean 'version'"),
        (b"python:", b"program:", "is there twice"),
        (b"files: 1839", b"files: 0", "at least one file"),
        (b"missed: 0", b"missed: -1", "at least 0"),
        (b"missed: 0", b"missed: 1840", "more than there was"),
        (b"promoting: 0", b"promoting: 201", "more than there was"),
        (b"promoting: 0", b"promoting: none", "finite decimal number"),
        (b"loops: 200", b"loops: 2.5", "whole number"),
        (b"  through: static\n", b"", "'through' is missing"),
    ],
)
def test_what_is_not_plainly_right_is_refused(old, new, words):
    assert old in WRITTEN
    with pytest.raises(BadConfiguration, match=words) as refused:
        judge(WRITTEN.replace(old, new, 1))
    assert str(refused.value).startswith("judge.lock:")


@given(st.binary(max_size=200))
def test_nothing_by_chance_is_a_judge(content):
    with pytest.raises(BadConfiguration):
        judge(content)


def test_what_differs_is_said_and_nothing_else():
    assert PINNED.differences(PINNED) == ()
    other = Judge("0.2.0", PINNED.program, "3.12")
    assert PINNED.differences(other) == ("version 0.2.0 instead of 0.1.0", "python 3.12 instead of 3.11")
