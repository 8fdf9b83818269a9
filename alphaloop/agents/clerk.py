"""What happens to a comment: words are kept; commands are carried out where the author may, and answered."""

from collections.abc import Iterator
from hashlib import sha256

from alphaloop import words
from alphaloop.agents import sre
from alphaloop.agents.grounds import constitution_at
from alphaloop.facts.command import Command, Misspelt, Verb
from alphaloop.ports import Desk
from alphaloop.rules.commands import commands
from alphaloop.rules.entries.decisions import last_decision
from alphaloop.rules.entries.verdicts import verdicts_on
from alphaloop.rules.life import state
from alphaloop.rules.standing import refusal
from alphaloop.rules.stopped import why_stopped

BOT = "delivery_lead"


def heard(desk: Desk, number: int, author: str, text: str) -> tuple[str, ...]:
    """Keep a comment and answer its commands, on the pull request and to the caller."""
    place = len(desk.forge.conversation(number))
    key = sha256(f"{number}\n{place}\n{author}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()
    desk.forge.comment(number, author, text, f"comment:{key}")
    answers = tuple(_answers(desk, number, author, text))
    for place, said in enumerate(answers):
        desk.forge.comment(number, BOT, said, f"answer:{key}:{place}")
    return answers


def status(desk: Desk, number: int) -> str:
    """Where a change stands and why, from the ledger."""
    entries = desk.ledger.entries()
    change = desk.forge.change(number)
    here = [one for one in verdicts_on(entries, number) if (one.head, one.base) == (change.head, change.base)]
    decided = last_decision(entries, number)
    return words.status_answer(change, state(entries, change), decided, here, why_stopped(entries))


def _answers(desk: Desk, number: int, author: str, text: str) -> Iterator[str]:
    seats = constitution_at(desk, desk.forge.main()).seats
    for command in commands(text):
        if isinstance(command, Misspelt):
            yield words.misspelt_answer(command)
        else:
            yield refusal(command.verb, author, seats) or _done(desk, number, author, command)


def _done(desk: Desk, number: int, author: str, command: Command) -> str:
    if command.verb is Verb.HELP:
        return words.help_answer()
    if command.verb is Verb.STATUS:
        return status(desk, number)
    if command.verb is Verb.STOP:
        sre.stop(desk, author, command.argument)
        return words.stopped_answer(why_stopped(desk.ledger.entries()))
    entry = sre.resume(desk, author, command.argument)
    return "The desk is not stopped.\n" if entry is None else f"{entry.subject}.\n"
