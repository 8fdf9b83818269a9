"""The changes that can be read; one that cannot is left alone, and stops no other."""

from collections.abc import Iterable, Iterator, Sequence

from alphaloop.agents.labels import labels
from alphaloop.errors import Refused, Untrusted
from alphaloop.facts.change import Change
from alphaloop.facts.entry import Entry, Kind
from alphaloop.ports import Desk, Forge
from alphaloop.rules.entries.decisions import decided_change
from alphaloop.rules.life import release_entry


def legible(desk: Desk, numbers: Iterable[int]) -> Iterator[Change]:
    """Each of these changes as it stands, in their order; whoever may push can make one that nobody reads.

    What landed goes on as it was decided: a canary is watched whatever is done to its pull request.
    """
    entries = desk.ledger.entries()
    for number in numbers:
        try:
            yield desk.forge.change(number)
        except Untrusted as wrong:
            landed = _as_it_landed(entries, number)
            if landed is None:
                desk.tell(f"  #{number} is left alone: {wrong}")
            else:
                yield landed


def labels_on(desk: Desk, number: int) -> tuple[str, ...]:
    """The labels of a pull request, none where its conversation does not hold."""
    try:
        return labels(desk.forge.conversation(number))
    except Untrusted:
        return ()


def change_or_why(forge: Forge, number: int) -> Change:
    """The change as it stands; raises Refused, with what to do, for one that cannot be read."""
    try:
        return forge.change(number)
    except Untrusted as wrong:
        raise Refused(
            f"#{number} cannot be judged, so it does not land: {wrong}. Push another head, or close it with "
            "`/alphaloop close`; every other change goes on"
        ) from wrong


def _as_it_landed(entries: Sequence[Entry], number: int) -> Change | None:
    """What the gate decided on before a change was merged, None for one that was not."""
    released = release_entry(entries, number)
    if released is None:
        return None
    decided = (decided_change(one) for one in entries[: released.number] if one.kind is Kind.DECISION)
    return next((change for change in reversed([*decided]) if change.number == number), None)
