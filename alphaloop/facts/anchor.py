"""How a published game came out here, beside what was published and what it must come to."""

from collections.abc import Iterator
from dataclasses import dataclass

WITHIN = 3.0
"""Standard errors: a figure that lies further from the model's own refutes the exchange, or the strategy."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The four figures of one strategy in the game.

    profit_mean, profit_sd and certainty_equivalent in quote currency, final_inventory_sd in units; None is
    missing.
    """

    profit_mean: float
    profit_sd: float
    final_inventory_sd: float
    certainty_equivalent: float | None

    def named(self) -> Iterator[tuple[str, float | None]]:
        """Every figure with its name."""
        yield "profit_mean", self.profit_mean
        yield "profit_sd", self.profit_sd
        yield "final_inventory_sd", self.final_inventory_sd
        yield "certainty_equivalent", self.certainty_equivalent


@dataclass(frozen=True, slots=True)
class AnchorRow:
    """One strategy at one risk aversion.

    gamma: 1/quote; model: what infinitely many paths come to; errors: the standard errors of `paths` paths
    around it, of the certainty equivalent None where so few paths cannot settle it; published: by the paper,
    None where nobody did; ceiling: the best certainty equivalent that any strategy can have.
    """

    gamma: float
    strategy: str
    paths: int
    measured: Figures
    model: Figures
    errors: Figures
    published: Figures | None
    ceiling: float

    @property
    def distances(self) -> dict[str, float | None]:
        """By how many standard errors each figure lies above the model's own; None without an error."""
        return {
            name: _distance(value, true, error)
            for (name, value), (_, true), (_, error) in zip(
                self.measured.named(), self.model.named(), self.errors.named(), strict=True
            )
        }

    @property
    def farthest(self) -> float:
        """The largest of the distances, whatever its sign, standard errors."""
        return max(abs(distance) for distance in self.distances.values() if distance is not None)

    @property
    def holds(self) -> bool:
        """Whether every figure lies within WITHIN standard errors of the model's own."""
        return self.farthest <= WITHIN

    @property
    def gap(self) -> float | None:
        """Certainty equivalent that is missing to the ceiling, quote currency."""
        reached = self.measured.certainty_equivalent
        return None if reached is None else self.ceiling - reached


def _distance(value: float | None, true: float | None, error: float | None) -> float | None:
    if value is None or true is None or error is None:
        return None
    return (value - true) / error


@dataclass(frozen=True, slots=True)
class Anchor:
    """The whole table.

    seed: which paths were drawn; risk_neutral: the best mean profit of any strategy, quote currency.
    """

    rows: tuple[AnchorRow, ...]
    seed: int
    risk_neutral: float

    @property
    def holds(self) -> bool:
        """Whether every row holds; without a row nothing was shown."""
        return bool(self.rows) and all(row.holds for row in self.rows)
