"""One mechanism for every sequential test: it looks at no pair after the one that decides."""

import itertools

import pytest

from alphaloop.facts.judgement import Finish
from alphaloop.rules.betting import opened
from alphaloop.rules.canary import PAIRS, Watch
from alphaloop.rules.sequential import judged, states


@pytest.fixture(params=["tournament", "canary"])
def begun(request, scales):
    return opened(scales, 1e-3) if request.param == "tournament" else Watch(1.0)


def test_no_pair_is_asked_for_after_the_one_that_decides(begun, a_pair):
    def pairs():
        yield a_pair(0.0)
        yield a_pair(0.0, breach="drawdown")
        pytest.fail("a pair was asked for after the test was decided")

    assert [now.finish for _, now in states(begun, pairs())] == [Finish.GOING_ON, Finish.HARM]


def test_pair_by_pair_and_all_at_once_are_the_same(begun, a_pair):
    gains = itertools.islice(itertools.cycle([1.0, -0.5, 0.25, 2.0, -1.0]), PAIRS)
    pairs = [a_pair(gain) for gain in gains]
    *_, (_, last) = states(begun, pairs)
    assert judged(begun, pairs) == last


def test_without_a_pair_it_stands_where_it_began(begun):
    assert judged(begun, []) == begun.standing()


def test_what_is_decided_before_its_first_pair_looks_at_none(scales, a_pair):
    def pairs():
        pytest.fail("a test that cannot be paid for looked at a pair")
        yield a_pair(0.0)

    assert judged(opened(scales, 0.0), pairs()).finish is Finish.NO_TEST
