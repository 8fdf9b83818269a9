"""What was lost is sent again after a while, and the while grows."""

from hypothesis import given
from hypothesis import strategies as st

from alphaloop.trading.pause import LONGEST_NS, SHORTEST_NS, after_loss


def test_the_first_pause_is_as_long_as_the_answer_took():
    """Sent at 5 ms, told lost at 12 ms: 7 ms, until 19 ms."""
    assert after_loss(12_000_000, 5_000_000, None) == (19_000_000, 7_000_000)


def test_a_pause_is_twice_the_last():
    last = after_loss(12_000_000, 5_000_000, None)
    assert after_loss(30_000_000, 19_000_000, last) == (44_000_000, 14_000_000)


@given(st.integers(0, 1 << 62), st.integers(0, 10**12), st.integers(1, 70))
def test_a_pause_never_leaves_its_bounds_and_never_shrinks(now_ns, took_ns, losses):
    last = None
    for _ in range(losses):
        pause = after_loss(now_ns + took_ns, now_ns, last)
        assert SHORTEST_NS <= pause.length_ns <= LONGEST_NS
        assert pause.until_ns == now_ns + took_ns + pause.length_ns
        assert last is None or pause.length_ns >= last.length_ns
        last = pause
    assert losses < 11 or last.length_ns == LONGEST_NS
