"""The twins of a market, and what share of the orders is the same in them."""

from alphaloop.checks.metamorphic import mirrored, scaled, shifted
from alphaloop.checks.metamorphic.twin import Twin, submitted
from alphaloop.market.journal import Journal
from alphaloop.market.tape import Tape

TWINS = {twin.name: twin for twin in (shifted.TWIN, scaled.TWIN, mirrored.TWIN)}


def same_share(twin: Twin, tape: Tape, original: Journal, told: Journal) -> float | None:
    """The share of what is compared that both runs gave; None when neither gave any.

    tape: the original.
    """
    ours, theirs = twin.compared(submitted(original)), twin.compared(twin.back(submitted(told), tape))
    most = (ours | theirs).total()
    return (ours & theirs).total() / most if most else None
