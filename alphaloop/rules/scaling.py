"""What a scaling is: the same strategy that may hold more, or less, under limits that moved with it.

Recomputed from the files of two commits, never claimed.  Why so narrow: docs/decisions/0151.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict

from alphaloop.facts.change import LIMITS, SCALED_PATHS, Scaling
from alphaloop.facts.market import Limits
from alphaloop.facts.role import Seats, human_login
from alphaloop.rules.constitution.limits import limits

STRATEGY = "strategy.py"
MOVING = ("max_position", "max_order_size", "max_order_value", "max_leverage")
"""What one has to be allowed more of to hold more; no other limit may change with MAX_POSITION."""
_ROUNDING = 1 + 1e-9
_BINDS = re.compile(rb"^[ \t]*MAX_POSITION[ \t]*(?::[^=\n]*)?=(?!=)", re.MULTILINE)
_NUMBER = rb"([0-9]{1,30}(?:\.[0-9]{0,30})?(?:[eE][+-]?[0-9]{1,3})?)"
_LITERAL = re.compile(rb"^[ \t]+MAX_POSITION[ \t]*=[ \t]*" + _NUMBER + rb"[ \t]*(?:#[^\n]*)?$", re.MULTILINE)

File = Callable[[str], bytes]


def scaling(
    paths: Collection[str], signers: Collection[str], seats: Seats, base: File, head: File
) -> Scaling | str:
    """What a change of `paths` scales, or why it is no scaling.

    paths: all that any commit of it touches; signers: whoever opened it or signed a commit of it; seats: of
    the base commit; base, head: the blob at a path of either.  Raises BadConfiguration for limits that cannot
    be read strictly, and where a file is missing.
    """
    if tuple(sorted(paths)) != SCALED_PATHS:
        return f"it touches other files than {' and '.join(SCALED_PATHS)}"
    others = [one for one in sorted(signers) if human_login(one) not in seats.humans]
    if others or not signers:
        return f"{', '.join(others) or 'nobody'} wrote a part of it, and only registered humans scale"
    before, after = limits(base(LIMITS)), limits(head(LIMITS))
    why = _otherwise(base(STRATEGY), head(STRATEGY), before.max_position, after.max_position)
    why = why or next(_not_in_step(before, after), "")
    return why or Scaling(before.max_position, after.max_position, tuple(sorted(signers)))


def loosened(standing: Limits, wanted: Limits) -> tuple[str, ...]:
    """The names of the limits under which `wanted` allows more than `standing`, as risk.py spells them."""
    now, then = asdict(standing), asdict(wanted)
    looser = (name for name in now if (then[name] < now[name] if name in _FLOORS else then[name] > now[name]))
    return tuple(name.upper() for name in looser)


def _otherwise(base: bytes, head: bytes, before: float, after: float) -> str:
    """Why `head` is not `base` with another number for MAX_POSITION, "" when it is."""
    sides = []
    for name, source, limit in (("base", base, before), ("head", head, after)):
        found, bound = _LITERAL.search(source), len(_BINDS.findall(source))
        if found is None or bound != 1:
            return f"{STRATEGY} of its {name} does not state MAX_POSITION once, as a plain number"
        if float(found[1]) != limit:
            stated = found[1].decode()
            return f"{STRATEGY} of its {name} states {stated}, and {LIMITS} there says {limit:.12g}"
        sides.append((source[: found.start(1)], source[found.end(1) :]))
    if sides[0] != sides[1]:
        return f"{STRATEGY} changes in more than the number of MAX_POSITION"
    return "" if before != after else "MAX_POSITION stays as it is"


def _not_in_step(before: Limits, after: Limits) -> Iterator[str]:
    """Each limit that neither stays nor moves with the position, at most as far."""
    was, now = asdict(before), asdict(after)
    factor = after.max_position / before.max_position
    # Room for a rounded last digit at the far end only: the way back must never loosen.
    reach = factor * (_ROUNDING if factor > 1 else 1 / _ROUNDING)
    for name, value in was.items():
        least, most = sorted((value, value * reach))
        if name not in MOVING and now[name] != value:
            yield f"{name.upper()} changes too: change it by itself"
        elif name in MOVING and not least <= now[name] <= most:
            how = f"{name.upper()} goes from {value:.12g} to {now[name]:.12g}"
            yield f"{how}: it may move with MAX_POSITION, by up to the same factor of {factor:.12g}"


_FLOORS = ("min_spread_bps",)
"""Limits from below: less of them allows more."""
