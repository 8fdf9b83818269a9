"""Markets in which a candidate broke a limit: every later candidate meets them first."""

from collections.abc import Iterable, Sequence

from alphaloop.errors import Untrusted
from alphaloop.facts.change import Change
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.facts.history import MOST_MOVES, MOST_TRADES, History, Move
from alphaloop.rules.entries.canonical import digest
from alphaloop.rules.entries.fields import Fields, body_of

MOST = 32
"""The newest that a candidate meets: more of them would cost a review more than they tell."""
_LARGEST = 1 << 53
_COLUMNS = (
    "wait_ms",
    "bid_ticks",
    "spread_ticks",
    "bid_lots",
    "ask_lots",
    "target_lots",
    "trades",
    "silent_s",
    "volatility",
    "funding",
)


def counterexample(change: Change, check: str, history: History) -> Draft:
    """The history in which the head of `change` broke what `check` names; the same one is recorded once."""
    moves = [_row(move) for move in history]
    body = {"change": change.number, "head": change.head, "check": check, "moves": moves}
    subject = f"#{change.number} broke {check} within {len(history)} moves"
    return Draft(Kind.COUNTEREXAMPLE, f"counterexample:{digest({'moves': moves})}", subject, body)


def counterexamples(entries: Iterable[Entry]) -> tuple[History, ...]:
    """The newest MOST histories in which some candidate broke a limit, oldest first."""
    kept = [entry for entry in entries if entry.kind is Kind.COUNTEREXAMPLE]
    return tuple(history_of(entry) for entry in kept[-MOST:])


def is_new(entries: Iterable[Entry], history: History) -> bool:
    """Whether a history is one, and nobody who meets the kept ones meets it: they begin otherwise."""
    return bool(history) and all(kept[: len(history)] != history for kept in counterexamples(entries))


def history_of(entry: Entry) -> History:
    """The history that `entry` carries.  Raises Untrusted for one that no search can have found."""
    fields = body_of(entry, Kind.COUNTEREXAMPLE)
    rows = fields.list("moves")
    if not 0 < len(rows) <= MOST_MOVES:
        raise Untrusted(
            f"{fields.where}: a counterexample has 1 to {MOST_MOVES} moves, not {len(rows)}; find out who "
            "wrote it"
        )
    return tuple(_move(row, fields.where) for row in rows)


def _row(move: Move) -> list[object]:
    told = [getattr(move, name) for name in _COLUMNS]
    return [list(value) if isinstance(value, tuple) else value for value in told]


def _move(row: object, where: str) -> Move:
    if not isinstance(row, list | tuple) or len(row) != len(_COLUMNS):
        raise Untrusted(f"{where}: a move has {len(_COLUMNS)} columns; find out who wrote it")
    fields = Fields(dict(zip(_COLUMNS, row, strict=True)), where)
    target = fields.values["target_lots"]
    return Move(
        wait_ms=_whole(fields, "wait_ms"),
        bid_ticks=_whole(fields, "bid_ticks"),
        spread_ticks=_whole(fields, "spread_ticks"),
        bid_lots=_whole(fields, "bid_lots"),
        ask_lots=_whole(fields, "ask_lots"),
        target_lots=None if target is None else _whole(fields, "target_lots"),
        trades=_trades(fields),
        silent_s=_whole(fields, "silent_s"),
        volatility=fields.maybe("volatility"),
        funding=fields.number("funding"),
    )


def _trades(fields: Fields) -> tuple[int, ...]:
    sizes: Sequence[object] = fields.list("trades")
    if len(sizes) > MOST_TRADES:
        raise Untrusted(f"{fields.where}: {len(sizes)} trades in one move; find out who wrote it")
    return tuple(_whole(Fields({"trade": size}, fields.where), "trade") for size in sizes)


def _whole(fields: Fields, name: str) -> int:
    value = fields.whole(name)
    if abs(value) > _LARGEST:
        raise Untrusted(f"{fields.where}: {name} is {value}, beyond any market; find out who wrote it")
    return value
