"""What both sides are to hold after a sync, reference by reference."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from alphaloop.errors import Refused, Untrusted
from alphaloop.facts.entry import Entry
from alphaloop.forge import landing, opening, reading
from alphaloop.forge.chain import LEDGER, Chain
from alphaloop.forge.git import NOTHING, Move, Repository
from alphaloop.forge.joining import JOINED
from alphaloop.forge.pull_requests import PREFIX, Conversations, Event, ref
from alphaloop.forge.reading import MAIN

LEFT = "refs/left"


@dataclass(slots=True)
class Plan:
    """ledger, pull requests, branches and main as both sides are to have them; main stands last.

    left: what this clone keeps for itself of what it replaces; words: what people must know.
    """

    both: dict[str, str] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)

    def pushes(self, there: Mapping[str, str]) -> dict[str, str]:
        """What the other side lacks."""
        return {name: identity for name, identity in self.both.items() if there.get(name) != identity}

    def moves(self, here: Mapping[str, str]) -> list[Move]:
        """What is to move here: first what is kept, then the ledger, and main last."""
        wanted = {**self.both, **self.left}
        order = sorted(wanted, key=lambda name: (name not in self.left, name != LEDGER, name == MAIN))
        moved = [name for name in order if here.get(name) != wanted[name]]
        kept = set(self.left.values())
        gone = [name for name in here if name.startswith(PREFIX) and name not in self.both]
        return [
            *(Move(name, wanted[name], here.get(name, NOTHING)) for name in moved),
            *(Move(name, NOTHING, here[name]) for name in gone if here[name] in kept),
        ]


@dataclass(frozen=True, slots=True)
class Sides:
    """Two repositories of one desk: `ours` and `final` are verified chains, here and there references."""

    git: Repository
    ours: Chain
    final: Chain
    here: Mapping[str, str]
    there: Mapping[str, str]
    talks: Conversations
    by: str | None

    def same(self, number: int, entry: Entry) -> bool:
        """Whether pull request `number` is the same one here."""
        mine = reading.numbered(self.ours.entries).get(number)
        return mine is not None and mine.commit == entry.commit


def planned(sides: Sides, carried: Mapping[str, str], fork: int) -> Plan:
    """The plan; carried: references of what was carried along, which are new on both sides."""
    plan = Plan({LEDGER: sides.final.tip})
    for number, entry in reading.numbered(sides.final.entries).items():
        if ref(number) not in carried:
            _talk(sides, plan, number, entry)
            _branch(sides, plan, number, entry)
    plan.both |= carried
    _leave(sides, plan, fork)
    _main(sides, plan, fork)
    return plan


def _talk(sides: Sides, plan: Plan, number: int, entry: Entry) -> None:
    name = ref(number)
    mine = sides.here.get(name) if sides.same(number, entry) else None
    theirs = sides.there.get(name)
    newest = _newest(sides.git, mine, theirs)
    try:
        if newest is not None:
            sides.talks.events_at(number, newest)
            plan.both[name] = newest
        elif mine is not None and theirs is not None:
            plan.both[name] = _joined(sides, plan, number, mine, theirs)
    except Untrusted as wrong:
        # One conversation that somebody spoilt keeps the ledger and all others apart no longer than it must.
        plan.words.append(f"#{number} stays as it is on both sides: {wrong}")


def _joined(sides: Sides, plan: Plan, number: int, mine: str, theirs: str) -> str:
    """The tip of a commit whose parents are both conversations; Untrusted ones of ours stay here."""
    before = sides.talks.events_at(number, theirs)
    try:
        beside = _told_here(sides, number, mine, before[0].commit)
    except Untrusted as wrong:
        plan.left[_left(mine, f"pr-{number}")] = mine
        plan.words.append(f"what was said on #{number} here could not come along: {wrong}")
        return theirs
    by = signing(sides.by, f"joins both conversations of #{number}")
    opened, end = before[0], before[-1]
    key = f"{JOINED}:{theirs}:{mine}"
    event = Event(
        number, 0, "", JOINED, by, key, opened.title, "two clones", end.head, end.base, opened.branch
    )
    plan.words.append(f"#{number}: what was said here and there stands in one conversation now")
    return sides.talks.prepare(event, before, beside).new


def _told_here(sides: Sides, number: int, mine: str, opened: str) -> Event:
    """The last event of this side; Untrusted when it began otherwise, as after a kill it may have."""
    events = sides.talks.events_at(number, mine)
    if events[0].commit != opened:
        raise Untrusted(f"it was opened as {events[0].commit[:12]} here and as {opened[:12]} there")
    return events[-1]


def _branch(sides: Sides, plan: Plan, number: int, entry: Entry) -> None:
    name = f"refs/heads/{opening.opened_event(number, entry).branch}"
    mine = sides.here.get(name) if sides.same(number, entry) else None
    theirs = sides.there.get(name)
    newest = _newest(sides.git, mine, theirs)
    if newest not in (None, sides.here.get(name)) and name in _checked_out(sides.git):
        plan.words.append(
            f"{name.removeprefix('refs/heads/')} is checked out here, so it stays: the other side has it at "
            f"{newest}, and `git merge --ff-only` follows"
        )
    elif newest is not None:
        plan.both[name] = newest
        if sides.here.get(name) not in (None, mine):
            plan.left[_left(sides.here[name], "head")] = sides.here[name]
    elif mine is not None and theirs is not None:
        plan.words.append(
            f"the branch of #{number} was pushed to here and there: {name.removeprefix('refs/heads/')} is "
            f"{mine[:12]} here and {theirs[:12]} there; merge or rebase it, then sync again"
        )


def _checked_out(git: Repository) -> frozenset[str]:
    """Branches in a work tree: moved under it, the next commit there would take the move back."""
    lines = git.run("worktree", "list", "--porcelain").decode("utf-8", "surrogateescape").splitlines()
    return frozenset(line.removeprefix("branch ") for line in lines if line.startswith("branch "))


def _leave(sides: Sides, plan: Plan, fork: int) -> None:
    """Keep the conversations of this clone's own pull requests here: elsewhere their numbers mean others."""
    for number, entry in reading.numbered(sides.ours.entries).items():
        tip = sides.here.get(ref(number))
        if entry.number >= fork and tip is not None and not _stands(sides, number, entry):
            plan.left[_left(tip, f"pr-{number}")] = tip


