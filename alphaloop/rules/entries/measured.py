"""What Data measured, and what a search tried: neither is evidence, and both are kept."""

from collections.abc import Iterable

from alphaloop.errors import Untrusted
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.facts.hypothesis import Hypothesis
from alphaloop.facts.metric import Layer, Metric, Record
from alphaloop.rules.entries.fields import Fields, body_of, within


def record(measured: Record, commit: str, seed: int) -> Draft:
    """The four layers of `commit`'s strategy on search seeds."""
    metrics = [[m.name, str(m.layer), m.value, m.unit, m.target, m.meets] for m in measured.metrics]
    body = {
        "commit": commit,
        "seed": seed,
        "episodes": measured.episodes,
        "rests_on": measured.rests_on,
        "metrics": metrics,
    }
    return Draft(
        Kind.RECORD,
        f"record:{commit}:{seed}",
        f"measured {commit[:12]} on {measured.episodes} episodes",
        body,
    )


def record_of(entry: Entry) -> Record:
    """The measured layers that `entry` carries."""
    fields = body_of(entry, Kind.RECORD)
    metrics = tuple(_metric(row, fields.where) for row in fields.list("metrics"))
    return Record(metrics, fields.whole("episodes"), fields.text("rests_on"))


def record_at(entries: Iterable[Entry], commit: str, seed: int) -> Record | None:
    """What was measured of `commit` with `seed`, or None."""
    key = f"record:{commit}:{seed}"
    return next(
        (record_of(entry) for entry in entries if entry.kind is Kind.RECORD and entry.key == key), None
    )


def trial(base: str, turn: int, hypothesis: Hypothesis) -> Draft:
    """How many candidates a turn's search scored on the way to `hypothesis`.

    base: the commit that the search started from. Trials count for ever and feed the deflation.
    """
    body = {
        "base": base,
        "turn": turn,
        "hypothesis": hypothesis.key,
        "count": hypothesis.trials,
        "predicted": hypothesis.predicted,
        "params": dict(hypothesis.params),
    }
    subject = f"{hypothesis.trials} candidates for {hypothesis.key!r} scored"
    return Draft(Kind.TRIAL, f"trial:{turn}:{hypothesis.key}", subject, body)


def trials_so_far(entries: Iterable[Entry]) -> int:
    """How many candidates were ever scored, those of imported entries included."""
    kinds = (Kind.TRIAL, Kind.IMPORTED)
    bodies = (within(entry.body, f"ledger entry {entry.number}") for entry in entries if entry.kind in kinds)
    counts = [body.whole("count") for body in bodies if "count" in body.values]
    return sum(max(0, count) for count in counts)


def _metric(row: object, where: str) -> Metric:
    if not isinstance(row, list | tuple) or len(row) != 6:
        raise Untrusted(f"{where}: a metric has six columns; find out who wrote it")
    fields = Fields(dict(zip(("name", "layer", "value", "unit", "target", "meets"), row, strict=True)), where)
    try:
        layer = Layer(fields.text("layer"))
    except ValueError as unknown:
        raise Untrusted(f"{where}: there is no layer {row[1]!r}; find out who wrote it") from unknown
    meets = None if row[5] is None else fields.flag("meets")
    return Metric(
        fields.text("name"), layer, fields.maybe("value"), fields.text("unit"), fields.text("target"), meets
    )
