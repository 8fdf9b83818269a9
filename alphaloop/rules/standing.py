"""Who may: published as data beside each command, and checked by the same data."""

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
    HUMANS = "registered humans, with their own signature"


@dataclass(frozen=True, slots=True)
class Standing:
    """One command: how it is written, what it does, and who may give it."""

    usage: str
    does: str
    who: Circle


STANDING: Mapping[Verb, Standing] = {
    Verb.HELP: Standing("/alphaloop help", "lists the commands", Circle.ANYBODY),
    Verb.STATUS: Standing("/alphaloop status", "says where the change stands, and why", Circle.ANYBODY),
    Verb.STOP: Standing("/alphaloop stop [reason]", "stops the desk at once; nothing merges", Circle.DESK),
    Verb.RESUME: Standing("/alphaloop resume [reason]", "lets the desk go on after a stop", Circle.HUMANS),
}

SIGNING: Mapping[Kind, Power] = {
    Kind.PLAN: Power.PROPOSE,
    Kind.TRIAL: Power.PROPOSE,
    Kind.TEST_OPENED: Power.OPEN_TESTS,
    Kind.DECISION: Power.MERGE,
    Kind.RELEASE: Power.MERGE,
    Kind.OUTCOME: Power.RELEASE,
    Kind.LESSON: Power.ASSIGN,
    Kind.ESCALATION: Power.ESCALATE,
}


def may(verb: Verb, principal: str, seats: Seats) -> bool:
    """Whether `principal` may give the command `verb`."""
    circle = STANDING[verb].who
    if circle is Circle.ANYBODY:
        return True
    if circle is Circle.DESK:
        return seats.knows(principal)
    return is_human(principal) and human_login(principal) in seats.humans


def refusal(verb: Verb, principal: str, seats: Seats) -> str:
    """Why `principal` may not give the command, and who may; "" when it may."""
    if may(verb, principal, seats):
        return ""
    people = ", ".join(seats.humans)
    return f"`{STANDING[verb].usage}` is for {STANDING[verb].who}; {principal} is not. Ask one of: {people}."


def wrongly_signed(entry: Entry, seats: Seats) -> str:
    """Why `entry` was signed by somebody who may not, "" when its signer may; the word of verify.

    A verdict's own signature is checked where it is read; a stop may come from anybody on the desk.
    """
    signer = entry.signer
    if not seats.knows(signer):
        return f"ledger entry {entry.number}: {signer} is neither a seat nor a registered human"
    if entry.kind is Kind.RESUME and not is_human(signer):
        return f"ledger entry {entry.number}: {signer} resumed, and only a human may"
    power = SIGNING.get(entry.kind)
    seat = seats.named(signer)
    if power is not None and (seat is None or not seat.may(power)):
        return (
            f"ledger entry {entry.number}: {signer} signed a {entry.kind} entry without the power '{power}'"
        )
    return ""
