"""QA holds what fails its own tests; passing ones are only noted."""

import pytest

from alphaloop.agents import qa
from alphaloop.facts.verdict import Stance

FAILING = b"def test_it():\n    assert 1 == 2, 'the seller was paid twice'\n"


@pytest.fixture
def desk(leaning, copied, sit):
    return sit(copied(leaning))


def _reviewed(desk, path, content):
    return qa.review(desk, desk.forge.open("qa", "One more test", "", {path: content}, path))


def test_a_failing_test_holds_the_change_and_says_which(desk):
    said = _reviewed(desk, "tests/test_more.py", FAILING)
    assert said.stance is Stance.HOLD
    assert "1 of 2 tests failed" in said.findings[0].message


def test_tests_that_never_end_hold_the_change(desk, monkeypatch):
    monkeypatch.setattr(qa, "TESTS_S", 3.0)
    said = _reviewed(desk, "tests/test_more.py", b"while True:\n    pass\n")
    assert said.stance is Stance.HOLD
    assert "did not finish" in said.findings[0].message


def test_a_file_that_cannot_be_imported_holds_the_change(desk):
    assert _reviewed(desk, "tests/test_more.py", b"import strategy_of_somebody\n").stance is Stance.HOLD


def test_passing_tests_are_approved_and_prove_nothing(desk):
    said = _reviewed(desk, "tests/test_more.py", b"def test_it():\n    assert 2 > 1\n")
    assert said.stance is Stance.APPROVE
    assert "proves nothing" in said.findings[0].message
