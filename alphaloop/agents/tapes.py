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
    market = constitution_at(desk, commit).market
    for pinned in market.tapes:
        name, _, digest = pinned.partition("@")
        tape = _loaded(desk.tapes / name, digest, market)
        yield name, slices(tape, market.episode_s)


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
