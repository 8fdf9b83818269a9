"""The four layers of metrics as a terminal shows them."""

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence

from alphaloop.facts.extra import Extra
from alphaloop.facts.metric import OWNERS, Layer, Metric, Record, Status
from alphaloop.words.spelling import number, one_line
from alphaloop.words.store import answer_page

COLUMNS = 100
# A word beside each colour: who sees no colour, or no difference between two, reads the same.
_SIGNS = {
    Status.MEETS: "✓ meets",
    Status.MISSES: "✗ misses",
    Status.BEYOND: "! BEYOND",
    Status.MISSING: "– missing",
    Status.REPORTED: "",
}
_OWN = "extra: metrics/*.sql of this repository (for people; no gate reads them)"
Paint = Callable[[str, Status], str]


def metric_table(
    record: Record,
    health: float | None,
    carriers: Mapping[str, str],
    paint: Paint = lambda words, _: words,
    beside: Record | None = None,
) -> str:
    """Every metric with target, threshold and status; what is missing and what would carry it; the health.

    carriers: the event that a missing metric needs, by name; paint: gives a line the colour of a status;
    beside: what was measured of the other side, each number in a column of its own.
    """
    lines = [f"measured on {record.rests_on}"]
    lines += [] if beside is None else [f"beside {beside.rests_on}"]
    lines.append(_columns("", "value", None if beside is None else "beside", "target", "threshold", "status"))
    for layer in Layer:
        lines += ["", f"{layer.value} ({OWNERS[layer]} answers for it)"]
        mine = [metric for metric in record.metrics if metric.layer is layer]
        lines += [paint(_line(metric, beside), metric.status) for metric in mine]
    lines += ["", *_missing(record.metrics, carriers)]
    overall = "missing" if health is None else f"{number(health)} of 100"
    lines.append(f"health {overall} (for people; no gate reads it)")
    return "\n".join(lines)


def extra_table(extras: Sequence[Extra]) -> str:
    """What the repository's own metrics answered, each under the words that its file begins with."""
    lines = [_OWN]
    for extra in extras:
        lines += ["", one_line(f"{extra.file}: {extra.about}" if extra.about else extra.file)]
        said = one_line(extra.wrong) or answer_page(extra.columns, extra.rows, extra.cut)
        lines += [f"  {line}" for line in said.splitlines()]
    return "\n".join(lines)


def _line(metric: Metric, beside: Record | None) -> str:
    other = None if beside is None else _value(beside.value(metric.name), metric.unit)
    value = _value(metric.value, metric.unit)
    return _columns(metric.name, value, other, metric.target, metric.threshold, _SIGNS[metric.status])


def _value(value: float | None, unit: str) -> str:
    return "–" if value is None else number(value, unit)


def _columns(name: str, value: str, other: str | None, target: str, threshold: str, status: str) -> str:
    second = "" if other is None else f"{other:24} "
    return f"  {name:28} {value:24} {second}{target:10} {threshold:10} {status}".rstrip()


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
