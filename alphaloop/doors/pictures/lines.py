"""How a series, a limit and a span are drawn, so that every panel speaks alike."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from alphaloop.doors.pictures.shown import Shown
from alphaloop.doors.pictures.thinning import Numbers, Times, bridged, changes, column_ns, held, thinned

# Blue and vermilion of Okabe and Ito: told apart by people who see few colours; on paper by form and dash.
BOUGHT, SOLD = "#0072B2", "#D55E00"
BLACK, GREY, PALE, SHADE = "black", "0.45", "0.75", "0.93"

DASHED, DOTTED, CHAIN = (0, (5, 2)), (0, (1, 1)), (0, (4, 1, 1, 1))


@dataclass(frozen=True, slots=True)
class Pen:
    """How a line looks; dash: matplotlib's offset and on-off lengths, None for a solid line."""

    color: str = BLACK
    dash: Any = None
    width: float = 1.0


def step(panel: Axes, shown: Shown, series: tuple[Times, Numbers], label: str | None, pen: Pen) -> None:
    """A line that holds each value until the next, and the last one until the end; nothing without values."""
    times_ns, values = series
    if len(times_ns) == 0:
        return
    last_ns = max(shown.journal.end_ns, int(times_ns[-1]))
    times_ns, values = np.append(times_ns, last_ns), np.append(values, values[-1])
    narrow_ns = column_ns(times_ns)
    times_ns, values = changes(*bridged(times_ns, values, narrow_ns))
    seen_ns, seen = thinned(times_ns, values)
    # Where points were left out, there are more steps than a sheet can show.
    stepped = len(seen) == len(values)
    if not stepped:
        seen_ns, seen = held(seen_ns, seen, narrow_ns)
    panel.plot(
        shown.seconds(seen_ns),
        seen,
        drawstyle="steps-post" if stepped else "default",
        color=pen.color,
        linestyle="-" if pen.dash is None else pen.dash,
        linewidth=pen.width,
        label=label,
    )


def zero(panel: Axes) -> None:
    """Where nothing is gained, held or wrong."""
    panel.axhline(0.0, color=PALE, linewidth=0.6, zorder=0)


def span(panel: Axes, shown: Shown, span_ns: tuple[int, int], label: str | None, hatch: str | None) -> None:
    """A stretch of time, shaded; or hatched, so that a print without greys still shows it."""
    begin, end = shown.seconds(np.array(span_ns, np.int64)).tolist()
    face, edge = (SHADE, "none") if hatch is None else ("none", PALE)
    panel.axvspan(
        begin, end, facecolor=face, edgecolor=edge, hatch=hatch, linewidth=0.0, label=label, zorder=-1
    )
