"""The gates of an arena side by side: loops that promoted something useless, and what was found."""

from collections.abc import Callable, Sequence

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from alphaloop import words
from alphaloop.doors.pictures import paper
from alphaloop.doors.pictures.lines import BLACK, BOUGHT, GREY
from alphaloop.facts.arena import Arena, Tally, wilson

BUDGET = 0.05
_HEIGHT_IN = 2.6

Count = Callable[[Tally], tuple[int, int]]


def drawn(made: Arena) -> Figure:
    """A bar for each gate with its Wilson interval; a second panel where something was planted."""
    panels: list[tuple[str, Count]] = [("loops that promoted something useless", _false)]
    if made.share > 0:
        panels.append(("good proposals that were promoted", _found))
    with mpl.rc_context(paper.STYLE):
        figure = Figure(figsize=(paper.WIDTH_IN, _HEIGHT_IN), layout="constrained")
        axes: Sequence[Axes] = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0].tolist()
        for panel, (title, count) in zip(axes, panels, strict=True):
            _bars(panel, made.tallies, count)
            panel.set(title=title, xlim=(0, 1.02))
        axes[0].axvline(BUDGET, color=BLACK, linestyle=(0, (5, 2)), linewidth=0.9)
        axes[0].invert_yaxis()
        figure.suptitle(paper.plain(words.arena_title(made)))
    return figure


def _bars(panel: Axes, tallies: Sequence[Tally], count: Count) -> None:
    names = [words.gate_name(tally.gate) for tally in tallies]
    counted = [count(tally) for tally in tallies]
    shares = [found / of if of else 0.0 for found, of in counted]
    panel.barh(names, shares, color=[BOUGHT if place == 0 else GREY for place in range(len(names))])
    for name, pair in zip(names, counted, strict=True):
        between = wilson(*pair)
        if between is not None:
            panel.plot(between, [name, name], color=BLACK, linewidth=1.2, marker="|", markersize=5)
    panel.xaxis.set_major_formatter(PercentFormatter(1.0))


def _false(tally: Tally) -> tuple[int, int]:
    return tally.false_loops, len(tally.loops)


def _found(tally: Tally) -> tuple[int, int]:
    return tally.found, tally.good
