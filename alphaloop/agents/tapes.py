"""The recorded tapes that market.yaml names: kept beside the keys, each pinned by its digest."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from alphaloop.agents.grounds import constitution_at
from alphaloop.errors import BadTape
from alphaloop.facts.market import Market
from alphaloop.market.ingest import slices
from alphaloop.market.pinned import pinned
from alphaloop.market.tape import Tape
from alphaloop.ports import Desk


def episodes_of(desk: Desk, commit: str) -> Iterator[tuple[str, tuple[Tape, ...]]]:
    """Every recorded tape of `commit`'s market, cut into whole episodes, of which each has one at least.

    Raises BadTape when a tape is not here, is another than the pinned one, or is too short to guard anything.
    """
    market = constitution_at(desk, commit).market
    for pin in market.tapes:
        yield pin.partition("@")[0], _episodes(desk.tapes, pin, market)


def refuse_other_tapes(desk: Desk, commit: str) -> None:
    """Raise BadTape unless every tape that `commit` pins is here and can guard, and its world's tape as well.

    Asked before a turn searches, not after.
    """
    for _ in episodes_of(desk, commit):
        pass
    refuse_other_world(desk, commit)


def refuse_other_world(desk: Desk, commit: str) -> None:
    """Raise BadTape unless the tape that `commit`'s world is made of is here."""
    market = constitution_at(desk, commit).market
    if market.world.tape:
        pinned(desk.tapes, market.world.tape, market.instrument)


@cache
def _episodes(folder: Path, pin: str, market: Market) -> tuple[Tape, ...]:
    episodes = tuple(slices(pinned(folder, pin, market.instrument), market.episode_s))
    if not episodes:
        raise BadTape(
            f"{folder / pin.partition('@')[0]} has no stretch of {market.episode_s:g} s without a gap, so it "
            "guards nothing: pin a longer recording, or a shorter episode_s, in market.yaml"
        )
    return episodes
