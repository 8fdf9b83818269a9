"""A dry run leaves every byte as it was, and signs nothing by which the judge's seeds could be known."""

from dataclasses import replace
from pathlib import Path

import pytest

from alphaloop import loop
from alphaloop.facts.entry import Kind
from alphaloop.ports import Keys
from alphaloop.rules.entries.evidence import evidence_of
from alphaloop.rules.seeds import Stream

pytestmark = pytest.mark.timeout(400)


class Overheard:
    """Keys that write down what they are asked to sign."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self.messages: list[bytes] = []

    def holds(self, principal: str) -> bool:
        return self._keys.holds(principal)

    def signature(self, principal: str, message: bytes) -> bytes:
        self.messages.append(message)
        return self._keys.signature(principal, message)


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_dry_run_changes_no_byte_and_makes_no_signature_of_the_judge(leaning, copied, sit):
    folder = copied(leaning)
    before = _bytes(folder)
    desk = sit(folder, rehearsal=True)
    keys = Overheard(desk.keys)
    (turn,) = loop.turns(replace(desk, keys=keys), 1)

    assert turn.decision == "would_merge"
    assert turn.pr == 1
    assert keys.messages == []
    entries = desk.ledger.entries()
    played = [evidence_of(entry) for entry in entries if entry.kind is Kind.EVIDENCE]
    assert [evidence.signature for evidence in played] == ["", ""], "the test's and the canary's"
    assert {pair.seed >> 61 for evidence in played for pair in evidence.pairs} == {Stream.SEARCH}
    assert _bytes(folder) == before
