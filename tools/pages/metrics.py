"""docs/metrics.md: every metric with its formula, owner, target and threshold."""

import inspect
from collections.abc import Iterable, Iterator

from rendering import first, table
from shipped import roles

from alphaloop.facts.constitution import Target
from alphaloop.facts.metric import OWNERS
from alphaloop.market.metrics.health import health
from alphaloop.market.metrics.layers import LAYERS
from alphaloop.market.metrics.measure import Measure
from alphaloop.rules.constitution.roles import ACTING
from alphaloop.rules.constitution.roles import targets as targets_of
from alphaloop.rules.constitution.roles import thresholds as thresholds_of


def metrics() -> str:
    """Every metric: formula, unit, owner, target and threshold as shipped, and what carries it."""
    shipped = roles()
    lines = [
        "# Metrics",
        "",
        "Written by `make docs` from the code and the shipped `roles.yaml`; change them there.",
        "",
        "Every number comes from recorded events. No event, no number: a metric that nothing carries is",
        "*missing*, never 0, and a gate that needs it refuses. `alphaloop metrics` prints the four layers of",
        "main's strategy: it *meets* its target, *misses* it, is *beyond* its threshold, is *missing*, or is",
        "only *reported*. Two thresholds act, and are read from the commit that a change is based on:",
        f"{' and '.join(f'{seat} holds a change by `{metric}`' for metric, seat in ACTING.items())}.",
        "",
        f"Health, {first(health.__doc__)}",
        "",
    ]
    for layer, measures in LAYERS.items():
        lines += [f"## {layer.capitalize()}", "", f"`{OWNERS[layer]}` answers for it.", ""]
        lines += [*_measures(measures, targets_of(shipped), thresholds_of(shipped)), ""]
        for measure in {measure.of: measure for measure in measures}.values():
            lines += [*_explained(measure, measures), ""]
    return "\n".join(lines).rstrip() + "\n"


def _measures(
    measures: Iterable[Measure], targets: Iterable[Target], thresholds: Iterable[Target]
) -> Iterator[str]:
    meeting, acting = ({one.metric: str(one) for one in lines} for lines in (targets, thresholds))
    yield from table(
        ("metric", "unit", "target", "threshold", "missing without"),
        (
            (f"`{one.name}`", one.unit, *(of.get(one.name, "") for of in (meeting, acting)), one.carried_by)
            for one in measures
        ),
    )


def _explained(measure: Measure, measures: Iterable[Measure]) -> Iterator[str]:
    """What a function says of the metrics that it computes, its traps set apart."""
    names = [f"`{one.name}`" for one in measures if one.of is measure.of]
    said = " ".join(inspect.cleandoc(measure.of.__doc__ or "").split()).removeprefix("= ")
    if not said:
        raise LookupError(f"{measure.name} has no docstring, and so no formula")
    words, trap, rest = said.partition("Trap: ")
    yield f"**{', '.join(names)}**: {words.strip().replace('|', '¦')}"
    if trap:
        yield ""
        yield f"> Trap: {rest}"
