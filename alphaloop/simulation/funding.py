"""When funding is settled."""

from alphaloop.simulation.timeline import Timeline

INTERVAL_NS = 8 * 3_600 * 1_000_000_000
"""Binance USD-M settles at 00:00, 08:00 and 16:00 UTC."""


def settlements(made: Timeline) -> list[tuple[int, float]]:
    """The instants after the start at which funding is due, and its rate then; none without such a stream."""
    stream = made.streams.get("funding")
    if stream is None:
        return []
    first = (made.start_ns // INTERVAL_NS + 1) * INTERVAL_NS
    due = ((time_ns, stream.at(time_ns)) for time_ns in range(first, made.end_ns + 1, INTERVAL_NS))
    return [(time_ns, rate) for time_ns, rate in due if rate is not None]
