"""The tracked list of keys, `keys/allowed_signers`: what plain git reads.  The ledger alone is believed.

A list that lags behind is said to lag; one that the ledger never had is false.
"""

from alphaloop.errors import BadConfiguration, Untrusted
from alphaloop.forge import reading
from alphaloop.forge.chain import Chain
from alphaloop.forge.git import Repository
from alphaloop.forge.keys import signers
from alphaloop.forge.keys.signers import Ring

RENEW = f"`alphaloop keys list --allowed-signers > {signers.PATH}`, and commit it"


def check(git: Repository, verified: Chain) -> str:
    """What main's list says, in words; raises Untrusted when it never was the ledger's."""
    now = verified.verified_ring()
    changes = f"{len(now.keys)} principals, each with one key, after {len(verified.turns)} changes of keys"
    listed = on_main(git)
    if listed is not None and dict(listed.keys) == dict(now.keys):
        return f"{changes}; {signers.PATH} of main lists them"
    before = [verified.ring_at(0), *(turn.ring for turn in verified.turns)]
    if listed is None or not any(dict(listed.keys) == dict(ring.keys) for ring in before):
        raise Untrusted(
            f"{signers.PATH} of main lists keys that the ledger never had so: somebody edited it; {RENEW}"
        )
    return f"{changes}; {signers.PATH} of main lists older ones, which misleads plain git: {RENEW}"


def on_main(git: Repository) -> Ring | None:
    """The keys that main lists, None where it lists none or something else than keys."""
    main = git.ref(reading.MAIN)
    if main is None or git.node(main, signers.PATH) is None:
        return None
    try:
        return signers.read(git.file(main, signers.PATH).decode("utf-8", "replace"))
    except BadConfiguration:
        return None
