"""Several files as one market."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from alphaloop.errors import BadTape
from alphaloop.market.ingest.archive import load, read_arrays
from alphaloop.market.ingest.assembly import Ingested, assembled, reported, taken_over
from alphaloop.market.ingest.basis import measured, with_index
from alphaloop.market.ingest.binance import recorded
from alphaloop.market.ingest.converters import converted
from alphaloop.market.ingest.dumps import dumped, identity
from alphaloop.market.ingest.foreign import book_of, sound
from alphaloop.market.ingest.forms import Form, form_of
from alphaloop.market.ingest.gathered import UNKNOWN, Gathered, Tally
from alphaloop.market.ingest.messages import SPOT, USDM


def ingest(path: Path, *others: Path, venue: str | None = None) -> Ingested:
    """The tape of one market and what was found on the way: the first of `market_of`."""
    return market_of((path, *others), venue)[0]


def market_of(paths: Sequence[Path], venue: str | None = None) -> tuple[Ingested, ...]:
    """The tapes of the instruments of one market, the one that is traded first.

    paths: recordings, dumps or tapes, see docs/ingest.md.  Dumps of one symbol make one tape together.  A
    perpetual and its spot market make two, and the perpetual's index is the spot mid unless the venue's own
    was recorded.  venue: where the files are from; needed only where they do not say.  Tick and lot are
    inferred, fees are assumed and marked as assumed.

    Raises BadTape when a file is missing, cut short, no recording, of another venue than said, or never gives
    a synchronised book, and when the files do not belong together.
    """
    _refuse_repeats(paths)
    forms = {path: form_of(path) for path in paths}
    tapes = [tape for form in Form for tape in _ingested(form, [p for p in paths if forms[p] is form], venue)]
    for tape in tapes:
        _refuse_other_venue(tape, venue)
    return _joined(tapes)


def _refuse_repeats(paths: Sequence[Path]) -> None:
    if not paths:
        raise BadTape("there is nothing to ingest; name a recording")
    if len({path.resolve() for path in paths}) < len(paths):
        raise BadTape(f"{' '.join(map(str, paths))}: a file is named twice; name it once")


def _ingested(form: Form, paths: Sequence[Path], venue: str | None) -> Sequence[Ingested]:
    if not paths:
        return ()
    if form is Form.BINANCE:
        return [assembled(recorded(path)) for path in paths]
    if form is Form.DUMP:
        return [assembled(dumped(group)) for group in _by_identity(paths).values()]
    if form is Form.NPZ:
        return [_tape(path, venue or UNKNOWN) for path in paths]
    if form is Form.TARDIS:
        return [converted(paths, form)]
    return [converted([path], form) for path in paths]


def _by_identity(paths: Sequence[Path]) -> Mapping[tuple[str, str], Sequence[Path]]:
    groups: dict[tuple[str, str], list[Path]] = {}
    for path in paths:
        groups.setdefault(identity(path), []).append(path)
    return groups


def _tape(path: Path, venue: str) -> Ingested:
    """Our own tape as it is, or hftbacktest's rows with tick and lot inferred."""
    found = read_arrays(path)
    if "data" not in found:
        tape = load(path)
        named = tape if tape.venue != UNKNOWN else replace(tape, venue=venue)
        return reported(named, Tally(sequence_gaps=tape.sequence_gaps), str(path), book_of(tape.events))
    try:
        rows, tally = sound(found["data"])
    except ValueError as fault:
        raise BadTape(f"{path}: is no tape that can be played ({fault}); convert it again") from fault
    gathered = Gathered((path,), venue, path.stem, tally, rows, book_of(rows), sequenced=False)
    return taken_over(gathered, 0)


def _refuse_other_venue(ingested: Ingested, venue: str | None) -> None:
    found = ingested.report.venue
    if venue is not None and found not in (venue, UNKNOWN):
        raise BadTape(f"{ingested.report.source}: is of {found}, not of {venue}; leave --venue out")


def _joined(tapes: Sequence[Ingested]) -> tuple[Ingested, ...]:
    if len(tapes) == 1:
        return (measured(tapes[0], "the venue's own index"),)
    perpetual, spot = (next((t for t in tapes if t.report.venue == venue), None) for venue in (USDM, SPOT))
    named = ", ".join(f"{t.report.venue} {t.report.symbol} ({t.report.source})" for t in tapes)
    if len(tapes) > 2 or perpetual is None or spot is None or perpetual.report.symbol != spot.report.symbol:
        raise BadTape(
            f"these are no one market: {named}; files of one call are a perpetual and its spot market, or "
            "dumps of one symbol: ingest others one by one"
        )
    _refuse_apart(perpetual, spot)
    return with_index(perpetual, spot), spot


def _refuse_apart(perpetual: Ingested, spot: Ingested) -> None:
    (one, _), (other, _) = perpetual, spot
    if one.end_ns < other.start_ns or other.end_ns < one.start_ns:
        gap_s = max(other.start_ns - one.end_ns, one.start_ns - other.end_ns) / 1e9
        raise BadTape(
            f"{one.name} and {other.name} have no instant in common (they are {gap_s:.0f} s apart), so one "
            "gives no index to the other; ingest them one by one"
        )
