"""One number for people to look at; no gate reads it."""

from alphaloop.facts.metric import Layer, Record

WEIGHTS = {Layer.STRATEGY: 0.4, Layer.RISK: 0.3, Layer.EXECUTION: 0.2, Layer.INFRASTRUCTURE: 0.1}


def health(record: Record) -> float | None:
    """0–100: 0.4 × strategy + 0.3 × risk + 0.2 × execution + 0.1 × infrastructure, each its share.

    A layer's share is that of its targets that are met.  A target counts when its metric has a value; a layer
    without one is missing, and with it the health. Trap: no number at all is not a mediocre health, it is
    none.
    """
    shares = {layer: _share(record, layer) for layer in WEIGHTS}
    known = [WEIGHTS[layer] * share for layer, share in shares.items() if share is not None]
    return 100 * sum(known) if len(known) == len(WEIGHTS) else None


def _share(record: Record, layer: Layer) -> float | None:
    held = [metric.meets for metric in record.metrics if metric.layer is layer and metric.meets is not None]
    return sum(held) / len(held) if held else None
