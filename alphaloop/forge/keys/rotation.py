"""Changing keys: one signed ledger entry that sees main and every pull request stand where it says."""

from alphaloop.errors import Refused, RepositoryFailure
from alphaloop.facts.entry import Entry
from alphaloop.facts.key import KeyChange
from alphaloop.forge import reading, recovery
from alphaloop.forge.chain import LEDGER
from alphaloop.forge.contention import attempts
from alphaloop.forge.git import Repository
from alphaloop.forge.keys import turnover
from alphaloop.forge.ledger import LocalLedger
from alphaloop.forge.merging import main_of
from alphaloop.forge.pull_requests import PREFIX, numbers_in, ref
from alphaloop.forge.reading import MAIN
from alphaloop.forge.signature import public_line
from alphaloop.rules.entries.keys import key_changed


def change_key(
    git: Repository, ledger: LocalLedger, principal: str, new: str, why: str, signer: str
) -> Entry:
    """From the entry that this answers on, `principal` signs with `new`, an OpenSSH public key or "".

    Raises Refused, having written nothing, when `signer` may not, or when the desk would lose its last human.
    """
    for _ in attempts(git, (LEDGER, MAIN)):
        recovery.roll_forward(git, ledger)
        chain = ledger.chain()
        ring, main, talks = chain.verified_ring(), main_of(git), _talks(git, ledger)
        known = ring.keys.get(principal)
        change = _change(principal, "" if known is None else public_line(known), new, why, main, talks)
        refused = turnover.objection(ring, change, signer, turnover.registered(git, main))
        if refused:
            raise Refused(f"no key is changed: {refused}")
        prepared = ledger.prepare(key_changed(change), signer)
        # Whoever speaks or lands meanwhile signs with the old keys, so all must stand as it was read.
        if git.move([prepared.move], {MAIN: main, **{ref(number): tip for number, tip in talks.items()}}):
            return ledger.read_back(prepared)
    raise RepositoryFailure(
        f"the references stayed busy: look for {LEDGER}.lock and for another alphaloop that runs here, then "
        "run again"
    )


def _talks(git: Repository, ledger: LocalLedger) -> dict[int, str]:
    """Where every pull request stands; what somebody else called a pull request is none."""
    given = reading.allocated(ledger)
    return {number: tip for number, tip in numbers_in(git.refs(PREFIX)).items() if number in given}


def _change(principal: str, old: str, new: str, why: str, main: str, talks: dict[int, str]) -> KeyChange:
    try:
        return KeyChange(principal, old, new, why, main, talks)
    except ValueError as wrong:
        raise Refused(f"no key of {principal} is changed: {wrong}") from wrong
