"""What a tape says of the line to the venue: how old its feed is, how long orders take, when none arrive."""

import numpy as np

from alphaloop.doors.pictures.thinning import Numbers, Times
from alphaloop.market.tape import LOCAL, Spans, Tape


def feed_delays(tape: Tape) -> tuple[Times, Numbers]:
    """Exchange times of what the trader hears, and how much later that is, seconds."""
    heard = tape.events[(tape.events["ev"] & LOCAL) != 0]
    return heard["exch_ts"], (heard["local_ts"] - heard["exch_ts"]) / 1e9


def round_trips(tape: Tape) -> tuple[Times, Numbers]:
    """Request times of the messages that arrive, and how long their answers take, seconds."""
    arrived = tape.latency[tape.latency["exch_ts"] > 0]
    return arrived["req_ts"], (arrived["resp_ts"] - arrived["req_ts"]) / 1e9


def refusals(tape: Tape) -> Spans:
    """The spans in which every message to the exchange was refused: one of the two trips around it was."""
    if tape.lottery is not None or len(tape.latency) == 0:
        return ()
    no = tape.latency["exch_ts"] <= 0
    edges = np.diff(np.concatenate([[False], no[:-1] | no[1:], [False]]).astype(np.int8))
    begins, ends = (tape.latency["req_ts"][edges == edge].tolist() for edge in (1, -1))
    return tuple(zip(begins, ends, strict=True))
