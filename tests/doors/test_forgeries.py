"""Whoever alters or forges an entry of the ledger, even with every key of the desk, is told on by verify.

The forger here holds all keys: an entry is rewritten, and every later one is signed again on top of it with
the references between them mended, so that nothing but the numbers themselves can give it away.
"""

import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alphaloop.doors.verifying import verified
from alphaloop.facts.claim import Holds
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.forge.chain import LEDGER
from alphaloop.forge.git import Repository
from alphaloop.forge.keys.folder import KeyFolder
from alphaloop.forge.ledger import LocalLedger
from alphaloop.rules.entries.canonical import digest

Forge = Callable[[dict[str, Any]], None]


def false_claims(folder: Path) -> dict[str, str]:
    claims = verified(folder, 2, lambda words: None)
    return {claim.what: claim.words for claim in claims if claim.holds is Holds.FALSE}


def rewrite(folder: Path, kind: Kind, forge: Forge) -> Entry:
    """Forge the first entry of a kind in place, and sign the rest of the ledger again."""
    git, keys = Repository(folder), KeyFolder(folder / ".alphaloop" / "keys")
    entries = LocalLedger(git, keys).entries()
    place = next(entry.number for entry in entries if entry.kind is kind)
    git.run("update-ref", LEDGER, entries[place - 1].commit)
    (folder / ".alphaloop" / "high-water").unlink()
    ledger = LocalLedger(git, keys)
    ledger.chain()
    renamed: dict[str, str] = {}
    for entry in entries[place:]:
        stored = json.loads(git.file(entry.commit, "entry.json"))
        # A verdict is stored in an envelope: what it says is what was read from there.
        text = json.dumps({**stored, "body": entry.body})
        for old, new in renamed.items():
            text = text.replace(old, new)
        fields = json.loads(text)
        if entry.number == place:
            forge(fields["body"])
        draft = Draft(entry.kind, _key(entry, fields), fields["subject"], fields["body"], fields["keeps"])
        prepared = ledger.prepare(draft, entry.signer)
        assert git.move([prepared.move])
        renamed[entry.commit] = ledger.read_back(prepared).commit
    git.close()
    return entries[place]


def _key(entry: Entry, fields: dict[str, Any]) -> str:
    """Its key; a verdict's names the digest of what it says, so it is mended as well."""
    if entry.kind is not Kind.VERDICT:
        return fields["key"]
    return f"{fields['key'].partition('sha256:')[0]}{digest(fields['body'])}"


def better_pairs(body: dict[str, Any]) -> None:
    for _, candidate, _ in body["pairs"]["rows"]:
        candidate[0] += 100.0


def another_digest(body: dict[str, Any]) -> None:
    body["pairs"]["rows"][0][1][7] = f"sha256:{'0' * 64}"


def chosen_seeds(body: dict[str, Any]) -> None:
    for place, row in enumerate(body["pairs"]["rows"]):
        row[0] = place


def another_signature(body: dict[str, Any]) -> None:
    body["signature"] = "00" * 64


def kinder_judgement(body: dict[str, Any]) -> None:
    body["judgement"] |= {"finish": "better", "evidence": 1e9, "words": "better"}


def cheaper_level(body: dict[str, Any]) -> None:
    body["level"] *= 10


def approval(body: dict[str, Any]) -> None:
    body |= {"stance": "approve", "reasons": ["risk: approve"]}


def other_reasons(body: dict[str, Any]) -> None:
    body["reasons"] = ["somebody: veto"]


def seats_word(body: dict[str, Any]) -> None:
    body["stance"] = "veto"


def another_repository(body: dict[str, Any]) -> None:
    body["genesis"] = "0" * 40


def another_test(body: dict[str, Any]) -> None:
    body["test"] = {"number": 99, "entry": "0" * 40}


def another_market(body: dict[str, Any]) -> None:
    body["bound"]["world"] = "sha256:0"


def nothing(body: dict[str, Any]) -> None:
    """Sign everything again as it was."""


