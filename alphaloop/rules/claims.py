"""Who may take a costly step: whether an earlier claim of it still binds.

Clocks only save work here.  A wrong one lets two machines do the same step, and what the second would record
is there already: tests, evidence, decisions and landings each have one key (docs/decisions/0145).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.work import LEASE_S, Work
from alphaloop.rules.entries.claims import claim_of, claims_on
from alphaloop.rules.entries.decisions import decided_change

MOST_ATTEMPTS = 5
"""A step that was begun so often on the same and never ended is left to a human."""


def next_claim(entries: Sequence[Entry], wanted: Work, gone: Callable[[str], bool]) -> Work | None:
    """The claim to make now for the step of `wanted`, or None while the step is another's or given up.

    wanted: the claim as a first attempt; gone: whether the holder of that name is known to have ended.
    """
    if any(binds(one, wanted.taken_s) and not gone(one.holder) for one in standing(entries, wanted)):
        return None
    made = claims_on(entries, wanted.step, wanted.inputs)
    return None if len(made) >= MOST_ATTEMPTS else replace(wanted, attempt=len(made) + 1)


def standing(entries: Iterable[Entry], wanted: Work) -> tuple[Work, ...]:
    """The claims of this step on this change since the gate last decided on it, which ended those before."""
    made: list[Work] = []
    for entry in entries:
        if entry.kind is Kind.CLAIM:
            made += _alike(claim_of(entry), wanted)
        elif entry.kind is Kind.DECISION and decided_change(entry).number == wanted.change:
            made.clear()
    return tuple(made)


def binds(claim: Work, now_s: int) -> bool:
    """Whether `claim` keeps others away at `now_s`, by the reader's own clock.

    One that says it was taken a lease or more ahead of now comes from a clock that is wrong, and binds
    nobody: it would else keep everybody away for as long as that clock is ahead.
    """
    return claim.taken_s - LEASE_S < now_s < claim.until_s


def _alike(claim: Work, wanted: Work) -> Iterator[Work]:
    if (claim.step, claim.change) == (wanted.step, wanted.change):
        yield claim
