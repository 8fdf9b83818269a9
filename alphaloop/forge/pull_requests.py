"""Pull requests as references: `git log refs/alphaloop/pr/3` reads like the conversation that it is.

One signed commit for each event.  Its tree keeps the head that it speaks of, so that a head which was
force-pushed away can still be judged again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from alphaloop.errors import Misuse, RepositoryFailure, Untrusted
from alphaloop.facts.role import is_human
from alphaloop.forge import commits, record
from alphaloop.forge.contention import attempts
from alphaloop.forge.git import NOTHING, Move, Repository
from alphaloop.forge.keys import KeyFolder
from alphaloop.forge.ledger import LocalLedger
from alphaloop.forge.record import Filing, Form
from alphaloop.ports import Said

PREFIX = "refs/alphaloop/pr"
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
        return Said(self.commit, self.author, self.verb, words)


class Conversations:
    """Every pull request's events, verified once and remembered by their tip."""

    def __init__(self, git: Repository, keys: KeyFolder, ledger: LocalLedger) -> None:
        self._git = git
        self._keys = keys
        self._ledger = ledger
        self._known: dict[int, tuple[Event, ...]] = {}

    def numbers(self) -> tuple[int, ...]:
        """The numbers of all pull requests, oldest first."""
        names = self._git.refs(PREFIX)
        return tuple(
            sorted(int(name.rpartition("/")[2]) for name in names if name.rpartition("/")[2].isdecimal())
        )

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
        """Append `event` (its place and commit are found here) unless its key is there already."""
        name = ref(event.number)
        for _ in attempts(self._git, [name]):
            before = self.events(event.number)
            if any(event.key == standing.key for standing in before):
                return
            if self._git.move([self.prepare(event, before)]):
                return
        raise RepositoryFailure(
            f"pull request {event.number} stayed busy: look for {name}.lock, then run again"
        )

    def prepare(self, event: Event, before: Sequence[Event]) -> Move:
        """Sign and store `event` after those `before` it; it is said once the move is made."""
        genesis = self._ledger.chain().genesis
        parents = (before[-1].commit,) if before else ()
        written = record.write(
            self._git,
            self._keys,
            FORM,
            _fields(replace(event, place=len(before)), genesis),
            Filing(parents, {"head": event.head}),
            event.author,
        )
        self._git.write(written.things)
        return Move(ref(event.number), written.id, before[-1].commit if before else NOTHING)

    def _read(self, number: int, tip: str, known: tuple[Event, ...]) -> tuple[Event, ...]:
        chain = self._ledger.chain()
        ring, found, current = chain.verified_ring(), [], tip
        end = known[-1].commit if known else ""
        while current and current != end:
            commit = self._git.commit(current)
            found.append(commit)
            current = commit.parents[0] if commit.parents else ""
        events = list(known) if current else []
        for commit in reversed(found):
            fields = record.read(self._git, commit, FORM)
            _check(commit, fields, commits.signer(commit, ring), number, len(events), chain.genesis)
            before = (events[-1].commit,) if events else ()
            if commit.parents != before:
                raise Untrusted(
                    f"event {commit.id} of pull request {number} does not follow the one before it"
                )
            events.append(_event(commit.id, fields))
        return tuple(events)


def ref(number: int) -> str:
    """The reference of pull request `number`."""
    return f"{PREFIX}/{int(number)}"


def comment_verb(author: str) -> str:
    """What a comment is called: people comment, seats answer, and no answer is ever a command."""
    return COMMENTED if is_human(author) else ANSWERED


def last(events: Sequence[Event], *verbs: str) -> Event | None:
    """The newest event with one of these verbs, or None."""
    return next((event for event in reversed(events) if event.verb in verbs), None)


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


def _check(
    commit: commits.Commit, fields: Mapping[str, Any], signer: str, number: int, place: int, genesis: str
) -> None:
    where = f"event {commit.id} of pull request {number}"
    texts = [value for name, value in fields.items() if name not in ("number", "place")]
    if not all(isinstance(value, str) for value in texts):
        raise Untrusted(f"{where} has fields of the wrong type: find out who wrote it")
    if fields["author"] != signer:
        raise Untrusted(f"{where} claims to be said by {fields['author']} and is signed by {signer}")
    if (fields["number"], fields["place"], fields["genesis"]) != (number, place, genesis):
        raise Untrusted(f"{where} was said elsewhere and put here: find out who moved it")


def _event(commit: str, fields: Mapping[str, Any]) -> Event:
    names = ("number", "place", "verb", "author", "key", "title", "text", "head", "base", "branch")
    return Event(commit=commit, **{name: fields[name] for name in names})
