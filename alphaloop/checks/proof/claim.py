"""What parent and prover say to each other: one order in JSON, then structs that nobody believes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from struct import Struct

from alphaloop.facts.history import Move

LENGTH = Struct("<I")
WALLS_STAND = b"\1"

SAID = Struct("<BBBxIII")
"""Kind; of a CLAIM, its beginning and how many moves follow; paths, lost ones, exhausted hunts."""

PROGRESS, CLAIM = 1, 2
MOVE = Struct("<7qd")
MOST_CLAIMED = 4
_TRADE_NONE, _FILL_NONE = 0, -(1 << 62)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a prover came."""

    paths: int = 0
    lost: int = 0
    exhausted: int = 0


def packed_order(order: Mapping[str, object]) -> bytes:
    """An order to the prover, its length in front."""
    body = json.dumps(order).encode()
    return LENGTH.pack(len(body)) + body


def packed_claim(beginning: int, moves: tuple[Move, ...], progress: Progress) -> bytes:
    """A claim that these moves, after a beginning, break a limit."""
    head = SAID.pack(CLAIM, beginning, len(moves), progress.paths, progress.lost, progress.exhausted)
    return head + b"".join(map(_packed_move, moves))


def packed_progress(progress: Progress) -> bytes:
    """A word on how far the prover came."""
    return SAID.pack(PROGRESS, 0, 0, progress.paths, progress.lost, progress.exhausted)


def _packed_move(move: Move) -> bytes:
    target = _FILL_NONE if move.target_lots is None else move.target_lots
    trade = move.trades[0] if move.trades else _TRADE_NONE
    volatility = -1.0 if move.volatility is None else move.volatility
    numbers = (move.bid_ticks, move.spread_ticks, move.bid_lots, move.ask_lots, target, trade, move.silent_s)
    return MOVE.pack(*numbers, volatility)


def unpacked_moves(message: bytes) -> tuple[Move, ...]:
    """The moves of a claim; whether they are within reach is for the reader to ask."""
    return tuple(_unpacked(*numbers) for numbers in MOVE.iter_unpack(message))


def _unpacked(
    bid: int,
    spread: int,
    bid_lots: int,
    ask_lots: int,
    target: int,
    trade: int,
    silent_s: int,
    volatility: float,
) -> Move:
    return Move(
        wait_ms=100,
        bid_ticks=bid,
        spread_ticks=spread,
        bid_lots=bid_lots,
        ask_lots=ask_lots,
        target_lots=None if target == _FILL_NONE else target,
        trades=(trade,) if trade != _TRADE_NONE else (),
        silent_s=silent_s,
        volatility=volatility if volatility >= 0 else None,
    )
