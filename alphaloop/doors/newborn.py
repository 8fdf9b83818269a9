"""The files of a new strategy repository: what is shipped, with market, limits and human filled in."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from alphaloop.errors import BadConfiguration, Misuse
from alphaloop.facts.market import Limits, Market, WorldSpec
from alphaloop.forge import hooks
from alphaloop.forge.founding import found, refuse_unless_free
from alphaloop.market.calibration.basis import with_basis
from alphaloop.market.ingest import market_of, save
from alphaloop.market.ingest.assembly import Ingested
from alphaloop.market.reach import reach_bps
from alphaloop.market.store.tapes import keep_tape
from alphaloop.market.tape import Tape
from alphaloop.market.worlds import fit, make
from alphaloop.rules.constitution import judge as judge_file
from alphaloop.rules.constitution import limits as risk_file
from alphaloop.rules.constitution import market as market_file
from alphaloop.rules.constitution.roles import SEATS
from alphaloop.rules.constitution.writing import market_yaml, risk_py, with_humans
from alphaloop.simulation.machine import judge
from alphaloop.wiring import STORE, TAPES, shipped

LOTS_AT_LIMIT = 1_000
"""A fitted desk's MAX_POSITION is at least so many lots, so that sizes can be shares of it."""
GAMES = ("avellaneda-stoikov", "null")
GAME_TICK, GAME_LOT, GAME_S = 1e-4, 1e-3, 200.0
_SIZE = re.compile(rb"^(\s*MAX_POSITION = )[0-9.e+-]+$", re.MULTILINE)
_DISTANCE = re.compile(rb'("half_spread_bps": )[0-9.]+(?=[,}])')


def founded(
    folder: Path, recordings: Sequence[Path], world: str | None, login: str, tell: Callable[[str], None]
) -> tuple[str, ...]:
    """Make the repository, and answer its seats.  Raises Misuse or BadTape having written nothing."""
    if recordings and world is not None:
        raise Misuse("--tape fits a world to the recording, so --world cannot name another: leave one out")
    refuse_unless_free(folder)
    files = shipped_files()
    market, limits = market_file.market(files["market.yaml"]), risk_file.limits(files["risk.py"])
    ingested, beside = _ingested(recordings, tell)
    tapes = {name: tape for name, (tape, _) in ingested.items()}
    if tapes:
        market, limits = _fitted(market, limits, tapes)
    elif world is not None:
        market = _elsewhere(market, world)
    files |= {
        "market.yaml": market_yaml(market),
        "risk.py": risk_py(limits),
        "strategy.py": _strategy(files["strategy.py"], limits, tapes),
        "roles.yaml": with_humans(files["roles.yaml"], [login]),
        judge_file.FILE: judge_file.judge_lock(judge(), None),
    }
    found(folder, files, SEATS, login, partial(_keep, ingested, beside))
    hooks.install(folder)
    return SEATS


def shipped_files() -> dict[str, bytes]:
    """Everything that is copied: path in the new repository → content."""
    top = shipped()
    files = {"roles.yaml": (top / "roles.yaml").read_bytes()}
    for folder, prefix in ((top / "strategy_template", ""), (top / "agents", "agents/")):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                files[f"{prefix}{path.relative_to(folder).as_posix()}"] = path.read_bytes()
    return files


def _ingested(
    recordings: Sequence[Path], tell: Callable[[str], None]
) -> tuple[Mapping[str, Ingested], Sequence[Ingested]]:
    """The tapes that are pinned, by the names of their files, and the spot tapes that gave them an index."""
    if not recordings:
        return {}, ()
    tell(f"ingesting {', '.join(map(str, recordings))}")
    found = market_of(recordings)
    for _, report in found:
        said = f"{report.rows} rows over {report.span_s:.0f} s, {report.sequence_gaps} messages missing"
        tell(f"  {report.source}: {said}")
    # What is traded comes first; beside a perpetual the others are of its spot market.
    traded, beside = (
        [one for one in found if (one.tape.venue == found[0].tape.venue) is of_first]
        for of_first in (True, False)
    )
    ingested = {f"{one.tape.name.split('.')[0]}.npz": one for one in traded}
    if len(ingested) < len(traded):
        raise Misuse("two recordings have the same name: rename one")
    return ingested, beside


def _strategy(shipped_source: bytes, limits: Limits, tapes: Mapping[str, Tape]) -> bytes:
    """The template's strategy at these limits; beside a recording it quotes where that market reaches it."""
    source = _SIZE.sub(rb"\g<1>" + repr(limits.max_position).encode(), shipped_source)
    for tape in [*tapes.values()][:1]:
        source = _DISTANCE.sub(rb"\g<1>" + repr(reach_bps(tape)).encode(), source, count=1)
    return source


def _keep(ingested: Mapping[str, Ingested], beside: Sequence[Ingested], private: Path) -> None:
    folder = private / TAPES
    folder.mkdir()
    for tape, report in beside:
        keep_tape(private / STORE, tape, report)
    for name, (tape, report) in ingested.items():
        keep_tape(private / STORE, tape, report)
        save(tape, folder / name)


def _fitted(market: Market, limits: Limits, tapes: Mapping[str, Tape]) -> tuple[Market, Limits]:
    """The market of the first tape, at the template's proportions of capital, risk aversion and sizes.

    A perpetual with an index gives its basis to the world too.
    """
    first = next(iter(tapes.values()))
    symbols = {tape.instrument.symbol for tape in tapes.values()}
    if len(symbols) > 1:
        raise Misuse(f"the recordings are of {', '.join(sorted(symbols))}: a desk trades one instrument")
    world = with_basis(fit(first), first)
    price = dict(world.params)["price"]
    capital = max(market.capital, float(round(LOTS_AT_LIMIT * first.instrument.lot * price)))
    grown = replace(
        market,
        instrument=first.instrument,
        capital=capital,
        gamma=market.gamma * market.capital / capital,
        world=world,
        tapes=tuple(f"{name}@{tape.digest()}" for name, tape in tapes.items()),
    )
    return grown, _resized(
        limits, capital / market.capital, _whole_lots(capital / price, first.instrument.lot)
    )


def _resized(limits: Limits, growth: float, max_position: float) -> Limits:
    share = max_position / limits.max_position
    return replace(
        limits,
        max_position=max_position,
        max_order_size=float(f"{limits.max_order_size * share:.6g}"),
        max_order_value=float(f"{limits.max_order_value * growth:.6g}"),
    )


def _whole_lots(size: float, lot: float) -> float:
    return float(f"{int(size / lot) * lot:.10g}")


def _elsewhere(market: Market, world: str) -> Market:
    """The template's market in another world; in the null world nothing has a price, not even risk."""
    spec = WorldSpec(world) if world != market.world.name else market.world
    if world in GAMES:
        instrument = replace(market.instrument, tick=GAME_TICK, lot=GAME_LOT, maker_bps=0.0, taker_bps=0.0)
        gamma = 0.0 if world == "null" else market.gamma
        market = replace(market, instrument=instrument, gamma=gamma, episode_s=GAME_S)
    made = replace(market, world=spec)
    try:
        make(made.world, made.instrument, made.episode_s, 0)
    except BadConfiguration as wrong:
        raise Misuse(f"--world {world}: {wrong}") from wrong
    return made
