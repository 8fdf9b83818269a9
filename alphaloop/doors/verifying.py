"""Everything that `alphaloop verify` checks, in the order in which trust is built."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from alphaloop.agents.rebound import rebound
from alphaloop.agents.replay import replayed
from alphaloop.errors import SandboxUnavailable
from alphaloop.facts.claim import Claim, Holds
from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.role import Seats
from alphaloop.forge.keys.folder import verify_statement
from alphaloop.forge.keys.turnover import key_at
from alphaloop.forge.local import LocalForge
from alphaloop.forge.verify import verify
from alphaloop.forge.whole import refuse_unless_whole
from alphaloop.ports import Desk
from alphaloop.rules.audit import audited
from alphaloop.rules.constitution.reading import read
from alphaloop.rules.entries.evidence import evidence_of
from alphaloop.wiring import desk_at, repository_root


def verified(folder: Path, pairs: int, tell: Callable[[str], None]) -> Iterator[Claim]:
    """What the repository claims: objects and signatures first; only what is signed is then recomputed.

    Raises RepositoryFailure for a shallow or partial clone, in which what is missing cannot be told from what
    was taken away.
    """
    root = repository_root(folder)
    forge = LocalForge(root)
    try:
        refuse_unless_whole(forge.git)
        tell("checking objects, signatures and links")
        report = verify(root)
        yield from report.claims
        if not report.sound:
            return
        seats = partial(_seats, forge)
        yield from audited(report.entries, seats, forge.main(), partial(_signed, report.entries))
        yield from rebound(forge, report.entries)
    finally:
        forge.shut()
    yield from _played_again(root, report.entries, pairs, tell)


def _seats(forge: LocalForge, commit: str) -> Seats:
    return read(lambda path: forge.file(commit, path)).seats


def _signed(entries: Sequence[Entry], number: int, principal: str, message: bytes, signature: bytes) -> bool:
    key = key_at(entries, number, principal)
    return key is not None and verify_statement(key, message, signature)


def _played_again(
    root: Path, entries: Sequence[Entry], pairs: int, tell: Callable[[str], None]
) -> Iterator[Claim]:
    """Every evidence, played again as far as it can be played here: nothing before this needs a sandbox."""
    played = [entry for entry in entries if entry.kind is Kind.EVIDENCE]
    if not pairs or not played:
        return
    try:
        with desk_at(root, tell) as desk:
            for entry in played:
                yield _replayed(desk, entry, pairs)
    except SandboxUnavailable as unavailable:
        for entry in played:
            yield Claim(f"evidence {entry.number}", Holds.NOT_REPLAYABLE, str(unavailable))


def _replayed(desk: Desk, entry: Entry, pairs: int) -> Claim:
    desk.tell(f"replaying evidence {entry.number}")
    holds, words = replayed(desk, evidence_of(entry), pairs)
    return Claim(f"evidence {entry.number}", holds, words)
