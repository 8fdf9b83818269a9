"""The one line that a benchmark says to the table of `make bench`, and how that line is read back."""

import json
import math
import re
from dataclasses import asdict, dataclass

MARK = "figure: "
WANTED = re.compile(r"(>=|<=) (\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table; without a ratio it could not be measured here, and `ours` says why."""

    name: str
    ours: str
    peer: str
    ratio: float | None
    wanted: str

    def __post_init__(self) -> None:
        """Refuse a row that could be read as met when nobody measured it."""
        if not self.name or (self.wanted and not WANTED.fullmatch(self.wanted)):
            raise ValueError(f"figure {self.name!r}: wanted is {self.wanted!r}, not like '>= 0.7'")
        if self.ratio is not None and not math.isfinite(self.ratio):
            raise ValueError(f"figure {self.name!r}: the ratio is {self.ratio}, which is no number")

    @property
    def met(self) -> bool | None:
        """Whether the ratio is what was wanted; None when nothing was, or nothing was measured."""
        if self.ratio is None or not self.wanted:
            return None
        sign, bound = self.wanted.split()
        return self.ratio >= float(bound) if sign == ">=" else self.ratio <= float(bound)


def figure(name: str, ours: str, peer: str, ratio: float, wanted: str = "") -> None:
    """Print a measured row: `ours` and `peer` with their units, `wanted` like '>= 0.7', '<= 1.2' or ''."""
    _say(Figure(name, ours, peer, ratio, wanted))


def unable(name: str, wanted: str, why: str) -> None:
    """Print that a row could not be measured on this machine, and why."""
    _say(Figure(name, why, "", None, wanted))


def read(line: str) -> Figure | None:
    """The row that a line of output says, or None for any other line; raises ValueError on a broken one."""
    if not line.startswith(MARK):
        return None
    try:
        return Figure(**json.loads(line.removeprefix(MARK)))
    except TypeError as error:
        raise ValueError(f"not a row of the table: {line.strip()}") from error


def _say(row: Figure) -> None:
    print(MARK + json.dumps(asdict(row), ensure_ascii=False), flush=True)
