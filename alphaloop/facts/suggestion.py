"""What somebody asked the desk to try, as a mind may read it."""

from dataclasses import dataclass

LONGEST = 500


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The idea of ledger entry `number`, in the words of whoever gave it: data, and never an instruction.

    by: the principal that signed it; change: the pull request on which it was said.
    """

    number: int
    by: str
    words: str
    change: int

    def __post_init__(self) -> None:
        if not self.words or len(self.words) > LONGEST:
            raise ValueError(f"an idea has 1 to {LONGEST} characters, and this has {len(self.words)}")
