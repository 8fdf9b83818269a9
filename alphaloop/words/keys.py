"""What is said of keys: whose they are, since when, and what a change of them means."""

from collections.abc import Mapping, Sequence

from alphaloop.facts.key import KeyChange
from alphaloop.words.spelling import one_line


def key_table(fingerprints: Mapping[str, str], since: Mapping[str, int], held: Sequence[str]) -> str:
    """A line for each principal: the key's fingerprint, the ledger entry that it holds from, and where it is.

    held: the principals whose private key lies on this machine.
    """
    widest = max(map(len, fingerprints))
    return "\n".join(
        f"{who:{widest}}  {key}  since entry {since[who]}{'  here' if who in held else ''}"
        for who, key in fingerprints.items()
    )


def key_history(changes: Sequence[tuple[int, str, KeyChange]]) -> str:
    """Every change of keys: (ledger entry, who signed it, the change)."""
    return "\n".join(
        f"entry {number}: {change.words}, by {signer}{f': {one_line(change.why)}' if change.why else ''}"
        for number, signer, change in changes
    )


def key_done(number: int, change: KeyChange, where: str) -> str:
    """What a change of keys came to; where: the file of the private key, "" where it lies elsewhere."""
    lines = [f"{change.words}: ledger entry {number}"]
    if change.new:
        lies = f"lies in {where}" if where else "is where you made it: put it into .alphaloop/keys there"
        lines.append(f"the private key {lies}")
    if change.old:
        lines.append(
            "what it signed before stays signed; approvals that have not landed are void, and a canary that "
            "rests on it is taken back"
        )
    lines.append("bring keys/allowed_signers up to date: `alphaloop keys list --allowed-signers` prints it")
    return "\n".join(lines)
