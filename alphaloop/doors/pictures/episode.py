"""One episode on one sheet: price with own quotes and fills, position, equity, and what else was unusual."""

from collections.abc import Callable
from textwrap import wrap

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from alphaloop.doors.pictures import panels
from alphaloop.doors.pictures.delays import feed_delays, round_trips
from alphaloop.doors.pictures.paper import STYLE, plain, sheet
from alphaloop.doors.pictures.shown import Shown
from alphaloop.doors.pictures.thinning import Numbers

Panel = Callable[[Axes, Shown], None]
PRICE_IN, PANEL_IN, STRIP_IN = 3.0, 1.35, 0.95
UNUSUAL, LEAST_S = 10.0, 0.001
"""A delay of so many times the median, or of the least that counts, is drawn; usual ones fill a sheet."""


def drawn(shown: Shown) -> Figure:
    """The picture; a series without values is an empty panel, so that it is seen to be missing."""
    with mpl.rc_context(STYLE):
        return _drawn(shown)


def _drawn(shown: Shown) -> Figure:
    drawers: list[tuple[float, Panel]] = [
        (PRICE_IN, panels.price),
        (PANEL_IN, panels.position),
        (PANEL_IN, panels.equity),
        *((STRIP_IN, strip) for strip in _strips(shown)),
    ]
    figure, axes = sheet([height for height, _ in drawers])
    for axis, (_, draw) in zip(axes, drawers, strict=True):
        draw(axis, shown)
    panels.spans(axes, shown)
    _label(figure, axes, shown)
    return figure


def _strips(shown: Shown) -> list[Panel]:
    """What only some tapes have."""
    tape, strips = shown.tape, list[Panel]()
    funding = tape.channel("funding")
    if funding is not None and (len(shown.journal.funding) or len(np.unique(funding.values)) > 1):
        strips.append(panels.funding)
    if tape.channel("clock_skew") is not None:
        strips.append(panels.skew)
    if any(_unusual(seconds) for _, seconds in (feed_delays(tape), round_trips(tape))):
        strips.append(panels.delays)
    return strips


def _unusual(seconds: Numbers) -> bool:
    return len(seconds) > 0 and bool(seconds.max() > UNUSUAL * max(float(np.median(seconds)), LEAST_S))


def _label(figure: Figure, axes: list[Axes], shown: Shown) -> None:
    for axis in axes:
        if not any(_holds_points(line, axis) for line in axis.get_lines()):
            axis.text(0.5, 0.5, "nothing to draw", transform=axis.transAxes, ha="center", va="center")
    axes[-1].set_xlabel("market time since the start of the tape, s")
    axes[-1].set_xlim(0.0, float(shown.seconds(np.array([shown.end_ns]))[0]))
    ended = plain(shown.journal.fault or shown.journal.breach)
    title = [plain(shown.title), *(wrap(f"ended early: {ended}", 110) if ended else ())]
    axes[0].set_title("\n".join(title), loc="left", fontsize=10)
    figure.align_ylabels(axes)
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper left", ncols=10, frameon=False, fontsize=8)


def _holds_points(line: Line2D, axis: Axes) -> bool:
    """Whether a line is a series with values, and not a limit that is drawn from edge to edge."""
    return line.get_transform() == axis.transData and len(np.atleast_1d(line.get_xdata())) > 0
