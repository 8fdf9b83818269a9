"""The four layers of one strategy over some episodes."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from alphaloop.errors import BadConfiguration
from alphaloop.facts.constitution import RELATIONS, Target
from alphaloop.facts.metric import Layer, Metric, Record
from alphaloop.market.ingest.report import IngestReport
from alphaloop.market.journal import Journal
from alphaloop.market.metrics.impact import Parent
from alphaloop.market.metrics.layers import LAYERS
from alphaloop.market.metrics.measure import Material, Measure
from alphaloop.market.metrics.overfit import Scores


def record(
    journals: Sequence[Journal],
    targets: Sequence[Target],
    trials: int,
    reports: Sequence[IngestReport] = (),
    thresholds: Sequence[Target] = (),
    parents: Sequence[Parent] = (),
    tried: Scores | None = None,
) -> Record:
    """All metrics of METRICS.md over `journals`, each held against its target and its threshold.

    What no event carries is missing.  The rest is what `Material` says of it.  Raises BadConfiguration for a
    target of an unknown metric or relation, Broken when a number is none.
    """
    material = Material(tuple(journals), trials, tuple(reports), tuple(parents), tried)
    meeting, acting = _by_name(targets), _by_name(thresholds)
    return Record(
        metrics=tuple(
            _metric(
                layer, measure, measure.read(material), meeting.get(measure.name), acting.get(measure.name)
            )
            for layer, measures in LAYERS.items()
            for measure in measures
        ),
        episodes=len(journals),
        rests_on=_rests_on(journals, reports),
    )


def _by_name(targets: Sequence[Target]) -> Mapping[str, Target]:
    known = [measure.name for measures in LAYERS.values() for measure in measures]
    for target in targets:
        if target.metric not in known:
            near = get_close_matches(target.metric, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"it must be one of {', '.join(known)}"
            raise BadConfiguration(f"roles.yaml: a target names the metric {target.metric!r}; {hint}")
        if target.relation not in RELATIONS:
            raise BadConfiguration(
                f"roles.yaml: the target of {target.metric} says {target.relation!r}; "
                f"use one of {', '.join(RELATIONS)}"
            )
    return {target.metric: target for target in targets}


def _metric(
    layer: Layer, measure: Measure, value: float | None, target: Target | None, threshold: Target | None
) -> Metric:
    return Metric(
        measure.name,
        layer,
        value,
        measure.unit,
        target="" if target is None else str(target),
        meets=None if target is None or value is None else target.holds(value),
        threshold="" if threshold is None else str(threshold),
        beyond=None if threshold is None or value is None else threshold.holds(value),
    )


def _rests_on(journals: Sequence[Journal], reports: Sequence[IngestReport]) -> str:
    seconds = sum(journal.end_ns - journal.start_ns for journal in journals) / 1e9
    words = f"{len(journals)} episodes, {seconds:.0f} s of market time"
    return f"{words}, {len(reports)} recordings" if reports else words
