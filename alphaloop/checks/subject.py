"""What a review looks at: the candidate's own bytes, beside the base's."""

from dataclasses import dataclass

from alphaloop.facts.history import History
from alphaloop.facts.market import Limits


@dataclass(frozen=True, slots=True)
class Subject:
    """One file of a change.

    path: as in the repository; candidate: the blob itself, never a checkout; base: the same path on the base
    commit, None when it is not there; limits: those that judge it, of the base commit's
    risk.py unless it is a scaling; met: histories in which
    earlier candidates broke a limit, oldest first.
    """

    path: str
    candidate: bytes
    base: bytes | None
    limits: Limits
    met: tuple[History, ...] = ()
