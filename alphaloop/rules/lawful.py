"""Whether everything that moved main, or says what is confirmed, follows from what stood before it.

Whoever holds one seat's key and may push can write any entry that this seat signs, and move main with it. The
desk therefore decides again what the ledger says was decided, before it judges anything by main.
"""

from collections.abc import Callable, Iterator, Sequence

from alphaloop.errors import AlphaLoopError
from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.role import Seats, is_human
from alphaloop.rules.canaries import recalled
from alphaloop.rules.endings import wrong_outcome, wrong_release
from alphaloop.rules.entries import releases
from alphaloop.rules.entries.decisions import decided_change, decision_of
from alphaloop.rules.entries.fields import body_of
from alphaloop.rules.gate import redecided
from alphaloop.rules.overtaken import last_decided, overtaken
from alphaloop.rules.standing import wrongly_signed
from alphaloop.rules.stopped import stop_in_force

_MOVING = (Kind.RELEASE, Kind.OUTCOME)


def unlawful(entries: Sequence[Entry], seats_at: Callable[[str], Seats]) -> str:
    """Why a landing or an ending cannot be what the desk's rules made, "" when all can.

    seats_at: the seats of a commit.
    """
    later = (entry for entry in entries[answered_for(entries) + 1 :] if entry.kind in _MOVING)
    return next((said for entry in later for said in _wrong(entries, entry, seats_at)), "")


def answered_for(entries: Sequence[Entry]) -> int:
    """The number of the last human's resume, 0 without one: it answers for what stood before it.

    An entry cannot be taken out of the ledger, so whoever resumes has put main right and says so.
    """
    return max((entry.number for entry in entries if _answers(entry)), default=0)


def _wrong(entries: Sequence[Entry], entry: Entry, seats_at: Callable[[str], Seats]) -> Iterator[str]:
    where = f"ledger entry {entry.number} ({entry.subject})"
    before = entries[: entry.number]
    try:
        if entry.kind is Kind.OUTCOME:
            said = wrong_outcome(entries, entry) or _wrong_end(before, entry, seats_at)
        else:
            base = body_of(entry, Kind.RELEASE).inner("landing").text("base")
            said = wrong_release(entries, entry) or wrongly_signed(entry, seats_at(base))
            said = said or (_undecided(before, entry, seats_at) if releases.is_merge(entry) else "")
    except AlphaLoopError as unreadable:
        said = str(unreadable)
    if said:
        yield f"{where}: {said}"


def _undecided(before: Sequence[Entry], entry: Entry, seats_at: Callable[[str], Seats]) -> str:
    """Why a merge does not follow from the last decision on its change, as that is taken again."""
    fields = body_of(entry, Kind.RELEASE)
    decided = last_decided(before, fields.whole("change"))
    if decided is None:
        return "nobody decided on it"
    change, told = decided_change(decided), decision_of(decided)
    here = (fields.text("head"), fields.text("base"), fields.text("head_tree"))
    if here != (change.head, change.base, change.head_tree):
        return "the decision before it is on another head, base or tree"
    if stop_in_force(before) is not None:
        return "the desk was stopped"
    if overtaken(before, decided) is not None:
        return "something was said on it after it was decided"
    again = redecided(before, decided, seats_at(change.base))
    if again != told or not again.may_merge:
        return f"the ledger gives {again.word} ({again.reasons[0]})"
    return wrongly_signed(decided, seats_at(change.base))


def _wrong_end(before: Sequence[Entry], entry: Entry, seats_at: Callable[[str], Seats]) -> str:
    """Why a release may not end so: its own commit says who ends it, and an objection is no confirmation."""
    fields = body_of(entry, Kind.OUTCOME)
    released = next(one for one in before if one.commit == fields.text("of"))
    release = releases.release_of(released)
    seats = seats_at(release.commit)
    confirmed = release.judged and not fields.text("restored")
    why = recalled(before, released, seats) if confirmed else ""
    return f"it confirms a canary although {why}" if why else wrongly_signed(entry, seats)


def _answers(entry: Entry) -> bool:
    return entry.kind is Kind.RESUME and is_human(entry.signer)
