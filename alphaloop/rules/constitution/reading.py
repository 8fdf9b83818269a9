"""The whole constitution of one commit."""

from collections.abc import Callable
from functools import lru_cache

from alphaloop.facts.constitution import Constitution
from alphaloop.rules.constitution import limits, market, roles

FILES = (roles.FILE, limits.FILE, market.FILE)


def read(file: Callable[[str], bytes]) -> Constitution:
    """What a commit's roles.yaml, risk.py and market.yaml say; `file` answers the blob at a path.

    Raises BadConfiguration, with file and line, for anything that is not plainly right: a desk without its
    rules does not work on assumptions.
    """
    return _said(*map(file, FILES))


# Strict parsing takes a tenth of a second, and the same few bytes are asked for at every step of a turn.
@lru_cache(maxsize=32)
def _said(people: bytes, bounds: bytes, terms: bytes) -> Constitution:
    return Constitution(
        seats=roles.seats(people),
        market=market.market(terms),
        limits=limits.limits(bounds),
        targets=roles.targets(people),
        thresholds=roles.thresholds(people),
    )
