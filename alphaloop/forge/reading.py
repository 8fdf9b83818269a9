"""What a pull request changes, read from git alone: never from its title, body or a checkout."""

from collections.abc import Iterator, Sequence

from alphaloop.errors import Misuse
from alphaloop.facts.change import Change, Touched
from alphaloop.facts.entry import Entry, Kind
from alphaloop.forge import commits, objects
from alphaloop.forge.chain import Chain
from alphaloop.forge.commits import Commit
from alphaloop.forge.git import Repository
from alphaloop.forge.keys.signers import Ring
from alphaloop.forge.ledger import LocalLedger
from alphaloop.forge.pull_requests import MERGED, Event, ended
from alphaloop.forge.twins import twins

MAIN = "refs/heads/main"


def change_of(git: Repository, ledger: LocalLedger, events: tuple[Event, ...], main: str) -> Change:
    """The change as it stands: an open one against today's main, a merged or closed one as it was then."""
    opened, end = events[0], ended(events)
    head = end.head if end else git.ref(f"refs/heads/{opened.branch}") or events[-1].head
    base = end.base if end else main
    ring = _ring_of(ledger.chain(), end)
    tip = git.commit(head)
    paths = touched(git, ring, base, tip)
    return Change(
        opened.number,
        opened.author,
        opened.title,
        opened.branch,
        base,
        head,
        tip.tree,
        paths,
        git.descends(base, head),
        twins_beside(git, tip.tree, paths),
    )


def twins_beside(git: Repository, tree: str, paths: Sequence[Touched]) -> tuple[str, ...]:
    """What stands in a change's tree beside what it touches, and differs from it in case only."""
    names = {touch.path for touch in paths}
    return tuple(twin for twin in twins(git.nodes, tree, names) if twin not in names)


def _ring_of(chain: Chain, end: Event | None) -> Ring:
    """The keys by which a change is read: a merged one by those that it was merged under."""
    landed = None if end is None else chain.keys.get(end.key.removeprefix(f"{MERGED}:"))
    return chain.verified_ring() if landed is None else chain.ring_at(landed.number)


def allocated(ledger: LocalLedger) -> dict[int, Entry]:
    """Every pull request that the ledger gave a number to: the n-th number entry opens number n."""
    return numbered(ledger.entries())


def numbered(entries: Sequence[Entry]) -> dict[int, Entry]:
    """The same among these entries."""
    return dict(enumerate((entry for entry in entries if entry.kind is Kind.NUMBER), 1))


def number_of(ledger: LocalLedger, entry: Entry) -> int:
    """The pull request's number that a number entry allocated."""
    for number, change in allocated(ledger).items():
        if change.commit == entry.commit:
            return number
    raise Misuse(
        f"ledger entry {entry.number} ({entry.key}) opens no pull request: use another idempotency key"
    )


def touched(git: Repository, ring: Ring, base: str, head: Commit) -> tuple[Touched, ...]:
    """Every path that a commit of `head` not in `base` touches, with the principal that signed it."""
    return tuple(_touched(git, ring, base, head))


def _touched(git: Repository, ring: Ring, base: str, head: Commit) -> Iterator[Touched]:
    seen: set[str] = set()
    for identity in git.since(base, head.id):
        commit = git.commit(identity)
        committer = _committer(commit, ring)
        for path, mode in _touched_by(git, commit):
            seen.add(path)
            yield Touched(path, mode, committer, commit.id)
    # A merge can take one side's version of a path whole: no commit touches it, and yet the change
    # changes it.
    committer = _committer(head, ring)
    for path, mode in objects.difference(git.nodes, git.commit(base).tree, head.tree):
        if path not in seen and head.id != base:
            yield Touched(path, mode, committer, head.id)


def _committer(commit: Commit, ring: Ring) -> str:
    """Who signed a commit, as far as their key is in force: roles.yaml knows nobody of the other spelling."""
    former = commits.former_signer(commit, ring)
    return f"{former} (with a key that was taken away)" if former else commits.signer(commit, ring)


def _touched_by(git: Repository, commit: Commit) -> list[tuple[str, str]]:
    """The paths in which a commit differs from every one of its parents, with their modes in it."""
    parents: list[str | None] = [git.commit(parent).tree for parent in commit.parents]
    changed = [dict(objects.difference(git.nodes, parent, commit.tree)) for parent in parents or [None]]
    return [(path, mode) for path, mode in changed[0].items() if all(path in other for other in changed[1:])]
