"""A person's word that one seat's hold shall not keep one head from landing, for a while."""

from dataclasses import dataclass
from datetime import date, timedelta

LONGEST = timedelta(days=30)
"""From the day on which an override is given to the last on which it counts."""


@dataclass(frozen=True, slots=True)
class Override:
    """`by` overrides the hold of `seat` on `head` judged against `base`, up to and with the day `until`.

    head and base are 40-digit commit ids; given and until are days in UTC, as the person who signed it
    states them.
    """

    change: int
    seat: str
    head: str
    base: str
    given: date
    until: date
    reason: str
    by: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError("an override says why")
        if not self.given <= self.until <= self.given + LONGEST:
            raise ValueError(
                f"an override given on {self.given} lasts until that day or at most {LONGEST.days} days "
                f"longer, not until {self.until}"
            )


@dataclass(frozen=True, slots=True)
class Overrides:
    """Every override given on one change, and the day in UTC on which they are asked about.

    day: None where nobody says, and then none counts, because nobody knows whether it has expired.
    """

    given: tuple[Override, ...] = ()
    day: date | None = None


NO_OVERRIDES = Overrides()
