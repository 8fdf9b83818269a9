"""A seat on the desk: what it may write and do."""

from dataclasses import dataclass
from enum import StrEnum

HUMAN = "human:"


class Power(StrEnum):
    """What a seat may do beyond writing its own files."""

    PROPOSE = "propose"
    REVIEW = "review"
    VETO = "veto"
    OPEN_TESTS = "open_tests"
    ASSIGN = "assign"
    ESCALATE = "escalate"
    MERGE = "merge"
    RELEASE = "release"
    ROLL_BACK = "roll_back"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Seat:
    """One role: `writes` and `reviews` are path patterns as in roles.yaml."""

    name: str
    persona: str
    writes: tuple[str, ...]
    reviews: tuple[str, ...]
    powers: frozenset[Power]

    def may(self, power: Power) -> bool:
        """Whether roles.yaml gives this seat `power`."""
        return power in self.powers


@dataclass(frozen=True, slots=True)
class Seats:
    """All seats of a strategy repository, as its base commit's roles.yaml lists them.

    seats: in the order of the file; humans: logins without the prefix; escalate_after: refusals of the same
    hypothesis before it goes to a human.
    """

    seats: tuple[Seat, ...]
    humans: tuple[str, ...]
    escalate_after: int

    def __post_init__(self) -> None:
        names = [seat.name for seat in self.seats]
        if len(set(names)) != len(names):
            raise ValueError("a seat is listed twice")
        if not self.humans:
            raise ValueError("a desk keeps at least one human")
        if self.escalate_after < 1:
            raise ValueError(f"escalate_after is at least 1, not {self.escalate_after}")

    def named(self, name: str) -> Seat | None:
        """The seat called `name`, or None: an unknown name has no powers."""
        return next((seat for seat in self.seats if seat.name == name), None)

    def knows(self, principal: str) -> bool:
        """Whether `principal` is a seat or a registered human."""
        return self.named(principal) is not None or human_login(principal) in self.humans


def is_human(principal: str) -> bool:
    """Whether a principal is a person's."""
    return principal.startswith(HUMAN)


def human_login(principal: str) -> str:
    """The login of `human:<login>`, or "" for a machine seat."""
    return principal.removeprefix(HUMAN) if is_human(principal) else ""


def address(principal: str) -> str:
    """The committer's e-mail address that stands for a principal; `.invalid` can never receive mail."""
    return f"{principal.replace(':', '.')}@alphaloop.invalid"
