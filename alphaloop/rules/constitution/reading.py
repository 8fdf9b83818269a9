"""The whole constitution of one commit."""

from collections.abc import Callable

from alphaloop.facts.constitution import Constitution
from alphaloop.rules.constitution import limits, market, roles

FILES = (roles.FILE, limits.FILE, market.FILE)


def read(file: Callable[[str], bytes]) -> Constitution:
    """What a commit's roles.yaml, risk.py and market.yaml say; `file` answers the blob at a path.

    Raises BadConfiguration, with file and line, for anything that is not plainly right: a desk without its
    rules does not work on assumptions.
    """
    people = file(roles.FILE)
    return Constitution(
        seats=roles.seats(people),
        market=market.market(file(market.FILE)),
        limits=limits.limits(file(limits.FILE)),
        targets=roles.targets(people),
        thresholds=roles.thresholds(people),
    )
