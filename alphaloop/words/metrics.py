"""The four layers of metrics as a terminal shows them."""

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence

from alphaloop.facts.metric import OWNERS, Layer, Metric, Record, Status
from alphaloop.words.spelling import number

COLUMNS = 100
# A word beside each colour: who sees no colour, or no difference between two, reads the same.
_SIGNS = {
    Status.MEETS: "✓ meets",
    Status.MISSES: "✗ misses",
    Status.BEYOND: "! BEYOND",
    Status.MISSING: "– missing",
    Status.REPORTED: "",
}
_HEADING = f"  {'':28} {'value':24} {'target':10} {'threshold':10} status"
Paint = Callable[[str, Status], str]


def metric_table(
    record: Record, health: float | None, carriers: Mapping[str, str], paint: Paint = lambda words, _: words
) -> str:
    """Every metric with target, threshold and status; what is missing and what would carry it; the health.

    carriers: the event that a missing metric needs, by name; paint: gives a line the colour of a status.
    """
    lines = [f"measured on {record.rests_on}", _HEADING]
    for layer in Layer:
        lines += ["", f"{layer.value} ({OWNERS[layer]} answers for it)"]
        lines += [paint(_line(metric), metric.status) for metric in record.metrics if metric.layer is layer]
    lines += ["", *_missing(record.metrics, carriers)]
    overall = "missing" if health is None else f"{number(health)} of 100"
    lines.append(f"health {overall} (for people; no gate reads it)")
    return "\n".join(lines)


def _line(metric: Metric) -> str:
    value = "–" if metric.value is None else number(metric.value, metric.unit)
    line = f"  {metric.name:28} {value:24} {metric.target:10} {metric.threshold:10} {_SIGNS[metric.status]}"
    return line.rstrip()


def _missing(metrics: Sequence[Metric], carriers: Mapping[str, str]) -> Iterator[str]:
    """One line for each event that did not happen, with the metrics that wait for it."""
    waiting: dict[str, list[str]] = {}
    for metric in metrics:
        if metric.value is None:
            waiting.setdefault(carriers.get(metric.name, "an event of its own"), []).append(metric.name)
    if not waiting:
        return
    yield "missing, and what would carry it"
    for carrier, names in waiting.items():
        said = f"{carrier}: {', '.join(names)}"
        yield from textwrap.wrap(said, COLUMNS, initial_indent="  ", subsequent_indent="    ")
    yield ""
