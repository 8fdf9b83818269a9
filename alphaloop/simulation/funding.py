"""When funding is settled."""

from alphaloop.market.journal import FUNDING_INTERVAL_NS as INTERVAL_NS
from alphaloop.simulation.timeline import Timeline


def settlements(made: Timeline) -> list[tuple[int, float]]:
    """The instants after the start at which funding is due, and its rate then; none without such a stream.

    Beside the venue's own hours they are the times of the side channel "settlement", where a tape has one.
    """
    stream = made.streams.get("funding")
    if stream is None:
        return []
    first = (made.start_ns // INTERVAL_NS + 1) * INTERVAL_NS
    times_ns = set(range(first, made.end_ns + 1, INTERVAL_NS))
    extra = made.streams.get("settlement")
    if extra is not None:
        times_ns.update(time_ns for time_ns in extra.times_ns if made.start_ns < time_ns <= made.end_ns)
    due = ((time_ns, stream.at(time_ns)) for time_ns in sorted(times_ns))
    return [(time_ns, rate) for time_ns, rate in due if rate is not None]
