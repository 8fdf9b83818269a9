"""Pull requests as references: `git log refs/alphaloop/pr/3` reads like the conversation that it is.

One signed commit for each event.  Its tree keeps the head that it speaks of, so that a head which was
force-pushed away can still be judged again.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from alphaloop.errors import Misuse, RepositoryFailure, Untrusted
from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.mark import Mark
from alphaloop.facts.role import is_human
from alphaloop.forge import ahead, commits, joining
from alphaloop.forge.chain import LEDGER
from alphaloop.forge.contention import attempts
from alphaloop.forge.git import NOTHING, Move, Repository
from alphaloop.forge.keys.folder import KeyFolder, refuse_unless_in_force
from alphaloop.forge.ledger import LANDING, LocalLedger
from alphaloop.forge.statements import record
from alphaloop.forge.statements.record import Filing, Form
from alphaloop.ports import Said

PREFIX = "refs/alphaloop/pr"
_TALK = re.compile(rf"{PREFIX}/[1-9][0-9]{{0,8}}")
_FIELDS = (
    "number",
    "genesis",
    "place",
    "verb",
    "author",
    "key",
    "subject",
    "title",
    "text",
    "head",
    "base",
    "branch",
)
FORM = Form("event.json", frozenset(_FIELDS))
OPENED, COMMENTED, ANSWERED, CLOSED, MERGED = "opened", "commented", "answered", "closed", "merged"
PUSHED, LABELLED, UNLABELLED, CHECKED = "pushed", "labelled", "unlabelled", "checked"
MARKED = {
    Mark.DRAFTED: "a draft, which nothing merges",
    Mark.READIED: "no draft any more",
    Mark.REOPENED: "open again; whoever held it holds it still",
}
VOID = "void"


@dataclass(frozen=True, slots=True)
class Event:
    """One event of pull request `number`, the `place`-th since it was opened.

    base: what head was or is to be merged onto; for a merge, the main that it moved from.
    """

    number: int
    place: int
    commit: str
    verb: str
    author: str
    key: str
    title: str
    text: str
    head: str
    base: str
    branch: str

    def said(self) -> Said:
        """The event as people read it."""
        words = f"{self.title}\n\n{self.text}".rstrip() if self.verb == OPENED else self.text
        return Said(self.commit, self.author, self.verb, words, self.key)


class Conversations:
    """Every pull request's events, verified once and remembered by their tip."""

    def __init__(self, git: Repository, keys: KeyFolder, ledger: LocalLedger) -> None:
        self._git = git
        self._keys = keys
        self._ledger = ledger
        self._known: dict[int, tuple[Event, ...]] = {}

    def numbers(self) -> tuple[int, ...]:
        """The numbers of all pull requests, oldest first."""
        return tuple(sorted(numbers_in(self._git.refs(PREFIX))))

    def events(self, number: int) -> tuple[Event, ...]:
        """All events of a pull request, oldest first; raises Misuse when there is none of that number."""
        tip = self._git.ref(ref(number))
        if tip is None:
            raise Misuse(f"there is no pull request {number}: `alphaloop pr list` names those that there are")
        known = self._known.get(number, ())
        if not known or known[-1].commit != tip:
            known = self._read(number, tip, known)
            self._known[number] = known
        return known

    def add(self, event: Event) -> None:
        """Append `event` (its place and commit are found here) unless its author said it already."""
        name = ref(event.number)
        for _ in attempts(self._git, [name, LEDGER]):
            before = self.events(event.number)
            if said_already(event, before):
                return
            # With a ledger that moved meanwhile the author's key may no longer be in force.
            tip = self._ledger.chain().tip
            if self._git.move([self.prepare(event, before)], {LEDGER: tip}):
                return
        raise RepositoryFailure(
            f"pull request {event.number} stayed busy: look for {name}.lock, then run again"
        )

    def events_at(self, number: int, tip: str) -> tuple[Event, ...]:
        """The events of pull request `number` as they would be if its reference pointed at `tip`."""
        return self._read(number, tip, ())

    def prepare(self, event: Event, before: Sequence[Event], beside: Event | None = None) -> Move:
        """Sign and store `event` after those `before` it; it is said once the move is made.

        beside: the last event of the other side that a join takes in.
        """
        chain = self._ledger.chain()
        refuse_unless_in_force(self._keys, event.author, chain.verified_ring())
        ends = [end for end in (*before[-1:], beside) if end is not None]
        placed = replace(event, place=1 + max((end.place for end in ends), default=-1))
        written = record.write(
            self._git,
            self._keys,
            FORM,
            _fields(placed, chain.genesis),
            Filing([end.commit for end in ends], {"head": event.head}),
            event.author,
        )
        self._git.write(written.things)
        return Move(ref(event.number), written.id, before[-1].commit if before else NOTHING)

    def _read(self, number: int, tip: str, known: tuple[Event, ...]) -> tuple[Event, ...]:
        chain = self._ledger.chain()
        ring_of = chain.rings_of_events(self._git, number)
        line = joining.line(self._git, tip, known[-1].commit if known else "")
        before = known if line.goes_on else ()
        places = {event.commit: event.place for event in before[-1:]}
        found: list[Event] = []
        for commit in ahead.statements(self._git, line.commits, FORM.file):
            fields = record.read(self._git, commit, FORM)
            where = f"event {commit.id} of pull request {number}"
            places[commit.id] = joining.place(commit, fields["verb"], places, where)
            signer = commits.signer(commit, ring_of(commit.id))
            _check(fields, signer, number, places[commit.id], chain.genesis, where)
            found.append(_event(commit.id, fields, chain.keys))
        again = joining.repeated(line, [(one.author, one.verb, one.key, one.text) for one in found])
        return (*before, *(event for place, event in enumerate(found) if place not in again))


