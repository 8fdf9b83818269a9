"""How long to wait before a cancel that was lost is sent again.

A venue that answers nothing is not reached sooner by asking it more often, and every message counts.
"""

from typing import NamedTuple

LONGEST_NS = 1_000_000_000
SHORTEST_NS = 1_000_000
"""What doubling starts from where a loss is told at once."""


class Pause(NamedTuple):
    """Nothing goes before `until_ns`; length_ns: how long that was from the loss on."""

    until_ns: int
    length_ns: int


def after_loss(now_ns: int, asked_ns: int, last: Pause | None) -> Pause:
    """The pause after a loss that is told now: first as long as that answer took, then twice the last.

    asked_ns: when the lost message went; last: the pause before it, None when it was the first.
    """
    length_ns = now_ns - asked_ns if last is None else 2 * last.length_ns
    length_ns = min(max(length_ns, SHORTEST_NS), LONGEST_NS)
    return Pause(now_ns + length_ns, length_ns)
