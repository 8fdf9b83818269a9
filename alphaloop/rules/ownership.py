"""Who may write which path: `writes` of roles.yaml; every path not named there belongs to humans."""

from alphaloop.facts.role import Seats, human_login, is_human
from alphaloop.rules.paths import any_matches

# Proposed by a seat, but landing only when a person has approved this very head.  A seat's own policy stands
# here because nothing in this version replays it against the old one.
NEEDS_A_HUMAN = ("pyproject.toml", "Dockerfile", "release.yaml", "agents/*/POLICY.md")


def owners(path: str, seats: Seats) -> tuple[str, ...]:
    """The seats that may write `path`; () means humans only."""
    return tuple(seat.name for seat in seats.seats if any_matches(seat.writes, path))


def may_write(principal: str, path: str, seats: Seats) -> bool:
    """Whether `principal` may write `path`: a registered human any, a seat its own, anybody else none."""
    if is_human(principal):
        return human_login(principal) in seats.humans
    return principal in owners(path, seats)


def needs_a_human(path: str) -> bool:
    """Whether a seat's change of `path` lands only with a person's approval."""
    return any_matches(NEEDS_A_HUMAN, path)
