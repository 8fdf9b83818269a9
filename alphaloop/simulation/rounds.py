"""Rounds: a tape of several independent games, played one by one and told as one episode.

Every round is a tape of its own, so that a strategy is started anew for each and remembers nothing; between
two rounds the account is flat again, with what it held turned into money at the mid.
"""

import hashlib
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alphaloop.market.journal import Attribution, Journal
from alphaloop.market.tape import LOCAL, Lottery, Rows, Tape

_CUT: deque[tuple[Tape, tuple[Tape, ...]]] = deque(maxlen=2)


def rounds(tape: Tape) -> tuple[Tape, ...]:
    """The rounds of a tape, each a tape; a tape without any is its own only one.  Kept for the last two."""
    if not tape.rounds_ns:
        return (tape,)
    for known, cut in _CUT:
        if known is tape:
            return cut
    edges = (tape.start_ns, *tape.rounds_ns, tape.end_ns + 1)
    made = tuple(_cut(tape, number, *edge) for number, edge in enumerate(pairwise(edges), 1))
    _CUT.append((tape, made))
    return made


def joined(journals: Sequence[Journal]) -> Journal:
    """One journal of rounds that were played one after the other; what they earned adds up.

    Nothing is held from the end of a round to the first fill of the next; orders keep apart by their numbers;
    the digest is that of the rounds' digests.
    """
    first, last = journals[0], journals[-1]
    if len(journals) == 1:
        return first
    orders = [0, *accumulate(_most(journal.orders["order"]) for journal in journals[:-1])]
    earned = [0.0, *accumulate(_earned(journal) for journal in journals[:-1])]
    digests = "".join(journal.digest for journal in journals)
    return replace(
        first,
        end_ns=last.end_ns,
        fills=_together(_raised(one.fills, "order", by) for one, by in zip(journals, orders, strict=True)),
        marks=_together(_marks(one, by, one is not last) for one, by in zip(journals, earned, strict=True)),
        mids=_together(one.mids for one in journals),
        attribution=_sum(journals),
        decisions=sum(one.decisions for one in journals),
        refusals=tuple(refusal for one in journals for refusal in one.refusals),
        tick_to_trade_ms=_together(one.tick_to_trade_ms for one in journals),
        breach=last.breach,
        fault=last.fault,
        digest=f"sha256:{hashlib.sha256(digests.encode()).hexdigest()}",
        orders=_together(_raised(one.orders, "order", by) for one, by in zip(journals, orders, strict=True)),
        funding=_together(one.funding for one in journals),
    )


def _cut(tape: Tape, number: int, start_ns: int, end_ns: int) -> Tape:
    inside = (tape.events["exch_ts"] >= start_ns) & (tape.events["exch_ts"] < end_ns)
    return replace(
        tape,
        name=f"{tape.name}, round {number}",
        events=_heard_before(tape.events[inside], end_ns),
        lottery=tape.lottery and _draws(tape.lottery, start_ns - tape.start_ns, end_ns - start_ns),
        rounds_ns=(),
    )


def _heard_before(events: Rows, end_ns: int) -> Rows:
    """What a trader would have heard after the end, he does not hear."""
    late = events["local_ts"] >= end_ns
    events["ev"][late] &= ~np.uint64(LOCAL)
    events["local_ts"][late] = events["exch_ts"][late]
    return events


def _draws(lottery: Lottery, after_ns: int, length_ns: int) -> Lottery:
    first = after_ns // lottery.step_ns
    return replace(lottery, draws=lottery.draws[first : first + -(-length_ns // lottery.step_ns)])


def _marks(journal: Journal, earned: float, closes: bool) -> NDArray[Any]:
    """The marks of a round above what was earned before it; a round that closes ends with nothing held."""
    marks = _raised(journal.marks, "equity", earned)
    if not closes or len(marks) == 0:
        return marks
    flat = marks[-1:].copy()
    flat["position_lots"] = 0
    return np.concatenate([marks, flat])


def _together(parts: Iterable[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(list(parts))


def _raised(table: NDArray[Any], column: str, by: float) -> NDArray[Any]:
    raised = table.copy()
    raised[column] += by
    return raised


def _earned(journal: Journal) -> float:
    return float(journal.marks["equity"][-1]) - journal.capital if len(journal.marks) else 0.0


def _most(orders: NDArray[Any]) -> int:
    return int(orders.max()) if len(orders) else 0


def _sum(journals: Sequence[Journal]) -> Attribution:
    parts = [one.attribution for one in journals]
    return Attribution(
        sum(part.spread for part in parts),
        sum(part.inventory for part in parts),
        sum(part.fees for part in parts),
        sum(part.funding for part in parts),
    )
