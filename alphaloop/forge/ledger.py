"""The ledger: a linear branch of signed entries, `git log alphaloop/ledger`.

Compare-and-swap on the branch is the only lock.  An entry whose key is there already is not written again,
so that a run that was killed may simply say everything once more.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from alphaloop.errors import BadConfiguration, Misuse, RepositoryFailure, Stale, Untrusted
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.forge import chain, high_water, pages
from alphaloop.forge.chain import LEDGER, Chain
from alphaloop.forge.contention import attempts
from alphaloop.forge.git import EVERYTHING, NOTHING, Move, Repository
from alphaloop.forge.keys.folder import KeyFolder, refuse_unless_in_force
from alphaloop.forge.objects import Object
from alphaloop.forge.statements import attestation, record
from alphaloop.forge.statements.record import Filing

LANDING = "landing"
_OWN = (Kind.GENESIS, Kind.RENDERING, Kind.RELEASE, Kind.KEY)
_DECIDING = (
    *(Kind.TEST_OPENED, Kind.EVIDENCE, Kind.VERDICT, Kind.DECISION, Kind.OUTCOME),
    *(Kind.CLOSED, Kind.MARK, Kind.OVERRIDE, Kind.RESUME),
)
"""Words that somebody else's words never stand for."""


class Prepared(NamedTuple):
    """An entry that is signed and stored, and recorded once its move is made."""

    number: int
    move: Move


class LocalLedger:
    """The port `Ledger` over one repository."""

    def __init__(self, git: Repository, keys: KeyFolder) -> None:
        self._git = git
        self._keys = keys
        self._chain = Chain()

    def entries(self) -> tuple[Entry, ...]:
        """All entries, verified; what this process has verified before is not verified again."""
        return tuple(self.chain().entries)

    def chain(self) -> Chain:
        """The verified chain up to the branch's tip; raises Untrusted at the first link that is broken."""
        seen = high_water.read(self._private)
        tip = self._git.ref(LEDGER)
        if tip is None:
            raise BadConfiguration(
                f"{self._git.folders.root} has no ledger: make a repository with `alphaloop init`, or in a "
                f"fresh clone run `git fetch origin {' '.join(EVERYTHING)}`"
            )
        if tip != self._chain.tip:
            for commit in chain.missing_commits(self._git, self._chain, tip):
                self._chain.extend(self._git, commit)
        high_water.check(seen, self._chain.entries)
        high_water.lift(self._private, self._chain.entries)
        return self._chain

    def forget(self) -> None:
        """Read everything again the next time: the branch was moved to where it does not go on from here."""
        self._chain = Chain()

    def begin(self, body: Mapping[str, object], signer: str, keeps: Mapping[str, str]) -> Entry:
        """Write the genesis entry of a new repository, whose id binds every later statement to it."""
        draft = Draft(Kind.GENESIS, "genesis", "the desk opens", body, keeps)
        return self._landed(self.prepare(draft, signer))

    def append(self, draft: Draft, signer: str, onto: str = "") -> Entry:
        """Add an entry, or answer the one that has the draft's key; raises Stale unless `onto` is newest."""
        if draft.kind in _OWN:
            raise Misuse(
                f"a {draft.kind} entry is written by the forge itself, together with what it speaks of"
            )
        for _ in attempts(self._git, [LEDGER]):
            standing = self.chain().keys.get(draft.key)
            if standing is not None:
                return the_same(standing, draft, signer)
            if onto and onto != self._chain.tip:
                raise Stale(f"the ledger went on from {onto[:12]} to {self._chain.tip[:12]}: read it again")
            prepared = self.prepare(draft, signer)
            if self._git.move([prepared.move]):
                return self.read_back(prepared)
        raise self._busy()

    def render(self, pages_now: Mapping[str, str], signer: str) -> Entry:
        """Put pages beside the ledger and into the work tree; unchanged pages answer the last rendering."""
        blobs = pages.blobs(pages_now)
        for _ in attempts(self._git, [LEDGER]):
            standing = self.chain()
            changed = {name: blob.id for name, blob in blobs.items() if standing.pages.get(name) != blob.id}
            if not changed:
                return self._rendered(pages_now)
            subject = f"render {' and '.join(sorted(changed))}"
            draft = Draft(Kind.RENDERING, f"rendering:{len(standing.entries)}", subject, {"pages": changed})
            prepared = self.prepare(draft, signer, [blobs[name] for name in changed])
            if self._git.move([prepared.move]):
                self.read_back(prepared)
                return self._rendered(pages_now)
        raise self._busy()

    def prepare(
        self,
        draft: Draft,
        signer: str,
        fresh: Sequence[Object] = (),
        keeps: Mapping[str, Object] | None = None,
    ) -> Prepared:
        """Sign `draft` as the entry after the verified tip; store its objects and `fresh` ones that it names.

        keeps: objects that are not stored yet, to be kept by name beside those of the draft.
        """
        current = self._chain
        if current.ring is not None:
            refuse_unless_in_force(self._keys, signer, current.ring)
        fields = {
            "number": len(current.entries),
            "genesis": current.genesis,
            "kind": str(draft.kind),
            "key": draft.key,
            "subject": record.one_line(draft.subject),
            "body": attestation.carried(draft.kind, draft.body, self._keys, signer),
        }
        rendered = draft.body["pages"] if draft.kind is Kind.RENDERING else {}
        parents = (current.tip,) if current.entries else ()
        filing = Filing(
            parents, {**(draft.keeps or {}), **(keeps or {})}, {**current.pages, **rendered}, fresh
        )
        written = record.write(self._git, self._keys, chain.FORM, fields, filing, signer)
        self._git.write(written.things)
        return Prepared(len(current.entries), Move(LEDGER, written.id, current.tip or NOTHING))

    def read_back(self, prepared: Prepared) -> Entry:
        """The entry whose move was made, verified like any other."""
        entries = self.chain().entries
        if len(entries) <= prepared.number or entries[prepared.number].commit != prepared.move.new:
            raise RepositoryFailure(
                f"ledger entry {prepared.number} vanished after it was written: run again"
            )
        return entries[prepared.number]

    @property
    def _private(self) -> Path:
        return self._git.folders.private

    def _landed(self, prepared: Prepared) -> Entry:
        if not self._git.move([prepared.move]):
            raise Misuse(f"{self._git.folders.root} has a ledger already: a ledger begins exactly once")
        return self.read_back(prepared)

    def _rendered(self, pages_now: Mapping[str, str]) -> Entry:
        pages.show(self._git.folders, pages_now)
        kinds = (Kind.RENDERING, Kind.GENESIS)
        return next(entry for entry in reversed(self._chain.entries) if entry.kind in kinds)

    def _busy(self) -> RepositoryFailure:
        return RepositoryFailure(
            f"the ledger in {self._git.folders.root} stayed busy: look for {LEDGER}.lock and for "
            "another alphaloop "
            "that runs here, then run again"
        )


def the_same(standing: Entry, draft: Draft, signer: str) -> Entry:
    """The entry that has the draft's key; raises Untrusted for another one: it would swallow a word.

    It is another one by its kind, or where it decides something, by who signed it.
    """
    if standing.kind is not draft.kind or (standing.kind in _DECIDING and standing.signer != signer):
        raise Untrusted(
            f"ledger entry {standing.number} of {standing.signer} is a {standing.kind} and holds the key "
            f"{draft.key!r} of a {draft.kind} of {signer}: find out who wrote it"
        )
    return standing
