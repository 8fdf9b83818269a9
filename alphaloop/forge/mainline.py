"""What every commit on main must be: founded, landed by the ledger, or signed by a human's own hand."""

from collections.abc import Collection

from alphaloop.errors import Untrusted
from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.role import is_human
from alphaloop.forge import commits, objects, opening, reading, standing
from alphaloop.forge.chain import Chain
from alphaloop.forge.git import Repository
from alphaloop.forge.landing import MERGE, RESTORE, Landing
from alphaloop.forge.ledger import LocalLedger
from alphaloop.forge.pull_requests import OPENED, Conversations
from alphaloop.rules.entries.decisions import decided_change, decision_of

_TRAILER = "Ledger-Tip"


def history(git: Repository, founding: str) -> tuple[str, ...]:
    """Main's own commits (first parents), newest first; raises Untrusted unless they end at the founding."""
    found: list[str] = []
    current = git.ref(reading.MAIN) or ""
    while current:
        found.append(current)
        parents = git.commit(current).parents
        current = parents[0] if parents else ""
    if not found or found[-1] != founding:
        raise Untrusted(
            f"main does not begin at the founding commit {founding[:12]}: somebody replaced its history"
        )
    return tuple(found)


def check_landing(git: Repository, verified: Chain, record: Landing) -> str:
    """Raise Untrusted unless a landed commit is what its entry says."""
    commit = git.commit(record.commit)
    where = f"{record.how} {record.commit[:12]} of ledger entry {record.entry.number}"
    if commits.signer(commit, verified.verified_ring()) != record.entry.signer:
        raise Untrusted(f"{where} is signed by somebody else than its entry")
    if not commit.parents or commit.parents[0] != record.base:
        raise Untrusted(f"{where} does not stand on {record.base[:12]}, as its entry says")
    before = verified.entries[record.entry.number - 1].commit
    if commit.trailer(_TRAILER) != before:
        raise Untrusted(
            f"{where} is anchored at {commit.trailer(_TRAILER)[:12] or 'nothing'}, not at {before[:12]}"
        )
    if record.how == MERGE:
        _check_merge(git, record, commit, where)
        _check_decided(git, verified, record, where)
    elif record.how == RESTORE and len(commit.parents) == 1:
        _check_restore(git, record, commit, where)
    else:
        raise Untrusted(f"{where} is neither a merge nor a restore")
    return f"{record.how} by {record.entry.signer}, as ledger entry {record.entry.number} says"


def check_by_hand(git: Repository, verified: Chain, commit: str) -> str:
    """Raise Untrusted unless a commit that the ledger did not land is a human's, and claims no landing."""
    made = git.commit(commit)
    signer = commits.signer(made, verified.verified_ring())
    if not is_human(signer):
        raise Untrusted(f"{commit} is on main, signed by {signer}, and no ledger entry landed it")
    if made.trailer(_TRAILER):
        raise Untrusted(
            f"{commit} claims to be landed at {made.trailer(_TRAILER)[:12]}, and no ledger entry says so"
        )
    return f"committed by {signer} by hand, without the gate"


def vouch(git: Repository, verified: Chain, landed: Collection[str]) -> None:
    """Raise Untrusted unless every commit on main is the founding one, landed, or by a human's own hand.

    Main is what the desk judges by, so nothing may be judged on a main that nobody answers for.
    """
    founding = str(verified.entries[0].body.get("founding", ""))
    for commit in history(git, founding):
        if commit != founding and commit not in landed:
            try:
                check_by_hand(git, verified, commit)
            except Untrusted as wrong:
                raise Untrusted(
                    f"{wrong}. Sign it (`git commit --amend -S`) or take it off main, then run again"
                ) from wrong


def check_talk(talks: Conversations, view: LocalLedger, number: int) -> str:
    """Raise Untrusted unless a pull request's events hold and it was opened as the ledger allocated it."""
    events = talks.events(number)
    allocated = reading.allocated(view).get(number)
    opened = events[0]
    if allocated is None or opened.verb != OPENED:
        raise Untrusted(
            f"pull request {number} was never allocated in the ledger: somebody made its reference"
        )
    wanted = opening.opened_event(number, allocated)
    said = (opened.author, opened.head, opened.base, opened.branch, opened.title, opened.text)
    if said != (wanted.author, wanted.head, wanted.base, wanted.branch, wanted.title, wanted.text):
        raise Untrusted(f"pull request {number} was opened otherwise than the ledger allocated it")
    return f"{len(events)} events, each signed by who says it"


def _check_merge(git: Repository, record: Landing, commit: commits.Commit, where: str) -> None:
    head = record.head
    if commit.parents != (record.base, head) or commit.tree != git.commit(head).tree:
        raise Untrusted(f"{where} does not have the tree of the head {head[:12]} that was judged")


def _check_decided(git: Repository, verified: Chain, record: Landing, where: str) -> None:
    """The last decision before it approved exactly what git holds, and nothing spoke against it since."""
    before = verified.entries[: record.entry.number]
    entry = next((one for one in reversed(before) if _decides(one, record.change)), None)
    if entry is None:
        raise Untrusted(f"{where} lands #{record.change}, and no decision on it stands before it")
    change = decided_change(entry)
    refused = standing.objection(change, decision_of(entry), record.entry.signer, before)
    if refused is not None:
        raise Untrusted(f"{where} landed although {refused.words}")
    author = reading.numbered(before)[record.change].signer
    ring, head = verified.verified_ring(), git.commit(record.head)
    found = (author, record.head, record.base, head.tree, reading.touched(git, ring, record.base, head))
    if found != (change.author, change.head, change.base, change.head_tree, change.touched):
        raise Untrusted(f"{where} was decided as another change than git holds")


def _decides(entry: Entry, number: int) -> bool:
    return entry.kind is Kind.DECISION and decision_of(entry).change == number


def _check_restore(git: Repository, record: Landing, commit: commits.Commit, where: str) -> None:
    """A restore changes its paths only, and to what they were in its source."""
    before = git.commit(record.base).tree
    for path, _ in objects.difference(git.nodes, before, commit.tree):
        if path not in record.paths:
            raise Untrusted(f"{where} changes {path}, which it does not say")
    for path in record.paths:
        if git.node(commit.id, path) != git.node(record.source, path):
            raise Untrusted(f"{where} does not have the {path} of {record.source[:12]}")