def _stands(sides: Sides, number: int, entry: Entry) -> bool:
    final = reading.numbered(sides.final.entries).get(number)
    return final is not None and final.commit == entry.commit


def _main(sides: Sides, plan: Plan, fork: int) -> None:
    mine, theirs = sides.here.get(MAIN), sides.there.get(MAIN)
    lost = {record.commit for record in landing.of(sides.ours.entries[fork:])}
    lost -= {record.commit for record in landing.of(sides.final.entries)}
    own = _own(sides.git, mine, theirs)
    if mine is not None and theirs is not None and lost & set(own):
        if set(own) - lost:
            raise Refused(_rebase(next(commit for commit in own if commit not in lost), theirs))
        plan.left[_left(mine, "main")] = mine
        plan.both[MAIN] = theirs
        plan.words.append(f"main is {theirs[:12]} again: {len(lost)} landings of this clone lost the race")
        return
    newest = _newest(sides.git, mine, theirs)
    if newest is None and mine is not None and theirs is not None:
        raise Refused(_rebase(own[0], theirs))
    if newest is not None:
        plan.both[MAIN] = newest


def _own(git: Repository, mine: str | None, theirs: str | None) -> list[str]:
    """Main's own commits that only this side has, newest first."""
    if mine is None or theirs is None:
        return []
    listing = git.run("rev-list", "--first-parent", mine, f"^{theirs}")
    return listing.decode().split()


def _newest(git: Repository, mine: str | None, theirs: str | None) -> str | None:
    """Whichever side has the other in its history; None when they diverged, or neither has anything."""
    if mine is None or theirs is None:
        return mine or theirs
    if git.descends(mine, theirs):
        return theirs
    return mine if git.descends(theirs, mine) else None


def _rebase(commit: str, theirs: str) -> str:
    return (
        f"main has {commit[:12]} here, and went on to {theirs[:12]} there: put yours on top "
        f"(`git rebase {theirs[:12]} main`), then sync again; nothing was moved"
    )


def _left(tip: str, what: str) -> str:
    return f"{LEFT}/{tip[:12]}/{what}"


def signing(by: str | None, what: str) -> str:
    """Who signs what a sync writes; raises Refused when there is nobody."""
    if by is None:
        raise Refused(
            f"this sync {what}, which somebody signs, and neither a human's key nor the Delivery Lead's is "
            "here: sync where one is, or put it into .alphaloop/keys"
        )
    return by
