"""What Data measured, and what a search tried: neither is evidence, and both are kept."""

from collections.abc import Iterable, Iterator, Sequence

from alphaloop.errors import Untrusted
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.facts.hypothesis import Hypothesis
from alphaloop.facts.metric import Layer, Metric, Record
from alphaloop.rules.entries.fields import Fields, body_of, finite, within

Scores = Sequence[Sequence[float]]
"""One row for each candidate of a search, one column for each episode that all of them met."""
_COLUMNS = ("name", "layer", "value", "unit", "target", "meets", "threshold", "beyond")


def record(measured: Record, commit: str, seed: int) -> Draft:
    """The four layers of `commit`'s strategy on search seeds."""
    metrics = [
        [m.name, str(m.layer), m.value, m.unit, m.target, m.meets, m.threshold, m.beyond]
        for m in measured.metrics
    ]
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


def trial(base: str, turn: int, hypothesis: Hypothesis | None, scores: Scores = (), scored: int = 0) -> Draft:
    """How many candidates a turn's search scored, and what they scored; hypothesis: None if none survived.

    base: the commit that the search started from; scored: candidates that were played, which count even if
    the mind speaks of fewer. Trials count for ever and feed the deflation; the scores, on the episodes that
    all candidates met, feed the overfit probability.
    """
    key, claimed = ("", 0) if hypothesis is None else (hypothesis.key, hypothesis.trials)
    count = max(claimed, scored)
    body = {
        "base": base,
        "turn": turn,
        "hypothesis": key,
        "count": count,
        "predicted": None if hypothesis is None else hypothesis.predicted,
        "params": {} if hypothesis is None else dict(hypothesis.params),
        "scores": [list(row) for row in scores],
    }
    subject = f"{count} candidates for {key!r} scored" if key else f"{count} candidates scored, none survived"
    return Draft(Kind.TRIAL, f"trial:{turn}:{key}", subject, body)


def wrong_trial(entry: Entry) -> str:
    """Why the count of a search cannot be true, "" when it can."""
    fields = body_of(entry, Kind.TRIAL)
    count, listed = fields.whole("count"), len(_scores(fields))
    if count < listed:
        return f"it counts {count} candidates and lists the scores of {listed}"
    return ""


def trials_so_far(entries: Iterable[Entry]) -> int:
    """How many candidates were ever scored, those of imported entries included."""
    kinds = (Kind.TRIAL, Kind.IMPORTED)
    bodies = (within(entry.body, f"ledger entry {entry.number}") for entry in entries if entry.kind in kinds)
    counts = [body.whole("count") for body in bodies if "count" in body.values]
    return sum(max(0, count) for count in counts)


def searched(entries: Iterable[Entry], turn: int) -> bool:
    """Whether the search of a turn is counted."""
    return any(fields.whole("turn") == turn for fields in _searches(entries))


def scores_of_turn(entries: Iterable[Entry], turn: int) -> Scores:
    """What the candidates of a turn's search scored, one row each; () when it had none or kept none."""
    searches = [fields for fields in _searches(entries) if fields.whole("turn") == turn]
    return _scores(searches[-1]) if searches else ()


def newest_scores(entries: Iterable[Entry]) -> Scores:
    """What the candidates of the newest search scored, one row each; () when there is none."""
    searches = list(_searches(entries))
    return _scores(searches[-1]) if searches else ()


def _searches(entries: Iterable[Entry]) -> Iterator[Fields]:
    return (body_of(entry, Kind.TRIAL) for entry in entries if entry.kind is Kind.TRIAL)


def _scores(fields: Fields) -> Scores:
    # Searches of before scores were kept have none.
    rows = fields.list("scores") if "scores" in fields.values else []
    table = tuple(
        tuple(
            finite(value, f"{fields.where}, score of candidate {place}") for value in _row(row, fields.where)
        )
        for place, row in enumerate(rows)
    )
    if len({len(row) for row in table}) > 1:
        raise Untrusted(f"{fields.where}: its candidates met different episodes; find out who wrote it")
    return table


def _row(row: object, where: str) -> Sequence[object]:
    if isinstance(row, list | tuple):
        return row
    raise Untrusted(f"{where}: the scores of a candidate are no list; find out who wrote it")


def _metric(row: object, where: str) -> Metric:
    # Records of before thresholds were kept end with the sixth column.
    if not isinstance(row, list | tuple) or len(row) not in {6, len(_COLUMNS)}:
        raise Untrusted(f"{where}: a metric has {len(_COLUMNS)} columns; find out who wrote it")
    fields = Fields(dict(zip(_COLUMNS, (*row, "", None)[: len(_COLUMNS)], strict=True)), where)
    try:
        layer = Layer(fields.text("layer"))
    except ValueError as unknown:
        raise Untrusted(f"{where}: there is no layer {row[1]!r}; find out who wrote it") from unknown
    meets, beyond = (
        None if fields.values[name] is None else fields.flag(name) for name in ("meets", "beyond")
    )
    name, unit, target, threshold = (fields.text(one) for one in ("name", "unit", "target", "threshold"))
    return Metric(name, layer, fields.maybe("value"), unit, target, meets, threshold, beyond)
