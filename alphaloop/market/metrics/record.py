"""The four layers of one strategy over some episodes."""

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches

from alphaloop.errors import BadConfiguration
from alphaloop.facts.constitution import Target
from alphaloop.facts.metric import Layer, Metric, Record
from alphaloop.market.ingest.report import IngestReport
from alphaloop.market.journal import Journal
from alphaloop.market.metrics.layers import Reading, execution, infrastructure, risk, strategy

RELATIONS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
}


def record(
    journals: Sequence[Journal],
    targets: Sequence[Target],
    trials: int,
    reports: Sequence[IngestReport] = (),
) -> Record:
    """All metrics of METRICS.md over `journals`, each held against its target.

    What no event carries is missing.

    trials: scored candidates in the ledger's whole life; reports: of the recordings behind the tapes, none
    for worlds.  Raises BadConfiguration for a target of an unknown metric or relation, Broken when a number
    is none.
    """
    readings = tuple(_readings(tuple(journals), trials, reports))
    wanted = _by_name(targets, tuple(reading.name for _, reading in readings))
    return Record(
        metrics=tuple(_metric(layer, reading, wanted.get(reading.name)) for layer, reading in readings),
        episodes=len(journals),
        rests_on=_rests_on(journals, reports),
    )


def _readings(
    journals: tuple[Journal, ...], trials: int, reports: Sequence[IngestReport]
) -> Iterator[tuple[Layer, Reading]]:
    yield from ((Layer.INFRASTRUCTURE, reading) for reading in infrastructure(journals, reports))
    yield from ((Layer.EXECUTION, reading) for reading in execution(journals))
    yield from ((Layer.RISK, reading) for reading in risk(journals))
    yield from ((Layer.STRATEGY, reading) for reading in strategy(journals, trials))


def _by_name(targets: Sequence[Target], known: tuple[str, ...]) -> dict[str, Target]:
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


def _metric(layer: Layer, reading: Reading, target: Target | None) -> Metric:
    if target is None:
        return Metric(reading.name, layer, reading.value, reading.unit)
    meets = None if reading.value is None else RELATIONS[target.relation](reading.value, target.value)
    return Metric(
        reading.name, layer, reading.value, reading.unit, f"{target.relation} {target.value:g}", meets
    )


def _rests_on(journals: Sequence[Journal], reports: Sequence[IngestReport]) -> str:
    seconds = sum(journal.end_ns - journal.start_ns for journal in journals) / 1e9
    words = f"{len(journals)} episodes, {seconds:.0f} s of market time"
    return f"{words}, {len(reports)} recordings" if reports else words