def test_an_honest_ledger_that_was_signed_again_has_no_false_number(copied_desk, turned_desk):
    desk = copied_desk(turned_desk)
    rewrite(desk, Kind.RENDERING, nothing)
    assert "evidence" not in " ".join(false_claims(desk))


@pytest.mark.parametrize(
    ("kind", "forge", "what"),
    [
        (Kind.EVIDENCE, better_pairs, "evidence {number}"),
        (Kind.EVIDENCE, another_digest, "evidence {number}"),
        (Kind.EVIDENCE, chosen_seeds, "evidence {number}"),
        (Kind.EVIDENCE, another_signature, "evidence {number}"),
        (Kind.EVIDENCE, kinder_judgement, "evidence {number}"),
        (Kind.TEST_OPENED, cheaper_level, "budget"),
        (Kind.DECISION, approval, "decision {number}"),
        (Kind.DECISION, other_reasons, "decision {number}"),
        (Kind.VERDICT, seats_word, "decision"),
        (Kind.VERDICT, another_repository, "verdict {number}"),
        (Kind.VERDICT, another_test, "verdict {number}"),
        (Kind.VERDICT, another_market, "verdict {number}"),
    ],
)
def test_a_forged_number_is_false(door, copied_desk, turned_desk, kind, forge, what):
    desk = copied_desk(turned_desk)
    forged = rewrite(desk, kind, forge)
    named = what.format(number=forged.number)
    claims = false_claims(desk)
    assert any(claim.startswith(named) for claim in claims), claims
    answer = door(desk, "verify")
    assert answer.code == 3
    assert f"{'FALSE':<19} {named}" in answer.out
    assert "FALSE: find out who changed what" in answer.out.splitlines()[-1]


@pytest.mark.parametrize("number", range(6))
def test_an_entry_that_is_changed_and_not_signed_again_is_false(
    door, git_of, copied_desk, turned_desk, number
):
    desk = copied_desk(turned_desk)
    git = git_of(desk)
    listing = git("rev-list", "--reverse", "alphaloop/ledger").split()
    commit = listing[len(listing) * number // 6]
    blob = git("rev-parse", f"{commit}:entry.json")
    text = git("cat-file", "blob", blob).replace('"number"', '"numbed"', 1)
    tree = git("rev-parse", f"{commit}^{{tree}}")
    entry = git("hash-object", "-w", "--stdin", stdin=text)
    forged = git("mktree", stdin=git("ls-tree", tree).replace(blob, entry))
    raw = git("cat-file", "commit", commit).replace(tree, forged)
    git(
        "update-ref",
        "refs/heads/alphaloop/ledger",
        git("hash-object", "-t", "commit", "-w", "--stdin", stdin=raw),
    )
    answer = door(desk, "verify")
    assert answer.code == 3
    assert "FALSE               ledger: " in answer.out


@pytest.mark.parametrize("name", ["entry.json", ""])
def test_a_byte_that_is_flipped_on_the_disk_is_false(door, git_of, copied_desk, turned_desk, name):
    desk = copied_desk(turned_desk)
    git = git_of(desk)
    middle = git("rev-list", "alphaloop/ledger").split()[9]
    identity = git("rev-parse", f"{middle}:{name}" if name else middle)
    path = desk / ".git" / "objects" / identity[:2] / identity[2:]
    content = bytearray(zlib.decompress(path.read_bytes()))
    content[len(content) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(zlib.compress(bytes(content)))
    answer = door(desk, "verify")
    assert answer.code == 3
    assert "FALSE" in answer.out
    assert door(desk, "run").code == 3
    assert door(desk, "pr", "list").code == 3


def test_a_ledger_that_is_cut_or_gone_is_false(door, git_of, copied_desk, turned_desk):
    desk = copied_desk(turned_desk)
    git = git_of(desk)
    git("update-ref", "refs/heads/alphaloop/ledger", "alphaloop/ledger~3")
    cut = door(desk, "verify")
    assert (cut.code, "FALSE               high-water mark: " in cut.out) == (3, True)
    git("update-ref", "-d", "refs/heads/alphaloop/ledger")
    gone = door(desk, "verify")
    assert (gone.code, "there is no branch alphaloop/ledger" in gone.out) == (3, True)
