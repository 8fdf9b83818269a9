"""The ledger's chain as far as it is verified: every link, number, key, page and signature."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from alphaloop.errors import BadConfiguration, Untrusted
from alphaloop.facts.entry import Entry, Kind
from alphaloop.forge import ahead
from alphaloop.forge.commits import Commit
from alphaloop.forge.git import Repository
from alphaloop.forge.keys import signers, turnover
from alphaloop.forge.keys.signers import Ring
from alphaloop.forge.keys.turnover import Turn
from alphaloop.forge.statements import attestation, record
from alphaloop.forge.statements.record import Form
from alphaloop.forge.syncing import imports

LEDGER = "refs/heads/alphaloop/ledger"
FORM = Form("entry.json", frozenset({"number", "genesis", "kind", "key", "subject", "body"}))
PAGES = ("task.md", "walkthrough.md")


@dataclass(slots=True)
class Chain:
    """Grows by verified entries only; what is wrong raises Untrusted and leaves it as it was.

    keys: key → entry; pages: name → blob id, as they stand beside the last entry; ring: the public keys in
    force, which begin in the genesis entry as `founding` and change by `turns`.
    """

    entries: list[Entry] = field(default_factory=list)
    keys: dict[str, Entry] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    ring: Ring | None = None
    founding: Ring | None = None
    turns: list[Turn] = field(default_factory=list)

    @property
    def tip(self) -> str:
        """The newest verified entry's commit, "" before genesis."""
        return self.entries[-1].commit if self.entries else ""

    @property
    def genesis(self) -> str:
        """The id that binds every statement to this repository, "" before genesis."""
        return self.entries[0].commit if self.entries else ""

    def verified_ring(self) -> Ring:
        """The public keys in force; raises Untrusted before genesis."""
        return _begun(self.ring)

    def ring_at(self, number: int) -> Ring:
        """The public keys by which entry `number` is judged: those that the changes before it left."""
        before = [turn.ring for turn in self.turns if turn.number < number]
        return before[-1] if before else _begun(self.founding)

    def rings_of_events(self, git: Repository, number: int) -> Callable[[str], Ring]:
        """By which keys each event of pull request `number` is judged."""
        return turnover.rings_of_events(git, _begun(self.founding), self.turns, number)

    def rings_of_main(self, history: Sequence[str]) -> Mapping[str, Ring]:
        """By which keys each commit of main's `history` is judged, where a human made it by hand."""
        return turnover.rings_of_main(_begun(self.founding), self.turns, history)

    def extend(self, git: Repository, commit: Commit) -> None:
        """Verify one more entry and add it."""
        where = f"ledger entry {len(self.entries)} ({commit.id[:12]})"
        fields = record.read(git, commit, FORM)
        self._check_place(commit, fields, where)
        ring = self.ring or _founding_ring(fields, where)
        signer = record.signed_by(commit, ring)
        entry = _entry(commit, fields, signer, ring, where)
        pages = record.pages_of(git.nodes(commit.tree), FORM)
        _check_pages(self.pages, pages, entry, where)
        if entry.kind is Kind.IMPORTED:
            imports.check(git, entry, ring, self.genesis, FORM)
            self._check_absent(entry, where)
        turns = [turnover.turned(git, ring, entry, self.entries)] if entry.kind is Kind.KEY else []
        self.entries.append(entry)
        self.keys[entry.key] = entry
        self.pages, self.founding = pages, self.founding or ring
        self.turns += turns
        self.ring = turns[0].ring if turns else ring

    def _check_place(self, commit: Commit, fields: dict[str, Any], where: str) -> None:
        if commit.parents != ((self.tip,) if self.entries else ()):
            raise Untrusted(f"{where} does not follow the entry before it: the ledger was spliced")
        if fields["number"] != len(self.entries) or isinstance(fields["number"], bool):
            raise Untrusted(
                f"{where} calls itself entry {fields['number']}: entries were dropped or reordered"
            )
        if fields["genesis"] != self.genesis:
            raise Untrusted(f"{where} belongs to another repository's ledger (genesis {fields['genesis']!r})")
        if fields["key"] in self.keys:
            raise Untrusted(f"{where} records the key {fields['key']!r} a second time: an entry was replayed")
        if (fields["kind"] == Kind.GENESIS) != (not self.entries):
            raise Untrusted(f"{where} is of kind {fields['kind']!r}: a ledger begins exactly once")

    def _check_absent(self, entry: Entry, where: str) -> None:
        place, of = entry.body["place"], entry.body["of"]
        if place < len(self.entries) and self.entries[place].commit == of:
            raise Untrusted(f"{where} imports entry {place}, which stands in this ledger itself")


def missing_commits(git: Repository, chain: Chain, tip: str) -> Iterable[Commit]:
    """The commits after the verified prefix up to `tip`, oldest first; Untrusted when they do not join."""
    found: list[Commit] = []
    current = tip
    while current != chain.tip:
        if len(found) == 1:
            ahead.commits(git, current, chain.tip)
        commit = git.commit(current)
        found.append(commit)
        if len(commit.parents) > 1:
            raise Untrusted(f"ledger commit {commit.id} has two parents: a ledger is linear, drop the merge")
        if not commit.parents:
            break
        current = commit.parents[0]
    if chain.entries and current != chain.tip:
        raise Untrusted(
            f"the ledger was rewritten: entry {len(chain.entries) - 1} ({chain.tip[:12]}) is gone from it"
        )
    return ahead.statements(git, found[::-1], FORM.file)


def _begun(ring: Ring | None) -> Ring:
    if ring is None:
        raise Untrusted("the ledger has no genesis entry: nobody's signature can be checked")
    return ring


def _founding_ring(fields: dict[str, Any], where: str) -> Ring:
    body = fields["body"]
    try:
        return signers.from_body(body.get("keys") if isinstance(body, dict) else None, where)
    except BadConfiguration as wrong:
        raise Untrusted(f"{where}: {wrong}") from wrong


def _entry(commit: Commit, fields: dict[str, Any], signer: str, ring: Ring, where: str) -> Entry:
    key, subject = fields["key"], fields["subject"]
    try:
        kind = Kind(fields["kind"])
    except ValueError as unknown:
        raise Untrusted(
            f"{where} is of the unknown kind {fields['kind']!r}: a newer alphaloop wrote it, upgrade this one"
        ) from unknown
    body = attestation.said(kind, fields["body"], ring, signer, where)
    if not (isinstance(key, str) and key and isinstance(subject, str) and isinstance(body, dict)):
        raise Untrusted(f"{where} lacks a key, a subject or a body")
    return Entry(fields["number"], commit.id, signer, kind, key, subject, body)


def _check_pages(before: dict[str, str], after: dict[str, str], entry: Entry, where: str) -> None:
    expected = before
    if entry.kind is Kind.RENDERING:
        expected = {**before, **entry.body.get("pages", {})}
    if after != expected or set(after) - set(PAGES):
        raise Untrusted(f"{where} changes a page beside it without saying so: find out who wrote it")