def ref(number: int) -> str:
    """The reference of pull request `number`."""
    return f"{PREFIX}/{int(number)}"


def numbers_in(refs: Mapping[str, str]) -> dict[int, str]:
    """The tip of every pull request among these references; whoever may push may call another anything."""
    named = {int(name.rpartition("/")[2]): name for name in refs if _TALK.fullmatch(name)}
    return {number: refs[name] for number, name in named.items()}


def said_already(event: Event, before: Sequence[Event]) -> bool:
    """Whether the author used the event's key before; another's use of it hides nothing."""
    return any((event.author, event.key) == (one.author, one.key) for one in before)


def comment_verb(author: str) -> str:
    """What a comment is called: people comment, seats answer, and no answer is ever a command."""
    return COMMENTED if is_human(author) else ANSWERED


def last(events: Sequence[Event], *verbs: str) -> Event | None:
    """The newest event with one of these verbs, or None."""
    return next((event for event in reversed(events) if event.verb in verbs), None)


def ended(events: Sequence[Event]) -> Event | None:
    """The merge or closing that a pull request ended with, None while it is open or open again."""
    newest = last(events, MERGED, CLOSED, Mark.REOPENED)
    return None if newest is None or newest.verb == Mark.REOPENED else newest


def _fields(event: Event, genesis: str) -> dict[str, Any]:
    about = event.title if event.verb in (OPENED, MERGED) else event.text.strip().partition("\n")[0]
    return {
        "number": event.number,
        "genesis": genesis,
        "place": event.place,
        "verb": event.verb,
        "author": event.author,
        "key": event.key,
        "subject": record.one_line(f"{event.author} {event.verb} #{event.number}: {about}"),
        "title": event.title,
        "text": event.text,
        "head": event.head,
        "base": event.base,
        "branch": event.branch,
    }


def _check(fields: Mapping[str, Any], signer: str, number: int, place: int, genesis: str, where: str) -> None:
    texts = [value for name, value in fields.items() if name not in ("number", "place")]
    if not all(isinstance(value, str) for value in texts):
        raise Untrusted(f"{where} has fields of the wrong type: find out who wrote it")
    if fields["author"] != signer:
        raise Untrusted(f"{where} claims to be said by {fields['author']} and is signed by {signer}")
    if (fields["number"], fields["place"], fields["genesis"]) != (number, place, genesis):
        raise Untrusted(f"{where} was said elsewhere and put here: find out who moved it")


def _event(commit: str, fields: Mapping[str, Any], recorded: Mapping[str, Entry]) -> Event:
    """The event; a mark or an ending is void unless the ledger holds it: a clone lost it, or it never was."""
    names = ("number", "place", "verb", "author", "key", "title", "text", "head", "base", "branch")
    event = Event(commit=commit, **{name: fields[name] for name in names})
    kind, key = {
        CLOSED: (Kind.CLOSED, f"closed:{event.key}"),
        MERGED: (Kind.RELEASE, event.key.removeprefix("merged:")),
        **{str(done): (Kind.MARK, f"mark:{event.key}") for done in MARKED},
    }.get(event.verb, (None, ""))
    entry = recorded.get(key)
    if kind is None or (entry is not None and _is_behind(entry, kind, event)):
        return event
    return replace(event, verb=f"{VOID} {event.verb}")


def _is_behind(entry: Entry, kind: Kind, event: Event) -> bool:
    """Whether this entry, and not one of another change or by somebody else, is what an event tells of."""
    about = entry.body.get(LANDING) if kind is Kind.RELEASE else entry.body
    if not isinstance(about, Mapping):
        return False
    return (entry.kind, entry.signer, about.get("change")) == (kind, event.author, event.number)
