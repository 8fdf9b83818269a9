"""The pilot's scales as JSON values: in the test that they belong to, and in its evidence."""

from typing import Any

from alphaloop.facts.evidence import Scales
from alphaloop.rules.entries.fields import Fields


def scales_body(scales: Scales) -> dict[str, Any]:
    """Scales as JSON values."""
    return {
        "objective": scales.objective,
        "guards": dict(scales.guards),
        "pilots": scales.pilots,
        "neighbours": scales.neighbours,
        "earlier": scales.earlier,
        "earlier_neighbours": scales.earlier_neighbours,
    }


def scales_in(fields: Fields) -> Scales:
    """The scales that `scales_body` wrote; raises ValueError for impossible ones."""
    guards = fields.inner("guards")
    return Scales(
        fields.maybe("objective"),
        {name: guards.maybe(name) for name in guards.values},
        fields.whole("pilots"),
        fields.number("neighbours"),
        fields.whole("earlier"),
        fields.number("earlier_neighbours"),
    )
