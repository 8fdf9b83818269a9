"""A ledger that grows in the object store only: signed, verified, and recorded by no reference yet."""

from collections.abc import Mapping

from alphaloop.errors import Stale
from alphaloop.facts.entry import Draft, Entry
from alphaloop.forge.chain import Chain
from alphaloop.forge.git import Repository
from alphaloop.forge.keys.folder import KeyFolder
from alphaloop.forge.ledger import LocalLedger, the_same
from alphaloop.forge.objects import Object


class Unpublished(LocalLedger):
    """The entries of `chain`, and those that are appended here until somebody moves a reference to them."""

    def __init__(self, git: Repository, keys: KeyFolder, chain: Chain) -> None:
        super().__init__(git, keys)
        self._chain = chain

    def chain(self) -> Chain:
        """The chain as it was given, with what was appended since."""
        return self._chain

    def append(
        self, draft: Draft, signer: str, onto: str = "", keeps: Mapping[str, Object] | None = None
    ) -> Entry:
        """Add an entry, or answer the one with the draft's key; keeps: objects that are not stored yet."""
        standing = self._chain.keys.get(draft.key)
        if standing is not None:
            return the_same(standing, draft, signer)
        if onto and onto != self._chain.tip:
            raise Stale(f"the ledger went on from {onto[:12]} to {self._chain.tip[:12]}: read it again")
        prepared = self.prepare(draft, signer, keeps=keeps)
        self._chain.extend(self._git, self._git.commit(prepared.move.new))
        return self._chain.entries[-1]
