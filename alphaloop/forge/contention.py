"""How a writer that lost a compare-and-swap tries again: later, and at a moment of its own."""

import secrets
import time
from collections.abc import Iterator, Sequence

from alphaloop.forge import locks
from alphaloop.forge.git import Repository

PATIENCE_S = 30.0
_FIRST_S, _LONGEST_S = 0.004, 0.25


def attempts(
    git: Repository, refs: Sequence[str], index: bool = False, patience_s: float = PATIENCE_S
) -> Iterator[int]:
    """Yield 0, 1, 2, … for `patience_s`, with growing pauses, clearing locks that a dead git left.

    Locks of `refs`, of HEAD and of packed-refs; with `index` that of the index too.
    """
    until = time.monotonic() + patience_s
    attempt = 0
    while time.monotonic() < until:
        yield attempt
        time.sleep(_pause_s(attempt))
        locks.clear(git, refs, index)
        attempt += 1


def _pause_s(attempt: int) -> float:
    # Full jitter: writers that collided once must not meet again.
    longest_s: float = min(_LONGEST_S, _FIRST_S * 2.0 ** min(attempt, 10))
    return longest_s * secrets.randbelow(1001) / 1000
