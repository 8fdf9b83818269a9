"""What every commit on main must be: founded, landed by the ledger, or signed by a human's own hand."""

from collections.abc import Collection

from alphaloop.errors import Untrusted
from alphaloop.facts.change import Scaling
from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.role import is_human
from alphaloop.forge import commits, objects, opening, reading, standing
from alphaloop.forge.chain import Chain
from alphaloop.forge.git import Repository
from alphaloop.forge.keys.signers import Ring
from alphaloop.forge.keys.turnover import said_by_then
from alphaloop.forge.landing import MERGE, RESTORE, Landing, landings
from alphaloop.forge.ledger import LocalLedger
from alphaloop.forge.pull_requests import OPENED, Conversations, ref
from alphaloop.forge.scaling import loosening, scaled
from alphaloop.rules.entries.decisions import decided_change, decision_of
from alphaloop.words import scaling_line

_TRAILER = "Ledger-Tip"


def history(git: Repository, founding: str, tip: str = "") -> tuple[str, ...]:
    """Main's own commits (first parents), newest first; raises Untrusted unless they end at the founding.

    tip: the commit to begin at, "" for where main stands.
    """
    found: list[str] = []
    current = tip or git.ref(reading.MAIN) or ""
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
    if commits.signer(commit, verified.ring_at(record.entry.number)) != record.entry.signer:
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
        scales = _check_decided(git, verified, record, where)
        if scales is not None:
            return f"{_as_said(record)}; {scaling_line(scales)}, as its files say"
    elif record.how == RESTORE and len(commit.parents) == 1:
        _check_restore(git, record, commit, where)
    else:
        raise Untrusted(f"{where} is neither a merge nor a restore")
    return _as_said(record)


def _as_said(record: Landing) -> str:
    return f"{record.how} by {record.entry.signer}, as ledger entry {record.entry.number} says"


def check_by_hand(git: Repository, ring: Ring, commit: str) -> str:
    """Raise Untrusted unless a commit that the ledger did not land is a human's, and claims no landing.

    ring: the keys that were in force when main moved to it.
    """
    made = git.commit(commit)
    signer = commits.signer(made, ring)
    if not is_human(signer):
        raise Untrusted(f"{commit} is on main, signed by {signer}, and no ledger entry landed it")
    if made.trailer(_TRAILER):
        raise Untrusted(
            f"{commit} claims to be landed at {made.trailer(_TRAILER)[:12]}, and no ledger entry says so"
        )
    return f"committed by {signer} by hand, without the gate"


def vouch(git: Repository, verified: Chain, landed: Collection[str], tip: str = "") -> None:
    """Raise Untrusted unless every commit on main is the founding one, landed, or by a human's own hand.

    Main is what the desk judges by, so nothing may be judged on a main that nobody answers for.  tip: the
    commit that main is about to be, "" for where it stands.
    """
    founding = str(verified.entries[0].body.get("founding", ""))
    commits_of_main = history(git, founding, tip)
    rings = verified.rings_of_main(commits_of_main)
    for commit in commits_of_main:
        if commit != founding and commit not in landed:
            try:
                check_by_hand(git, rings[commit], commit)
            except Untrusted as wrong:
                raise Untrusted(
                    f"{wrong}. Sign it (`git commit --amend -S`) or take it off main, then run again"
                ) from wrong


def check_talk(git: Repository, talks: Conversations, view: LocalLedger, number: int) -> str:
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
    _check_none_dropped(git, view, number)
    return f"{len(events)} events, each signed by who says it"


def _check_none_dropped(git: Repository, view: LocalLedger, number: int) -> None:
    """Every change of keys, and the merge, saw a pull request's last event, which must still be there."""
    seen = {turn.number: turn.change.talks.get(number, "") for turn in view.chain().turns}
    seen |= {record.entry.number: record.talk for record in landings(view) if record.change == number}
    standing = said_by_then(git, git.ref(ref(number)) or "", set()) if any(seen.values()) else set()
    for where, event in seen.items():
        if event and event not in standing:
            raise Untrusted(
                f"pull request {number} no longer holds the event {event[:12]}, which ledger entry "
                f"{where} saw: somebody dropped what was said"
            )


def _check_merge(git: Repository, record: Landing, commit: commits.Commit, where: str) -> None:
    head = record.head
    if commit.parents != (record.base, head) or commit.tree != git.commit(head).tree:
        raise Untrusted(f"{where} does not have the tree of the head {head[:12]} that was judged")


def _check_decided(git: Repository, verified: Chain, record: Landing, where: str) -> Scaling | None:
    """What it scales, if the last decision before it approved exactly what git holds.

    Nothing may have spoken against it since.
    """
    before = verified.entries[: record.entry.number]
    entry = next((one for one in reversed(before) if _decides(one, record.change)), None)
    if entry is None:
        raise Untrusted(f"{where} lands #{record.change}, and no decision on it stands before it")
    change = decided_change(entry)
    refused = standing.objection(change, decision_of(entry), record.entry.signer, before)
    if refused is not None:
        raise Untrusted(f"{where} landed although {refused.words}")
    author = reading.numbered(before)[record.change].signer
    ring, head = verified.ring_at(record.entry.number), git.commit(record.head)
    touched = reading.touched(git, ring, record.base, head)
    twins = reading.twins_beside(git, head.tree, touched)
    scales = scaled(git, ring, author, record.base, record.head, touched)
    found = (author, record.head, record.base, head.tree, touched, twins, scales)
    told = (change.author, change.head, change.base, change.head_tree, change.touched, change.twins)
    if found != (*told, change.scaling):
        raise Untrusted(f"{where} was decided as another change than git holds")
    return scales


def _decides(entry: Entry, number: int) -> bool:
    return entry.kind is Kind.DECISION and decision_of(entry).change == number


def _check_restore(git: Repository, record: Landing, commit: commits.Commit, where: str) -> None:
    """A restore changes its paths only, and to what they were in its source; it loosens no limit."""
    looser = loosening(git, record.paths, record.source, record.base)
    if looser:
        raise Untrusted(f"{where} loosens {', '.join(looser)}, which a human alone does")
    before = git.commit(record.base).tree
    for path, _ in objects.difference(git.nodes, before, commit.tree):
        if path not in record.paths:
            raise Untrusted(f"{where} changes {path}, which it does not say")
    for path in record.paths:
        if git.node(commit.id, path) != git.node(record.source, path):
            raise Untrusted(f"{where} does not have the {path} of {record.source[:12]}")
