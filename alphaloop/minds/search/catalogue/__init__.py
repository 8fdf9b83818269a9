"""The hypotheses that the embedded mind knows: one file each, listed here in the order that settles ties."""

from alphaloop.minds.search.catalogue import (
    deeper_after_one_sided_fills,
    lean_on_the_microprice,
    pause_when_volatile,
    quote_larger,
    quote_smaller,
    quote_tighter,
    quote_wider,
    skew_by_inventory,
    widen_when_volatile,
)
from alphaloop.minds.search.idea import Idea

CATALOGUE: tuple[Idea, ...] = (
    skew_by_inventory.IDEA,
    widen_when_volatile.IDEA,
    deeper_after_one_sided_fills.IDEA,
    lean_on_the_microprice.IDEA,
    pause_when_volatile.IDEA,
    quote_wider.IDEA,
    quote_tighter.IDEA,
    quote_smaller.IDEA,
    quote_larger.IDEA,
)
