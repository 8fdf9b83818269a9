"""A test as a picture that fits on a line."""

import math

from alphaloop.facts.evidence import Evidence
from alphaloop.rules.betting import opened
from alphaloop.rules.sequential import states
from alphaloop.words.spelling import sparkline

_FLOOR = 1e-9


def evidence_path(found: Evidence, level: float) -> str:
    """The evidence for "better" from the first pair to the last, on a logarithmic scale.

    The lowest bar is even odds or less, and the highest is all that the level asks for: a test that got
    nowhere looks like one.
    """
    shown = (now.evidence for _, now in states(opened(found.scales, level), found.pairs))
    path = [math.log(max(evidence, _FLOOR)) for evidence in shown]
    return sparkline(path, 0.0, math.log(1 / level))
