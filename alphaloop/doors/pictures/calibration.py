"""A tape beside the world that was fitted to it: one page of small panels."""

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
from numpy.typing import NDArray

from alphaloop.doors.pictures import paper
from alphaloop.facts.calibration import NEAR, Match
from alphaloop.market.calibration.comparison import Compared
from alphaloop.market.calibration.figures import DEEPEST_LAG, HORIZONS_S

HEIGHT_IN = 5.6
POINTS = 160
TAPE, WORLD = "#c1440e", "#3b6ea5"
PANELS = (
    ("spread", "Spread", "ticks"),
    ("trade_size", "Size of a market order", "base units"),
    ("inter_arrival", "Pause between orders", "s"),
)


def drawn(made: Compared) -> Figure:
    """The panels: three distributions, the autocorrelation of flow, volatility by horizon, all distances."""
    with mpl.rc_context(paper.STYLE):
        figure = Figure(figsize=(paper.WIDTH_IN, HEIGHT_IN), layout="constrained")
        axes = figure.subplots(2, 3).ravel()
        for panel, (name, title, unit) in zip(axes, PANELS, strict=False):
            _distribution(panel, made, name)
            panel.set(title=title, xlabel=unit, ylabel="share of values beyond" if name == "spread" else None)
        _flow(axes[3], made)
        _volatility(axes[4], made)
        _distances(axes[5], made.calibration.matches)
        axes[0].legend(loc="upper right", frameon=False, fontsize=8)
        about = made.calibration
        figure.suptitle(
            f"{about.tape} and {about.tapes} tapes of world {about.world.name}, {about.seconds:.0f} s each"
        )
    return figure


def _distribution(panel: Axes, made: Compared, name: str) -> None:
    """Shares of values beyond, on logarithmic axes; the band holds all simulated tapes."""
    samples = [np.sort(each.samples[name]) for each in made.simulated]
    mine = np.sort(made.tape.samples[name])
    least = float(
        max(1e-4, min(mine[mine > 0].min(initial=1.0), samples[0][samples[0] > 0].min(initial=1.0)))
    )
    most = float(max(mine[-1], *(sample[-1] for sample in samples)))
    at: NDArray[np.float64] = np.geomspace(least, max(most, 2 * least), POINTS, dtype=np.float64)
    shares = np.array([_beyond(sample, at) for sample in samples])
    _band(panel, at, shares)
    panel.step(at, _beyond(mine, at), where="post", color=TAPE, label="tape")
    panel.set(xscale="log", yscale="log", ylim=(1e-4, 1.5))
    # Plain decimals, because the sheet takes no text for a formula: a symbol may have a $ in it.
    panel.xaxis.set_major_locator(LogLocator(numticks=4))
    for axis in (panel.xaxis, panel.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_minor_formatter(NullFormatter())


def _flow(panel: Axes, made: Compared) -> None:
    lags = np.arange(1, DEEPEST_LAG + 1)
    curves = [each.autocorrelation for each in made.simulated if len(each.autocorrelation)]
    if curves:
        _band(panel, lags, np.array(curves))
    if len(made.tape.autocorrelation):
        panel.plot(lags, made.tape.autocorrelation, "o-", color=TAPE, markersize=3)
    panel.axhline(0.0, color="0.7", linewidth=0.6)
    panel.set(title="Autocorrelation of order sides", xlabel="orders later", xticks=(1, 5, 10, 15, 20))


def _volatility(panel: Axes, made: Compared) -> None:
    names = [f"volatility_{horizon:g}s" for horizon in HORIZONS_S]
    known = [place for place, name in enumerate(names) if made.tape.values[name] is not None]
    rows = [[each.values[names[place]] for place in known] for each in made.simulated]
    places = np.arange(len(known))
    whole = np.array([row for row in rows if None not in row], np.float64)
    if len(whole):
        _band(panel, places, whole)
    mine = np.array([made.tape.values[names[place]] for place in known], np.float64)
    panel.plot(places, mine, "o-", color=TAPE, markersize=3)
    panel.set(title="Volatility by horizon", ylabel="quote / √s", ylim=(0.0, None))
    panel.set_xticks(places, [f"{HORIZONS_S[place]:g} s" for place in known])


def _distances(panel: Axes, matches: Sequence[Match]) -> None:
    """In standard errors; the grey zone is where one figure cannot tell tape and world apart."""
    names = [match.name.replace("_", " ") for match in matches]
    panel.axvspan(-NEAR, NEAR, color="0.92")
    for place, match in enumerate(matches):
        if match.distance is not None:
            shown = float(np.clip(match.distance, -9.5, 9.5))
            panel.plot([0.0, shown], [place, place], color=TAPE, linewidth=1.0)
            panel.plot(shown, place, "o" if shown == match.distance else "D", color=TAPE, markersize=4)
    panel.axvline(0.0, color="0.5", linewidth=0.6)
    panel.set(title="Tape − world", xlabel="standard errors", xlim=(-10.0, 10.0))
    panel.set_yticks(range(len(names)), names, fontsize=7)
    panel.invert_yaxis()


def _band(panel: Axes, at: NDArray[np.float64] | NDArray[np.int64], curves: NDArray[np.float64]) -> None:
    low, high = curves.min(axis=0), curves.max(axis=0)
    panel.fill_between(at, low, high, color=WORLD, alpha=0.25, linewidth=0, label="world: all its tapes")
    panel.plot(at, curves.mean(axis=0), color=WORLD, linewidth=1.2, label="world: their mean")


def _beyond(rising: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of values above each of `at`."""
    shares: NDArray[np.float64] = 1.0 - np.searchsorted(rising, at, side="right") / len(rising)
    return shares
