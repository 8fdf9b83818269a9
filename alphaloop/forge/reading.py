"""What a pull request changes, read from git alone: never from its title, body or a checkout."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from alphaloop.errors import Misuse, Untrusted
from alphaloop.facts.change import Change, Touched
from alphaloop.facts.entry import Entry, Kind
from alphaloop.forge import commits, objects
from alphaloop.forge.chain import Chain
from alphaloop.forge.commits import Commit
from alphaloop.forge.git import Repository
from alphaloop.forge.keys.signers import Ring
from alphaloop.forge.ledger import LocalLedger
from alphaloop.forge.pull_requests import MERGED, Event, ended
from alphaloop.forge.scaling import scaled
from alphaloop.forge.twins import twins
from alphaloop.rules.entries.decisions import last_decision

MAIN = "refs/heads/main"
MOST_COMMITS = 1_000
"""Of one change; each is read and its signature checked whenever the change is looked at."""


def change_of(git: Repository, ledger: LocalLedger, events: tuple[Event, ...], main: str) -> Change:
    """The change as it stands: an open one against today's main, a merged or closed one as it was then."""
    opened, end = events[0], ended(events)
    head, base = ends_of(git, events, main)
    ring = _ring_of(ledger.chain(), end)
    tip = git.commit(head)
    paths = touched(git, ring, base, tip, commits.committer_or_nobody)
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
        scaled(git, ring, opened.author, base, head, paths),
    )


def ends_of(git: Repository, events: tuple[Event, ...], main: str) -> tuple[str, str]:
    """Head and base of a change, whatever they hold: whoever closes it need not read it."""
    end = ended(events)
    if end is not None:
        return end.head, end.base
    return git.ref(f"refs/heads/{events[0].branch}") or events[-1].head, main


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


def spoken_of(entries: Sequence[Entry], number: int) -> bool:
    """Whether the ledger speaks of a pull request: then it was open once, and no killed run left it so."""
    said = any(entry.body.get("change") == number for entry in entries)
    return said or last_decision(entries, number) is not None


def number_of(ledger: LocalLedger, entry: Entry) -> int:
    """The pull request's number that a number entry allocated."""
    for number, change in allocated(ledger).items():
        if change.commit == entry.commit:
            return number
    raise Misuse(
        f"ledger entry {entry.number} ({entry.key}) opens no pull request: use another idempotency key"
    )


Naming = Callable[[Commit, Ring], str]
"""Who signed a commit, as far as these keys tell."""


def touched(
    git: Repository, ring: Ring, base: str, head: Commit, named: Naming = commits.committer
) -> tuple[Touched, ...]:
    """Every path that a commit of `head` not in `base` touches, with the principal that signed it.

    Raises Untrusted for a commit that nobody of the ring signed as who it claims to be, unless `named` says
    who that is.
    """
    return tuple(_touched(git, ring, base, head, named))


def _touched(git: Repository, ring: Ring, base: str, head: Commit, named: Naming) -> Iterator[Touched]:
    seen: set[str] = set()
    silent: list[Touched] = []
    since = git.since(base, head.id)
    if len(since) > MOST_COMMITS:
        raise Untrusted(f"{head.id[:12]} has {len(since)} commits of its own, and {MOST_COMMITS} are read")
    for identity in since:
        commit = git.commit(identity)
        committer = named(commit, ring)
        paths = _touched_by(git, commit)
        silent += [] if paths else [Touched("", objects.REGULAR, committer, commit.id)]
        for path, mode in paths:
            seen.add(path)
            yield Touched(_written(path), mode, committer, commit.id)
    # A merge can take one side's version of a path whole: no commit touches it, and yet the change
    # changes it.
    committer = named(head, ring)
    for path, mode in objects.difference(git.nodes, git.commit(base).tree, head.tree):
        if path not in seen and head.id != base:
            seen.add(path)
            yield Touched(_written(path), mode, committer, head.id)
    # What touches nothing and is nobody's would otherwise come along unseen.
    for touch in silent:
        if touch.committer.startswith(commits.NOBODY):
            yield from (replace(touch, path=_written(path)) for path in sorted(seen))


def _written(path: str) -> str:
    """A path as it can be written down; bytes that are no text come with a backslash, which no path has."""
    return path.encode("utf-8", "backslashreplace").decode()


def _touched_by(git: Repository, commit: Commit) -> list[tuple[str, str]]:
    """The paths in which a commit differs from every one of its parents, with their modes in it."""
    parents: list[str | None] = [git.commit(parent).tree for parent in commit.parents]
    changed = [dict(objects.difference(git.nodes, parent, commit.tree)) for parent in parents or [None]]
    return [(path, mode) for path, mode in changed[0].items() if all(path in other for other in changed[1:])]
