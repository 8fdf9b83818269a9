"""Carrying along what a clone wrote while the ledger went on elsewhere.

Every entry comes as an import.  What only forbids is said again by whoever may say it: a stop, and a person's
hold or veto.  An open pull request is opened again under a number that the ledger gives it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from alphaloop.errors import Untrusted
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.facts.mark import Mark
from alphaloop.facts.role import is_human
from alphaloop.facts.verdict import Stance, Verdict
from alphaloop.forge import opening, reading
from alphaloop.forge.chain import FORM, Chain
from alphaloop.forge.git import Repository
from alphaloop.forge.keys.folder import KeyFolder
from alphaloop.forge.pull_requests import CLOSED, Conversations, Event, comment_verb, ended, ref
from alphaloop.forge.syncing import imports
from alphaloop.forge.syncing.unpublished import Unpublished
from alphaloop.rules.entries import stops
from alphaloop.rules.entries.changes import change_of, change_opened, hypothesis_of
from alphaloop.rules.entries.imported import imported
from alphaloop.rules.entries.marks import is_draft, mark
from alphaloop.rules.entries.verdicts import verdict, verdict_of
from alphaloop.rules.stopped import stop_in_force, why_stopped

_LONGEST = 60_000


@dataclass(slots=True)
class Carried:
    """What came along: moves holds the references that it needs, fresh the originals imported just now.

    numbers: pull requests of the clone → their new numbers; words: what people must know.
    """

    moves: dict[str, str] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)
    fresh: set[str] = field(default_factory=set)
    words: list[str] = field(default_factory=list)


class Carrier:
    """Appends what `ours` holds after its first `fork` entries to `ledger`, signed by `by`.

    Nothing of it is published: `ledger` and the moves are only objects until somebody moves references.
    """

    def __init__(self, git: Repository, keys: KeyFolder, ours: Chain, ledger: Unpublished, by: str) -> None:
        self._git = git
        self._keys = keys
        self._ours = ours
        self._ledger = ledger
        self._by = by
        self._here = Conversations(git, keys, Unpublished(git, keys, ours))
        self._talks = Conversations(git, keys, ledger)

    def carry(self, fork: int) -> Carried:
        """Take everything along; doing it twice adds nothing."""
        carried = Carried()
        for entry in self._ours.entries[fork:]:
            self._take(entry, carried)
        for number, entry in reading.numbered(self._ours.entries).items():
            if entry.number >= fork:
                self._reopen(number, entry, carried)
        self._stop_again(carried)
        for said in _objections(self._ours.entries[fork:], carried.fresh):
            self._object_again(said, carried, reading.numbered(self._ours.entries[:fork]))
        return carried

    def _take(self, entry: Entry, carried: Carried) -> None:
        standing = self._ledger.chain()
        again = entry.kind is Kind.IMPORTED
        raw = imports.kept_original(self._git, entry.commit) if again else self._git.read(entry.commit)
        try:
            if raw is None:
                raise Untrusted("it keeps no original")
            original = imports.original_in(self._git, raw, standing.verified_ring(), standing.genesis, FORM)
            draft = imported(original)
        except Untrusted as wrong:
            carried.words.append(f"entry {entry.number} of this clone was not taken along: {wrong}")
            return
        if draft.key not in standing.keys:
            self._ledger.append(draft, self._by, keeps={imports.ORIGINAL: raw})
            carried.fresh.add(original.commit)

    def _reopen(self, number: int, entry: Entry, carried: Carried) -> None:
        """Open a pull request of the clone again, with its head as it is now, unless it was closed there."""
        key = f"number:imported:{entry.commit}"
        if key in self._ledger.chain().keys or entry.commit not in carried.fresh:
            return
        said = self._here.events(number) if self._git.ref(ref(number)) else ()
        end = ended(said)
        if end is not None and end.verb == CLOSED:
            carried.words.append(f"#{number} of this clone was closed here, so only its entries came along")
            return
        if not self._keys.holds(entry.signer):
            carried.words.append(
                f"#{number} of this clone was not opened again: the key of {entry.signer} is not here, so "
                "propose it anew, or sync where that key is"
            )
            return
        opened = self._opened(number, key, entry, said)
        carried.numbers[number] = opened.number
        carried.moves |= self._told(number, opened, said)
        carried.words.append(f"#{number} of this clone is now #{opened.number}: the ledger gives the numbers")

    def _opened(self, number: int, key: str, entry: Entry, said: Sequence[Event]) -> Event:
        """Allocate the new number, and say what the change is and what its author believes."""
        before = opening.opened_event(number, entry)
        branch = self._git.ref(f"refs/heads/{before.branch}")
        head = branch or (said[-1].head if said else before.head)
        text = f"{before.text}\n\nOpened as #{number} in a clone, while the ledger went on elsewhere.".strip()
        body = {**entry.body, "text": text, "head": head}
        subject = f"{entry.signer} proposes: {before.title}"
        draft = Draft(Kind.NUMBER, key, subject, body, {"head": head})
        allocated = self._ledger.append(draft, entry.signer)
        new = len(reading.numbered(self._ledger.chain().entries))
        event = opening.opened_event(new, allocated)
        for told in self._ours.entries:
            if told.kind is Kind.CHANGE and change_of(told).number == number and change_of(told).head == head:
                change = replace(change_of(told), number=new, branch=event.branch)
                self._ledger.append(change_opened(change, hypothesis_of(told), 0), told.signer)
        if is_draft(self._ours.entries, number):
            again = mark(new, Mark.DRAFTED, head, event.base, f"imported:{entry.commit}")
            self._ledger.append(again, self._drafter(number))
        return event

    def _drafter(self, number: int) -> str:
        """The person who made `number` a draft, else whoever syncs: only a person's mark counts."""
        marks = [one for one in self._ours.entries if one.kind is Kind.MARK and one.body["change"] == number]
        people = [one.signer for one in marks if is_human(one.signer) and self._keys.holds(one.signer)]
        return people[-1] if people else self._by

    def _told(self, number: int, opened: Event, said: Sequence[Event]) -> dict[str, str]:
        """The new conversation: its opening, and what was said in the clone, quoted."""
        tip = self._talks.prepare(opened, ()).new
        if len(said) > 1:
            events = self._talks.events_at(opened.number, tip)
            event = replace(
                opened,
                verb=comment_verb(self._by),
                author=self._by,
                key=f"imported:{said[-1].commit}",
                text=_quoted(number, said[1:]),
            )
            tip = self._talks.prepare(event, events).new
        return {f"refs/heads/{opened.branch}": opened.head, ref(opened.number): tip}

    def _stop_again(self, carried: Carried) -> None:
        """A stop that was given in the clone holds everywhere: stopping must never get lost."""
        stopped = stop_in_force(self._ours.entries)
        entries = self._ledger.chain().entries
        if stopped is None or stopped.commit not in carried.fresh or stop_in_force(entries) is not None:
            return
        reason = f"said in a clone by {why_stopped(self._ours.entries)}"
        self._ledger.append(stops.stop(entries, self._by, reason), self._by)
        carried.words.append("the stop of this clone is in force everywhere now: a human resumes")

    def _object_again(self, said: Verdict, carried: Carried, common: Mapping[int, Entry]) -> None:
        number = said.change if said.change in common else carried.numbers.get(said.change)
        if number is None:
            return
        if not self._keys.holds(said.seat):
            carried.words.append(
                f"{said.seat}'s {said.stance.name.lower()} on #{number} came as an import, which forbids "
                f"nothing: {said.seat} must say it again"
            )
            return
        again = replace(said, change=number)
        self._ledger.append(verdict(self._ledger.chain().entries, again), said.seat)


def _objections(suffix: Sequence[Entry], fresh: set[str]) -> Iterator[Verdict]:
    """Every person's newest word on each change, as far as it was written in the clone and objects."""
    newest: dict[tuple[str, int], Verdict] = {}
    for entry in suffix:
        if entry.kind is Kind.VERDICT and is_human(entry.signer) and entry.commit in fresh:
            said = verdict_of(entry)
            newest[said.seat, said.change] = said
    return (said for said in newest.values() if said.stance in (Stance.HOLD, Stance.VETO))


def _quoted(number: int, said: Sequence[Event]) -> str:
    """What was said in the clone, so that no line of it can be a command."""
    lines = [f"Said on #{number} of a clone, which keeps the signed originals:", ""]
    for event in said:
        lines += [f"> {event.author} {event.verb}"]
        lines += [f"> > {line}" for line in event.text.splitlines()[:200]]
        lines += [">"]
    text = "\n".join(lines)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
