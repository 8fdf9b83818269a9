"""Landing a commit on main: ledger first, main last, in one transaction; what is written can be finished.

The ledger's entry names the commit that main is to move to, so a run that is killed between the two
references is rolled forward from it, and never back.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from alphaloop.errors import Misuse
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.forge import commits, worktree
from alphaloop.forge.git import Move, Repository
from alphaloop.forge.keys.folder import KeyFolder
from alphaloop.forge.ledger import LANDING, LocalLedger, Prepared
from alphaloop.forge.objects import Object
from alphaloop.forge.reading import MAIN
from alphaloop.ports import Merged, NotMerged
from alphaloop.rules.entries.fields import body_of

MERGE, RESTORE = "merge", "restore"


class Craft(NamedTuple):
    """What lands: a tree on `parents`, said in `words`; how is merge or restore; extra objects it needs.

    facts: what the ledger says of this landing beyond how, commit and base.

    tip: the ledger entry up to which everything was read; with a newer one the landing must be judged again.
    """

    how: str
    tip: str
    tree: str
    parents: tuple[str, ...]
    words: str
    extra: tuple[Object, ...] = ()
    facts: Mapping[str, object] = MappingProxyType({})


class Landing(NamedTuple):
    """A landing that the ledger records: main goes from `base` to `commit`.

    change and head: what was merged, 0 and "" for a restore; paths and source: what a restore put back and
    from which commit, () and "" for a merge; talk: the last event that was said before a merge, "" in a
    ledger that was written before it told.
    """

    entry: Entry
    how: str
    commit: str
    base: str
    change: int
    head: str
    paths: tuple[str, ...] = ()
    source: str = ""
    talk: str = ""


def crafted(git: Repository, keys: KeyFolder, craft: Craft, seat: str) -> Object:
    """The signed commit that is to land, stored, and anchored in the ledger by its trailer `Ledger-Tip`."""
    message = f"{craft.words.strip()}\n\nLedger-Tip: {craft.tip}\n"
    content = commits.payload(craft.tree, craft.parents, seat, message, commits.now())
    commit = commits.sealed(content, keys.armour(seat, content))
    git.write([*craft.extra, commit])
    return commit


def land(
    git: Repository,
    keys: KeyFolder,
    ledger: LocalLedger,
    craft: Craft,
    draft: Draft,
    seat: str,
    others: tuple[Move, ...] = (),
    unmoved: Mapping[str, str] | None = None,
) -> Merged | NotMerged | None:
    """Try once to move ledger, `others` and main while `unmoved` stay; None when one moved meanwhile."""
    base = craft.parents[0]
    if LANDING in draft.body:
        raise Misuse(f"the draft of a release must leave {LANDING!r} to the forge")
    commit = crafted(git, keys, craft, seat)
    obstacle = worktree.obstacle(git, base, commit.id)
    if obstacle:
        return NotMerged("blocked", obstacle)
    landing = {"how": craft.how, "commit": commit.id, "base": base, **craft.facts}
    body = {**draft.body, LANDING: landing}
    full = Draft(draft.kind, draft.key, draft.subject, body, draft.keeps)
    prepared = ledger.prepare(full, seat, keeps={"landed": commit})
    if prepared.move.old != craft.tip:
        return None
    worktree.announce(git, base, commit.id)
    if not git.move([prepared.move, *others, Move(MAIN, commit.id, base)], unmoved):
        _undone(git, ledger, prepared, commit.id)
        return None
    ledger.read_back(prepared)
    worktree.follow(git, base, commit.id)
    return Merged(commit.id)


def landings(ledger: LocalLedger) -> tuple[Landing, ...]:
    """Every landing that the ledger records, oldest first."""
    return of(ledger.entries())


def of(entries: Sequence[Entry]) -> tuple[Landing, ...]:
    """The landings among these entries."""
    return tuple(_landing(entry) for entry in entries if entry.kind is Kind.RELEASE)


def _landing(entry: Entry) -> Landing:
    fields = body_of(entry, Kind.RELEASE).inner(LANDING)
    how, commit, base = (fields.text(name) for name in ("how", "commit", "base"))
    if how == MERGE:
        talk = fields.text("talk") if "talk" in fields.values else ""
        return Landing(entry, how, commit, base, fields.whole("change"), fields.text("head"), talk=talk)
    return Landing(entry, how, commit, base, 0, "", fields.texts("paths"), fields.text("source"))


def _undone(git: Repository, ledger: LocalLedger, prepared: Prepared, commit: str) -> None:
    # Git can fail between two references, or a twin made the same entry: what the ledger holds is finished.
    if all(entry.commit != prepared.move.new for entry in ledger.entries()):
        worktree.withdraw(git, commit)
