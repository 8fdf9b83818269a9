"""Everything that `alphaloop verify` checks, in the order in which trust is built."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from alphaloop.agents.grounds import constitution_at
from alphaloop.agents.replay import replayed
from alphaloop.facts.claim import Claim
from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.role import Seats
from alphaloop.forge.keys import verify_statement
from alphaloop.forge.signers import from_body
from alphaloop.forge.verify import verify
from alphaloop.ports import Desk
from alphaloop.rules.audit import audited
from alphaloop.rules.entries.evidence import evidence_of
from alphaloop.wiring import desk_at, repository_root


def verified(folder: Path, pairs: int, tell: Callable[[str], None]) -> Iterator[Claim]:
    """What the repository claims: objects and signatures first; only what is signed is then recomputed."""
    root = repository_root(folder)
    tell("checking objects, signatures and links")
    report = verify(root)
    yield from report.claims
    if not report.sound:
        return
    with desk_at(root, tell) as desk:
        yield from audited(report.entries, partial(_seats, desk), desk.forge.main(), _signed(report.entries))
        for entry in report.entries:
            if pairs and entry.kind is Kind.EVIDENCE:
                yield _replayed(desk, entry, pairs)


def _seats(desk: Desk, commit: str) -> Seats:
    return constitution_at(desk, commit).seats


def _signed(entries: Sequence[Entry]) -> Callable[[str, bytes, bytes], bool]:
    keys: Mapping[str, bytes] = from_body(entries[0].body["keys"], "the genesis entry").keys

    def signed(principal: str, message: bytes, signature: bytes) -> bool:
        return principal in keys and verify_statement(keys[principal], message, signature)

    return signed


def _replayed(desk: Desk, entry: Entry, pairs: int) -> Claim:
    desk.tell(f"replaying evidence {entry.number}")
    holds, words = replayed(desk, evidence_of(entry), pairs)
    return Claim(f"evidence {entry.number}", holds, words)
