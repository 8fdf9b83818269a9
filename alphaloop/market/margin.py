"""Where the venue takes the position away: the margin of a linear contract in one account of its own."""


def maintenance(position: float, mark: float, rate: float) -> float:
    """What equity must stay above, quote currency: rate × the value of `position` (base units) at `mark`."""
    return rate * abs(position) * mark


def liquidation_price(cash: float, position: float, rate: float) -> float | None:
    """= cash / (rate × abs(position) − position): the mark at which equity is down to its maintenance margin.

    cash: equity without the position, so fees and funding count; position: base units, its sign is its side;
    rate: maintenance margin as a share of value, below 1.  None when flat, and where no price above 0 is the
    border: a long one that was bought without borrowing is never liquidated, a short one without cash always
    is.  Trap: a venue's rate grows with the position in steps; one rate is right for the first step only.
    """
    if position == 0:
        return None
    price = cash / (rate * abs(position) - position)
    return price if price > 0 else None
