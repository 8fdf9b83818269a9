"""The rows of the anchor: measured by playing, beside the model's own figures and the ceiling."""

import os
from collections.abc import Callable, Iterator, Sequence
from time import monotonic

import numpy as np

from alphaloop.facts.anchor import Anchor, AnchorRow, Figures
from alphaloop.market.metrics.returns import certainty_equivalent
from alphaloop.rules import seeds
from alphaloop.simulation.anchor.ceiling import best
from alphaloop.simulation.anchor.exact import Exact, exact
from alphaloop.simulation.anchor.model import Game, formula
from alphaloop.simulation.anchor.paths import STRATEGIES, Path, played, source_of, venue_of

PUBLISHED = {
    (0.1, "inventory"): Figures(65.0, 6.6, 2.9, None),
    (0.1, "symmetric"): Figures(68.4, 12.7, 8.4, None),
}
"""Avellaneda & Stoikov (2008), table 1: 1,000 paths."""
_SILENT_S = 5.0
_PURPOSE = "avellaneda-stoikov"


def anchor(gammas: Sequence[float], paths: int, seed: int, tell: Callable[[str], None]) -> Anchor:
    """Both strategies at each γ (1/quote), all over the same paths, so that luck does not tell rows apart.

    Raises Broken when a path is not played as published, SandboxUnavailable where nothing isolates.
    """
    game = Game()
    return Anchor(
        tuple(row for gamma in gammas for row in _rows(game, gamma, paths, seed, tell)),
        seed,
        game.risk_neutral,
    )


def _rows(
    game: Game, gamma: float, paths: int, seed: int, tell: Callable[[str], None]
) -> Iterator[AnchorRow]:
    ceiling = best(game, gamma).certainty_equivalent
    numbers = seeds.search(seed, _PURPOSE, paths)
    venue = venue_of(game, gamma)
    cores = len(os.sched_getaffinity(0))
    for strategy in STRATEGIES:
        alone = played(source_of(strategy, gamma), venue, numbers, cores)
        ends = list(_told(alone, f"gamma {gamma:g}, {strategy}", paths, tell))
        model = exact(game, formula(game, gamma, leaning=strategy == "inventory"), gamma)
        yield _row(strategy, ends, model, ceiling)


def _told(ends: Iterator[Path], what: str, paths: int, tell: Callable[[str], None]) -> Iterator[Path]:
    told_s = monotonic()
    for count, end in enumerate(ends, 1):
        if count == paths or monotonic() - told_s > _SILENT_S:
            told_s = monotonic()
            tell(f"  {what}: {count} of {paths} paths")
        yield end


def _row(strategy: str, ends: Sequence[Path], model: Exact, ceiling: float) -> AnchorRow:
    profits, left = np.array(ends).T
    measured = Figures(
        float(profits.mean()),
        float(profits.std(ddof=1)),
        float(left.std(ddof=1)),
        certainty_equivalent(profits, model.gamma),
    )
    return AnchorRow(
        gamma=model.gamma,
        strategy=strategy,
        paths=len(ends),
        measured=measured,
        model=model.figures,
        errors=model.errors(len(ends)),
        published=PUBLISHED.get((model.gamma, strategy)),
        ceiling=ceiling,
    )
