"""Whether what a verdict is bound to still is what stands: of anything else it says nothing.

A verdict that was signed for another repository, tree, test, evidence or market is void. What is void helps
nothing to land; a hold or a veto stops all the same, because stopping needs no evidence.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from alphaloop.facts.change import Change
from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.role import is_human
from alphaloop.facts.verdict import Grounds, Stance, Verdict
from alphaloop.rules.entries.evidence import evidence_named, evidence_of
from alphaloop.rules.entries.founding import genesis_id
from alphaloop.rules.entries.opened import test_of
from alphaloop.rules.entries.verdicts import verdict_entries, verdict_entries_in_force, verdict_of

_STOPPING = (Stance.HOLD, Stance.VETO)
_RULES = ("constitution", "world", "limits", "scenarios", "judge")
"""What every seat that answers on one head and base is bound to alike, wherever it runs."""


def counted(entries: Sequence[Entry], change: Change) -> tuple[Verdict, ...]:
    """Every verdict on `change` as the gate counts it: a void one is a failure, or the stop that it was.

    What speaks for the change and is signed with a key that was taken away since does not count at all.
    """
    said = verdict_entries_in_force(entries, change.number)
    return tuple(_counting(entries, entry, change) for entry in said)


def void(entries: Sequence[Entry], said: Verdict, head_tree: str = "") -> str:
    """Why `said` counts for nothing, "" when all that it is bound to stands.

    entries: the ledger before it; head_tree: the tree of its head where git was asked, "" where nobody did.
    Whether its own head's limits may judge it, git is asked for as well: here they may.
    """
    return next(_wrong(entries, said, head_tree), "")


def _counting(entries: Sequence[Entry], entry: Entry, change: Change) -> Verdict:
    said = verdict_of(entry)
    here = (said.head, said.base) == (change.head, change.base)
    why = void(entries[: entry.number], said, change.head_tree if here else "")
    why = why or (_misjudged(said, change) if here else "")
    if not why or said.stance in _STOPPING:
        return said
    return replace(
        said, stance=Stance.BROKEN, findings=(), evidence="", rests_on=f"its answer is void: {why}"
    )


def _misjudged(said: Verdict, change: Change) -> str:
    """Why another commit's limits judged it than those that judge this change, "" when they did."""
    by = "" if said.grounds is None else said.grounds.bound["judged_by"]
    if by == change.judged_by:
        return ""
    right = "base" if change.scaling is None else "head"
    return f"it was judged by {by[:12]} and not by its {right} {change.judged_by[:12]}"


def _wrong(entries: Sequence[Entry], said: Verdict, head_tree: str) -> Iterator[str]:
    grounds = said.grounds
    if grounds is None:
        yield "it is bound to nothing"
        return
    if grounds.genesis != genesis_id(entries):
        yield f"it was given in the repository of ledger {grounds.genesis[:12]}"
    if head_tree and grounds.head_tree != head_tree:
        yield f"it is bound to the tree {grounds.head_tree[:12]}, and its head has {head_tree[:12]}"
    if grounds.bound["judged_by"] not in (said.base, said.head):
        yield f"it was judged by {grounds.bound['judged_by'][:12]} and not by its base {said.base[:12]}"
    other = _other_rules(entries, said, grounds)
    if other:
        yield f"it is bound to another {', '.join(other)} than the first answer on this head and base"
    if said.evidence:
        yield from _elsewhere(entries, said)
    elif grounds.test is not None:
        yield f"it names test {grounds.test}, and no evidence of it"


def _other_rules(entries: Sequence[Entry], said: Verdict, grounds: Grounds) -> list[str]:
    """In what it was judged otherwise than the first seat that answered here; a person does not judge so."""
    for entry in verdict_entries(entries, said.change):
        first = verdict_of(entry)
        if first.grounds and not is_human(first.seat) and (first.head, first.base) == (said.head, said.base):
            theirs = first.grounds.bound
            return [
                name for name in _RULES if not is_human(said.seat) and grounds.bound[name] != theirs[name]
            ]
    return []


def _elsewhere(entries: Sequence[Entry], said: Verdict) -> Iterator[str]:
    """What its evidence was played for, where that is something else."""
    grounds, entry = said.grounds, evidence_named(entries, said.change, said.evidence)
    if grounds is None or entry is None:
        yield f"its evidence {said.evidence[:19]} is not in the ledger before it"
        return
    found = evidence_of(entry)
    opened = next((one for one in entries if one.commit == found.of), None)
    number = test_of(opened).number if opened is not None and opened.kind is Kind.TEST_OPENED else None
    if (grounds.test, grounds.opened) != (number, found.of):
        yield f"it names test {grounds.test}, and its evidence belongs to test {number}"
    if (found.head, found.head_tree, found.base) != (said.head, grounds.head_tree, said.base):
        yield "its evidence was played for another head, tree or base"
    other = sorted(name for name, value in found.bound.items() if grounds.bound.get(name) != value)
    if other:
        yield f"it is bound to another {', '.join(other)} than its evidence"
