"""Who may: each command names a circle of people, and nobody outside it is obeyed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from alphaloop.facts.command import Verb
from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.role import Power, Seats, human_login, is_human


class Circle(StrEnum):
    """Those who may give a command."""

    ANYBODY = "anybody"
    DESK = "every seat and every registered human"
    RELEASERS = "a seat with the power roll_back, and every registered human"
    HUMANS = "registered humans, with their own signature"


@dataclass(frozen=True, slots=True)
class Usage:
    """One command: how it is written after `/alphaloop `, what it does, and who may give it."""

    verb: Verb
    form: str
    does: str
    who: Circle

    @property
    def line(self) -> str:
        """The whole line, with its arguments by name."""
        return f"/alphaloop {self.form}"


SIGNING: Mapping[Kind, Power] = {
    Kind.PLAN: Power.PROPOSE,
    Kind.TRIAL: Power.PROPOSE,
    Kind.TEST_OPENED: Power.OPEN_TESTS,
    Kind.COUNTEREXAMPLE: Power.VETO,
    Kind.DECISION: Power.MERGE,
    Kind.RELEASE: Power.MERGE,
    Kind.OUTCOME: Power.RELEASE,
    Kind.LESSON: Power.ASSIGN,
    Kind.RENDERING: Power.ASSIGN,
    Kind.ESCALATION: Power.ESCALATE,
}

HUMANS_ONLY = (Kind.RESUME, Kind.OVERRIDE, Kind.KEY)


def may(circle: Circle, principal: str, seats: Seats) -> bool:
    """Whether `principal` belongs to those of `circle`."""
    human = is_human(principal) and human_login(principal) in seats.humans
    if circle is Circle.RELEASERS:
        seat = seats.named(principal)
        return human or (seat is not None and seat.may(Power.ROLL_BACK))
    if circle is Circle.DESK:
        return seats.knows(principal)
    return human or circle is Circle.ANYBODY


def refusal(usage: Usage, principal: str, seats: Seats) -> str:
    """Why `principal` may not give the command, and who may; "" when it may."""
    if may(usage.who, principal, seats):
        return ""
    people = ", ".join(seats.humans)
    return f"`{usage.line}` is for {usage.who}; {principal} is not. Ask one of: {people}."


def wrongly_signed(entry: Entry, seats: Seats) -> str:
    """Why `entry` was signed by somebody who may not, "" when its signer may; the word of verify.

    A verdict's own signature is checked where it is read; a stop may come from anybody on the desk.
    """
    signer = entry.signer
    if not seats.knows(signer):
        return f"ledger entry {entry.number}: {signer} is neither a seat nor a registered human"
    if entry.kind in HUMANS_ONLY and not is_human(signer):
        return f"ledger entry {entry.number}: {signer} signed a {entry.kind} entry, and only a human may"
    power = SIGNING.get(entry.kind)
    seat = seats.named(signer)
    if power is not None and (seat is None or not seat.may(power)):
        return (
            f"ledger entry {entry.number}: {signer} signed a {entry.kind} entry without the power '{power}'"
        )
    return ""
