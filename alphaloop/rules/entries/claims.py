"""Claims of costly steps, written before anything is spent on them."""

from collections.abc import Iterable

from alphaloop.errors import Untrusted
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.facts.work import Work
from alphaloop.rules.entries.fields import body_of


def claim(work: Work) -> Draft:
    """Claim a step; of all who make the same attempt, the one whose entry stands has it."""
    body = {
        "step": work.step,
        "change": work.change,
        "inputs": work.inputs,
        "attempt": work.attempt,
        "holder": work.holder,
        "taken_s": work.taken_s,
        "until_s": work.until_s,
    }
    again = "" if work.attempt == 1 else f", attempt {work.attempt}"
    subject = f"claimed: {work.step} #{work.change}{again}"
    return Draft(Kind.CLAIM, f"claim:{work.step}:{work.inputs}:{work.attempt}", subject, body)


def claim_of(entry: Entry) -> Work:
    """The claim that `entry` carries."""
    fields = body_of(entry, Kind.CLAIM)
    try:
        return Work(
            step=fields.text("step"),
            change=fields.whole("change"),
            inputs=fields.text("inputs"),
            attempt=fields.whole("attempt"),
            holder=fields.text("holder"),
            taken_s=fields.whole("taken_s"),
            until_s=fields.whole("until_s"),
        )
    except ValueError as wrong:
        raise Untrusted(f"{fields.where}: {wrong}") from wrong


def claims_on(entries: Iterable[Entry], step: str, inputs: str) -> tuple[Work, ...]:
    """Every claim of this very step on these very inputs, in the ledger's order."""
    made = (claim_of(entry) for entry in entries if entry.kind is Kind.CLAIM)
    return tuple(one for one in made if (one.step, one.inputs) == (step, inputs))
