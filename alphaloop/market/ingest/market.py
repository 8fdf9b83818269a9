"""Several files as one market."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from alphaloop.errors import BadTape
from alphaloop.market.ingest import tardis
from alphaloop.market.ingest.archive import load, read_arrays
from alphaloop.market.ingest.assembly import Ingested, assembled, reported, taken_over
from alphaloop.market.ingest.basis import measured, with_index
from alphaloop.market.ingest.binance import recorded
from alphaloop.market.ingest.converters import converted
from alphaloop.market.ingest.dumps import by_day, dumped
from alphaloop.market.ingest.foreign import book_of, sound
from alphaloop.market.ingest.forms import Form, form_of
from alphaloop.market.ingest.gathered import UNKNOWN, Gathered, Tally
from alphaloop.market.ingest.messages import SPOT, USDM

OWN_INDEX = "the venue's own index"


def ingest(path: Path, *others: Path, venue: str | None = None) -> Ingested:
    """The tape of one market and what was found on the way: the first of `market_of`."""
    return market_of((path, *others), venue)[0]


def market_of(paths: Sequence[Path], venue: str | None = None) -> tuple[Ingested, ...]:
    """The tapes of one market, those of what is traded first, and then by time.

    paths: recordings, dumps or tapes, see docs/ingest.md.  Each recording is a tape, and so are the dumps of
    one day, or of one month.  Beside a perpetual its spot market is recorded for its index: that is the spot
    mid wherever the two have an instant in common, unless the venue's own was recorded.  venue: where the
    files are from; needed only where they do not say.  Tick and lot are inferred, fees are assumed and marked
    as assumed.

    Raises BadTape when a file is missing, cut short, no recording, of another venue than said, or never gives
    a synchronised book, and when the files do not belong together.
    """
    return _joined(_read(paths, venue))


def _read(paths: Sequence[Path], venue: str | None) -> list[Ingested]:
    _refuse_repeats(paths)
    forms = {path: form_of(path) for path in paths}
    tapes = [tape for form in Form for tape in _ingested(form, [p for p in paths if forms[p] is form], venue)]
    for tape in tapes:
        _refuse_other_venue(tape, venue)
    return tapes


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
        return [assembled(dumped(group)) for group in by_day(paths)]
    if form is Form.NPZ:
        return [_tape(path, venue or UNKNOWN) for path in paths]
    if form is Form.TARDIS:
        return [converted(group, form) for group in tardis.by_day(paths)]
    return [converted([path], form) for path in paths]


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
    _refuse_strangers(tapes)
    ordered = sorted(tapes, key=lambda one: one.tape.start_ns)
    venues = {one.report.venue for one in tapes}
    for of in venues:
        _refuse_same_time([one for one in ordered if one.report.venue == of])
    if venues != {USDM, SPOT}:
        return tuple(measured(one, OWN_INDEX) for one in ordered)
    perpetuals, spots = ([one for one in ordered if one.report.venue == of] for of in (USDM, SPOT))
    for spot in spots:
        _refuse_alone(spot, perpetuals)
    return tuple(_beside(perpetual, spots) for perpetual in perpetuals) + tuple(spots)


def _beside(perpetual: Ingested, spots: Sequence[Ingested]) -> Ingested:
    """The perpetual with the index that the spot market gives it; without one where none was recorded."""
    mine = [spot for spot in spots if _together(perpetual, spot)]
    if len(mine) > 1:
        raise BadTape(
            f"{perpetual.report.source} has {len(mine)} recordings of its spot market beside it: ingest it "
            "with one of them, or cut it where they begin"
        )
    return with_index(perpetual, mine[0]) if mine else measured(perpetual, OWN_INDEX)


def _together(one: Ingested, other: Ingested) -> bool:
    """Whether they have an instant in common."""
    return one.tape.start_ns <= other.tape.end_ns and other.tape.start_ns <= one.tape.end_ns


def _refuse_strangers(tapes: Sequence[Ingested]) -> None:
    venues, symbols = ({getattr(one.report, name) for one in tapes} for name in ("venue", "symbol"))
    if len(symbols) > 1 or (len(venues) > 1 and venues != {USDM, SPOT}):
        named = ", ".join(f"{one.report.venue} {one.report.symbol} ({one.report.source})" for one in tapes)
        raise BadTape(
            f"these are no one market: {named}; files of one call are days of one symbol, or of a perpetual "
            "and its spot market: ingest others one by one"
        )


def _refuse_same_time(ordered: Sequence[Ingested]) -> None:
    for before, after in pairwise(ordered):
        if _together(before, after):
            raise BadTape(
                f"these are no one market: {before.report.source} and {after.report.source} tell of "
                f"{after.report.symbol} on {after.report.venue} at the same time; leave one out"
            )


def _refuse_alone(spot: Ingested, perpetuals: Sequence[Ingested]) -> None:
    if any(_together(spot, perpetual) for perpetual in perpetuals):
        return
    nearest = min(perpetuals, key=lambda perpetual: _apart_ns(perpetual, spot))
    raise BadTape(
        f"{nearest.tape.name} and {spot.tape.name} have no instant in common (they are "
        f"{_apart_ns(nearest, spot) / 1e9:.0f} s apart), so one gives no index to the other; ingest them one "
        "by one"
    )


def _apart_ns(one: Ingested, other: Ingested) -> int:
    return max(other.tape.start_ns - one.tape.end_ns, one.tape.start_ns - other.tape.end_ns)
