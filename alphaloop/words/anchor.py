"""The published game's table for the terminal."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from alphaloop.facts.anchor import WITHIN, Anchor, AnchorRow

_HEADINGS = ("strategy", "figure", "measured", "std. error", "the model's", "distance", "published")
_LABELS = {
    "profit_mean": "profit, mean",
    "profit_sd": "profit, deviation",
    "final_inventory_sd": "final inventory, deviation",
    "certainty_equivalent": "certainty equivalent",
}
_WIDTHS = (11, 28, 10, 11, 12, 10, 9)
_NOTE = (
    "A certainty equivalent without an error is not compared: it hangs on ruin that is too rare to be drawn "
    "in so few paths."
)


def anchor_table(anchor: Anchor) -> str:
    """Every figure beside the model's own, with the ceiling below each risk aversion, and the verdict."""
    lines: list[str] = []
    for gamma, rows in groupby(anchor.rows, key=lambda row: row.gamma):
        lines += [*_block(gamma, list(rows)), ""]
    bound = f"No strategy's mean profit can be above {anchor.risk_neutral:.2f}, at any risk aversion."
    open_ = [_NOTE] if any(row.errors.certainty_equivalent is None for row in anchor.rows) else []
    return "\n".join([*lines, bound, *open_, "", anchor_verdict(anchor)])


def anchor_verdict(anchor: Anchor) -> str:
    """Whether the published game was reproduced, and where not."""
    astray = [
        f"gamma {row.gamma:g}, {row.strategy}: {_LABELS[name]}, {distance:+.1f}"
        for row in anchor.rows
        for name, distance in row.distances.items()
        if distance is not None and abs(distance) > WITHIN
    ]
    if not anchor.holds:
        return (
            f"NOT reproduced: further than {WITHIN:g} standard errors from the model's own are "
            f"{'; '.join(astray)}. If other seeds say so too, the exchange is no longer the published one."
        )
    return f"Reproduced: every figure lies within {WITHIN:g} standard errors of the model's own."


def _block(gamma: float, rows: Sequence[AnchorRow]) -> Iterator[str]:
    first = rows[0]
    yield f"gamma {gamma:g}, {first.paths} paths each; no certainty equivalent is above {first.ceiling:.2f}"
    yield _line(_HEADINGS)
    for row in rows:
        yield from _figures(row)
    for row in rows:
        yield _below(row)


def _figures(row: AnchorRow) -> Iterator[str]:
    published = dict(row.published.named()) if row.published is not None else {}
    model, errors = dict(row.model.named()), dict(row.errors.named())
    for name, measured in row.measured.named():
        distance = row.distances[name]
        yield _line(
            (
                row.strategy,
                _LABELS[name],
                _number(measured),
                _number(errors[name]),
                _number(model[name]),
                "–" if distance is None else f"{distance:+.2f}",
                _number(published.get(name), 1),
            )
        )


def _below(row: AnchorRow) -> str:
    true, gap = row.model.certainty_equivalent, row.gap
    if true is None or gap is None:
        return f"{row.strategy}: its distance to the ceiling is missing"
    where = f"{gap:.2f} below the ceiling" if gap >= 0 else f"{-gap:.2f} above the ceiling, by luck,"
    own = f"the model's lies {row.ceiling - true:.2f} below"
    return f"{row.strategy} came out {where} in certainty equivalent; {own}"


def _number(value: float | None, digits: int = 2) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _line(cells: Sequence[str]) -> str:
    text, numbers = cells[:2], cells[2:]
    left = "".join(cell.ljust(width) for cell, width in zip(text, _WIDTHS, strict=False))
    return left + "".join(f" {cell:>{width}}" for cell, width in zip(numbers, _WIDTHS[2:], strict=True))
