"""The panels of an episode's picture, each over the same time."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from alphaloop.doors.pictures.delays import feed_delays, refusals, round_trips
from alphaloop.doors.pictures.lines import (
    BLACK,
    BOUGHT,
    CHAIN,
    DASHED,
    DOTTED,
    GREY,
    SOLD,
    Pen,
    span,
    step,
    zero,
)
from alphaloop.doors.pictures.quotes import best, resting
from alphaloop.doors.pictures.shown import Shown
from alphaloop.market.replay import Touches, touches
from alphaloop.market.tape import Channel, Spans

NOW_AND_THEN = 0.05
"""Share of the time."""


def price(panel: Axes, shown: Shown) -> None:
    """Bid, ask, own quotes, fills as triangles; mark and index where they leave the book."""
    tick, seen = shown.tape.instrument.tick, touches(shown.tape)
    step(panel, shown, (seen.times_ns, seen.bid * tick), "bid and ask", Pen(GREY, width=0.6))
    step(panel, shown, (seen.times_ns, seen.ask * tick), None, Pen(GREY, width=0.6))
    for name, dash in (("index", DOTTED), ("mark", CHAIN)):
        channel = shown.tape.channel(name)
        if channel is not None and _leaves(channel, seen, tick):
            step(panel, shown, (channel.times_ns, channel.values), name, Pen(BLACK, dash, 0.9))
    orders = resting(shown.journal, shown.tape)
    for side, label, pen in ((1, "our bid", Pen(BOUGHT, None, 0.8)), (-1, "our ask", Pen(SOLD, DASHED, 0.8))):
        times_ns, ticks = best(orders, side)
        step(panel, shown, (times_ns, ticks * tick), label, pen)
    _fills(panel, shown, 1, BOUGHT)
    _fills(panel, shown, -1, SOLD)
    panel.set_ylabel("price, quote")


def position(panel: Axes, shown: Shown) -> None:
    """What is held, as the trader knows it, between its limits."""
    journal = shown.journal
    held = journal.marks["position_lots"] * journal.instrument.lot
    step(panel, shown, (journal.marks["time_ns"], held), None, Pen())
    for limit in (-journal.max_position, journal.max_position):
        panel.axhline(limit, color=BLACK, linestyle=(0, (6, 3)), linewidth=0.8)
    zero(panel)
    panel.set_ylim(-1.15 * journal.max_position, 1.15 * journal.max_position)
    panel.set_ylabel("position, base\n(dashed: limit)")


def equity(panel: Axes, shown: Shown) -> None:
    """What was gained or lost since the start, as the trader knows it."""
    journal = shown.journal
    step(panel, shown, (journal.marks["time_ns"], journal.marks["equity"] - journal.capital), None, Pen())
    zero(panel)
    panel.set_ylabel("equity − start,\nquote")


def funding(panel: Axes, shown: Shown) -> None:
    """The funding rate, and what was settled."""
    channel, settled = shown.tape.channel("funding"), shown.journal.funding
    if channel is not None:
        step(panel, shown, (channel.times_ns, channel.values * 100), None, Pen())
    times_s = shown.seconds(settled["time_ns"])
    panel.plot(times_s, settled["rate"] * 100, "D", color=BLACK, markersize=5)
    for second, rate, received in zip(
        times_s.tolist(), settled["rate"].tolist(), settled["received"].tolist(), strict=True
    ):
        words = f"  {'received' if received >= 0 else 'paid'} {abs(received):.3g} quote"
        panel.annotate(words, (second, rate * 100), fontsize=8, va="top")
    panel.set_ylabel("funding, %\n(◆ settled)")


def skew(panel: Axes, shown: Shown) -> None:
    """How far the told time is from the true one."""
    channel = shown.tape.channel("clock_skew")
    if channel is not None:
        step(panel, shown, (channel.times_ns, channel.values), None, Pen())
    zero(panel)
    panel.set_ylabel("told time −\ntrue time, s")


def delays(panel: Axes, shown: Shown) -> None:
    """How old the feed is when it is heard, and how long a message and its answer take."""
    step(panel, shown, feed_delays(shown.tape), "feed", Pen())
    step(panel, shown, round_trips(shown.tape), "order and answer", Pen(BLACK, DASHED))
    panel.set_ylabel("delay, s")
    panel.legend(loc="upper left", frameon=False, fontsize=8)


def spans(panels: Sequence[Axes], shown: Shown) -> None:
    """Shade the scenario on every panel, and hatch what was cut off, refused or not to be judged."""
    tape = shown.tape
    struck: Spans = () if shown.struck_ns is None else (shown.struck_ns,)
    for panel in panels:
        for found, label, hatch in (
            (struck, "scenario", None),
            (tape.outages_ns, "cut off", "///"),
            (_beside(refusals(tape), tape.outages_ns), "orders refused", "\\\\\\"),
            (tape.gaps_ns, "not judged", "xxx"),
        ):
            for place, span_ns in enumerate(found):
                span(panel, shown, span_ns, label if panel is panels[0] and place == 0 else None, hatch)


def _beside(refused: Spans, outages: Spans) -> Spans:
    """The spans of refusals that are not just what being cut off means."""
    return tuple(
        (begin, end)
        for begin, end in refused
        if not any(first - 1 <= begin and end <= last for first, last in outages)
    )


def _leaves(channel: Channel, seen: Touches, tick: float) -> bool:
    """Whether a stream is outside the book more than now and then; one that is not would hide the book."""
    if len(channel.times_ns) == 0 or len(seen.times_ns) == 0:
        return True
    times_ns = np.linspace(float(seen.times_ns[0]), float(seen.times_ns[-1]), 1_000).astype(np.int64)
    book, place = (
        np.maximum(np.searchsorted(those, times_ns, side="right") - 1, 0)
        for those in (seen.times_ns, channel.times_ns)
    )
    value = channel.values[place] / tick
    outside = (value < seen.bid[book]) | (value > seen.ask[book])
    return bool(outside.mean() > NOW_AND_THEN)


def _fills(panel: Axes, shown: Shown, side: int, color: str) -> None:
    fills = shown.journal.fills[shown.journal.fills["side"] == side]
    panel.plot(
        shown.seconds(fills["matched_ns"]),
        fills["ticks"] * shown.tape.instrument.tick,
        linestyle="none",
        marker="^" if side > 0 else "v",
        markersize=5,
        markerfacecolor=color if side > 0 else "white",
        markeredgecolor=color,
        markeredgewidth=0.9,
        label="bought" if side > 0 else "sold",
        zorder=3,
    )
