"""Finishing what a killed run left behind: forward from what the ledger says, never back."""

from collections.abc import Sequence

from alphaloop.errors import RepositoryFailure, Untrusted
from alphaloop.facts.entry import Entry, Kind
from alphaloop.forge import landing, locks, opening, reading, worktree
from alphaloop.forge.chain import LEDGER
from alphaloop.forge.contention import attempts
from alphaloop.forge.git import Move, Repository
from alphaloop.forge.keys.folder import KeyFolder
from alphaloop.forge.landing import Landing
from alphaloop.forge.ledger import LocalLedger
from alphaloop.forge.pull_requests import (
    CLOSED,
    MARKED,
    MERGED,
    PREFIX,
    Conversations,
    Event,
    ref,
    said_already,
)
from alphaloop.forge.reading import MAIN
from alphaloop.forge.statements import kept
from alphaloop.rules.entries.marks import mark_of


def recover(git: Repository, keys: KeyFolder, ledger: LocalLedger, talks: Conversations) -> str:
    """Do all that is left to do; words of what was done, "" when there was nothing."""
    done = [f"removed the stale lock {path.name}" for path in locks.clear(git, _all_refs(ledger))]
    done.append(roll_forward(git, ledger))
    standing = git.refs(PREFIX)
    for number, entry in reading.allocated(ledger).items():
        lost = ref(number) not in standing and not reading.spoken_of(ledger.entries(), number)
        if lost and keys.holds(entry.signer):
            opening.complete(git, talks, ledger, entry)
            done.append(f"opened pull request {number}, whose number was allocated")
    done += [_say_ending(keys, talks, event) for event in _unsaid(ledger, talks)]
    return "; ".join(words for words in done if words)


def roll_forward(git: Repository, ledger: LocalLedger) -> str:
    """Move main, and checkouts of it, to the landing that the ledger records last."""
    records = landing.landings(ledger)
    main = git.ref(MAIN)
    words = ""
    if records and main == records[-1].base != records[-1].commit:
        words = _advance(git, records[-1])
        main = records[-1].commit
    elif records and main is not None and not git.descends(records[-1].commit, main):
        raise RepositoryFailure(
            f"the ledger says that main moved to {records[-1].commit[:12]}, but main is "
            f"{main[:12]}, which does not "
            "contain it: find out who moved main, put it back with `git branch -f main`, then run again"
        )
    followed = worktree.finish(git, main) if main else ""
    return "; ".join(part for part in (words, followed) if part)


def _advance(git: Repository, record: Landing) -> str:
    things = kept.kept_commits(git, git.nodes(git.commit(record.entry.commit).tree))
    git.write([thing for thing in things if thing.id == record.commit])
    obstacle = worktree.obstacle(git, record.base, record.commit)
    if obstacle:
        raise RepositoryFailure(f"an interrupted landing waits to be finished, and {obstacle}")
    worktree.announce(git, record.base, record.commit)
    for _ in attempts(git, (LEDGER, MAIN)):
        if git.move([Move(MAIN, record.commit, record.base)]):
            worktree.follow(git, record.base, record.commit)
            return f"finished landing {record.commit[:12]} on main"
        if git.ref(MAIN) != record.base:
            break
    if git.descends(record.commit, git.ref(MAIN) or record.base):
        return ""  # whoever was landing it was alive, and has finished
    raise RepositoryFailure(
        "main moved or stayed locked while an interrupted landing was being finished: run again"
    )


def _all_refs(ledger: LocalLedger) -> list[str]:
    refs = [LEDGER, MAIN]
    for number, entry in reading.allocated(ledger).items():
        refs += [ref(number), f"refs/heads/{opening.opened_event(number, entry).branch}"]
    return refs


def _unsaid(ledger: LocalLedger, talks: Conversations) -> list[Event]:
    """Endings that the ledger records and the pull request does not tell yet."""
    numbers = talks.numbers()
    entries = ledger.entries()
    # What was undone since is no ending: told now, it would stand after what undid it.
    endings = (_ending(entry, talks, numbers) for entry in entries if not _undone(entry, entries))
    return [
        event
        for event in endings
        if event is not None and not said_already(event, _told(talks, event.number))
    ]


def _told(talks: Conversations, number: int) -> tuple[Event, ...]:
    """What was said on a pull request, () where that does not hold: `verify` says so, and no other waits."""
    try:
        return talks.events(number)
    except Untrusted:
        return ()


def _ending(entry: Entry, talks: Conversations, numbers: Sequence[int]) -> Event | None:
    ended = _merged(entry) if entry.kind is Kind.RELEASE else _closed(entry) or _marked(entry)
    told = () if ended is None or ended[0] not in numbers else _told(talks, ended[0])
    if ended is None or not told:
        return None
    number, verb, key, text, head, base = ended
    opened = told[0]
    return Event(number, 0, "", verb, entry.signer, key, opened.title, text, head, base, opened.branch)


def _merged(entry: Entry) -> tuple[int, str, str, str, str, str] | None:
    (landed,) = landing.of((entry,))
    if landed.how != landing.MERGE:
        return None
    return landed.change, MERGED, f"merged:{entry.key}", entry.subject, landed.head, landed.base


def _closed(entry: Entry) -> tuple[int, str, str, str, str, str] | None:
    body = entry.body
    if entry.kind is not Kind.CLOSED or "event" not in body:
        return None
    return int(body["change"]), CLOSED, body["event"], body["why"], body["head"], body["base"]


def _marked(entry: Entry) -> tuple[int, str, str, str, str, str] | None:
    body = entry.body
    if entry.kind is not Kind.MARK:
        return None
    done = mark_of(entry)
    return int(body["change"]), done, body["event"], MARKED[done], body["head"], body["base"]


def _undone(entry: Entry, entries: Sequence[Entry]) -> bool:
    if entry.kind not in (Kind.CLOSED, Kind.MARK):
        return False
    number = entry.body["change"]
    later = [one for one in entries[entry.number + 1 :] if one.kind in (Kind.CLOSED, Kind.MARK)]
    return any(one.body["change"] == number for one in later)


def _say_ending(keys: KeyFolder, talks: Conversations, event: Event) -> str:
    if not keys.holds(event.author):
        return ""
    talks.add(event)
    return f"told pull request {event.number} that it was {event.verb}"
