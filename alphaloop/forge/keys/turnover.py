"""Changes of keys: who may make one, and which keys are in force before and after it.

Every change of keys is a ledger entry that names where main and each pull request stood.  So there is one
answer, by position, to which key a commit, an event or an entry had to be signed with; what a commit claims
of its date or its place has no part in it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from alphaloop.errors import AlphaLoopError, BadConfiguration, Untrusted
from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.key import KeyChange
from alphaloop.facts.role import human_login, is_human
from alphaloop.forge.git import Repository
from alphaloop.forge.keys import signers
from alphaloop.forge.keys.signers import Ring
from alphaloop.forge.signature import public_line
from alphaloop.rules.constitution import roles
from alphaloop.rules.entries.founding import founding_commit
from alphaloop.rules.entries.keys import key_change_of
from alphaloop.rules.entries.releases import landed_at


class Turn(NamedTuple):
    """A change of keys in the ledger: `ring` holds from the entry after `number` on."""

    number: int
    change: KeyChange
    ring: Ring


def turned(git: Repository, ring: Ring, entry: Entry, before: Sequence[Entry]) -> Turn:
    """The change of keys that `entry` makes; raises Untrusted when its signer may not, or it cannot stand."""
    change = key_change_of(entry)
    where = f"ledger entry {entry.number}"
    landed = next((landed_at(one) for one in reversed(before) if one.kind is Kind.RELEASE), "")
    since = landed or founding_commit(before)
    # Otherwise somebody who was taken off roles.yaml could name a main on which they still stood.
    if not git.descends(since, git.commit(change.main).id):
        raise Untrusted(f"{where} names a main from before {since[:12]} landed: find out who wrote it")
    refused = objection(ring, change, entry.signer, registered(git, change.main))
    if refused:
        raise Untrusted(f"{where}: {refused}: find out who wrote it")
    return Turn(entry.number, change, after(ring, change, where))


def objection(ring: Ring, change: KeyChange, signer: str, humans: Sequence[str] | None) -> str:
    """Why `signer` may not make this change of keys, "" when it stands.

    humans: the logins that roles.yaml of main registers, None where there is no roles.yaml to ask.
    """
    known = ring.keys.get(change.principal)
    if not is_human(signer) or signer not in ring.keys:
        return f"{signer} changes the key of {change.principal}, and only a human with a key does that"
    if humans is not None and human_login(signer) not in humans:
        return f"{signer} changes the key of {change.principal}, and roles.yaml does not register them"
    if change.old != ("" if known is None else public_line(known)):
        return f"{change.principal} has another key than the one that is to go"
    try:
        ends = after(ring, change, "the new key")
    except AlphaLoopError as wrong:
        return str(wrong)
    left = [human_login(who) for who in ends.keys if is_human(who)]
    if humans is not None and not any(login in humans for login in left):
        return "it would leave no registered human with a key, and a desk keeps at least one"
    return ""


def after(ring: Ring, change: KeyChange, where: str) -> Ring:
    """The keys after `change`; raises BadConfiguration for a key that somebody has or had already."""
    keys, former = dict(ring.keys), dict(ring.former)
    if change.principal in keys:
        former[keys[change.principal]] = change.principal
    if change.new:
        keys[change.principal] = signers.public_key(change.new, where)
    else:
        keys.pop(change.principal, None)
    return Ring(keys, former)


def registered(git: Repository, main: str) -> tuple[str, ...] | None:
    """The logins that roles.yaml of a commit registers, None without one; Untrusted when it is unreadable."""
    if git.node(main, roles.FILE) is None:
        return None
    try:
        return roles.humans(git.file(main, roles.FILE))
    except BadConfiguration as wrong:
        raise Untrusted(f"roles.yaml of {main[:12]} does not say who is registered: {wrong}") from wrong


def key_at(entries: Sequence[Entry], number: int, principal: str) -> bytes | None:
    """The raw public key by which `principal` signed at entry `number` of a verified ledger, None without."""
    before = (key_change_of(one) for one in entries[1:number] if one.kind is Kind.KEY)
    changed = [change.new for change in before if change.principal == principal]
    line = changed[-1] if changed else entries[0].body["keys"].get(principal, "")
    return signers.public_key(line, "the ledger") if line else None


def rings_of_events(
    git: Repository, founding: Ring, turns: Sequence[Turn], number: int
) -> Callable[[str], Ring]:
    """By which keys an event of pull request `number` is judged: by those of before the changes after it."""
    spans: list[tuple[set[str], Ring]] = []
    before: set[str] = set()
    for turn in turns:
        before = before | said_by_then(git, turn.change.talks.get(number, ""), before)
        spans.append((before, turn.ring))

    def ring(commit: str) -> Ring:
        held = founding
        for past, now in spans:
            if commit not in past:
                held = now
        return held

    return ring


def rings_of_main(founding: Ring, turns: Sequence[Turn], history: Sequence[str]) -> Mapping[str, Ring]:
    """By which keys each commit of main's `history` (newest first) is judged when it was made by hand.

    Raises Untrusted when main no longer holds a commit that a change of keys saw, in the order of the ledger.
    """
    rings: dict[str, Ring] = {}
    waiting, ring = list(turns), founding
    for commit in reversed(history):
        rings[commit] = ring
        while waiting and waiting[0].change.main == commit:
            ring = waiting.pop(0).ring
    if waiting:
        seen = waiting[0].change.main[:12]
        raise Untrusted(
            f"ledger entry {waiting[0].number} changed a key when main was {seen}, and main does not contain "
            "that in its place: somebody replaced its history"
        )
    return rings


def said_by_then(git: Repository, tip: str, known: set[str]) -> set[str]:
    """The event `tip` and all before it, as far as they are not known already."""
    found: set[str] = set()
    waiting = [tip] if tip else []
    while waiting:
        commit = waiting.pop()
        if commit not in found and commit not in known:
            found.add(commit)
            waiting += git.commit(commit).parents
    return found
