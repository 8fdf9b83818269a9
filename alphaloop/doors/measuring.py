"""What `alphaloop metrics` measures: main's strategy on search seeds, or a run that the store keeps."""

from dataclasses import dataclass

from alphaloop.agents.data import kept_of, measure_main, measured_again
from alphaloop.agents.extras import extras
from alphaloop.agents.keeping import HEAD, contests, other_side, run_of
from alphaloop.doors.whoami import refuse_without_keys
from alphaloop.errors import Misuse
from alphaloop.facts.extra import Extra
from alphaloop.facts.metric import Record
from alphaloop.market.store.reader import source_named
from alphaloop.market.store.source import Source
from alphaloop.ports import Desk


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured, and of what.

    record: the four layers; beside: those of the other side of a contest, where there is one; run: the key of
    what they were computed from, "" when that is not kept; extras: what the repository's own metrics say.
    """

    record: Record
    beside: Record | None
    run: str
    extras: tuple[Extra, ...]


def measured(desk: Desk, key: str | None, release: bool) -> Measured:
    """Main, unless a run is named by the beginning of its key, or the newest release is asked for.

    Raises Misuse when what is asked for is not kept here.
    """
    if key is not None and release:
        raise Misuse("--run and --release are two things to measure: name one")
    if key is None and not release:
        refuse_without_keys(desk)
        record = measure_main(desk)
        return _with_extras(desk, record, None, kept_of(desk, desk.forge.main()))
    source = _newest_release(desk) if key is None else _run(desk, key)
    other = other_side(desk.store, source)
    beside = None if other is None else measured_again(desk, other)
    return _with_extras(desk, measured_again(desk, source), beside, source)


def _with_extras(desk: Desk, record: Record, beside: Record | None, source: Source | None) -> Measured:
    keys = () if source is None else (source.key,)
    return Measured(record, beside, *keys or ("",), tuple(extras(desk, desk.forge.main(), keys)))


def _run(desk: Desk, key: str) -> Source:
    source = source_named(desk.store, key)
    if source.what != "journals":
        raise Misuse(
            f"{source.key[:12]} is a tape, on which nobody played: name a run, as `alphaloop store` lists"
        )
    return source


def _newest_release(desk: Desk) -> Source:
    found = [source for source in contests(desk.store, "canary") if run_of(source).get("side") == HEAD]
    if not found:
        raise Misuse(
            "no canary of a release is kept here: the desk that plays one keeps it, with `alphaloop run`"
        )
    return found[-1]
