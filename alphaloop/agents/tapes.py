"""The recorded tapes that market.yaml names: kept beside the keys, each pinned by its digest."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from alphaloop.agents.grounds import constitution_at
from alphaloop.errors import BadTape
from alphaloop.facts.market import Market
from alphaloop.market.ingest import load, slices
from alphaloop.market.tape import Tape
from alphaloop.ports import Desk


def episodes_of(desk: Desk, commit: str) -> Iterator[tuple[str, list[Tape]]]:
    """Every recorded tape of `commit`'s market, cut into whole episodes."""
    episode_s = constitution_at(desk, commit).market.episode_s
    for name, tape in _pinned(desk, commit):
        yield name, slices(tape, episode_s)


def refuse_other_tapes(desk: Desk, commit: str) -> None:
    """Raise BadTape unless every tape that `commit` pins is here and is the pinned one.

    Said before a turn searches, and not only once a candidate is to be guarded.
    """
    for _ in _pinned(desk, commit):
        pass


def _pinned(desk: Desk, commit: str) -> Iterator[tuple[str, Tape]]:
    market = constitution_at(desk, commit).market
    for pinned in market.tapes:
        name, _, digest = pinned.partition("@")
        yield name, _loaded(desk.tapes / name, digest, market)


@cache
def _loaded(path: Path, digest: str, market: Market) -> Tape:
    if not path.is_file():
        raise BadTape(
            f"market.yaml names the tape {path.name}, which is not in {path.parent}: fetch its recording and "
            f"run `alphaloop ingest FILE --as {path.name}` here"
        )
    tape = load(path, market.instrument)
    found = tape.digest()
    if found != digest:
        raise BadTape(
            f"{path} is another tape than market.yaml pins: {found} is not {digest}; restore the pinned one"
        )
    return tape
