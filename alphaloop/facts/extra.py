"""What one of a repository's own metrics answered: for people, and never an input of the gate."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Extra:
    """file: where the query stands; about: its own first comment, in its author's words.

    columns and rows: what it answered, None for a missing value; cut: it answered more rows; wrong: why it
    answered nothing, "" when it did.
    """

    file: str
    about: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    cut: bool = False
    wrong: str = ""
