"""Uptime and API weight, against numbers that were worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.market.journal import CANCEL, SUBMIT
from alphaloop.market.metrics.connection import api_weight, uptime

SECOND = 1_000_000_000


def _outages(*spans: tuple[float, float]) -> tuple[tuple[int, int], ...]:
    return tuple((round(begin * SECOND), round(end * SECOND)) for begin, end in spans)


def test_uptime_is_the_connected_share_of_all_time(journal_of) -> None:
    """10 s without an outage and 10 s with one of 2 s: 18 of 20 s."""
    cut = journal_of(outages_ns=_outages((3.0, 5.0)))
    assert uptime([journal_of(), cut]) == pytest.approx(0.9)
    assert uptime([journal_of()]) == 1.0


def test_an_outage_counts_once_and_only_inside_the_episode(journal_of) -> None:
    """Of (−5, 1), (0.5, 2), (1, 1.5) and (9, 30) in 0–10 s, 0–2 and 9–10 are lost: 7 of 10 s are left."""
    spans = _outages((9.0, 30.0), (0.5, 2.0), (1.0, 1.5), (-5.0, 1.0))
    assert uptime([journal_of(outages_ns=spans)]) == pytest.approx(0.7)
    assert uptime([journal_of(outages_ns=_outages((-1.0, 99.0)))]) == 0.0


def test_without_time_there_is_no_uptime(journal_of) -> None:
    assert uptime([]) is None
    assert uptime([journal_of(end_s=0.0)]) is None


@given(st.lists(st.tuples(st.integers(-3, 14), st.integers(-3, 14)), max_size=6))
def test_uptime_is_what_counting_the_seconds_finds(journal_of, spans: list[tuple[int, int]]) -> None:
    lost = [any(begin <= second < end for begin, end in spans) for second in range(10)]
    assert uptime([journal_of(outages_ns=_outages(*spans))]) == pytest.approx(1 - sum(lost) / 10)


def test_api_weight_is_the_busiest_second_over_what_is_allowed(journal_of) -> None:
    """At 1.0, 1.5, 1.9 and 2.0 s: (1.0, 2.0] holds three, because 1.0 itself is a second old: 3 of 10."""
    orders = [(1.0, 1, SUBMIT, 1), (1.5, 2, SUBMIT, 1), (1.9, 1, CANCEL, 1), (2.0, 3, SUBMIT, 1)]
    busy = journal_of(orders=orders, messages_per_second=10.0)
    assert api_weight([busy, journal_of(orders=orders[:1], messages_per_second=10.0)]) == pytest.approx(0.3)


def test_messages_of_one_instant_weigh_together_and_cancels_can_pass_the_limit(journal_of) -> None:
    at_once = [(1.0, place, CANCEL, 1) for place in range(12)]
    assert api_weight([journal_of(orders=at_once, messages_per_second=10.0)]) == pytest.approx(1.2)


def test_without_a_message_or_a_limit_there_is_no_weight(journal_of) -> None:
    one = [(1.0, 1, SUBMIT, 1)]
    assert api_weight([journal_of(messages_per_second=10.0)]) is None
    assert api_weight([journal_of(orders=one)]) is None
    assert api_weight([journal_of(orders=one, messages_per_second=10.0), journal_of(orders=one)]) is None


@given(st.lists(st.integers(0, 60), min_size=1, max_size=30))
def test_api_weight_is_what_a_walk_through_all_windows_finds(journal_of, tenths: list[int]) -> None:
    orders = [(tenth / 10, place, SUBMIT, 1) for place, tenth in enumerate(tenths)]
    walked = max(sum(end - 10 < other <= end for other in tenths) for end in tenths)
    assert api_weight([journal_of(orders=orders, messages_per_second=4.0)]) == walked / 4
