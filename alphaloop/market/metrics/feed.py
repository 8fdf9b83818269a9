"""Quality of the feed that tapes were recorded from."""

from collections.abc import Sequence

from alphaloop.market.ingest.report import IngestReport


def sequence_gaps(reports: Sequence[IngestReport]) -> float | None:
    """Missing sequence ids over all recordings, book updates and trades: 100 then 105 is 4.

    None without a recording whose ids tell what is missing.

    Trap: a USD-M venue counts ids across symbols, so one lost message can be many ids: an upper bound of what
    is missing, and exactly 0 only when nothing is.
    """
    telling = [report for report in reports if report.sequenced]
    if not telling:
        return None
    return float(sum(report.sequence_gaps + report.missing_trades for report in telling))


def drop_rate(reports: Sequence[IngestReport]) -> float | None:
    """Missing / (missing + received), a ratio over all recordings; None without a sequenced message.

    Trap: as `sequence_gaps`, missing is in ids and received in messages, so it is an upper bound too.
    """
    missing = sequence_gaps(reports)
    received = sum(report.received for report in reports if report.sequenced)
    if missing is None or missing + received == 0:
        return None
    return missing / (missing + received)
