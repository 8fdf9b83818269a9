"""Draw docs/pictures/anchor-quotes.svg: the best quotes of the published game beside the paper's formula."""

from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from alphaloop.simulation.anchor.ceiling import Best, best
from alphaloop.simulation.anchor.model import Game, Policy, formula

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "pictures" / "anchor-quotes.svg"
GAMMA = 0.1
WIDEST = 12
"""Units; four deviations of what the best quoter has left at the end."""
BEST, PAPER = "#1a6faf", "#c2571a"


def main() -> None:
    """Write the picture; the same code always gives the same bytes."""
    mpl.rcParams |= {"svg.hashsalt": "anchor", "svg.fonttype": "none", "font.size": 9}
    game = Game()
    found, paper = best(game, GAMMA), formula(game, GAMMA, leaning=True)
    figure = Figure(figsize=(9, 3.8), layout="constrained")
    quotes, leans = figure.subplots(1, 2)
    _quotes(quotes, game, found, paper)
    _leans(leans, game, found, paper)
    PICTURE.parent.mkdir(exist_ok=True)
    figure.savefig(PICTURE, metadata={"Date": None})


def _quotes(axes: Any, game: Game, found: Best, paper: Policy) -> None:
    """Both quotes over inventory at the start of the game."""
    held = game.inventories
    shown = np.abs(held) <= WIDEST
    for policy, color, style, name in ((found.quotes, BEST, "-", "best"), (paper, PAPER, "--", "formula")):
        bid, ask = policy(game.steps)
        axes.plot(held[shown], ask[shown], style, color=color, label=f"{name}: ask")
        axes.plot(held[shown], -bid[shown], style, color=color, alpha=0.55, label=f"{name}: bid")
    axes.axhline(0, color="#999999", linewidth=0.8)
    axes.set(title=f"Quotes at the start, gamma {GAMMA:g}", xlabel="inventory, units")
    axes.set_ylabel("distance above the mid, quote currency")
    axes.legend(frameon=False)


def _leans(axes: Any, game: Game, found: Best, paper: Policy) -> None:
    """How much a unit of inventory moves the middle of both quotes, over time."""
    left = np.arange(1, game.steps + 1)
    for policy, color, style, name in ((found.quotes, BEST, "-", "best"), (paper, PAPER, "--", "formula")):
        axes.plot(left, [_lean(game, policy, int(n)) for n in left], style, color=color, label=name)
    axes.invert_xaxis()
    axes.set(title="Lean against one unit of inventory", xlabel="steps to go", ylabel="quote currency")
    axes.legend(frameon=False)


def _lean(game: Game, policy: Policy, left: int) -> float:
    """By how much the middle of the quotes falls from no inventory to one unit."""
    bid, ask = policy(left)
    middle = (ask - bid) / 2
    return float(middle[game.limit] - middle[game.limit + 1])


if __name__ == "__main__":
    main()
