"""What a repository holds: content-addressed commits and entries, and the references of one state."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from hashlib import blake2b, sha1
from typing import NamedTuple

from alphaloop.facts.change import LIMITS, SCALED_PATHS, Change, Scaling, Touched
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.facts.role import is_human

STRATEGY = "strategy.py"
ROOM = {"tight": 5.0, "wide": 10.0, "wider": 20.0}
"""What risk.py of the model may say, and the position that this allows, in base units."""
HOLDER, ENDED = "holder", "ended"
_LEFT_OUT = {Kind.EVIDENCE: "pairs", Kind.CLAIM: HOLDER}


class Commit(NamedTuple):
    """A commit: path → content, parents, and the principal that signed it."""

    files: tuple[tuple[str, str], ...]
    parents: tuple[str, ...]
    signer: str


class Refs(NamedTuple):
    """All that can differ between two states of the repository: entries, main, and every branch's head."""

    entries: tuple[Entry, ...]
    main: str
    heads: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        """Equal for equal states, because an entry's id covers all that stands before it."""
        return self.entries[-1].commit, self.main, self.heads

    @property
    def digest(self) -> bytes:
        """The key in 12 bytes: among a million states two are alike by chance once in 10^17 searches."""
        return blake2b(repr(self.key).encode(), digest_size=12).digest()


COMMITS: dict[str, Commit] = {}
_ENTRIES: dict[str, Entry] = {}
MOST_ENTRIES = 200_000
"""That are kept so that equal ones are one object; whoever still needs others has them."""


def commit(files: Mapping[str, str], parents: Iterable[str], signer: str) -> str:
    """Store a commit; the same content has the same id."""
    made = Commit(tuple(sorted(files.items())), tuple(parents), signer)
    identity = _digest(made)
    COMMITS[identity] = made
    return identity


@cache
def tree(identity: str) -> str:
    """The id of a commit's files."""
    return _digest(COMMITS[identity].files)


@cache
def ancestors(identity: str) -> frozenset[str]:
    """A commit and everything that it stands on."""
    found, waiting = set(), [identity]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += COMMITS[one].parents
    return frozenset(found)


def entry_after(entries: tuple[Entry, ...], draft: Draft, signer: str) -> Entry:
    """The entry that `draft` becomes; its id covers the one before and all it says but a claim's holder."""
    before = entries[-1].commit if entries else ""
    identity = _digest((before, signer, str(draft.kind), draft.key, _spelled(draft)))
    if draft.kind is Kind.CLAIM:
        return _entry(entries, identity, draft, signer)
    if identity not in _ENTRIES:
        if len(_ENTRIES) >= MOST_ENTRIES:
            _ENTRIES.clear()
        _ENTRIES[identity] = _entry(entries, identity, draft, signer)
    return _ENTRIES[identity]


def settled(refs: Refs) -> Refs:
    """The same state once nobody is at work: every claim is that of a process which has ended.

    Who held it says nothing any more, because no two processes have one name: a rule asks of a holder only
    whether it has ended.
    """
    if not any(one.kind is Kind.CLAIM and one.body[HOLDER] != ENDED for one in refs.entries):
        return refs
    return refs._replace(entries=tuple(map(_ended, refs.entries)))


def _ended(entry: Entry) -> Entry:
    if entry.kind is not Kind.CLAIM:
        return entry
    if entry.commit not in _ENTRIES:
        _ENTRIES[entry.commit] = replace(entry, body={**entry.body, HOLDER: ENDED})
    return _ENTRIES[entry.commit]


def _entry(entries: tuple[Entry, ...], identity: str, draft: Draft, signer: str) -> Entry:
    return Entry(len(entries), identity, signer, draft.kind, draft.key, draft.subject, draft.body)


def _spelled(draft: Draft) -> str:
    """The body, so that no two are spelled alike; of evidence all but its pairs, which are all alike."""
    left_out = _LEFT_OUT.get(draft.kind)
    return repr({name: said for name, said in draft.body.items() if name != left_out})


def _digest(content: object) -> str:
    return sha1(repr(content).encode()).hexdigest()


@cache
def change_at(number: int, author: str, head: str, base: str) -> Change:
    """Commits never change, so neither does what stands between two of them."""
    touched = tuple(_touched(head, ancestors(base)))
    title, branch, based = f"change {number}", f"b/{number}", base in ancestors(head)
    made = Change(number, author, title, branch, base, head, tree(head), touched, based)
    return replace(made, scaling=_scaling(made))


def _scaling(change: Change) -> Scaling | None:
    """What it scales: people alone change both files, and their limits say how much it may hold."""
    signers = {change.author, *(touch.committer for touch in change.touched)}
    before, after = room(change.base), room(change.head)
    scales = change.files == SCALED_PATHS and change.based and 0 < before != after > 0
    return Scaling(before, after, tuple(sorted(signers))) if scales and all(map(is_human, signers)) else None


def room(identity: str) -> float:
    """How much the limits of a commit allow to be held, 0 where they cannot be read."""
    return ROOM.get(dict(COMMITS[identity].files)[LIMITS], 0.0)


def loosens(source: str, onto: str) -> bool:
    """Whether the limits of commit `source` allow more than those of `onto`, which the forge asks too."""
    return room(source) > room(onto)


def _touched(head: str, below: frozenset[str]) -> Iterable[Touched]:
    for identity in sorted(ancestors(head) - below):
        made = COMMITS[identity]
        before = dict(COMMITS[made.parents[0]].files) if made.parents else {}
        for path, text in made.files:
            if before.get(path) != text:
                yield Touched(path, "100644", made.signer, identity)
