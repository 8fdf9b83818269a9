"""What verifying a repository found, claim by claim."""

from dataclasses import dataclass

from alphaloop.facts.claim import Claim, Holds
from alphaloop.facts.entry import Entry


@dataclass(frozen=True, slots=True)
class Anchor:
    """A commit on main that a ledger entry answers for: main went from base to commit by entry `number`."""

    number: int
    how: str
    commit: str
    base: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was checked; entries is the verified prefix of the ledger, anchors what it landed.

    Whether decisions and levels follow from the entries is for those to recompute who know the rules.
    """

    claims: tuple[Claim, ...]
    entries: tuple[Entry, ...]
    anchors: tuple[Anchor, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is false."""
        return all(claim.holds is not Holds.FALSE for claim in self.claims)
