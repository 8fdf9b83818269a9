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


def episodes_of(desk: Desk, commit: str) -> Iterator[tuple[str, tuple[Tape, ...]]]:
    """Every recorded tape of `commit`'s market, cut into whole episodes, of which each has one at least.

    Raises BadTape when a tape is not here, is another than the pinned one, or is too short to guard anything.
    """
    market = constitution_at(desk, commit).market
    for pinned in market.tapes:
        name, _, digest = pinned.partition("@")
        yield name, _episodes(desk.tapes / name, digest, market)


def refuse_other_tapes(desk: Desk, commit: str) -> None:
    """Raise BadTape unless every tape that `commit` pins can guard: before a turn searches, not after."""
    for _ in episodes_of(desk, commit):
        pass


@cache
def _episodes(path: Path, digest: str, market: Market) -> tuple[Tape, ...]:
    episodes = tuple(slices(_loaded(path, digest, market), market.episode_s))
    if not episodes:
        raise BadTape(
            f"{path} has no stretch of {market.episode_s:g} s without a gap, so it guards nothing: pin a "
            "longer recording, or a shorter episode_s, in market.yaml"
        )
    return episodes


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
