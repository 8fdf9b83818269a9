"""A claim: who is at a costly step, and until when the others leave it to them."""

from dataclasses import dataclass

LEASE_S = 3600
"""How long a claim keeps others away.  The longest review measured took 27 minutes."""


@dataclass(frozen=True, slots=True)
class Work:
    """The `attempt`-th claim of one step on one change.

    inputs: a digest of what the step works on; holder: the process, as it names itself; taken_s, until_s:
    seconds since 1970 by the clock of the holder's machine.
    """

    step: str
    change: int
    inputs: str
    attempt: int
    holder: str
    taken_s: int
    until_s: int

    def __post_init__(self) -> None:
        if self.attempt < 1:
            raise ValueError(f"the first attempt is 1, not {self.attempt}")
        if not self.taken_s < self.until_s <= self.taken_s + LEASE_S:
            raise ValueError(f"a claim lasts at most {LEASE_S} s from when it was taken")
